package bank_test

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/rptest"
)

// notifies signs a change notice about an account with a person's present card.
func (o *office) notifies(no bank.AccountNumber, person string) (bank.AcceptedChange, error) {
	o.t.Helper()
	d, err := o.DraftChangeForm(o.t.Context(), no, false)
	if err != nil {
		o.t.Fatal(err)
	}
	cms := o.Card(person).Sign([]byte(d.Document.Content))
	return o.NotifyChange(o.t.Context(), d, cms)
}

func (o *office) mustOpen(person string) bank.AccountNumber {
	o.t.Helper()
	a, err := o.opens(person)
	if err != nil {
		o.t.Fatal(err)
	}
	return a.Number
}

func (o *office) state(no bank.AccountNumber) rp.State {
	o.t.Helper()
	c, err := o.Customer(o.t.Context(), no)
	if err != nil {
		o.t.Fatal(err)
	}
	return c.Standing.State
}

func TestTheRealAuthorityConfirmsRealCards(t *testing.T) {
	sora := rptest.Person{ID: "sora", BasicFour: jpki.NewBasicFour("例示　空", jpki.DateOfBirthOn(2001, time.May, 5), jpki.NotApplicable, "若葉県いろは市3-3")}
	o := newOffice(t, rptest.People(sora))
	hanako, taro, third := o.mustOpen("hanako"), o.mustOpen("taro"), o.mustOpen("sora")
	if err := o.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	o.Suspend("taro", jpki.DigitalSignature)
	o.Renew("sora")
	o.Clock.Advance(24 * time.Hour)
	if err := o.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	reports, err := o.Reports(t.Context(), 10)
	if err != nil || len(reports) != 2 {
		t.Fatalf("reports %+v, %v", reports, err)
	}
	if tally := reports[1].Tally; tally.Unchanged != 3 {
		t.Errorf("the first day %+v", tally)
	}
	if tally := reports[0].Tally; tally.Changed != 1 || tally.Suspended != 1 || tally.Unchanged != 1 || reports[0].Asked != 2 || reports[0].Followed != 1 || reports[0].Questions != 4 {
		t.Errorf("the second day %+v", reports[0])
	}
	for no, want := range map[bank.AccountNumber]rp.State{hanako: rp.Changed, taro: rp.Suspended, third: rp.Unchanged} {
		if got := o.state(no); got != want {
			t.Errorf("%s is %s: want %s", no, got, want)
		}
	}

	// The renewed certificate is watched already, and signs a change notice as
	// well; another's does not.
	if _, err := o.notifies(taro, "sora"); !errors.Is(err, bank.ErrAnotherPerson) {
		t.Errorf("another person's certificate: %v", err)
	}
	if _, err := o.notifies(third, "sora"); err != nil {
		t.Fatal(err)
	}
	if in, err := o.signsIn("sora", origin); err != nil || in.Account.Number != third {
		t.Errorf("signed in to %+v, %v", in, err)
	}
	o.Resume("taro", jpki.DigitalSignature)
	r, err := o.ConfirmCustomers(t.Context())
	if err != nil || r.Questions != 2 || r.Tally.Unchanged != 2 || r.Tally.Changed != 1 || r.Asked != 0 {
		t.Errorf("after that %+v, %v", r, err)
	}
}

// TestAMoveAfterARenewalIsNoticed: who renews is not asked, is watched on, and is
// asked after a move, whether or not a newer certificate is there by then.
func TestAMoveAfterARenewalIsNoticed(t *testing.T) {
	for name, before := range map[string]func(*office){
		"seen between, no new one yet": func(o *office) {
			o.sweeps(t, bank.Report{Questions: 3, Followed: 1})
			o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
		},
		"seen between, and a new one": func(o *office) {
			o.sweeps(t, bank.Report{Questions: 3, Followed: 1})
			o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
			o.Renew("hanako")
		},
		"all at once, no new one yet": func(o *office) {
			o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
		},
		"all at once": func(o *office) {
			o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
			o.Renew("hanako")
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			no := o.mustOpen("hanako")
			o.mustOpen("taro")
			o.sweeps(t, bank.Report{Questions: 2})
			o.Renew("hanako")
			before(o)
			r, err := o.ConfirmCustomers(t.Context())
			if err != nil || r.Asked != 1 || r.Tally.Changed != 1 || r.Tally.Unchanged != 1 {
				t.Fatalf("%v: report %+v", err, r)
			}
			inbox, err := o.Inbox(t.Context(), no)
			if err != nil || len(inbox) != 1 || inbox[0].Kind != bank.NoticeChanged || !inbox[0].Letter {
				t.Errorf("told %+v, %v", inbox, err)
			}
		})
	}
}

