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
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

var atCounter = desk.By{Officer: "mado-1 窓口　一郎", Why: "届出"}

// iroha is where people move to.
func iroha() *desk.Municipality {
	return &desk.Municipality{Code: "98201", Prefecture: "若葉県", City: "いろは市", PrefectureRomaji: "Wakaba-ken", CityRomaji: "Iroha-shi"}
}

// notice gives a notice of Hanako's that is complete for its event.
func notice(e register.LifeEvent) register.Notice {
	n := register.Notice{ResidentID: "hanako", Event: e, By: atCounter}
	switch e {
	case register.MoveHouse:
		n.Address = "青葉県みほん市本町９丁目９番９号"
	case register.MoveIn:
		n.Address, n.Municipality = "若葉県いろは市仲町４番５号", iroha()
	case register.NameChange:
		n.Name, n.Kana, n.FormerSurname = "手本　花子", "テホン ハナコ", "見本"
	case register.Correction:
		n.Gender = jpki.NotApplicable
	case register.CardIssue:
		n.CardID, n.PINs = "hanako-2", authoritytest.PINs()
	case register.PINReset:
		n.PINs = authoritytest.PINs()
	}
	return n
}

func do(t *testing.T, w *authoritytest.World, n register.Notice) authority.Done {
	t.Helper()
	done, err := w.Do(context.Background(), n)
	if err != nil {
		t.Fatalf("%s: %v", n.Event, err)
	}
	return done
}

// told gives what an act does to certificates, as "digital-signature revoked
// affiliationChanged".
func told(effects []register.Effect) string {
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
	event    register.LifeEvent
	before   []register.LifeEvent
	change   func(*register.Notice)
	effects  string
	card     register.CardState
	standing register.Standing
	entries  int // former entries afterwards
}

