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

// lifeCase is one line of the table.
type lifeCase struct {
	event    authority.LifeEvent
	before   []authority.LifeEvent
	effects  string
	card     authority.CardState
	standing authority.RegisterStanding
	entries  int // former entries afterwards
}

func lifeTable() []lifeCase {
	const moved = "digital-signature revoked affiliationChanged"
	both := func(act string) string { return "digital-signature " + act + "; user-authentication " + act }
	return []lifeCase{
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
	}
}

// TestLifeEvents is the table of the counter: which event ends which
// certificate, for which reason, and what becomes of card and entry.
func TestLifeEvents(t *testing.T) {
	for _, c := range lifeTable() {
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

// refusedCase is an event that cannot be.
type refusedCase struct {
	event  authority.LifeEvent
	before []authority.LifeEvent
	change func(*authority.Notice)
	want   error
	field  string // of an InvalidError
}

func refusedTable() []refusedCase {
	return []refusedCase{
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
	}
}

// TestEventsThatAreRefused is every event at a moment when it cannot be.
func TestEventsThatAreRefused(t *testing.T) {
	for _, c := range refusedTable() {
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
