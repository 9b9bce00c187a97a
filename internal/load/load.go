// Package load drives a running town as hard as a few clients can, and says
// what the town's processors did with it.
//
// A figure by itself tells of the machine. So every work is set against what
// bounds it, measured in the same run: an answer from memory against a static
// body from the same server, whatever is signed against its bare signatures.
// The town is a process of its own, and its processor time alone is counted.
package load

import (
	"context"
	"fmt"
	"io"
	"slices"
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
}

// call is one answer asked for and looked at. It gives how many answers that
// was.
type call func(context.Context) (int, error)

// work is something to ask a town for.
type work struct {
	name string
	// callers gives one call for each client, fewer than asked for if the
	// town has no more to offer.
	callers func(ctx context.Context, t *town, clients int) ([]call, error)
	// against names the work that bounds this one, or else signatures is how
	// many bare signatures each answer needs.
	against    string
	signatures int
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

// share gives the time that a part p of the calls did not exceed.
func (r result) share(p float64) time.Duration {
	return r.took[min(int(p*float64(len(r.took))), len(r.took)-1)]
}

// Run starts a town, asks it for every work, and writes a table. The first
// answer that is not what it should be ends it with an error.
func Run(ctx context.Context, cfg Config, out io.Writer) error {
	chosen, err := choose(cfg.Works)
	if err != nil {
		return err
	}
	if cfg.Clients < 1 || cfg.For <= 0 {
		return fmt.Errorf("load: %d clients for %s: want at least one, for some time", cfg.Clients, cfg.For)
	}
	t, err := startTown(ctx, cfg.Program)
	if err != nil {
		return err
	}
	defer t.close()
	if err := t.rest(ctx); err != nil {
		return err
	}
	bare, err := bareSignatures(ctx, cfg.For)
	if err != nil {
		return err
	}
	results := map[string]result{}
	for _, w := range chosen {
		r, err := measure(ctx, t, w, cfg)
		if err != nil {
			return fmt.Errorf("load: %s: %w", w.name, err)
		}
		results[w.name] = r
	}
	return table(out, cfg, chosen, results, bare)
}

// measure asks for one work with every client until the time is over.
func measure(ctx context.Context, t *town, w work, cfg Config) (result, error) {
	calls, err := w.callers(ctx, t, cfg.Clients)
	if err != nil {
		return result{}, err
	}
	for _, c := range calls { // connections are made and answers remembered before anything is counted
		if _, err := c(ctx); err != nil {
			return result{}, err
		}
	}
	r := result{work: w, clients: len(calls)}
	used, err := t.processor()
	if err != nil {
		return result{}, err
	}
	began := time.Now()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var clients sync.WaitGroup
	for _, c := range calls {
		clients.Go(func() {
			answers, took, err := repeat(ctx, c, began.Add(cfg.For))
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
		return result{}, err
	}
	r.wall = time.Since(began)
	after, err := t.processor()
	r.processor = after - used
	slices.Sort(r.took)
	return r, err
}

// repeat calls until a time.
func repeat(ctx context.Context, c call, until time.Time) (answers int, took []time.Duration, err error) {
	for began := time.Now(); began.Before(until); {
		n, err := c(ctx)
		if err != nil {
			return 0, nil, err
		}
		now := time.Now()
		answers, took, began = answers+n, append(took, now.Sub(began)), now
	}
	return answers, took, nil
}

// table writes what was found. bare is bare signatures a processor's second.
func table(out io.Writer, cfg Config, chosen []work, results map[string]result, bare float64) error {
	fmt.Fprintf(out, "up to %d clients, %s each; a bare RSA-2048 signature: %.0f /core\n\n", cfg.Clients, cfg.For, bare)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "work\tclients\tanswers/s\t/core\tp50 ms\tp99 ms\tof what bounds it\t")
	for _, c := range chosen {
		r := results[c.name]
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%.0f\t%.2f\t%.2f\t%s\t\n", r.name, r.clients, float64(r.answers)/r.wall.Seconds(), r.perCore(),
			ms(r.share(0.5)), ms(r.share(0.99)), ratio(r, results, bare))
	}
	return w.Flush()
}

func ratio(r result, results map[string]result, bare float64) string {
	switch share := r.perCore() / bare * float64(r.signatures); r.signatures {
	case 0:
	case 1:
		return fmt.Sprintf("%.2f of a bare signature", share)
	default:
		return fmt.Sprintf("%.2f of %d bare signatures", share, r.signatures)
	}
	if bound, ok := results[r.against]; ok {
		return fmt.Sprintf("%.2f of %s", r.perCore()/bound.perCore(), r.against)
	}
	return ""
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
