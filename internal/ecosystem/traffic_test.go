package ecosystem

import (
	"context"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// strangersDo is a round of what callers do who are not signed in, finished or
// not: pages, challenges, card requests, questions without a right to answers.
func strangersDo(t *testing.T, client *http.Client, e *Ecosystem) {
	t.Helper()
	for _, h := range Houses() {
		for _, path := range []string{"/", "/healthz", "/no-such-page", "/faults"} {
			ask(t, client, t.Context(), http.MethodGet, e.URL(h.Name)+path, "")
		}
	}
	for path, body := range map[string]string{
		e.URL("bank") + "/signin/challenge":               "{}",
		e.URL("catv") + "/signin/challenge":               "{}",
		e.URL("card") + "/v1/authenticate":                `{"card":"nobody"}`,
		e.URL("authority") + "/ocsp/digital-signature":    "x",
		e.URL("authority") + "/verifier/v1/confirmations": "{}\n",
	} {
		ask(t, client, t.Context(), http.MethodPost, path, body)
	}
	gone, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	ask(t, client, gone, http.MethodGet, e.URL("card")+"/presence?token=x", "")
}

// ask sends a request and forgets the answer, if there is one.
func ask(t *testing.T, client *http.Client, ctx context.Context, method, url, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if resp, err := client.Do(r); err == nil {
		_ = resp.Body.Close()
	} else if ctx.Err() == nil {
		t.Fatal(err)
	}
}

// portfolio is how many goroutines and open files the process has.
func portfolio(t *testing.T) (goroutines, files int) {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil && runtime.GOOS == "linux" {
		t.Fatal(err)
	}
	return runtime.NumGoroutine(), len(open)
}

// TestTrafficLeavesNothingBehind: a town that was asked a lot has as many
// goroutines and open files as one that was asked once.
func TestTrafficLeavesNothingBehind(t *testing.T) {
	e := town(t, Config{Seed: "default", SweepEvery: -1})
	transport := &http.Transport{}
	client := &http.Client{Transport: transport, Timeout: time.Minute}
	strangersDo(t, client, e)
	transport.CloseIdleConnections()
	goroutines, files := portfolio(t)
	for range 20 {
		strangersDo(t, client, e)
	}
	transport.CloseIdleConnections()
	const slack = 8 // of connections between the houses
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(20 * time.Second); ; {
		nowGoroutines, nowFiles := portfolio(t)
		if nowGoroutines <= goroutines+slack && nowFiles <= files+slack {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("after traffic %d goroutines and %d files; before %d and %d", nowGoroutines, nowFiles, goroutines, files)
		}
	}
}
