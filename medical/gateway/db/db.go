// Package db keeps the gateway's credit cards, payments and notices in rows.
package db

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/merchant"
)

// Store is a gateway.Store over a database.
type Store struct{ *dbopen.DB }

var _ gateway.Store = (*Store)(nil)

// Open opens the gateway's database at a path or a postgres:// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &cardRow{}, &paymentRow{}, &requestRow{}, &noticeRow{})
	return &Store{db}, err
}

// cardRow is a registered credit card. A holder has one.
type cardRow struct {
	Token  string `gorm:"primaryKey"`
	Serial string `gorm:"uniqueIndex;not null"`
	Brand  string
	Last4  string
	Ends   string
	Test   string
	At     time.Time
}

func (cardRow) TableName() string { return "cards" }

// paymentRow is a payment; what it is looked for by stands beside it.
type paymentRow struct {
	ID       int64   `gorm:"primaryKey"`
	Merchant string  `gorm:"uniqueIndex:order_of;not null"`
	Order    string  `gorm:"column:order_no;uniqueIndex:order_of;not null"`
	Name     *string `gorm:"uniqueIndex"`
	State    string  `gorm:"index;not null"`
	At       time.Time
	Payment  gateway.Payment `gorm:"serializer:json"`
}

func (paymentRow) TableName() string { return "payments" }

func (r paymentRow) payment() gateway.Payment { return r.Payment }

// requestRow is what a merchant's request was answered.
type requestRow struct {
	Merchant string           `gorm:"primaryKey"`
	Key      string           `gorm:"primaryKey"`
	Digest   string           `gorm:"not null"`
	Answer   merchant.Payment `gorm:"serializer:json"`
	At       time.Time        `gorm:"index"`
}

func (requestRow) TableName() string { return "requests" }

// noticeRow is a notice that waits.
type noticeRow struct {
	ID       int64 `gorm:"primaryKey"`
	Merchant string
	Body     []byte
	At       time.Time
	Next     time.Time `gorm:"index"`
	Tries    int
}

func (noticeRow) TableName() string { return "notices" }

func (r noticeRow) notice() gateway.Notice {
	return gateway.Notice{ID: r.ID, Merchant: r.Merchant, Body: r.Body, At: r.At.UTC(), Next: r.Next.UTC(), Tries: r.Tries}
}

// Card gives the credit card of the holder of a certificate.
func (s *Store) Card(ctx context.Context, serial jpki.SerialNumber) (gateway.Card, error) {
	var r cardRow
	err := s.From(ctx).Where("serial = ?", serial.String()).Take(&r).Error
	return gateway.Card{
		Token: r.Token, Serial: serial, Brand: r.Brand, Last4: r.Last4, Ends: r.Ends, Test: gateway.Outcome(r.Test), At: r.At.UTC(),
	}, dbopen.Missing(err, gateway.ErrNoCard)
}

// Keep keeps a card in place of the holder's earlier one.
func (s *Store) Keep(ctx context.Context, c gateway.Card) error {
	return s.Transaction(ctx, func(tx *gorm.DB) error {
		if err := tx.Where("serial = ?", c.Serial.String()).Delete(&cardRow{}).Error; err != nil {
			return err
		}
		return tx.Create(&cardRow{c.Token, c.Serial.String(), c.Brand, c.Last4, c.Ends, string(c.Test), c.At.UTC()}).Error
	})
}

// Move gives a card to a later certificate of its holder.
func (s *Store) Move(ctx context.Context, token string, to jpki.SerialNumber) error {
	return s.To(ctx).Model(&cardRow{}).Where("token = ?", token).Update("serial", to.String()).Error
}

// Remove removes the card of the holder of a certificate.
func (s *Store) Remove(ctx context.Context, serial jpki.SerialNumber) error {
	return dbopen.Changed(s.To(ctx).Where("serial = ?", serial.String()).Delete(&cardRow{}), gateway.ErrNoCard)
}

// Answered gives what a request was answered.
func (s *Store) Answered(ctx context.Context, r gateway.Request) (merchant.Payment, bool, error) {
	return answered(s.From(ctx), r)
}

