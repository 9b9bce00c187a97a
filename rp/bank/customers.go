package bank

import (
	"context"
	"strings"

	"example.jp/jpkimock/rp"
)

// PerPage is how many lines a page of a list has.
const PerPage = 25

// CustomerQuery selects customers for the staff's list.
type CustomerQuery struct {
	Account AccountNumber // empty for all
	State   rp.State      // empty for all
	// Withheld selects customers who have withdrawn their consent; State selects
	// none of them.
	Withheld bool
	Page     int // from 1, of PerPage customers; 0 is the first as well
}

// CustomerLine is a customer in the list.
type CustomerLine struct {
	Account  AccountNumber
	Branch   Branch
	Name     string
	Withheld bool
	Standing Standing
}

// Masked returns the name with only the first character of each part, for a list
// that all staff can see.
func (l CustomerLine) Masked() string { return masked(l.Name) }

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

// Customers returns a page of the customers selected, by account number, and how many
// are selected in all.
func (b *Bank) Customers(ctx context.Context, q CustomerQuery) ([]CustomerLine, int, error) {
	q.Page = max(q.Page, 1)
	return b.store.Customers(ctx, q)
}

// Tally counts the customers by what is known about them now.
func (b *Bank) Tally(ctx context.Context) (Tally, error) { return b.store.Tally(ctx) }

// OpenRecord returns a customer's record for a member of staff, and logs in the
// history that it was opened.
func (b *Bank) OpenRecord(ctx context.Context, no AccountNumber) (Customer, error) {
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return Customer{}, err
	}
	return customer, b.store.AddHistory(ctx, HistoryEntry{Customer: customer.ID, At: b.now(), Act: ActRecordOpened})
}
