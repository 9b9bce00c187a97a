// Package db keeps the cable operator's records in rows: contracts and viewers,
// what the platform calls them, health information, bookings and residencies.
package db

import (
	"context"

	"gorm.io/gorm"

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
