package session

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// name is a session's value that is always in use.
type name string

func (name) InUse() bool { return true }

// bank is a store whose clock stands until it is moved.
type bank struct {
	*Store[name]
	now time.Time
}

func newBank(limit int) *bank {
	b := &bank{now: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)}
	b.Store = New[name](Config{Cookie: "jpkimock_bank", Now: func() time.Time { return b.now }, Idle: 10 * time.Minute, Age: 30 * time.Minute, Max: limit})
	return b
}

// holds gives what the store remembers of a browser.
func (b *bank) holds(who *browser) (v string, ok bool) {
	who.visits(func(c echo.Context) {
		held, there := b.Load(c)
		v, ok = string(held), there
	})
	return v, ok
}

func (b *bank) puts(who *browser, v string) {
	who.visits(func(c echo.Context) { b.Update(c, func(held *name) { *held = name(v) }) })
}

func TestASessionLivesWhileItIsUsed(t *testing.T) {
	cases := []struct {
		name string
		pass []time.Duration
		want bool
	}{
		{"at once", []time.Duration{0}, true},
		{"just within idleness", []time.Duration{10 * time.Minute}, true},
		{"idle", []time.Duration{10*time.Minute + 1}, false},
		{"used again and again", []time.Duration{9 * time.Minute, 9 * time.Minute, 9 * time.Minute}, true},
		{"just within its age", []time.Duration{10 * time.Minute, 10 * time.Minute, 10 * time.Minute}, true},
		{"too old", []time.Duration{10 * time.Minute, 10 * time.Minute, 10 * time.Minute, 1}, false},
		{"clock moved by a year", []time.Duration{365 * 24 * time.Hour}, false},
		{"clock moved back before its start", []time.Duration{-time.Second}, false},
		{"clock moved back within it", []time.Duration{5 * time.Minute, -time.Minute}, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			b, hanako := newBank(0), &browser{}
			b.puts(hanako, "花子")
			var v string
			var ok bool
			for _, d := range tc.pass {
				b.now = b.now.Add(d)
				v, ok = b.holds(hanako)
			}
			if ok != tc.want || (v == "花子") != tc.want {
				t.Errorf("%q %t", v, ok)
			}
			if !tc.want && len(b.all) != 0 {
				t.Error("what has ended is still kept")
			}
		})
	}
}

func TestASignInTakesANewIdentifier(t *testing.T) {
	b := newBank(0)
	mallory := &browser{}
	b.puts(mallory, "nobody")
	planted := *mallory.cookie
	hanako := &browser{cookie: &planted}
	hanako.visits(func(c echo.Context) {
		b.Renew(c, "花子")
		if v, ok := b.Load(c); !ok || v != "花子" {
			t.Errorf("in the same request: %q %t", v, ok)
		}
	})
	if hanako.cookie.Value == mallory.cookie.Value {
		t.Fatal("the identifier is the one that was planted")
	}
	if v, ok := b.holds(hanako); !ok || v != "花子" {
		t.Errorf("hanako has %q %t", v, ok)
	}
	if v, ok := b.holds(mallory); ok {
		t.Errorf("whoever planted the identifier sees %q", v)
	}
}

func TestAnIdentifierThatABrowserMadeUpIsNotTaken(t *testing.T) {
	for _, made := range []string{"made-up", "", "AAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		b, mallory := newBank(0), &browser{cookie: &http.Cookie{Name: "jpkimock_bank", Value: made}}
		if _, ok := b.holds(mallory); ok {
			t.Errorf("%q has a session", made)
		}
		b.puts(mallory, "x")
		if mallory.cookie.Value == made || len(mallory.cookie.Value) < 26 {
			t.Errorf("%q became %q", made, mallory.cookie.Value)
		}
	}
}

