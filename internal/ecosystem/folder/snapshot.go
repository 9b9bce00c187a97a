package folder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/stage"
)

// MaxSnapshots is how many snapshots are kept beside the beginning.
const MaxSnapshots = 50

const (
	snapshotsDir  = "snapshots"
	snapshotFile  = "snapshot.json" // in a snapshot's folder
	restoringMark = "restoring"     // in the data folder while a snapshot is put back: its name
)

var snapshotName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// Save copies the town's databases and files. Nobody writes to them meanwhile. A snapshot of
// the same name is replaced.
func (f *Folder) Save(ctx context.Context, s stage.Snapshot) error {
	all, err := f.Snapshots()
	if err != nil {
		return err
	}
	isNew := !slices.ContainsFunc(all, func(o stage.Snapshot) bool { return o.Name == s.Name })
	switch {
	case !snapshotName.MatchString(s.Name):
		return stage.ErrName
	case isNew && s.Name != stage.Beginning && len(all) > MaxSnapshots:
		return stage.ErrTooMany
	case slices.ContainsFunc(f.cfg.Own, func(name string) bool { return f.cfg.Elsewhere[name] != "" }):
		return stage.ErrElsewhere
	}
	unfinished := f.Path(filepath.Join(snapshotsDir, s.Name+".new"))
	if err := f.copyTo(ctx, unfinished, s); err != nil {
		return errors.Join(fmt.Errorf("save the snapshot %s: %w", s.Name, err), os.RemoveAll(unfinished))
	}
	return errors.Join(os.RemoveAll(f.snapshot(s.Name)), os.Rename(unfinished, f.snapshot(s.Name)))
}

func (f *Folder) snapshot(name string) string { return f.Path(filepath.Join(snapshotsDir, name)) }

func (f *Folder) copyTo(ctx context.Context, dir string, s stage.Snapshot) error {
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return err
	}
	for _, name := range f.cfg.Own {
		if err := dbopen.Copy(ctx, f.Database(name), filepath.Join(dir, name+".db")); err != nil {
			return err
		}
	}
	files, err := f.files()
	if err != nil {
		return err
	}
	for _, name := range files {
		if err := copyFile(f.Path(name), filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, snapshotFile), b, 0o600)
}

// files lists what the town keeps in its folder beside databases, locks and snapshots. The
// clock's file follows the clock.
func (f *Folder) files() (names []string, err error) {
	err = filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(f.dir, path) // it is below
		switch {
		case d.IsDir() && name == snapshotsDir:
			return fs.SkipDir
		case !d.Type().IsRegular() || slices.Contains(f.cfg.Files, name) || name == PlantingMark || name == restoringMark:
			return nil
		case strings.HasSuffix(name, ".lock") || strings.HasSuffix(name, ".db") || strings.HasSuffix(name, ".db-wal") || strings.HasSuffix(name, ".db-shm"):
			return nil
		}
		names = append(names, name)
		return nil
	})
	return names, err
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// Snapshots lists the snapshots of the town, by name, the beginning first.
func (f *Folder) Snapshots() ([]stage.Snapshot, error) {
	paths, err := filepath.Glob(f.snapshot(filepath.Join("*", snapshotFile)))
	if err != nil {
		return nil, err
	}
	all := []stage.Snapshot{}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var s stage.Snapshot
		if err := json.Unmarshal(b, &s); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if filepath.Base(filepath.Dir(path)) == s.Name { // not one that was cut off
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b stage.Snapshot) int {
		if (a.Name == stage.Beginning) != (b.Name == stage.Beginning) {
			return map[bool]int{true: -1, false: 1}[a.Name == stage.Beginning]
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, nil
}

// Find returns a snapshot by its name, or stage.ErrNoSnapshot.
func (f *Folder) Find(name string) (stage.Snapshot, error) {
	all, err := f.Snapshots()
	if err != nil {
		return stage.Snapshot{}, err
	}
	i := slices.IndexFunc(all, func(s stage.Snapshot) bool { return s.Name == name })
	if i < 0 {
		return stage.Snapshot{}, stage.ErrNoSnapshot
	}
	return all[i], nil
}

// Restore puts a snapshot in place of the town's databases and files, which are closed. If
// the process ends meanwhile, the next Open finishes it.
func (f *Folder) Restore(s stage.Snapshot) error {
	if err := ready.WriteWhole(f.Path(restoringMark), []byte(s.Name)); err != nil {
		return err
	}
	return f.putBack(s.Name)
}

func (f *Folder) putBack(name string) error {
	files, err := f.files()
	if err != nil {
		return err
	}
	for _, own := range f.cfg.Own {
		files = append(files, own+".db", own+".db-wal", own+".db-shm")
	}
	for _, old := range files {
		if err := os.Remove(f.Path(old)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	dir := f.snapshot(name)
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name() == snapshotFile {
			return err
		}
		kept, _ := filepath.Rel(dir, path) // it is below
		return copyFile(path, f.Path(kept))
	})
	if err != nil {
		return fmt.Errorf("put the snapshot %s back: %w", name, err)
	}
	return os.Remove(f.Path(restoringMark))
}

// finishRestoring puts a snapshot back where that was cut off.
func (f *Folder) finishRestoring() error {
	name, err := os.ReadFile(f.Path(restoringMark))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	f.cfg.Log.Warn("a snapshot was being put back when the town ended: finishing it", "snapshot", string(name))
	return f.putBack(string(name))
}

// Drop removes a snapshot.
func (f *Folder) Drop(name string) error {
	if name == stage.Beginning {
		return stage.ErrName
	}
	if _, err := f.Find(name); err != nil {
		return err
	}
	return os.RemoveAll(f.snapshot(name))
}
