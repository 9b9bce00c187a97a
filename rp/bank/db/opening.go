package db

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"example.jp/jpkimock/rp/bank"
)

// CreateAccount writes customer, application, account and the first entry of the
// statement in one transaction. Of two openings at once for one person, the unique
// indexes let one through; Transaction then runs the other again, which finds it.
func (s *Store) CreateAccount(ctx context.Context, o bank.Opening) (bank.Account, error) {
	var made heldAccount
	err := s.db.Transaction(ctx, func(tx *gorm.DB) error {
		customer := customerToRow(o.Customer)
		if err := refuseHeld(tx, customer); err != nil {
			return err
		}
		if err := refuseUsed(tx, &applicationRow{}, o.Application.Document.Number); err != nil {
			return err
		}
		var err error
		if customer.Standing.FirstReport, err = nextReport(tx); err != nil {
			return err
		}
		if err := tx.Create(&customer).Error; err != nil {
			return err
		}
		number, err := accountNumberOf(customer.ID)
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

// refuseHeld returns an *AlreadyCustomerError if another customer has the four basic
// data of c or one of its certificates. A new customer's ID is 0.
func refuseHeld(tx *gorm.DB, c customerRow) error {
	known := tx.Where("customers.person = ? OR customers.serial = ? OR customers.followed = ?", c.Person, c.Serial, c.Serial)
	if c.Paired != nil {
		known = known.Or("customers.paired = ?", *c.Paired)
	}
	var other heldAccount
	err := held(tx).Where("customers.id <> ?", c.ID).Where(known).Order("accounts.opened_at").Limit(1).Take(&other).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return &bank.AlreadyCustomerError{Account: bank.AccountNumber(other.Number), Since: other.OpenedAt.UTC()}
}

// refuseUsed returns ErrDocumentUsed if a document with this number is in the rows of
// model: an application or a form.
func refuseUsed(tx *gorm.DB, model any, number string) error {
	var used int64
	if err := tx.Model(model).Where("number = ?", number).Count(&used).Error; err != nil {
		return err
	}
	if used > 0 {
		return bank.ErrDocumentUsed
	}
	return nil
}

// Account numbers go through 1000000 to 9999999 once, in an order in which successive
// numbers are far apart: for a long time a mistyped digit leads to no account.
const (
	firstAccountNumber = 1_000_000
	accountNumbers     = 9_000_000
	accountNumberStep  = 7_654_321 // has no factor in common with accountNumbers
)

// accountNumberOf returns the account number of a customer by the customer's ID.
func accountNumberOf(customer int64) (string, error) {
	if customer < 0 || customer >= accountNumbers {
		return "", fmt.Errorf("bank: account numbers are used up at customer %d", customer)
	}
	return fmt.Sprintf("%07d", firstAccountNumber+customer*accountNumberStep%accountNumbers), nil
}
