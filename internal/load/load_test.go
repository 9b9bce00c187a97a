package load

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
)

// TestMain also plays jpkimock: the tests start this program again, as the town and
// as the bare server.
func TestMain(m *testing.M) {
	var err error
	switch command := slices.Concat(os.Args, []string{""})[1]; command {
	case "up":
		err = up(os.Args[2:])
	case BareCommand:
		err = ServeBare(os.Stdin, os.Stdout)
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func up(args []string) error {
	cfg := ecosystem.Config{Seed: "default", KeysAhead: -1}
	f := flag.NewFlagSet("up", flag.ContinueOnError)
	f.Bool("ephemeral", false, "")
	f.Int("base-port", 1, "")
	f.StringVar(&cfg.OCSPKey, "ocsp-key", "", "")
	f.IntVar(&cfg.Insured, "insured", 0, "")
	f.IntVar(&cfg.Movers, "movers", 0, "")
	ready := f.String("ready-file", "", "")
	if err := f.Parse(args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	e, err := ecosystem.Start(ctx, cfg)
	if err != nil {
		return err
	}
	if err = e.WriteReady(*ready, ""); err == nil {
		<-ctx.Done()
	}
	return errors.Join(err, e.Close())
}

func here(t *testing.T) *field {
	t.Helper()
	there, err := startTown(t.Context(), os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(there.close)
	return &field{os.Args[0], there, 500}
}

func TestEveryWorkIsAskedForAndCounted(t *testing.T) {
	f := here(t)
	cfg := Config{Clients: 4, For: 250 * time.Millisecond}
	installed := slices.DeleteFunc(works(), func(w work) bool {
		_, err := exec.LookPath("openssl")
		return w.name == "openssl" && err != nil
	})
	results, err := measure(t.Context(), f, installed, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range installed {
		r := results[w.name]
		// The time may be over before a client had its turn.
		if r.clients < 1 || r.clients > max(w.clients, cfg.Clients) || len(r.took) < 1 || r.answers < len(r.took) || r.wall < cfg.For {
			t.Errorf("%s: %d answers by %d clients in %s", w.name, r.answers, r.clients, r.wall)
		}
		if r.share(0.5) > r.share(0.99) || r.share(1) != r.took[len(r.took)-1] {
			t.Errorf("%s: p50 %s, p99 %s, all %s", w.name, r.share(0.5), r.share(0.99), r.share(1))
		}
		r.processor = max(r.processor, time.Second/ticks)
		results[w.name] = r
	}
	var out bytes.Buffer
	if err := table(&out, cfg, installed, results, map[string]float64{rsa2048: 1000, p256: 10_000}); err != nil {
		t.Fatal(err)
	}
	for _, w := range installed {
		if !regexp.MustCompile(`(?m)^ *` + w.name + ` +\d+ +\d+ +\d+ +[\d.]+ +[\d.]+ +[\d.]+ `).MatchString(out.String()) {
			t.Errorf("no line of %s in\n%s", w.name, &out)
		}
	}
	if !strings.Contains(out.String(), "of 2 RSA-2048") || !strings.Contains(out.String(), "of bare") || !strings.Contains(out.String(), "of 1 P-256, ") || !strings.Contains(out.String(), "of reception, its p95 times ") {
		t.Errorf("nothing is set against its bound in\n%s", &out)
	}
}

// Whatever was signed at the portal is delivered to every partner, who verifies it itself,
// while citizens sign in.
func TestThePortalDrains(t *testing.T) {
	var out bytes.Buffer
	if err := Drain(t.Context(), Config{Program: os.Args[0], Clients: 2, Applications: 12}, &out); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^ *12 +60 +[\d.]+ +\d+ +[\d.]+ +[1-9]`).MatchString(out.String()) {
		t.Errorf("12 applications to five partners:\n%s", &out)
	}
	if err := Drain(t.Context(), Config{Program: os.Args[0], Clients: 2}, &out); err == nil {
		t.Error("no application is no load")
	}
}

// TestTheBoundIsTheTownsOwnOctets compares header by header.
func TestTheBoundIsTheTownsOwnOctets(t *testing.T) {
	f := here(t)
	q, err := f.question(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, err := f.town.recorded(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	p, url, err := startBare(f.program, want)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	q.url = url
	got, err := f.town.recorded(t.Context(), q)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v: from the bare server\n%q\nfrom the town\n%q", err, got, want)
	}
}

func TestWhatIsNotInstalledIsSaid(t *testing.T) {
	var out bytes.Buffer
	if err := legend(&out, works()[:1], ""); err != nil || !strings.Contains(out.String(), "bare: ") || !strings.Contains(out.String(), "openssl: not installed") {
		t.Errorf("%v: %s", err, &out)
	}
}

func TestAWrongAnswerEndsTheLoad(t *testing.T) {
	f := here(t)
	cfg := Config{Clients: 2, For: time.Minute}
	asked := 0
	w := work{name: "broken", ask: func(context.Context, *field, int) (*answering, error) {
		return f.town.answers([]call{func(context.Context) (int, time.Duration, error) {
			if asked++; asked > 3 {
				return 0, 0, errors.New("a wrong answer")
			}
			return 1, 0, nil
		}}), nil
	}}
	if _, err := measure(t.Context(), f, []work{w}, cfg); err == nil || !strings.Contains(err.Error(), "a wrong answer") {
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

func TestASoakSaysWhatTheTownHolds(t *testing.T) {
	var out bytes.Buffer
	if err := Soak(t.Context(), Config{Program: os.Args[0], For: time.Second}, &out); err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^ *(?:[\d.]+m?s) +\d+ +\d+\.\d +[1-9]\d* +[1-9]\d*$`).FindAllString(out.String(), -1)
	if len(lines) != soakParts {
		t.Errorf("%d lines in\n%s", len(lines), &out)
	}
	if err := Soak(t.Context(), Config{Program: os.Args[0]}, &out); err == nil {
		t.Error("a soak of no time ran")
	}
}

func TestTheBoundOfAWorkIsMeasuredWithIt(t *testing.T) {
	chosen, err := choose([]string{"ocsp"})
	if err != nil || len(chosen) != 3 || chosen[0].name != "bare" || chosen[1].name != "openssl" || chosen[2].name != "ocsp" {
		t.Errorf("chose %v, %v", chosen, err)
	}
}
