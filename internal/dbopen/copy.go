package dbopen

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

// Copy writes a SQLite database, as it is at one instant, into a new file. The database may
// be open, and is not changed.
func Copy(ctx context.Context, from, to string) error {
	g, err := gorm.Open(sqliteWriter(from, "FULL"), config())
	if err != nil {
		return fmt.Errorf("dbopen: open %s to copy it: %w", from, err)
	}
	err = g.WithContext(ctx).Exec("VACUUM INTO ?", to).Error
	if pool, closing := g.DB(); closing == nil {
		err = errors.Join(err, pool.Close())
	}
	if err != nil {
		return fmt.Errorf("dbopen: copy %s: %w", from, err)
	}
	return nil
}
