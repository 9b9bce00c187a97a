package bank

import (
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Rules of the bank that a request can break. What the card or its certificate
// breaks is an error of the kit.
var (
	ErrPurpose           = errors.New("bank: the purpose of transactions is not one of the list")
	ErrBranch            = errors.New("bank: there is no such branch")
	ErrApplicationUsed   = errors.New("bank: an account has been opened with this application before")
	ErrTooYoung          = errors.New("bank: an account of one's own is for those aged 15 and over")
	ErrAlreadyCustomer   = errors.New("bank: this person has an account already")
	ErrUnknownHolder     = errors.New("bank: no customer is known by this certificate")
	ErrNoAccount         = errors.New("bank: there is no such account")
	ErrAccountNumber     = errors.New("bank: an account number is seven digits")
	ErrAmount            = errors.New("bank: an amount is a whole number of yen within the limits")
	ErrMemo              = errors.New("bank: a note is one line of at most 30 characters")
	ErrSameAccount       = errors.New("bank: a transfer goes to another account")
	ErrInsufficientFunds = errors.New("bank: the balance does not cover this transfer")
	ErrKey               = errors.New("bank: an idempotency key is 8 to 64 letters, digits, - or _")
	ErrAnotherPerson     = errors.New("bank: the certificate is not a later one of this customer")
	ErrNothingChanged    = errors.New("bank: this certificate is the one on record")
	ErrOtherCertificate  = errors.New("bank: this certificate is not the one on record")
	ErrRecordMoved       = errors.New("bank: the customer's record was changed meanwhile")
	ErrConsentStands     = errors.New("bank: the consent has not been withdrawn")
	ErrConsentWithdrawn  = errors.New("bank: the consent has been withdrawn")
	ErrNoNotice          = errors.New("bank: there is no such message")
	ErrNoReport          = errors.New("bank: there is no such report")
	ErrConfirmation      = errors.New("bank: the confirmation of customers has failed; nobody was marked")
	ErrKeyReused         = errors.New("bank: this idempotency key was used for a different transfer")
)

// AlreadyCustomerError is ErrAlreadyCustomer with the account that is there.
// It is told only to somebody who has just proved to be that person.
type AlreadyCustomerError struct {
	Account AccountNumber
	Since   time.Time
}

func (e *AlreadyCustomerError) Error() string {
	return fmt.Sprintf("%v since %s", ErrAlreadyCustomer, e.Since.In(jpki.JST).Format(time.DateOnly))
}

// Unwrap gives ErrAlreadyCustomer.
func (e *AlreadyCustomerError) Unwrap() error { return ErrAlreadyCustomer }

// UnknownHolderError is ErrUnknownHolder with the serial number of the card's
// user authentication certificate.
type UnknownHolderError struct{ Serial jpki.SerialNumber }

func (e *UnknownHolderError) Error() string {
	return fmt.Sprintf("%v: serial number %s", ErrUnknownHolder, e.Serial)
}

// Unwrap gives ErrUnknownHolder.
func (e *UnknownHolderError) Unwrap() error { return ErrUnknownHolder }
