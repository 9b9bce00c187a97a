// Package db keeps an authority's registers, certificates and journal in
// SQLite or PostgreSQL.
//
// The keys that an authority makes for itself lie in it as they are (PKCS#8):
// they are a mock's and must never be trusted.
package db

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/dbopen"
)

// Store is an authority.Store on a database. All methods may be called from
// any goroutine.
type Store struct{ db *dbopen.DB }

var _ authority.Store = (*Store)(nil)

// Open opens the store at address: the path of a SQLite file, or a postgres://
// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &residentRow{}, &cardRow{}, &certificateRow{}, &eventRow{}, &verifierRow{}, &publicationRow{}, &keptRow{},
		&formerRow{}, &applicationRow{}, &auditRow{}, &feeRow{}, &consentRow{}, &deliveryRow{})
	if err != nil {
		return nil, err
	}
	return &Store{db: db}, nil
}

// Close closes the store.
func (s *Store) Close() error { return s.db.Close() }

// Ping reports whether the store answers.
func (s *Store) Ping() error { return s.db.Ping() }

// wrap names what failed; errors of the domain stay what they are.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("authority/db: %s: %w", what, err)
}

// one reads the row that a query selects; no row is none.
func one[R any](q *gorm.DB, what string, none error) (R, error) {
	var rows []R
	if err := q.Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		var zero R
		if err == nil {
			return zero, none
		}
		return zero, wrap(what, err)
	}
	return rows[0], nil
}

// many reads the rows that a query selects, through a converter.
func many[R, T any](q *gorm.DB, what string, convert func(R) (T, error)) ([]T, error) {
	var rows []R
	if err := q.Find(&rows).Error; err != nil {
		return nil, wrap(what, err)
	}
	out := make([]T, 0, len(rows))
	for _, r := range rows {
		t, err := convert(r)
		if err != nil {
			return nil, wrap(what, err)
		}
		out = append(out, t)
	}
	return out, nil
}

func (s *Store) read(ctx context.Context) *gorm.DB { return s.db.Read.WithContext(ctx) }

// Resident does what authority.Store says.
func (s *Store) Resident(ctx context.Context, id string) (register.Resident, error) {
	row, err := one[residentRow](s.read(ctx).Where("id = ?", id), "read a resident", register.ErrNoResident)
	if err != nil {
		return register.Resident{}, err
	}
	r, err := row.resident()
	return r, wrap("read a resident", err)
}

// Residents does what authority.Store says.
func (s *Store) Residents(ctx context.Context) ([]register.Resident, error) {
	return many(s.read(ctx).Order("id"), "read residents", residentRow.resident)
}

// Card does what authority.Store says.
func (s *Store) Card(ctx context.Context, id string) (register.Card, error) {
	row, err := one[cardRow](s.read(ctx).Where("id = ?", id), "read a card", register.ErrNoCard)
	if err != nil {
		return register.Card{}, err
	}
	return row.card()
}

// Certificate does what authority.Store says.
func (s *Store) Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (register.Certificate, error) {
	n, err := number(serial)
	if err != nil {
		return register.Certificate{}, register.ErrNoCertificate
	}
	row, err := one[certificateRow](s.read(ctx).Where("kind = ? AND number = ?", int(kind), n), "read a certificate", register.ErrNoCertificate)
	if err != nil {
		return register.Certificate{}, err
	}
	return row.certificate()
}

// Certificates does what authority.Store says.
func (s *Store) Certificates(ctx context.Context, q authority.CertificateQuery) ([]register.Certificate, error) {
	return many(selected(s.read(ctx), q), "read certificates", certificateRow.certificate)
}

// Expired does what authority.Store says.
func (s *Store) Expired(ctx context.Context, from, to time.Time) (int, error) {
	var n int64
	err := s.read(ctx).Model(&certificateRow{}).
		Where("delivered AND state = ? AND not_after >= ? AND not_after < ?", int(register.Good), from.Unix(), to.Unix()).Count(&n).Error
	return int(n), wrap("count certificates", err)
}

func selected(db *gorm.DB, q authority.CertificateQuery) *gorm.DB {
	db = db.Order("kind, number")
	if q.Kind != 0 {
		db = db.Where("kind = ?", int(q.Kind))
	}
	if q.CardID != "" {
		db = db.Where("card_id = ?", q.CardID)
	}
	if q.ResidentID != "" {
		db = db.Where("resident_id = ?", q.ResidentID)
	}
	if q.Undelivered {
		db = db.Where("delivered = ?", false)
	}
	return db
}

// Events does what authority.Store says.
func (s *Store) Events(ctx context.Context, q authority.EventQuery) ([]register.Event, error) {
	n, err := number(q.Serial)
	if err != nil {
		return nil, nil
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	db := s.read(ctx).Order("id DESC").Limit(limit)
	if q.ResidentID != "" {
		db = db.Where("resident_id = ?", q.ResidentID)
	}
	if q.Kind != 0 {
		db = db.Where("kind = ?", int(q.Kind))
	}
	if n != 0 {
		db = db.Where("number = ?", n)
	}
	if !q.Since.IsZero() {
		db = db.Where("at >= ?", q.Since.Unix())
	}
	return many(db, "read the journal", eventRow.event)
}

// ResidentsBorn does what authority.Store says.
func (s *Store) ResidentsBorn(ctx context.Context, day string, limit int) ([]register.Resident, error) {
	return many(s.read(ctx).Where("born = ?", day).Order("id").Limit(limit), "read residents by birth", residentRow.resident)
}

// Cards does what authority.Store says.
func (s *Store) Cards(ctx context.Context, residentID string) ([]register.Card, error) {
	return many(s.read(ctx).Where("resident_id = ?", residentID).Order("issued_at, id"), "read cards", cardRow.card)
}

// Lapsing does what authority.Store says.
func (s *Store) Lapsing(ctx context.Context) ([]register.Card, error) {
	held := []string{string(register.CardInUse), string(register.CardLost)}
	return many(s.read(ctx).Where("lapses > 0 AND state IN ?", held).Order("lapses, id"), "read cards that lapse", cardRow.card)
}

// FormerEntries does what authority.Store says.
func (s *Store) FormerEntries(ctx context.Context, residentID string) ([]register.FormerEntry, error) {
	return many(s.read(ctx).Where("resident_id = ?", residentID).Order("id DESC"), "read former entries", formerRow.entry)
}
