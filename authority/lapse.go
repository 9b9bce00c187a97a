package authority

import (
	"context"
	"math"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// noLapse is a deadline that no card has.
const noLapse = math.MaxInt64

// lapse ends the cards whose deadline is over (register.Card.Lapses), each with its
// certificates as of that moment. It comes before every answer and every act, so
// that none is given or done as if the card still stood; while no deadline is over
// it costs the reading of a number.
func (a *Authority) lapse(ctx context.Context) error {
	if a.second().Unix() <= a.nextLapse.Load() {
		return nil
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	ctx = context.WithoutCancel(ctx) // whoever asked is not whom it is about
	cards, err := a.store.Lapsing(ctx)
	if err != nil {
		return err
	}
	now := a.second()
	for _, card := range cards {
		if !now.After(card.Lapses) {
			break
		}
		if err := a.lapseCard(ctx, card); err != nil {
			return err
		}
	}
	return a.setLapse(ctx)
}

// lapseCard ends one card. The caller holds a.changing.
func (a *Authority) lapseCard(ctx context.Context, card register.Card) error {
	at := card.Lapses.Add(time.Second)
	h, err := a.holder(ctx, card.ResidentID)
	if err != nil {
		return err
	}
	var changes []statusChange
	for _, c := range h.Live(at) {
		if c.CardID == card.ID {
			c.Status = register.Status{State: register.Revoked, Reason: jpki.CessationOfOperation, Since: at}
			changes = append(changes, statusChange{c, register.ActRevoked})
		}
	}
	card.State, card.Since, card.Lapses = register.CardVoid, at, time.Time{}
	by := desk.By{Why: register.WhyLapsed}
	line := register.Event{At: a.second(), Act: register.ActLapsed, CardID: card.ID, ResidentID: card.ResidentID, Why: by.Why}
	return a.commit(ctx, Change{Cards: []register.Card{card}, Events: []register.Event{line}}, changes, author{By: by})
}

// setLapse reads the next deadline from the store.
func (a *Authority) setLapse(ctx context.Context) error {
	cards, err := a.store.Lapsing(ctx)
	if err != nil {
		return err
	}
	next := int64(noLapse)
	if len(cards) > 0 {
		next = cards[0].Lapses.Unix()
	}
	a.nextLapse.Store(next)
	return nil
}

// noteLapses hears of the deadlines that a change sets. The caller holds
// a.changing.
func (a *Authority) noteLapses(cards []register.Card) {
	for _, c := range cards {
		if !c.Lapses.IsZero() {
			a.nextLapse.Store(min(a.nextLapse.Load(), c.Lapses.Unix()))
		}
	}
}
