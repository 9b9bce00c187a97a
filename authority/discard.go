package authority

import (
	"context"
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// discard revokes what never reached its card (交付前破棄). A card that was never handed
// over with anything goes with it: no card in use carries nothing.
func (a *Authority) discard(ctx context.Context, certificates []register.Certificate, by author) error {
	a.changing.Lock()
	defer a.changing.Unlock()
	var changes []statusChange
	var cards []string
	for _, c := range certificates {
		if c.Status.State != register.Revoked {
			c.Status = register.Status{State: register.Revoked, Reason: jpki.Unspecified, Since: a.second()}
			changes = append(changes, statusChange{c, register.ActDiscarded})
		}
		if !slices.Contains(cards, c.CardID) {
			cards = append(cards, c.CardID)
		}
	}
	if len(changes) == 0 {
		return nil
	}
	void, err := a.void(ctx, cards)
	if err != nil {
		return err
	}
	return a.commit(ctx, Change{Cards: void}, changes, by)
}

// void gives those of the cards in use that were never handed over, void.
func (a *Authority) void(ctx context.Context, cards []string) ([]register.Card, error) {
	var void []register.Card
	for _, id := range cards {
		card, err := a.store.Card(ctx, id)
		if errors.Is(err, register.ErrNoCard) {
			continue
		}
		if err != nil {
			return nil, err
		}
		never, err := a.neverHandedOver(ctx, card)
		if err != nil {
			return nil, err
		}
		if never && card.State == register.CardInUse {
			card.State, card.Since, card.Lapses = register.CardVoid, a.second(), time.Time{}
			void = append(void, card)
		}
	}
	return void, nil
}

// neverHandedOver reports whether a card never carried a certificate.
func (a *Authority) neverHandedOver(ctx context.Context, card register.Card) (bool, error) {
	all, err := a.store.Certificates(ctx, CertificateQuery{CardID: card.ID})
	return !slices.ContainsFunc(all, func(c register.Certificate) bool { return c.Delivered }), err
}
