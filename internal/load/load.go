// Package load puts a town under load, and reports how much processor time its
// answers take.
//
// A figure by itself says more about the machine than about the program. So each
// work is compared with its bound, measured in the same run by the same clients:
// an answer from memory with the same octets from bare net/http, a signed answer
// with bare signatures, and both with OpenSSL's responder where it is installed.
// Every server is a process of its own, and only its processor time is counted.
package load

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// Config says how hard, and for how long.
type Config struct {
	Program string        // the jpkimock to start
	Clients int           // at once; fewer where a work has not so many cards
	For     time.Duration // each work
	Works   []string      // by name; empty for all
	Insured int           // how many an insurer has, where a work wants many
	// Applications is how many a portal delivers: Drain.
	Applications int
}

// call asks once, checks what comes back, and returns the number of answers in it. aside
// is how much of the time was not the answers': a card's, that was asked in between.
type call func(context.Context) (answers int, aside time.Duration, err error)

// work is one kind of request.
type work struct {
	name, what string
	// ask prepares the server and one call for each client.
	ask func(ctx context.Context, f *field, clients int) (*answering, error)
	// against names the works that this one is compared with; signatures is how
	// many signatures of an algorithm each answer needs.
	against    []string
	signatures int
	algorithm  string
	// clients is how many ask at once, if not as many as Config says; prompt says that
	// how long an answer takes is compared, too.
	clients int
	prompt  bool
}

// field is what a run of works shares.
type field struct {
	program string // jpkimock
	town    *town
	insured int // of an insurer with many
}

// answering is the server of a work, with one call for each client. There may be
// fewer calls than clients.
type answering struct {
	by    process
	calls []call
	close func()
}

// result is what came of a work.
type result struct {
	work
	clients, answers int
	wall, processor  time.Duration
	took             []time.Duration // each call, sorted
}

// perCore is answers for each second of the town's processors.
func (r result) perCore() float64 { return float64(r.answers) / r.processor.Seconds() }

// share returns the time that a part p of the calls did not exceed.
func (r result) share(p float64) time.Duration {
	return r.took[min(int(p*float64(len(r.took))), len(r.took)-1)]
}

// Run starts a town, runs the works, and writes a table. It returns an error for the
// first wrong answer.
func Run(ctx context.Context, cfg Config, out io.Writer) error {
	chosen, err := choose(cfg.Works)
	if err != nil {
		return err
	}
	if cfg.Clients < 1 || cfg.For <= 0 {
		return fmt.Errorf("load: %d clients for %s: want at least one, for some time", cfg.Clients, cfg.For)
	}
	version, err := exec.Command("openssl", "version").Output()
	if err != nil {
		chosen = slices.DeleteFunc(chosen, func(w work) bool { return w.name == "openssl" })
	}
	t, err := startTown(ctx, cfg.Program, "--ocsp-key", "rsa-2048")
	if err != nil {
		return err
	}
	defer t.close()
	if err := t.rest(ctx); err != nil {
		return err
	}
	rates, err := bareSignatures(ctx, cfg.For)
	if err != nil {
		return err
	}
	results, err := measure(ctx, &field{cfg.Program, t, cfg.Insured}, chosen, cfg)
	if err != nil {
		return err
	}
	if err := table(out, cfg, chosen, results, rates); err != nil {
		return err
	}
	return legend(out, chosen, strings.TrimSpace(string(version)))
}

// rounds is how many turns a work is measured in. The works take turns, so that a
// work and its bounds find the machine equally busy.
const rounds = 5

