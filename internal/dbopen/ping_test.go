//go:build unix

package dbopen

import (
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// again forgets the last probe, as a second does.
func (d *DB) again() error {
	d.probe.age = nil
	return d.Ping()
}

// A database on a full disk still answers reads, and is not healthy.
func TestAFullDiskIsNotHealthy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "house.db")
	db, err := Open(path, &note{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Ping(); err != nil {
		t.Fatal(err)
	}
	log, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	full := syscall.Rlimit{Cur: uint64(log.Size()), Max: before.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	asked, again := db.Ping(), db.again()
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		t.Fatal(err)
	}
	if asked != nil || again == nil || !strings.Contains(again.Error(), "takes no write") {
		t.Errorf("within a second %v, then %v: want nothing, then that it takes no write", asked, again)
	}
	if err := db.again(); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// A database that was cut off is noticed while it is open, also one that is too large
// to be read whole.
func TestALargeDatabaseThatWasCutOffIsNotHealthy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "house.db")
	db, err := Open(path, &note{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		if err := db.Write.Create(&note{ID: int64(i + 1), Text: strings.Repeat("x", 1<<20)}).Error; err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = Open(path, &note{}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := os.Truncate(path, 5<<20); err != nil {
		t.Fatal(err)
	}
	if err := db.Ping(); err == nil {
		t.Error("a database of which the end is missing is healthy")
	}
	if f := Look("house", "house.db", path); f.Condition != Damaged || f.Err == nil {
		t.Errorf("at a start it is found %+v: want damaged", f)
	}
}
