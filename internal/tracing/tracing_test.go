package tracing_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/tracing/carry"
)

// kept is what a recorder's sink was given.
type kept struct {
	mu    sync.Mutex
	spans []tracing.Span
}

func (k *kept) add(s tracing.Span) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.spans = append(k.spans, s)
}

// of returns the spans of a house; "" for the calls.
func (k *kept) of(house string) []tracing.Span {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(k.spans), func(s tracing.Span) bool { return s.House != house })
}

// open opens a shop that asks an office about everything that it is asked.
func open(t *testing.T) (recorder *tracing.Recorder, shop *httptest.Server, seen *kept) {
	t.Helper()
	seen = &kept{}
	recorder = tracing.New(tracing.Config{
		Sink: seen.add,
		Read: func(x tracing.Exchange) tracing.Content {
			return tracing.Content{Asked: string(x.Asked), Answered: string(x.Answered), Code: x.Header.Get("Code"), Joins: []string{"j"}}
		},
	})
	t.Cleanup(func() {
		if err := recorder.Close(); err != nil {
			t.Error(err)
		}
	})
	office := httptest.NewServer(recorder.Before("office", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/silent" {
			panic(http.ErrAbortHandler)
		}
		asked, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(asked)
	})))
	t.Cleanup(office.Close)
	client := &http.Client{Transport: carry.Transport{}}
	town := httptest.NewServer(recorder.Before("shop", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		carry.Event(r.Context(), "asks", "path", r.URL.Path)
		q, err := http.NewRequestWithContext(r.Context(), http.MethodPost, office.URL+r.URL.Path, r.Body)
		if err != nil {
			t.Error(err)
		}
		resp, err := client.Do(q)
		if err != nil {
			w.Header().Set("Code", "silent")
			http.Error(w, "no answer", http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		_, _ = io.Copy(w, resp.Body)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
	})))
	t.Cleanup(town.Close)
	return recorder, town, seen
}

func post(t *testing.T, shop *httptest.Server, path, body string) {
	t.Helper()
	resp, err := http.Post(shop.URL+path, "text/plain", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
}

func TestNothingIsRecordedUnlessSomebodyWatches(t *testing.T) {
	recorder, shop, seen := open(t)
	post(t, shop, "/ask", "x")
	if n := len(seen.spans); n > 0 || recorder.On() {
		t.Errorf("%d spans", n)
	}
}

func TestARequestIsFollowedToTheNextHouse(t *testing.T) {
	recorder, shop, seen := open(t)
	recorder.Watch()
	name := strings.Repeat("N", 26)
	post(t, shop, "/ask/"+name, strings.Repeat("x", tracing.MostContent+1))
	shop.Close() // whose span has ended then
	office, calls, shops := seen.of("office"), seen.of(""), seen.of("shop")
	if len(office) != 1 || len(calls) != 1 || len(shops) != 1 {
		t.Fatalf("office %d, calls %d, shop %d", len(office), len(calls), len(shops))
	}
	o, c, s := office[0], calls[0], shops[0]
	if o.Parent != c.ID || c.Parent != s.ID || s.Parent != "" || o.Trace != s.Trace || !c.Call || c.Server == "" {
		t.Errorf("not one trace: %+v, %+v, %+v", s, c, o)
	}
	if o.Path != "/ask/…" || o.Method != http.MethodPost || o.Status != 200 || o.Cut || o.Asked != strings.Repeat("x", tracing.MostContent) || len(o.Answered) != tracing.MostContent {
		t.Errorf("%s %s %d, asked %d octets, answered %d", o.Method, o.Path, o.Status, len(o.Asked), len(o.Answered))
	}
	if len(s.Events) != 1 || s.Events[0].With["path"] != "/ask/"+name || len(s.Joins) != 1 || s.End.Before(o.End) {
		t.Errorf("%+v", s)
	}
}

func TestAHouseThatDoesNotAnswerIsSeen(t *testing.T) {
	recorder, shop, seen := open(t)
	recorder.Watch()
	post(t, shop, "/silent", "x")
	shop.Close()
	for _, o := range seen.of("office") {
		if o.Path == "/silent" && (!o.Cut || o.Status != 0 || o.Answered != "") {
			t.Errorf("%+v", o)
		}
	}
	if s := seen.of("shop")[0]; s.Status != http.StatusBadGateway || s.Code != "silent" {
		t.Errorf("%+v", s)
	}
}

func TestManagementIsNotRecorded(t *testing.T) {
	recorder, shop, seen := open(t)
	recorder.Watch()
	for _, path := range []string{"/healthz", "/clock", "/faults", "/assets/x.css", "/ui/ui.css", "/picture/1"} {
		post(t, shop, path, "")
	}
	if n := len(seen.of("shop")); n > 0 {
		t.Errorf("%d spans: %+v", n, seen.of("shop"))
	}
}

// Whoever holds a recording needs not say again and again that they look; it ends all the same.
func TestAWatchIsHeldForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w tracing.Watch
		on := func(after time.Duration, want bool) {
			t.Helper()
			<-time.After(after)
			synctest.Wait()
			if w.On() != want {
				t.Errorf("%v later it is on: %v", after, !want)
			}
		}
		w.Renew()
		on(tracing.Lease-time.Second, true)
		on(2*time.Second, false)
		w.Hold(10 * time.Minute)
		on(5*time.Minute, true)
		w.Renew() // by a page, which shortens nothing
		on(4*time.Minute, true)
		on(2*time.Minute, false)
		w.Hold(time.Hour)
		w.Stop()
		w.Renew()
		on(tracing.Lease+time.Second, false)
	})
}
