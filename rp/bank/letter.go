package bank

import "context"

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
	return b.store.MarkPrinted(ctx, id, b.now())
}
