package authority_test

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/fuse"
)

// failing is a store, and failingCards a card house, that fail at one call.
type (
	failing struct {
		authority.Store
		*fuse.Fuse
	}
	failingCards struct {
		*authoritytest.Cards
		*fuse.Fuse
	}
)

func (f *failing) Commit(ctx context.Context, c authority.Change) error {
	return f.Do(func() error { return f.Store.Commit(ctx, c) })
}

func (f *failing) CommitAccreditation(ctx context.Context, c accreditation.Change) error {
	return f.Do(func() error { return f.Store.CommitAccreditation(ctx, c) })
}

func (f *failing) Publish(ctx context.Context, p ca.Publication) error {
	return f.Do(func() error { return f.Store.Publish(ctx, p) })
}

func (f *failing) Publication(ctx context.Context, kind jpki.Kind) (ca.Publication, error) {
	return fuse.Call(f.Fuse, func() (ca.Publication, error) { return f.Store.Publication(ctx, kind) })
}

func (f *failing) Resident(ctx context.Context, id string) (register.Resident, error) {
	return fuse.Call(f.Fuse, func() (register.Resident, error) { return f.Store.Resident(ctx, id) })
}

func (f *failing) ResidentsBorn(ctx context.Context, day string, limit int) ([]register.Resident, error) {
	return fuse.Call(f.Fuse, func() ([]register.Resident, error) { return f.Store.ResidentsBorn(ctx, day, limit) })
}

func (f *failing) Card(ctx context.Context, id string) (register.Card, error) {
	return fuse.Call(f.Fuse, func() (register.Card, error) { return f.Store.Card(ctx, id) })
}

func (f *failing) Cards(ctx context.Context, id string) ([]register.Card, error) {
	return fuse.Call(f.Fuse, func() ([]register.Card, error) { return f.Store.Cards(ctx, id) })
}

func (f *failing) Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (register.Certificate, error) {
	return fuse.Call(f.Fuse, func() (register.Certificate, error) { return f.Store.Certificate(ctx, kind, serial) })
}

func (f *failing) Certificates(ctx context.Context, q authority.CertificateQuery) ([]register.Certificate, error) {
	return fuse.Call(f.Fuse, func() ([]register.Certificate, error) { return f.Store.Certificates(ctx, q) })
}

func (f *failing) Lapsing(ctx context.Context) ([]register.Card, error) {
	return fuse.Call(f.Fuse, func() ([]register.Card, error) { return f.Store.Lapsing(ctx) })
}

func (f *failing) Residents(ctx context.Context) ([]register.Resident, error) {
	return fuse.Call(f.Fuse, func() ([]register.Resident, error) { return f.Store.Residents(ctx) })
}

func (f *failing) FormerEntries(ctx context.Context, id string) ([]register.FormerEntry, error) {
	return fuse.Call(f.Fuse, func() ([]register.FormerEntry, error) { return f.Store.FormerEntries(ctx, id) })
}

func (f *failing) Events(ctx context.Context, q authority.EventQuery) ([]register.Event, error) {
	return fuse.Call(f.Fuse, func() ([]register.Event, error) { return f.Store.Events(ctx, q) })
}

func (f *failing) Verifiers(ctx context.Context) ([]accreditation.Verifier, error) {
	return fuse.Call(f.Fuse, func() ([]accreditation.Verifier, error) { return f.Store.Verifiers(ctx) })
}

func (f *failing) Applications(ctx context.Context) ([]accreditation.Application, error) {
	return fuse.Call(f.Fuse, func() ([]accreditation.Application, error) { return f.Store.Applications(ctx) })
}

func (f *failing) Fees(ctx context.Context, verifier, from, to string) ([]accreditation.FeeCount, error) {
	return fuse.Call(f.Fuse, func() ([]accreditation.FeeCount, error) { return f.Store.Fees(ctx, verifier, from, to) })
}

func (f *failing) Tariff(ctx context.Context) ([]accreditation.TariffRow, error) {
	return fuse.Call(f.Fuse, func() ([]accreditation.TariffRow, error) { return f.Store.Tariff(ctx) })
}

func (f failingCards) Blank(ctx context.Context, id string) (authority.BlankCard, error) {
	return fuse.Call(f.Fuse, func() (authority.BlankCard, error) { return f.Cards.Blank(ctx, id) })
}

func (f failingCards) NewKey(ctx context.Context, id string, kind jpki.Kind) (*rsa.PublicKey, error) {
	return fuse.Call(f.Fuse, func() (*rsa.PublicKey, error) { return f.Cards.NewKey(ctx, id, kind) })
}

func (f failingCards) Write(ctx context.Context, id string, p authority.Personalization) error {
	return f.Do(func() error { return f.Cards.Write(ctx, id, p) })
}

