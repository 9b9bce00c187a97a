// Package dbopen opens a house's database: SQLite in one file by default,
// PostgreSQL if the address says so. Besides the packages named db it is the only
// one that uses gorm.
package dbopen

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// readers is how many connections a SQLite reader keeps. A write is one
// connection, so that there is never SQLITE_BUSY between our own writers.
const readers = 4

// DB is an open database: Write for everything inside a transaction that
// changes something, Read for the rest. For PostgreSQL both are the same pool.
// Reads see every committed write.
type DB struct {
	Write *gorm.DB
	Read  *gorm.DB
	// log is what Log returned; address is the path of a SQLite file.
	log     *gorm.DB
	address string
	probe   probe
}

// Open opens address and brings the tables of models up to date. An address
// that starts with postgres:// or postgresql:// is PostgreSQL; anything else is
// the path of a SQLite file, created with its folders if it is missing. A commit
// is on the disk when it returns (WAL, synchronous=FULL).
func Open(address string, models ...any) (*DB, error) {
	db, err := open(address)
	if err != nil {
		return nil, fmt.Errorf("dbopen: open database: %w", err)
	}
	if err := rename(db.Write, models); err != nil {
		return nil, errors.Join(fmt.Errorf("dbopen: rename: %w", err), db.Close())
	}
	if err := db.Write.AutoMigrate(append(models, &townRow{}, &probeRow{})...); err != nil {
		return nil, errors.Join(fmt.Errorf("dbopen: bring tables up to date: %w", err), db.Close())
	}
	return db, nil
}

// Beside gives the address of a further database beside one: its name ends with an
// underscore and another. Of no address there is none beside it.
func Beside(address, another string) string {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return address // what is no address is refused when it is opened
	}
	u.Path += "_" + another
	return u.String()
}

func open(address string) (*DB, error) {
	if isServer(address) {
		g, err := gorm.Open(postgres.Open(address), config())
		return &DB{Write: g, Read: g}, err
	}
	if err := keepPrivate(address); err != nil {
		return nil, err
	}
	write, err := gorm.Open(sqliteWriter(address, "FULL"), config())
	if err != nil {
		return nil, err
	}
	if err := limit(write, 1); err != nil {
		return nil, err
	}
	read, err := gorm.Open(sqliteReader(address), config())
	if err != nil {
		return nil, errors.Join(err, (&DB{Write: write, Read: write}).Close())
	}
	return &DB{Write: write, Read: read, address: address}, limit(read, readers)
}

// isServer reports whether an address is one of PostgreSQL, not of a file.
func isServer(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// keepPrivate creates the file of a database with its folders, readable by its owner
// only, whatever the folder's mode or the umask: it holds personal data, keys and
// PINs. SQLite gives new -wal and -shm files the same mode. An existing file is never
// opened here, since closing it would release the locks that this process may hold.
func keepPrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	switch f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); {
	case err == nil:
		return f.Close()
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = os.Chmod(name, 0o600)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Log returns a writer for the lines of a log, such as who signed in and when. What
// is committed on it survives the end of the process at once, and a power failure
// from the next commit on Write: a line does not wait for the disk. For PostgreSQL
// it is Write. Close closes it. Log must be called before the database is shared.
func (d *DB) Log() (*gorm.DB, error) {
	if d.address == "" {
		return d.Write, nil
	}
	if d.log == nil {
		g, err := gorm.Open(sqliteWriter(d.address, "NORMAL"), config())
		if err != nil {
			return nil, fmt.Errorf("dbopen: open log: %w", err)
		}
		d.log = g
	}
	return d.log, limit(d.log, 1)
}

func limit(g *gorm.DB, n int) error {
	pool, err := g.DB()
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return nil
}

// config keeps values out of the log: a statement with its values holds personal
// data.
func config() *gorm.Config {
	return &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		Logger: logger.New(slogWriter{}, logger.Config{
			SlowThreshold: time.Second, LogLevel: logger.Error,
			IgnoreRecordNotFoundError: true, ParameterizedQueries: true,
		}),
	}
}

type slogWriter struct{}

// Printf writes a line of gorm's to the process's log.
func (slogWriter) Printf(format string, args ...any) {
	slog.Warn("database", "message", fmt.Sprintf(format, args...))
}

// Close closes the pools. After a clean close a SQLite database is one file.
func (d *DB) Close() error {
	var errs []error
	for _, g := range []*gorm.DB{d.Read, d.log, d.Write} {
		if g == nil {
			continue
		}
		if pool, err := g.DB(); err == nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}
