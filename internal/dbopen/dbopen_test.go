package dbopen

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"gorm.io/gorm"
)

type note struct {
	ID   int64 `gorm:"primaryKey"`
	Text string
}

func TestReadSeesWhatWasWrittenAndCannotWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a folder", "house%20.db")
	db, err := Open(path, &note{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Write.Create(&note{ID: 1, Text: "受付"}).Error; err != nil {
		t.Fatal(err)
	}
	var n note
	if err := db.Read.First(&n, 1).Error; err != nil || n.Text != "受付" {
		t.Fatalf("read %+v, %v", n, err)
	}
	if err := db.Read.Create(&note{ID: 2}).Error; err == nil {
		t.Fatal("the reader could write")
	}
	if err := db.Ping(); err != nil {
		t.Fatal(err)
	}
}

// Only its owner can read a database, also in a folder that everyone can read, and
// also if an earlier version created it readable by others.
func TestADatabaseIsItsOwnersAlone(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "card.db")
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, before := range []os.FileMode{0, 0o644} {
		if before != 0 {
			if err := os.Chmod(path, before); err != nil {
				t.Fatal(err)
			}
		}
		db, err := Open(path, &note{})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Write.Save(&note{ID: 1, Text: "1234"}).Error; err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, path + "-wal", path + "-shm"} {
			info, err := os.Stat(name)
			if err != nil {
				t.Fatal(err)
			}
			if mode := info.Mode().Perm(); mode != 0o600 {
				t.Errorf("%s has mode %v, want 0600", name, mode)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestALineOfTheLogStandsBesideWhatIsWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "house.db")
	db, err := Open(path, &note{})
	if err != nil {
		t.Fatal(err)
	}
	log, err := db.Log()
	if err != nil {
		t.Fatal(err)
	}
	for name, w := range map[string]struct {
		*gorm.DB
		flushes int
	}{"log": {log, 1}, "write": {db.Write, 2}} {
		var n int
		if err := w.Raw("PRAGMA synchronous").Scan(&n).Error; err != nil || n != w.flushes {
			t.Errorf("%s has synchronous %d, %v: want %d", name, n, err, w.flushes)
		}
	}
	var writing sync.WaitGroup
	for i := range 40 { // at once: neither gets SQLITE_BUSY
		w := log
		if i%2 == 0 {
			w = db.Write
		}
		writing.Go(func() {
			if err := w.Create(&note{ID: int64(i + 1)}).Error; err != nil {
				t.Error(err)
			}
		})
	}
	writing.Wait()
	var n int64
	if err := db.Read.Model(&note{}).Count(&n).Error; err != nil || n != 40 {
		t.Errorf("%d are there, %v", n, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after the close there is more than one file: %v", err)
	}
}

func TestBeside(t *testing.T) {
	for address, want := range map[string]string{
		"": "", "postgres://u:p@db/medical?sslmode=disable": "postgres://u:p@db/medical_kenpo?sslmode=disable", "/data/medical": "/data/medical_kenpo",
	} {
		if got := Beside(address, "kenpo"); got != want {
			t.Errorf("%q: %q: want %q", address, got, want)
		}
	}
}
