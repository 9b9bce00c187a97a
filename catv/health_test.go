package catv_test

import (
	"math"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
)

func TestChartsAreTheSameEachTimeAndBelievable(t *testing.T) {
	l := newLiving(t)
	tatsu := l.enrols("taro", "ばあば", "100104", "140011")
	for _, m := range catv.Measures() {
		for _, span := range catv.Spans() {
			a, err := l.Chart(l.ctx, tatsu.ID, tatsu.ID, m, span)
			l.well(err, "chart")
			b, _ := l.Chart(l.ctx, tatsu.ID, tatsu.ID, m, span)
			want := map[int]int{7: 7, 30: 30, 365: 53}[span]
			if len(a.Points) != want || a.Points[want-1].Day != l.today() || !a.Measured {
				t.Errorf("%s over %d days: %d points, to %s", m, span, len(a.Points), a.Points[len(a.Points)-1].Day)
			}
			none := 0
			for i, p := range a.Points {
				if p != b.Points[i] {
					t.Errorf("%s on %s: %v, then %v", m, p.Day, p, b.Points[i])
				}
				if p.None {
					none++
				}
			}
			if none > 3+span/5 {
				t.Errorf("%s over %d days: %d not measured", m, span, none)
			}
		}
	}
	weight, _ := l.Chart(l.ctx, tatsu.ID, tatsu.ID, catv.Weight, 365)
	if math.Abs(weight.Average.Value-44.8) > 2 || weight.High-weight.Low > 4 {
		t.Errorf("a weight from %.1f to %.1f, %.1f on average", weight.Low, weight.High, weight.Average.Value)
	}
	pressure, _ := l.Chart(l.ctx, tatsu.ID, tatsu.ID, catv.Pressure, 30)
	if pressure.Average.Value < 125 || pressure.Average.Value > 160 || pressure.Average.Second >= pressure.Average.Value {
		t.Errorf("a pressure of %.0f over %.0f", pressure.Average.Value, pressure.Average.Second)
	}
	_, err := l.Chart(l.ctx, tatsu.ID, tatsu.ID, catv.Weight, 8)
	l.refused(err, catv.ErrSpan, "eight days")
	_, err = l.Chart(l.ctx, tatsu.ID, tatsu.ID, "mood", 7)
	l.refused(err, catv.ErrMeasure, "a mood")
}

func TestWhatTheNurseTypesStandsForTheDay(t *testing.T) {
	l := newLiving(t)
	v := l.enrols("hanako", "はな", "100101", "110011")
	yesterday := l.today() - 1
	l.well(l.EnterReading(l.ctx, catv.Reading{Viewer: v.ID, Day: yesterday, Measure: catv.Pressure, Value: 171, Second: 99}), "enter")
	l.well(l.EnterReading(l.ctx, catv.Reading{Viewer: v.ID, Day: yesterday, Measure: catv.Pressure, Value: 151, Second: 91}), "correct")
	s, err := l.Chart(l.ctx, v.ID, v.ID, catv.Pressure, 7)
	if p := s.Points[5]; err != nil || p.Value != 151 || p.Second != 91 {
		t.Errorf("%+v, %v", p, err)
	}
	bad := []catv.Reading{
		{Day: yesterday, Measure: catv.Pressure, Value: 80, Second: 90}, {Day: yesterday, Measure: catv.Weight, Value: 900},
		{Day: yesterday, Measure: catv.Weight, Value: math.NaN()}, {Day: yesterday, Measure: catv.Steps, Value: -1},
	}
	for _, r := range bad {
		r.Viewer = v.ID
		l.refused(l.EnterReading(l.ctx, r), catv.ErrReading, "a reading out of bounds")
	}
	l.refused(l.EnterReading(l.ctx, catv.Reading{Viewer: v.ID, Day: l.today() + 1, Measure: catv.Steps}), catv.ErrNotInTheDay, "tomorrow")
	l.refused(l.EnterReading(l.ctx, catv.Reading{Viewer: 99, Day: yesterday, Measure: catv.Steps}), catv.ErrNoViewer, "nobody")
}

func TestCheckupsHaveReferenceRangesAndChildrenHaveNone(t *testing.T) {
	l := newLiving(t)
	taro := l.enrols("taro", "たろう", "100102", "120011")
	child := l.enrols("haruto", "はるくん", "100101", "110022")
	all, err := l.Checkups(l.ctx, taro.ID, taro.ID)
	if err != nil || len(all) != 3 || all[0].Day <= all[1].Day || len(all[0].Findings) != len(catv.Items()) || all[0].Outside() == 0 {
		t.Fatalf("%d check-ups, %v", len(all), err)
	}
	if none, err := l.Checkups(l.ctx, child.ID, child.ID); err != nil || len(none) != 0 {
		t.Errorf("a child has %d check-ups, %v", len(none), err)
	}
	l.well(l.EnterCheckup(l.ctx, catv.Checkup{Viewer: taro.ID, Day: l.today(), Values: map[catv.ItemID]float64{"hba1c": 5.9}, By: "nurse"}), "enter")
	all, _ = l.Checkups(l.ctx, taro.ID, taro.ID)
	if f := all[0].Findings; len(f) != 1 || !f[0].Outside() || f[0].High != 5.5 {
		t.Errorf("%+v", f)
	}
	l.refused(l.EnterCheckup(l.ctx, catv.Checkup{Viewer: taro.ID, Day: l.today(), Values: map[catv.ItemID]float64{"mood": 1}}), catv.ErrReading, "no such item")
	waist := catv.Items()[1]
	if _, high := waist.Range(jpki.Female); high != 89.9 {
		t.Errorf("a woman's waist up to %v", high)
	}
}

