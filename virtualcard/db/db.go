// Package db keeps virtual cards in SQLite or PostgreSQL: cards that survive a
// restart, and tries of a PIN that survive a crash.
//
// It plays the part of the chip's own memory, so private keys (PKCS#8) and PINs
// lie in it as they are. The file is as secret as the cards are; those of the
// mock's world are published test keys or keys of fictional people.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/virtualcard"
)

// Store is a virtualcard.Store on a database. All methods may be called from
// any goroutine.
type Store struct {
	db *dbopen.DB
	statements
}

var _ virtualcard.Store = (*Store)(nil)

// Open opens the store at address: the path of a SQLite file, or a postgres://
// address.
func Open(address string) (*Store, error) {
	db, err := dbopen.Open(address, &cardRow{}, &slotRow{})
	if err != nil {
		return nil, err
	}
	prepared, err := prepare(db)
	if err == nil {
		err = completeReferences(db)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("virtualcard/db: prepare: %w", err), db.Close())
	}
	return &Store{db: db, statements: prepared}, nil
}

// Close closes the store.
func (s *Store) Close() error { return s.db.Close() }

// Ping reports whether the store answers.
func (s *Store) Ping() error { return s.db.Ping() }

// CreateCard does what virtualcard.Store says.
func (s *Store) CreateCard(ctx context.Context, card virtualcard.Card) error {
	row, slots := rowsOf(card)
	err := s.db.Write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(&row).Error; err != nil {
			return err
		}
		return tx.Create(&slots).Error
	})
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return virtualcard.ErrCardExists
	}
	return wrap("create card", err)
}

// load reads a card in a transaction.
func load(db *gorm.DB, id virtualcard.CardID) (virtualcard.Card, error) {
	var rows []cardRow
	if err := db.Where("id = ?", string(id)).Limit(1).Find(&rows).Error; err != nil {
		return virtualcard.Card{}, err
	}
	if len(rows) == 0 {
		return virtualcard.Card{}, virtualcard.ErrNoCard
	}
	var slots []slotRow
	if err := db.Where("card_id = ?", string(id)).Find(&slots).Error; err != nil {
		return virtualcard.Card{}, err
	}
	return cardOf(rows[0], slots)
}

// Cards does what virtualcard.Store says.
func (s *Store) Cards(ctx context.Context) ([]virtualcard.Card, error) {
	var rows []cardRow
	var slots []slotRow
	err := s.db.Read.WithContext(ctx).Order("id").Find(&rows).Error
	if err == nil {
		err = s.db.Read.WithContext(ctx).Find(&slots).Error
	}
	if err != nil {
		return nil, wrap("read cards", err)
	}
	of := map[string][]slotRow{}
	for _, slot := range slots {
		of[slot.CardID] = append(of[slot.CardID], slot)
	}
	cards := make([]virtualcard.Card, 0, len(rows))
	for _, row := range rows {
		card, err := cardOf(row, of[row.ID])
		if err != nil {
			return nil, wrap("read cards", err)
		}
		cards = append(cards, card)
	}
	return cards, nil
}

// ChangeCard does what virtualcard.Store says.
func (s *Store) ChangeCard(ctx context.Context, id virtualcard.CardID, change func(*virtualcard.Card) error) error {
	var refused error
	err := s.db.Write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		card, err := load(locked(tx), id)
		if err != nil {
			return err
		}
		if refused = change(&card); refused != nil {
			return refused
		}
		card.ID = id
		row, slots := rowsOf(card)
		if err := tx.Save(&row).Error; err != nil {
			return err
		}
		return tx.Save(&slots).Error
	})
	if refused != nil {
		return refused
	}
	return wrap("change card", err)
}

// wrap says what failed, and gives the domain its own word for a missing row.
func wrap(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, virtualcard.ErrNoCard), errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		return virtualcard.ErrNoCard
	}
	return fmt.Errorf("virtualcard/db: %s: %w", what, err)
}
