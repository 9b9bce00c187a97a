package db

import (
	"context"
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
)

// Transfer moves money: it writes both balances, both entries and the transfer in one
// transaction, with both accounts locked.
func (s *Store) Transfer(ctx context.Context, t bank.Transfer) (bank.Transfer, error) {
	var made bank.Transfer
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		from, to, err := lockBoth(tx, t.From, t.To)
		if err != nil {
			return err
		}
		if before, found, err := madeBefore(tx, t); found || err != nil {
			made = before
			return err
		}
		settled, lines, err := t.Settle(from, to)
		if err != nil {
			return err
		}
		made = settled
		return write(tx, settled, lines)
	})
	if err != nil {
		return bank.Transfer{}, err
	}
	return made, nil
}

// lockBoth reads both accounts for update, in the order of their numbers, so that two
// transfers between them cannot deadlock.
func lockBoth(tx *gorm.DB, from, to bank.AccountNumber) (a, b bank.Account, err error) {
	var rows []heldAccount
	err = held(tx).Clauses(clause.Locking{Strength: "UPDATE", Table: clause.Table{Name: "accounts"}}).
		Where("accounts.number IN ?", []string{string(from), string(to)}).Order("accounts.number").Find(&rows).Error
	if err != nil {
		return a, b, err
	}
	for _, r := range rows {
		switch r.Number {
		case string(from):
			a = r.account()
		case string(to):
			b = r.account()
		}
	}
	if a.Number == "" || b.Number == "" {
		return a, b, bank.ErrNoAccount
	}
	return a, b, nil
}

// madeBefore finds the transfer that was made with the sender's key.
func madeBefore(tx *gorm.DB, t bank.Transfer) (bank.Transfer, bool, error) {
	var row transferRow
	err := tx.Where("sender = ? AND idempotency_key = ?", string(t.From), t.Key).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return bank.Transfer{}, false, nil
	}
	if err != nil {
		return bank.Transfer{}, false, err
	}
	before := row.transfer()
	if !before.Same(t.Order) {
		return bank.Transfer{}, false, bank.ErrKeyReused
	}
	return before, true, nil
}

func write(tx *gorm.DB, t bank.Transfer, lines [2]bank.Entry) error {
	row := transferToRow(t)
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	for _, line := range lines {
		entry := entryToRow(line)
		if err := tx.Create(&entry).Error; err != nil {
			return err
		}
		err := tx.Model(&accountRow{}).Where("number = ?", entry.Account).Update("balance", entry.Balance).Error
		if err != nil {
			return err
		}
	}
	return nil
}

// TransferMade returns a transfer that an account sent, or bank.ErrNoAccount.
func (s *Store) TransferMade(ctx context.Context, from bank.AccountNumber, reference string) (bank.Transfer, error) {
	var row transferRow
	err := s.db.Read.WithContext(ctx).Where("sender = ? AND reference = ?", string(from), reference).Take(&row).Error
	return row.transfer(), dbopen.Missing(err, bank.ErrNoAccount)
}
