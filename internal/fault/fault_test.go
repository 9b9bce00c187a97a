package fault_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ui"
)

// stand opens a house that answers "here" everywhere, with faults of its own
// beside the usual ones.
func stand(t *testing.T, after func(time.Duration) <-chan time.Time) *httptest.Server {
	t.Helper()
	house := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "here") })
	faults := append(fault.Usual(nil), fault.Fault{Name: "lists-stopped", Effect: fault.Silent(), Routes: []string{"/lists/", "/crl"}})
	s := httptest.NewServer(fault.NewSwitch(fault.Config{House: "dummy", Faults: faults, Log: slog.New(slog.DiscardHandler), After: after}).Before(house))
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
		`{"silent":{"percent":101}}`, `{"silent":{"count":-1}}`, `{"silent":{"delay":"1s"}}`, `{"slow":{"delay":"31s"}}`, `{"slow":{"delay":"0s"}}`,
		`{"silent":{"person":"hanako"}}`, `{"silent":{"caller":"bank"}}`, `{"silent":{"often":true}}`, `{"silent":true,"error":{"count":1000001}}`,
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
	s := httptest.NewServer(fault.NewSwitch(fault.Config{House: "dummy", Faults: faults, Log: slog.New(slog.DiscardHandler)}).Before(house))
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

// A fault strikes as often as it is told, at whom it is told, and is off then by itself.
func TestAFaultIsNarrowed(t *testing.T) {
	house := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "here") })
	waits := make(chan time.Duration, 1)
	at := func() *httptest.Server {
		faults := append(fault.Usual(nil), fault.Fault{Name: "wrong", Effect: fault.Within(), ByPerson: true})
		dummy := fault.NewSwitch(fault.Config{
			House: "dummy", Faults: faults, Log: slog.New(slog.DiscardHandler),
			After: func(d time.Duration) <-chan time.Time {
				waits <- d
				over := make(chan time.Time)
				close(over)
				return over
			},
		})
		dummy.Knows(fault.Parties{
			Callers: func() []string { return []string{"/bank", "/catv"} }, Of: func(r *http.Request) []string { return []string{r.URL.Path} },
			People: []string{"hanako", "taro"}, Resident: func(person string) bool { return person == "resident-1" },
		})
		s := httptest.NewServer(dummy.Before(house))
		t.Cleanup(s.Close)
		return s
	}
	s := at()
	for setting, says := range map[string]string{
		`{"error":{"caller":"/bonk"}}`:              `there is no caller \"/bonk\": want one of /bank, /catv`,
		`{"wrong":{"person":"hanaco"}}`:             `there is nobody called \"hanaco\": want one of hanako, taro`,
		`{"error":{"person":"hanako"}}`:             "one person",
		`{"error":{"delay":"5s"}}`:                  "slow",
		`{"slow":{"delay":"31s"}}`:                  "at most 30s",
		`{"error":true,"silent":{"caller":"hana"}}`: "/bank",
	} {
		if status, answer := ask(t, http.MethodPut, s.URL+"/faults", setting); status != 400 || !strings.Contains(answer, says) {
			t.Errorf("%s: %d %s: want %s", setting, status, answer, says)
		}
		if _, now := ask(t, http.MethodGet, s.URL+"/faults", ""); strings.TrimSpace(now) != `{"error":false,"silent":false,"slow":false,"wrong":false}` {
			t.Errorf("after %s: %s", setting, now)
		}
	}
	set := func(s *httptest.Server, body, want string) {
		t.Helper()
		if status, answer := ask(t, http.MethodPut, s.URL+"/faults", body); status != 200 || strings.TrimSpace(answer) != want {
			t.Fatalf("%s: %d %s: want %s", body, status, answer, want)
		}
	}
	answers := func(s *httptest.Server, path string, want ...int) {
		t.Helper()
		for i, status := range want {
			if got, _ := ask(t, http.MethodGet, s.URL+path, ""); got != status {
				t.Errorf("request %d of %s: %d: want %d", i, path, got, status)
			}
		}
	}
	set(s, `{"error":{"count":2,"caller":"/bank"}}`, `{"error":{"count":2,"caller":"/bank"},"silent":false,"slow":false,"wrong":false}`)
	answers(s, "/catv", 200)
	answers(s, "/bank", 503)
	if _, state := ask(t, http.MethodGet, s.URL+"/faults", ""); !strings.Contains(state, `{"count":1,"caller":"/bank"}`) {
		t.Errorf("after one of two: %s", state)
	}
	answers(s, "/bank", 503, 200)
	set(s, `{"wrong":{"person":"resident-1"}}`, `{"error":false,"silent":false,"slow":false,"wrong":{"person":"resident-1"}}`)
	set(s, `{"wrong":false}`, `{"error":false,"silent":false,"slow":false,"wrong":false}`)
	set(s, `{"slow":{"delay":"7s"}}`, `{"error":false,"silent":false,"slow":{"delay":"7s"},"wrong":false}`)
	answers(s, "/", 200)
	if d := <-waits; d != 7*time.Second {
		t.Errorf("waits for %v", d)
	}
	// Which requests fail is the same each time, also in another town.
	drawn := func(s *httptest.Server) (all []int) {
		set(s, `{"slow":false,"error":{"percent":50}}`, `{"error":{"percent":50},"silent":false,"slow":false,"wrong":false}`)
		for range 40 {
			got, _ := ask(t, http.MethodGet, s.URL+"/", "")
			all = append(all, got)
		}
		return all
	}
	first, again, elsewhere := drawn(s), drawn(s), drawn(at())
	if !slices.Equal(first, again) || !slices.Equal(first, elsewhere) || !slices.Contains(first, 200) || !slices.Contains(first, 503) {
		t.Errorf("%v\n%v\n%v", first, again, elsewhere)
	}
}

