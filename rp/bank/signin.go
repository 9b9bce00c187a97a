package bank

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// YearsKept is how many years a sign-in stays in the bank's log.
const YearsKept = 1

// SignIn is a successful sign-in: by which certificate, when, and how it was
// verified.
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

// Challenge makes the nonce for one sign-in. Keep it in the session of whoever
// asked, and give it back to SignIn.
func (b *Bank) Challenge(ctx context.Context) (rp.Challenge, error) {
	return b.verifier.NewChallenge(ctx)
}

// SignIn recognises a customer by the card (本人であることの確認): the certificate
// that answered the challenge is valid, and its serial number says who it is
// (発行番号を確認すれば、どこの誰からのアクセスなのか判明). No password, and none of
// the four basic data, goes over the network. If no customer holds the card, the
// error is an *UnknownHolderError.
func (b *Bank) SignIn(ctx context.Context, token []byte, nonce string) (SignedIn, error) {
	who, err := b.verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return SignedIn{}, err
	}
	account, err := b.accountOfCard(ctx, who.Serial)
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

// accountOfCard finds the account of the customer who holds a user authentication
// certificate. As a rule the bank knows the certificate. If it has never seen it,
// as after a renewal or on a new card, it asks the authority.
func (b *Bank) accountOfCard(ctx context.Context, serial jpki.SerialNumber) (Account, error) {
	account, err := b.store.AccountByCertificate(ctx, jpki.UserAuthentication, serial)
	if b.linkage == nil || !errors.Is(err, ErrUnknownHolder) {
		return account, err
	}
	return b.recogniseNewCard(ctx, serial)
}
