package authority_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// noonOf is midday of a day of 2026, by Japanese civil time.
func noonOf(m time.Month, d int) time.Time { return time.Date(2026, m, d, 12, 0, 0, 0, jpki.JST) }

// wantCard wants the state of Hanako's card and of the authentication certificate on
// it, as a verifier is told.
func wantCard(t *testing.T, w *authoritytest.World, what string, c register.Certificate, state register.CardState, s register.Status) {
	t.Helper()
	if got := confirm(t, w, accreditation.CurrentStatus, c)[0]; (got.State == "unchanged") != (s.State == register.Good) || !got.At.Equal(s.Since) || got.Reason != s.Reason {
		t.Errorf("%s: a verifier is told %+v, want %+v", what, got, s)
	}
	if answer := ask(t, w, about(c)); (answer.Status == 0) != (s.State == register.Good) {
		t.Errorf("%s: OCSP says %d", what, answer.Status)
	}
	cards, err := w.CardsOf(context.Background(), "hanako")
	if err != nil || cards[0].State != state {
		t.Errorf("%s: the card is %q, %v, want %q", what, cards[0].State, err, state)
	}
}

// lapsedOn is a certificate whose card lapsed with the end of a day.
func lapsedOn(m time.Month, d int) register.Status {
	return register.Status{State: register.Revoked, Reason: jpki.CessationOfOperation, Since: time.Date(2026, m, d+1, 0, 0, 0, 0, jpki.JST)}
}

// TestTheDeadlinesOfAMove: 14 days after the move, 30 after the planned day of
// moving out, 90 after the notice of moving in; the last day of each still counts.
func TestTheDeadlinesOfAMove(t *testing.T) {
	good := register.Status{State: register.Good}
	for _, c := range []struct {
		name       string
		leaves     string    // the planned day
		movesIn    time.Time // the notice; zero for none
		moved      string    // the day of the move
		takesOn    time.Time // zero for never
		reissues   bool      // instead
		looks      time.Time
		card       register.CardState
		want       register.Status
		lapsedHere bool // with the notice of moving in
	}{
		{name: "the last second of 30 days", leaves: "2026-04-10", looks: time.Date(2026, 5, 10, 23, 59, 59, 0, jpki.JST), want: good},
		{name: "after 30 days", leaves: "2026-04-10", looks: time.Date(2026, 5, 11, 0, 0, 0, 0, jpki.JST), card: register.CardVoid, want: lapsedOn(5, 10)},
		{name: "without a planned day", looks: noonOf(5, 2), card: register.CardVoid, want: lapsedOn(5, 1)},
		{name: "on the 14th day", leaves: "2026-04-10", movesIn: noonOf(4, 24), moved: "2026-04-10", takesOn: noonOf(4, 24), looks: noonOf(12, 1), want: good},
		{name: "on the 15th day", leaves: "2026-04-10", movesIn: noonOf(4, 25), moved: "2026-04-10", looks: noonOf(12, 1), card: register.CardVoid, want: register.Status{State: register.Revoked, Reason: jpki.CessationOfOperation, Since: noonOf(4, 25)}, lapsedHere: true},
		{name: "never taken on", movesIn: noonOf(4, 2), looks: noonOf(12, 1), card: register.CardVoid, want: lapsedOn(7, 1)},
		{name: "taken on on the 90th day", movesIn: noonOf(4, 2), takesOn: noonOf(7, 1), looks: noonOf(12, 1), want: good},
		{name: "reissued instead", movesIn: noonOf(4, 2), takesOn: noonOf(7, 1), reissues: true, looks: noonOf(12, 1), want: good},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := open(t)
			login := w.Settle(authoritytest.Hanako()).Certificates[auth]
			out := notice(register.MoveOut)
			out.Day = c.leaves
			do(t, w, out)
			if !c.movesIn.IsZero() {
				w.Clock.Set(c.movesIn)
				in := notice(register.MoveIn)
				in.Day = c.moved
				if done := do(t, w, in); (len(done.Effects) > 0) != c.lapsedHere {
					t.Errorf("the move in: %s", told(done.Effects))
				}
			}
			if !c.takesOn.IsZero() {
				w.Clock.Set(c.takesOn)
				act := register.TakeOn
				if c.reissues {
					act = register.Reissue
				}
				do(t, w, notice(act))
			}
			w.Clock.Set(c.looks)
			wantCard(t, w, "then", login, c.card, c.want)
			w.Reopen()
			wantCard(t, w, "after a restart", login, c.card, c.want)
		})
	}
}