// sweeps confirms the customers, nobody of whom is asked, and compares what the
// report counts.
func (o *office) sweeps(t *testing.T, want bank.Report) {
	t.Helper()
	r, err := o.ConfirmCustomers(t.Context())
	if err != nil || r.Questions != want.Questions || r.Followed != want.Followed || r.Asked != 0 || r.Tally.Unchanged != r.Tally.Customers {
		t.Fatalf("%v: report %+v", err, r)
	}
}

func TestARealAuthorityThatRefusesMarksNobody(t *testing.T) {
	o := newOffice(t)
	hanako := o.mustOpen("hanako")
	o.mustOpen("taro")
	o.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	o.SuspendAccreditation()
	r, err := o.ConfirmCustomers(t.Context())
	if !errors.Is(err, rp.ErrNotAccredited) || r.Failure != bank.FailedNotAccredited || o.state(hanako) != "" {
		t.Errorf("%v: %+v", err, r)
	}
	o.Reaccredit()
	if r, err = o.ConfirmCustomers(t.Context()); err != nil || r.Tally.Changed != 1 || r.Tally.Unchanged != 1 {
		t.Errorf("%v: %+v", err, r)
	}
}

// believing asks the real authority about certificates that nobody issued, and
// takes each answer for Unchanged: what is measured is the asking.
type believing struct {
	bank.Verifier
	peak float64 // the most octets in use after a batch
}

func (v *believing) CheckStatusSeq(ctx context.Context, kind jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[rp.Status, error] {
	return func(yield func(rp.Status, error) bool) {
		n := 0
		for s, err := range v.Verifier.CheckStatusSeq(ctx, kind, serials) {
			if n++; n%100_000 == 0 {
				v.peak = max(v.peak, inUse())
			}
			if s.State = rp.Unchanged; !yield(s, err) {
				return
			}
		}
	}
}

// BenchmarkConfirm confirms customers who are unchanged, over HTTP, and keeps what
// it learned. Compare its ns/customer with those of BenchmarkConfirmByOCSP.
// peak-MB is the most memory in use meanwhile, of bank and authority together,
// beyond what was in use before.
func BenchmarkConfirm(b *testing.B) {
	for _, people := range []int{10_000, 300_000, 1_000_000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			w := rptest.New(b)
			store, err := db.Open(filepath.Join(b.TempDir(), "bank.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer store.Close()
			crowd(b, store, people, w.Clock.Now())
			kit := &believing{Verifier: w.Verifier(origin)}
			of, err := bank.New(bank.Config{Verifier: kit, Store: store, Now: w.Clock.Now})
			if err != nil {
				b.Fatal(err)
			}
			before := inUse()
			for b.Loop() {
				if r, err := of.ConfirmCustomers(b.Context()); err != nil || r.Questions != people || r.Tally.Unchanged != people {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(people), "ns/customer")
			b.ReportMetric(max(0, kit.peak-before)/1e6, "peak-MB")
		})
	}
}

// BenchmarkConfirmByRow is what BenchmarkConfirm spares: besides the confirmation a
// row is written for each customer who is unchanged.
func BenchmarkConfirmByRow(b *testing.B) {
	const people = 300_000
	w := rptest.New(b)
	store, err := db.Open(filepath.Join(b.TempDir(), "bank.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	crowd(b, store, people, w.Clock.Now())
	of, err := bank.New(bank.Config{Verifier: &believing{Verifier: w.Verifier(origin)}, Store: store, Now: w.Clock.Now})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if r, err := of.ConfirmCustomers(b.Context()); err != nil || r.Tally.Unchanged != people {
			b.Fatal(r, err)
		}
		var all []bank.Finding
		for who, err := range store.Watched(b.Context()) {
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, bank.Finding{Watched: who, Status: rp.Status{Kind: jpki.DigitalSignature, Serial: who.Serial, State: rp.Unchanged}})
		}
		for batch := range slices.Chunk(all, 1000) {
			if _, err := store.RecordFindings(b.Context(), w.Clock.Now(), batch); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/people, "ns/customer")
}

// inUse gives the octets of the heap that are in use.
func inUse() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// BenchmarkConfirmByOCSP asks about one customer by one OCSP request, and writes
// nothing.
func BenchmarkConfirmByOCSP(b *testing.B) {
	w := rptest.New(b)
	v := w.Verifier(origin)
	for b.Loop() {
		if _, err := v.CheckStatus(b.Context(), jpki.DigitalSignature, "60000000"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/customer")
}