func TestWhatSignsOutIsOut(t *testing.T) {
	b, hanako := newBank(0), &browser{}
	b.puts(hanako, "花子")
	kept := *hanako.cookie
	hanako.visits(func(c echo.Context) {
		b.End(c)
		if _, ok := b.Load(c); ok {
			t.Error("still in, in the same request")
		}
	})
	if hanako.cookie.MaxAge >= 0 || hanako.cookie.Value != "" {
		t.Errorf("the browser is not told to forget: %v", hanako.cookie)
	}
	if _, ok := b.holds(&browser{cookie: &kept}); ok {
		t.Error("the old cookie still works")
	}
}

func TestEndAll(t *testing.T) {
	b := newBank(0)
	people := map[string]*browser{"花子": {}, "太郎": {}, "次郎": {}}
	for name, who := range people {
		b.puts(who, name)
	}
	b.EndAll(func(v name) bool { return v != "太郎" })
	for name, who := range people {
		if _, ok := b.holds(who); ok != (name == "太郎") {
			t.Errorf("%s: %t", name, ok)
		}
	}
}

func TestTheLongestIdleMakesRoom(t *testing.T) {
	b := newBank(3)
	first, second, third, fourth := &browser{}, &browser{}, &browser{}, &browser{}
	for _, who := range []*browser{first, second, third} {
		b.now = b.now.Add(time.Second)
		b.puts(who, "x")
	}
	b.now = b.now.Add(time.Second)
	b.holds(first)
	b.puts(fourth, "x")
	for i, want := range []bool{true, false, true, true} {
		if _, ok := b.holds([]*browser{first, second, third, fourth}[i]); ok != want {
			t.Errorf("browser %d: %t", i+1, ok)
		}
	}
	for range 100 {
		b.puts(&browser{}, "x")
	}
	if len(b.all) != 3 || b.ranks[unreturned].Len()+b.ranks[returned].Len()+b.ranks[inUse].Len() != 3 {
		t.Errorf("%d kept", len(b.all))
	}
}

// A flood of requests without cookies ends nobody's session.
func TestBrowsersThatNeverComeBackMakeRoomFirst(t *testing.T) {
	b := newBank(40)
	var people []*browser
	for range 20 {
		who := &browser{}
		people = append(people, who)
		b.puts(who, "signed in")
		b.holds(who)
	}
	for range 1000 {
		b.now = b.now.Add(time.Millisecond)
		b.puts(&browser{}, "")
	}
	for i, who := range people {
		if _, ok := b.holds(who); !ok {
			t.Errorf("person %d is signed out", i+1)
		}
	}
}

// Those that come back take a quarter of the places from the others at most.
func TestThereIsAlwaysRoomForWhoComesNew(t *testing.T) {
	b := newBank(40)
	for range 60 {
		who := &browser{}
		b.puts(who, "signed in")
		b.holds(who)
	}
	newcomer := &browser{}
	b.puts(newcomer, "")
	for range 9 {
		b.puts(&browser{}, "")
	}
	if _, ok := b.holds(newcomer); !ok {
		t.Error("a session is ended before its browser could come back")
	}
}

// visitor is what a house remembers of somebody who may have signed in.
type visitor struct{ signedIn bool }

func (v visitor) InUse() bool { return v.signedIn }

func TestWhoIsNotSignedInMakesRoomFirst(t *testing.T) {
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	s := New[visitor](Config{Cookie: "jpkimock_bank", Now: func() time.Time { return now }, Idle: time.Hour, Age: time.Hour, Max: 4})
	hanako, taro := &browser{}, &browser{}
	hanako.visits(func(c echo.Context) { s.Renew(c, visitor{signedIn: true}) })
	taro.visits(func(c echo.Context) { s.Renew(c, visitor{signedIn: true}) })
	loads := func(who *browser) (ok bool) {
		who.visits(func(c echo.Context) { _, ok = s.Load(c) })
		return ok
	}
	if !loads(hanako) || !loads(taro) {
		t.Fatal("a session did not begin")
	}
	taro.visits(func(c echo.Context) { s.Update(c, func(v *visitor) { v.signedIn = false }) })
	for range 20 {
		who := &browser{}
		who.visits(func(c echo.Context) { s.Update(c, func(*visitor) {}) })
		loads(who)
	}
	if !loads(hanako) || loads(taro) {
		t.Error("who is signed in made room, or who is not did not")
	}
}

