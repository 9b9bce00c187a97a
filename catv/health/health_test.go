package health_test

import (
	"math"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
)

func TestChartsAreTheSameEachTimeAndBelievable(t *testing.T) {
	w := newTown(t)
	tatsu := w.joins("ばあば", "100104", "140011")
	for _, m := range health.Measures() {
		for _, span := range health.Spans() {
			a, err := w.Chart(w.ctx, tatsu, tatsu, m, span)
			w.well(err, "chart")
			b, _ := w.Chart(w.ctx, tatsu, tatsu, m, span)
			want := map[int]int{7: 7, 30: 30, 365: 53}[span]
			if len(a.Points) != want || a.Points[want-1].Day != w.today() || !a.Measured {
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
	weight, _ := w.Chart(w.ctx, tatsu, tatsu, health.Weight, 365)
	if math.Abs(weight.Average.Value-44.8) > 2 || weight.High-weight.Low > 4 {
		t.Errorf("a weight from %.1f to %.1f, %.1f on average", weight.Low, weight.High, weight.Average.Value)
	}
	pressure, _ := w.Chart(w.ctx, tatsu, tatsu, health.Pressure, 30)
	if pressure.Average.Value < 125 || pressure.Average.Value > 160 || pressure.Average.Second >= pressure.Average.Value {
		t.Errorf("a pressure of %.0f over %.0f", pressure.Average.Value, pressure.Average.Second)
	}
	_, err := w.Chart(w.ctx, tatsu, tatsu, health.Weight, 8)
	w.refused(err, health.ErrSpan, "eight days")
	_, err = w.Chart(w.ctx, tatsu, tatsu, "mood", 7)
	w.refused(err, health.ErrMeasure, "a mood")
}

func TestWhatTheNurseTypesStandsForTheDay(t *testing.T) {
	w := newTown(t)
	v := w.hanako()
	yesterday := w.today() - 1
	w.well(w.EnterReading(w.ctx, health.Reading{Viewer: v, Day: yesterday, Measure: health.Pressure, Value: 171, Second: 99}), "enter")
	w.well(w.EnterReading(w.ctx, health.Reading{Viewer: v, Day: yesterday, Measure: health.Pressure, Value: 151, Second: 91}), "correct")
	s, err := w.Chart(w.ctx, v, v, health.Pressure, 7)
	if p := s.Points[5]; err != nil || p.Value != 151 || p.Second != 91 {
		t.Errorf("%+v, %v", p, err)
	}
	bad := []health.Reading{
		{Day: yesterday, Measure: health.Pressure, Value: 80, Second: 90}, {Day: yesterday, Measure: health.Weight, Value: 900},
		{Day: yesterday, Measure: health.Weight, Value: math.NaN()}, {Day: yesterday, Measure: health.Steps, Value: -1},
	}
	for _, r := range bad {
		r.Viewer = v
		w.refused(w.EnterReading(w.ctx, r), health.ErrReading, "a reading out of bounds")
	}
	w.refused(w.EnterReading(w.ctx, health.Reading{Viewer: v, Day: w.today() + 1, Measure: health.Steps}), health.ErrNotInTheDay, "tomorrow")
	w.refused(w.EnterReading(w.ctx, health.Reading{Viewer: 99, Day: yesterday, Measure: health.Steps}), catv.ErrNoViewer, "nobody")
}

func TestCheckupsHaveReferenceRangesAndChildrenHaveNone(t *testing.T) {
	w := newTown(t)
	taro := w.taro()
	child := w.haruto()
	all, err := w.Checkups(w.ctx, taro, taro)
	if err != nil || len(all) != 3 || all[0].Day <= all[1].Day || len(all[0].Findings) != len(health.Items()) || all[0].Outside() == 0 {
		t.Fatalf("%d check-ups, %v", len(all), err)
	}
	if none, err := w.Checkups(w.ctx, child, child); err != nil || len(none) != 0 {
		t.Errorf("a child has %d check-ups, %v", len(none), err)
	}
	w.well(w.EnterCheckup(w.ctx, health.Checkup{Viewer: taro, Day: w.today(), Values: map[health.ItemID]float64{"hba1c": 5.9}, By: "nurse"}), "enter")
	all, _ = w.Checkups(w.ctx, taro, taro)
	if f := all[0].Findings; len(f) != 1 || !f[0].Outside() || f[0].High != 5.5 {
		t.Errorf("%+v", f)
	}
	w.refused(w.EnterCheckup(w.ctx, health.Checkup{Viewer: taro, Day: w.today(), Values: map[health.ItemID]float64{"mood": 1}}), health.ErrReading, "no such item")
	waist := health.Items()[1]
	if _, high := waist.Range(catv.Profile{Sex: jpki.Female, Born: 1990}, 2026); high != 89.9 {
		t.Errorf("a woman's waist up to %v", high)
	}
}

func TestAMessageIsAnsweredOnceByItsReceiver(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	haruto := w.haruto()
	w.well(w.Write(w.ctx, health.Message{Viewer: hanako, From: health.Nurse, Text: catv.Name{JA: "いかがですか"}, Answers: "condition"}), "write")
	messages, err := w.Messages(w.ctx, hanako)
	if err != nil || len(messages) != 1 || !messages[0].ReadAt.IsZero() {
		t.Fatalf("%+v, %v", messages, err)
	}
	id := messages[0].ID
	_, err = w.Message(w.ctx, haruto, id)
	w.refused(err, health.ErrNoMessage, "the child reads it")
	w.refused(w.Answer(w.ctx, haruto, id, "good"), health.ErrNoMessage, "the child answers it")
	w.refused(w.Answer(w.ctx, hanako, id, "maybe"), health.ErrNoChoice, "no such button")
	w.well(w.Answer(w.ctx, hanako, id, "good"), "answer")
	w.refused(w.Answer(w.ctx, hanako, id, "bad"), health.ErrAnswered, "answer again")
	if m, err := w.Message(w.ctx, hanako, id); err != nil || m.Answer != "good" || m.ReadAt.IsZero() {
		t.Errorf("%+v, %v", m, err)
	}
	w.refused(w.Write(w.ctx, health.Message{Viewer: hanako, Text: catv.Name{JA: " "}}), health.ErrText, "nothing")
}

func TestRemindersAreDoneByTheirOwner(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	haruto := w.haruto()
	w.well(w.Remind(w.ctx, health.Reminder{Viewer: hanako, Text: catv.Name{JA: "健診"}, Due: w.today() + 3}), "remind")
	all, err := w.Reminders(w.ctx, hanako)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	w.refused(w.Done(w.ctx, haruto, all[0].ID), health.ErrNoReminder, "another's")
	w.well(w.Done(w.ctx, hanako, all[0].ID), "done")
	w.clock.Advance(15 * 24 * time.Hour)
	if all, _ := w.Reminders(w.ctx, hanako); len(all) != 0 {
		t.Errorf("%d reminders two weeks later", len(all))
	}
}

func TestHealthInformationIsItsHoldersUntilTheyShareIt(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	haruto := w.haruto()
	taro := w.taro()
	sees := func(me, of catv.ViewerID) error {
		_, a := w.Chart(w.ctx, me, of, health.Weight, 30)
		_, b := w.Checkups(w.ctx, me, of)
		_, c := w.Latest(w.ctx, me, of)
		_, d := w.SharedBy(w.ctx, me, of)
		for _, err := range []error{b, c, d} {
			if (err == nil) != (a == nil) {
				t.Errorf("one route says %v, another %v", a, err)
			}
		}
		return a
	}
	w.refused(sees(haruto, hanako), health.ErrNotYours, "before")
	w.refused(sees(0, hanako), health.ErrNotYours, "nobody")
	w.refused(w.ShareWith(w.ctx, hanako, taro), health.ErrNotFamily, "a neighbour")
	w.refused(w.ShareWith(w.ctx, hanako, hanako), health.ErrNotFamily, "oneself")
	w.well(w.ShareWith(w.ctx, hanako, haruto), "share")
	w.well(sees(haruto, hanako), "shared")
	w.refused(sees(hanako, haruto), health.ErrNotYours, "the other way")
	w.refused(sees(taro, hanako), health.ErrNotYours, "a neighbour")
	if to, err := w.SharedTo(w.ctx, haruto); err != nil || len(to) != 1 || to[0].ID != hanako {
		t.Errorf("%+v, %v", to, err)
	}
	w.well(w.Withdraw(w.ctx, hanako), "withdraw")
	w.refused(sees(haruto, hanako), health.ErrNotYours, "withdrawn")
}

func TestAFirstVisitFindsLettersOfWelcome(t *testing.T) {
	w := newTown(t)
	hanako := w.hanako()
	for range 2 { // and no second ones
		w.well(w.Link(w.ctx, hanako, "sub-hanako"), "link")
		letters, err := w.Messages(w.ctx, hanako)
		todo, also := w.Reminders(w.ctx, hanako)
		if err != nil || also != nil || len(letters) != 3 || len(todo) != 3 {
			t.Errorf("%d letters, %d reminders, %v, %v", len(letters), len(todo), err, also)
		}
	}
	w.refused(w.Link(w.ctx, w.haruto(), "sub-hanako"), catv.ErrAnotherPerson, "the mother's card")
}

func TestWhoLeavesLeavesNoHealthInformationBehind(t *testing.T) {
	w := newTown(t)
	hanako, haruto := w.hanako(), w.haruto()
	w.well(w.Link(w.ctx, hanako, "sub-hanako"), "link")
	w.well(w.EnterReading(w.ctx, health.Reading{Viewer: hanako, Day: w.today(), Measure: health.Weight, Value: 50}), "reading")
	w.well(w.ShareWith(w.ctx, hanako, haruto), "share")
	code, err := w.house.Leave(w.ctx, hanako)
	w.well(err, "leave")
	_, err = w.Chart(w.ctx, haruto, hanako, health.Weight, 7)
	w.refused(err, health.ErrNotYours, "the chart of nobody")
	again := w.joins("はな", "100101", code)
	letters, err := w.Messages(w.ctx, again)
	typed, also := w.store.Readings(w.ctx, again, w.today(), w.today())
	if err != nil || also != nil || len(letters)+len(typed) != 0 {
		t.Errorf("%d letters and %d readings of before, %v, %v", len(letters), len(typed), err, also)
	}
}