func lifeTable() []lifeCase {
	const moved = "digital-signature revoked affiliationChanged"
	both := func(act string) string { return "digital-signature " + act + "; user-authentication " + act }
	return []lifeCase{
		{event: register.MoveHouse, effects: moved, entries: 1},
		{event: register.MoveOut, effects: moved, standing: register.StandingMovedOut, entries: 1},
		{event: register.MoveAbroad, change: func(n *register.Notice) { n.KeepCard, n.Day = true, "2026-04-02" },
			effects: "digital-signature revoked cessationOfOperation", standing: register.StandingAbroad, entries: 1},
		{event: register.TakeOn, before: []register.LifeEvent{register.MoveOut, register.MoveIn}, effects: "", entries: 2},
		{event: register.MoveIn, before: []register.LifeEvent{register.MoveOut}, effects: "", entries: 2},
		{event: register.NameChange, effects: moved, entries: 1},
		{event: register.Correction, effects: moved, entries: 1},
		{event: register.Death, effects: both("revoked cessationOfOperation"), card: register.CardVoid, standing: register.StandingDead, entries: 1},
		{event: register.MoveAbroad, effects: both("revoked cessationOfOperation"), card: register.CardVoid, standing: register.StandingAbroad, entries: 1},
		{event: register.Removal, effects: both("revoked cessationOfOperation"), card: register.CardVoid, standing: register.StandingRemoved, entries: 1},
		{event: register.Loss, effects: both("suspended certificateHold"), card: register.CardLost},
		{event: register.Found, before: []register.LifeEvent{register.Loss}, effects: "user-authentication resumed"},
		{event: register.LossFinal, before: []register.LifeEvent{register.Loss}, effects: both("revoked keyCompromise"), card: register.CardVoid},
		{event: register.CardReturn, effects: both("revoked cessationOfOperation"), card: register.CardReturned},
		{event: register.MoveHouse, before: []register.LifeEvent{register.Loss}, effects: moved, card: register.CardLost, entries: 1},
		{event: register.Found, before: []register.LifeEvent{register.Loss, register.MoveHouse}, effects: "user-authentication resumed", entries: 1},
		{event: register.Death, before: []register.LifeEvent{register.MoveHouse}, effects: "user-authentication revoked cessationOfOperation", card: register.CardVoid, standing: register.StandingDead, entries: 2},
		{event: register.PINReset, effects: ""},
		{event: register.Reissue, before: []register.LifeEvent{register.MoveHouse}, effects: "", entries: 1},
		{event: register.Reissue, effects: "digital-signature revoked superseded"},
		{event: register.CardIssue, effects: both("revoked superseded")},
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
			n := notice(c.event)
			if c.change != nil {
				c.change(&n)
			}
			seen, err := w.Preview(context.Background(), n)
			if err != nil || told(seen.Effects) != c.effects {
				t.Errorf("the preview says %q, %v; want %q", told(seen.Effects), err, c.effects)
			}
			wantUntouched(t, w, seen)
			done := do(t, w, n)
			if told(done.Effects) != c.effects {
				t.Errorf("done: %q, want %q", told(done.Effects), c.effects)
			}
			wantDone(t, w, done)
			cards, err := w.CardsOf(context.Background(), "hanako")
			if err != nil || c.event != register.CardIssue && cards[0].State != c.card {
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
func wantUntouched(t *testing.T, w *authoritytest.World, p register.Preview) {
	t.Helper()
	for _, e := range p.Effects {
		if s := status(t, w, e.Certificate); s != e.Certificate.Status {
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
	states := map[string]register.State{"revoked": register.Revoked, "suspended": register.Held, "resumed": register.Good}
	lines, err := w.Events(context.Background(), authority.EventQuery{ResidentID: "hanako"})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range d.Effects {
		s := status(t, w, e.Certificate)
		if s.State != states[e.Act] || e.Act != "resumed" && s.Reason != e.Reason || !s.Since.Equal(d.At) {
			t.Errorf("%v: %+v after %q", e.Certificate.Kind, s, e.Act)
		}
		if !slices.ContainsFunc(lines, func(l register.Event) bool {
			return l.Act == e.Act && l.Serial == e.Certificate.Serial && l.Cause == d.Event && l.Officer == atCounter.Officer && l.Why == atCounter.Why && l.At.Equal(d.At)
		}) {
			t.Errorf("the journal has no line for %s %s", e.Act, e.Certificate.Serial)
		}
	}
	if d.Issued == nil && !slices.ContainsFunc(lines, func(l register.Event) bool { return l.Act == string(d.Event) && l.Officer == atCounter.Officer }) {
		t.Errorf("the journal has no line for the act itself")
	}
}

// refusedCase is an event that cannot be.
type refusedCase struct {
	event  register.LifeEvent
	before []register.LifeEvent
	change func(*register.Notice)
	want   error
	field  string // of an InvalidError
}

func refusedTable() []refusedCase {
	return []refusedCase{
		{event: "party", field: "event"},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.Address = "" }, field: "address"},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.Address = authoritytest.Hanako().BasicFour.Address }, field: "event"},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.Address = "青葉県みほん市" + strings.Repeat("町", 200) }, field: "basicFour.address"},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.Address = "若葉県いろは市仲町４番５号" }, field: "address"},
		{event: register.Correction, change: func(n *register.Notice) { n.Address = "若葉県いろは市仲町４番５号" }, field: "basicFour.address"},
		{event: register.MoveIn, before: []register.LifeEvent{register.MoveOut}, change: func(n *register.Notice) { n.Address = "青葉県みほん市本町１番" }, field: "basicFour.address"},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.RegisterAddress = "短い" }, field: "registerAddress"},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.Name = "他　人" }, field: "name"},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.Municipality = iroha() }, field: "municipality"},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.ResidentID = "nobody" }, want: register.ErrNoResident},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.CardID = "nobody" }, want: register.ErrNoCard},
		{event: register.MoveHouse, change: func(n *register.Notice) { n.Why = strings.Repeat("x", 201) }, field: "why"},
		{event: register.MoveHouse, before: []register.LifeEvent{register.MoveOut}, want: register.ErrNotRegistered},
		{event: register.MoveIn, before: []register.LifeEvent{register.MoveOut}, change: func(n *register.Notice) { n.Municipality = nil }, field: "address"},
		{event: register.MoveIn, before: []register.LifeEvent{register.MoveOut}, change: func(n *register.Notice) { n.Municipality = &desk.Municipality{Code: "1"} }, field: "municipality.code"},
		{event: register.MoveIn, before: []register.LifeEvent{register.Death}, want: register.ErrNotRegistered},
		{event: register.MoveIn, want: register.ErrNotMovedOut},
		{event: register.MoveIn, before: []register.LifeEvent{register.MoveOut}, change: func(n *register.Notice) { n.Day = "2026-04-02" }, field: "day"},
		{event: register.MoveOut, change: func(n *register.Notice) { n.Day = "2027-04-03" }, field: "day"},
		{event: register.MoveOut, change: func(n *register.Notice) { n.Day = "2026-03-17" }, field: "day"},
		{event: register.MoveOut, change: func(n *register.Notice) { n.Day = "2026-02-30" }, field: "day"},
		{event: register.MoveOut, change: func(n *register.Notice) { n.KeepCard = true }, field: "keepCard"},
		{event: register.Death, change: func(n *register.Notice) { n.Day = "2026-04-01" }, field: "day"},
		{event: register.TakeOn, want: register.ErrNothingToDo},
		{event: register.TakeOn, before: []register.LifeEvent{register.MoveOut}, want: register.ErrNotRegistered},
		{event: register.TakeOn, before: []register.LifeEvent{register.MoveOut, register.MoveIn, register.Loss}, want: register.ErrCardNotInUse},
		{event: register.MoveAbroad, change: func(n *register.Notice) { n.KeepCard = true }, field: "day"},
		{event: register.MoveAbroad, change: func(n *register.Notice) { n.KeepCard, n.Day = true, "2026-04-01" }, field: "day"},
		{event: register.MoveAbroad, before: []register.LifeEvent{register.Loss}, change: func(n *register.Notice) { n.KeepCard, n.Day = true, "2026-04-02" }, want: register.ErrCardNotInUse},
		{event: register.NameChange, change: func(n *register.Notice) { n.Name = "" }, field: "name"},
		{event: register.Correction, change: func(n *register.Notice) { n.Gender = "" }, field: "event"},
		{event: register.Correction, change: func(n *register.Notice) { n.Gender = "5" }, field: "basicFour.gender"},
		{event: register.Death, before: []register.LifeEvent{register.Death}, want: register.ErrNotRegistered},
		{event: register.Loss, before: []register.LifeEvent{register.Loss}, want: register.ErrNothingToDo},
		{event: register.Loss, before: []register.LifeEvent{register.CardReturn}, want: register.ErrCardNotInUse},
		{event: register.Found, want: register.ErrCardNotLost},
		{event: register.LossFinal, want: register.ErrCardNotLost},
		{event: register.Found, before: []register.LifeEvent{register.Loss, register.LossFinal}, want: register.ErrCardNotLost},
		{event: register.CardReturn, before: []register.LifeEvent{register.CardReturn}, want: register.ErrCardNotInUse},
		{event: register.PINReset, before: []register.LifeEvent{register.Loss}, want: register.ErrCardNotInUse},
		{event: register.PINReset, change: func(n *register.Notice) { n.PINs = nil }, field: "pins"},
		{event: register.PINReset, change: func(n *register.Notice) { n.PINs[auth] = "12345" }, field: "pins.user-authentication"},
		{event: register.Renewal, want: register.ErrTooEarly},
		{event: register.Reissue, before: []register.LifeEvent{register.Loss}, want: register.ErrCardNotInUse},
		{event: register.Reissue, before: []register.LifeEvent{register.MoveOut}, want: register.ErrNotRegistered},
		{event: register.Reissue, change: func(n *register.Notice) { n.Kinds = []jpki.Kind{sign, sign} }, field: "kinds"},
		{event: register.CardIssue, before: []register.LifeEvent{register.MoveAbroad}, want: register.ErrNotRegistered},
		{event: register.CardIssue, change: func(n *register.Notice) { delete(n.PINs, sign) }, field: "pins.digital-signature"},
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
		var invalid *desk.InvalidError
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

func journalOf(t *testing.T, w *authoritytest.World) []register.Event {
	t.Helper()
	lines, err := w.Events(context.Background(), authority.EventQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
