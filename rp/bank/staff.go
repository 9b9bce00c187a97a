package bank

import (
	"context"
	"strings"

	"example.jp/jpkimock/rp"
)

// PerPage is how many customers stand on a page of the list.
const PerPage = 50

// CustomerQuery selects customers for the list of staff.
type CustomerQuery struct {
	Account AccountNumber // empty for all
	State   rp.State      // empty for all
	// Withheld selects those who have withdrawn their consent, State none of
	// whom.
	Withheld bool
	Page     int // from 0
}

// CustomerLine is a customer in the list.
type CustomerLine struct {
	Account  AccountNumber
	Branch   Branch
	Name     string
	Withheld bool
	Standing Standing
}

// Masked gives the name with only the first character of each part, for a list
// that many can see.
func (l CustomerLine) Masked() string { return masked(l.Name) }

// Masked gives the name as in the list of customers.
func (n AddressedNotice) Masked() string { return masked(n.Name) }

func masked(name string) string {
	first := true
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '　':
			first = true
		case first:
			first = false
		default:
			return '＊'
		}
		return r
	}, name)
}

// Customers lists customers by account, with how many there are in all.
func (b *Bank) Customers(ctx context.Context, q CustomerQuery) ([]CustomerLine, int, error) {
	q.Page = max(q.Page, 0)
	return b.store.Customers(ctx, q)
}

// Tally counts the customers by what is known of them now.
func (b *Bank) Tally(ctx context.Context) (Tally, error) { return b.store.Tally(ctx) }

// OpenRecord gives a customer's record to a member of staff, and notes in the
// history that it was opened.
func (b *Bank) OpenRecord(ctx context.Context, no AccountNumber) (Customer, error) {
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return Customer{}, err
	}
	return customer, b.store.AddPast(ctx, Past{Customer: customer.ID, At: b.now().UTC(), Act: PastOpened})
}

// Waiting counts the messages that wait for something. A customer has at most
// one that does.
type Waiting struct {
	Customers int // for the customer
	Staff     int // for staff alone
	Letters   int // with which a letter goes
}

// CountWaiting counts the messages that wait for something.
func (b *Bank) CountWaiting(ctx context.Context) (Waiting, error) { return b.store.CountWaiting(ctx) }

// Waiting gives the newest messages that wait for something, at most limit.
func (b *Bank) Waiting(ctx context.Context, limit int) ([]AddressedNotice, error) {
	return b.store.Notices(ctx, NoticeQuery{Open: true, Limit: limit})
}

// Letters gives the newest letters of customers who are waited for, at most
// limit.
func (b *Bank) Letters(ctx context.Context, limit int) ([]AddressedNotice, error) {
	return b.store.Notices(ctx, NoticeQuery{Open: true, Letter: true, Limit: limit})
}

// Letter gives a message with its address, or ErrNoNotice.
func (b *Bank) Letter(ctx context.Context, id NoticeID) (AddressedNotice, error) {
	found, err := b.store.Notices(ctx, NoticeQuery{ID: id})
	if err != nil {
		return AddressedNotice{}, err
	}
	if id <= 0 || len(found) != 1 || !found[0].Letter {
		return AddressedNotice{}, ErrNoNotice
	}
	return found[0], nil
}

// Printed notes that a letter was printed.
func (b *Bank) Printed(ctx context.Context, id NoticeID) error {
	if _, err := b.Letter(ctx, id); err != nil {
		return err
	}
	return b.store.MarkPrinted(ctx, id, b.now().UTC())
}
