package dbopen

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

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

// Hold takes a SQLite database for this process until release, whether or not its
// file exists yet: an *InUse error if it is held already. It locks a file beside the
// database, "bank.db.lock", that holds the number of the process. The operating
// system releases the lock with the process, so that none is left over; the file
// stays, since whoever removed it could remove the lock of the next.
func Hold(database string) (release func() error, err error) {
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
