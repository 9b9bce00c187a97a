package bank

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// PastAct says what was done to a customer's record.
type PastAct string

// The acts that the history of a customer (届出の履歴) tells of.
const (
	PastChanged          PastAct = "changed"           // a change notice was accepted
	PastConsentWithdrawn PastAct = "consent-withdrawn" // 利用許諾の撤回
	PastConsentGiven     PastAct = "consent-given"     // 利用許諾
	PastPaired           PastAct = "paired"            // a new user authentication certificate was recognised
	PastFollowed         PastAct = "followed"          // a renewed digital signature certificate is watched from now on
	PastReissued         PastAct = "reissued"          // so is one that was issued after a loss or an expiry
	PastTouched          PastAct = "touched"           // the card was touched at a branch counter
	PastOpened           PastAct = "opened"            // a member of staff opened the record
)

// Past is a line of a customer's history: who did what, when, by which
// certificate, and what the record said before.
type Past struct {
	ID       int64
	Customer CustomerID
	At       time.Time
	Act      PastAct
	// By is the certificate by which it was done; empty for a session or staff.
	By jpki.SerialNumber
	// Document is the number of the signed document, if there is one.
	Document string
	// Former is the record before a change; nil if the act changed none of it.
	Former *Former
}

// Former is what a customer's record said before a change (変更前の届出事項).
type Former struct {
	BasicFour      jpki.BasicFour    `json:"basicFour"`
	Serial, Paired jpki.SerialNumber `json:",omitempty"`
	Certificate    []byte            `json:"certificate,omitempty"` // DER
}

// former keeps what a record says.
func (c Customer) former() *Former {
	return &Former{BasicFour: c.BasicFour, Serial: c.Serial, Paired: c.Paired, Certificate: c.Certificate}
}

// Amendment is a change of a customer's record, written as a whole.
type Amendment struct {
	// Before is the record as the bank looked at it; a store refuses with
	// ErrRecordMoved if certificates or consent are others by now.
	Before, After Customer
	Form          *SignedForm // nil if nothing was signed
	Past          Past
	// Receipt is a message to write, and Settles closes the messages that
	// asked for this change.
	Receipt *Notice
	Settles bool
}

// History gives what was done to a customer's record, newest first.
func (b *Bank) History(ctx context.Context, no AccountNumber) ([]Past, error) {
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return nil, err
	}
	return b.store.History(ctx, customer.ID)
}
