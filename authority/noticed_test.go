package authority_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/shown"
)

// An act of the counter is done as it was shown, and not otherwise.
func TestAnActIsDoneAsItWasShown(t *testing.T) {
	for _, e := range []register.LifeEvent{register.MoveHouse, register.PINReset, register.Loss} {
		w := open(t)
		w.Settle(authoritytest.Hanako())
		w.Clock.Advance(time.Hour)
		n := notice(e)
		p, err := w.Preview(t.Context(), n)
		if err != nil {
			t.Fatal(e, err)
		}
		n.Seen = "of something else"
		_, err = w.Do(t.Context(), n)
		wantErr(t, string(e), err, shown.ErrChanged)
		n.Seen = p.Version()
		if _, err := w.Do(t.Context(), n); err != nil {
			t.Errorf("%s, as it was shown: %v", e, err)
		}
	}
}

// A first entry is of somebody who lives there.
func TestNobodyIsEnteredAsGone(t *testing.T) {
	for name, change := range map[string]func(*register.Resident){
		"dead":  func(r *register.Resident) { r.Standing = register.StandingDead },
		"since": func(r *register.Resident) { r.StandingSince = noonOf(4, 1) },
	} {
		w, r := open(t), authoritytest.Hanako()
		change(&r)
		var invalid *desk.InvalidError
		if _, err := w.RegisterResident(t.Context(), r, desk.By{}); !errors.As(err, &invalid) || invalid.Field != "standing" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever goes away while a card is at the counter does not leave it half done.
type hurried struct {
	*authoritytest.Cards
	goes context.CancelFunc
	set  int
}

func (h *hurried) Unblock(ctx context.Context, id string, kind jpki.Kind, pin string) error {
	h.goes()
	if err := ctx.Err(); err != nil {
		return err
	}
	h.set++
	return h.Cards.Unblock(ctx, id, kind, pin)
}

func TestAPINResetGoesOnWithoutItsCaller(t *testing.T) {
	house := &hurried{}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		house.Cards = c.Writer.(*authoritytest.Cards)
		c.Writer = house
	})
	w.Settle(authoritytest.Hanako())
	w.Clock.Advance(time.Hour)
	ctx, goes := context.WithCancel(t.Context())
	house.goes = goes
	if done, err := w.Do(ctx, notice(register.PINReset)); err != nil || house.set != len(jpki.Kinds()) {
		t.Errorf("%+v, %v: %d PINs are set", done, err, house.set)
	}
}

// An authority that writes no cards has none to find out about.
func TestAnAuthorityWithoutACardHouse(t *testing.T) {
	cfg := open(t).Config
	cfg.Writer = nil
	a, err := authority.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.Settle(t.Context()); err != nil {
		t.Error(err)
	}
}

// A new card takes the place of a lost one.
func TestANewCardReplacesALostOne(t *testing.T) {
	w := open(t)
	w.Settle(authoritytest.Hanako())
	w.Clock.Advance(time.Hour)
	do(t, w, notice(register.Loss))
	w.Clock.Advance(time.Hour)
	w.Issue(authority.Application{ResidentID: "hanako", CardID: "hanako-2", PINs: authoritytest.PINs()})
	cards, err := w.CardsOf(t.Context(), "hanako")
	if err != nil || len(cards) != 2 {
		t.Fatalf("%+v, %v", cards, err)
	}
	for _, card := range cards {
		if want := map[bool]register.CardState{true: register.CardReplaced, false: register.CardInUse}[card.ID == "hanako"]; card.State != want {
			t.Errorf("the card %s is %q, want %q", card.ID, card.State, want)
		}
	}
}

// A lapse falls in the second after the deadline, and the deadline itself still counts.
func TestTheInstantOfALapse(t *testing.T) {
	deadline := time.Date(2026, 5, 10, 23, 59, 59, 0, jpki.JST)
	for _, c := range []struct {
		at   time.Time
		want register.State
	}{{deadline, register.Good}, {deadline.Add(999 * time.Millisecond), register.Good}, {deadline.Add(time.Second), register.Revoked}} {
		w := open(t)
		login := w.Settle(authoritytest.Hanako()).Certificates[auth]
		out := notice(register.MoveOut)
		out.Day = "2026-04-10"
		do(t, w, out)
		w.Clock.Set(c.at)
		if got := status(t, w, login); got.State != c.want {
			t.Errorf("at %s: %s, want %s", c.at, got.State, c.want)
		}
	}
}

// The lineage of a certificate that no verifier may know of is not told.
func TestALineageIsForThoseWhoMayAsk(t *testing.T) {
	w := open(t)
	c := w.Settle(authoritytest.Hanako()).Certificates[auth]
	if _, err := w.Successor(t.Context(), "somebody-else's-key", auth, c.Serial); err == nil {
		t.Error("a stranger is told a successor")
	}
	if all, err := w.Predecessors(t.Context(), authoritytest.Key, auth, c.Serial); err != nil || len(all) != 0 {
		t.Errorf("before the first: %v, %v", all, err)
	}
	if _, err := w.Predecessors(t.Context(), authoritytest.Key, auth, "7FFFFFFF"); !errors.Is(err, register.ErrNoCertificate) {
		t.Errorf("of nobody's certificate: %v", err)
	}
}
