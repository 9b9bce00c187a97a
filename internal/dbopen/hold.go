package dbopen

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// answersWithin is how long a server may take to say whether a database is held.
const answersWithin = 10 * time.Second

// InUse is the refusal of a database that another process holds.
type InUse struct {
	Database string
	Process  int // 0 where the holder is not known
}

// Error names the database and who holds it.
func (e *InUse) Error() string {
	if e.Process == 0 {
		return e.Database + " is in use by another process"
	}
	return fmt.Sprintf("%s is in use by process %d", e.Database, e.Process)
}

// Hold takes a database for this process until release: an *InUse error if it is held
// already. Whoever holds it lets it go with the process, however it ends.
//
// A SQLite database is held whether or not its file exists yet, by a lock on a file
// beside it, "bank.db.lock", that holds the number of the process. The file stays,
// since whoever removed it could remove the lock of the next. One of PostgreSQL is
// held by an advisory lock in a session of its own.
func Hold(database string) (release func() error, err error) {
	if isServer(database) {
		return holdServer(database)
	}
	f, err := os.OpenFile(database+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	switch free, err := lock(f); {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", f.Name(), err), f.Close())
	case !free:
		return nil, errors.Join(&InUse{database, holder(f)}, f.Close())
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// advisory is the key of the advisory lock: "jpkimock" in octets. Such locks are those of
// one database.
const advisory int64 = 0x6a706b696d6f636b

// holdServer takes a database of PostgreSQL, which must be there.
func holdServer(address string) (release func() error, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), answersWithin)
	defer cancel()
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, err
	}
	session, err := pool.Conn(ctx)
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	var free bool
	err = session.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1)", advisory).Scan(&free)
	if err == nil && !free {
		err = &InUse{Database: withoutSecret(address)}
	}
	if err != nil {
		return nil, errors.Join(err, session.Close(), pool.Close())
	}
	return func() error { return errors.Join(session.Close(), pool.Close()) }, nil
}

// withoutSecret gives an address as it may be shown.
func withoutSecret(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the database"
	}
	return u.Redacted()
}

// holder reads the number of the process that holds a lock.
func holder(f *os.File) int {
	b, err := io.ReadAll(io.LimitReader(f, 32))
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	return n
}
