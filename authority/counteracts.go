package authority

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
)

var errNotYet = errors.New("authority: not built yet")

// Preview says what an act would do, and changes nothing. It refuses what Do
// would refuse.
func (a *Authority) Preview(ctx context.Context, n Notice) (Preview, error) {
	return Preview{}, errNotYet
}

// Do does an act of the counter: register, card, revocations and journal in
// one commit.
func (a *Authority) Do(ctx context.Context, n Notice) (Done, error) { return Done{}, errNotYet }

// FormerEntries gives what the register said of a resident before, the latest
// first.
func (a *Authority) FormerEntries(ctx context.Context, residentID string) ([]FormerEntry, error) {
	return nil, errNotYet
}

// CardsOf gives a resident's cards, in the order of their issue.
func (a *Authority) CardsOf(ctx context.Context, residentID string) ([]Card, error) {
	return nil, errNotYet
}

// Successor gives the newest valid certificate of the same holder and kind
// (新しい発行の番号), or ErrNoSuccessor: by it a verifier finds a customer whose
// certificate was renewed or re-issued.
func (a *Authority) Successor(ctx context.Context, verifierKey string, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", errNotYet
}
