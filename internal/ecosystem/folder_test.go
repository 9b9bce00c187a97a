package ecosystem

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/ecosystem/folder"
)

// files names what stands in a folder.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		names = append(names, f.Name())
	}
	return names
}

// exists reports whether there is a file.
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// TestADataFolderHasOneOwner: a second start, of the whole town or of a house
// alone, names the folder and the process, and ends before it opens anything there.
func TestADataFolderHasOneOwner(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	e := town(t, Config{DataDir: dir, Seed: "none"})
	refused := func(cfg Config) {
		t.Helper()
		before := files(t, dir)
		second, err := Start(t.Context(), cfg)
		if err == nil {
			_ = second.Close()
			t.Fatal("two towns on one folder")
		}
		for _, want := range []string{dir, "process " + strconv.Itoa(os.Getpid()), "--data"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%v does not say %s", err, want)
			}
		}
		if after := files(t, dir); !slices.Equal(before, after) {
			t.Errorf("before it was refused there were %v, now %v", before, after)
		}
	}
	refused(Config{DataDir: dir, Seed: "none"})
	refused(Config{DataDir: dir, Only: []string{"bank"}})
	get(t, e.URL("bank")+"/healthz", 200)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	authority := town(t, Config{DataDir: dir, Only: []string{"authority", "lobby"}, Seed: "none"})
	refused(Config{DataDir: dir, Seed: "none"})
	refused(Config{DataDir: dir, Only: []string{"authority"}})
	// Another house of the folder has a lock of its own.
	town(t, Config{DataDir: dir, Only: []string{"bank"}, Seed: "none", Peer: map[string]string{"authority": authority.Peer("authority")}})
}

// TestAHouseSaysThatItKeepsADatabase: what is not said is neither held nor cleared.
func TestAHouseSaysThatItKeepsADatabase(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	town(t, Config{DataDir: dir, Seed: "none"})
	for _, h := range Houses() {
		if there, err := exists(filepath.Join(dir, h.Name+".db")); err != nil || there != h.Keeps {
			t.Errorf("%s has a database: %v, %v", h.Name, there, err)
		}
		for _, name := range h.databases() {
			if there, err := exists(filepath.Join(dir, name+".db")); err != nil || !there {
				t.Errorf("%s is not there: %v", name, err)
			}
		}
	}
}

// TestALockedFolderIsNotCleared: the mark of a planting under way is not that of one
// that was cut off.
func TestALockedFolderIsNotCleared(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	town(t, Config{DataDir: dir, Seed: "none", Only: []string{"authority"}})
	if err := os.WriteFile(filepath.Join(dir, folder.PlantingMark), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), Config{DataDir: dir, Only: []string{"bank"}}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a house that clears what another holds: %v", err)
	}
	if there, err := exists(filepath.Join(dir, "authority.db")); err != nil || !there {
		t.Errorf("the authority's database is gone: %v", err)
	}
}
