// Package db keeps the cable operator's records in rows: contracts and viewers,
// what the platform calls them, health information, bookings and residencies.
package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/dbopen"
)

// Store is the operator's store and the two services' over one database.
type Store struct{ db *dbopen.DB }

var (
	_ catv.Store    = (*Store)(nil)
	_ health.Store  = (*Store)(nil)
	_ booking.Store = (*Store)(nil)
)

// Open opens the operator's database at a path or a postgres:// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &contractRow{}, &placeRow{}, &viewerRow{}, &certificateRow{}, &subjectRow{},
		&readingRow{}, &checkupRow{}, &messageRow{}, &reminderRow{}, &shareRow{},
		&reservationRow{}, &residencyRow{}, &applicationRow{})
	if err != nil {
		return nil, err
	}
	return &Store{db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping() error { return s.db.Ping() }

func (s *Store) read(ctx context.Context) *gorm.DB  { return s.db.Read.WithContext(ctx) }
func (s *Store) write(ctx context.Context) *gorm.DB { return s.db.Write.WithContext(ctx) }

// inTransaction runs do in a transaction, and names the room in its errors.
func (s *Store) inTransaction(ctx context.Context, do func(*gorm.DB) error) error {
	if err := s.write(ctx).Transaction(do); err != nil {
		return fmt.Errorf("catv: store: %w", err)
	}
	return nil
}

// missing turns a row that is not there into the domain's error.
func missing(err, as error) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return as
	}
	return err
}

// taken turns a unique value that is there into the domain's error.
func taken(err, as error) error {
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return as
	}
	return err
}

// changed gives as if an update found no row.
func changed(g *gorm.DB, as error) error {
	if g.Error == nil && g.RowsAffected == 0 {
		return as
	}
	return g.Error
}

func optional(s jpki.SerialNumber) *string {
	if s.IsZero() {
		return nil
	}
	text := s.String()
	return &text
}

func serial(s *string) jpki.SerialNumber {
	if s == nil {
		return ""
	}
	return jpki.SerialNumber(*s)
}

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

// each converts rows.
func each[R, T any](rows []R, convert func(R) T) []T {
	all := make([]T, len(rows))
	for i, r := range rows {
		all[i] = convert(r)
	}
	return all
}
