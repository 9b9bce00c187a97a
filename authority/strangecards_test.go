package authority_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"math/big"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// strangeCards is a card house whose cards give keys and numbers that are not
// what was asked for.
type strangeCards struct {
	*authoritytest.Cards
	id  func(string) string
	key func(*rsa.PublicKey) *rsa.PublicKey
}

func (c *strangeCards) Blank(ctx context.Context, id string) (authority.BlankCard, error) {
	blank, err := c.Cards.Blank(ctx, id)
	keys := map[jpki.Kind]*rsa.PublicKey{}
	for kind, key := range blank.PublicKeys {
		keys[kind] = c.key(key)
	}
	return authority.BlankCard{ID: c.id(blank.ID), PublicKeys: keys}, err
}

func (c *strangeCards) NewKey(ctx context.Context, id string, kind jpki.Kind) (*rsa.PublicKey, error) {
	key, err := c.Cards.NewKey(ctx, id, kind)
	return c.key(key), err
}

// TestCardsThatAreNotWhatWasAskedFor: nothing is certified and nothing entered.
func TestCardsThatAreNotWhatWasAskedFor(t *testing.T) {
	sameID := func(id string) string { return id }
	sameKey := func(k *rsa.PublicKey) *rsa.PublicKey { return k }
	bits := func(n uint) func(*rsa.PublicKey) *rsa.PublicKey {
		return func(k *rsa.PublicKey) *rsa.PublicKey {
			return &rsa.PublicKey{N: new(big.Int).SetBit(new(big.Int), int(n)-1, 1), E: k.E}
		}
	}
	for name, c := range map[string]struct {
		id    func(string) string
		key   func(*rsa.PublicKey) *rsa.PublicKey
		asked string
	}{
		"another number":      {func(string) string { return "of-somebody-else" }, sameKey, "hanako"},
		"no number":           {func(string) string { return "" }, sameKey, ""},
		"a path for a number": {func(string) string { return "../x" }, sameKey, ""},
		"no key":              {sameID, func(*rsa.PublicKey) *rsa.PublicKey { return nil }, "hanako"},
		"an empty key":        {sameID, func(*rsa.PublicKey) *rsa.PublicKey { return &rsa.PublicKey{} }, "hanako"},
		"a key of 2047 bits":  {sameID, bits(2047), "hanako"},
		"a key of 2049 bits":  {sameID, bits(2049), "hanako"},
		"a key of 1024 bits":  {sameID, bits(1024), "hanako"},
	} {
		t.Run(name, func(t *testing.T) {
			house := &strangeCards{id: c.id, key: c.key}
			w := authoritytest.Open(t, "testdata", func(cfg *authority.Config) {
				house.Cards = cfg.Writer.(*authoritytest.Cards)
				cfg.Writer = house
			})
			if _, err := w.RegisterResident(t.Context(), authoritytest.Hanako(), desk.By{}); err != nil {
				t.Fatal(err)
			}
			_, err := w.Authority.Issue(t.Context(), authority.Application{ResidentID: "hanako", CardID: c.asked, PINs: authoritytest.PINs()})
			if _, ok := errors.AsType[*authority.CardError](err); !ok {
				t.Errorf("%v; want a *CardError", err)
			}
			cards, errCards := w.CardsOf(t.Context(), "hanako")
			if len(cards) != 0 || errCards != nil || w.Count(sign)+w.Count(auth) != 0 || len(w.Cards.Writes) != 0 {
				t.Errorf("%d cards, %v, %d and %d certificates, %d writes", len(cards), errCards, w.Count(sign), w.Count(auth), len(w.Cards.Writes))
			}
			if name == "no number" || name == "a path for a number" || name == "another number" {
				return
			}
			house.key = sameKey
			w.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako-2", PINs: authoritytest.PINs()})
			house.key = c.key
			_, err = w.Authority.Issue(t.Context(), authority.Application{ResidentID: "hanako", CardID: "hanako-2", Kinds: []jpki.Kind{sign}})
			if _, ok := errors.AsType[*authority.CardError](err); !ok || w.Count(sign) != 1 {
				t.Errorf("onto the same card: %v, %d certificates", err, w.Count(sign))
			}
		})
	}
}

// TestNobodyElseGetsACard: an application is refused for whoever is not, or no
// longer, a resident, through the door that takes it directly too.
func TestNobodyElseGetsACard(t *testing.T) {
	for _, event := range []register.LifeEvent{register.Death, register.MoveAbroad, register.Removal, register.MoveOut} {
		w := open(t)
		w.Settle(authoritytest.Hanako())
		w.Clock.Advance(time.Hour)
		do(t, w, notice(event))
		for _, card := range []string{"", "hanako-2"} {
			_, err := w.Authority.Issue(t.Context(), authority.Application{ResidentID: "hanako", CardID: card, PINs: authoritytest.PINs()})
			wantErr(t, string(event), err, register.ErrNotRegistered)
		}
		if n := len(w.Cards.Writes); n != 1 {
			t.Errorf("%s: %d cards were written", event, n)
		}
	}
}
