package bank_test

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
)

// The certificates that a customer of these stories may have after the first.
const (
	second jpki.SerialNumber = "0705EA02"
	third  jpki.SerialNumber = "0705EA03"
)

// acts gives what was done to a customer's record, newest first.
func (w *town) acts(no bank.AccountNumber) []bank.Act {
	w.t.Helper()
	history, err := w.History(w.t.Context(), no)
	if err != nil {
		w.t.Fatal(err)
	}
	var acts []bank.Act
	for _, h := range history {
		acts = append(acts, h.Act)
	}
	return acts
}

// followed gives the certificate that is watched in place of the one on record.
func (w *town) followed(no bank.AccountNumber) bank.Followed {
	w.t.Helper()
	c, err := w.Customer(w.t.Context(), no)
	if err != nil {
		w.t.Fatal(err)
	}
	if c.Serial != hanako().Serial || len(c.Certificate) == 0 || c.BasicFour != hanako().Four {
		w.t.Errorf("the certificate on record is another: %+v", c)
	}
	return c.Followed
}

// TestWhoRenewedIsFollowedAndAMoveIsNoticedLater is the point of it: a renewal
// is no move and costs no letter, and what comes after it is seen.
func TestWhoRenewedIsFollowedAndAMoveIsNoticedLater(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.customer(taro())
	w.confirms()
	w.waits(24 * time.Hour)
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	w.kit.Find(second, rp.Revoked, jpki.Superseded)
	w.kit.Follows(second, hanako().Serial)
	w.kit.Follows(third, second)
	r := w.confirms()
	if r.Questions != 4 || r.Asked != 0 || r.Followed != 1 || r.Tally.Unchanged != 2 || r.Tally.Revoked != 0 {
		t.Errorf("report %+v", r)
	}
	if asked := w.kit.Asked(); !slices.Equal(asked[len(asked)-1], []jpki.SerialNumber{second, third}) {
		t.Errorf("asked about %v", asked)
	}
	w.open() // from what is on the disk
	if f := w.followed(a.Number); f != (bank.Followed{Serial: third}) || !w.standing(a.Number).ConfirmedAt.Equal(w.clock()) {
		t.Errorf("watched %+v, standing %+v", f, w.standing(a.Number))
	}
	history, err := w.History(t.Context(), a.Number)
	if err != nil || len(history) != 1 || history[0].Act != bank.ActFollowed || history[0].By != third || len(w.inbox(a.Number)) != 0 {
		t.Errorf("history %+v, %v; inbox %+v", history, err, w.inbox(a.Number))
	}
	if kept, err := w.Report(t.Context(), r.ID); err != nil || kept != r {
		t.Errorf("kept %+v, %v: want %+v", kept, err, r)
	}

	w.waits(24 * time.Hour)
	if again := w.confirms(); again.Questions != 2 || again.Followed != 0 || again.Tally.Unchanged != 2 {
		t.Errorf("the next day %+v", again)
	}
	w.kit.Find(third, rp.Changed, jpki.AffiliationChanged)
	if r := w.confirms(); r.Asked != 1 || r.Tally.Changed != 1 {
		t.Errorf("after the move %+v", r)
	}
	if inbox := w.inbox(a.Number); len(inbox) != 1 || inbox[0].Kind != bank.NoticeChanged || inbox[0].Serial != third || !inbox[0].Letter {
		t.Errorf("told %+v", inbox)
	}
}

