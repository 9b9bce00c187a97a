package ecosystem

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"example.jp/jpkimock/internal/dbopen"
)

// plantingMark is a file in the data folder from its first start until the world is
// planted. If it is still there at the next start, the planting was cut off and starts
// over. Without it a folder is whole: a database that is not there is missing.
const plantingMark = "planting"

// prepareData creates the data folder, or clears one whose planting was cut off, and
// holds the databases of the houses that this process opens.
func (e *Ecosystem) prepareData() (err error) {
	if e.dir = e.cfg.DataDir; e.dir == "" {
		e.dir, err = os.MkdirTemp("", "jpkimock-")
		return err
	}
	if err := os.MkdirAll(e.dir, 0o700); err != nil {
		return err
	}
	switch cut, err := exists(filepath.Join(e.dir, plantingMark)); {
	case err != nil:
		return err
	case !cut:
		return e.hold(func(h House) bool { return e.cfg.opens(h.Name) })
	}
	if err := e.hold(func(House) bool { return true }); err != nil {
		return err
	}
	return e.startOver()
}

// hold takes databases in the data folder for this process until Close.
func (e *Ecosystem) hold(takes func(House) bool) error {
	for _, h := range e.cfg.Houses {
		if !takes(h) || e.cfg.Databases[h.Name] != "" {
			continue
		}
		for _, name := range h.databases() {
			if err := e.holdOne(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *Ecosystem) holdOne(database string) error {
	release, err := dbopen.Hold(e.database(database))
	if held, ok := errors.AsType[*dbopen.InUse](err); ok {
		return fmt.Errorf("ecosystem: the data folder %s is in use (%w): stop that one, or choose another folder with --data", e.dir, held)
	}
	if err != nil {
		return fmt.Errorf("ecosystem: the data folder %s cannot be used: %w", e.dir, err)
	}
	e.atClose(release)
	return nil
}

// startOver clears a data folder whose planting was cut off. The mark goes last.
func (e *Ecosystem) startOver() error {
	e.cfg.Log.Warn("an earlier start was cut off before it was ready: starting over", "data", e.dir)
	names := []string{clockFile}
	for _, h := range e.cfg.Houses {
		for _, name := range h.databases() {
			names = append(names, name+".db", name+".db-wal", name+".db-shm")
		}
	}
	for _, name := range append(names, plantingMark) {
		if err := os.Remove(filepath.Join(e.dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
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
