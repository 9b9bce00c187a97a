package bank

import "context"

// NoticeQuery selects messages; empty fields select all.
type NoticeQuery struct {
	Customer CustomerID
	ID       NoticeID
	Open     bool
	Letter   bool
	Page     int // from 1, of PerPage messages; 0 selects the newest 1,000
}

// AddressedNotice is a message with its addressee: who it was written to, as on
// record at that time.
type AddressedNotice struct {
	Notice
	Account AccountNumber
	Branch  Branch
	Name    string
	Address string
}

// Masked returns the name as in the list of customers.
func (n AddressedNotice) Masked() string { return masked(n.Name) }

// Waiting counts the open messages. A customer has at most one.
type Waiting struct {
	Customers int // for customers
	Staff     int // for staff alone
	Letters   int // with a letter
}

// CountWaiting counts the open messages.
func (b *Bank) CountWaiting(ctx context.Context) (Waiting, error) { return b.store.CountWaiting(ctx) }

// Waiting returns a page of the open messages, newest first.
func (b *Bank) Waiting(ctx context.Context, page int) ([]AddressedNotice, error) {
	return b.store.Notices(ctx, NoticeQuery{Open: true, Page: max(page, 1)})
}

// Letters returns a page of the open messages with a letter, newest first.
func (b *Bank) Letters(ctx context.Context, page int) ([]AddressedNotice, error) {
	return b.store.Notices(ctx, NoticeQuery{Open: true, Letter: true, Page: max(page, 1)})
}

// Letter returns a letter as it was sent: after a change of address it still has the
// old one. If no letter goes with the message, it returns ErrNoNotice.
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

// Printed records that a letter was printed.
func (b *Bank) Printed(ctx context.Context, id NoticeID) error {
	if _, err := b.Letter(ctx, id); err != nil {
		return err
	}
	return b.store.MarkPrinted(ctx, id, b.now().UTC())
}
