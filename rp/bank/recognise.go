package bank

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// recognise finds the customer to whom a user authentication certificate
// belongs that the bank has never seen (更新, 再発行). If the authority does not
// answer, nobody is let in and nothing is remembered. Whoever is recognised has
// been at the municipal counter, so what became of the digital signature
// certificate on record is asked at once: a customer who has moved is asked for a
// change notice, and a renewed certificate is watched from then on.
func (b *Bank) recognise(ctx context.Context, authentication jpki.SerialNumber) (Account, error) {
	account, err := b.accountOfHolder(ctx, jpki.UserAuthentication, authentication)
	if err != nil {
		return Account{}, err
	}
	if err := b.review(ctx, account.Number); err != nil {
		return Account{}, err
	}
	return account, b.remember(ctx, account.Number, authentication)
}

// accountOfHolder asks the authority for the holder's other certificates, and gives the
// account of the customer whom the bank knows by one of them; an
// *UnknownHolderError if there is none.
func (b *Bank) accountOfHolder(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (Account, error) {
	var account Account
	known := func(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (bool, error) {
		var err error
		account, err = b.store.AccountByCertificate(ctx, kind, serial)
		if errors.Is(err, ErrUnknownHolder) {
			return false, nil
		}
		return err == nil, err
	}
	holder, err := rp.Recognise(ctx, b.linkage, kind, serial, known)
	if err == nil && !holder.Known() {
		err = &UnknownHolderError{Serial: serial}
	}
	return account, err
}

// remember keeps the serial number of a new user authentication certificate, by
// which a customer was recognised.
func (b *Bank) remember(ctx context.Context, no AccountNumber, authentication jpki.SerialNumber) error {
	before, err := b.store.Customer(ctx, no)
	if err != nil || before.Paired == authentication {
		return err
	}
	after := before
	after.Paired = authentication
	err = b.store.Amend(ctx, Amendment{
		Before: before, After: after,
		Past: Past{Customer: before.ID, At: b.now().UTC(), Act: PastPaired, By: authentication, Former: before.former()},
	})
	if !errors.Is(err, ErrRecordMoved) {
		return err
	}
	// The same card may have been recognised twice at once.
	now, lost := b.store.Customer(ctx, no)
	if lost != nil || now.Paired != authentication {
		return err
	}
	return nil
}
