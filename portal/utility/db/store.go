// Package db keeps the records of a small business in rows. Each business opens a
// database of its own.
package db

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/utility"
)

// Store is a utility.Store over a database.
type Store struct{ db *dbopen.DB }

var _ utility.Store = (*Store)(nil)

// Open opens a business's database at a path or a postgres:// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &customerRow{}, &caseRow{}, &dbopen.KeyRow{})
	return &Store{db}, err
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping() error { return s.db.Ping() }

func (s *Store) read(ctx context.Context) *gorm.DB { return s.db.Read.WithContext(ctx) }

// customerRow is an entry of the register.
type customerRow struct {
	No            string `gorm:"primaryKey"`
	Name, Address string
	DateOfBirth   string
	Connection    *partner.Connection `gorm:"serializer:json"`
	Changes       int
	ChangedAt     *time.Time
}

func (customerRow) TableName() string { return "customers" }

func customerToRow(c utility.Customer) customerRow {
	return customerRow{c.No, c.Name, c.Address, c.DateOfBirth.String(), c.Connection, c.Changes, dbopen.OptionalTime(c.ChangedAt)}
}

func (r customerRow) customer() utility.Customer {
	birth, _ := jpki.ParseDateOfBirth(r.DateOfBirth) // it was parsed when it was entered
	return utility.Customer{
		No: r.No, Name: r.Name, Address: r.Address, DateOfBirth: birth, Connection: r.Connection, Changes: r.Changes, ChangedAt: dbopen.TimeOf(r.ChangedAt),
	}
}

// caseRow is an application.
type caseRow struct {
	ID       string `gorm:"primaryKey"`
	State    string `gorm:"index;not null"`
	Received time.Time
	Due      *time.Time   `gorm:"index"`
	Case     utility.Case `gorm:"serializer:json"`
}

func (caseRow) TableName() string { return "cases" }

func caseToRow(c utility.Case) caseRow {
	return caseRow{c.ID, string(c.State), c.Received.UTC(), dbopen.OptionalTime(c.Due), c}
}

// AddCustomer enters a customer, or is utility.ErrExists.
func (s *Store) AddCustomer(ctx context.Context, c utility.Customer) error {
	row := customerToRow(c)
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		err := tx.Take(&customerRow{}, "no = ?", c.No).Error
		if err == nil {
			return utility.ErrExists
		}
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		return tx.Create(&row).Error
	})
}

// Customer gives an entry, or utility.ErrNoCustomer.
func (s *Store) Customer(ctx context.Context, no string) (utility.Customer, error) {
	var row customerRow
	if err := s.read(ctx).Take(&row, "no = ?", no).Error; err != nil {
		return utility.Customer{}, dbopen.Missing(err, utility.ErrNoCustomer)
	}
	return row.customer(), nil
}

// Customers gives the register by number.
func (s *Store) Customers(ctx context.Context) ([]utility.Customer, error) {
	var rows []customerRow
	err := s.read(ctx).Order("no").Limit(200).Find(&rows).Error
	return dbopen.Each(rows, customerRow.customer), err
}

// ChangeCustomer changes an entry.
func (s *Store) ChangeCustomer(ctx context.Context, no string, change func(*utility.Customer) error) error {
	return s.db.Transaction(ctx, func(tx *gorm.DB) error {
		return changeCustomer(tx, no, change)
	})
}

func changeCustomer(tx *gorm.DB, no string, change func(*utility.Customer) error) error {
	_, err := dbopen.Change(tx.Where("no = ?", no), customerRow.customer, customerToRow, utility.ErrNoCustomer, change)
	return err
}

// AddCase adds a case once.
func (s *Store) AddCase(ctx context.Context, c utility.Case, settle func(*utility.Case, *utility.Customer) error) (utility.Case, error) {
	kept := c
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		kept = c
		var row caseRow
		err := tx.Take(&row, "id = ?", c.ID).Error
		if err == nil {
			kept = row.Case
			return nil
		}
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			return err
		}
		if err := changeCustomer(tx, c.Customer, func(cu *utility.Customer) error { return settle(&kept, cu) }); err != nil {
			return err
		}
		row = caseToRow(kept)
		return tx.Create(&row).Error
	})
	return kept, err
}

// Case gives a case, or utility.ErrNoCase.
func (s *Store) Case(ctx context.Context, id string) (utility.Case, error) {
	var row caseRow
	err := s.read(ctx).Take(&row, "id = ?", id).Error
	return row.Case, dbopen.Missing(err, utility.ErrNoCase)
}

// Cases gives the newest cases.
func (s *Store) Cases(ctx context.Context, limit int) ([]utility.Case, error) {
	var rows []caseRow
	err := s.read(ctx).Order("received DESC, id").Limit(limit).Find(&rows).Error
	return dbopen.Each(rows, func(r caseRow) utility.Case { return r.Case }), err
}

// ChangeCase changes a case together with its customer.
func (s *Store) ChangeCase(ctx context.Context, id string, change func(*utility.Case, *utility.Customer) error) (utility.Case, error) {
	var kept utility.Case
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		var row caseRow
		if err := dbopen.Locked(tx).Take(&row, "id = ?", id).Error; err != nil {
			return dbopen.Missing(err, utility.ErrNoCase)
		}
		kept = row.Case
		if err := changeCustomer(tx, kept.Customer, func(cu *utility.Customer) error { return change(&kept, cu) }); err != nil {
			return err
		}
		row = caseToRow(kept)
		return tx.Save(&row).Error
	})
	return kept, err
}

// Due names the open cases that are due.
func (s *Store) Due(ctx context.Context, now time.Time) (ids []string, err error) {
	err = s.read(ctx).Model(&caseRow{}).Where("state = ? AND due <= ?", string(partner.Accepted), now.UTC()).Order("due").Pluck("id", &ids).Error
	return ids, err
}

// Key gives the key of the seal, made once.
func (s *Store) Key(ctx context.Context, generate func() ([]byte, error)) ([]byte, error) {
	return s.db.Key(ctx, generate)
}
