package bank

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// recognise finds the customer to whom a user authentication certificate
// belongs that the bank has never seen: it lies on one card with the digital
// signature certificate on record, or it followed the one on record (更新,
// 再発行). The authority alone can say so; if it does not answer, nobody is let
// in and nothing is remembered. Whoever is recognised has been at the municipal
// counter, so what became of the digital signature certificate on record is
// asked at once: a customer who has moved is asked for a change notice, and a
// renewed certificate is watched from then on.
func (b *Bank) recognise(ctx context.Context, authentication jpki.SerialNumber) (Account, error) {
	paired, err := b.linkage.Pair(ctx, jpki.UserAuthentication, authentication)
	if err != nil {
		return Account{}, &CardError{Kind: jpki.UserAuthentication, Err: err}
	}
	account, err := b.store.AccountByCertificate(ctx, authentication, paired)
	if errors.Is(err, ErrUnknownHolder) {
		account, err = b.formerly(ctx, authentication)
	}
	if err != nil {
		return Account{}, err
	}
	if err := b.review(ctx, account.Number); err != nil {
		return Account{}, err
	}
	return account, b.remember(ctx, account.Number, authentication)
}

// formerly finds the account of who held the certificate before this one, or
// one before that. The certificate itself is looked for once more at the end:
// the same card may be recognised elsewhere at this moment, and a record only
// moves on towards it.
func (b *Bank) formerly(ctx context.Context, authentication jpki.SerialNumber) (Account, error) {
	earlier, err := b.linkage.Predecessors(ctx, jpki.UserAuthentication, authentication)
	if err != nil {
		return Account{}, &CardError{Kind: jpki.UserAuthentication, Err: err}
	}
	for _, serial := range append(earlier, authentication) {
		account, err := b.store.AccountByCertificate(ctx, serial, "")
		if !errors.Is(err, ErrUnknownHolder) {
			return account, err
		}
	}
	return Account{}, &UnknownHolderError{Serial: authentication}
}

// refuseFormer refuses a second account to somebody who is a customer by an
// earlier digital signature certificate: after a move and a renewal neither the
// four basic data nor the serial numbers are those on record.
func (b *Bank) refuseFormer(ctx context.Context, signature jpki.SerialNumber) error {
	if b.linkage == nil {
		return nil
	}
	earlier, err := b.linkage.Predecessors(ctx, jpki.DigitalSignature, signature)
	if err != nil {
		return &CardError{Kind: jpki.DigitalSignature, Err: err}
	}
	for _, serial := range earlier {
		account, err := b.store.AccountByCertificate(ctx, "", serial)
		switch {
		case err == nil:
			return &AlreadyCustomerError{Account: account.Number, Since: account.OpenedAt}
		case !errors.Is(err, ErrUnknownHolder):
			return err
		}
	}
	return nil
}

// review asks about one customer's digital signature certificate between two
// confirmations, if the customer permits it and there is something to learn.
func (b *Bank) review(ctx context.Context, no AccountNumber) error {
	c, err := b.store.Customer(ctx, no)
	if err != nil || !c.Consent.WithdrawnAt.IsZero() || c.Standing.Final() {
		return err
	}
	findings, _, err := b.inquire(ctx, []Watched{c.watch()})
	if err != nil {
		return &CardError{Kind: jpki.UserAuthentication, Err: err}
	}
	_, err = b.store.RecordFindings(ctx, b.now().UTC(), findings)
	return err
}

// Final reports whether nothing more can be learned of the customer: only a
// change notice makes the record true.
func (s Standing) Final() bool {
	return s.State == rp.Changed || s.State == rp.Revoked && s.Reason == jpki.CessationOfOperation
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
