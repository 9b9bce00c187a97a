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
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/memory"
	"example.jp/jpkimock/authority/register"
)

// TestConfirmation is every state a certificate can be in.
func TestConfirmation(t *testing.T) {
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	s, a := issued.Certificates[sign], issued.Certificates[auth]
	expect := func(what string, want ...string) {
		t.Helper()
		var got []string
		for _, c := range confirm(t, w, accreditation.CurrentStatus, s, a, register.Certificate{Kind: sign, Serial: "0705FFFF"}) {
			line := string(c.State)
			if !c.At.IsZero() {
				line += fmt.Sprintf(" %v %s", c.Reason, c.At.In(jpki.JST).Format(time.DateTime))
			}
			got = append(got, line)
		}
		if !slices.Equal(got, append(want, "unknown")) {
			t.Errorf("%s: %q", what, got)
		}
	}
	expect("issued", "unchanged", "unchanged")
	w.Clock.Advance(time.Hour)
	do(t, w, notice(register.Loss))
	expect("lost", "suspended certificateHold 2026-04-01 11:00:00", "suspended certificateHold 2026-04-01 11:00:00")
	w.Clock.Advance(time.Hour)
	do(t, w, notice(register.Found))
	expect("found", "suspended certificateHold 2026-04-01 11:00:00", "unchanged")
	do(t, w, notice(register.MoveHouse))
	expect("moved", "changed affiliationChanged 2026-04-01 12:00:00", "unchanged")
	w.Clock.Set(a.NotAfter)
	expect("at the last second", "changed affiliationChanged 2026-04-01 12:00:00", "unchanged")
	w.Clock.Advance(time.Second)
	expect("expired", "changed affiliationChanged 2026-04-01 12:00:00", "expired")
}

func TestSerialNumbersThatNobodyGives(t *testing.T) {
	w := open(t)
	w.Settle(authoritytest.Hanako())
	for _, s := range []jpki.SerialNumber{"", "01", "FFFFFFFFFFFFFFFF", "010705D990010705D990010705D990010705D990", "x", "0705d990"} {
		got := confirm(t, w, accreditation.CurrentStatus, register.Certificate{Kind: sign, Serial: s})
		if got[0].State != authority.ConfirmedUnknown {
			t.Errorf("%q: %+v", s, got)
		}
	}
}

func TestWhoMayConfirm(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	const key = "key-of-the-clinic-01"
	if _, err := w.Ministry.Register(ctx, accreditation.Registration{ID: "clinic", Name: "みほん診療所", Key: key, Kinds: []jpki.Kind{auth}}); err != nil {
		t.Fatal(err)
	}
	var refused *accreditation.NotAccreditedError
	for key, reason := range map[string]string{"": accreditation.NoKey, "somebody": accreditation.UnknownKey} {
		if _, err := w.Confirm(ctx, key, accreditation.CurrentStatus); !errors.As(err, &refused) || refused.Reason != reason {
			t.Errorf("%q: %v", key, err)
		}
	}
	conf, err := w.Confirm(ctx, key, accreditation.CurrentStatus)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conf.Answer(ctx, authority.Question{Kind: sign, Serial: issued.Certificates[sign].Serial}); !errors.As(err, &refused) || refused.Reason != accreditation.KindNotCovered {
		t.Errorf("the other kind: %v", err)
	}
	q := authority.Question{Kind: auth, Serial: issued.Certificates[auth].Serial}
	if got, err := conf.Answer(ctx, q); err != nil || got.State != authority.ConfirmedUnchanged {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := w.Ministry.SetState(ctx, "clinic", accreditation.VerifierSuspended, desk.By{Why: ""}); err != nil {
		t.Fatal(err)
	}
	if _, err := conf.Answer(ctx, q); !errors.As(err, &refused) || refused.Reason != accreditation.Suspended {
		t.Errorf("after the suspension: %v", err)
	}
	if _, err := w.Confirm(ctx, authoritytest.Key, 0); err == nil {
		t.Error("a confirmation without a purpose")
	}
}

// townspeople gives n certificates of a kind as rows without keys, cards or
// holders; every 73rd is revoked by reason of change.
func townspeople(kind jpki.Kind, n int) []register.Certificate {
	first := map[jpki.Kind]uint64{sign: 0x0705D990, auth: 0x0A21C3F0}[kind]
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, jpki.JST)
	out := make([]register.Certificate, n)
	for i := range out {
		s := register.Status{State: register.Good, Since: from}
		if i%73 == 0 {
			s = register.Status{State: register.Revoked, Reason: jpki.AffiliationChanged, Since: from.AddDate(0, 1, 0)}
		}
		out[i] = register.Certificate{
			Kind: kind, Serial: jpki.SerialNumber(fmt.Sprintf("%08X", first+uint64(i))), NotBefore: from, NotAfter: from.AddDate(5, 0, 0),
			Status: s, Delivered: true,
		}
	}
	return out
}

