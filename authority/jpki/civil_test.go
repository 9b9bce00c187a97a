package jpki_test

import (
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

func TestDaysAndTimesAsAnOfficePrintsThem(t *testing.T) {
	for at, want := range map[time.Time][2]string{
		time.Date(2026, 11, 29, 17, 59, 59, 0, time.UTC): {"令和8年11月30日", "午前2時59分"},
		time.Date(2026, 11, 29, 15, 0, 0, 0, time.UTC):   {"令和8年11月30日", "午前0時0分"},
		time.Date(2026, 11, 30, 3, 5, 0, 0, time.UTC):    {"令和8年11月30日", "午後0時5分"},
		time.Date(2026, 11, 30, 14, 59, 0, 0, time.UTC):  {"令和8年11月30日", "午後11時59分"},
		time.Date(2019, 4, 30, 14, 59, 0, 0, time.UTC):   {"平成31年4月30日", "午後11時59分"},
		time.Date(2019, 4, 30, 15, 0, 0, 0, time.UTC):    {"令和元年5月1日", "午前0時0分"},
		time.Date(1867, 1, 1, 3, 0, 0, 0, time.UTC):      {"1867年1月1日", "午後0時0分"},
	} {
		if got := [2]string{jpki.JapaneseDay(at), jpki.JapaneseTime(at)}; got != want {
			t.Errorf("%v is printed as %q: want %q", at, got, want)
		}
	}
}
