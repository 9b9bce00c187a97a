package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/latest"
)

// latestRow is a customer's consent to the latest four data service: one an account.
type latestRow struct {
	Account  string `gorm:"primaryKey"`
	Number   string
	GivenAt  time.Time
	From     time.Time `gorm:"column:valid_from"`
	Until    time.Time `gorm:"column:valid_until"`
	Ended    *time.Time
	AskedOn  string `gorm:"not null;default:''"`
	Document []byte // JSON
	CMS      []byte // DER
}

func (latestRow) TableName() string { return "latest_consents" }

func (r latestRow) consent() (latest.Consent, error) {
	c := latest.Consent{
		Account: bank.AccountNumber(r.Account), Number: r.Number, GivenAt: r.GivenAt.UTC(), From: r.From.UTC(), Until: r.Until.UTC(),
		Ended: dbopen.TimeOf(r.Ended), AskedOn: r.AskedOn, CMS: r.CMS,
	}
	return c, json.Unmarshal(r.Document, &c.Document)
}

var _ latest.Store = (*Store)(nil)

// PutLatest keeps a consent in place of the account's former one.
func (s *Store) PutLatest(ctx context.Context, c latest.Consent) error {
	document, err := json.Marshal(c.Document)
	if err != nil {
		return err
	}
	row := latestRow{
		Account: string(c.Account), Number: c.Number, GivenAt: c.GivenAt.UTC(), From: c.From.UTC(), Until: c.Until.UTC(),
		Ended: dbopen.OptionalTime(c.Ended), AskedOn: c.AskedOn, Document: document, CMS: c.CMS,
	}
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		return tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error
	})
}

// Latest gives an account's consent; false for none.
func (s *Store) Latest(ctx context.Context, no bank.AccountNumber) (latest.Consent, bool, error) {
	var row latestRow
	err := dbopen.Missing(s.db.Read.WithContext(ctx).Where("account = ?", string(no)).Take(&row).Error, bank.ErrNoAccount)
	if errors.Is(err, bank.ErrNoAccount) {
		return latest.Consent{}, false, nil
	}
	if err != nil {
		return latest.Consent{}, false, err
	}
	c, err := row.consent()
	return c, err == nil, err
}

// LatestDue gives the consents under which there may be something new.
func (s *Store) LatestDue(ctx context.Context, day string, now time.Time, limit int) ([]latest.Consent, error) {
	var rows []latestRow
	err := s.db.Read.WithContext(ctx).Select("latest_consents.*").
		Joins("JOIN accounts ON accounts.number = latest_consents.account").Joins("JOIN customers ON customers.id = accounts.customer_id").
		Where("(customers.final OR customers.state = ?) AND latest_consents.ended IS NULL AND latest_consents.asked_on <> ? AND latest_consents.valid_from <= ?", string(bank.Reissued), day, now.UTC()).
		Order("latest_consents.account").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, err
	}
	all := make([]latest.Consent, len(rows))
	for i, r := range rows {
		if all[i], err = r.consent(); err != nil {
			return nil, err
		}
	}
	return all, nil
}
