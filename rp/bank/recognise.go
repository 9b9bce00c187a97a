package bank

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// recogniseNewCard finds the customer who holds a user authentication certificate
// that the bank has never seen (更新, 再発行). Such a customer has been at the
// municipal counter, perhaps to report a move. So the bank asks at once what
// became of the digital signature certificate, and then keeps the new serial
// number. If the authority does not answer, nobody is signed in and nothing is
// kept.
func (b *Bank) recogniseNewCard(ctx context.Context, serial jpki.SerialNumber) (Account, error) {
	account, err := b.accountOfHolder(ctx, jpki.UserAuthentication, serial)
	if err != nil {
		return Account{}, err
	}
	if err := b.confirmCustomer(ctx, account.Number); err != nil {
		return Account{}, err
	}
	return account, b.keepPaired(ctx, account.Number, serial)
}

// accountOfHolder asks the authority for the holder's other certificates, and
// returns the account of the customer whom the bank knows by one of them. If
// there is none, the error is an *UnknownHolderError.
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

// keepPaired keeps the serial number of a new user authentication certificate.
func (b *Bank) keepPaired(ctx context.Context, no AccountNumber, serial jpki.SerialNumber) error {
	before, err := b.store.Customer(ctx, no)
	if err != nil || before.Paired == serial {
		return err
	}
	after := before
	after.Paired = serial
	err = b.store.Amend(ctx, Amendment{
		Before: before, After: after,
		History: HistoryEntry{Customer: before.ID, At: b.now(), Act: ActPaired, By: serial, Former: before.former()},
	})
	if !errors.Is(err, ErrRecordChanged) {
		return err
	}
	// Two sign-ins with the same new card may come at once.
	now, failed := b.store.Customer(ctx, no)
	if failed != nil || now.Paired != serial {
		return err
	}
	return nil
}
