package fault_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/fault"
)

// stand opens a house that answers "here" everywhere, with faults of its own
// beside the usual ones.
func stand(t *testing.T, after func(time.Duration) <-chan time.Time) *httptest.Server {
	t.Helper()
	house := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "here") })
	faults := append(fault.Usual(nil), fault.Fault{Name: "lists-stopped", Effect: fault.Silent(), Routes: []string{"/lists/", "/crl"}})
	s := httptest.NewServer(fault.Before(house, fault.Config{House: "dummy", Faults: faults, Log: slog.New(slog.DiscardHandler), After: after}))
	t.Cleanup(s.Close)
	return s
}

// ask returns the status and body of an answer; 0 if there is none.
func ask(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, ""
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestAFaultCoversItsRoutesUntilItIsSwitchedOff(t *testing.T) {
	s := stand(t, nil)
	for _, c := range []struct {
		change string
		want   map[string]int
	}{
		{"", map[string]int{"/": 200, "/lists/a": 200, "/clock": 200}},
		{`{"lists-stopped":true}`, map[string]int{"/": 200, "/lists/a": 0, "/crl": 0, "/lists": 200, "/clock": 200}},
		{`{"lists-stopped":false,"error":true}`, map[string]int{"/": 503, "/lists/a": 503, "/clock": 200, "/healthz": 200}},
		{`{"silent":true}`, map[string]int{"/": 0, "/lists/a": 0, "/clock": 200, "/faults": 200}},
		{`{"error":false}`, map[string]int{"/": 0, "/healthz": 200}},
		{`{"silent":false}`, map[string]int{"/": 200, "/lists/a": 200}},
	} {
		if c.change != "" {
			if status, body := ask(t, http.MethodPut, s.URL+"/faults", c.change); status != 200 {
				t.Fatalf("%s: %d %s", c.change, status, body)
			}
		}
		for path, want := range c.want {
			if got, _ := ask(t, http.MethodGet, s.URL+path, ""); got != want {
				t.Errorf("after %s: GET %s: %d: want %d", c.change, path, got, want)
			}
		}
	}
}

func TestAnErrorSaysThatItIsAFault(t *testing.T) {
	s := stand(t, nil)
	ask(t, http.MethodPut, s.URL+"/faults", `{"error":true}`)
	_, body := ask(t, http.MethodGet, s.URL+"/accounts", "")
	var problem struct {
		Status       int
		Code, Detail string
	}
	if err := json.Unmarshal([]byte(body), &problem); err != nil || problem.Status != 503 || problem.Code != "fault" || !strings.Contains(problem.Detail, "dummy") {
		t.Errorf("%s: %v", body, err)
	}
}

func TestASlowAnswerWaitsForTheDelayOrForTheClientToGiveUp(t *testing.T) {
	waits, over := make(chan time.Duration), make(chan time.Time)
	s := stand(t, func(d time.Duration) <-chan time.Time { waits <- d; return over })
	ask(t, http.MethodPut, s.URL+"/faults", `{"slow":true}`)
	answered := make(chan string)
	go func() { _, body := ask(t, http.MethodGet, s.URL+"/", ""); answered <- body }()
	if d := <-waits; d != 3*time.Second {
		t.Errorf("waits for %v", d)
	}
	over <- time.Time{}
	if got := <-answered; got != "here" {
		t.Errorf("afterwards: %q", got)
	}
	ctx, giveUp := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() {
		_, err := http.DefaultClient.Do(r)
		ended <- err
	}()
	<-waits
	giveUp()
	if err := <-ended; err == nil {
		t.Error("a client that gave up got an answer")
	}
	if fault.Slow(time.Hour) != fault.Slow(fault.LongestDelay) {
		t.Error("a delay has no bound")
	}
}

func TestOnlyKnownFaultsAreSwitchedAllOrNone(t *testing.T) {
	s := stand(t, nil)
	for _, body := range []string{
		``, `{}`, `null`, `[]`, `{"silent":1}`, `{"silent":null}`, `{"silent":true,"x":true}`, `{"Silent":true}`, `{"silent":true} {}`,
	} {
		status, answer := ask(t, http.MethodPut, s.URL+"/faults", body)
		if status != 400 || !strings.Contains(answer, "lists-stopped") {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	if _, state := ask(t, http.MethodGet, s.URL+"/faults", ""); strings.TrimSpace(state) != `{"error":false,"lists-stopped":false,"silent":false,"slow":false}` {
		t.Errorf("state: %s", state)
	}
}

// The house does what it is asked, and its answer is lost.
func TestAnAnswerIsLost(t *testing.T) {
	done := make(chan string, 1)
	house := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Done", "yes")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "done")
		done <- r.URL.Path
	})
	faults := []fault.Fault{{Name: "answer-lost", Effect: fault.Unheard(), Routes: []string{"/charges"}}}
	s := httptest.NewServer(fault.Before(house, fault.Config{House: "dummy", Faults: faults, Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(s.Close)
	ask(t, http.MethodPut, s.URL+"/faults", `{"answer-lost":true}`)
	if status, _ := ask(t, http.MethodPost, s.URL+"/charges", "{}"); status != 0 {
		t.Errorf("the answer came: %d", status)
	}
	if path := <-done; path != "/charges" {
		t.Errorf("the house was asked for %s", path)
	}
	if status, body := ask(t, http.MethodPost, s.URL+"/else", "{}"); status != http.StatusCreated || body != "done" {
		t.Errorf("elsewhere: %d %s", status, body)
	}
}
