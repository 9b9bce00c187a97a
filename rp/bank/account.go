package bank

import (
	"context"
	"strings"
	"time"
)

// Yen is an amount of money in whole yen.
type Yen int64

// Int64 returns the number of yen, for templates and rows.
func (y Yen) Int64() int64 { return int64(y) }

// StatementLines is how many entries the statement shows.
const StatementLines = 100

// AccountNumber is an account number (口座番号): seven digits, unique in the whole
// bank. ParseAccountNumber reads one.
type AccountNumber string

// ParseAccountNumber reads seven digits, which may be full-width. It ignores blanks
// and hyphens.
func ParseAccountNumber(s string) (AccountNumber, error) {
	digits := Digits(s, " -　－ー")
	if len(digits) != 7 {
		return "", ErrAccountNumber
	}
	return AccountNumber(digits), nil
}

// Digits makes full-width digits half-width and drops the characters of skip. It
// returns "" for text with any other character, and for text over 40 octets.
func Digits(s, skip string) string {
	if len(s) > 40 {
		return ""
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case !strings.ContainsRune(skip, r):
			return ""
		}
	}
	return b.String()
}

// Account is an ordinary deposit account (普通預金口座).
type Account struct {
	Number   AccountNumber
	Branch   Branch
	Customer CustomerID
	// Holder is the customer's name, as in the certificate.
	Holder   string
	Balance  Yen
	OpenedAt time.Time
}

// EntryKind says what an entry of the statement is.
type EntryKind string

// The kinds of entries.
const (
	EntryGift EntryKind = "gift" // 開設記念
	EntryOut  EntryKind = "out"  // 振込
	EntryIn   EntryKind = "in"   // 入金
)

// Entry is an entry of the statement (入出金明細). Amount is negative for money that
// was sent.
type Entry struct {
	Account AccountNumber
	At      time.Time
	Kind    EntryKind
	Amount  Yen
	Balance Yen // after this entry
	// Other and OtherName are the other account of a transfer.
	Other     AccountNumber
	OtherName string
	Memo      string
	Transfer  string // the transfer's reference; empty for the gift
}

// Out returns what an entry takes from the account, in yen; 0 if it adds to it.
func (e Entry) Out() int64 { return max(-e.Amount.Int64(), 0) }

// Account returns an account, or ErrNoAccount.
func (b *Bank) Account(ctx context.Context, no AccountNumber) (Account, error) {
	return b.store.Account(ctx, no)
}

// Statement returns the newest entries of an account, newest first.
func (b *Bank) Statement(ctx context.Context, no AccountNumber) ([]Entry, error) {
	return b.store.Statement(ctx, no, StatementLines)
}