func TestWhatTheWayToTheNewestCertificateTells(t *testing.T) {
	type found struct {
		state  rp.State
		reason jpki.Reason
	}
	superseded, lost := found{rp.Revoked, jpki.Superseded}, found{rp.Revoked, jpki.KeyCompromise}
	moved, left := found{rp.Changed, jpki.AffiliationChanged}, found{rp.Revoked, jpki.CessationOfOperation}
	good, held := found{rp.Unchanged, 0}, found{rp.Suspended, jpki.CertificateHold}
	for name, tc := range map[string]struct {
		way     []found // the one on record, and those after it
		state   rp.State
		watches bank.Followed
		message bank.NoticeKind // empty for none
		letter  bool
	}{
		"renewed":                        {[]found{superseded, good}, rp.Unchanged, bank.Followed{Serial: second}, "", false},
		"renewed twice":                  {[]found{superseded, superseded, good}, rp.Unchanged, bank.Followed{Serial: third}, "", false},
		"two cards":                      {[]found{superseded, good, good}, rp.Unchanged, bank.Followed{Serial: third}, "", false},
		"renewed, then moved":            {[]found{superseded, moved, good}, rp.Changed, bank.Followed{Serial: second}, bank.NoticeChanged, true},
		"renewed, then left":             {[]found{superseded, left, good}, rp.Revoked, bank.Followed{Serial: second}, bank.NoticeRevoked, true},
		"renewed, then lost and renewed": {[]found{superseded, lost, good}, bank.Reissued, bank.Followed{Serial: third, Unproven: true}, bank.NoticeReissued, false},
		"renewed, lost meanwhile":        {[]found{superseded, held}, rp.Suspended, bank.Followed{Serial: second}, bank.NoticeSuspended, false},
		"lost, and a new card":           {[]found{lost, good}, bank.Reissued, bank.Followed{Serial: second, Unproven: true}, bank.NoticeReissued, false},
		"lost, a new card, and moved":    {[]found{lost, moved, good}, rp.Changed, bank.Followed{Serial: second, Unproven: true}, bank.NoticeChanged, true},
		"expired, and a new one":         {[]found{{rp.Expired, 0}, good}, bank.Reissued, bank.Followed{Serial: second, Unproven: true}, bank.NoticeReissued, false},
		"lost, and nothing yet":          {[]found{lost}, rp.Revoked, bank.Followed{}, bank.NoticeRevoked, false},
		"moved, and a new one":           {[]found{moved, good}, rp.Changed, bank.Followed{}, bank.NoticeChanged, true},
		"left, and back again":           {[]found{left, good}, rp.Revoked, bank.Followed{}, bank.NoticeRevoked, true},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			a := w.customer(hanako())
			serials := []jpki.SerialNumber{hanako().Serial, second, third}
			for i, f := range tc.way {
				w.kit.Find(serials[i], f.state, f.reason)
				if i > 0 {
					w.kit.Follows(serials[i], serials[i-1])
				}
			}
			r := w.confirms()
			if got := w.followed(a.Number); got != tc.watches || w.standing(a.Number).State != tc.state {
				t.Errorf("watches %+v, %s: want %+v, %s", got, w.standing(a.Number).State, tc.watches, tc.state)
			}
			if followed := map[bool]int{true: 1}[tc.state == rp.Unchanged]; r.Followed != followed {
				t.Errorf("report %+v", r)
			}
			for range 2 { // the second time nobody is asked again
				inbox := w.inbox(a.Number)
				if tc.message == "" && len(inbox) != 0 || tc.message != "" && (len(inbox) != 1 || inbox[0].Kind != tc.message || inbox[0].Letter != tc.letter || !inbox[0].Open()) {
					t.Errorf("told %+v: want %s", inbox, tc.message)
				}
				w.waits(24 * time.Hour)
				if again := w.confirms(); again.Asked != 0 || again.Followed != 0 || again.Tally != r.Tally {
					t.Errorf("the next day %+v after %+v", again, r)
				}
			}
		})
	}
}

// TestAfterALossASuccessorIsLookedFor: each confirmation asks for one, of the
// certificate and of the one beside it, and for no status that is known already.
func TestAfterALossASuccessorIsLookedFor(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.KeyCompromise)
	w.confirms()
	before := w.kit.Links()
	for range 3 {
		if r := w.confirms(); r.Questions != 0 || r.Asked != 0 || r.Tally.Revoked != 1 {
			t.Errorf("without a successor %+v", r)
		}
	}
	if n := w.kit.Links() - before; n != 6 || len(w.kit.Asked()) != 1 {
		t.Errorf("asked %d times for a successor, %d times for a status", n, len(w.kit.Asked()))
	}
	w.kit.Follows(second, hanako().Serial)
	if r := w.confirms(); r.Questions != 1 || r.Asked != 1 || r.Followed != 0 || r.Tally.Reissued != 1 || r.Tally.Revoked != 0 {
		t.Errorf("with a successor %+v", r)
	}
	if got := w.waiting(a.Number); !slices.Equal(got, []bank.NoticeKind{bank.NoticeReissued}) || !slices.Equal(w.acts(a.Number), []bank.Act{bank.ActReissued}) {
		t.Errorf("waiting %v, history %v", got, w.acts(a.Number))
	}
}

