package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
)

// TestMain is the town, too: the tests start this program again as jpkimock.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "up" {
		if err := up(os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func up(ready string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	e, err := ecosystem.Start(ctx, ecosystem.Config{Seed: "default", KeysAhead: -1})
	if err != nil {
		return err
	}
	if err = e.WriteReady(ready); err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, e.Close())
}

func TestEveryWorkIsAskedForAndCounted(t *testing.T) {
	there, err := startTown(t.Context(), os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(there.close)
	cfg := Config{Clients: 4, For: 50 * time.Millisecond}
	results := map[string]result{}
	for _, w := range works() {
		r, err := measure(t.Context(), there, w, cfg)
		if err != nil {
			t.Fatalf("%s: %v", w.name, err)
		}
		// The time may be over before a client had its turn.
		if r.clients < 1 || r.clients > cfg.Clients || len(r.took) < 1 || r.answers < len(r.took) || r.wall < cfg.For {
			t.Errorf("%s: %d answers by %d clients in %s", w.name, r.answers, r.clients, r.wall)
		}
		if r.share(0.5) > r.share(0.99) || r.share(1) != r.took[len(r.took)-1] {
			t.Errorf("%s: p50 %s, p99 %s, all %s", w.name, r.share(0.5), r.share(0.99), r.share(1))
		}
		r.processor = max(r.processor, time.Second/ticks)
		results[w.name] = r
	}
	var out bytes.Buffer
	if err := table(&out, cfg, works(), results, 1000); err != nil {
		t.Fatal(err)
	}
	for _, n := range Names() {
		if !regexp.MustCompile(`(?m)^ *` + n + ` +\d+ +\d+ +\d+ +[\d.]+ +[\d.]+ `).MatchString(out.String()) {
			t.Errorf("no line of %s in\n%s", n, &out)
		}
	}
	if !strings.Contains(out.String(), "of 2 bare signatures") || !strings.Contains(out.String(), "of static") {
		t.Errorf("nothing is set against its bound in\n%s", &out)
	}
}

func TestAWrongAnswerEndsTheLoad(t *testing.T) {
	there, err := startTown(t.Context(), os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(there.close)
	cfg := Config{Clients: 2, For: time.Minute}
	asked := 0
	w := work{name: "broken", callers: func(context.Context, *town, int) ([]call, error) {
		return []call{func(context.Context) (int, error) {
			if asked++; asked > 3 {
				return 0, errors.New("a wrong answer")
			}
			return 1, nil
		}}, nil
	}}
	if _, err := measure(t.Context(), there, w, cfg); err == nil || !strings.Contains(err.Error(), "a wrong answer") {
		t.Errorf("the load ended with %v", err)
	}
	if err := Run(t.Context(), Config{Clients: 1, For: time.Second, Works: []string{"dancing"}}, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "dancing") {
		t.Errorf("a work that is none: %v", err)
	}
	if err := Run(t.Context(), Config{For: time.Second}, &bytes.Buffer{}); err == nil {
		t.Error("a load without clients ran")
	}
	if _, err := startTown(t.Context(), "/nowhere/jpkimock"); err == nil {
		t.Error("a program that is not there was started")
	}
}

func TestTheBoundOfAWorkIsMeasuredWithIt(t *testing.T) {
	chosen, err := choose([]string{"ocsp"})
	if err != nil || len(chosen) != 2 || chosen[0].name != "static" || chosen[1].name != "ocsp" {
		t.Errorf("chose %v, %v", chosen, err)
	}
}