func (f failingCards) Carried(ctx context.Context, id string) (map[jpki.Kind]jpki.SerialNumber, error) {
	return fuse.Call(f.Fuse, func() (map[jpki.Kind]jpki.SerialNumber, error) { return f.Cards.Carried(ctx, id) })
}

func (f failingCards) Unblock(ctx context.Context, id string, kind jpki.Kind, pin string) error {
	return f.Do(func() error { return f.Cards.Unblock(ctx, id, kind, pin) })
}

func (f failingCards) Kill(ctx context.Context, id string) error {
	return f.Do(func() error { return f.Cards.Kill(ctx, id) })
}

// openFailing opens a world in which Hanako has a card, with a fuse that counts.
func openFailing(t *testing.T) (*authoritytest.World, *fuse.Fuse) {
	t.Helper()
	f := &fuse.Fuse{}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		c.Store = &failing{c.Store, f}
		c.Writer = failingCards{c.Writer.(*authoritytest.Cards), f}
	})
	w.Settle(authoritytest.Hanako())
	w.Clock.Advance(time.Hour)
	f.Arm(0)
	return w, f
}

// failEverywhere does an act once, and then again in as many new worlds as it
// makes calls, with one call more out of order each time. An act that met a
// failure must not be acknowledged, and what it left must let it be done again;
// after looks at what there is in the end. The last spared calls may fail.
func failEverywhere(t *testing.T, act func(*authoritytest.World) error, spared int, after func(*testing.T, *authoritytest.World, string)) {
	t.Helper()
	w, f := openFailing(t)
	if err := act(w); err != nil {
		t.Fatal(err)
	}
	calls := f.Used()
	if calls == 0 {
		t.Fatal("the act calls nothing that could fail")
	}
	for at := 1; at <= calls; at++ {
		w, f := openFailing(t)
		f.Arm(at)
		what := fmt.Sprintf("call %d of %d out of order", at, calls)
		if err := act(w); !errors.Is(err, fuse.ErrBlown) && at <= calls-spared {
			t.Errorf("%s: %v; want the failure", what, err)
		}
		if err := w.Authority.Settle(context.Background()); err != nil {
			t.Errorf("%s, settled: %v", what, err)
		}
		if after != nil {
			after(t, w, what)
		}
	}
}

// TestNoFailureIsSwallowed: an event of life that met one is not acknowledged,
// and leaves answers that agree with the register.
func TestNoFailureIsSwallowed(t *testing.T) {
	for _, c := range lifeTable() {
		if len(c.before) > 0 {
			continue
		}
		t.Run(string(c.event), func(t *testing.T) {
			spared := 0
			if c.event == register.CardReturn {
				spared = 1 // a returned card is revoked whatever its chip says
			}
			failEverywhere(t, func(w *authoritytest.World) error {
				_, err := w.Do(context.Background(), notice(c.event))
				return err
			}, spared, wantAgreement)
		})
	}
}

// wantAgreement compares OCSP with the register for each of Hanako's
// certificates, and the register with the cards in use.
func wantAgreement(t *testing.T, w *authoritytest.World, what string) {
	t.Helper()
	all, err := w.CertificatesOf(context.Background(), "hanako")
	if err != nil {
		t.Fatal(what, err)
	}
	for _, c := range all {
		want := map[register.State]int{register.Good: 0, register.Revoked: 1, register.Held: 1}[c.Status.State]
		if got := ask(t, w, about(c)).Status; got != want {
			t.Errorf("%s: OCSP says %d of a %v certificate that is %s", what, got, c.Kind, c.Status.State)
		}
	}
	cards, err := w.CardsOf(context.Background(), "hanako")
	if err != nil {
		t.Fatal(what, err)
	}
	for _, card := range cards {
		carried, err := w.Cards.Carried(context.Background(), card.ID)
		if err != nil {
			t.Fatal(what, err)
		}
		for kind, serial := range carried {
			if card.State == register.CardInUse && !slices.ContainsFunc(all, func(c register.Certificate) bool {
				return c.Kind == kind && c.Serial == serial && c.Delivered && c.CardID == card.ID
			}) {
				t.Errorf("%s: the %v certificate %s on card %s is not known to be there", what, kind, serial, card.ID)
			}
		}
	}
}