// TestWhoWasReissuedIsWatchedAndNotKnownToBeUnchanged: neither a suspension that
// ends nor a renewal proves what happened before.
func TestWhoWasReissuedIsWatchedAndNotKnownToBeUnchanged(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.KeyCompromise)
	w.kit.Follows(second, hanako().Serial)
	w.confirms()
	w.kit.Find(second, rp.Suspended, jpki.CertificateHold)
	w.confirms()
	w.kit.Find(second, rp.Unchanged, 0)
	w.confirms()
	if s := w.standing(a.Number); s.State != bank.Reissued || !s.ConfirmedAt.IsZero() {
		t.Errorf("after a suspension %+v", s)
	}
	w.kit.Find(second, rp.Revoked, jpki.Superseded)
	w.kit.Follows(third, second)
	if r := w.confirms(); r.Asked != 0 || r.Followed != 0 || w.followed(a.Number) != (bank.Followed{Serial: third, Unproven: true}) {
		t.Errorf("after a renewal %+v, watched %+v", r, w.followed(a.Number))
	}
	if s := w.standing(a.Number); s.State != bank.Reissued || !s.ConfirmedAt.IsZero() {
		t.Errorf("after a renewal %+v", s)
	}
	w.kit.Find(third, rp.Changed, jpki.AffiliationChanged)
	w.confirms()
	if got := w.waiting(a.Number); !slices.Equal(got, []bank.NoticeKind{bank.NoticeChanged}) {
		t.Errorf("after a move waiting %v", got)
	}
}

// TestTheFollowedCertificateIsTheCustomers: it signs a change notice and a
// consent, and opens no second account.
func TestTheFollowedCertificateIsTheCustomers(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	card := hanako()
	card.Serial, card.Paired = second, "0A21EFFF"
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	w.kit.Follows(second, hanako().Serial)
	w.confirms()

	elsewhere := card
	elsewhere.Four = taro().Four
	if _, err := w.applies(elsewhere); !errors.Is(err, bank.ErrAlreadyCustomer) {
		t.Errorf("a second account: %v", err)
	}
	if in, err := w.signsIn(card); err != nil || in.Account.Number != a.Number {
		t.Errorf("signed in to %+v, %v", in.Account, err)
	}
	if err := w.WithdrawConsent(t.Context(), a.Number); err != nil {
		t.Fatal(err)
	}
	d, err := w.DraftConsentForm(t.Context(), a.Number)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.GiveConsent(t.Context(), d, w.kit.Sign(card, d.Document.Content)); err != nil {
		t.Errorf("a consent: %v", err)
	}
	if _, err := w.notifies(a.Number, card); err != nil {
		t.Fatal(err)
	}
	c, err := w.Customer(t.Context(), a.Number)
	if err != nil || c.Serial != second || c.Followed != (bank.Followed{}) || c.Standing.State != rp.Unchanged {
		t.Errorf("on record %+v, %v", c, err)
	}
	if r := w.confirms(); r.Questions != 1 || r.Tally.Unchanged != 1 {
		t.Errorf("the next confirmation %+v", r)
	}
}

func TestAWithdrawnConsentIsNotFollowed(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	w.kit.Follows(second, hanako().Serial)
	if err := w.WithdrawConsent(t.Context(), a.Number); err != nil {
		t.Fatal(err)
	}
	if r := w.confirms(); r.Questions != 0 || w.kit.Links() != 0 || w.followed(a.Number) != (bank.Followed{}) {
		t.Errorf("report %+v after %d questions", r, w.kit.Links())
	}
}

// silent is a linkage that does not answer one of the questions.
type silent struct {
	rp.Links
	successor, predecessors bool
}

