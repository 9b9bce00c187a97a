package authority_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
)

var clerk = authority.By{Officer: "mado-1 窓口　一郎", Why: "届出"}

// iroha is where people move to.
func iroha() *authority.Municipality {
	return &authority.Municipality{Code: "98201", Prefecture: "若葉県", City: "いろは市", PrefectureRomaji: "Wakaba-ken", CityRomaji: "Iroha-shi"}
}

// notice gives a notice of Hanako's that is complete for its event.
func notice(e authority.LifeEvent) authority.Notice {
	n := authority.Notice{ResidentID: "hanako", Event: e, By: clerk}
	switch e {
	case authority.MoveHouse:
		n.Address = "青葉県みほん市本町９丁目９番９号"
	case authority.MoveIn:
		n.Address, n.Municipality = "若葉県いろは市仲町４番５号", iroha()
	case authority.NameChange:
		n.Name, n.Kana, n.FormerSurname = "手本　花子", "テホン ハナコ", "見本"
	case authority.Correction:
		n.Gender = jpki.NotApplicable
	case authority.CardIssue:
		n.CardID, n.PINs = "hanako-2", authoritytest.PINs()
	case authority.PINReset:
		n.PINs = authoritytest.PINs()
	}
	return n
}

func do(t *testing.T, w *authoritytest.World, n authority.Notice) authority.Done {
	t.Helper()
	done, err := w.Do(context.Background(), n)
	if err != nil {
		t.Fatalf("%s: %v", n.Event, err)
	}
	return done
}