func answered(tx *gorm.DB, r gateway.Request) (merchant.Payment, bool, error) {
	var row requestRow
	err := tx.Where("merchant = ? AND key = ?", r.Merchant, r.Key).Take(&row).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return merchant.Payment{}, false, nil
	case err == nil && row.Digest != r.Digest:
		err = gateway.ErrReused
	}
	return row.Answer, err == nil, err
}

// Act changes a payment, once.
func (s *Store) Act(ctx context.Context, r gateway.Request, at time.Time, change func(*gateway.Payment) error) (merchant.Payment, error) {
	var answer merchant.Payment
	err := s.Transaction(ctx, func(tx *gorm.DB) error {
		if r.Key != "" {
			before, done, err := answered(tx, r)
			if answer = before; done || err != nil {
				return err
			}
		}
		row := paymentRow{Merchant: r.Merchant, Order: r.Order}
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("merchant = ? AND order_no = ?", r.Merchant, r.Order).Take(&row).Error
		if err != nil && !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		row.Payment.Merchant = r.Merchant
		if err := change(&row.Payment); err != nil {
			return err
		}
		answer = row.Payment.Payment
		row.State, row.At, row.Name = string(answer.State), answer.At.UTC(), dbopen.Optional(row.Payment.Name)
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		return record(tx, r, at.UTC(), answer)
	})
	return answer, err
}

// record keeps an answer, and writes the notice of it.
func record(tx *gorm.DB, r gateway.Request, at time.Time, answer merchant.Payment) error {
	if r.Key != "" {
		if err := tx.Create(&requestRow{r.Merchant, r.Key, r.Digest, answer, at}).Error; err != nil {
			return err
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return tx.Create(&noticeRow{Merchant: r.Merchant, Body: body, At: at, Next: at}).Error
}

// Order gives a merchant's payment.
func (s *Store) Order(ctx context.Context, merchant, order string) (gateway.Payment, error) {
	return s.one(ctx, "merchant = ? AND order_no = ?", merchant, order)
}

// Named gives the payment that is confirmed at the page of a name.
func (s *Store) Named(ctx context.Context, name string) (gateway.Payment, error) {
	return s.one(ctx, "name = ?", name)
}

func (s *Store) one(ctx context.Context, where string, args ...any) (gateway.Payment, error) {
	var row paymentRow
	err := s.From(ctx).Where(where, args...).Take(&row).Error
	return row.Payment, dbopen.Missing(err, gateway.ErrNoOrder)
}

// Payments gives the latest.
func (s *Store) Payments(ctx context.Context, limit int) ([]gateway.Payment, error) {
	return dbopen.List(s.From(ctx).Order("id DESC").Limit(limit), paymentRow.payment)
}

// Confirming gives payments that wait for their holder since before a time.
func (s *Store) Confirming(ctx context.Context, before time.Time, limit int) ([]gateway.Payment, error) {
	return dbopen.List(s.From(ctx).Where("state = ? AND at <= ?", string(merchant.Confirming), before.UTC()).Limit(limit), paymentRow.payment)
}

// Waiting gives notices that are due.
func (s *Store) Waiting(ctx context.Context, until time.Time, limit int) ([]gateway.Notice, error) {
	return dbopen.List(s.From(ctx).Where("next <= ?", until.UTC()).Order("id").Limit(limit), noticeRow.notice)
}

// Delivered takes a notice out.
func (s *Store) Delivered(ctx context.Context, id int64) error {
	return s.To(ctx).Delete(&noticeRow{ID: id}).Error
}

// Later has a notice wait longer.
func (s *Store) Later(ctx context.Context, id int64, next time.Time) error {
	return s.To(ctx).Model(&noticeRow{ID: id}).Updates(map[string]any{"next": next.UTC(), "tries": gorm.Expr("tries + 1")}).Error
}

// Forget drops answers to requests.
func (s *Store) Forget(ctx context.Context, before time.Time) error {
	return s.To(ctx).Where("at < ?", before.UTC()).Delete(&requestRow{}).Error
}