// measure prepares every work, and then measures all of them in turns.
func measure(ctx context.Context, f *field, chosen []work, cfg Config) (map[string]result, error) {
	results, servers := map[string]result{}, map[string]*answering{}
	for _, w := range chosen {
		a, err := w.ask(ctx, f, cmp.Or(w.clients, cfg.Clients))
		if err != nil {
			return nil, fmt.Errorf("load: %s: %w", w.name, err)
		}
		defer a.close()
		for _, c := range a.calls { // opens connections, and fills the memory of answers
			if _, _, err := c(ctx); err != nil {
				return nil, fmt.Errorf("load: %s: %w", w.name, err)
			}
		}
		servers[w.name], results[w.name] = a, result{work: w, clients: len(a.calls)}
	}
	for range rounds {
		for _, w := range chosen {
			r := results[w.name]
			if err := r.add(ctx, servers[w.name], cfg.For/rounds); err != nil {
				return nil, fmt.Errorf("load: %s: %w", w.name, err)
			}
			results[w.name] = r
		}
	}
	return results, nil
}

// add makes every client call for some time.
func (r *result) add(ctx context.Context, a *answering, d time.Duration) error {
	used, err := a.by.processor()
	if err != nil {
		return err
	}
	began := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var clients sync.WaitGroup
	for _, c := range a.calls {
		clients.Go(func() {
			answers, took, err := repeat(ctx, c, began.Add(d))
			if err != nil {
				cancel(err)
			}
			mu.Lock()
			defer mu.Unlock()
			r.answers += answers
			r.took = append(r.took, took...)
		})
	}
	clients.Wait()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	r.wall += time.Since(began)
	after, err := a.by.processor()
	r.processor += after - used
	slices.Sort(r.took)
	return err
}

// repeat calls until a time.
func repeat(ctx context.Context, c call, until time.Time) (answers int, took []time.Duration, err error) {
	for began := time.Now(); began.Before(until); {
		n, aside, err := c(ctx)
		if err != nil {
			return 0, nil, err
		}
		now := time.Now()
		answers, took, began = answers+n, append(took, now.Sub(began)-aside), now
	}
	return answers, took, nil
}

// table writes what was found. rates are bare signatures a processor's second.
func table(out io.Writer, cfg Config, chosen []work, results map[string]result, rates map[string]float64) error {
	fmt.Fprintf(out, "up to %d clients, %s each; bare signatures: %s %.0f /core, %s %.0f /core\n\n",
		cfg.Clients, cfg.For, rsa2048, rates[rsa2048], p256, rates[p256])
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "work\tclients\tanswers/s\t/core\tp50 ms\tp95 ms\tp99 ms\tratio per core\t")
	for _, c := range chosen {
		r := results[c.name]
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%.0f\t%.2f\t%.2f\t%.2f\t%s\t\n", r.name, r.clients, float64(r.answers)/r.wall.Seconds(), r.perCore(),
			ms(r.share(0.5)), ms(r.share(0.95)), ms(r.share(0.99)), strings.Join(ratios(r, results, rates), ", "))
	}
	return w.Flush()
}

// ratios compares the answers of a core with what bounds them.
func ratios(r result, results map[string]result, rates map[string]float64) []string {
	var all []string
	if r.signatures > 0 {
		share := r.perCore() / rates[r.algorithm] * float64(r.signatures)
		all = append(all, fmt.Sprintf("%.2f of %d %s", share, r.signatures, r.algorithm))
	}
	for _, name := range r.against {
		if bound, ok := results[name]; ok {
			all = append(all, fmt.Sprintf("%.2f of %s", r.perCore()/bound.perCore(), name))
			if r.prompt {
				all = append(all, fmt.Sprintf("its p95 times %.2f", ms(r.share(0.95))/ms(bound.share(0.95))))
			}
		}
	}
	return all
}

// legend explains the works.
func legend(out io.Writer, chosen []work, openssl string) error {
	lines := []string{"", "/core: answers for each second of the server's processor time"}
	for _, w := range chosen {
		lines = append(lines, w.name+": "+w.what)
	}
	if openssl == "" {
		openssl = "openssl: not installed, so not measured"
	}
	_, err := fmt.Fprintln(out, strings.Join(append(lines, openssl), "\n"))
	return err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
