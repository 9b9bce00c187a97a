package bank_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
)

func (w *town) confirms() bank.Report {
	w.t.Helper()
	r, err := w.ConfirmCustomers(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *town) inbox(no bank.AccountNumber) []bank.Notice {
	w.t.Helper()
	inbox, err := w.Inbox(w.t.Context(), no)
	if err != nil {
		w.t.Fatal(err)
	}
	return inbox
}

// waiting gives the kinds of the messages that wait for a customer.
func (w *town) waiting(no bank.AccountNumber) []bank.NoticeKind {
	w.t.Helper()
	var kinds []bank.NoticeKind
	for _, n := range w.inbox(no) {
		if n.Open() {
			kinds = append(kinds, n.Kind)
		}
	}
	return kinds
}

func (w *town) standing(no bank.AccountNumber) bank.Standing {
	w.t.Helper()
	c, err := w.Customer(w.t.Context(), no)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.Standing
}

func TestWhoIsUnchangedIsKnownToBeUnchangedAndWhoMovedIsAsked(t *testing.T) {
	w := newTown(t)
	stays, moved := w.customer(hanako()), w.customer(taro())
	w.waits(time.Hour)
	w.kit.Find(taro().Serial, rp.Changed, jpki.AffiliationChanged)
	r := w.confirms()
	if r.Questions != 2 || r.Asked != 1 || r.Tally.Unchanged != 1 || r.Tally.Changed != 1 || r.Failure != "" || r.Trigger != bank.OnDemand {
		t.Errorf("report %+v", r)
	}
	if s := w.standing(stays.Number); s.State != rp.Unchanged || !s.ConfirmedAt.Equal(w.clock()) {
		t.Errorf("who stays is %+v", s)
	}
	if s := w.standing(moved.Number); s.State != rp.Changed || s.Reason != jpki.AffiliationChanged || !s.ConfirmedAt.IsZero() {
		t.Errorf("who moved is %+v", s)
	}
	if len(w.inbox(stays.Number)) != 0 {
		t.Error("who stays is written to")
	}
	inbox := w.inbox(moved.Number)
	if len(inbox) != 1 || inbox[0].Kind != bank.NoticeChanged || inbox[0].Serial != taro().Serial || !inbox[0].Letter || !inbox[0].Open() {
		t.Errorf("who moved is told %+v", inbox)
	}
	w.open() // from what is on the disk
	if kept, err := w.Report(t.Context(), r.ID); err != nil || kept != r {
		t.Errorf("kept %+v, %v: want %+v", kept, err, r)
	}
	if _, err := w.Report(t.Context(), r.ID+1); !errors.Is(err, bank.ErrNoReport) {
		t.Errorf("a report that is not there: %v", err)
	}
}

func TestNobodyIsAskedTwice(t *testing.T) {
	w := newTown(t)
	w.customer(hanako())
	moved := w.customer(taro())
	w.kit.Find(taro().Serial, rp.Changed, jpki.AffiliationChanged)
	w.confirms()
	again := w.confirms()
	if again.Asked != 0 || again.Questions != 1 || again.Tally.Changed != 1 || again.Tally.Unchanged != 1 {
		t.Errorf("the second report %+v", again)
	}
	if n := len(w.inbox(moved.Number)); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestWhatEachStateLeadsTo(t *testing.T) {
	for _, tc := range []struct {
		state   rp.State
		reason  jpki.Reason
		message bank.NoticeKind
		asks    bool
		letter  bool
	}{
		{rp.Changed, jpki.AffiliationChanged, bank.NoticeChanged, true, true},
		{rp.Revoked, jpki.Superseded, bank.NoticeRenewed, true, false},
		{rp.Revoked, jpki.KeyCompromise, bank.NoticeRevoked, true, false},
		{rp.Revoked, jpki.CessationOfOperation, bank.NoticeRevoked, true, true},
		{rp.Suspended, jpki.CertificateHold, bank.NoticeSuspended, false, false},
		{rp.Expired, 0, bank.NoticeExpired, true, false},
	} {
		t.Run(fmt.Sprint(tc.state, tc.reason), func(t *testing.T) {
			w := newTown(t)
			a := w.customer(hanako())
			w.kit.Find(hanako().Serial, tc.state, tc.reason)
			w.confirms()
			inbox := w.inbox(a.Number)
			if len(inbox) != 1 || inbox[0].Kind != tc.message || inbox[0].Reason != tc.reason || inbox[0].Kind.AsksChange() != tc.asks || inbox[0].Letter != tc.letter {
				t.Errorf("told %+v", inbox)
			}
			if s := w.standing(a.Number); s.State != tc.state {
				t.Errorf("standing %+v", s)
			}
		})
	}
}

func TestACertificateThatTheAuthorityDoesNotKnowIsForStaff(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Unknown, 0)
	r := w.confirms()
	if r.Tally.Unknown != 1 || len(w.inbox(a.Number)) != 0 {
		t.Errorf("report %+v, inbox %+v", r, w.inbox(a.Number))
	}
	waiting, err := w.Notices(t.Context(), bank.NoticeQuery{Open: true, Page: 1})
	if err != nil || len(waiting) != 1 || waiting[0].Kind != bank.NoticeUnknown || waiting[0].Account != a.Number {
		t.Errorf("staff are told %+v, %v", waiting, err)
	}
	if _, err := w.Letter(t.Context(), waiting[0].ID); !errors.Is(err, bank.ErrNoNotice) {
		t.Errorf("a letter goes out: %v", err)
	}
}

func TestACertificateThatHasExpiredIsNoLongerKnownToBeUnchanged(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.confirms()
	w.waits(6 * 365 * 24 * time.Hour) // the authority's answer is still good
	if r := w.confirms(); r.Tally.Expired != 1 || r.Asked != 1 {
		t.Errorf("report %+v", r)
	}
	if got := w.waiting(a.Number); !slices.Equal(got, []bank.NoticeKind{bank.NoticeExpired}) {
		t.Errorf("waiting %v", got)
	}
}

func TestALostCardThatIsFoundIsForgotten(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	w.kit.Find(hanako().Serial, rp.Suspended, jpki.CertificateHold)
	w.confirms()
	w.confirms()
	if got := w.waiting(a.Number); !slices.Equal(got, []bank.NoticeKind{bank.NoticeSuspended}) {
		t.Fatalf("waiting %v", got)
	}
	w.kit.Find(hanako().Serial, rp.Unchanged, 0)
	w.confirms()
	if got := w.waiting(a.Number); len(got) != 0 || w.standing(a.Number).State != rp.Unchanged {
		t.Errorf("waiting %v, standing %+v", got, w.standing(a.Number))
	}
	w.kit.Find(hanako().Serial, rp.Suspended, jpki.CertificateHold)
	w.confirms()
	w.kit.Find(hanako().Serial, rp.Revoked, jpki.KeyCompromise)
	w.confirms()
	if got := w.waiting(a.Number); !slices.Equal(got, []bank.NoticeKind{bank.NoticeRevoked}) {
		t.Errorf("lost for good, and waiting %v", got)
	}
}

func TestIfTheAuthorityDoesNotAnswerNobodyIsMarked(t *testing.T) {
	for _, tc := range []struct {
		kit  error
		want bank.Failure
	}{{rp.ErrStatusUnavailable, bank.FailedUnavailable}, {rp.ErrNotAccredited, bank.FailedNotAccredited}, {errors.New("?"), bank.FailedOtherwise}} {
		w := newTown(t)
		a := w.customer(hanako())
		w.kit.Find(hanako().Serial, rp.Changed, jpki.AffiliationChanged)
		w.kit.Refuse(tc.kit)
		r, err := w.ConfirmCustomers(t.Context())
		if !errors.Is(err, bank.ErrConfirmation) || !errors.Is(err, tc.kit) || r.Failure != tc.want || r.ID == 0 {
			t.Errorf("%v: report %+v", err, r)
		}
		if s := w.standing(a.Number); s != (bank.Standing{}) || len(w.inbox(a.Number)) != 0 || r.Tally.Never != 1 {
			t.Errorf("somebody was marked: %+v %+v", s, r)
		}
	}
}

// liar is a kit whose confirmations are not to the questions.
type liar struct {
	bank.Verifier
	lie func([]rp.Status) []rp.Status
}

func (l liar) CheckStatusSeq(ctx context.Context, k jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[rp.Status, error] {
	var answers []rp.Status
	for s, err := range l.Verifier.CheckStatusSeq(ctx, k, serials) {
		if err != nil {
			panic(err)
		}
		answers = append(answers, s)
	}
	return func(yield func(rp.Status, error) bool) {
		for _, s := range l.lie(answers) {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func TestAnswersThatAreNotToTheQuestionsMarkNobody(t *testing.T) {
	for name, lie := range map[string]func([]rp.Status) []rp.Status{
		"one too few":     func(s []rp.Status) []rp.Status { return s[1:] },
		"another order":   func(s []rp.Status) []rp.Status { slices.Reverse(s); return s },
		"no state":        func(s []rp.Status) []rp.Status { s[0].State = ""; return s },
		"the other kind":  func(s []rp.Status) []rp.Status { s[0].Kind = jpki.UserAuthentication; return s },
		"none of nothing": func([]rp.Status) []rp.Status { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			a := w.customer(hanako())
			w.customer(taro())
			store, err := db.Open(w.path)
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			lied, err := bank.New(bank.Config{Verifier: liar{w.kit, lie}, Store: store, Now: w.clock})
			if err != nil {
				t.Fatal(err)
			}
			r, err := lied.ConfirmCustomers(t.Context())
			if err == nil || r.Failure != bank.FailedAnswer || w.standing(a.Number) != (bank.Standing{}) {
				t.Errorf("%v: report %+v, standing %+v", err, r, w.standing(a.Number))
			}
		})
	}
}

func TestTheSweepRunsOnceADay(t *testing.T) {
	w := newTown(t) // 14:05 in Japan
	sweeps := func(want int) {
		t.Helper()
		if err := w.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := len(w.kit.Asked()); got != want {
			t.Errorf("%s: the authority was asked %d times: want %d", w.clock(), got, want)
		}
	}
	sweeps(0) // no customer, no question
	w.customer(hanako())
	sweeps(1)
	sweeps(1)
	w.waits(9 * time.Hour)
	sweeps(1)
	w.waits(time.Hour) // the next day begins at 15:00 UTC
	sweeps(2)
	w.waits(-48 * time.Hour)
	sweeps(3)
	w.waits(24 * time.Hour)
	w.kit.Refuse(rp.ErrStatusUnavailable)
	if err := w.Sweep(t.Context()); !errors.Is(err, rp.ErrStatusUnavailable) {
		t.Errorf("a failed sweep: %v", err)
	}
	sweeps(4) // not at once
	w.kit.Refuse(nil)
	w.waits(bank.RetryAfter)
	sweeps(5)
	reports, err := w.Reports(t.Context(), 10)
	if err != nil || len(reports) != 5 || reports[0].Failure != "" || reports[1].Failure != bank.FailedUnavailable || reports[0].Trigger != bank.Scheduled {
		t.Errorf("reports %+v, %v", reports, err)
	}
}

// crowd enters n customers without keys, and gives their serial numbers.
func crowd(tb testing.TB, store bank.Store, n int, now time.Time) []jpki.SerialNumber {
	tb.Helper()
	customers, serials := make([]bank.Customer, n), make([]jpki.SerialNumber, n)
	for i := range customers {
		serial, err := jpki.SerialNumberFrom(big.NewInt(0x60000000 + int64(i)))
		if err != nil {
			tb.Fatal(err)
		}
		paired, err := jpki.SerialNumberFrom(big.NewInt(0x70000000 + int64(i)))
		if err != nil {
			tb.Fatal(err)
		}
		serials[i] = serial
		customers[i] = bank.Customer{
			BasicFour: jpki.NewBasicFour(fmt.Sprintf("見本　%d郎", i), jpki.DateOfBirthOn(1950+i%50, time.May, 1+i%28), jpki.Male, "青葉県みほん市一番町"),
			Serial:    serial, Paired: paired, CertificateExpires: now.AddDate(4, 0, 0), Since: now,
			Consent: bank.Consent{GivenAt: now},
		}
	}
	if err := store.Import(tb.Context(), bank.Branches()[1], customers); err != nil {
		tb.Fatal(err)
	}
	return serials
}

func TestOfTenThousandTheHundredAndThirtySevenAreFound(t *testing.T) {
	w := newTown(t)
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	serials := crowd(t, store, 10_000, w.clock())
	want := map[jpki.SerialNumber]bool{}
	for i := range 137 {
		s := serials[(i*7919)%len(serials)]
		want[s] = true
		w.kit.Find(s, rp.Changed, jpki.AffiliationChanged)
	}
	r := w.confirms()
	if r.Questions != 10_000 || r.Asked != 137 || r.Tally.Changed != 137 || r.Tally.Unchanged != 9_863 || len(w.kit.Asked()) != 1 {
		t.Errorf("report %+v after %d requests", r, len(w.kit.Asked()))
	}
	var waiting []bank.AddressedNotice
	for page := 1; page <= 137/bank.PerPage+2; page++ { // the last one is empty
		size := max(0, min(bank.PerPage, 137-(page-1)*bank.PerPage))
		these, err := w.Notices(t.Context(), bank.NoticeQuery{Open: true, Page: page})
		if err != nil || len(these) != size {
			t.Fatalf("page %d has %d, %v: want %d", page, len(these), err, size)
		}
		waiting = append(waiting, these...)
	}
	for _, n := range waiting {
		if !want[n.Serial] {
			t.Errorf("%s was asked", n.Serial)
		}
		delete(want, n.Serial)
	}
	if len(want) != 0 {
		t.Errorf("%d were not asked", len(want))
	}
	if again := w.confirms(); again.Asked != 0 || again.Questions != 9_863 || again.Tally != r.Tally {
		t.Errorf("the second report %+v", again)
	}
}

func TestAnAnswerAboutACertificateThatWasReplacedMeanwhileMarksNobody(t *testing.T) {
	w := newTown(t)
	a := w.customer(hanako())
	c, err := w.Customer(t.Context(), a.Number)
	if err != nil {
		t.Fatal(err)
	}
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	old := bank.Finding{Watched: bank.Watched{Customer: c.ID, Serial: taro().Serial}, Status: rp.Status{Serial: taro().Serial, State: rp.Changed}}
	if wrote, err := store.RecordFindings(t.Context(), w.clock(), []bank.Finding{old}); err != nil || wrote != (bank.Recorded{}) {
		t.Errorf("wrote %+v, %v", wrote, err)
	}
	if w.standing(a.Number) != (bank.Standing{}) || len(w.inbox(a.Number)) != 0 {
		t.Error("somebody was marked")
	}
}

// TestLettersAreFoundAmongAllWhoWait: those who changed were asked first, and
// many who have expired since.
func TestLettersAreFoundAmongAllWhoWait(t *testing.T) {
	w := newTown(t)
	store, err := db.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	serials := crowd(t, store, 1_300, w.clock())
	for _, s := range serials[:7] {
		w.kit.Find(s, rp.Changed, jpki.AffiliationChanged)
	}
	w.kit.Find(serials[7], rp.Unknown, 0)
	w.confirms()
	w.waits(5 * 365 * 24 * time.Hour)
	w.confirms()
	if got, err := w.CountWaiting(t.Context()); err != nil || got != (bank.Waiting{Customers: 1_299, Staff: 1, Letters: 7}) {
		t.Errorf("waiting %+v, %v", got, err)
	}
	if letters, err := w.Notices(t.Context(), bank.NoticeQuery{Open: true, Letter: true, Page: 1}); err != nil || len(letters) != 7 || !letters[0].Letter || letters[0].Kind != bank.NoticeChanged {
		t.Errorf("letters %+v, %v", letters, err)
	}
	if newest, err := w.Notices(t.Context(), bank.NoticeQuery{Open: true, Page: 1}); err != nil || len(newest) != bank.PerPage || newest[0].Kind != bank.NoticeExpired {
		t.Errorf("newest %+v, %v", newest, err)
	}
}
