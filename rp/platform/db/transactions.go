package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/platform/transactions"
)

// transactionRow is a signature that a service asks for. It stays until it expires; of one whose
// result was fetched signature and certificate are gone.
type transactionRow struct {
	ID          string    `gorm:"primaryKey"`
	Client      string    `gorm:"index;not null"`
	Digest      []byte    `gorm:"not null"`
	ExpiresAt   time.Time `gorm:"index"`
	Signature   []byte
	Certificate []byte
	Serial      string
	SignedAt    *time.Time
	TakenAt     *time.Time
}

func (transactionRow) TableName() string { return "sign_transactions" }

func (r transactionRow) transaction() transactions.Transaction {
	t := transactions.Transaction{ID: r.ID, Client: r.Client, ExpiresAt: r.ExpiresAt.UTC(), Over: r.TakenAt != nil}
	copy(t.Digest[:], r.Digest)
	if r.SignedAt != nil {
		t.Signed = &transactions.Signed{Signature: r.Signature, Certificate: r.Certificate, Serial: jpki.SerialNumber(r.Serial), At: r.SignedAt.UTC()}
	}
	return t
}

var _ transactions.Store = (*Store)(nil)

// AddTransaction keeps a transaction, if its client has not too many.
func (s *Store) AddTransaction(ctx context.Context, t transactions.Transaction, most int, now time.Time) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var held int64
		if err := tx.Model(&transactionRow{}).Where("client = ? AND expires_at > ?", t.Client, now.UTC()).Count(&held).Error; err != nil {
			return err
		}
		if int(held) >= most {
			return transactions.ErrFull
		}
		return tx.Create(&transactionRow{ID: t.ID, Client: t.Client, Digest: t.Digest[:], ExpiresAt: t.ExpiresAt.UTC()}).Error
	})
}

// Transaction gives a transaction of a client, or transactions.ErrNone.
func (s *Store) Transaction(ctx context.Context, client, id string) (transactions.Transaction, error) {
	var row transactionRow
	err := s.read(ctx).Take(&row, "id = ? AND client = ?", id, client).Error
	return row.transaction(), dbopen.Missing(err, transactions.ErrNone)
}

// SignTransaction keeps a signature, by an update that only one can make.
func (s *Store) SignTransaction(ctx context.Context, client, id string, by transactions.Signed, until time.Time) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		done := tx.Model(&transactionRow{}).Where("id = ? AND client = ? AND signed_at IS NULL AND expires_at > ?", id, client, by.At.UTC()).Updates(map[string]any{
			"signature": by.Signature, "certificate": by.Certificate, "serial": by.Serial.String(), "signed_at": by.At.UTC(), "expires_at": until.UTC(),
		})
		if done.Error == nil && done.RowsAffected == 0 {
			return transactions.ErrOver
		}
		return done.Error
	})
}

// TakeTransaction gives a signature away, by an update that only one can make.
func (s *Store) TakeTransaction(ctx context.Context, client, id string, now time.Time, take func(transactions.Transaction) error) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var row transactionRow
		err := tx.Take(&row, "id = ? AND client = ?", id, client).Error
		switch {
		case errors.Is(err, gorm.ErrRecordNotFound):
			return transactions.ErrNone
		case err != nil:
			return err
		case row.TakenAt != nil || !now.Before(row.ExpiresAt):
			return transactions.ErrOver
		case row.SignedAt == nil:
			return transactions.ErrWaiting
		}
		if err := take(row.transaction()); err != nil {
			return err
		}
		done := tx.Model(&transactionRow{}).Where("id = ? AND taken_at IS NULL", id).Updates(map[string]any{"taken_at": now.UTC(), "signature": nil, "certificate": nil})
		if done.Error == nil && done.RowsAffected == 0 {
			return transactions.ErrOver
		}
		return done.Error
	})
}

// dropTransactions drops what has expired.
func (*Store) dropTransactions(tx *gorm.DB, now time.Time) error {
	return tx.Where("expires_at < ?", now.UTC()).Delete(&transactionRow{}).Error
}