// told gives what an act does to certificates, as "digital-signature revoked
// affiliationChanged".
func told(effects []authority.Effect) string {
	var lines []string
	for _, e := range effects {
		line := fmt.Sprintf("%v %s", e.Certificate.Kind, e.Act)
		if e.Act != "resumed" {
			line += " " + e.Reason.String()
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

// TestLifeEvents is the table of the counter: which event ends which
// certificate, for which reason, and what becomes of card and entry.
func TestLifeEvents(t *testing.T) {
	const moved = "digital-signature revoked affiliationChanged"
	both := func(act string) string { return "digital-signature " + act + "; user-authentication " + act }
	for _, c := range []struct {
		event    authority.LifeEvent
		before   []authority.LifeEvent
		effects  string
		card     authority.CardState
		standing authority.RegisterStanding
		entries  int // former entries afterwards
	}{
		{event: authority.MoveHouse, effects: moved, entries: 1},
		{event: authority.MoveOut, effects: moved, standing: authority.StandingMovedOut, entries: 1},
		{event: authority.MoveIn, effects: moved, entries: 1},
		{event: authority.MoveIn, before: []authority.LifeEvent{authority.MoveOut}, effects: "", entries: 2},
		{event: authority.NameChange, effects: moved, entries: 1},
		{event: authority.Correction, effects: moved, entries: 1},
		{event: authority.Death, effects: both("revoked cessationOfOperation"), card: authority.CardVoid, standing: authority.StandingDead, entries: 1},
		{event: authority.MoveAbroad, effects: both("revoked cessationOfOperation"), card: authority.CardVoid, standing: authority.StandingAbroad, entries: 1},
		{event: authority.Removal, effects: both("revoked cessationOfOperation"), card: authority.CardVoid, standing: authority.StandingRemoved, entries: 1},
		{event: authority.Loss, effects: both("suspended certificateHold"), card: authority.CardLost},
		{event: authority.Found, before: []authority.LifeEvent{authority.Loss}, effects: both("resumed")},
		{event: authority.LossFinal, before: []authority.LifeEvent{authority.Loss}, effects: both("revoked keyCompromise"), card: authority.CardVoid},
		{event: authority.CardReturn, effects: both("revoked cessationOfOperation"), card: authority.CardReturned},
		{event: authority.MoveHouse, before: []authority.LifeEvent{authority.Loss}, effects: moved, card: authority.CardLost, entries: 1},
		{event: authority.Found, before: []authority.LifeEvent{authority.Loss, authority.MoveHouse}, effects: "user-authentication resumed", entries: 1},
		{event: authority.Death, before: []authority.LifeEvent{authority.MoveHouse}, effects: "user-authentication revoked cessationOfOperation", card: authority.CardVoid, standing: authority.StandingDead, entries: 2},
		{event: authority.PINReset, effects: ""},
		{event: authority.Reissue, before: []authority.LifeEvent{authority.MoveHouse}, effects: "", entries: 1},
		{event: authority.Reissue, effects: "digital-signature revoked superseded"},
		{event: authority.CardIssue, effects: both("revoked superseded")},
	} {
		t.Run(string(c.event)+fmt.Sprint(c.before), func(t *testing.T) {
			w := open(t)
			w.Settle(authoritytest.Hanako())
			for _, b := range c.before {
				w.Clock.Advance(time.Hour)
				do(t, w, notice(b))
			}
			w.Clock.Advance(time.Hour)
			seen, err := w.Preview(context.Background(), notice(c.event))
			if err != nil || told(seen.Effects) != c.effects {
				t.Errorf("the preview says %q, %v; want %q", told(seen.Effects), err, c.effects)
			}
			wantUntouched(t, w, seen)
			done := do(t, w, notice(c.event))
			if told(done.Effects) != c.effects {
				t.Errorf("done: %q, want %q", told(done.Effects), c.effects)
			}
			wantDone(t, w, done)
			cards, err := w.CardsOf(context.Background(), "hanako")
			if err != nil || c.event != authority.CardIssue && cards[0].State != c.card {
				t.Errorf("the card is %q, %v; want %q", cards[0].State, err, c.card)
			}
			entry, err := w.Resident(context.Background(), "hanako")
			if err != nil || entry.Standing != c.standing {
				t.Errorf("the entry stands as %q, %v; want %q", entry.Standing, err, c.standing)
			}
			if former, err := w.FormerEntries(context.Background(), "hanako"); err != nil || len(former) != c.entries {
				t.Errorf("%d former entries, %v; want %d", len(former), err, c.entries)
			}
		})
	}
}

// wantUntouched checks that a preview changed nothing.
func wantUntouched(t *testing.T, w *authoritytest.World, p authority.Preview) {
	t.Helper()
	for _, e := range p.Effects {
		if s := standing(t, w, e.Certificate); s != e.Certificate.Standing {
			t.Errorf("the preview changed a certificate: %+v", s)
		}
	}
	if entry, err := w.Resident(context.Background(), "hanako"); err != nil || entry != p.Before {
		t.Errorf("the preview changed the register: %+v, %v", entry, err)
	}
}

// wantDone checks that certificates stand as the act says, and that the
// journal says who, when and why of each.
func wantDone(t *testing.T, w *authoritytest.World, d authority.Done) {
	t.Helper()
	states := map[string]authority.State{"revoked": authority.Revoked, "suspended": authority.Held, "resumed": authority.Good}
	lines, err := w.Events(context.Background(), authority.EventQuery{ResidentID: "hanako"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range d.Effects {
		s := standing(t, w, e.Certificate)
		if s.State != states[e.Act] || e.Act != "resumed" && s.Reason != e.Reason || !s.Since.Equal(d.At) {
			t.Errorf("%v: %+v after %q", e.Certificate.Kind, s, e.Act)
		}
		if !slices.ContainsFunc(lines, func(l authority.Event) bool {
			return l.Act == e.Act && l.Serial == e.Certificate.Serial && l.Cause == d.Event && l.Officer == clerk.Officer && l.Why == clerk.Why && l.At.Equal(d.At)
		}) {
			t.Errorf("the journal has no line for %s %s", e.Act, e.Certificate.Serial)
		}
	}
	if d.Issued == nil && !slices.ContainsFunc(lines, func(l authority.Event) bool { return l.Act == string(d.Event) && l.Officer == clerk.Officer }) {
		t.Errorf("the journal has no line for the act itself")
	}
}

// TestEventsThatAreRefused is every event at a moment when it cannot be.
func TestEventsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		event  authority.LifeEvent
		before []authority.LifeEvent
		change func(*authority.Notice)
		want   error
		field  string // of an InvalidError
	}{
		{event: "party", field: "event"},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.Address = "" }, field: "address"},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.Address = authoritytest.Hanako().BasicFour.Address }, field: "event"},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.Address = strings.Repeat("町", 201) }, field: "basicFour"},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.RegisterAddress = "短い" }, field: "registerAddress"},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.Name = "他　人" }, field: "name"},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.Municipality = iroha() }, field: "municipality"},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.ResidentID = "nobody" }, want: authority.ErrNoResident},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.CardID = "nobody" }, want: authority.ErrNoCard},
		{event: authority.MoveHouse, change: func(n *authority.Notice) { n.Why = strings.Repeat("x", 201) }, field: "why"},
		{event: authority.MoveHouse, before: []authority.LifeEvent{authority.MoveOut}, want: authority.ErrNotRegistered},
		{event: authority.MoveIn, change: func(n *authority.Notice) { n.Municipality = nil }, field: "address"},
		{event: authority.MoveIn, change: func(n *authority.Notice) { n.Municipality = &authority.Municipality{Code: "1"} }, field: "municipality.code"},
		{event: authority.MoveIn, before: []authority.LifeEvent{authority.Death}, want: authority.ErrNotRegistered},
		{event: authority.NameChange, change: func(n *authority.Notice) { n.Name = "" }, field: "name"},
		{event: authority.Correction, change: func(n *authority.Notice) { n.Gender = "" }, field: "event"},
		{event: authority.Correction, change: func(n *authority.Notice) { n.Gender = "5" }, field: "basicFour"},
		{event: authority.Death, before: []authority.LifeEvent{authority.Death}, want: authority.ErrNotRegistered},
		{event: authority.Loss, before: []authority.LifeEvent{authority.Loss}, want: authority.ErrNothingToDo},
		{event: authority.Loss, before: []authority.LifeEvent{authority.CardReturn}, want: authority.ErrCardNotInUse},
		{event: authority.Found, want: authority.ErrCardNotLost},
		{event: authority.LossFinal, want: authority.ErrCardNotLost},
		{event: authority.Found, before: []authority.LifeEvent{authority.Loss, authority.LossFinal}, want: authority.ErrCardNotLost},
		{event: authority.CardReturn, before: []authority.LifeEvent{authority.CardReturn}, want: authority.ErrCardNotInUse},
		{event: authority.PINReset, before: []authority.LifeEvent{authority.Loss}, want: authority.ErrCardNotInUse},
		{event: authority.PINReset, change: func(n *authority.Notice) { n.PINs = nil }, field: "pins"},
		{event: authority.PINReset, change: func(n *authority.Notice) { n.PINs[auth] = "12345" }, field: "pins.user-authentication"},
		{event: authority.Renewal, want: authority.ErrTooEarly},
		{event: authority.Reissue, before: []authority.LifeEvent{authority.Loss}, want: authority.ErrCardNotInUse},
		{event: authority.Reissue, before: []authority.LifeEvent{authority.MoveOut}, want: authority.ErrNotRegistered},
		{event: authority.Reissue, change: func(n *authority.Notice) { n.Kinds = []jpki.Kind{sign, sign} }, field: "kinds"},
		{event: authority.CardIssue, before: []authority.LifeEvent{authority.MoveAbroad}, want: authority.ErrNotRegistered},
		{event: authority.CardIssue, change: func(n *authority.Notice) { delete(n.PINs, sign) }, field: "pins.digital-signature"},
	} {
		w := open(t)
		w.Settle(authoritytest.Hanako())
		for _, b := range c.before {
			do(t, w, notice(b))
		}
		n := notice(c.event)
		if c.change != nil {
			c.change(&n)
		}
		journal := len(journalOf(t, w))
		_, err := w.Do(context.Background(), n)
		var invalid *authority.InvalidError
		switch {
		case c.want != nil && !errors.Is(err, c.want):
			t.Errorf("%s after %v: %v, want %v", c.event, c.before, err, c.want)
		case c.field != "" && (!errors.As(err, &invalid) || invalid.Field != c.field):
			t.Errorf("%s after %v: %v, want field %s", c.event, c.before, err, c.field)
		}
		if after := len(journalOf(t, w)); after != journal {
			t.Errorf("%s: refused, and yet the journal grew", c.event)
		}
	}
}

