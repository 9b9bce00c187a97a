package portal_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
)

// What a portal is not opened without.
func TestWhatAPortalNeeds(t *testing.T) {
	w, _ := openShaky(t)
	for name, without := range map[string]func(*portal.Config){
		"verifier": func(c *portal.Config) { c.Verifier = nil }, "linkage": func(c *portal.Config) { c.Linkage = nil }, "store": func(c *portal.Config) { c.Store = nil },
		"vault": func(c *portal.Config) { c.Vault = nil }, "clock": func(c *portal.Config) { c.Now = nil },
	} {
		vault, err := postbox.NewVault(make([]byte, postbox.KeySize))
		w.must(err)
		cfg := portal.Config{Verifier: w.Verifier(origin), Linkage: noLinks{}, Store: outOfOrder{}, Vault: vault, Now: w.Clock.Now}
		without(&cfg)
		if _, err := portal.New(t.Context(), cfg); err == nil {
			t.Errorf("opened without a %s", name)
		}
	}
}

// Whichever call of a round of deliveries fails, the round fails with it, and the next one
// finishes the work.
func TestNoFailureOfADeliveryIsSwallowed(t *testing.T) {
	w, f := openShaky(t)
	hanako := w.enrols("hanako", "suido")
	home := 0
	var a portal.Application
	f.Everywhere(t, "deliver", func() func() error {
		home++
		w.Move("hanako", fmt.Sprintf("青葉県みほん市三番町%d番", home))
		a = w.applies("hanako", hanako, "suido")
		return func() error { return w.Deliver(t.Context()) }
	})
	w.must(w.Deliver(t.Context()))
	if s := w.states(a)["suido"]; s != partner.Done {
		t.Errorf("%s", s)
	}
}

// A renewal is followed without a word: the new certificate is watched, and a later move of
// its holder is noticed.
func TestARenewedCertificateIsWatched(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako")
	w.Renew("hanako")
	report, err := w.Watch(t.Context())
	if err != nil || report.Asked != 1 || report.Renewed != 1 || report.Moved != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	next := w.Card("hanako").Serial(jpki.DigitalSignature)
	c, err := w.Citizen(t.Context(), hanako.ID)
	if err != nil || c.Signature != next || c.Standing != portal.Holds || len(w.titles(hanako)) != 0 {
		t.Errorf("%+v, %v, told %v", c, err, w.titles(hanako))
	}
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	if report, err = w.Watch(t.Context()); err != nil || report.Renewed != 0 || report.Moved != 1 || report.Ready != 0 {
		t.Errorf("after the move %+v, %v", report, err)
	}
	if c, err = w.Citizen(t.Context(), hanako.ID); err != nil || c.Standing != portal.NeedsCertificate || c.MovedAt.IsZero() || c.NoticedAt.IsZero() {
		t.Errorf("after the move %+v, %v", c, err)
	}
}

// Who has moved after a renewal that nobody had noticed is told of the move.
func TestAMoveAfterARenewal(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako")
	w.Renew("hanako")
	w.Revoke("hanako", jpki.DigitalSignature, jpki.AffiliationChanged)
	report, err := w.Watch(t.Context())
	if err != nil || report.Renewed != 1 || report.Moved != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	if c, err := w.Citizen(t.Context(), hanako.ID); err != nil || c.Standing != portal.NeedsCertificate || len(w.titles(hanako)) != 1 {
		t.Errorf("%+v, %v, told %v", c, err, w.titles(hanako))
	}
}

// An application that a partner has accepted is asked about each minute, and after its first
// hour each hour.
func TestHowOftenAnApplicationIsAskedAbout(t *testing.T) {
	w := newTown(t)
	w.shops[0].decide = func(partner.Sheet) partner.Receipt { return partner.Receipt{State: partner.Accepted} }
	hanako := w.enrols("hanako", "denryoku")
	w.Move("hanako", newHome)
	w.applies("hanako", hanako, "denryoku")
	for _, c := range []struct{ waits, next time.Duration }{{0, time.Minute}, {58 * time.Minute, time.Minute}, {4 * time.Minute, time.Hour}, {time.Hour, time.Hour}} {
		w.Clock.Advance(c.waits)
		before := w.Clock.Now()
		w.must(w.Deliver(t.Context()))
		open, err := w.Delivering(t.Context(), 5)
		w.must(err)
		if len(open) != 1 || open[0].Next.Before(before.Add(c.next)) || open[0].Next.After(w.Clock.Now().Add(c.next)) || open[0].Attempts != 0 {
			t.Errorf("after %s: %+v, want the next in %s", c.waits, open, c.next)
		}
	}
}