// TestNoFailureOfAReadIsSwallowed: what cannot be read is not told as if there
// were nothing.
func TestNoFailureOfAReadIsSwallowed(t *testing.T) {
	serial := func(w *authoritytest.World) jpki.SerialNumber {
		carried, err := w.Cards.Carried(t.Context(), "hanako")
		if err != nil {
			t.Fatal(err)
		}
		return carried[sign]
	}
	by := authoritytest.Key
	for name, read := range map[string]func(*authoritytest.World) error{
		"CRL":  func(w *authoritytest.World) error { _, err := w.CRL(t.Context(), sign); return err },
		"pair": func(w *authoritytest.World) error { _, err := w.Pair(t.Context(), by, sign, serial(w)); return err },
		"successor": func(w *authoritytest.World) error {
			_, err := w.Successor(t.Context(), by, sign, serial(w))
			if errors.Is(err, authority.ErrNoSuccessor) {
				return nil
			}
			return err
		},
		"predecessors": func(w *authoritytest.World) error {
			_, err := w.Predecessors(t.Context(), by, sign, serial(w))
			return err
		},
		"holdings": func(w *authoritytest.World) error {
			_, err := w.Preview(t.Context(), notice(register.Death))
			return err
		},
		"caller": func(w *authoritytest.World) error { _, err := w.FindHolder(t.Context(), asHanako()); return err },
		"statements": func(w *authoritytest.World) error {
			_, err := w.Ministry.Statements(t.Context(), "2026-04")
			return err
		},
		"applications":   func(w *authoritytest.World) error { _, err := w.Ministry.Applications(t.Context()); return err },
		"former entries": func(w *authoritytest.World) error { _, err := w.FormerEntries(t.Context(), "hanako"); return err },
		"residents":      func(w *authoritytest.World) error { _, err := w.Residents(t.Context()); return err },
		"resident":       func(w *authoritytest.World) error { _, err := w.Resident(t.Context(), "hanako"); return err },
		"journal": func(w *authoritytest.World) error {
			_, err := w.Events(t.Context(), authority.EventQuery{})
			return err
		},
		"cards":        func(w *authoritytest.World) error { _, err := w.CardsOf(t.Context(), "hanako"); return err },
		"certificates": func(w *authoritytest.World) error { _, err := w.CertificatesOf(t.Context(), "hanako"); return err },
		"suspension":   func(w *authoritytest.World) error { _, err := w.PreviewSuspension(t.Context(), asHanako()); return err },
		"newcomer": func(w *authoritytest.World) error {
			_, err := w.PreviewResident(t.Context(), authoritytest.Taro(), desk.By{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { failEverywhere(t, read, 0, nil) })
	}
}

// TestNoFailureOfAnActIsSwallowed: what an act met is told, and OCSP, register and cards agree.
func TestNoFailureOfAnActIsSwallowed(t *testing.T) {
	of := func(w *authoritytest.World, kind jpki.Kind) jpki.SerialNumber {
		carried, err := w.Cards.Carried(t.Context(), "hanako")
		if err != nil {
			t.Fatal(err)
		}
		return carried[kind]
	}
	for name, act := range map[string]func(*authoritytest.World) error{
		"suspend all": func(w *authoritytest.World) error {
			_, err := w.SuspendHolder(t.Context(), asHanako(), atCounter)
			return err
		},
		"suspend one": func(w *authoritytest.World) error {
			_, err := w.Suspend(t.Context(), auth, of(w, auth), officer(t, "mado-1").By("紛失"))
			return err
		},
		"revoke": func(w *authoritytest.World) error {
			_, err := w.Revoke(t.Context(), sign, of(w, sign), jpki.KeyCompromise, officer(t, "mado-1").By("申出"))
			return err
		},
		"enter": func(w *authoritytest.World) error {
			_, err := w.RegisterResident(t.Context(), authoritytest.Taro(), desk.By{})
			if errors.Is(err, register.ErrResidentExists) {
				return nil
			}
			return err
		},
		"lapse": func(w *authoritytest.World) error {
			if _, err := w.Do(t.Context(), notice(register.MoveOut)); err != nil {
				return err
			}
			w.Clock.Set(noonOf(12, 1))
			_, err := w.CRL(t.Context(), auth)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { failEverywhere(t, act, 0, wantAgreement) })
	}
}

// TestNoFailureOfTheMinistryIsSwallowed: a decision that was not written is not
// in force, and none is thought of as written.
func TestNoFailureOfTheMinistryIsSwallowed(t *testing.T) {
	for name, act := range map[string]func(*authoritytest.World) error{
		"suspended": func(w *authoritytest.World) error {
			_, err := w.Ministry.SetState(t.Context(), "test-bank", accreditation.VerifierSuspended, ministry)
			return err
		},
		"another key": func(w *authoritytest.World) error {
			_, err := w.Ministry.SetKey(t.Context(), "test-bank", "another-key-of-the-test-bank", ministry)
			return err
		},
		"one kind": func(w *authoritytest.World) error {
			_, err := w.Ministry.SetConditions(t.Context(), "test-bank", []jpki.Kind{sign}, "", ministry)
			return err
		},
		"tariff": func(w *authoritytest.World) error {
			_, err := w.Ministry.SetPrice(t.Context(), accreditation.TariffRow{From: "2027-01-01", Kind: sign, Yen: 5}, ministry)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) { failEverywhere(t, act, 0, nil) })
	}
}
