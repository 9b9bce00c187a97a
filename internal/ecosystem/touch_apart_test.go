package ecosystem

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// apart starts the lobby apart from the other houses, as in processes of their own.
func apart(t *testing.T) (houses, lobby *Ecosystem) {
	t.Helper()
	var at atomic.Pointer[httputil.ReverseProxy]
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := at.Load(); to != nil {
			to.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(gate.Close)
	var others []string
	for _, h := range Houses() {
		if h.Name != "lobby" {
			others = append(others, h.Name)
		}
	}
	houses = town(t, Config{SweepEvery: -1, Only: others, Peer: map[string]string{"lobby": gate.URL}})
	peers, public := map[string]string{}, map[string]string{}
	for _, name := range others {
		peers[name], public[name] = houses.Peer(name), houses.URL(name)
	}
	lobby = town(t, Config{SweepEvery: -1, Only: []string{"lobby"}, Peer: peers, Public: public})
	to, err := url.Parse(lobby.Peer("lobby"))
	webtest.Must(t, err)
	webtest.Must(t, seed.Plant(t.Context(), houses.world, houses.doors()))
	at.Store(httputil.NewSingleHostReverseProxy(to))
	return houses, lobby
}

// TestATouchIsFollowedFromProcessToProcess: the lobby is in another process than the
// houses. They learn from the clock that somebody looks, and send what they record.
func TestATouchIsFollowedFromProcessToProcess(t *testing.T) {
	t.Parallel()
	houses, lobby := apart(t)
	guest := webtest.NewBrowser(t, lobby.Peer("lobby"))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !houses.seen.On() {
		guest.Visits("/picture").Says(200)
		select {
		case <-ctx.Done():
			t.Fatal("the houses never learn that somebody looks")
		case <-tick.C:
		}
	}
	signedIn(t, houses, "bank", "card-taro", "2345")
	whole := func(of touch.Touch) bool { return of.Numbers() == [5]bool{1: true, 2: true, 3: true, 4: true} }
	for {
		_, next := lobby.seen.Touches.Changes()
		if all := lobby.seen.Touches.List(); slices.ContainsFunc(all, whole) {
			lit(t, latest(t, lobby, touch.BankSignIn), [5]bool{1: true, 2: true, 3: true, 4: true})
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("no whole touch arrives: %+v", lobby.seen.Touches.List())
		case <-next:
		}
	}
}

// TestTheBandSaysWhatFailsInAnyProcess: a fault of a house is on the pages of those in other
// processes, until it is over.
func TestTheBandSaysWhatFailsInAnyProcess(t *testing.T) {
	t.Parallel()
	houses, lobby := apart(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for _, on := range []bool{true, false} {
		webtest.NewBrowser(t, houses.Peer("bank")).Calls(http.MethodPut, "/faults", map[string]bool{"slow": on}, nil).Says(200)
		for (len(lobby.now().board.Words()) > 0) != on {
			select {
			case <-ctx.Done():
				t.Fatalf("on %v: the other process says %v", on, lobby.now().board.Words())
			case <-tick.C:
			}
		}
		page := webtest.NewBrowser(t, lobby.Peer("lobby")).Visits("/?lang=en").Says(200)
		if strings.Contains(page.Body, "Mihon Bank (answers late)") != on {
			t.Errorf("on %v: the lobby's page says otherwise", on)
		}
	}
}

// TestTheStageInAnotherProcess: of the houses in other processes the lobby says what they hold
// and what they did since, once each; that the town cannot be put back from there, it says too.
func TestTheStageInAnotherProcess(t *testing.T) {
	t.Parallel()
	houses, lobby := apart(t)
	guest := webtest.NewBrowser(t, lobby.Peer("lobby"))
	happened := guest.Fills("/people/taro/events/move").Says(200).Path()
	var held stage.Whereabouts
	guest.Calls(http.MethodGet, "/whereabouts?person=taro", nil, &held).Says(200)
	for _, h := range held.Houses {
		if h.Silent || len(h.Organisations) == 0 {
			t.Errorf("%s says nothing of what it holds", h.House)
		}
	}
	guest.Fills("/clock-room", "step", "1d").Says(200)
	webtest.Must(t, houses.Settled(t.Context()))
	guest.Visits(happened+"&lang=ja").Says(200, "みほん銀行：1人に届出をお願いしました", "人の引っ越しに気づきました")
	guest.Visits("/clock-room?lang=ja").Says(200, "ここからは元に戻せません。いくつかのプログラムに分かれて動いている")
	guest.Fills("/snapshots", "act", "restore").Says(409, "この案内所からは、町を元に戻せません")
}

// TestACollectorIsSentEverything: with the address of a collector, nobody needs to look.
func TestACollectorIsSentEverything(t *testing.T) {
	t.Parallel()
	asked := make(chan tracing.Span, 1000)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		spans, err := tracing.Decode(body)
		if err != nil {
			t.Error(err)
		}
		for _, s := range spans {
			asked <- s
		}
	}))
	t.Cleanup(collector.Close) // after the town, which sends what waits
	e := town(t, Config{SweepEvery: -1, OTLP: collector.URL})
	signedIn(t, e, "bank", "card-taro", "2345")
	for {
		select {
		case s := <-asked:
			if s.House == "authority" && s.Path == "/ocsp/user-authentication" && s.Code == "good" {
				return
			}
		case <-time.After(time.Minute):
			t.Fatal("the collector is not told of the question to the authority")
		}
	}
}
