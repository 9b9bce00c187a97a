package ecosystem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ecosystem/oneclock"
	"example.jp/jpkimock/internal/sweeps"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
)

// clockOf reads a house's clock.
func clockOf(t *testing.T, e *Ecosystem, house string) (s oneclock.State) {
	t.Helper()
	webtest.Must(t, json.Unmarshal([]byte(get(t, e.URL(house)+"/clock", 200)), &s))
	return s
}

// TestAMoveAnswersBeforeItsSweeps: the clock is moved at once, the houses do what falls
// due behind it, one sweep at a time, and everybody can see how far they are.
func TestAMoveAnswersBeforeItsSweeps(t *testing.T) {
	t.Parallel()
	e := town(t, Config{Seed: "none", SweepEvery: -1})
	begun, end, runs := make(chan int), make(chan struct{}), 0
	e.atSweep("catv", "residents", func(ctx context.Context) error {
		runs++
		e.sweeps.Progress("catv", sweeps.Items{Done: 3, Of: 7})
		e.sweeps.Progress("bank", sweeps.Items{Done: 1, Of: 1}) // its turn is over
		select {
		case begun <- runs:
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case <-end:
		case <-ctx.Done():
		}
		return errors.New("it failed, which holds up nobody")
	})
	script := webtest.NewBrowser(t, e.Peer("authority"))
	move := func(body map[string]any) webtest.Page { return script.Calls(http.MethodPut, "/clock", body, nil) }
	move(map[string]any{"advanceSeconds": 86400}).Says(200)
	<-begun
	for range 3 { // while one runs, moves are taken, and swept together after it
		move(map[string]any{"advanceSeconds": 86400}).Says(200)
	}
	if off := e.Clock().Offset(); off < 4*24*time.Hour {
		t.Errorf("the clock is shifted by %v", off)
	}
	last := clockOf(t, e, "authority").Sweeps.Of // the test's own, after those that the houses have
	for _, h := range Houses() {
		if n := len(h.Sweeps); n > 0 && last <= n {
			t.Errorf("%d sweeps in all: %s alone has %d", last, h.Name, n)
		}
	}
	want := sweeps.State{House: "catv", Sweep: "residents", Done: last - 1, Of: last, Items: sweeps.Items{Done: 3, Of: 7}}
	for _, house := range []string{"authority", "bank"} {
		got := clockOf(t, e, house).Sweeps
		if got.Deeds = nil; !reflect.DeepEqual(got, want) {
			t.Errorf("%s says %+v: want %+v", house, got, want)
		}
	}
	guide := webtest.NewBrowser(t, e.URL("lobby"))
	guide.Visits("/clock-room?lang=en").Says(200, "4 days ahead of the real time", fmt.Sprintf("Mihon Cable TV: Residents are confirmed (%[1]d/%[1]d)", last))
	end <- struct{}{}
	if n := <-begun; n != 2 {
		t.Errorf("run %d", n)
	}
	end <- struct{}{}
	webtest.Must(t, e.Settled(t.Context()))
	if got := clockOf(t, e, "bank").Sweeps; !got.Settled || got.Of != 0 || got.Items != (sweeps.Items{}) {
		t.Errorf("when nothing is left it says %+v", got)
	}
	guide.Visits("/clock-room").Says(200).Lacks("Mihon Cable TV: Residents")

	// Who needs to, waits.
	answered := make(chan webtest.Page)
	go func() { answered <- move(map[string]any{"advanceSeconds": 60, "wait": true}) }()
	<-begun
	select {
	case p := <-answered:
		t.Errorf("it did not wait: %d", p.Status)
	default:
	}
	end <- struct{}{}
	(<-answered).Says(200)
	if runs != 3 {
		t.Errorf("%d rounds: want 3", runs)
	}
}

