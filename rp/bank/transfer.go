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

// Order is a transfer (振込) that a customer asks for. Key makes it happen only once:
// the same order with the same key returns the transfer made the first time.
type Order struct {
	From, To AccountNumber
	Amount   Yen
	Memo     string
	Key      string
	// Payee is the version of the receiving account that the sender was shown; "" if the
	// sender was shown nothing. It is no part of the order itself.
	Payee shown.Version
}

// Same reports whether two orders ask for the same.
func (o Order) Same(other Order) bool {
	o.Payee, other.Payee = "", ""
	return o == other
}

// Payee gives the version of what a sender is shown of an account.
func (a Account) Payee() shown.Version {
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
// nothing, and neither does one whose payee is no longer shown as it was
// (shown.ErrChanged).
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

func checkKey(s string) error {
	if len(s) < 8 || len(s) > 64 {
		return ErrKey
	}
	for _, r := range s {
		if !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", r) {
			return ErrKey
		}
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
	if err := t.Payee.Still(to.Payee()); err != nil {
		return Transfer{}, [2]Entry{}, err
	}
	if t.Amount < MinTransfer || t.Amount > from.Balance {
		return Transfer{}, [2]Entry{}, ErrInsufficientFunds
	}
	t.Payee = ""
	t.FromName, t.ToName, t.Balance = from.Holder, to.Holder, from.Balance-t.Amount
	out := Entry{Account: from.Number, At: t.At, Kind: EntryOut, Amount: -t.Amount, Balance: t.Balance,
		Other: to.Number, OtherName: to.Holder, Memo: t.Memo, Transfer: t.Reference}
	in := Entry{Account: to.Number, At: t.At, Kind: EntryIn, Amount: t.Amount, Balance: to.Balance + t.Amount,
		Other: from.Number, OtherName: from.Holder, Memo: t.Memo, Transfer: t.Reference}
	return t, [2]Entry{out, in}, nil
}
