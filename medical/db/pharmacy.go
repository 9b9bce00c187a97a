package db

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/medical/pharmacy"
)

// Pharmacy is a pharmacy's books over a database.
type Pharmacy struct{ *dbopen.DB }

var _ pharmacy.Books = (*Pharmacy)(nil)

// OpenPharmacy opens a pharmacy's database at a path or a postgres:// address.
func OpenPharmacy(address string) (*Pharmacy, error) {
	db, err := dbopen.Open(address, &bookRow{})
	return &Pharmacy{db}, err
}

// bookRow is a line of the books.
type bookRow struct {
	Key          string `gorm:"primaryKey"`
	Prescription string `gorm:"not null"`
	At           time.Time
	State        string `gorm:"index;not null"`
}

func (bookRow) TableName() string { return "book" }

func (r bookRow) entry() pharmacy.Entry {
	return pharmacy.Entry{Key: r.Key, Prescription: r.Prescription, At: r.At.UTC(), State: pharmacy.State(r.State)}
}

// Put writes a line over the one with its key.
func (s *Pharmacy) Put(ctx context.Context, e pharmacy.Entry) error {
	return s.To(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&bookRow{e.Key, e.Prescription, e.At.UTC(), string(e.State)}).Error
}

// List gives the newest lines, of one state if it is not "".
func (s *Pharmacy) List(ctx context.Context, state pharmacy.State, limit int) ([]pharmacy.Entry, error) {
	return dbopen.List(s.From(ctx).Where(&bookRow{State: string(state)}).Order("at DESC, key").Limit(limit), bookRow.entry)
}
