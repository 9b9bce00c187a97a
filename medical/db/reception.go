package db

import (
	"context"
	"time"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/medical/reception"
)

// Reception is a reception.Store over a database.
type Reception struct{ *dbopen.DB }

var _ reception.Store = (*Reception)(nil)

// OpenReception opens a reception's database at a path or a postgres:// address.
func OpenReception(address string) (*Reception, error) {
	db, err := dbopen.Open(address, &visitRow{}, &billRow{})
	return &Reception{db}, err
}

// visitRow is a visit. A day has each number once.
type visitRow struct {
	ID        int64  `gorm:"primaryKey"`
	Day       string `gorm:"uniqueIndex:ticket;not null"`
	No        int    `gorm:"uniqueIndex:ticket;not null"`
	At        time.Time
	State     string `gorm:"index;not null"`
	Name      string
	Answer    *medical.Answer `gorm:"serializer:json"`
	Reason    string
	Inquiry   string
	Steps     []medical.Step   `gorm:"serializer:json"`
	Consents  medical.Consents `gorm:"serializer:json"`
	Paper     *reception.Paper `gorm:"serializer:json"`
	SettledAt *time.Time
	Handed    bool `gorm:"not null;default:false"`
}

func (visitRow) TableName() string { return "visits" }

func visitToRow(v reception.Visit) visitRow {
	return visitRow{
		ID: v.ID, Day: string(v.Day), No: v.No, At: v.At.UTC(), State: string(v.State), Name: v.Name, Answer: v.Answer, Reason: v.Reason,
		Inquiry: v.Inquiry, Steps: v.Steps, Consents: v.Consents, Paper: v.Paper, SettledAt: dbopen.OptionalTime(v.SettledAt), Handed: v.Handed,
	}
}

func (r visitRow) visit() reception.Visit {
	return reception.Visit{
		ID: r.ID, Day: medical.Date(r.Day), No: r.No, At: r.At.UTC(), State: reception.State(r.State), Name: r.Name, Answer: r.Answer, Reason: r.Reason,
		Inquiry: r.Inquiry, Steps: r.Steps, Consents: r.Consents, Paper: r.Paper, SettledAt: dbopen.TimeOf(r.SettledAt), Handed: r.Handed,
	}
}

// Add gives the visit its ID, and the next number of its day.
func (s *Reception) Add(ctx context.Context, v reception.Visit) (reception.Visit, error) {
	row := visitToRow(v)
	err := s.Transaction(ctx, func(tx *gorm.DB) error {
		if err := tx.Model(&visitRow{}).Where("day = ?", row.Day).Select("COALESCE(MAX(no), 0) + 1").Scan(&row.No).Error; err != nil {
			return err
		}
		row.ID = 0
		return tx.Create(&row).Error
	})
	return row.visit(), err
}

// Change changes a visit, unless change says no.
func (s *Reception) Change(ctx context.Context, id int64, change func(*reception.Visit) error) (v reception.Visit, err error) {
	err = s.Transaction(ctx, func(tx *gorm.DB) error {
		v, err = dbopen.Change(tx.Where("id = ?", id), visitRow.visit, visitToRow, reception.ErrNoVisit, change)
		return err
	})
	return v, err
}

// Visit gives a visit, or reception.ErrNoVisit.
func (s *Reception) Visit(ctx context.Context, id int64) (reception.Visit, error) {
	return dbopen.One(s.From(ctx).Where("id = ?", id), visitRow.visit, reception.ErrNoVisit)
}

// Day gives the visits of a day that do not wait for the staff.
func (s *Reception) Day(ctx context.Context, day medical.Date, limit int) ([]reception.Visit, error) {
	return s.visits(ctx, limit, "day = ? AND state NOT IN ?", string(day), []string{string(reception.Attention), string(reception.OnPaper)})
}

// Open gives the visits to the end of a day that wait for the staff.
func (s *Reception) Open(ctx context.Context, to medical.Date, limit int) ([]reception.Visit, error) {
	return s.visits(ctx, limit, "day <= ? AND state IN ?", string(to), []string{string(reception.Attention), string(reception.OnPaper)})
}

// Before gives former visits that were confirmed.
func (s *Reception) Before(ctx context.Context, day medical.Date, limit int) ([]reception.Visit, error) {
	return s.visits(ctx, limit, "day < ? AND state IN ?", string(day), []string{string(reception.Confirmed), string(reception.Settled)})
}

// Unhanded gives finished visits that the receipt computer has not got.
func (s *Reception) Unhanded(ctx context.Context, limit int) ([]reception.Visit, error) {
	return s.visits(ctx, limit, "NOT handed AND state IN ?", []string{string(reception.Confirmed), string(reception.Settled)})
}

func (s *Reception) visits(ctx context.Context, limit int, where string, args ...any) ([]reception.Visit, error) {
	return dbopen.List(s.From(ctx).Where(where, args...).Order("id DESC").Limit(limit), visitRow.visit)
}

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
