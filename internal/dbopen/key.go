package dbopen

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// KeyRow is a house's own key, with which it seals what it sends. A room that has one
// gives the row to Open.
type KeyRow struct {
	ID  int64 `gorm:"primaryKey"`
	Key []byte
}

// TableName names the table, of one row.
func (KeyRow) TableName() string { return "keys" }

// Key gives the house's own key, which generate makes the first time.
func (d *DB) Key(ctx context.Context, generate func() ([]byte, error)) ([]byte, error) {
	row := KeyRow{ID: 1}
	err := d.Transaction(ctx, func(tx *gorm.DB) error {
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&KeyRow{ID: 1}).Error; err != nil {
			return err
		}
		err := Locked(tx).Take(&row, 1).Error
		if err != nil || len(row.Key) > 0 {
			return err
		}
		if row.Key, err = generate(); err != nil {
			return err
		}
		return tx.Save(&row).Error
	})
	return row.Key, err
}

// Locked locks the rows that are read next until the transaction ends. SQLite has no
// locks of rows and needs none: it has one writer.
func Locked(tx *gorm.DB) *gorm.DB { return tx.Clauses(clause.Locking{Strength: "UPDATE"}) }
