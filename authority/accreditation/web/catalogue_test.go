package web

import (
	"testing"
)

func TestDaysAndNumbersOfTheFees(t *testing.T) {
	for days, want := range map[[2]string]string{
		{"2026-11-23", "2026-11-23"}: "11月23日 / 23 November", {"2026-11-01", "2026-11-23"}: "11月1日 〜 11月23日 / 1 – 23 November", {"x", "y"}: "x / x",
	} {
		if got := daySpan(days[0], days[1]); got.JA+" / "+got.EN != want {
			t.Errorf("%v: %q, want %q", days, got, want)
		}
	}
	if got := dayName("2023-01-01"); got.JA != "令和5年1月1日" || got.EN != "1 January 2023" {
		t.Errorf("a day is %q", got)
	}
	for n, want := range map[int64]string{0: "0件 / 0 answers", 1: "1件 / 1 answer", 999: "999件 / 999 answers", 10000: "10,000件 / 10,000 answers", 1234567: "1,234,567件 / 1,234,567 answers"} {
		if got := answers(n); got.JA+" / "+got.EN != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
