package db

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
)

// publicationRow is the last CRL of a kind.
type publicationRow struct {
	Kind       int `gorm:"primaryKey;autoIncrement:false"`
	Number     int64
	ThisUpdate int64
}

func (publicationRow) TableName() string { return "publications" }

// keptRow is a key or a CA certificate.
type keptRow struct {
	Name  string `gorm:"primaryKey;size:128"`
	Value []byte
}

func (keptRow) TableName() string { return "kept" }

// Kept does what ca.Store says.
func (s *Store) Kept(ctx context.Context, name string) ([]byte, error) {
	row, err := one[keptRow](s.read(ctx).Where("name = ?", name), "read what is kept", ca.ErrNotKept)
	return row.Value, err
}

// Keep does what ca.Store says.
func (s *Store) Keep(ctx context.Context, name string, value []byte) error {
	return s.transaction(ctx, func(t *tx) { put(t, []keptRow{{Name: name, Value: value}}, itself) })
}

func itself[R any](row R) (R, error) { return row, nil }

// EachStatus does what ca.Store says. It reads the rows one by one and
// past gorm, since there may be millions.
func (s *Store) EachStatus(ctx context.Context, kind jpki.Kind, f func(ca.StatusRow) error) (err error) {
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
		if err := f(ca.StatusRow{Number: uint64(n), NotAfter: at(notAfter), Status: status(state, reason, since)}); err != nil {
			return err
		}
	}
	return wrap("read statuses", rows.Err())
}

// Publication does what ca.Store says.
func (s *Store) Publication(ctx context.Context, kind jpki.Kind) (ca.Publication, error) {
	row, err := one[publicationRow](s.read(ctx).Where("kind = ?", int(kind)), "read the last CRL", errNone)
	if errors.Is(err, errNone) {
		return ca.Publication{Kind: kind}, nil
	}
	return ca.Publication{Kind: kind, Number: row.Number, ThisUpdate: at(row.ThisUpdate)}, err
}

var errNone = errors.New("none")

// Publish does what ca.Store says.
func (s *Store) Publish(ctx context.Context, p ca.Publication) error {
	row := publicationRow{Kind: int(p.Kind), Number: p.Number, ThisUpdate: p.ThisUpdate.Unix()}
	return s.transaction(ctx, func(t *tx) { put(t, []publicationRow{row}, itself) })
}
