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
type Store struct{ *dbopen.DB }

var _ utility.Store = (*Store)(nil)

// Open opens a business's database at a path or a postgres:// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &customerRow{}, &caseRow{}, &dbopen.KeyRow{})
	return &Store{db}, err
}

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

func (r caseRow) application() utility.Case { return r.Case }

// AddCustomer enters a customer, or is utility.ErrExists.
func (s *Store) AddCustomer(ctx context.Context, c utility.Customer) error {
	row := customerToRow(c)
	return dbopen.Taken(s.To(ctx).Create(&row).Error, utility.ErrExists)
}

// Customer gives an entry, or utility.ErrNoCustomer.
func (s *Store) Customer(ctx context.Context, no string) (utility.Customer, error) {
	return dbopen.One(s.From(ctx).Where("no = ?", no), customerRow.customer, utility.ErrNoCustomer)
}

// Customers gives the register by number.
func (s *Store) Customers(ctx context.Context) ([]utility.Customer, error) {
	return dbopen.List(s.From(ctx).Order("no").Limit(200), customerRow.customer)
}

// ChangeCustomer changes an entry.
func (s *Store) ChangeCustomer(ctx context.Context, no string, change func(*utility.Customer) error) error {
	return s.Transaction(ctx, func(tx *gorm.DB) error { return changeCustomer(tx, no, change) })
}

func changeCustomer(tx *gorm.DB, no string, change func(*utility.Customer) error) error {
	_, err := dbopen.Change(tx.Where("no = ?", no), customerRow.customer, customerToRow, utility.ErrNoCustomer, change)
	return err
}

// AddCase adds a case once.
func (s *Store) AddCase(ctx context.Context, c utility.Case, settle func(*utility.Case, *utility.Customer) error) (utility.Case, error) {
	var kept utility.Case
	err := s.Transaction(ctx, func(tx *gorm.DB) (err error) {
		kept, err = dbopen.One(tx.Where("id = ?", c.ID), caseRow.application, utility.ErrNoCase)
		if !errors.Is(err, utility.ErrNoCase) {
			return err
		}
		kept = c
		if err := changeCustomer(tx, c.Customer, func(cu *utility.Customer) error { return settle(&kept, cu) }); err != nil {
			return err
		}
		row := caseToRow(kept)
		return tx.Create(&row).Error
	})
	return kept, err
}

// Case gives a case, or utility.ErrNoCase.
func (s *Store) Case(ctx context.Context, id string) (utility.Case, error) {
	return dbopen.One(s.From(ctx).Where("id = ?", id), caseRow.application, utility.ErrNoCase)
}

// Cases gives the newest cases.
func (s *Store) Cases(ctx context.Context, limit int) ([]utility.Case, error) {
	return dbopen.List(s.From(ctx).Order("received DESC, id").Limit(limit), caseRow.application)
}

// ChangeCase changes a case together with its customer.
func (s *Store) ChangeCase(ctx context.Context, id string, change func(*utility.Case, *utility.Customer) error) (utility.Case, error) {
	var kept utility.Case
	err := s.Transaction(ctx, func(tx *gorm.DB) (err error) {
		kept, err = dbopen.Change(tx.Where("id = ?", id), caseRow.application, caseToRow, utility.ErrNoCase, func(k *utility.Case) error {
			return changeCustomer(tx, k.Customer, func(cu *utility.Customer) error { return change(k, cu) })
		})
		return err
	})
	return kept, err
}

// Due names the open cases that are due.
func (s *Store) Due(ctx context.Context, now time.Time) (ids []string, err error) {
	err = s.From(ctx).Model(&caseRow{}).Where("state = ? AND due <= ?", string(partner.Accepted), now.UTC()).Order("due").Pluck("id", &ids).Error
	return ids, err
}
