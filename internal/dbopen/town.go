package dbopen

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Town is what a database says of the town that it belongs to.
type Town struct {
	// ID is the same in all databases of a town, and in no other's.
	ID string `json:"id"`
	// World is the world that was planted: "default", or a digest of its file.
	World string `json:"world"`
	// Houses keep a database in this town.
	Houses []string `json:"houses"`
	// URLs are the public URLs of houses, by name, when the database was last in
	// use: what a house derived from them is brought up to date from here.
	URLs map[string]string `json:"urls"`
}

// townRow keeps a Town as JSON, in one row.
type townRow struct {
	ID   int64 `gorm:"primaryKey;autoIncrement:false"`
	Body []byte
}

func (townRow) TableName() string { return "town" }

// Condition is what is found at the address of a database.
type Condition int

// The conditions of a database.
const (
	NoFile  Condition = iota
	Empty             // no tables
	Damaged           // it cannot be read whole
	Unsaid            // it does not say to which town it belongs
	Known
)

// Found is the database of a house as it was found.
type Found struct {
	House, Name string // Name is what people call the database: "bank.db"
	Condition
	Town Town  // for Known
	Err  error // for Damaged: how
}

// Look reads what is at an address before a house opens it. It reads a SQLite database
// whole and creates nothing.
func Look(house, name, address string) Found {
	f := Found{House: house, Name: name}
	f.Condition, f.Town, f.Err = look(address)
	return f
}

func look(address string) (Condition, Town, error) {
	if !isServer(address) {
		switch c, err := lookAtFile(address); {
		case err != nil:
			return Damaged, Town{}, err
		case c != Known:
			return c, Town{}, nil
		}
	}
	db, err := open(address)
	if err != nil {
		return Damaged, Town{}, fmt.Errorf("dbopen: %w", err)
	}
	c, t, err := db.look()
	return c, t, errors.Join(err, db.Close())
}

// lookAtFile returns Known for a file with something in it. A log without its
// database is what remains of one that was removed or replaced.
func lookAtFile(path string) (Condition, error) {
	info, err := os.Stat(path)
	missing := errors.Is(err, fs.ErrNotExist)
	switch {
	case err != nil && !missing:
		return Damaged, err
	case err == nil && !info.Mode().IsRegular():
		return Damaged, fmt.Errorf("%s is not a file", path)
	case err == nil && info.Size() > 0:
		return Known, nil
	}
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return Damaged, fmt.Errorf("%s-wal is there without what it belongs to", path)
	}
	if missing {
		return NoFile, nil
	}
	return Empty, nil
}

func (d *DB) look() (Condition, Town, error) {
	var t Town
	if d.address != "" {
		if err := check(d.Read); err != nil {
			return Damaged, t, err
		}
	}
	tables, err := d.Write.Migrator().GetTables()
	switch {
	case err != nil:
		return Damaged, t, err
	case len(tables) == 0:
		return Empty, t, nil
	case !d.Write.Migrator().HasTable(&townRow{}):
		return Unsaid, t, nil
	}
	var row townRow
	switch err := d.Read.Take(&row, 1).Error; {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return Unsaid, t, nil
	case err != nil:
		return Damaged, t, err
	}
	if err := json.Unmarshal(row.Body, &t); err != nil || t.ID == "" {
		return Damaged, t, errors.Join(errors.New("dbopen: what the database says of its town cannot be read"), err)
	}
	return Known, t, nil
}

// Agree finds the town that databases belong to, or why they do not go together.
// The ID is empty where none says it yet.
func Agree(all []Found) (town Town, err error) {
	first := "" // the database whose word counts
	for _, f := range all {
		switch {
		case f.Condition == Damaged:
			return town, fmt.Errorf("%s cannot be read: %w", f.Name, f.Err)
		case f.Condition == Known && first == "":
			town, first = f.Town, f.Name
		}
	}
	for _, f := range all {
		if err := f.fits(town, first); err != nil {
			return town, err
		}
	}
	return town, nil
}

// fits says why a database does not go together with the first one.
func (f Found) fits(town Town, first string) error {
	belongs := slices.Contains(town.Houses, f.House)
	switch {
	case f.Condition == NoFile && belongs:
		return fmt.Errorf("%s is missing, and %s is of a town that had it", f.Name, first)
	case f.Condition == Empty && belongs:
		return fmt.Errorf("%s is empty, and %s is of a town in which it was not", f.Name, first)
	case f.Condition == Unsaid && belongs:
		return fmt.Errorf("%s does not say to which town it belongs, and %s does", f.Name, first)
	case f.Condition == Known && f.Town.ID != town.ID:
		return fmt.Errorf("%s and %s are of different towns", first, f.Name)
	}
	return nil
}

// Enter writes into a database the town that it belongs to.
func Enter(address string, t Town) error {
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	db, err := Open(address)
	if err != nil {
		return err
	}
	err = db.Write.Clauses(clause.OnConflict{UpdateAll: true}).Create(&townRow{ID: 1, Body: body}).Error
	return errors.Join(err, db.Close())
}
