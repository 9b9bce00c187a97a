package simclock

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// near reports whether the clock shows t, give or take what a test takes.
func near(c *Clock, t time.Time) bool {
	d := c.Now().Sub(t)
	return d > -time.Minute && d < time.Minute
}

func TestTheZeroClockShowsTheWallClock(t *testing.T) {
	var c Clock
	if !near(&c, time.Now()) || c.Offset() != 0 {
		t.Errorf("shows %v, offset %v", c.Now(), c.Offset())
	}
	if now := c.Now(); now.Location() != time.UTC || now != now.Round(0) {
		t.Errorf("%v is not in UTC, or has a monotonic reading", now)
	}
}

func TestTheClockIsMovedAndRunsOn(t *testing.T) {
	birthday := time.Date(2031, 4, 1, 23, 59, 59, 0, time.FixedZone("JST", 9*60*60))
	cases := []struct {
		name string
		move func(*Clock)
		want time.Time
	}{
		{"set", func(c *Clock) { c.Set(birthday) }, birthday},
		{"set twice", func(c *Clock) { c.Set(birthday.AddDate(5, 0, 0)); c.Set(birthday) }, birthday},
		{"advanced", func(c *Clock) { c.Advance(48 * time.Hour) }, time.Now().Add(48 * time.Hour)},
		{"put back", func(c *Clock) { c.Advance(-time.Hour) }, time.Now().Add(-time.Hour)},
		{"advanced twice", func(c *Clock) { c.Advance(time.Hour); c.Advance(time.Hour) }, time.Now().Add(2 * time.Hour)},
		{"reset", func(c *Clock) { c.Set(birthday); c.Reset() }, time.Now()},
		{"too far", func(c *Clock) { c.SetOffset(math.MaxInt64) }, time.Now().Add(Furthest)},
		{"too far back", func(c *Clock) { c.SetOffset(math.MinInt64) }, time.Now().Add(-Furthest)},
		{"too far by steps", func(c *Clock) { c.Advance(math.MaxInt64); c.Advance(math.MaxInt64) }, time.Now().Add(Furthest)},
		{"too far and back by steps", func(c *Clock) { c.SetOffset(Furthest); c.Advance(math.MinInt64) }, time.Now().Add(-Furthest)},
		{"set beyond all years", func(c *Clock) { c.Set(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)) }, time.Now().Add(Furthest)},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := New()
			tc.move(c)
			if !near(c, tc.want) {
				t.Errorf("shows %v, want %v", c.Now(), tc.want)
			}
			before := c.Now()
			for deadline := time.Now().Add(10 * time.Second); !c.Now().After(before); {
				if time.Now().After(deadline) {
					t.Fatal("the clock stands still")
				}
			}
		})
	}
}

func TestWhoeverMovesTheClockFindsTheConsequencesDone(t *testing.T) {
	c := New()
	var told []time.Duration
	c.OnMove(func(now time.Time) { told = append(told, time.Until(now).Round(time.Hour)) })
	c.OnMove(func(time.Time) { c.OnMove(func(time.Time) {}) }) // may register while being called
	c.Advance(time.Hour)
	c.SetOffset(c.Offset()) // no move
	c.Advance(0)            // no move
	c.Reset()
	if len(told) != 2 || told[0] != time.Hour || told[1] != 0 {
		t.Errorf("told %v", told)
	}
}

func TestTwoThatAdvanceAtOnceMoveItByTheSum(t *testing.T) {
	c := New()
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() { c.Advance(time.Minute); _ = c.Now() })
	}
	wg.Wait()
	if c.Offset() != 100*time.Minute {
		t.Errorf("offset %v", c.Offset())
	}
}

// A clock that stands still shows one time to the nanosecond until it is moved or runs on.
func TestTheClockStandsStill(t *testing.T) {
	birthday := time.Date(2031, 4, 1, 23, 59, 59, 7, time.FixedZone("JST", 9*60*60))
	c, told := New(), 0
	c.OnMove(func(time.Time) { told++ })
	path := filepath.Join(t.TempDir(), "clock")
	c.Keep(func(s State) error { return os.WriteFile(path, []byte(s.String()+"\n"), 0o600) })
	for _, step := range []struct {
		name string
		do   func() error
		want time.Time
		told int
	}{
		{"set", func() error { return c.Set(birthday) }, time.Time{}, 1},
		{"stopped", c.Freeze, time.Time{}, 1},
		{"stopped again", c.Freeze, time.Time{}, 1},
		{"set while it stands", func() error { return c.Set(birthday) }, birthday, 2},
		{"set to where it stands", func() error { return c.Set(birthday) }, birthday, 2},
		{"advanced", func() error { return c.Advance(24 * time.Hour) }, birthday.Add(24 * time.Hour), 3},
		{"restored", func() error { return c.Restore(State{Frozen: birthday.UTC()}) }, birthday, 4},
		{"runs on", c.Run, time.Time{}, 4},
		{"back", c.Reset, time.Time{}, 5},
	} {
		if err := step.do(); err != nil {
			t.Fatal(step.name, err)
		}
		if !step.want.IsZero() && !c.Now().Equal(step.want) {
			t.Errorf("%s: shows %v", step.name, c.Now())
		}
		if told != step.told {
			t.Errorf("%s: told %d times", step.name, told)
		}
		if kept, err := ReadState(path); err != nil || kept != c.State() {
			t.Errorf("%s: kept %v, %v", step.name, kept, err)
		}
	}
	if !near(c, time.Now()) || c.Offset() != 0 {
		t.Errorf("after all it shows %v", c.Now())
	}
	for _, text := range []string{"frozen", "frozen tomorrow", "1 day", ""} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := ReadState(path); err == nil {
			t.Errorf("%q is read as %v", text, s)
		}
	}
}

func TestStopwatchAndDeadlineDoNotFollowTheClock(t *testing.T) {
	lap := Stopwatch()
	c := New()
	c.Advance(24 * time.Hour)
	if d := lap(); d < 0 || d > time.Minute {
		t.Errorf("%v", d)
	}
	if left := time.Until(Deadline(time.Hour)); left > time.Hour || left < time.Hour-time.Minute {
		t.Errorf("the deadline is %v away", left)
	}
}

// TestAMoveThatCannotBeKeptIsNone: the clock stays where it was, and nobody is told.
func TestAMoveThatCannotBeKeptIsNone(t *testing.T) {
	c, full := New(), errors.New("no space left")
	var kept []time.Duration
	var room error
	c.Keep(func(s State) error {
		offset := s.Offset
		if c.Offset() == offset {
			t.Error("the clock shows what is not kept yet")
		}
		if room == nil {
			kept = append(kept, offset)
		}
		return room
	})
	told := 0
	c.OnMove(func(time.Time) { told++ })
	if err := c.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	room = full
	for name, move := range map[string]func() error{
		"advance": func() error { return c.Advance(time.Hour) }, "set": func() error { return c.Set(time.Now().Add(9 * time.Hour)) },
		"offset": func() error { return c.SetOffset(2 * time.Hour) }, "reset": c.Reset,
	} {
		if err := move(); !errors.Is(err, full) || c.Offset() != time.Hour {
			t.Errorf("%s: %v, and the clock is shifted by %v", name, err, c.Offset())
		}
	}
	if room = nil; c.Reset() != nil || told != 2 || len(kept) != 2 || kept[1] != 0 {
		t.Errorf("told %d times, kept %v", told, kept)
	}
}
