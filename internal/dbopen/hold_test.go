//go:build unix

package dbopen_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"example.jp/jpkimock/internal/dbopen"
)

func TestADatabaseHasOneHolder(t *testing.T) {
	dir := t.TempDir()
	bank, catv := filepath.Join(dir, "bank.db"), filepath.Join(dir, "catv.db")
	release, err := dbopen.Hold(bank)
	if err != nil {
		t.Fatal(err)
	}
	_, err = dbopen.Hold(bank)
	if held, ok := errors.AsType[*dbopen.InUse](err); !ok || held.Process != os.Getpid() || held.Database != bank {
		t.Errorf("a second holder: %v", err)
	}
	other, err := dbopen.Hold(catv)
	if err != nil {
		t.Errorf("the database beside it: %v", err)
	}
	for _, r := range []func() error{release, other} {
		if err := r(); err != nil {
			t.Error(err)
		}
	}
	again, err := dbopen.Hold(bank)
	if err != nil {
		t.Fatalf("after its release: %v", err)
	}
	if err := again(); err != nil {
		t.Error(err)
	}
	if _, err := dbopen.Hold(filepath.Join(dir, "missing", "bank.db")); err == nil {
		t.Error("held in a folder that does not exist")
	}
}
