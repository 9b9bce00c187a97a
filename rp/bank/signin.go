package bank

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// SignIn is a sign-in that was let in: by which certificate, when, and how it
// was verified.
type SignIn struct {
	Customer CustomerID
	Serial   jpki.SerialNumber
	At       time.Time
	Record   rp.Record
}

// SignedIn is what a customer finds after signing in.
type SignedIn struct {
	Account Account
	// Previous is the sign-in before this one; zero for the first.
	Previous time.Time
}

// Challenge makes the nonce for one sign-in. It must be kept in the session of
// whoever asked, and given back to SignIn.
func (b *Bank) Challenge(ctx context.Context) (rp.Challenge, error) {
	return b.verifier.NewChallenge(ctx)
}

// SignIn recognises a customer by the card (本人であることの確認): the certificate
// that answered the challenge is valid, and its serial number says who it is
// (発行番号を確認すれば、どこの誰からのアクセスなのか判明). No password, and none of
// the four basic data, goes over the network. A card of nobody the bank knows,
// or has known before a renewal, is refused with an UnknownHolderError.
func (b *Bank) SignIn(ctx context.Context, token []byte, nonce string) (SignedIn, error) {
	who, err := b.verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return SignedIn{}, err
	}
	account, err := b.holder(ctx, who.Serial)
	if err != nil {
		return SignedIn{}, err
	}
	previous, err := b.store.RecordSignIn(ctx, SignIn{
		Customer: account.Customer, Serial: who.Serial, At: b.now(), Record: who.Record,
	})
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Account: account, Previous: previous}, nil
}

// holder finds whose certificate it is: the bank itself knows it, as a rule. The
// authority is asked about one that it has never seen, which a customer may have
// after a renewal or on a new card.
func (b *Bank) holder(ctx context.Context, authentication jpki.SerialNumber) (Account, error) {
	account, err := b.store.AccountByCertificate(ctx, jpki.UserAuthentication, authentication)
	if b.linkage == nil || !errors.Is(err, ErrUnknownHolder) {
		return account, err
	}
	return b.recognise(ctx, authentication)
}