// A flood from one address, whose browsers come back and are signed in, too, ends
// sessions of its own address alone.
func TestAnAddressThatFillsTheStoreMakesRoomItself(t *testing.T) {
	b := newBank(40)
	people := map[string]*browser{"new": {from: "192.0.2.1"}, "back": {from: "192.0.2.2"}, "longest idle": {from: "192.0.2.3"}}
	b.puts(people["longest idle"], "x")
	b.holds(people["longest idle"])
	b.puts(people["new"], "x")
	b.puts(people["back"], "x")
	b.holds(people["back"])
	for range 200 {
		b.now = b.now.Add(time.Millisecond)
		who := &browser{from: "198.51.100.7"}
		b.puts(who, "x")
		b.holds(who)
	}
	for name, who := range people {
		if _, ok := b.holds(who); !ok {
			t.Errorf("%s: ended", name)
		}
	}
	if n := b.from["198.51.100.7"]; n != 37 || len(b.from) != 4 {
		t.Errorf("%d of the flood, %d addresses", n, len(b.from))
	}
	b.EndAll(func(name) bool { return true })
	if len(b.from) != 0 {
		t.Errorf("what has ended still counts: %v", b.from)
	}
}

// A browser that came back, though nobody is signed in there, is not ended by those
// that never come back.
func TestWhoIsAboutToSignInIsNotEndedByAFlood(t *testing.T) {
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	s := New[visitor](Config{Cookie: "jpkimock_bank", Now: func() time.Time { return now }, Idle: time.Hour, Age: time.Hour, Max: 40})
	hanako, there := &browser{}, false
	for range 2 {
		hanako.visits(func(c echo.Context) { s.Update(c, func(*visitor) {}) })
	}
	for range 200 {
		(&browser{}).visits(func(c echo.Context) { s.Update(c, func(*visitor) {}) })
	}
	hanako.visits(func(c echo.Context) { _, there = s.Load(c) })
	if !there {
		t.Error("ended")
	}
}

// TestOneOfManyGetsIt is the race for a challenge: whoever takes it first
// leaves nothing to the others.
func TestOneOfManyGetsIt(t *testing.T) {
	b, hanako := newBank(0), &browser{}
	b.puts(hanako, "challenge")
	var wg sync.WaitGroup
	got := make(chan string, 50)
	for range cap(got) {
		tab := &browser{cookie: hanako.cookie}
		wg.Go(func() {
			tab.visits(func(c echo.Context) {
				taken := ""
				b.Update(c, func(v *name) { taken, *v = string(*v), "" })
				got <- taken
			})
		})
	}
	wg.Wait()
	close(got)
	n := 0
	for v := range got {
		if v == "challenge" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d got it", n)
	}
}

func TestTheCookie(t *testing.T) {
	b := newBank(0)
	for _, secure := range []bool{false, true} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if secure {
			r.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		b.Update(echo.New().NewContext(r, w), func(*name) {})
		k := w.Result().Cookies()[0]
		if !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Name != map[bool]string{false: "jpkimock_bank", true: "__Host-jpkimock_bank"}[secure] || k.Secure != secure || k.MaxAge != 0 {
			t.Errorf("%v", k)
		}
	}
}

func TestAValueIsTakenOutOnce(t *testing.T) {
	b, who := newBank(10), &browser{}
	whole := func(v *name) *name { return v }
	takes := func() (taken string) {
		who.visits(func(c echo.Context) { taken = string(Take(b.Store, c, whole)) })
		return taken
	}
	if got := takes(); got != "" {
		t.Errorf("without a session: %q", got)
	}
	if _, ok := b.holds(who); ok {
		t.Error("taking has begun a session")
	}
	b.puts(who, "nonce")
	if first, second := takes(), takes(); first != "nonce" || second != "" {
		t.Errorf("%q, then %q", first, second)
	}
	if _, ok := b.holds(who); !ok {
		t.Error("taking has ended the session")
	}
}
