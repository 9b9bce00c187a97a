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
	"example.jp/jpkimock/internal/simclock"
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
	files, err := f.files(f.dir)
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

// files lists what the town keeps below a folder beside its databases and its clock.
func (f *Folder) files(below string) (names []string, err error) {
	for _, kept := range f.cfg.Kept {
		err := filepath.WalkDir(filepath.Join(below, kept), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			name, _ := filepath.Rel(below, path) // it is below
			names = append(names, name)
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return names, nil
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
	found, err := os.ReadDir(f.Path(snapshotsDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	all := []stage.Snapshot{}
	for _, d := range found {
		if !snapshotName.MatchString(d.Name()) {
			continue // one that was cut off
		}
		b, err := os.ReadFile(filepath.Join(f.snapshot(d.Name()), snapshotFile))
		if err != nil {
			return nil, err
		}
		s := stage.Snapshot{}
		if err := json.Unmarshal(b, &s); err != nil || s.Name != d.Name() {
			return nil, fmt.Errorf("the snapshot %s does not say what it is: %w", d.Name(), err)
		}
		all = append(all, s)
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
	files, err := f.files(f.dir)
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
	if err := f.copyBack(name); err != nil {
		return fmt.Errorf("put the snapshot %s back: %w", name, err)
	}
	return os.Remove(f.Path(restoringMark))
}

// copyBack copies a snapshot's databases, files and time.
func (f *Folder) copyBack(name string) error {
	s, err := f.Find(name)
	if err != nil {
		return err
	}
	files, err := f.files(f.snapshot(name))
	if err != nil {
		return err
	}
	for _, own := range f.cfg.Own {
		files = append(files, own+".db")
	}
	for _, kept := range files {
		if err := copyFile(filepath.Join(f.snapshot(name), kept), f.Path(kept)); err != nil {
			return err
		}
	}
	return ready.WriteWhole(f.Path(f.cfg.Clock), []byte(simclock.At(s.Now, s.Frozen).String()+"\n"))
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