// A partner that says something new is asked again soon, however long it took.
func TestANewStateIsAskedAboutSoon(t *testing.T) {
	w := newTown(t)
	shop := w.shops[0]
	shop.decide = func(partner.Sheet) partner.Receipt { return partner.Receipt{State: partner.Accepted} }
	hanako := w.enrols("hanako", shop.id)
	w.Move("hanako", newHome)
	w.applies("hanako", hanako, shop.id)
	for _, state := range []partner.State{partner.Accepted, partner.AskedBack} {
		shop.Lock()
		for id, r := range shop.cases {
			r.State = state
			shop.cases[id] = r
		}
		shop.Unlock()
		w.must(w.Deliver(t.Context()))
		open, err := w.Delivering(t.Context(), 5)
		w.must(err)
		if len(open) != 1 || open[0].State != state || open[0].Next.After(w.Clock.Now().Add(time.Minute)) {
			t.Errorf("%s: %+v", state, open)
		}
		w.Clock.Advance(2 * time.Hour)
	}
}

// A partner that does not answer when its keys are wanted is not one that refuses.
func TestASilentPartnerRefusesNothing(t *testing.T) {
	w := newTown(t)
	gas := w.shops[1]
	w.enrols("hanako", gas.id)
	sealed := gas.sealed(partner.Notice{ID: "1", Sender: gas.id, Box: gas.boxes["100"], At: w.Clock.Now().Unix(), Title: "お知らせ", Body: "本文"})
	gas.silent = true
	if _, err := w.Take(t.Context(), sealed); !errors.Is(err, portal.ErrPartnerSilent) || !errors.Is(err, errSilent) {
		t.Errorf("a notice: %v", err)
	}
	gas.silent = false
	_, err := w.Take(t.Context(), sealed)
	w.must(err)
}

// Whoever connects again keeps the box.
func TestABoxStaysOnesOwn(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako", "denryoku")
	before, err := w.Connections(t.Context(), hanako.ID)
	w.must(err)
	w.must(w.Connect(t.Context(), hanako.ID, "denryoku", " 300 "))
	after, err := w.Connections(t.Context(), hanako.ID)
	w.must(err)
	if len(after) != 1 || after[0].Box != before[0].Box || after[0].Customer != "300" || !after[0].Differs() {
		t.Errorf("%+v, then %+v", before, after)
	}
}

// A result without a notice is a result: the summary says so.
func TestAResultWithoutANotice(t *testing.T) {
	w := newTown(t)
	w.shops[0].seal = func(partner.Notice) string { return "" }
	hanako := w.enrols("hanako", "denryoku")
	w.Move("hanako", newHome)
	a := w.applies("hanako", hanako, "denryoku")
	w.must(w.Deliver(t.Context()))
	if s := w.states(a)["denryoku"]; s != partner.Done {
		t.Errorf("%s", s)
	}
	if titles := w.titles(hanako); len(titles) != 1 || titles[0] != "手続き完了のお知らせ" {
		t.Errorf("%v", titles)
	}
}

// An application is hurried because its citizen looks.
func TestAnApplicationIsHurried(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako", "denryoku")
	w.Move("hanako", newHome)
	a := w.applies("hanako", hanako, "denryoku")
	kept := make(chan struct{}, 1)
	w.step = func(s string) error {
		if s == "kept" {
			kept <- struct{}{}
		}
		return nil
	}
	w.Hurry(a.ID)
	<-kept
	if s := w.states(a)["denryoku"]; s != partner.Done {
		t.Errorf("%s", s)
	}
}

// What is decided is not hurried, and a failure in the background harms nobody, also
// without a log.
func TestWhatIsNotHurried(t *testing.T) {
	w, f := openShaky(t)
	hanako := w.enrols("hanako", "denryoku")
	w.Move("hanako", newHome)
	a := w.applies("hanako", hanako, "denryoku")
	w.must(w.Deliver(t.Context()))
	told := w.shops[0].told
	w.Hurry(a.ID)
	f.Arm(1)
	w.Hurry("no application")
	w.must(w.Portal.Close())
	if w.shops[0].told != told {
		t.Errorf("a partner that has decided was told again: %d times, then %d", told, w.shops[0].told)
	}
}

