package bank_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
)

// TestWhoIsUnchangedIsKnownByTheNewestReport: nothing is written of who is
// unchanged, and yet the record says since when.
func TestWhoIsUnchangedIsKnownByTheNewestReport(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	confirmed := func(want time.Time) {
		t.Helper()
		if s := w.standing(a.Number); s != (bank.Standing{State: rp.Unchanged, ConfirmedAt: want}) {
			t.Errorf("standing %+v: want unchanged at %s", s, want)
		}
	}
	w.confirms()
	confirmed(w.clock())
	first := w.clock()
	w.waits(24 * time.Hour)
	w.kit.Refuse(rp.ErrStatusUnavailable)
	if _, err := w.ConfirmCustomers(t.Context()); !errors.Is(err, bank.ErrConfirmation) {
		t.Fatal(err)
	}
	confirmed(first) // a confirmation that failed says nothing
	w.kit.Refuse(nil)
	w.waits(24 * time.Hour)
	w.confirms()
	confirmed(w.clock())
	last := w.clock()
	w.waits(24 * time.Hour)
	w.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
	w.confirms()
	if s := w.standing(a.Number); s.State != rp.Changed || !s.ConfirmedAt.Equal(last) {
		t.Errorf("after the move %+v: want last confirmed at %s", s, last)
	}
	w.waits(24 * time.Hour)
	w.confirms()
	if s := w.standing(a.Number); s.State != rp.Changed || !s.ConfirmedAt.Equal(last) {
		t.Errorf("the day after %+v: want last confirmed at %s", s, last)
	}
}

// TestAReportSaysNothingOfWhoComesLater: not even while the clock stands still.
func TestAReportSaysNothingOfWhoComesLater(t *testing.T) {
	w := newTown(t)
	w.customer(hanako())
	w.confirms()
	later := w.customer(taro())
	if s := w.standing(later.Number); s != (bank.Standing{}) {
		t.Errorf("standing %+v", s)
	}
	if tally, err := w.Tally(t.Context()); err != nil || tally != (bank.Tally{Customers: 2, Unchanged: 1, Never: 1}) {
		t.Errorf("tally %+v, %v", tally, err)
	}
	for state, want := range map[rp.State]int{rp.Unchanged: 1, "": 2, rp.Changed: 0} {
		if lines, n, err := w.Customers(t.Context(), bank.CustomerQuery{State: state}); err != nil || n != want || len(lines) != want {
			t.Errorf("%q: %d listed, %+v, %v", state, n, lines, err)
		}
	}
}

// meanwhile is a kit during whose confirmation something happens: everybody has
// been read, and nobody answered yet.
type meanwhile struct {
	bank.Verifier
	happens func()
}

func (m meanwhile) CheckStatusSeq(ctx context.Context, k jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[rp.Status, error] {
	answers := m.Verifier.CheckStatusSeq(ctx, k, serials)
	return func(yield func(rp.Status, error) bool) {
		for s, err := range answers {
			if m.happens != nil {
				m.happens()
				m.happens = nil
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// TestWhatHappensDuringAConfirmationIsNotOverwritten: of who joins, withdraws or
// notifies a change meanwhile, the report says nothing.
func TestWhatHappensDuringAConfirmationIsNotOverwritten(t *testing.T) {
	w := newTown(t)
	stays, withdraws, moves := w.customer(hanako()), w.customer(taro()), w.customer(ichika())
	var joins bank.Account
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	kit := meanwhile{Verifier: w.kit, happens: func() {
		p := hanako()
		p.Serial, p.Paired, p.Four.CommonName = "0705D9F0", "0A21C3F0", "若葉　蓮"
		joins = w.customer(p)
		if err := w.WithdrawConsent(t.Context(), withdraws.Number); err != nil {
			t.Error(err)
		}
		w.waits(time.Minute)
		if _, err := w.notifies(moves.Number, moved(ichika())); err != nil {
			t.Error(err)
		}
	}}
	busy, err := bank.New(bank.Config{Verifier: kit, Linkage: w.kit, Store: store, Now: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	began := w.clock()
	r, err := busy.ConfirmCustomers(t.Context())
	if err != nil || r.Questions != 3 || r.Tally != (bank.Tally{Customers: 4, Unchanged: 2, Withheld: 1, Never: 1}) {
		t.Errorf("%v: report %+v", err, r)
	}
	for no, want := range map[bank.AccountNumber]bank.Standing{
		stays.Number:     {State: rp.Unchanged, ConfirmedAt: began},
		withdraws.Number: {},
		moves.Number:     {State: rp.Unchanged, ConfirmedAt: began.Add(time.Minute)},
		joins.Number:     {},
	} {
		if s := w.standing(no); s != want {
			t.Errorf("%s: %+v: want %+v", no, s, want)
		}
	}
}

// TestWhoWithdrawsIsLastKnownByTheReportBefore: and after a new consent, by the
// next one.
func TestWhoWithdrawsIsLastKnownByTheReportBefore(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.customer(taro())
	w.confirms()
	want := bank.Standing{State: rp.Unchanged, ConfirmedAt: w.clock()}
	w.waits(24 * time.Hour)
	if err := w.WithdrawConsent(t.Context(), a.Number); err != nil {
		t.Fatal(err)
	}
	w.confirms()
	if s := w.standing(a.Number); s != want {
		t.Errorf("after a withdrawal %+v: want %+v", s, want)
	}
	d, err := w.DraftConsentForm(t.Context(), a.Number)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.GiveConsent(t.Context(), d, w.kit.Sign(hanako(), d.Document.Content)); err != nil {
		t.Fatal(err)
	}
	if s := w.standing(a.Number); s != want {
		t.Errorf("after a new consent %+v: want %+v", s, want)
	}
	w.confirms()
	want.ConfirmedAt = w.clock()
	if s := w.standing(a.Number); s != want {
		t.Errorf("after the next confirmation %+v: want %+v", s, want)
	}
}

// TestAConfirmationThatIsCutOffIsNoReport: it says nothing of anybody, and the
// next one is due.
func TestAConfirmationThatIsCutOffIsNoReport(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.BeginReport(t.Context(), bank.Report{Trigger: bank.Scheduled, At: w.clock()}); err != nil {
		t.Fatal(err)
	}
	reports, err := w.Reports(t.Context(), 10)
	if err != nil || len(reports) != 0 || w.standing(a.Number) != (bank.Standing{}) {
		t.Errorf("reports %+v, %v, standing %+v", reports, err, w.standing(a.Number))
	}
	if err := w.Sweep(t.Context()); err != nil || len(w.kit.Asked()) != 1 {
		t.Errorf("asked %d times, %v", len(w.kit.Asked()), err)
	}
}

// TestASignInWithANewCardConfirms: the certificate on record is asked about at
// once, and the next confirmation counts again.
func TestASignInWithANewCardConfirms(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	card := hanako()
	card.Paired = "0A21EFFF"
	for _, learns := range []func(){
		func() {
			if _, err := w.signsIn(card); err != nil {
				t.Fatal(err)
			}
		},
		func() { w.confirms() },
	} {
		w.waits(24 * time.Hour)
		learns()
		if s := w.standing(a.Number); s != (bank.Standing{State: rp.Unchanged, ConfirmedAt: w.clock()}) {
			t.Errorf("standing %+v: want unchanged at %s", s, w.clock())
		}
	}
}
