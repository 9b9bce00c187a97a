// Package db keeps the bank's records in rows: customers and the documents they
// signed, accounts, statements, transfers and sign-ins; what confirmations found, the
// messages that followed, and the history of each record.
package db

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
)

// Store is a bank.Store over a database.
type Store struct {
	db *dbopen.DB
	preparedStatements
}

var _ bank.Store = (*Store)(nil)

// Open opens the bank's database at a path or a postgres:// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &customerRow{}, &applicationRow{}, &accountRow{}, &entryRow{}, &transferRow{}, &signInRow{},
		&noticeRow{}, &formRow{}, &historyRow{}, &reportRow{}, &latestRow{})
	if err != nil {
		return nil, err
	}
	prepared, err := prepare(db)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("bank: prepare: %w", err), db.Close())
	}
	return &Store{db, prepared}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping() error { return s.db.Ping() }

// held selects accounts with their holders' names.
func held(g *gorm.DB) *gorm.DB {
	return g.Table("accounts").Select("accounts.*, customers.name AS holder").
		Joins("JOIN customers ON customers.id = accounts.customer_id")
}

// Account returns an account, or bank.ErrNoAccount.
func (s *Store) Account(ctx context.Context, no bank.AccountNumber) (bank.Account, error) {
	var row heldAccount
	err := held(s.db.Read.WithContext(ctx)).Where("accounts.number = ?", string(no)).Take(&row).Error
	return row.account(), dbopen.Missing(err, bank.ErrNoAccount)
}

// Customer returns the holder of an account.
func (s *Store) Customer(ctx context.Context, no bank.AccountNumber) (bank.Customer, error) {
	last, err := lastCoverage(s.db.Read.WithContext(ctx))
	if err != nil {
		return bank.Customer{}, err
	}
	var row customerRow
	err = s.db.Read.WithContext(ctx).Joins("JOIN accounts ON accounts.customer_id = customers.id").
		Where("accounts.number = ?", string(no)).Take(&row).Error
	if err != nil {
		return bank.Customer{}, dbopen.Missing(err, bank.ErrNoAccount)
	}
	return row.customer(last)
}

// Application returns the application with which an account was opened.
func (s *Store) Application(ctx context.Context, no bank.AccountNumber) (bank.Application, error) {
	var row applicationRow
	err := s.db.Read.WithContext(ctx).Joins("JOIN accounts ON accounts.customer_id = applications.customer_id").
		Where("accounts.number = ?", string(no)).Order("applications.received_at").Take(&row).Error
	if err != nil {
		return bank.Application{}, dbopen.Missing(err, bank.ErrNoAccount)
	}
	return row.application()
}

// Statement returns the newest entries of an account.
func (s *Store) Statement(ctx context.Context, no bank.AccountNumber, limit int) ([]bank.Entry, error) {
	var rows []entryRow
	err := s.db.Read.WithContext(ctx).Where("account = ?", string(no)).Order("id DESC").Limit(limit).Find(&rows).Error
	return dbopen.Each(rows, entryRow.entry), err
}