// TestAKeptFolderLapsesToo: a deadline that was over while nobody ran is noticed by
// the first who asks, and written down once.
func TestAKeptFolderLapsesToo(t *testing.T) {
	w := open(t)
	login := w.Settle(authoritytest.Hanako()).Certificates[auth]
	do(t, w, notice(register.MoveOut))
	w.Clock.Set(noonOf(12, 1))
	w.Reopen()
	if list := crl(t, w, auth); len(list.RevokedCertificateEntries) != 1 {
		t.Errorf("the first CRL has %d entries", len(list.RevokedCertificateEntries))
	}
	wantCard(t, w, "then", login, register.CardVoid, lapsedOn(5, 1))
	lapses := 0
	for _, l := range journalOf(t, w) {
		if l.Act == register.ActLapsed && l.CardID == "hanako" && l.Why == register.WhyLapsed {
			lapses++
		}
	}
	if lapses != 1 {
		t.Errorf("%d lines of the lapse", lapses)
	}
	w.Clock.Set(noonOf(4, 2)) // the clock goes back: revocation is final
	wantCard(t, w, "back in April", login, register.CardVoid, lapsedOn(5, 1))
}

// TestACardIsKeptAbroad: the authentication certificate goes on; the card can be
// lost, found and brought back, and is taken on in use after the return.
func TestACardIsKeptAbroad(t *testing.T) {
	w := open(t)
	issued := w.Settle(authoritytest.Hanako())
	abroad := notice(register.MoveAbroad)
	abroad.Day, abroad.KeepCard = "2026-04-10", true
	if done := do(t, w, abroad); told(done.Effects) != "digital-signature revoked cessationOfOperation" || !done.After.StandingSince.Equal(time.Date(2026, 4, 10, 0, 0, 0, 0, jpki.JST)) {
		t.Errorf("%s, %+v", told(done.Effects), done.After)
	}
	w.Clock.Set(noonOf(12, 1))
	wantCard(t, w, "abroad", issued.Certificates[auth], register.CardInUse, register.Status{State: register.Good})
	for _, e := range []register.LifeEvent{register.Renewal, register.Reissue} {
		_, err := w.Do(context.Background(), notice(e))
		wantErr(t, string(e), err, register.ErrNotRegistered)
	}
	if done, err := w.SuspendHolder(context.Background(), asHanako(), desk.By{Why: "紛失"}); err != nil || told(done.Effects) != "user-authentication suspended certificateHold" {
		t.Errorf("a loss abroad: %s, %v", told(done.Effects), err)
	}
	do(t, w, notice(register.Found))
	if done := do(t, w, notice(register.MoveIn)); done.Card.State != register.CardInUse || done.Card.Lapses.IsZero() {
		t.Errorf("back: %+v", done.Card)
	}
	do(t, w, notice(register.TakeOn))
	w.Clock.Set(noonOf(12, 1).AddDate(1, 0, 0))
	wantCard(t, w, "a year later", issued.Certificates[auth], register.CardInUse, register.Status{State: register.Good})
}

// TestAForeignNationalKeepsNoCardAbroad: the card lapses on departure.
func TestAForeignNationalKeepsNoCardAbroad(t *testing.T) {
	w := open(t)
	maria := authoritytest.Hanako()
	maria.Nationality = "MX"
	w.Settle(maria)
	abroad := notice(register.MoveAbroad)
	abroad.Day, abroad.KeepCard = "2026-04-10", true
	if _, err := w.Do(context.Background(), abroad); !errors.Is(err, register.ErrKeepsNoCard) {
		t.Errorf("%v", err)
	}
}
