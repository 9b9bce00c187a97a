package db

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"example.jp/jpkimock/rp/bank"
)

// CreateAccount writes customer, application, account and the first entry of the
// statement in one transaction.
func (s *Store) CreateAccount(ctx context.Context, o bank.Opening) (bank.Account, error) {
	var made heldAccount
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		customer := customerToRow(o.Customer)
		if err := refuseSecond(tx, customer, o.Application.Document.Number); err != nil {
			return err
		}
		var err error
		if customer.Standing.FirstReport, err = nextReport(tx); err != nil {
			return err
		}
		if err := tx.Create(&customer).Error; err != nil {
			return err
		}
		number, err := numberOf(customer.ID)
		if err != nil {
			return err
		}
		account := accountRow{Number: number, Branch: o.Application.Branch.Code, CustomerID: customer.ID, Balance: o.Gift.Amount.Int64(), OpenedAt: o.Customer.Since.UTC()}
		application, err := applicationToRow(o.Application, customer.ID)
		if err != nil {
			return err
		}
		gift := entryToRow(o.Gift)
		gift.Account = number
		for _, row := range []any{&application, &account, &gift} {
			if err := tx.Create(row).Error; err != nil {
				return err
			}
		}
		made = heldAccount{account.Number, account.Branch, account.CustomerID, account.Balance, account.OpenedAt, customer.Name}
		return nil
	})
	if err != nil {
		return bank.Account{}, err
	}
	return made.account(), nil
}

// refuseSecond refuses a person who is a customer, and an application that was used
// before.
func refuseSecond(tx *gorm.DB, c customerRow, application string) error {
	known := "customers.person = ? OR customers.serial = ? OR customers.followed = ?"
	args := []any{c.Person, c.Serial, c.Serial}
	if c.Paired != nil {
		known, args = known+" OR customers.paired = ?", append(args, *c.Paired)
	}
	var there heldAccount
	err := held(tx).Where(known, args...).Order("accounts.opened_at").Limit(1).Take(&there).Error
	if err == nil {
		return &bank.AlreadyCustomerError{Account: bank.AccountNumber(there.Number), Since: there.OpenedAt.UTC()}
	}
	if !errors.Is(err, gorm.ErrRecordNotFound) {
		return err
	}
	var used int64
	if err := tx.Model(&applicationRow{}).Where("number = ?", application).Count(&used).Error; err != nil {
		return err
	}
	if used > 0 {
		return bank.ErrApplicationUsed
	}
	return nil
}

// Account numbers go through 1000000 to 9999999 once, in an order in which successive
// numbers are far apart: for a long time a mistyped digit leads to no account.
const (
	numbers    = 9_000_000
	numberStep = 7_654_321 // has no factor in common with numbers
	numberBase = 1_000_000
)

func numberOf(customer int64) (string, error) {
	if customer < 0 || customer >= numbers {
		return "", fmt.Errorf("bank: account numbers are used up at customer %d", customer)
	}
	return fmt.Sprintf("%07d", numberBase+customer*numberStep%numbers), nil
}
