package bank

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Act says what was done to a customer's record.
type Act string

// The acts in the history of a customer (届出の履歴).
const (
	ActChanged          Act = "changed"           // a change form was accepted
	ActConsentWithdrawn Act = "consent-withdrawn" // 利用許諾の撤回
	ActConsentGiven     Act = "consent-given"     // 利用許諾
	ActPaired           Act = "paired"            // a new user authentication certificate was recognised
	ActFollowed         Act = "followed"          // a renewed digital signature certificate is watched from then on
	ActReissued         Act = "reissued"          // the same for one that was issued after a loss or an expiry
	ActDelivered        Act = "delivered"         // the authority delivered the latest data, as the customer had consented
	ActTouched          Act = "touched"           // the card was touched at a branch counter
	ActRecordOpened     Act = "opened"            // a member of staff opened the record
)

// HistoryEntry says who did what to a customer's record, when, by which
// certificate, and what the record said before.
type HistoryEntry struct {
	ID       int64
	Customer CustomerID
	At       time.Time
	Act      Act
	// By is the certificate with which it was done; empty for acts in a session
	// and of staff.
	By jpki.SerialNumber
	// Document is the number of the signed document, if there is one.
	Document string
	// Former is the record before a change; nil if the act changed none of it.
	Former *FormerRecord
}

// FormerRecord is what a customer's record said before a change (変更前の届出事項).
type FormerRecord struct {
	BasicFour      jpki.BasicFour    `json:"basicFour"`
	Serial, Paired jpki.SerialNumber `json:",omitempty"`
	Certificate    []byte            `json:"certificate,omitempty"` // DER
}

func (c Customer) former() *FormerRecord {
	return &FormerRecord{BasicFour: c.BasicFour, Serial: c.Serial, Paired: c.Paired, Certificate: c.Certificate}
}

// History returns what was done to a customer's record, newest first.
func (b *Bank) History(ctx context.Context, no AccountNumber) ([]HistoryEntry, error) {
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return nil, err
	}
	return b.store.History(ctx, customer.ID)
}
