// Package folder keeps the databases of a town together: in one data folder, held by one
// process at a time, of one town and one world. It is a room of the wiring, which names the
// databases; it knows no house.
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"example.jp/jpkimock/internal/dbopen"
)

// PlantingMark is a file in the data folder from its first start until the world is
// planted. If it is still there at the next start, the planting was cut off and starts
// over. Without it a folder is whole: a database that is not there is missing.
const PlantingMark = "planting"

// Config says what a process opens of a town.
type Config struct {
	// Dir keeps the databases between runs; empty for a temporary folder that Close
	// removes.
	Dir string
	// All names the databases of the town, Own those that this process opens.
	All, Own []string
	// Elsewhere are the addresses of databases that are not in the folder, by name.
	Elsewhere map[string]string
	// Files are further files of a town, removed with its databases when it starts over.
	Files []string
	// Kept are files and folders that belong to a town beside its databases: a snapshot has
	// them too. Clock is the file, of Files, with the state of its clock. What else
	// lies in the folder is somebody else's.
	Kept  []string
	Clock string
	// World is the configured world: NoWorld, or whatever names it for good.
	World string
	// Whole says that this process opens every house, and so plants a new town; Founds,
	// that it gives a new town its ID: the other processes Join.
	Whole, Founds bool
	Log           *slog.Logger
}

// Folder is the data folder of a town, and what its databases say of the town.
type Folder struct {
	cfg   Config
	dir   string
	held  []func() error
	fresh bool
	town  dbopen.Town
	kept  map[string]dbopen.Town // by database of this process
}

// Open prepares the data folder, takes its databases for this process until Close, and
// looks at them: they are all new, or all of one town, that of the configured world. A
// new folder is marked until Enter.
func Open(cfg Config) (*Folder, error) {
	f := &Folder{cfg: cfg}
	err := f.prepare()
	if err == nil {
		err = f.reconcile()
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close lets the databases go, which are closed by then, and removes a temporary folder.
func (f *Folder) Close() error {
	var errs []error
	for _, release := range f.held {
		errs = append(errs, release())
	}
	f.held = nil
	if f.cfg.Dir == "" && f.dir != "" {
		errs = append(errs, os.RemoveAll(f.dir))
		f.dir = ""
	}
	return errors.Join(errs...)
}

// Path returns where a file of the town is.
func (f *Folder) Path(name string) string { return filepath.Join(f.dir, name) }

// Database returns the address of a database.
func (f *Folder) Database(name string) string {
	if a := f.cfg.Elsewhere[name]; a != "" {
		return a
	}
	return f.Path(name + ".db")
}

// prepare creates the data folder, or clears one whose planting was cut off, and holds
// the databases that this process opens.
func (f *Folder) prepare() (err error) {
	if f.dir = f.cfg.Dir; f.dir == "" {
		if f.dir, err = os.MkdirTemp("", "jpkimock-"); err != nil {
			return err
		}
		return f.hold(f.cfg.Own)
	}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return err
	}
	switch cut, err := exists(f.Path(PlantingMark)); {
	case err != nil:
		return err
	case !cut:
		if err := f.hold(f.cfg.Own); err != nil {
			return err
		}
		return f.finishRestoring()
	}
	if err := f.hold(f.cfg.All); err != nil {
		return err
	}
	return f.startOver()
}

// hold takes databases for this process until Close.
func (f *Folder) hold(names []string) error {
	for _, name := range names {
		where, choice := "the data folder "+f.dir, "choose another folder with --data"
		if f.cfg.Elsewhere[name] != "" {
			where, choice = "the database of "+name, "give this town a database of its own"
		}
		release, err := dbopen.Hold(f.Database(name))
		if held, ok := errors.AsType[*dbopen.InUse](err); ok {
			return fmt.Errorf("ecosystem: %s is in use (%w): stop that one, or %s", where, held, choice)
		}
		if err != nil {
			return fmt.Errorf("ecosystem: %s cannot be used: %w", where, err)
		}
		f.held = append(f.held, release)
	}
	return nil
}

// startOver clears a data folder whose planting was cut off. The mark goes last.
func (f *Folder) startOver() error {
	f.cfg.Log.Warn("an earlier start was cut off before it was ready: starting over", "data", f.dir)
	if err := os.RemoveAll(f.Path(snapshotsDir)); err != nil {
		return err
	}
	names := append([]string{}, f.cfg.Files...)
	for _, name := range f.cfg.All {
		names = append(names, name+".db", name+".db-wal", name+".db-shm")
	}
	for _, name := range append(names, PlantingMark) {
		if err := os.Remove(f.Path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// exists reports whether there is a file.
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
