package portal_test

import (
	"bytes"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const newHome = "青葉県みほん市三番町３番３号"

// The story: 花子 enrols, moves, is noticed and invited, signs once, and every partner is
// told; the results and the summary are in her box.
func TestOneSignatureMovesEveryAddress(t *testing.T) {
	w := newTown(t)
	if in := w.arrives("hanako"); in.Citizen != nil {
		t.Fatalf("known before enrolment: %+v", in)
	}
	hanako := w.enrols("hanako", w.everybody()...)
	w.must(w.Sweep(t.Context()))
	if titles := w.titles(hanako); len(titles) != 0 {
		t.Fatalf("told without a move: %v", titles)
	}
	w.Move("hanako", newHome)
	w.Clock.Advance(24 * time.Hour)
	w.must(w.Sweep(t.Context()))
	hanako, err := w.Citizen(t.Context(), hanako.ID)
	w.must(err)
	if hanako.Standing != portal.Invited || len(w.mails) != 1 || w.mails[0].To != "hanako@example.jp" || strings.Contains(w.mails[0].Body, "花子") {
		t.Fatalf("%+v %+v", hanako, w.mails)
	}
	a := w.applies("hanako", hanako, w.everybody()...)
	if a.After.Address != newHome || a.NewName() || !a.NewAddress() {
		t.Errorf("%+v", a)
	}
	w.must(w.Deliver(t.Context()))
	for id, s := range w.states(a) {
		if s != partner.Done {
			t.Errorf("%s: %s", id, s)
		}
	}
	if titles := w.titles(hanako); len(titles) != 7 || titles[0] != "手続き完了のお知らせ" || titles[6] != "住所・氏名の変更手続のご案内" {
		t.Errorf("%v", titles)
	}
	if in := w.arrives("hanako"); in.Citizen.Standing != portal.Holds || in.Citizen.Four.Address != newHome {
		t.Errorf("%+v", in.Citizen)
	}
	given, err := w.Connections(t.Context(), hanako.ID)
	w.must(err)
	for _, k := range given {
		if k.Same == nil || !*k.Same {
			t.Errorf("%s: the address is said to differ", k.Partner)
		}
	}
}

// Nobody else is told: a lost card, a suspended one and a renewal are no move, and who
// has no new certificate yet is told to get one first.
func TestOnlyTheMovedAreTold(t *testing.T) {
	people := []rptest.Person{}
	for _, id := range []string{"lost", "held", "renewed", "moved", "gone", "still"} {
		people = append(people, rptest.Person{ID: id, BasicFour: jpki.NewBasicFour("試験　"+id, jpki.DateOfBirthOn(1980, 1, 2), "1", "青葉県みほん市一番町１番１号")})
	}
	w := newTown(t, rptest.People(people...))
	who := map[string]portal.Citizen{}
	for _, p := range people {
		who[p.ID] = w.enrols(p.ID)
	}
	w.Revoke("lost", jpki.DigitalSignature, jpki.KeyCompromise)
	w.Suspend("held", jpki.DigitalSignature)
	w.Renew("renewed")
	w.Revoke("moved", jpki.DigitalSignature, jpki.AffiliationChanged)
	w.Revoke("gone", jpki.DigitalSignature, jpki.CessationOfOperation)
	report, err := w.Watch(t.Context())
	w.must(err)
	if report.Asked != 6 || report.Moved != 1 || report.Renewed != 1 {
		t.Errorf("%+v", report)
	}
	want := map[string]portal.Standing{"lost": portal.Holds, "held": portal.Holds, "renewed": portal.Holds, "moved": portal.NeedsCertificate, "gone": portal.Left, "still": portal.Holds}
	for id, c := range who {
		now, err := w.Citizen(t.Context(), c.ID)
		w.must(err)
		if now.Standing != want[id] {
			t.Errorf("%s: %s, want %s", id, now.Standing, want[id])
		}
		if letters := w.titles(c); (len(letters) > 0) != (id == "moved") {
			t.Errorf("%s has %v", id, letters)
		}
	}
	// The renewed card signs in as before, and a later move is noticed by it.
	if in := w.arrives("renewed"); in.Citizen == nil || in.Citizen.ID != who["renewed"].ID {
		t.Errorf("%+v", in)
	}
	w.Move("renewed", newHome)
	w.Move("moved", newHome) // the new certificate is there now
	report, err = w.Watch(t.Context())
	w.must(err)
	if report.Moved != 1 || report.Ready != 1 {
		t.Errorf("%+v", report)
	}
	if titles := w.titles(who["moved"]); len(titles) != 2 {
		t.Errorf("%v", titles)
	}
	if _, err := w.Watch(t.Context()); err != nil || len(w.titles(who["moved"])) != 2 {
		t.Errorf("told twice: %v %v", w.titles(who["moved"]), err)
	}
}

// A name changed by marriage goes the same way as a move: noticed, invited, signed once
// with the certificate of the new name, told to every partner.
func TestANameChangedByMarriage(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako", w.everybody()...)
	before := hanako.Four
	w.Marry("hanako", "例示　花子")
	report, err := w.Watch(t.Context())
	w.must(err)
	if report.Moved != 1 || len(w.titles(hanako)) != 1 {
		t.Errorf("%+v, letters %v", report, w.titles(hanako))
	}
	a := w.applies("hanako", hanako, "denryoku", "mobile")
	if !a.NewName() || a.NewAddress() || a.Before != before || a.After.CommonName != "例示　花子" || a.After.Address != before.Address {
		t.Errorf("from %+v to %+v", a.Before, a.After)
	}
	w.must(w.Deliver(t.Context()))
	if got := w.states(a); got["denryoku"] != partner.Done || got["mobile"] != partner.Done {
		t.Errorf("%v", got)
	}
	now, err := w.Citizen(t.Context(), hanako.ID)
	w.must(err)
	if now.Four.CommonName != "例示　花子" || now.Standing != portal.Holds {
		t.Errorf("%+v", now)
	}
	all, err := w.Letters(t.Context(), hanako.ID, 0, 1000)
	w.must(err)
	summary := all[0].Content.Notice
	if summary.Title != "手続き完了のお知らせ" || !strings.Contains(summary.Body, "例示　花子") || !strings.Contains(summary.Body, before.CommonName) {
		t.Errorf("%+v", summary)
	}
}

// Who moves before getting the new certificate is told to get one, cannot apply with the
// old one, and goes on by itself when the new one is there: by the watch, or at a sign-in.
func TestTheCertificateComesLater(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako", "denryoku")
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	if in := w.arrives("hanako"); in.Citizen == nil || in.Citizen.Standing != portal.NeedsCertificate {
		t.Fatalf("%+v", in)
	}
	d, err := w.Draft(t.Context(), hanako.ID, portal.Wish{ChangedOn: "2026-03-30", Partners: []string{"denryoku"}})
	w.must(err)
	_, err = w.Apply(t.Context(), hanako.ID, d, w.Card("hanako").Sign([]byte(d.Document.Content)))
	w.is(err, rp.ErrRevoked)
	w.Clock.Advance(5 * 24 * time.Hour)
	w.Move("hanako", newHome)
	if in := w.arrives("hanako"); in.Citizen == nil || in.Citizen.Standing != portal.Invited {
		t.Fatalf("%+v", in)
	}
	if titles := w.titles(hanako); len(titles) != 2 {
		t.Errorf("%v", titles)
	}
	a := w.applies("hanako", hanako, "denryoku")
	w.must(w.Deliver(t.Context()))
	if got := w.states(a); got["denryoku"] != partner.Done || a.After.Address != newHome {
		t.Errorf("%v %+v", got, a.After)
	}
}

// A partner that is silent for three days is told when it is back; one that asks back
// waits for the answer; one refuses with a reason. The citizen sees each as it is.
func TestAPartnerMayTakeItsTime(t *testing.T) {
	w := newTown(t)
	w.shops[0].silent = true
	w.shops[1].decide = func(partner.Sheet) partner.Receipt {
		return partner.Receipt{State: partner.AskedBack, Question: "いつですか。"}
	}
	w.shops[2].decide = func(partner.Sheet) partner.Receipt {
		return partner.Receipt{State: partner.Rejected, Reason: "区域外です。"}
	}
	hanako := w.enrols("hanako", "denryoku", "gas", "suido")
	w.Move("hanako", newHome)
	a := w.applies("hanako", hanako, "denryoku", "gas", "suido")
	w.is(w.Withdraw(t.Context(), hanako.ID, "denryoku"), portal.ErrDelivering)
	for range 3 * 24 {
		w.must(w.Deliver(t.Context()))
		w.Clock.Advance(time.Hour)
	}
	want := map[string]partner.State{"denryoku": portal.Waiting, "gas": partner.AskedBack, "suido": partner.Rejected}
	if got := w.states(a); !maps.Equal(got, want) {
		t.Fatalf("%v", got)
	}
	if told := w.shops[0].told; told < 12 || told > 30 {
		t.Errorf("a silent partner was tried %d times in three days", told)
	}
	w.is(w.Reply(t.Context(), hanako.ID, a.ID, "suido", "はい"), portal.ErrTooLate)
	w.must(w.Reply(t.Context(), hanako.ID, a.ID, "gas", "4月9日"))
	w.is(w.Reply(t.Context(), hanako.ID, a.ID, "gas", "4月10日"), portal.ErrTooLate)
	w.shops[0].silent = false
	w.Clock.Advance(7 * time.Hour)
	w.must(w.Deliver(t.Context()))
	want = map[string]partner.State{"denryoku": partner.Done, "gas": partner.Done, "suido": partner.Rejected}
	if got := w.states(a); !maps.Equal(got, want) {
		t.Fatalf("%v", got)
	}
	w.must(w.Withdraw(t.Context(), hanako.ID, "denryoku"))
	w.is(w.Withdraw(t.Context(), hanako.ID, "denryoku"), portal.ErrNotConnected)
}

var errKilled = errors.New("killed")

// The portal is killed at any step of a delivery, again and again: each partner applies
// each change once, and each notice is in the box once. The partners are the model.
func TestKilledAtAnyStep(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako", w.everybody()...)
	w.shops[1].decide = func(partner.Sheet) partner.Receipt {
		return partner.Receipt{State: partner.AskedBack, Question: "いつですか。"}
	}
	dice := rand.New(rand.NewPCG(1, 2))
	kills := 0
	var mu sync.Mutex // deliveries go on at once
	w.step = func(string) error {
		mu.Lock()
		defer mu.Unlock()
		if dice.IntN(3) == 0 {
			kills++
			return errKilled
		}
		return nil
	}
	var ids []string
	for i := range 5 {
		w.Move("hanako", newHome+strings.Repeat("０", i+1))
		c, err := w.Citizen(t.Context(), hanako.ID)
		w.must(err)
		d, err := w.Draft(t.Context(), c.ID, portal.Wish{ChangedOn: "2026-03-25", Partners: w.everybody(), Answers: map[string]string{"gas": "4月8日"}})
		w.must(err)
		if _, err = w.Apply(t.Context(), c.ID, d, w.Card("hanako").Sign([]byte(d.Document.Content))); !errors.Is(err, errKilled) {
			w.must(err)
		}
		ids = append(ids, d.Document.Number)
	}
	for range 200 {
		if err := w.Deliver(t.Context()); err != nil && !errors.Is(err, errKilled) {
			t.Fatal(err)
		}
		w.open() // as after a restart
		for _, id := range ids {
			if err := w.Reply(t.Context(), hanako.ID, id, "gas", "4月9日"); err != nil {
				w.is(err, portal.ErrTooLate)
			}
		}
		w.Clock.Advance(time.Hour)
		if open, err := w.Delivering(t.Context(), 100); err == nil && len(open) == 0 {
			break
		}
	}
	for _, s := range w.shops {
		for _, id := range ids {
			if s.changes[id] != 1 {
				t.Errorf("%s applied %s %d times", s.id, id, s.changes[id])
			}
		}
	}
	titles := w.titles(hanako)
	slices.Sort(titles)
	if results, summaries := count(titles, "結果"), count(titles, "手続き完了のお知らせ"); results != 25 || summaries != 5 || kills < 10 {
		t.Errorf("%d results, %d summaries after %d kills", results, summaries, kills)
	}
}

func count(all []string, one string) (n int) {
	for _, s := range all {
		if s == one {
			n++
		}
	}
	return n
}

// Who signs must be who is signed in, with a certificate that says something new.
func TestWhoMayApply(t *testing.T) {
	w := newTown(t)
	hanako, taro := w.enrols("hanako", "denryoku"), w.enrols("taro", "denryoku")
	ctx := t.Context()
	wish := portal.Wish{ChangedOn: "2026-03-25", Partners: []string{"denryoku"}}
	draft := func() portal.Draft {
		d, err := w.Draft(ctx, hanako.ID, wish)
		w.must(err)
		return d
	}
	d := draft()
	_, err := w.Apply(ctx, hanako.ID, d, w.Card("hanako").Sign([]byte(d.Document.Content)))
	w.is(err, portal.ErrNothingChanged)
	w.Move("hanako", newHome)
	_, err = w.Apply(ctx, hanako.ID, d, w.Card("taro").Sign([]byte(d.Document.Content)))
	w.is(err, portal.ErrAnotherPerson)
	cms := w.Card("hanako").Sign([]byte(d.Document.Content))
	a, err := w.Apply(ctx, hanako.ID, d, cms)
	w.must(err)
	if _, err = w.Apply(ctx, hanako.ID, d, cms); !errors.Is(err, portal.ErrTooLate) && !errors.Is(err, portal.ErrNothingChanged) {
		t.Errorf("signed twice: %v", err)
	}
	_, _, err = w.Application(ctx, taro.ID, a.ID)
	w.is(err, portal.ErrNoApplication)
	w.is(w.Reply(ctx, taro.ID, a.ID, "denryoku", "x"), portal.ErrNoApplication)

	for day, want := range map[string]error{"2026-04-02": portal.ErrDay, "2024-01-01": portal.ErrDay, "": portal.ErrDay, "2026-04-01": nil} {
		_, err := w.Draft(ctx, taro.ID, portal.Wish{ChangedOn: day, Partners: wish.Partners})
		w.is(err, want)
	}
	_, err = w.Draft(ctx, taro.ID, portal.Wish{ChangedOn: "2026-03-25"})
	w.is(err, portal.ErrNoneChosen)
	_, err = w.Draft(ctx, taro.ID, portal.Wish{ChangedOn: "2026-03-25", Partners: []string{"gas"}})
	w.is(err, portal.ErrNotConnected)
	w.must(w.Connect(ctx, taro.ID, "gas", "100"))
	_, err = w.Draft(ctx, taro.ID, portal.Wish{ChangedOn: "2026-03-25", Partners: []string{"gas"}})
	w.is(err, portal.ErrAnswer)
	w.is(w.Connect(ctx, taro.ID, "suido", "999"), portal.ErrCustomer)
	w.is(w.Connect(ctx, taro.ID, "nobody", "100"), portal.ErrNoPartner)

	e, err := w.DraftEnrolment("x@example.jp")
	w.must(err)
	_, err = w.Enrol(ctx, w.Card("taro").Serial(jpki.UserAuthentication), e, w.Card("taro").Sign([]byte(e.Document.Content)))
	w.is(err, portal.ErrEnrolled)
	_, err = w.Enrol(ctx, w.Card("taro").Serial(jpki.UserAuthentication), e, w.Card("hanako").Sign([]byte(e.Document.Content)))
	w.is(err, portal.ErrAnotherPerson)
	for _, address := range []string{"", "no", "A <a@example.jp>", "a@example.jp\nBcc: b@example.jp", "a@b@c"} {
		_, err := w.DraftEnrolment(address)
		w.is(err, portal.ErrMail)
	}
}

// A box opens for its owner alone, no text of a letter is in the database, and a notice
// whose seal is not good is not taken.
func TestABoxIsItsOwners(t *testing.T) {
	w := newTown(t)
	hanako, taro := w.enrols("hanako", "denryoku", "mobile", "suido"), w.enrols("taro")
	forged := w.shops[3]
	w.shops[0].seal = func(n partner.Notice) string { return forged.sealed(n) }                    // another's key
	w.shops[3].seal = func(n partner.Notice) string { n.Box = "another"; return forged.sealed(n) } // another's box
	w.Move("hanako", newHome)
	a := w.applies("hanako", hanako, "denryoku", "mobile", "suido")
	w.must(w.Deliver(t.Context()))
	if got := w.states(a); got["denryoku"].Final() || got["mobile"].Final() || got["suido"] != partner.Done {
		t.Fatalf("%v", got)
	}
	all, err := w.Letters(t.Context(), hanako.ID, 0, 1000)
	w.must(err)
	if len(all) != 1 || all[0].Content.Notice.Body != "ひみつのほんぶん" || !all[0].OpenedAt.IsZero() {
		t.Fatalf("%+v", all)
	}
	_, err = w.Letter(t.Context(), taro.ID, all[0].ID)
	w.is(err, postbox.ErrLetter)
	opened, err := w.Letter(t.Context(), hanako.ID, all[0].ID)
	w.must(err)
	again, err := postbox.Open(opened.Sealed, "suido", opened.Keys)
	if err != nil || !again.Notice.Same(opened.Content.Notice) || opened.OpenedAt.IsZero() {
		t.Errorf("%+v %v", again, err)
	}
	for _, name := range []string{w.file, w.file + "-wal"} {
		if text, err := os.ReadFile(name); err == nil && bytes.Contains(text, []byte("ひみつのほんぶん")) {
			t.Errorf("%s has a letter in the clear", name)
		}
	}
}
