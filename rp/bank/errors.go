package bank

import (
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Rules of the bank that a request can break. Rules that the card or its
// certificate breaks are errors of the kit.
var (
	// Opening an account. ErrDocumentUsed is also for the forms signed later.
	ErrPurpose         = errors.New("bank: unknown purpose of transactions")
	ErrBranch          = errors.New("bank: no such branch")
	ErrDocumentUsed    = errors.New("bank: this document has already been used")
	ErrTooYoung        = errors.New("bank: account holders must be 15 or older")
	ErrAlreadyCustomer = errors.New("bank: this person already has an account")

	// Finding a customer, an account, a message or a report.
	ErrUnknownHolder = errors.New("bank: no customer holds this certificate")
	ErrAccountNumber = errors.New("bank: an account number must be seven digits")
	ErrNoAccount     = errors.New("bank: no such account")
	ErrNoNotice      = errors.New("bank: no such message")
	ErrNoReport      = errors.New("bank: no such report")

	// Transfers.
	ErrAmount            = errors.New("bank: an amount must be a whole number of yen within the limits")
	ErrMemo              = errors.New("bank: a note must be one line of at most 30 characters")
	ErrSameAccount       = errors.New("bank: cannot transfer to the same account")
	ErrInsufficientFunds = errors.New("bank: insufficient funds")
	ErrKey               = errors.New("bank: an idempotency key must be 8 to 64 letters, digits, - or _")
	ErrKeyReused         = errors.New("bank: idempotency key was used for a different transfer")

	// Changing a customer's record.
	ErrAnotherPerson    = errors.New("bank: certificate does not belong to this customer")
	ErrNothingChanged   = errors.New("bank: certificate is already on record")
	ErrOtherCertificate = errors.New("bank: certificate is not the one on record")
	ErrRecordChanged    = errors.New("bank: the customer's record has changed in the meantime")
	ErrConsentInForce   = errors.New("bank: consent has not been withdrawn")
	ErrConsentWithdrawn = errors.New("bank: consent has already been withdrawn")

	// Change confirmations. The cause is wrapped with it; Failure says which kind.
	ErrConfirmation = errors.New("bank: change confirmation failed")
)

// AlreadyCustomerError is ErrAlreadyCustomer with the existing account. Only
// somebody who has just proved to be that person is told.
type AlreadyCustomerError struct {
	Account AccountNumber
	Since   time.Time
}

func (e *AlreadyCustomerError) Error() string {
	return fmt.Sprintf("%v since %s", ErrAlreadyCustomer, e.Since.In(jpki.JST).Format(time.DateOnly))
}

// Unwrap returns ErrAlreadyCustomer.
func (e *AlreadyCustomerError) Unwrap() error { return ErrAlreadyCustomer }

// UnknownHolderError is ErrUnknownHolder with the serial number of the certificate.
type UnknownHolderError struct{ Serial jpki.SerialNumber }

func (e *UnknownHolderError) Error() string {
	return fmt.Sprintf("%v: serial number %s", ErrUnknownHolder, e.Serial)
}

// Unwrap returns ErrUnknownHolder.
func (e *UnknownHolderError) Unwrap() error { return ErrUnknownHolder }
