package db

import (
	"context"
	"database/sql"
	"errors"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/chip"
)

// statements are what every touch of a card needs: the card put in a reader, a
// try spent and given back. They are prepared once and go past gorm, which takes
// several times as long as the database does (BenchmarkConnect, BenchmarkVerify).
type statements struct {
	write                      *sql.DB
	read, spend, left, restore *sql.Stmt
}

// The parameters are numbered in the order in which they appear, which SQLite
// and PostgreSQL read alike.
const (
	readCard = `SELECT c.name, c.kana, c.name_en, c.address, c.date_of_birth, c.gender, c.expires, c.number,
		c.municipality, c.variant, c.dead, c.tampered, c.made,
		s.kind, s.key, s.pending_key, s.certificate, s.ca_certificate, s.pin, s.tries_left
		FROM cards c LEFT JOIN card_slots s ON s.card_id = c.id WHERE c.id = $1`
	spendTry     = `UPDATE card_slots SET tries_left = tries_left - 1 WHERE card_id = $1 AND kind = $2 AND tries_left > 0 RETURNING tries_left`
	triesLeft    = `SELECT tries_left FROM card_slots WHERE card_id = $1 AND kind = $2`
	restoreTries = `UPDATE card_slots SET tries_left = $1 WHERE card_id = $2 AND kind = $3`
)

// prepare prepares the statements; they are closed with the database.
func prepare(db *dbopen.DB) (s statements, err error) {
	if s.write, err = db.Write.DB(); err != nil {
		return s, err
	}
	reader, err := db.Read.DB()
	if err != nil {
		return s, err
	}
	// What is given back may be lost with the machine's power, to the holder's
	// cost alone: it waits for no disk. What is spent does.
	log, err := db.Log()
	if err != nil {
		return s, err
	}
	giver, err := log.DB()
	if err != nil {
		return s, err
	}
	for _, p := range []struct {
		statement **sql.Stmt
		on        *sql.DB
		text      string
	}{{&s.read, reader, readCard}, {&s.spend, s.write, spendTry}, {&s.left, s.write, triesLeft}, {&s.restore, giver, restoreTries}} {
		if *p.statement, err = p.on.Prepare(p.text); err != nil {
			return s, err
		}
	}
	return s, nil
}

// Card does what virtualcard.Store says.
func (s *Store) Card(ctx context.Context, id virtualcard.CardID) (virtualcard.Card, error) {
	rows, err := s.read.QueryContext(ctx, string(id))
	if err != nil {
		return virtualcard.Card{}, wrap("read card", err)
	}
	defer rows.Close()
	row := cardRow{}
	var slots []slotRow
	for rows.Next() {
		var slot slotRow
		var kind sql.NullString
		var tries sql.NullInt64
		err := rows.Scan(&row.Name, &row.Kana, &row.NameEN, &row.Address, &row.DateOfBirth, &row.Gender, &row.Expires, &row.Number,
			&row.Municipality, &row.Variant, &row.Dead, &row.Tampered, &row.Made,
			&kind, &slot.Key, &slot.PendingKey, &slot.Certificate, &slot.CACertificate, &slot.PIN, &tries)
		if err != nil {
			return virtualcard.Card{}, wrap("read card", err)
		}
		row.ID = string(id)
		if kind.Valid {
			slot.Kind, slot.TriesLeft = kind.String, int(tries.Int64)
			slots = append(slots, slot)
		}
	}
	switch err := rows.Err(); {
	case err != nil:
		return virtualcard.Card{}, wrap("read card", err)
	case row.ID == "":
		return virtualcard.Card{}, virtualcard.ErrNoCard
	}
	card, err := cardOf(row, slots)
	return card, wrap("read card", err)
}

// SpendTry does what virtualcard.Store says. Condition and count are one
// statement. Once begun it is not given up, so that a caller that goes away in the
// middle cannot leave it open whether a try was spent.
func (s *Store) SpendTry(ctx context.Context, id virtualcard.CardID, r chip.Ref) (left int, spent bool, err error) {
	if err := ctx.Err(); err != nil {
		return 0, false, wrap("spend a try", err)
	}
	ctx = context.WithoutCancel(ctx)
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return 0, false, wrap("spend a try", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing, after Commit
	err = tx.StmtContext(ctx, s.spend).QueryRowContext(ctx, string(id), string(r)).Scan(&left)
	spent = err == nil
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.StmtContext(ctx, s.left).QueryRowContext(ctx, string(id), string(r)).Scan(&left)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return 0, false, wrap("spend a try", err)
	}
	return left, spent, nil
}

// RestoreTries does what virtualcard.Store says.
func (s *Store) RestoreTries(ctx context.Context, id virtualcard.CardID, r chip.Ref, tries int) error {
	done, err := s.restore.ExecContext(ctx, tries, string(id), string(r))
	if err != nil {
		return wrap("restore tries", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return wrap("restore tries", errors.Join(err, virtualcard.ErrNoCard))
	}
	return nil
}