func journalOf(t *testing.T, w *authoritytest.World) []authority.Event {
	t.Helper()
	lines, err := w.Events(context.Background(), authority.EventQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestHanakoMarries(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	before := w.Settle(authoritytest.Hanako())
	w.Clock.Advance(24 * time.Hour)
	do(t, w, notice(authority.NameChange))

	entry, err := w.Resident(ctx, "hanako")
	if err != nil || entry.BasicFour.CommonName != "手本　花子" || entry.FormerSurname != "見本" || entry.Romaji != "MIHON HANAKO" {
		t.Errorf("%+v, %v", entry, err)
	}
	former, err := w.FormerEntries(ctx, "hanako")
	if err != nil || former[0].BasicFour.CommonName != "見本　花子" || former[0].Cause != authority.NameChange || !former[0].Until.Equal(w.Clock.Now()) || former[0].Officer != clerk.Officer {
		t.Errorf("%+v, %v", former, err)
	}
	if _, err := w.Successor(ctx, authoritytest.Key, sign, before.Certificates[sign].Serial); !errors.Is(err, authority.ErrNoSuccessor) {
		t.Errorf("before the re-issue: %v", err)
	}
	done := do(t, w, notice(authority.Reissue))
	written := w.Cards.Writes[len(w.Cards.Writes)-1]
	if done.Card.ID != "hanako" || written.CardID != "hanako" || written.Face.Name != "手本　花子" {
		t.Errorf("written onto %s: %+v", written.CardID, written.Face)
	}
	next, err := w.Successor(ctx, authoritytest.Key, sign, before.Certificates[sign].Serial)
	if err != nil || next != done.Issued.Certificates[sign].Serial {
		t.Errorf("successor %s, %v", next, err)
	}
	if _, err := w.Successor(ctx, authoritytest.Key, sign, next); !errors.Is(err, authority.ErrNoSuccessor) {
		t.Errorf("the newest has a successor: %v", err)
	}
	if _, err := w.Successor(ctx, authoritytest.Key, auth, before.Certificates[auth].Serial); !errors.Is(err, authority.ErrNoSuccessor) {
		t.Errorf("the authentication certificate was not replaced: %v", err)
	}
}

// TestARareCharacter is a name that the certificate cannot write.
func TestARareCharacter(t *testing.T) {
	w := open(t)
	r := authoritytest.Hanako()
	r.BasicFour = jpki.BasicFour{CommonName: "吉田　花子", DateOfBirth: r.BasicFour.DateOfBirth, Gender: jpki.Female, Address: r.BasicFour.Address}
	r.RegisterName = "𠮷田　花子"
	issued := w.Settle(r)
	if got := w.Cards.Writes[0].Face.Name; got != "𠮷田　花子" {
		t.Errorf("the face prints %s", got)
	}
	four, err := jpki.BasicFourOf(parse(t, issued.Certificates[sign].DER))
	if err != nil || four.CommonName != "吉田　花子" || four.SubstituteCharacterOfCommonName != "10000" {
		t.Errorf("the certificate says %+v, %v", four, err)
	}
	done := do(t, w, notice(authority.NameChange))
	if done.After.RegisterName != "" || done.After.BasicFour.SubstituteCharacterOfCommonName != "00000" {
		t.Errorf("after the change of name: %+v", done.After)
	}
}

// TestRenewal is the last three months of a certificate, and what comes after.
func TestRenewal(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	old := w.Settle(authoritytest.Hanako())
	end := old.Certificates[sign].NotAfter
	from := time.Date(end.In(jpki.JST).Year(), end.In(jpki.JST).Month()-3, end.In(jpki.JST).Day(), 0, 0, 0, 0, jpki.JST)
	for _, c := range []struct {
		at   time.Time
		want error
	}{{from.Add(-time.Second), authority.ErrTooEarly}, {from, nil}, {end, nil}, {end.AddDate(0, 0, 1), nil}} {
		w.Clock.Set(c.at)
		_, err := w.Preview(ctx, notice(authority.Renewal))
		wantErr(t, c.at.String(), err, c.want)
	}
	w.Clock.Set(from.Add(time.Hour))
	done := do(t, w, notice(authority.Renewal))
	if done.Card.ID != "hanako" || len(done.Issued.Certificates) != 2 {
		t.Errorf("renewed: %+v", done.Issued)
	}
	for _, kind := range jpki.Kinds() {
		if s := standing(t, w, old.Certificates[kind]); s.State != authority.Revoked || s.Reason != jpki.Superseded {
			t.Errorf("the old %v: %+v", kind, s)
		}
		next, err := w.Successor(ctx, authoritytest.Key, kind, old.Certificates[kind].Serial)
		if err != nil || next != done.Issued.Certificates[kind].Serial {
			t.Errorf("%v: successor %s, %v", kind, next, err)
		}
	}
	_, err := w.Preview(ctx, notice(authority.Renewal))
	wantErr(t, "again", err, authority.ErrTooEarly)
}

func TestRenewableFrom(t *testing.T) {
	for end, want := range map[string]string{
		"2031-02-17": "2030-11-17", "2031-05-31": "2031-02-28", "2032-05-30": "2032-02-29", "2031-01-01": "2030-10-01", "2031-03-31": "2030-12-31",
	} {
		day, err := time.ParseInLocation(time.DateOnly, end, jpki.JST)
		if err != nil {
			t.Fatal(err)
		}
		if got := authority.RenewableFrom(day.Add(86399 * time.Second)).In(jpki.JST).Format(time.DateTime); got != want+" 00:00:00" {
			t.Errorf("%s: from %s, want %s", end, got, want)
		}
	}
}

// TestAChild is the rule of 15 years on every way to a signature certificate.
func TestAChild(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	w.Settle(authoritytest.Taro())
	for _, c := range []struct {
		name string
		n    authority.Notice
	}{
		{"re-issue", authority.Notice{Event: authority.Reissue, PINs: authoritytest.PINs()}},
		{"re-issue of the kind", authority.Notice{Event: authority.Reissue, Kinds: []jpki.Kind{sign}, PINs: authoritytest.PINs()}},
		{"new card", authority.Notice{Event: authority.CardIssue, Kinds: jpki.Kinds(), PINs: authoritytest.PINs()}},
		{"signature PIN", authority.Notice{Event: authority.PINReset, PINs: map[jpki.Kind]string{sign: "ABC123"}}},
	} {
		c.n.ResidentID, c.n.By = "taro", clerk
		_, err := w.Do(ctx, c.n)
		wantErr(t, c.name, err, authority.ErrTooYoung)
	}
	reissue := authority.Notice{ResidentID: "taro", Event: authority.Reissue, Kinds: []jpki.Kind{auth}, By: clerk}
	if done := do(t, w, reissue); len(done.Issued.Certificates) != 1 {
		t.Errorf("re-issued: %+v", done.Issued)
	}
	w.Clock.Set(time.Date(2030, 12, 1, 10, 0, 0, 0, jpki.JST)) // 12 years old
	renewal := authority.Notice{ResidentID: "taro", Event: authority.Renewal, By: clerk}
	if done := do(t, w, renewal); len(done.Issued.Certificates) != 1 || done.Issued.Certificates[auth].DER == nil {
		t.Errorf("a child's renewal: %+v", done.Issued)
	}
}

// TestComingOfAge is the first signature certificate, on the child's card.
func TestComingOfAge(t *testing.T) {
	w := open(t)
	r := authoritytest.Taro()
	r.BasicFour.DateOfBirth = jpki.DateOfBirthOn(2012, 6, 1) // 13
	w.Settle(r)
	w.Clock.Set(time.Date(2027, 6, 2, 10, 0, 0, 0, jpki.JST))
	n := authority.Notice{ResidentID: "taro", Event: authority.Reissue, By: clerk}
	var invalid *authority.InvalidError
	if _, err := w.Do(context.Background(), n); !errors.As(err, &invalid) || invalid.Field != "pins.digital-signature" {
		t.Errorf("without a PIN: %v", err)
	}
	n.PINs = map[jpki.Kind]string{sign: "ABC123"}
	if done := do(t, w, n); done.Issued.Certificates[sign].DER == nil || len(done.Effects) != 0 {
		t.Errorf("%+v", done)
	}
}

// TestANewCardAfterALoss: the lost card is given up, and the new one is the
// one that acts are about.
func TestANewCardAfterALoss(t *testing.T) {
	ctx := context.Background()
	w := open(t)
	old := w.Settle(authoritytest.Hanako())
	do(t, w, notice(authority.Loss))
	do(t, w, notice(authority.LossFinal))
	w.Clock.Advance(time.Hour)
	do(t, w, notice(authority.CardIssue))
	cards, err := w.CardsOf(ctx, "hanako")
	if err != nil || len(cards) != 2 || cards[0].State != authority.CardVoid || cards[1].State != authority.CardInUse {
		t.Fatalf("%+v, %v", cards, err)
	}
	next, err := w.Successor(ctx, authoritytest.Key, auth, old.Certificates[auth].Serial)
	if err != nil || next == old.Certificates[auth].Serial {
		t.Errorf("successor %s, %v", next, err)
	}
	p, err := w.Preview(ctx, notice(authority.Loss))
	if err != nil || p.Card.ID != "hanako-2" || len(p.Effects) != 2 {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := w.Authority.Issue(ctx, authority.Application{ResidentID: "hanako", CardID: "hanako"}); !errors.Is(err, authority.ErrCardNotInUse) {
		t.Errorf("onto the void card: %v", err)
	}
}

// deadHouse is a card house that cannot switch a chip off.
type deadHouse struct{ *authoritytest.Cards }

func (deadHouse) Kill(context.Context, string) error { return errors.New("no power") }

func TestAReturnedCardIsRevokedWhateverTheChipSays(t *testing.T) {
	w := authoritytest.Open(t, "testdata", func(c *authority.Config) { c.Writer = deadHouse{c.Writer.(*authoritytest.Cards)} })
	issued := w.Settle(authoritytest.Hanako())
	done := do(t, w, notice(authority.CardReturn))
	if done.ChipError == nil || !done.Kills {
		t.Errorf("%+v", done)
	}
	if s := standing(t, w, issued.Certificates[auth]); s.State != authority.Revoked {
		t.Errorf("%+v", s)
	}
}
