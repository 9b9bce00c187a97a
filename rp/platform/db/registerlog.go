package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/rp/platform"
)

// registerRow is a line of the register's log. Acts are one a line, Fields JSON.
type registerRow struct {
	ID     int64  `gorm:"primaryKey"`
	Client string `gorm:"index;not null"`
	At     time.Time
	Staff  string
	Why    string
	Acts   string
	Fields []byte
}

func (registerRow) TableName() string { return "register_log" }

func changeToRow(c platform.RegisterChange) (registerRow, error) {
	fields, err := json.Marshal(c.Fields)
	return registerRow{Client: string(c.Client), At: c.At.UTC(), Staff: c.By.Staff, Why: c.By.Why, Acts: lines(c.Acts), Fields: fields}, err
}

func (r registerRow) change() (platform.RegisterChange, error) {
	c := platform.RegisterChange{
		Client: platform.ClientID(r.Client), At: r.At.UTC(), By: platform.By{Staff: r.Staff, Why: r.Why}, Acts: list[platform.Act](r.Acts),
	}
	return c, json.Unmarshal(r.Fields, &c.Fields)
}

// SaveServiceProvider writes an entry of the register, or writes it anew, with
// its line of the log.
func (s *Store) SaveServiceProvider(ctx context.Context, sp platform.ServiceProvider, note func(before *platform.ServiceProvider) platform.RegisterChange) (platform.ServiceProvider, error) {
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		before, err := lockedProvider(tx, sp.ID)
		if err != nil {
			return err
		}
		if before != nil {
			sp.Since = before.Since
		}
		row, err := providerToRow(sp)
		if err != nil {
			return err
		}
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		change := note(before)
		if len(change.Acts) == 0 {
			return nil
		}
		line, err := changeToRow(change)
		if err != nil {
			return err
		}
		return tx.Create(&line).Error
	})
	return sp, err
}

// lockedProvider gives an entry that is the transaction's alone until its end;
// nil for none.
func lockedProvider(tx *gorm.DB, id platform.ClientID) (*platform.ServiceProvider, error) {
	var row providerRow
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&row, "id = ?", string(id)).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	sp, err := row.provider()
	return &sp, err
}

// RegisterLog gives what was done to an entry, the newest first.
func (s *Store) RegisterLog(ctx context.Context, id platform.ClientID, limit int) ([]platform.RegisterChange, error) {
	var rows []registerRow
	if err := s.read(ctx).Where("client = ?", string(id)).Order("id DESC").Limit(limit).Find(&rows).Error; err != nil {
		return nil, err
	}
	all := make([]platform.RegisterChange, len(rows))
	for i, r := range rows {
		var err error
		if all[i], err = r.change(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
