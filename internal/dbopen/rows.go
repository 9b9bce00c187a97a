package dbopen

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
)

// Transaction runs do in a transaction. If another transaction took a unique
// value first, it runs do once more, so that do's own look finds what is there.
func (d *DB) Transaction(ctx context.Context, do func(*gorm.DB) error) error {
	err := d.Write.WithContext(ctx).Transaction(do)
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		err = d.Write.WithContext(ctx).Transaction(do)
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// From begins a query.
func (d *DB) From(ctx context.Context) *gorm.DB { return d.Read.WithContext(ctx) }

// To begins a statement that changes something.
func (d *DB) To(ctx context.Context) *gorm.DB { return d.Write.WithContext(ctx) }

// Missing turns a row that does not exist into the domain's error.
func Missing(err, as error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return as
	}
	return err
}

// Taken turns a unique value that exists into the domain's error.
func Taken(err, as error) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return as
	}
	return err
}

// Changed returns as if an update found no row.
func Changed(g *gorm.DB, as error) error {
	if g.Error == nil && g.RowsAffected == 0 {
		return as
	}
	return g.Error
}

// Optional returns NULL for an empty text, and TextOf reads it back.
func Optional[S ~string](s S) *string {
	if s == "" {
		return nil
	}
	text := string(s)
	return &text
}

// TextOf reads what Optional returned.
func TextOf[S ~string](text *string) S {
	if text == nil {
		return ""
	}
	return S(*text)
}

// OptionalTime returns NULL for the zero time, and TimeOf reads it back. Times are
// kept in UTC.
func OptionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// TimeOf reads what OptionalTime returned.
func TimeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// Each converts rows.
func Each[R, T any](rows []R, convert func(R) T) []T {
	all := make([]T, len(rows))
	for i, r := range rows {
		all[i] = convert(r)
	}
	return all
}

// List gives the rows that a query finds, converted.
func List[R, T any](g *gorm.DB, convert func(R) T) ([]T, error) {
	var rows []R
	err := g.Find(&rows).Error
	return Each(rows, convert), err
}

// One gives the row that a query finds, converted; missing if there is none.
func One[R, T any](g *gorm.DB, convert func(R) T, missing error) (T, error) {
	var row R
	err := g.Take(&row).Error
	return convert(row), Missing(err, missing)
}

// Change changes the one row that a query of a transaction finds, which is locked before it
// is read, unless change says no; missing if there is none.
func Change[R, T any](g *gorm.DB, from func(R) T, to func(T) R, missing error, change func(*T) error) (T, error) {
	var row R
	if err := Locked(g).Take(&row).Error; err != nil {
		return from(row), Missing(err, missing)
	}
	value := from(row)
	if err := change(&value); err != nil {
		return value, err
	}
	row = to(value)
	return value, g.Session(&gorm.Session{NewDB: true}).Save(&row).Error
}

// Begins adds to a query that one of its columns begins with a text, as it is written or in
// capitals. SQLite finds it by the columns' indexes, which it does not use for LIKE;
// PostgreSQL compares texts by the rules of a language and needs LIKE. "" is no condition.
func Begins(g *gorm.DB, text string, columns ...string) *gorm.DB {
	if text == "" {
		return g
	}
	like := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
	var parts []string
	var args []any
	for _, column := range columns {
		for _, start := range slices.Compact([]string{text, strings.ToUpper(text)}) {
			if g.Dialector.Name() == "sqlite" {
				parts, args = append(parts, "("+column+" >= ? AND "+column+" < ?)"), append(args, start, start+"\U0010FFFF")
			} else {
				parts, args = append(parts, column+` LIKE ? ESCAPE '\'`), append(args, like.Replace(start)+"%")
			}
		}
	}
	return g.Where(strings.Join(parts, " OR "), args...)
}
