package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// said is what the houses answer to questions about everybody. Its clock stands still.
func said(t testing.TB, e *Ecosystem) string {
	t.Helper()
	var all strings.Builder
	ask := func(house, path, key string) {
		page := webtest.NewBrowser(t, e.URL(house)).Sends(http.MethodGet, path, "", append(webtest.Bearer(key), "Accept", "application/json")...)
		fmt.Fprintf(&all, "%s%s %d %s\n", house, path, page.Status, page.Body)
	}
	fmt.Fprintln(&all, e.Clock().State())
	ask("authority", "/counter/v1/residents", seed.OfficerKey)
	ask("authority", "/counter/v1/verifiers", seed.OfficerKey)
	for _, p := range e.Personas() {
		ask("authority", "/counter/v1/residents/"+p.ID, seed.OfficerKey)
		ask("card", "/v1/cards/"+p.CardID(), "")
	}
	ask("card", "/v1/readers", "")
	ask("bank", "/staff/customers", seed.BankStaffKey)
	ask("bank", "/faults", "")
	ask("authority", "/crl/digital-signature.crl", seed.BankKey)
	return all.String()
}

// After anything whatever, a town that is put back answers octet for octet as before.
func TestATownIsPutBackAsItWas(t *testing.T) {
	t.Parallel()
	alone(t)
	e := town(t, Config{Snapshots: true, SweepEvery: -1})
	began := e.Clock().Now()
	webtest.Must(t, e.Clock().Freeze())
	moves(t, e, "naoko")
	webtest.Must(t, e.Save(t.Context(), "naoko-has-moved"))
	before := said(t, e)
	e.seen.Watch()
	signedIn(t, e, "bank", "card-taro", "2345")
	if len(e.seen.Touches.List()) == 0 {
		t.Fatal("no touch is recorded")
	}

	moves(t, e, "hanako")
	webtest.NewBrowser(t, e.URL("card")).Calls(http.MethodPost, "/v1/cards/card-taro/tamper", nil, nil).Says(http.StatusOK)
	webtest.NewBrowser(t, e.URL("card")).Calls(http.MethodPut, "/v1/readers/home", map[string]any{"card": "card-taro"}, nil).Says(http.StatusOK)
	webtest.NewBrowser(t, e.URL("bank")).Calls(http.MethodPut, "/faults", map[string]any{"slow": true}, nil).Says(http.StatusOK)
	webtest.NewBrowser(t, e.URL("authority")).Calls(http.MethodPut, "/clock", map[string]any{"advance": map[string]int{"years": 5}, "frozen": false, "wait": true}, nil).Says(http.StatusOK)
	if after := said(t, e); after == before {
		t.Fatal("nothing was changed")
	}
	webtest.Must(t, e.Restore(t.Context(), "naoko-has-moved"))
	if left := e.seen.Touches.List(); len(left) > 0 {
		t.Errorf("touches that have not happened are shown: %+v", left)
	}
	if after := said(t, e); after != before {
		t.Errorf("put back, the town answers otherwise: %s", difference(before, after))
	}

	webtest.Must(t, e.Restore(t.Context(), stage.Beginning))
	if now := e.Clock().Now(); now.Sub(began).Abs() > time.Minute || e.now().age != 3 {
		t.Errorf("at the beginning the clock shows %v, at the age of %d", now, e.now().age)
	}
	if at := webtest.NewBrowser(t, e.URL("authority")).Sends(http.MethodGet, "/counter/v1/residents/naoko/history", "", webtest.Bearer(seed.OfficerKey)...); strings.Contains(at.Body, "move-house") {
		t.Error("at the beginning somebody has moved")
	}
	moves(t, e, "hanako") // it goes on from there
}

// moves registers a move within the town at the counter.
func moves(t testing.TB, e *Ecosystem, who string) {
	t.Helper()
	webtest.NewBrowser(t, e.URL("authority")).Calls(http.MethodPost, "/counter/v1/residents/"+who+"/events",
		map[string]any{"event": "move-house", "address": "青葉県みほん市本町９丁目９番９号", "why": "転居届"}, nil, webtest.Bearer(seed.OfficerKey)...).Says(http.StatusOK)
}

// difference shows where two texts part.
func difference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("\n- %.3000s\n+ %.3000s", x[i], y[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(x), len(y))
}

