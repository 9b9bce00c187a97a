package db

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/register"
)

// tx is a transaction; after its first error it writes nothing more.
type tx struct {
	db  *gorm.DB
	err error
}

// transaction writes all of it or nothing.
func (s *Store) transaction(ctx context.Context, write func(*tx)) error {
	err := s.db.Write.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		t := &tx{db: db}
		write(t)
		return t.err
	})
	if errors.Is(err, register.ErrNoCertificate) || errors.Is(err, register.ErrSerialTaken) {
		return err
	}
	return wrap("commit", err)
}

// Commit does what authority.Store says.
func (s *Store) Commit(ctx context.Context, c authority.Change) error {
	return s.transaction(ctx, func(t *tx) {
		put(t, c.Residents, rowOfResident)
		put(t, c.Cards, rowOfCard)
		for part := range slices.Chunk(c.Certificates, batch) {
			t.addCertificates(part)
		}
		for _, n := range c.Statuses {
			t.setStatus(n)
		}
		put(t, c.Events, rowOfEvent)
		put(t, c.FormerEntries, rowOfFormer)
	})
}

// put writes the rows of things, in place of those of the same primary key.
func put[T, R any](t *tx, things []T, rowOf func(T) (R, error)) {
	for _, thing := range things {
		row, err := rowOf(thing)
		t.err = cmp.Or(t.err, err)
		if t.err == nil {
			t.err = t.db.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
		}
	}
}

// batch is how many rows go into one statement: a population of millions is
// written in batches, and SQLite bounds the values of one statement.
const batch = 1000

// addCertificates writes a batch, of which none may exist.
func (t *tx) addCertificates(part []register.Certificate) {
	rows := make([]certificateRow, len(part))
	for i, c := range part {
		var err error
		rows[i], err = rowOfCertificate(c)
		t.err = cmp.Or(t.err, err)
	}
	if t.err != nil {
		return
	}
	if t.err = t.db.Create(&rows).Error; errors.Is(t.err, gorm.ErrDuplicatedKey) {
		t.err = register.ErrSerialTaken
	}
}

// setStatus changes a certificate, which must exist.
func (t *tx) setStatus(n authority.NewStatus) {
	id, err := number(n.Serial)
	if t.err != nil || err != nil {
		t.err = cmp.Or(t.err, register.ErrNoCertificate)
		return
	}
	columns := map[string]any{"state": int(n.Status.State), "reason": int(n.Status.Reason), "since": n.Status.Since.Unix()}
	if n.Deliver {
		columns["delivered"] = true
	}
	r := t.db.Model(&certificateRow{}).Where("kind = ? AND number = ?", int(n.Kind), id).Updates(columns)
	if t.err = r.Error; t.err == nil && r.RowsAffected == 0 {
		t.err = register.ErrNoCertificate
	}
}
