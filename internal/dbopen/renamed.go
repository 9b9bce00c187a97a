package dbopen

import (
	"errors"
	"strings"

	"gorm.io/gorm"
)

// Renamed is a row whose table or columns had other names in an earlier version. Open
// renames them in a database of that version; what they hold stays.
type Renamed interface {
	// Formerly gives the table's earlier name, "" for the same, and those of columns by
	// the present ones.
	Formerly() (table string, columns map[string]string)
}

// rename brings the names of an earlier version up to date.
func rename(db *gorm.DB, models []any) error {
	var errs []error
	for _, m := range models {
		if r, ok := m.(Renamed); ok {
			errs = append(errs, renameOne(db.Migrator(), r))
		}
	}
	return errors.Join(errs...)
}

func renameOne(m gorm.Migrator, row Renamed) error {
	table, columns := row.Formerly()
	if table != "" && m.HasTable(table) && !m.HasTable(row) {
		if err := m.RenameTable(table, row); err != nil {
			return err
		}
		if err := dropIndexes(m, row, "idx_"+table+"_"); err != nil {
			return err
		}
	}
	for now, before := range columns {
		if m.HasTable(row) && m.HasColumn(row, before) && !m.HasColumn(row, now) {
			if err := m.RenameColumn(row, before, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropIndexes drops indexes that are named after a table's earlier name: the migration
// makes them anew.
func dropIndexes(m gorm.Migrator, row any, prefix string) error {
	all, err := m.GetIndexes(row)
	if err != nil {
		return err
	}
	for _, i := range all {
		if strings.HasPrefix(i.Name(), prefix) {
			if err := m.DropIndex(row, i.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}
