package ui_test

import (
	"testing"
	"time"

	"example.jp/jpkimock/internal/ui"
)

func TestDaysAndTimesAreSaidByJapaneseCivilTime(t *testing.T) {
	for _, tc := range []struct {
		at                       time.Time
		dayJA, dayEN, minJA, min string
	}{
		{time.Time{}, "—", "—", "—", "—"},
		{time.Date(2026, 3, 31, 17, 59, 0, 0, time.UTC), "令和8年4月1日", "1 April 2026", "令和8年4月1日 午前2時59分", "02:59 on 1 April 2026"},
		{time.Date(2026, 3, 31, 15, 0, 0, 0, time.UTC), "令和8年4月1日", "1 April 2026", "令和8年4月1日 午前0時0分", "00:00 on 1 April 2026"},
		{time.Date(2026, 12, 1, 3, 5, 59, 0, time.UTC), "令和8年12月1日", "1 December 2026", "令和8年12月1日 午後0時5分", "12:05 on 1 December 2026"},
		{time.Date(2026, 12, 1, 14, 59, 0, 0, time.UTC), "令和8年12月1日", "1 December 2026", "令和8年12月1日 午後11時59分", "23:59 on 1 December 2026"},
	} {
		day, minute := ui.Day(tc.at), ui.Minute(tc.at)
		if day != (ui.Text{JA: tc.dayJA, EN: tc.dayEN}) || minute != (ui.Text{JA: tc.minJA, EN: tc.min}) {
			t.Errorf("%v: %+v, %+v", tc.at, day, minute)
		}
	}
}

func TestAMonthIsSaid(t *testing.T) {
	if got := ui.Month(time.Date(2026, 3, 31, 15, 0, 0, 0, time.UTC)); got != (ui.Text{JA: "令和8年4月", EN: "April 2026"}) {
		t.Errorf("%+v", got)
	}
}

func TestBlanksAreFilledInBothLanguages(t *testing.T) {
	got := ui.Blanks{"{at}": {JA: "きょう", EN: "today"}, "{name}": {JA: "花子"}}.Fill(ui.Text{JA: "{name}は{at}、{else}", EN: "{name} is {at} {else}"})
	if got != (ui.Text{JA: "花子はきょう、{else}", EN: "花子 is today {else}"}) {
		t.Errorf("%+v", got)
	}
}
