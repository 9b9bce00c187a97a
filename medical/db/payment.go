package db

import (
	"context"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/payment"
)

// Bills is a payment.Store over the database of an institution.
type Bills struct{ *dbopen.DB }

var _ payment.Store = (*Bills)(nil)

// Bills gives the bills beside the visits.
func (s *Reception) Bills() *Bills { return &Bills{s.DB} }

// billRow is a bill; what it is looked for by stands beside it.
type billRow struct {
	Visit int64        `gorm:"primaryKey;autoIncrement:false"`
	Day   string       `gorm:"index;not null"`
	No    int          `gorm:"not null"`
	Open  bool         `gorm:"index;not null"`
	Bill  payment.Bill `gorm:"serializer:json"`
}

func (billRow) TableName() string { return "bills" }

func (r billRow) bill() payment.Bill { return r.Bill }

func billToRow(b payment.Bill) billRow {
	return billRow{b.Visit, string(b.Day), b.No, b.State() != payment.Paid, b}
}

// Add adds the bill of a visit.
func (s *Bills) Add(ctx context.Context, b payment.Bill) error {
	row := billToRow(b)
	return dbopen.Taken(s.To(ctx).Create(&row).Error, payment.ErrExists)
}

// Change changes a bill, unless change says no.
func (s *Bills) Change(ctx context.Context, visit int64, change func(*payment.Bill) error) (b payment.Bill, err error) {
	err = s.Transaction(ctx, func(tx *gorm.DB) error {
		b, err = dbopen.Change(tx.Where("visit = ?", visit), billRow.bill, billToRow, payment.ErrNoBill, change)
		return err
	})
	return b, err
}

// Bill gives the bill of a visit, or payment.ErrNoBill.
func (s *Bills) Bill(ctx context.Context, visit int64) (payment.Bill, error) {
	return s.one(ctx, "visit = ?", visit)
}

// Ticket gives the bill of a ticket's number, or payment.ErrNoBill.
func (s *Bills) Ticket(ctx context.Context, day medical.Date, no int) (payment.Bill, error) {
	return s.one(ctx, "day = ? AND no = ?", string(day), no)
}

func (s *Bills) one(ctx context.Context, where string, args ...any) (payment.Bill, error) {
	return dbopen.One(s.From(ctx).Where(where, args...), billRow.bill, payment.ErrNoBill)
}

// Open gives bills that are not paid, the latest first.
func (s *Bills) Open(ctx context.Context, limit int) ([]payment.Bill, error) {
	return s.all(ctx, limit, "open", true)
}

// Day gives the bills of a day, the latest first.
func (s *Bills) Day(ctx context.Context, day medical.Date) ([]payment.Bill, error) {
	return s.all(ctx, -1, "day", string(day))
}

func (s *Bills) all(ctx context.Context, limit int, column string, value any) ([]payment.Bill, error) {
	return dbopen.List(s.From(ctx).Where(map[string]any{column: value}).Order("visit DESC").Limit(limit), billRow.bill)
}