// A fault that a house makes itself waits until it asks.
func TestAFaultWithinAHouse(t *testing.T) {
	board := fault.NewBoard()
	s := fault.NewSwitch(fault.Config{
		House: "dummy", Faults: []fault.Fault{{Name: "wrong", Effect: fault.Within(), ByPerson: true}},
		Log: slog.New(slog.DiscardHandler), Title: ui.Text{JA: "機構", EN: "Agency"}, Board: board,
	})
	s.Knows(fault.Parties{People: []string{"hanako", "taro"}})
	house := httptest.NewServer(s.Before(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "here") })))
	t.Cleanup(house.Close)
	about := func(people ...string) fault.Case { return fault.Case{People: func() []string { return people }} }
	if s.Strikes("wrong", about("hanako")) {
		t.Error("it is on at first")
	}
	ask(t, http.MethodPut, house.URL+"/faults", `{"wrong":{"count":2,"person":"hanako"}}`)
	if status, _ := ask(t, http.MethodGet, house.URL+"/", ""); status != 200 {
		t.Errorf("a fault within stands before the house: %d", status)
	}
	if words := board.Words(); len(words) != 1 || words[0].JA != "機構（wrong、あと2回、hanakoについてだけ）" {
		t.Errorf("%v", words)
	}
	for i, want := range []bool{false, true, false, true, false} {
		if got := s.Strikes("wrong", about([]string{"taro", "hanako"}[i%2])); got != want {
			t.Errorf("question %d: %v", i, got)
		}
	}
	if s.Strikes("wrong", fault.Case{}) || s.Strikes("other", about("hanako")) || len(board.Words()) > 0 {
		t.Errorf("it is on after its last strike: %v", board.Words())
	}
}

// What is counted are questions: a client that asks again by itself where a connection ended
// without an answer does not use two up, and neither does the town that only looks.
func TestAQuestionCountsOnce(t *testing.T) {
	s := stand(t, nil)
	keeps := &http.Client{Transport: &http.Transport{}}
	asks := func(looks string) bool {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if looks != "" {
			r.Header.Set(fault.Looks, looks)
		}
		answer, err := keeps.Do(r)
		if err != nil {
			return false
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		return answer.Body.Close() == nil
	}
	if !asks("") { // the connection is kept
		t.Fatal("no answer without a fault")
	}
	ask(t, http.MethodPut, s.URL+"/faults", `{"silent":{"count":2}}`)
	for i, want := range []bool{false, false, true} {
		if !asks("stage") {
			t.Errorf("a look before question %d is struck", i)
		}
		if got := asks(""); got != want {
			t.Errorf("question %d: an answer %v", i, got)
		}
	}
	ask(t, http.MethodPut, s.URL+"/faults", `{"silent":true}`)
	if asks("stage") {
		t.Error("a house that is silent answers who looks")
	}
}
