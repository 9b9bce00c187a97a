package load

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// held is what a process holds.
type held struct {
	memory      int // resident, in KiB
	descriptors int // open files and connections
	threads     int
}

// holds reads from /proc what the process holds.
func (p process) holds() (h held, err error) {
	dir := fmt.Sprintf("/proc/%d", p.Process.Pid)
	said, err := os.ReadFile(dir + "/status")
	if err != nil {
		return h, fmt.Errorf("load: what a process holds can only be read on Linux: %w", err)
	}
	for line := range strings.Lines(string(said)) {
		name, value, _ := strings.Cut(line, ":")
		number, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "VmRSS":
			h.memory = number
		case "Threads":
			h.threads = number
		}
	}
	open, err := os.ReadDir(dir + "/fd")
	h.descriptors = len(open)
	return h, err
}

// soakParts is in how many parts of the time a soak says what the town holds.
const soakParts = 10

// Soak puts works of the town on it all at once, one client each, with its pages
// besides, and writes after each tenth of the time how much was answered in it and
// what the town holds: what grows for ever shows here. It returns an error for the
// first wrong answer.
func Soak(ctx context.Context, cfg Config, out io.Writer) error {
	if cfg.For <= 0 {
		return fmt.Errorf("load: a soak of %s: want some time", cfg.For)
	}
	t, err := startTown(ctx, cfg.Program)
	if err != nil {
		return err
	}
	defer t.close()
	all := t.answers([]call{t.pages()})
	for _, ask := range []func(context.Context, *field, int) (*answering, error){remembered, fresh, confirmations, signIns} {
		a, err := ask(ctx, &field{program: cfg.Program, town: t}, 1)
		if err != nil {
			return fmt.Errorf("load: soak: %w", err)
		}
		all.calls = append(all.calls, a.calls...)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "after\tanswers\tmemory MB\tdescriptors\tthreads\t")
	for part := range soakParts {
		var r result
		if err := r.add(ctx, all, cfg.For/soakParts); err != nil {
			return fmt.Errorf("load: soak: %w", err)
		}
		h, err := t.holds()
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%d\t%.1f\t%d\t%d\t\n", cfg.For*time.Duration(part+1)/soakParts, r.answers, float64(h.memory)/1024, h.descriptors, h.threads)
	}
	return w.Flush()
}

// pages opens the front pages of the houses, one after the other.
func (t *town) pages() call {
	houses, next := slices.Sorted(maps.Keys(t.URLs)), 0
	return func(ctx context.Context) (int, time.Duration, error) {
		url := t.URLs[houses[next%len(houses)]] + "/"
		next++
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return 0, 0, err
		}
		r.Header.Set("Accept", "text/html")
		_, err = send(t.client, r)
		return 1, 0, err
	}
}
