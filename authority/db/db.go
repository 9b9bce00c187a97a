// Package db keeps an authority's registers, certificates and journal in
// SQLite or PostgreSQL.
//
// The keys that an authority makes for itself lie in it as they are (PKCS#8):
// they are a mock's and must never be trusted.
package db

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
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
		&formerRow{}, &applicationRow{}, &auditRow{}, &feeRow{})
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

// Kept does what authority.Store says.
func (s *Store) Kept(ctx context.Context, name string) ([]byte, error) {
	row, err := one[keptRow](s.read(ctx).Where("name = ?", name), "read what is kept", authority.ErrNotKept)
	return row.Value, err
}

// Resident does what authority.Store says.
func (s *Store) Resident(ctx context.Context, id string) (authority.Resident, error) {
	row, err := one[residentRow](s.read(ctx).Where("id = ?", id), "read a resident", authority.ErrNoResident)
	if err != nil {
		return authority.Resident{}, err
	}
	r, err := row.resident()
	return r, wrap("read a resident", err)
}

// Residents does what authority.Store says.
func (s *Store) Residents(ctx context.Context) ([]authority.Resident, error) {
	return many(s.read(ctx).Order("id"), "read residents", residentRow.resident)
}

// Card does what authority.Store says.
func (s *Store) Card(ctx context.Context, id string) (authority.Card, error) {
	row, err := one[cardRow](s.read(ctx).Where("id = ?", id), "read a card", authority.ErrNoCard)
	if err != nil {
		return authority.Card{}, err
	}
	return row.card(), nil
}

// Certificate does what authority.Store says.
func (s *Store) Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (authority.Certificate, error) {
	n, err := number(serial)
	if err != nil {
		return authority.Certificate{}, authority.ErrNoCertificate
	}
	row, err := one[certificateRow](s.read(ctx).Where("kind = ? AND number = ?", int(kind), n), "read a certificate", authority.ErrNoCertificate)
	if err != nil {
		return authority.Certificate{}, err
	}
	return row.certificate(), nil
}

// Certificates does what authority.Store says.
func (s *Store) Certificates(ctx context.Context, q authority.CertificateQuery) ([]authority.Certificate, error) {
	db := s.read(ctx).Order("kind, number")
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
	return many(db, "read certificates", func(r certificateRow) (authority.Certificate, error) { return r.certificate(), nil })
}

// EachStatus does what authority.Store says. It reads the rows one by one and
// past gorm, since there may be millions.
func (s *Store) EachStatus(ctx context.Context, kind jpki.Kind, f func(authority.StatusRow) error) (err error) {
	rows, err := s.read(ctx).Model(&certificateRow{}).Where("kind = ?", int(kind)).Select("number", "not_after", "state", "reason", "since").Rows()
	if err != nil {
		return wrap("read statuses", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var n, notAfter, since int64
		var state, reason int
		if err := rows.Scan(&n, &notAfter, &state, &reason, &since); err != nil {
			return wrap("read statuses", err)
		}
		if err := f(authority.StatusRow{Number: uint64(n), NotAfter: at(notAfter), Standing: standing(state, reason, since)}); err != nil {
			return err
		}
	}
	return wrap("read statuses", rows.Err())
}

// Events does what authority.Store says.
func (s *Store) Events(ctx context.Context, q authority.EventQuery) ([]authority.Event, error) {
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
	return many(db, "read the journal", func(r eventRow) (authority.Event, error) { return r.event(), nil })
}

// Verifiers does what authority.Store says.
func (s *Store) Verifiers(ctx context.Context) ([]authority.Verifier, error) {
	return many(s.read(ctx).Order("id"), "read verifiers", verifierRow.verifier)
}

// Publication does what authority.Store says.
func (s *Store) Publication(ctx context.Context, kind jpki.Kind) (authority.Publication, error) {
	row, err := one[publicationRow](s.read(ctx).Where("kind = ?", int(kind)), "read the last CRL", errNone)
	if errors.Is(err, errNone) {
		return authority.Publication{Kind: kind}, nil
	}
	return authority.Publication{Kind: kind, Number: row.Number, ThisUpdate: at(row.ThisUpdate)}, err
}

var errNone = errors.New("none")

// upsert replaces a row of the same primary key.
func upsert() clause.OnConflict { return clause.OnConflict{UpdateAll: true} }
