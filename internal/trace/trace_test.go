package trace

import (
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

func whats(events []Event) string {
	var b strings.Builder
	for _, e := range events {
		b.WriteString(e.What)
	}
	return b.String()
}

func TestTheLatestComesFirstAndTheOldestIsForgotten(t *testing.T) {
	cases := []struct {
		limit, n  int
		add, want string
	}{
		{3, 9, "", ""},
		{3, 9, "ab", "ba"},
		{3, 9, "abc", "cba"},
		{3, 9, "abcd", "dcb"},
		{3, 9, "abcdefgh", "hgf"},
		{3, 2, "abcd", "dc"},
		{3, 0, "abcd", ""},
		{3, -1, "abcd", ""},
		{0, 9, "ab", "b"},
		{-5, 9, "ab", "b"},
	}
	for _, tc := range cases {
		r := NewRing(tc.limit)
		for _, what := range tc.add {
			r.Add(Event{What: string(what)})
		}
		if got := whats(r.Recent(tc.n)); got != tc.want {
			t.Errorf("limit %d, added %q: Recent(%d) is %q, want %q", tc.limit, tc.add, tc.n, got, tc.want)
		}
	}
}

func TestWhatWasGivenOutDoesNotChange(t *testing.T) {
	r := NewRing(2)
	r.Add(Event{What: "a"})
	r.Add(Event{What: "b"})
	before := r.Recent(2)
	r.Add(Event{What: "c"})
	if whats(before) != "ba" {
		t.Errorf("%q", whats(before))
	}
	before[0].What = "x"
	if got := whats(r.Recent(2)); got != "cb" {
		t.Errorf("%q", got)
	}
}

func TestLongDetailsAreCutBetweenCharacters(t *testing.T) {
	r := NewRing(1)
	for _, detail := range []string{strings.Repeat("字", 1000), strings.Repeat("x", MaxDetail+1), strings.Repeat("\x80", 2000)} {
		r.Add(Event{Detail: detail})
		got := r.Recent(1)[0].Detail
		if len(got) > MaxDetail+len("…") || utf8.ValidString(detail) && !utf8.ValidString(got) {
			t.Errorf("%d octets: %q", len(got), got)
		}
	}
	whole := strings.Repeat("x", MaxDetail)
	if r.Add(Event{Detail: whole}); r.Recent(1)[0].Detail != whole {
		t.Error("what fits is cut")
	}
}

func TestManyHousesAtOnce(t *testing.T) {
	r := NewRing(10)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				r.Add(Event{What: "x"})
				if len(r.Recent(20)) > 10 {
					t.Error("more than the limit")
				}
			}
		})
	}
	wg.Wait()
	if got := whats(r.Recent(10)); got != strings.Repeat("x", 10) {
		t.Errorf("%q", got)
	}
}
