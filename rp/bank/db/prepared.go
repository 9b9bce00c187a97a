package db

import (
	"database/sql"

	"example.jp/jpkimock/internal/dbopen"
)

// preparedStatements are the SQL of sign-ins (BenchmarkSignInOverHTTP) and confirmations
// (BenchmarkConfirm). They are prepared once and bypass gorm, which takes several
// times as long as the database.
type preparedStatements struct {
	log                          *sql.DB // sign-ins; its commits do not wait for the disk
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
func prepare(db *dbopen.DB) (s preparedStatements, err error) {
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