func (s silent) Successor(ctx context.Context, k jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	if s.successor {
		return "", rp.ErrStatusUnavailable
	}
	return s.Links.Successor(ctx, k, serial)
}

func (s silent) Predecessors(ctx context.Context, k jpki.Kind, serial jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	if s.predecessors {
		return nil, rp.ErrStatusUnavailable
	}
	return s.Links.Predecessors(ctx, k, serial)
}

// secondIsUnheard is a kit that answers about those who are watched, and about
// nothing that followed.
type secondIsUnheard struct{ bank.Verifier }

func (secondIsUnheard) CheckStatus(context.Context, jpki.Kind, ...jpki.SerialNumber) ([]rp.Status, error) {
	return nil, rp.ErrStatusUnavailable
}

// TestARenewalThatCannotBeFollowedMarksNobody: whichever question stays without
// an answer, nothing is written of anybody.
func TestARenewalThatCannotBeFollowedMarksNobody(t *testing.T) {
	for name, with := range map[string]func(*town, *bank.Config){
		"the successor":         func(w *town, c *bank.Config) { c.Linkage = silent{w.kit, true, false} },
		"those before":          func(w *town, c *bank.Config) { c.Linkage = silent{w.kit, false, true} },
		"what became of it all": func(w *town, c *bank.Config) { c.Verifier = secondIsUnheard{w.kit} },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			a, b := w.customer(hanako()), w.customer(taro())
			w.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
			w.kit.Find(taro().Serial, rp.Changed, jpki.AffiliationChanged)
			w.kit.Follows(second, hanako().Serial)
			store, err := db.Open(w.path)
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			cfg := bank.Config{Verifier: w.kit, Linkage: w.kit, Store: store, Now: w.clock}
			with(w, &cfg)
			unheard, err := bank.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			r, err := unheard.ConfirmCustomers(t.Context())
			if !errors.Is(err, rp.ErrStatusUnavailable) || r.Failure != bank.FailedUnavailable || r.Tally.Never != 2 || r.Followed != 0 {
				t.Errorf("%v: report %+v", err, r)
			}
			if w.followed(a.Number) != (bank.Followed{}) || len(w.acts(a.Number)) != 0 || w.standing(b.Number) != (bank.Standing{}) {
				t.Error("somebody was marked")
			}
		})
	}
}

// TestACertificateThatIsNotAmongThoseBeforeIsNotProven: the authority names at
// most 32.
func TestACertificateThatIsNotAmongThoseBeforeIsNotProven(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.Superseded)
	w.kit.Follows(second, hanako().Serial)
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	forgetful, err := bank.New(bank.Config{Verifier: w.kit, Linkage: forgets{w.kit}, Store: store, Now: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := forgetful.ConfirmCustomers(t.Context()); err != nil || r.Tally.Reissued != 1 || r.Followed != 0 {
		t.Errorf("%v: report %+v", err, r)
	}
	if f := w.followed(a.Number); f != (bank.Followed{Serial: second, Unproven: true}) {
		t.Errorf("watched %+v", f)
	}
}

// forgets is a linkage that knows of none before.
type forgets struct{ rp.Links }

func (forgets) Predecessors(context.Context, jpki.Kind, jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return nil, nil
}

// TestOfTenThousandAllWhoRenewedAreFollowedInOneRequest: two requests for
// statuses, however many have renewed.
func TestOfTenThousandAllWhoRenewedAreFollowedInOneRequest(t *testing.T) {
	w := newTown(t)
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	serials := crowd(t, store, 10_000, w.clock())
	for i := range 137 {
		old := serials[(i*7919)%len(serials)]
		next, err := jpki.SerialNumberFrom(big.NewInt(0x50000000 + int64(i)))
		if err != nil {
			t.Fatal(err)
		}
		w.kit.Find(old, rp.Revoked, jpki.Superseded)
		w.kit.Follows(next, old)
	}
	r := w.confirms()
	if r.Questions != 10_137 || r.Asked != 0 || r.Followed != 137 || r.Tally.Unchanged != 10_000 || len(w.kit.Asked()) != 2 {
		t.Errorf("report %+v after %d requests", r, len(w.kit.Asked()))
	}
}