func TestAMessageIsAnsweredOnceByItsReceiver(t *testing.T) {
	l := newLiving(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	haruto := l.enrols("haruto", "はるくん", "100101", "110022")
	l.well(l.Write(l.ctx, catv.Message{Viewer: hanako.ID, From: catv.Nurse, Text: catv.Name{JA: "いかがですか"}, Answers: "condition"}), "write")
	messages, err := l.Messages(l.ctx, hanako.ID)
	if err != nil || len(messages) != 1 || !messages[0].ReadAt.IsZero() {
		t.Fatalf("%+v, %v", messages, err)
	}
	id := messages[0].ID
	_, err = l.Message(l.ctx, haruto.ID, id)
	l.refused(err, catv.ErrNoMessage, "the child reads it")
	l.refused(l.Answer(l.ctx, haruto.ID, id, "good"), catv.ErrNoMessage, "the child answers it")
	l.refused(l.Answer(l.ctx, hanako.ID, id, "maybe"), catv.ErrNoChoice, "no such button")
	l.well(l.Answer(l.ctx, hanako.ID, id, "good"), "answer")
	l.refused(l.Answer(l.ctx, hanako.ID, id, "bad"), catv.ErrAnswered, "answer again")
	if m, err := l.Message(l.ctx, hanako.ID, id); err != nil || m.Answer != "good" || m.ReadAt.IsZero() {
		t.Errorf("%+v, %v", m, err)
	}
	l.refused(l.Write(l.ctx, catv.Message{Viewer: hanako.ID, Text: catv.Name{JA: " "}}), catv.ErrText, "nothing")
}

func TestRemindersAreDoneByTheirOwner(t *testing.T) {
	l := newLiving(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	haruto := l.enrols("haruto", "はるくん", "100101", "110022")
	l.well(l.Remind(l.ctx, catv.Reminder{Viewer: hanako.ID, Text: catv.Name{JA: "健診"}, Due: l.today() + 3}), "remind")
	all, err := l.Reminders(l.ctx, hanako.ID)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	l.refused(l.Done(l.ctx, haruto.ID, all[0].ID), catv.ErrNoReminder, "another's")
	l.well(l.Done(l.ctx, hanako.ID, all[0].ID), "done")
	l.Clock.Advance(15 * 24 * time.Hour)
	if all, _ := l.Reminders(l.ctx, hanako.ID); len(all) != 0 {
		t.Errorf("%d reminders two weeks later", len(all))
	}
}

func TestHealthInformationIsItsHoldersUntilTheyShareIt(t *testing.T) {
	l := newLiving(t)
	hanako := l.enrols("hanako", "はな", "100101", "110011")
	haruto := l.enrols("haruto", "はるくん", "100101", "110022")
	taro := l.enrols("taro", "たろう", "100102", "120011")
	sees := func(me, of catv.ViewerID) error {
		_, a := l.Chart(l.ctx, me, of, catv.Weight, 30)
		_, b := l.Checkups(l.ctx, me, of)
		_, c := l.Latest(l.ctx, me, of)
		_, d := l.SharedBy(l.ctx, me, of)
		for _, err := range []error{b, c, d} {
			if (err == nil) != (a == nil) {
				t.Errorf("one route says %v, another %v", a, err)
			}
		}
		return a
	}
	l.refused(sees(haruto.ID, hanako.ID), catv.ErrNotYours, "before")
	l.refused(sees(0, hanako.ID), catv.ErrNotYours, "nobody")
	l.refused(l.ShareWith(l.ctx, hanako.ID, taro.ID), catv.ErrNotFamily, "a neighbour")
	l.refused(l.ShareWith(l.ctx, hanako.ID, hanako.ID), catv.ErrNotFamily, "oneself")
	l.well(l.ShareWith(l.ctx, hanako.ID, haruto.ID), "share")
	l.well(sees(haruto.ID, hanako.ID), "shared")
	l.refused(sees(hanako.ID, haruto.ID), catv.ErrNotYours, "the other way")
	l.refused(sees(taro.ID, hanako.ID), catv.ErrNotYours, "a neighbour")
	if to, err := l.SharedTo(l.ctx, haruto.ID); err != nil || len(to) != 1 || to[0].ID != hanako.ID {
		t.Errorf("%+v, %v", to, err)
	}
	l.well(l.Withdraw(l.ctx, hanako.ID), "withdraw")
	l.refused(sees(haruto.ID, hanako.ID), catv.ErrNotYours, "withdrawn")
}