// inhabited is a world with a population of 10,000.
func inhabited(tb testing.TB) (*authoritytest.World, []register.Certificate) {
	tb.Helper()
	people := townspeople(auth, 10_000)
	store := memory.New()
	if err := store.Commit(context.Background(), authority.Change{Certificates: people}); err != nil {
		tb.Fatal(err)
	}
	return authoritytest.Open(tb, "testdata", func(c *authority.Config) { c.Store = store }), people
}

func TestTenThousandAndTheirChanges(t *testing.T) {
	ctx := context.Background()
	w, people := inhabited(t)
	changed := 0
	for i, c := range confirm(t, w, accreditation.CurrentStatus, people...) {
		if (c.State == authority.ConfirmedChanged) != (i%73 == 0) || c.Serial != people[i].Serial {
			t.Fatalf("%d: %+v", i, c)
		}
		if c.State == authority.ConfirmedChanged {
			changed++
		}
	}
	if changed != 137 {
		t.Errorf("%d changed, want 137", changed)
	}
	if s := statement(t, w, "2026-04"); s.Count != 10_000 {
		t.Errorf("%d counted", s.Count)
	}
	if _, err := w.Revoke(ctx, auth, people[1].Serial, jpki.KeyCompromise, atCounter); err != nil {
		t.Fatal(err)
	}
	if c := confirm(t, w, accreditation.CurrentStatus, people[1]); c[0].Reason != jpki.KeyCompromise {
		t.Errorf("%+v", c)
	}
	_, err := w.Pair(ctx, authoritytest.Key, auth, people[2].Serial)
	wantErr(t, "the pair of a row", err, authority.ErrNoPair)
	_, err = w.Successor(ctx, authoritytest.Key, auth, people[0].Serial)
	wantErr(t, "the successor of a row", err, authority.ErrNoSuccessor)
	if before, err := w.Predecessors(ctx, authoritytest.Key, auth, people[2].Serial); err != nil || len(before) != 0 {
		t.Errorf("before a row: %s, %v", before, err)
	}
}

// BenchmarkConfirmation is 10,000 certificates in one confirmation; an
// operation is one certificate. Compare BenchmarkConfirmationByOCSP.
func BenchmarkConfirmation(b *testing.B) {
	w, people := inhabited(b)
	conf, err := w.Confirm(context.Background(), authoritytest.Key, accreditation.CurrentStatus)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		c := people[i%len(people)]
		if _, err := conf.Answer(context.Background(), authority.Question{Kind: c.Kind, Serial: c.Serial}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkConfirmationByOCSP asks about each of the same by an OCSP request
// of its own, the first time.
func BenchmarkConfirmationByOCSP(b *testing.B) {
	w, people := inhabited(b)
	q := about(w.Settle(authoritytest.Hanako()).Certificates[auth])
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		q.serials = []jpki.SerialNumber{people[i%len(people)].Serial}
		if answer, err := w.AnswerOCSP(context.Background(), auth, authoritytest.Key, q.der(b, w)); err != nil || len(answer.DER) < 100 {
			b.Fatalf("%x, %v", answer.DER, err)
		}
		i++
	}
}
