package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
)

// statements are those of sign-ins (BenchmarkSignInOverHTTP) and confirmations
// (BenchmarkConfirm). They are prepared once and bypass gorm, which takes several
// times as long as the database.
type statements struct {
	log                          *sql.DB
	byPaired, bySerial           *sql.Stmt
	previousSignIn, recordSignIn *sql.Stmt
	watched                      *sql.Stmt
}

// Parameters are numbered in the order in which they appear, for SQLite and
// PostgreSQL alike.
const (
	accountOf = `SELECT accounts.number, accounts.branch, accounts.customer_id, accounts.balance, accounts.opened_at, customers.name
		FROM customers JOIN accounts ON accounts.customer_id = customers.id WHERE `
	previousSignIn = `SELECT at FROM sign_ins WHERE customer_id = $1 ORDER BY id DESC LIMIT 1`
	recordSignIn   = `INSERT INTO sign_ins (customer_id, serial, at, record) VALUES ($1, $2, $3, $4)`
	watched        = `SELECT id, serial, followed, certificate_expires, unproven, state, reason, state_since
		FROM customers WHERE id > $1 AND consent_withdrawn_at IS NULL AND NOT final ORDER BY id LIMIT $2`
)

// prepare prepares the statements; they are closed with the database.
func prepare(db *dbopen.DB) (s statements, err error) {
	log, err := db.Log()
	if err != nil {
		return s, err
	}
	if s.log, err = log.DB(); err != nil {
		return s, err
	}
	read, err := db.Read.DB()
	if err != nil {
		return s, err
	}
	for _, p := range []struct {
		statement **sql.Stmt
		on        *sql.DB
		text      string
	}{
		{&s.byPaired, read, accountOf + "customers.paired = $1"}, {&s.bySerial, read, accountOf + "customers.serial = $1 OR customers.followed = $1"},
		{&s.previousSignIn, s.log, previousSignIn}, {&s.recordSignIn, s.log, recordSignIn},
		{&s.watched, read, watched},
	} {
		if *p.statement, err = p.on.Prepare(p.text); err != nil {
			return s, err
		}
	}
	return s, nil
}

// AccountByCertificate finds the account of the customer known by a certificate.
func (s *Store) AccountByCertificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (bank.Account, error) {
	by := s.bySerial
	if kind == jpki.UserAuthentication {
		by = s.byPaired
	}
	var row heldAccount
	err := by.QueryRowContext(ctx, serial.String()).Scan(&row.Number, &row.Branch, &row.CustomerID, &row.Balance, &row.OpenedAt, &row.Holder)
	if errors.Is(err, sql.ErrNoRows) {
		return bank.Account{}, &bank.UnknownHolderError{Serial: serial}
	}
	return row.account(), err
}

// ForgetSignIns drops the sign-ins before a time.
func (s *Store) ForgetSignIns(ctx context.Context, before time.Time) error {
	return s.db.Write.WithContext(ctx).Where("at < ?", before.UTC()).Delete(&signInRow{}).Error
}

// RecordSignIn keeps a sign-in and returns the time of the one before. It is written
// to the log of the database, which does not wait for the disk: nothing depends on it.
func (s *Store) RecordSignIn(ctx context.Context, in bank.SignIn) (time.Time, error) {
	record, err := json.Marshal(in.Record)
	if err != nil {
		return time.Time{}, err
	}
	tx, err := s.log.BeginTx(ctx, nil)
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = tx.Rollback() }() // nothing, after Commit
	var previous time.Time
	err = tx.StmtContext(ctx, s.previousSignIn).QueryRowContext(ctx, int64(in.Customer)).Scan(&previous)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, err
	}
	if _, err := tx.StmtContext(ctx, s.recordSignIn).ExecContext(ctx, int64(in.Customer), in.Serial.String(), in.At.UTC(), record); err != nil {
		return time.Time{}, err
	}
	if err := tx.Commit(); err != nil || previous.IsZero() {
		return time.Time{}, err
	}
	return previous.UTC(), nil
}