// TestAMoveThatCannotBeSavedIsNone: it would be forgotten at the next start.
func TestAMoveThatCannotBeSavedIsNone(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	e := town(t, Config{DataDir: dir, Seed: "none", SweepEvery: -1})
	script := webtest.NewBrowser(t, e.Peer("authority"))
	script.Calls(http.MethodPut, "/clock", map[string]any{"advanceSeconds": 3600}, nil).Says(200)
	path := filepath.Join(dir, clockFile)
	webtest.Must(t, errors.Join(os.Remove(path), os.MkdirAll(filepath.Join(path, "in the way"), 0o700)))
	script.Calls(http.MethodPut, "/clock", map[string]any{"advanceSeconds": 3600}, nil).Refuses(503, "clock_not_saved")
	if off := e.Clock().Offset(); off != time.Hour {
		t.Errorf("the clock is shifted by %v: want an hour", off)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".clock-*")); err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
	webtest.Must(t, os.RemoveAll(path))
	script.Calls(http.MethodPut, "/clock", map[string]any{"advanceSeconds": 3600}, nil).Says(200)
}

// TestATownDecadesAhead starts there, is moved there, and answers: who is registered
// then gets a card that signs in, and a card of today has expired.
func TestATownDecadesAhead(t *testing.T) {
	t.Parallel()
	const decades = 20 * 365 * 24 * time.Hour // the CA certificates last until March 2048
	dir := t.TempDir()
	for i, move := range []bool{true, false} { // moved there, then started there
		e := town(t, Config{DataDir: dir, SweepEvery: -1})
		script := webtest.NewBrowser(t, e.Peer("authority"))
		if move {
			script.Calls(http.MethodPut, "/clock", map[string]any{"advanceSeconds": decades.Seconds(), "wait": true}, nil).Says(200)
		}
		for _, h := range Houses() {
			get(t, e.URL(h.Name)+"/healthz", 200)
			get(t, e.URL(h.Name)+"/", 200)
		}
		id := []string{"mirai", "asu"}[i]
		officer := append(webtest.Bearer(e.key(officerKey)), "JPKI-Officer", "mado-1")
		resident := map[string]any{
			"id": id, "basicFour": map[string]any{"commonName": "未来　明日香", "dateOfBirth": "520400101", "gender": "2", "address": "青葉県みほん市桜町１丁目２番９号"},
			"municipality": map[string]any{"code": "99201", "prefecture": "青葉県", "city": "みほん市", "prefectureRomaji": "Aoba-ken", "cityRomaji": "Mihon-shi"},
		}
		script.Calls(http.MethodPost, "/counter/v1/residents", resident, nil, officer...).Says(201)
		card := map[string]any{"card": "card-" + id, "pins": map[string]string{"user-authentication": "1234"}, "kinds": jpki.Kinds()[1:]}
		script.Calls(http.MethodPost, "/counter/v1/residents/"+id+"/cards", card, nil, officer...).Says(201)
		kit, err := e.kit(t.Context(), "bank", bankKey)
		webtest.Must(t, err)
		if _, err := authenticates(t, e, kit.verifier, "card-"+id, "1234"); err != nil {
			t.Errorf("start %d: a card of that year: %v", i, err)
		}
		if _, err := authenticates(t, e, kit.verifier, "card-taro", "2345"); !errors.Is(err, rp.ErrExpired) {
			t.Errorf("start %d: a card of today: %v: want it expired", i, err)
		}
		webtest.Must(t, e.Close())
	}
	refuses(t, Config{At: time.Now().AddDate(30, 0, 0), SweepEvery: -1}, "2048")
}

// authenticates signs in at the bank's kit with a card.
func authenticates(t *testing.T, e *Ecosystem, v *rp.Verifier, card, pin string) (*rp.Authentication, error) {
	t.Helper()
	challenge, err := v.NewChallenge(t.Context())
	webtest.Must(t, err)
	var token json.RawMessage
	answer := webtest.NewBrowser(t, e.Peer("card")).Calls(http.MethodPost, "/v1/authenticate",
		map[string]any{"card": card, "pin": pin, "origin": e.URL("bank"), "nonce": challenge.Nonce}, &token)
	if answer.Status != http.StatusOK {
		return nil, errors.New(strings.TrimSpace(answer.Body))
	}
	return v.VerifyAuthentication(t.Context(), token, challenge.Nonce)
}
