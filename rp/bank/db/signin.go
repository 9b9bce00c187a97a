package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/bank"
)

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
