package held_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/internal/held"
)

// table is a box of three strings that are held for a minute, and its clock.
func table(t *testing.T, yields func(string) bool, swept bool) (*held.Box[string], *time.Time) {
	t.Helper()
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	return held.New(held.Config[string]{Now: func() time.Time { return now }, Life: time.Minute, Max: 3, Yields: yields, Swept: swept}), &now
}

func fill(t *testing.T, b *held.Box[string], names ...string) {
	t.Helper()
	for _, n := range names {
		if err := b.Put(n, "value of "+n); err != nil {
			t.Fatalf("%s: %v", n, err)
		}
	}
}

func there(b *held.Box[string], names ...string) string {
	var found []string
	for _, n := range names {
		if v, err := b.Look(n); err == nil && v != "" {
			found = append(found, n)
		}
	}
	return strings.Join(found, " ")
}

// Who has more than a quarter of a full box pushes out its own things, oldest first.
func TestWhoFillsTheBoxMakesRoomItself(t *testing.T) {
	from := func(v string) string { return strings.Fields(v)[2] }
	b := held.New(held.Config[string]{Now: func() time.Time { return time.Time{} }, Max: 8, Yields: func(string) bool { return true }, From: from})
	fill(t, b, "hanako", "taro", "m", "n", "o")
	put := func(name, from string) {
		if err := b.Put(name, "value of "+from); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		put(name, "mallory")
	}
	// Until she had a quarter she pushed out the oldest, then her own.
	if got := there(b, "hanako", "taro", "m", "n", "o", "1", "2", "3", "4", "5", "6", "7"); got != "hanako taro m n o 5 6 7" {
		t.Errorf("held: %s", got)
	}
	put("jiro", "jiro") // who has none pushes out the oldest of all
	if got := there(b, "hanako", "taro", "m", "n", "o", "5", "6", "7", "jiro"); got != "taro m n o 5 6 7 jiro" {
		t.Errorf("held: %s", got)
	}
	// What leaves is not counted: with a quarter or less the oldest of all goes.
	b.Drop("6")
	b.Drop("7")
	put("sora", "sora")
	put("umi", "umi")
	put("8", "mallory")
	if got := there(b, "taro", "m", "n", "o", "5", "jiro", "sora", "umi", "8"); got != "m n o 5 jiro sora umi 8" {
		t.Errorf("held: %s", got)
	}
}

