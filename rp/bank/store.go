package bank

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Store keeps the bank's records. What a method has returned without an error
// is committed. The room db has one.
type Store interface {
	// CreateAccount writes an opening as a whole, under new numbers. A person
	// who has an account by the same four basic data or the same certificates
	// gets an *AlreadyCustomerError; an application number that was used gets
	// ErrApplicationUsed.
	CreateAccount(ctx context.Context, o Opening) (Account, error)
	// Account gives an account, or ErrNoAccount. So do the next three.
	Account(ctx context.Context, no AccountNumber) (Account, error)
	Customer(ctx context.Context, holderOf AccountNumber) (Customer, error)
	Application(ctx context.Context, openedWith AccountNumber) (Application, error)
	// TransferMade gives a transfer that the account sent.
	TransferMade(ctx context.Context, from AccountNumber, reference string) (Transfer, error)
	// AccountByCertificate finds the account of the holder of a user
	// authentication certificate: kept as paired serial, or else whose digital
	// signature certificate is paired (if it is known) with it. It gives an
	// *UnknownHolderError for a card of nobody.
	AccountByCertificate(ctx context.Context, authentication, paired jpki.SerialNumber) (Account, error)
	// RecordSignIn keeps a sign-in, and gives the time of the one before.
	RecordSignIn(ctx context.Context, s SignIn) (previous time.Time, err error)
	// Statement gives at most limit lines, newest first.
	Statement(ctx context.Context, no AccountNumber, limit int) ([]Entry, error)
	// Transfer locks both accounts, calls t.Settle, and writes what it gives.
	// A key that the sender used before gives the transfer made then, or
	// ErrKeyReused if it was a different one.
	Transfer(ctx context.Context, t Transfer) (Transfer, error)
	Ping() error
}
