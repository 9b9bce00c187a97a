package authority_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/fuse"
)

// TestASettlementThatFails: a card was written and its house fell silent. Whichever
// call fails while that is settled, the settlement says so, and the next one finds the
// certificates on the card good: nothing that the card carries is discarded.
func TestASettlementThatFails(t *testing.T) {
	open := func() (*authoritytest.World, *fuse.Fuse) {
		f := &fuse.Fuse{}
		house := &interrupted{after: true}
		w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
			house.Cards = c.Writer.(*authoritytest.Cards)
			c.Store, c.Writer = &failing{c.Store, f}, house
		})
		w.Settle(authoritytest.Hanako())
		w.Clock.Advance(time.Hour)
		house.at = 1
		if _, err := w.Do(t.Context(), writingNotice(register.Reissue)); !errors.Is(err, errSilence) {
			t.Fatal(err)
		}
		house.mute = false
		f.Arm(0)
		return w, f
	}
	w, f := open()
	if err := w.Authority.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	calls := f.Used()
	inAgreement(t, w, "settled")
	for at := 1; at <= calls; at++ {
		what := fmt.Sprintf("call %d of %d out of order", at, calls)
		w, f := open()
		f.Arm(at)
		wantErr(t, what, w.Authority.Settle(t.Context()), fuse.ErrBlown)
		if err := w.Authority.Settle(t.Context()); err != nil {
			t.Errorf("%s, settled again: %v", what, err)
		}
		inAgreement(t, w, what)
	}
}

// unlapsing is a store that cannot say which cards lapse.
type unlapsing struct {
	authority.Store
	fails bool
}

func (u *unlapsing) Lapsing(ctx context.Context) ([]register.Card, error) {
	if u.fails {
		return nil, fuse.ErrBlown
	}
	return u.Store.Lapsing(ctx)
}

// TestALapseThatCannotBeRead: a deadline has passed, and nothing is told or done as if
// it had not until the cards that lapse are known.
func TestALapseThatCannotBeRead(t *testing.T) {
	store := &unlapsing{}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		store.Store = c.Store
		c.Store = store
	})
	c := w.Settle(authoritytest.Hanako()).Certificates[auth]
	do(t, w, notice(register.MoveOut))
	w.Clock.Set(noonOf(12, 1))
	store.fails = true
	ctx, key := t.Context(), authoritytest.Key
	for name, act := range map[string]func() error{
		"CRL":         func() error { _, err := w.CRL(ctx, auth); return err },
		"certificate": func() error { _, err := w.Certificate(ctx, auth, c.Serial); return err },
		"successor":   func() error { _, err := w.Successor(ctx, key, auth, c.Serial); return err },
		"confirmation": func() error {
			conf, err := w.Confirm(ctx, key, accreditation.CurrentStatus)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range conf.All(ctx, slices.Values([]authority.Question{{Kind: auth, Serial: c.Serial}})) {
				return err
			}
			return nil
		},
		"cards":   func() error { _, err := w.CardsOf(ctx, "hanako"); return err },
		"caller":  func() error { _, err := w.FindHolder(ctx, asHanako()); return err },
		"preview": func() error { _, err := w.Preview(ctx, notice(register.MoveIn)); return err },
		"act":     func() error { _, err := w.Do(ctx, notice(register.MoveIn)); return err },
		"suspend": func() error { _, err := w.Suspend(ctx, auth, c.Serial, desk.By{}); return err },
		"issue": func() error {
			_, err := w.Authority.Issue(ctx, authority.Application{ResidentID: "hanako", PINs: authoritytest.PINs()})
			return err
		},
	} {
		wantErr(t, name, act(), fuse.ErrBlown)
	}
	wantFailure(t, w, key, about(c), 2) // internalError
	store.fails = false
	if s := status(t, w, c); s.State != register.Revoked {
		t.Errorf("then it is %v", s.State)
	}
}

// TestAnUndeliveredCertificateSucceedsNothing: it is in the register, and no card is
// known to have it.
func TestAnUndeliveredCertificateSucceedsNothing(t *testing.T) {
	house := &interrupted{}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		house.Cards = c.Writer.(*authoritytest.Cards)
		c.Writer = house
	})
	c := w.Settle(authoritytest.Hanako()).Certificates[sign]
	w.Clock.Advance(time.Hour)
	house.at = 1
	if _, err := w.Do(t.Context(), writingNotice(register.Reissue)); !errors.Is(err, errSilence) {
		t.Fatal(err)
	}
	_, err := w.Successor(t.Context(), authoritytest.Key, sign, c.Serial)
	wantErr(t, "not handed over", err, authority.ErrNoSuccessor)
}
