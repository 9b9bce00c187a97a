package bank

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Yen is an amount of money in whole yen.
type Yen int64

// Int64 gives the number of yen.
func (y Yen) Int64() int64 { return int64(y) }

// Limits of one transfer and of what is written beside it.
const (
	// OpeningGift is what every new account starts with (開設記念). The mock has
	// no cash desk, so this is where money comes from.
	OpeningGift Yen = 10_000
	MinTransfer Yen = 1
	MaxTransfer Yen = 1_000_000
	MaxMemo         = 30 // characters
	// StatementLines is how many lines the statement shows.
	StatementLines = 100
)

// AccountNumber is an account number (口座番号): seven digits, unique in the
// whole bank. A bare string is none until ParseAccountNumber has read it.
type AccountNumber string

// ParseAccountNumber reads seven digits, full-width ones too, with blanks and
// hyphens among them passed over.
func ParseAccountNumber(s string) (AccountNumber, error) {
	digits, ok := plainDigits(s, " -　－ー")
	if !ok || len(digits) != 7 {
		return "", ErrAccountNumber
	}
	return AccountNumber(digits), nil
}

// ParseYen reads an amount for a transfer: digits, full-width ones too, with
// commas and a unit passed over, from MinTransfer to MaxTransfer.
func ParseYen(s string) (Yen, error) {
	digits, ok := plainDigits(s, ",，円¥￥ ")
	if !ok || digits == "" {
		return 0, ErrAmount
	}
	var n Yen
	for _, d := range digits {
		if n = n*10 + Yen(d-'0'); n > MaxTransfer {
			return 0, ErrAmount
		}
	}
	if n < MinTransfer {
		return 0, ErrAmount
	}
	return n, nil
}

// plainDigits narrows full-width digits and drops the characters of skip. It
// reports false for any other character and for text over 40 octets.
func plainDigits(s, skip string) (string, bool) {
	if len(s) > 40 {
		return "", false
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case !strings.ContainsRune(skip, r):
			return "", false
		}
	}
	return b.String(), true
}

// Account is an ordinary deposit account (普通預金口座).
type Account struct {
	Number   AccountNumber
	Branch   Branch
	Customer CustomerID
	// Holder is the name of the customer, as in the certificate.
	Holder   string
	Balance  Yen
	OpenedAt time.Time
}

// EntryKind says what a line of the statement is.
type EntryKind string

// The kinds of a statement's lines.
const (
	EntryGift EntryKind = "gift" // 開設記念
	EntryOut  EntryKind = "out"  // 振込
	EntryIn   EntryKind = "in"   // 入金
)

// Entry is a line of the statement (入出金明細). Amount is negative for money
// that left.
type Entry struct {
	Account AccountNumber
	At      time.Time
	Kind    EntryKind
	Amount  Yen
	Balance Yen // after this line
	// Other and OtherName are the account at the other end.
	Other     AccountNumber
	OtherName string
	Memo      string
	Transfer  string // the transfer's reference; empty for the gift
}

// Out gives what a line takes from the account, in yen; 0 for one that adds.
func (e Entry) Out() int64 { return max(-e.Amount.Int64(), 0) }

// Account gives an account, or ErrNoAccount.
func (b *Bank) Account(ctx context.Context, no AccountNumber) (Account, error) {
	return b.store.Account(ctx, no)
}

// Statement gives the newest lines of an account, newest first.
func (b *Bank) Statement(ctx context.Context, no AccountNumber) ([]Entry, error) {
	return b.store.Statement(ctx, no, StatementLines)
}

// Application gives the signed application an account was opened with.
func (b *Bank) Application(ctx context.Context, no AccountNumber) (Application, error) {
	return b.store.Application(ctx, no)
}

// Customer gives what the bank knows of an account's holder.
func (b *Bank) Customer(ctx context.Context, no AccountNumber) (Customer, error) {
	return b.store.Customer(ctx, no)
}

// checkMemo accepts one line of printable text.
func checkMemo(s string) error {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxMemo {
		return ErrMemo
	}
	for _, r := range s {
		if !unicode.IsPrint(r) && r != '　' {
			return ErrMemo
		}
	}
	return nil
}
