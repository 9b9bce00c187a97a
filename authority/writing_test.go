package authority_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// writing are the acts of the counter that write a card.
var writing = []register.LifeEvent{register.Reissue, register.CardIssue, register.PINReset}

func writingNotice(e register.LifeEvent) register.Notice {
	n := notice(e)
	n.PINs = authoritytest.PINs()
	return n
}

// inAgreement compares every card in use with the register.
func inAgreement(t *testing.T, w *authoritytest.World, what string) {
	t.Helper()
	cards, err := w.CardsOf(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.CertificatesOf(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	for _, card := range cards {
		if card.State != register.CardInUse {
			continue
		}
		carried, err := w.Cards.Carried(t.Context(), card.ID)
		if err != nil || len(carried) == 0 {
			t.Fatalf("%s: card %s carries %v, %v", what, card.ID, carried, err)
		}
		for kind, serial := range carried {
			good := false
			for _, c := range all {
				good = good || c.Kind == kind && c.Serial == serial && c.Delivered && status(t, w, c).State == register.Good
			}
			if !good {
				t.Fatalf("%s: the %v certificate %s on card %s is not good in the register", what, kind, serial, card.ID)
			}
		}
	}
}

// TestActsOnOneCardComeOneAfterTheOther: 300 rounds of concurrent acts, of every
// pair that writes a card; the later one is refused before it touches the card.
func TestActsOnOneCardComeOneAfterTheOther(t *testing.T) {
	const rounds = 34 // of 9 pairs
	w := authoritytest.Open(t, "testdata", nil)
	w.Settle(authoritytest.Hanako())
	done, refused := 0, 0
	for range rounds {
		for _, first := range writing {
			for _, second := range writing {
				var wg sync.WaitGroup
				var mu sync.Mutex
				for _, e := range []register.LifeEvent{first, second, first} {
					wg.Go(func() {
						_, err := w.Do(context.Background(), writingNotice(e))
						mu.Lock()
						defer mu.Unlock()
						switch {
						case err == nil:
							done++
						case errors.Is(err, authority.ErrChangedMeanwhile), errors.Is(err, register.ErrCardNotInUse):
							refused++
						default:
							t.Errorf("%s beside %s: %v", first, second, err)
						}
					})
				}
				wg.Wait()
				inAgreement(t, w, string(first)+" beside "+string(second))
				if t.Failed() {
					return
				}
			}
		}
	}
	if done < rounds*9 {
		t.Errorf("%d acts done, %d refused", done, refused)
	}
}

var errSilence = errors.New("the card house is silent")

// interrupted is a card house that falls silent at its n-th call: before it does
// what it was asked, or after.
type interrupted struct {
	*authoritytest.Cards
	at    int
	after bool
	mute  bool // from then on
}

func (c *interrupted) call(do func() error) error {
	c.at--
	if c.mute {
		return errSilence
	}
	if c.at != 0 {
		return do()
	}
	c.mute = true
	if c.after {
		if err := do(); err != nil {
			return err
		}
	}
	return errSilence
}

func (c *interrupted) Write(ctx context.Context, id string, p authority.Personalization) error {
	return c.call(func() error { return c.Cards.Write(ctx, id, p) })
}

func (c *interrupted) Carried(ctx context.Context, id string) (carried map[jpki.Kind]jpki.SerialNumber, err error) {
	err = c.call(func() error { carried, err = c.Cards.Carried(ctx, id); return err })
	return carried, err
}

// TestAnInterruptedIssueIsSettledByTheCard: whether the card was written before
// the card house fell silent is found out by reading it, at the next sweep, at
// the next act, or after a restart.
func TestAnInterruptedIssueIsSettledByTheCard(t *testing.T) {
	for _, after := range []bool{false, true} {
		for name, resume := range map[string]func(*authoritytest.World) error{
			"sweep":   func(w *authoritytest.World) error { return w.Authority.Settle(context.Background()) },
			"restart": func(w *authoritytest.World) error { w.Reopen(); return nil },
			"next act": func(w *authoritytest.World) error {
				_, err := w.Do(context.Background(), writingNotice(register.PINReset))
				return err
			},
		} {
			house := &interrupted{}
			w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
				house.Cards = c.Writer.(*authoritytest.Cards)
				c.Writer = house
			})
			w.Settle(authoritytest.Hanako())
			house.at, house.after = 1, after
			if _, err := w.Do(t.Context(), writingNotice(register.Reissue)); !errors.Is(err, errSilence) {
				t.Fatalf("%s: %v", name, err)
			}
			if err := w.Authority.Settle(t.Context()); !errors.Is(err, errSilence) {
				t.Errorf("%s: settled in silence: %v", name, err)
			}
			house.mute = false
			if err := resume(w); err != nil {
				t.Fatalf("%s, after %t: %v", name, after, err)
			}
			inAgreement(t, w, name)
			all, err := w.CertificatesOf(t.Context(), "hanako")
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range all {
				if s := status(t, w, c); !c.Delivered && s.State != register.Revoked {
					t.Errorf("%s, after %t: %s was never delivered and is %s", name, after, c.Serial, s.State)
				}
			}
		}
	}
}

// A re-issue of both kinds is cut off when the card is written, and the resident moves
// before that is found out: the signature certificate on the card says the old address and
// is discarded, the authentication certificate beside it is good and takes its place.
func TestAMoveAfterAnInterruptedReissueKeepsTheLogin(t *testing.T) {
	house := &interrupted{}
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) {
		house.Cards = c.Writer.(*authoritytest.Cards)
		c.Writer = house
	})
	first := w.Settle(authoritytest.Hanako()).Certificates
	w.Clock.Advance(time.Hour)
	house.at, house.after = 1, true
	_, err := w.Authority.Issue(t.Context(), authority.Application{ResidentID: "hanako", CardID: "hanako", PINs: authoritytest.PINs()})
	wantErr(t, "the re-issue", err, errSilence)
	do(t, w, notice(register.MoveHouse))
	house.mute = false
	for range 2 { // the second time nothing is left
		if err := w.Authority.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if s := status(t, w, first[auth]); s.State != register.Revoked || s.Reason != jpki.Superseded {
		t.Errorf("the login of before: %+v", s)
	}
	all, err := w.CertificatesOf(t.Context(), "hanako")
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 4 {
		t.Errorf("%d certificates", len(all))
	}
	for _, c := range all {
		if c.Serial == first[c.Kind].Serial {
			continue
		}
		good := c.Delivered && c.Status.State == register.Good
		if good != (c.Kind == auth) {
			t.Errorf("%s of the re-issue: delivered %t, %+v", c.Kind, c.Delivered, c.Status)
		}
	}
	card, err := w.CardsOf(t.Context(), "hanako")
	if err != nil || len(card) != 1 || card[0].State != register.CardInUse {
		t.Errorf("%+v %v", card, err)
	}
}