// The bounds of a sender's registration, of an e-mail address, and of the day of a move.
func TestTheBoundsOfWhatIsEntered(t *testing.T) {
	w := newTown(t)
	keys := w.insurer("kenpo").KeySet()
	for name, c := range map[string]struct {
		portal.Registered
		want error
	}{
		"as it should be":   {portal.Registered{ID: "kenpo-1", Name: "x", NameEN: "x"}, nil},
		"an ID of 32":       {portal.Registered{ID: strings.Repeat("a", 32), Name: "x", NameEN: "x"}, nil},
		"an ID of 33":       {portal.Registered{ID: strings.Repeat("a", 33), Name: "x", NameEN: "x"}, portal.ErrSender},
		"no ID":             {portal.Registered{Name: "x", NameEN: "x"}, portal.ErrSender},
		"capitals":          {portal.Registered{ID: "Kenpo", Name: "x", NameEN: "x"}, portal.ErrSender},
		"the portal itself": {portal.Registered{ID: portal.Sender, Name: "x", NameEN: "x"}, portal.ErrSender},
		"a partner":         {portal.Registered{ID: "suido", Name: "x", NameEN: "x"}, portal.ErrSender},
		"no name":           {portal.Registered{ID: "a", NameEN: "x"}, portal.ErrSender},
		"no English name":   {portal.Registered{ID: "a", Name: "x"}, portal.ErrSender},
	} {
		c.Keys = keys
		if err := w.Register(t.Context(), c.Registered); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	long := "@" + strings.Repeat("e", 60) + "." + strings.Repeat("e", 60) + "." + strings.Repeat("e", 60) + ".jp"
	for length, want := range map[int]error{254: nil, 255: portal.ErrMail} {
		address := strings.Repeat("a", length-len(long)) + long
		if e, err := w.DraftEnrolment(address); !errors.Is(err, want) || err == nil && e.Mail != address {
			t.Errorf("an address of %d: %v, want %v", length, err, want)
		}
	}
	if e, err := w.DraftEnrolment(" a@example.jp "); err != nil || e.Mail != "a@example.jp" {
		t.Errorf("%q, %v", e.Mail, err)
	}
	for _, address := range []string{"", "x", "花子 <hanako@example.jp>", "<hanako@example.jp>", "a@example.jp, b@example.jp"} {
		if _, err := w.DraftEnrolment(address); !errors.Is(err, portal.ErrMail) {
			t.Errorf("%q: %v", address, err)
		}
	}
	hanako := w.enrols("hanako", "gas")
	for _, c := range []struct {
		wish portal.Wish
		want error
	}{
		{portal.Wish{ChangedOn: "2025-04-01", Partners: []string{"gas"}, Answers: map[string]string{"gas": "x"}}, nil},
		{portal.Wish{ChangedOn: "2025-03-31", Partners: []string{"gas"}, Answers: map[string]string{"gas": "x"}}, portal.ErrDay},
		{portal.Wish{ChangedOn: "2026-04-01", Partners: []string{"gas"}, Answers: map[string]string{"gas": " x "}}, nil},
		{portal.Wish{ChangedOn: "2026-04-02", Partners: []string{"gas"}, Answers: map[string]string{"gas": "x"}}, portal.ErrDay},
		{portal.Wish{ChangedOn: "2026-04-01", Partners: []string{"gas"}, Answers: map[string]string{"gas": strings.Repeat("あ", jpki.MaxAddress+1)}}, portal.ErrAnswer},
		{portal.Wish{ChangedOn: "2026-04-01", Partners: []string{"gas"}, Answers: map[string]string{"gas": " "}}, portal.ErrAnswer},
		{portal.Wish{ChangedOn: "2026-04-01", Partners: []string{"gas", "gas"}, Answers: map[string]string{"gas": "x"}}, portal.ErrNotConnected},
		{portal.Wish{ChangedOn: "2026-04-01", Partners: []string{"nobody"}}, portal.ErrNotConnected},
	} {
		if _, err := w.Draft(t.Context(), hanako.ID, c.wish); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.wish.ChangedOn, err, c.want)
		}
	}
}

// How old a seal may be when it comes, and how far ahead of time.
func TestHowOldASealMayBe(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako")
	kenpo := w.insurer("kenpo")
	w.must(w.Register(t.Context(), portal.Registered{ID: "kenpo", Name: "x", NameEN: "x", Keys: kenpo.KeySet()}))
	w.must(w.Connect(t.Context(), hanako.ID, "kenpo", ""))
	given, err := w.Connections(t.Context(), hanako.ID)
	w.must(err)
	for age, want := range map[time.Duration]error{59 * time.Minute: nil, 61 * time.Minute: postbox.ErrStale, -4 * time.Minute: nil, -6 * time.Minute: postbox.ErrStale} {
		n := kenpo.notice(given[0].Box)
		n.ID, n.At = age.String(), w.Clock.Now().Add(-age).Unix()
		if _, err := w.Take(t.Context(), kenpo.seals(n)); !errors.Is(err, want) {
			t.Errorf("%s old: %v, want %v", age, err, want)
		}
	}
}

// A partner that knows its customers by the card is told the box for a customer number.
func TestAPartnerThatKnowsTheCard(t *testing.T) {
	w := newTown(t)
	hanako := w.enrols("hanako")
	byCard := w.shops[0]
	byCard.byCard = true
	w.open()
	w.must(w.Connect(t.Context(), hanako.ID, byCard.id, "100"))
	all, err := w.Connections(t.Context(), hanako.ID)
	w.must(err)
	if k := portal.ConnectionWith(byCard.id, all); k == nil || k.Customer != k.Box || byCard.boxes[k.Customer] != k.Box {
		t.Errorf("%+v, and the partner has %v", all, byCard.boxes)
	}
}

// noLinks is a linkage that nobody asks.
type noLinks struct{ rp.Links }