func TestWhatIsTakenIsGone(t *testing.T) {
	b, _ := table(t, nil, false)
	fill(t, b, "a")
	no := errors.New("not ripe")
	if _, err := b.Take("a", func(string) error { return no }); !errors.Is(err, no) || there(b, "a") == "" {
		t.Errorf("refused: %v", err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for range 8 {
		wg.Go(func() {
			if v, err := b.Take("a", nil); err == nil && v == "value of a" {
				mu.Lock()
				taken++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if taken != 1 {
		t.Errorf("taken %d times", taken)
	}
	if _, err := b.Take("a", nil); !errors.Is(err, held.ErrGone) {
		t.Errorf("once more: %v", err)
	}
}

func TestTimeEndsAllThings(t *testing.T) {
	for name, moved := range map[string]time.Duration{"forwards": time.Minute, "back": -time.Second} {
		b, now := table(t, nil, false)
		fill(t, b, "a", "b", "c")
		*now = now.Add(moved)
		if left := there(b, "a", "b", "c"); left != "" {
			t.Errorf("%s: %s", name, left)
		}
		if _, err := b.Update("a", func(*string) error { return nil }); !errors.Is(err, held.ErrGone) {
			t.Errorf("%s: %v", name, err)
		}
		fill(t, b, "d") // what is over makes room
	}
}

func TestAFullBoxRefusesUnlessSomethingYields(t *testing.T) {
	b, _ := table(t, nil, false)
	fill(t, b, "a", "b", "c")
	if err := b.Put("d", "d"); !errors.Is(err, held.ErrFull) || !b.Full() {
		t.Errorf("one too many: %v", err)
	}
	fill(t, b, "b") // in place of itself
	b.Drop("a")
	fill(t, b, "d")
	if got := there(b, "a", "b", "c", "d"); got != "b c d" {
		t.Error(got)
	}

	b, now := table(t, func(v string) bool { return v != "value of a" }, false)
	for _, n := range []string{"a", "b", "c", "d"} {
		fill(t, b, n)
		*now = now.Add(time.Second)
	}
	if got := there(b, "a", "b", "c", "d"); got != "a c d" {
		t.Errorf("the oldest that yields did not go: %s", got)
	}
}

func TestWhatIsSweptLeavesByTheBroomAlone(t *testing.T) {
	b, now := table(t, nil, true)
	fill(t, b, "a", "b")
	*now = now.Add(30 * time.Second)
	fill(t, b, "c")
	since := *now
	*now = now.Add(30 * time.Second)
	if err := b.Put("d", "d"); !errors.Is(err, held.ErrFull) {
		t.Errorf("what is over made room: %v", err)
	}
	broken, ended := errors.New("the log cannot be written"), ""
	err := b.Sweep(func(v string) error {
		if v == "value of a" {
			return broken
		}
		ended += v
		return nil
	})
	if !errors.Is(err, broken) || ended != "value of b" || there(b, "a", "b", "c") != "c" {
		t.Errorf("%v; ended %q; left %q", err, ended, there(b, "a", "b", "c"))
	}
	if err := b.Sweep(func(v string) error { ended = v; return nil }); err != nil || ended != "value of a" {
		t.Errorf("the next time: %v, %q", err, ended)
	}
	c, err := b.Take("c", nil)
	if err != nil {
		t.Fatal(err)
	}
	*now = now.Add(20 * time.Second)
	b.PutBack("c", c, since)
	if there(b, "c") != "c" {
		t.Error("what was put back is not there")
	}
	*now = now.Add(10 * time.Second)
	if there(b, "c") != "" {
		t.Error("what was put back became young")
	}
}

func TestAChangeIsMadeOrNotAndSomeAreDropped(t *testing.T) {
	b, _ := table(t, nil, false)
	fill(t, b, "a", "b", "c")
	no := errors.New("no")
	if _, err := b.Update("a", func(v *string) error { *v = "changed"; return no }); !errors.Is(err, no) {
		t.Error(err)
	}
	if v, _ := b.Look("a"); v != "value of a" {
		t.Errorf("a refused change was made: %q", v)
	}
	if v, err := b.Update("a", func(v *string) error { *v = "changed"; return nil }); err != nil || v != "changed" {
		t.Errorf("%q, %v", v, err)
	}
	b.DropIf(func(v string) bool { return v == "changed" })
	if got := there(b, "a", "b", "c"); got != "b c" {
		t.Error(got)
	}
	if one, other := held.Name(), held.Name(); one == other {
		t.Error("two things have one name")
	}
}

// Nobody's things push out another owner's: the own oldest goes, and first of all
// one that yields.
// A quota that refuses keeps what is there, until it is over.
func TestAQuotaThatRefusesKeepsWhatIsThere(t *testing.T) {
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	b := held.New(held.Config[string]{
		Now: func() time.Time { return now }, Life: time.Minute, Max: 100, Yields: func(string) bool { return true },
		Quotas: []held.Quota[string]{{Max: 2, Owner: func(of string) string { return of }, Refuses: true}},
	})
	for name, want := range map[string]error{"a": nil, "b": nil} {
		if err := b.Put(name, "hanako"); err != want {
			t.Fatal(err)
		}
	}
	if err := b.Put("c", "hanako"); !errors.Is(err, held.ErrFull) {
		t.Errorf("one too many: %v", err)
	}
	if err := b.Put("d", "taro"); err != nil || len(b.All()) != 3 {
		t.Errorf("somebody else’s: %v, %d held", err, len(b.All()))
	}
	now = now.Add(time.Minute)
	if err := b.Put("c", "hanako"); err != nil {
		t.Errorf("after their time: %v", err)
	}
}

func TestAnOwnerKeepsToTheQuota(t *testing.T) {
	type page struct{ of, state string }
	b := held.New(held.Config[page]{
		Now: func() time.Time { return time.Time{} }, Max: 100,
		Yields: func(p page) bool { return p.state == "idle" },
		Quotas: []held.Quota[page]{{Max: 2, Owner: func(p page) string { return p.of }}},
	})
	for _, put := range []struct {
		name, of, state string
		there           string
	}{
		{"a", "hanako", "", "a"},
		{"b", "taro", "", "a b"},
		{"c", "hanako", "idle", "a b c"},
		{"d", "hanako", "", "a b d"},
		{"e", "hanako", "", "b d e"},
		{"f", "", "", "b d e f"},
		{"g", "", "", "b d e f g"},
		{"h", "", "", "b d e f g h"},
		{"d", "hanako", "", "b d e f g h"}, // in its own place
	} {
		if err := b.Put(put.name, page{put.of, put.state}); err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, n := range strings.Split("a b c d e f g h", " ") {
			if _, err := b.Look(n); err == nil {
				found = append(found, n)
			}
		}
		if all := b.All(); len(all) != len(found) {
			t.Errorf("after %s: %v, want %d things", put.name, all, len(found))
		}
		if got := strings.Join(found, " "); got != put.there {
			t.Errorf("after %s: %s, want %s", put.name, got, put.there)
		}
	}
}

func TestWithoutALifeAThingIsHeldWhileThereIsRoom(t *testing.T) {
	now := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	b := held.New(held.Config[int]{Now: func() time.Time { return now }, Max: 1})
	if err := b.Put("a", 1); err != nil {
		t.Fatal(err)
	}
	for _, d := range []time.Duration{100 * 365 * 24 * time.Hour, -200 * 365 * 24 * time.Hour} {
		now = now.Add(d)
		if v, err := b.Look("a"); err != nil || v != 1 {
			t.Errorf("%v later: %d, %v", d, v, err)
		}
	}
	if err := b.Put("b", 2); !errors.Is(err, held.ErrFull) {
		t.Errorf("one too many: %v", err)
	}
}
