package mockclock_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"example.jp/jpkimock/rp/mockclock"
	"example.jp/jpkimock/rp/rptest"
)

func TestAClockFollowsTheTown(t *testing.T) {
	w := rptest.New(t)
	c, err := mockclock.Follow(t.Context(), nil, w.URL()+"/")
	if err != nil {
		t.Fatal(err)
	}
	near := func(what string) {
		t.Helper()
		if d := w.Clock.Now().Sub(c.Now()); d < -time.Minute || d > time.Minute {
			t.Errorf("%s: %v apart", what, d)
		}
	}
	near("at first")
	w.Clock.Advance(5 * 365 * 24 * time.Hour)
	if err := c.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	near("five years later")
	if before := c.Now(); c.Now().Before(before) {
		t.Error("it runs backwards")
	}
}

func TestAFrozenClockStands(t *testing.T) {
	town := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"now":"2031-04-01T00:00:00Z","offsetSeconds":1,"frozen":true,"town":"more"}`))
	}))
	t.Cleanup(town.Close)
	c, err := mockclock.Follow(t.Context(), nil, town.URL)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2031, 4, 1, 0, 0, 0, 0, time.UTC)
	for range 2 {
		if now := c.Now(); !now.Equal(at) {
			t.Errorf("it shows %v", now)
		}
	}
}

func TestWhereThereIsNoClock(t *testing.T) {
	for name, answer := range map[string]string{"no JSON": "noon", "no time": `{"now":null}`, "nothing": "", "too long": `{"now":"2031-04-01T00:00:00Z","x":"` + string(make([]byte, 17<<10)) + `"}`} {
		town := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
		if c, err := mockclock.Follow(t.Context(), nil, town.URL); err == nil || c != nil {
			t.Errorf("%s: %v", name, c)
		}
		town.Close()
		if _, err := mockclock.Follow(t.Context(), nil, town.URL); err == nil {
			t.Errorf("%s: a town that is not there has a clock", name)
		}
	}
	for _, address := range []string{"", "localhost:8081", "ftp://localhost", "http://a@b"} {
		if _, err := mockclock.Follow(t.Context(), nil, address); err == nil {
			t.Errorf("%q is an address", address)
		}
	}
}
