package bank

import (
	"context"
	"crypto/rand"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.jp/jpkimock/internal/shown"
)

// Limits of a transfer and of its note.
const (
	MinTransfer Yen = 1
	MaxTransfer Yen = 1_000_000
	MaxMemo         = 30 // characters
)

// Order is a transfer (振込) that a customer asks for. Key makes it happen only once:
// the same order with the same key returns the transfer made the first time.
type Order struct {
	From, To AccountNumber
	Amount   Yen
	Memo     string
	Key      string
	// PayeeVersion is that of the receiving account when the sender was shown it; "" if
	// the sender was shown nothing. It is not compared by Same and not kept.
	PayeeVersion shown.Version
}

// Same reports whether two orders ask for the same transfer.
func (o Order) Same(other Order) bool {
	o.PayeeVersion, other.PayeeVersion = "", ""
	return o == other
}

// PayeeVersion returns the version of what a sender is shown of an account: number,
// holder and branch. It changes with each of them.
func (a Account) PayeeVersion() shown.Version {
	return shown.Of(string(a.Number), a.Holder, a.Branch.Code)
}

// Transfer is an order that was carried out.
type Transfer struct {
	Order
	Reference string
	FromName  string
	ToName    string
	// Balance is the sender's balance after the transfer.
	Balance Yen
	At      time.Time
}

// ParseYen reads an amount for a transfer, from MinTransfer to MaxTransfer, in
// digits that may be full-width. It ignores commas and the unit.
func ParseYen(s string) (Yen, error) {
	var n Yen
	for _, d := range Digits(s, ",，円¥￥ ") {
		if n = n*10 + Yen(d-'0'); n > MaxTransfer {
			return 0, ErrAmount
		}
	}
	if n < MinTransfer {
		return 0, ErrAmount
	}
	return n, nil
}

// NewKey makes an idempotency key.
func NewKey() string { return rand.Text() }

// Preview checks an order and returns the receiving account, so that the sender can
// see whose it is. Nothing is changed.
func (b *Bank) Preview(ctx context.Context, o Order) (Account, error) {
	if err := o.check(); err != nil {
		return Account{}, err
	}
	from, err := b.store.Account(ctx, o.From)
	if err != nil {
		return Account{}, err
	}
	to, err := b.store.Account(ctx, o.To)
	if err != nil {
		return Account{}, err
	}
	if from.Balance < o.Amount {
		return Account{}, ErrInsufficientFunds
	}
	return to, nil
}

// Transfer carries out an order. Either both accounts change or neither, and the
// transfer is committed when it returns. An order whose key was used before changes
// nothing and returns the transfer made then, or ErrKeyReused if that was a different
// one. If the payee has changed since it was shown, the error is shown.ErrChanged.
func (b *Bank) Transfer(ctx context.Context, o Order) (Transfer, error) {
	if err := o.check(); err != nil {
		return Transfer{}, err
	}
	t := Transfer{Order: o, Reference: "F" + rand.Text()[:10], At: b.now()}
	return b.store.Transfer(ctx, t)
}

// TransferMade returns a transfer that an account sent, or ErrNoAccount if it sent
// none with this reference.
func (b *Bank) TransferMade(ctx context.Context, from AccountNumber, reference string) (Transfer, error) {
	return b.store.TransferMade(ctx, from, reference)
}

func (o Order) check() error {
	if _, err := ParseAccountNumber(string(o.To)); err != nil {
		return err
	}
	if o.From == o.To {
		return ErrSameAccount
	}
	if o.Amount < MinTransfer || o.Amount > MaxTransfer {
		return ErrAmount
	}
	if err := checkMemo(o.Memo); err != nil {
		return err
	}
	return checkKey(o.Key)
}

// checkMemo accepts one line of printable text, which may have full-width blanks.
func checkMemo(s string) error {
	strange := func(r rune) bool { return !unicode.IsPrint(r) && r != '　' }
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > MaxMemo || strings.ContainsFunc(s, strange) {
		return ErrMemo
	}
	return nil
}

func checkKey(s string) error {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	strange := func(r rune) bool { return !strings.ContainsRune(allowed, r) }
	if len(s) < 8 || len(s) > 64 || strings.ContainsFunc(s, strange) {
		return ErrKey
	}
	return nil
}

// Settle decides whether the transfer can be made, and what it changes. A store
// calls it inside its transaction, with both accounts locked, and writes the
// outcome: the completed transfer, and an entry for each account with the balance
// after it.
func (t Transfer) Settle(from, to Account) (Transfer, [2]Entry, error) {
	if from.Number != t.From || to.Number != t.To || from.Number == to.Number {
		return Transfer{}, [2]Entry{}, ErrSameAccount
	}
	if err := t.PayeeVersion.Still(to.PayeeVersion()); err != nil {
		return Transfer{}, [2]Entry{}, err
	}
	if t.Amount < MinTransfer || t.Amount > from.Balance {
		return Transfer{}, [2]Entry{}, ErrInsufficientFunds
	}
	t.PayeeVersion = ""
	t.FromName, t.ToName, t.Balance = from.Holder, to.Holder, from.Balance-t.Amount
	out := Entry{Account: from.Number, At: t.At, Kind: EntryOut, Amount: -t.Amount, Balance: t.Balance,
		Other: to.Number, OtherName: to.Holder, Memo: t.Memo, Transfer: t.Reference}
	in := Entry{Account: to.Number, At: t.At, Kind: EntryIn, Amount: t.Amount, Balance: to.Balance + t.Amount,
		Other: from.Number, OtherName: from.Holder, Memo: t.Memo, Transfer: t.Reference}
	return t, [2]Entry{out, in}, nil
}