// Whoever comes while the town is put back waits; nobody gets half an answer.
func TestWhoComesMeanwhileWaits(t *testing.T) {
	t.Parallel()
	e := town(t, Config{Snapshots: true, SweepEvery: -1})
	ctx, stop := context.WithCancel(t.Context())
	var all sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	for range 3 {
		all.Go(func() {
			for ctx.Err() == nil {
				resp, err := http.Get(e.URL("bank") + "/healthz")
				said := "cut off"
				if err == nil {
					said = resp.Status
					_ = resp.Body.Close()
				}
				mu.Lock()
				answers[said]++
				mu.Unlock()
			}
		})
	}
	for range 2 {
		if err := e.Restore(t.Context(), stage.Beginning); err != nil {
			t.Error(err)
		}
	}
	stop()
	all.Wait()
	delete(answers, "200 OK")
	delete(answers, "cut off")
	if len(answers) > 0 {
		t.Errorf("besides 200 and a connection that ended: %v", answers)
	}
	get(t, e.URL("bank")+"/", 200)
}

func TestNamesOfSnapshots(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	e := town(t, Config{Snapshots: true, SweepEvery: -1, DataDir: dir})
	for name, want := range map[string]error{
		"": stage.ErrName, "Up": stage.ErrName, "../x": stage.ErrName, stage.Beginning: stage.ErrName,
		strings.Repeat("x", 41): stage.ErrName, "day-2": nil,
	} {
		if err := e.Save(t.Context(), name); !errors.Is(err, want) {
			t.Errorf("save %q: %v", name, err)
		}
	}
	for _, name := range []string{"day-3", "..", ""} {
		if err := e.Restore(t.Context(), name); !errors.Is(err, stage.ErrNoSnapshot) {
			t.Errorf("restore %q: %v", name, err)
		}
		if err := e.Drop(name); !errors.Is(err, stage.ErrNoSnapshot) {
			t.Errorf("drop %q: %v", name, err)
		}
	}
	saved := e.Clock().Now()
	moves(t, e, "hanako")
	webtest.Must(t, e.Clock().Advance(5*365*24*time.Hour))
	webtest.Must(t, e.Close())
	// As if the process had ended while the snapshot was put back, in a folder in which
	// others keep something too, and earlier while another was saved.
	webtest.Must(t, os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("mine"), 0o600))
	webtest.Must(t, os.Mkdir(filepath.Join(dir, "snapshots", "day-4.new"), 0o700))
	webtest.Must(t, os.WriteFile(filepath.Join(dir, "snapshots", "day-4.new", "snapshot.json"), nil, 0o600))
	webtest.Must(t, os.WriteFile(filepath.Join(dir, "restoring"), []byte("day-2"), 0o600))
	webtest.Must(t, os.Remove(filepath.Join(dir, "bank.db")))
	again := town(t, Config{Snapshots: true, SweepEvery: -1, DataDir: dir})
	if at := webtest.NewBrowser(t, again.URL("authority")).Sends(http.MethodGet, "/counter/v1/residents/hanako/history", "", webtest.Bearer(seed.OfficerKey)...); strings.Contains(at.Body, "move-house") {
		t.Error("the snapshot was not put back whole")
	}
	if now := again.Clock().Now(); now.Sub(saved).Abs() > 10*time.Minute {
		t.Errorf("put back at the next start, the clock shows %v, and was at %v", now, saved)
	}
	webtest.Must(t, again.Restore(t.Context(), "day-2"))
	if mine, err := os.ReadFile(filepath.Join(dir, "mine.txt")); err != nil || string(mine) != "mine" {
		t.Errorf("what is not the town's: %q, %v", mine, err)
	}
	all, err := again.Snapshots()
	if err != nil || len(all) != 2 || all[0].Name != stage.Beginning || all[1].Name != "day-2" {
		t.Errorf("%v, %v", all, err)
	}
	webtest.Must(t, again.Drop("day-2"))
	if err := again.Drop(stage.Beginning); !errors.Is(err, stage.ErrName) {
		t.Errorf("drop the beginning: %v", err)
	}
	none := town(t, Config{SweepEvery: -1, Seed: "none"})
	if err := none.Save(t.Context(), "x"); !errors.Is(err, stage.ErrNoKeeper) {
		t.Errorf("a town without snapshots: %v", err)
	}
}

// BenchmarkRestore is はじめの状態に戻す with the seeded town.
func BenchmarkRestore(b *testing.B) {
	e := town(b, Config{Snapshots: true, SweepEvery: -1})
	for b.Loop() {
		if err := e.Restore(b.Context(), stage.Beginning); err != nil {
			b.Fatal(err)
		}
	}
}
