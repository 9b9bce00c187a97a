// Package oneclock makes the clocks of a town's processes one: each house answers what it
// shows, and the process of the clock's house is followed by the others.
package oneclock

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/sweeps"
)

// Path is where each house answers.
const Path = "/clock"

// State is what every house answers to GET /clock.
type State struct {
	Time
	// Town is the town that the house belongs to, the same at all its houses.
	Town string `json:"town"`
	// Age grows each time the town is put back; 0 where it never is.
	Age int `json:"age,omitempty"`
	// Sweeps is how far the houses of the process are since the clock was moved.
	Sweeps sweeps.State `json:"sweeps"`
	// Watched says that somebody looks at what the houses say to one another, so that
	// the other processes record it too.
	Watched bool `json:"watched"`
}

// Look is how processes learn from one another that somebody looks. The one that is looked
// at (Here) says so when it asks for the time; whoever hears it records (Heard).
type Look struct {
	Here  func() bool
	Heard func()
}

// lookHeader goes with the question for the time from a process that is looked at.
const lookHeader = "Jpkimock-Watched"

// Time is what a clock shows.
type Time struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offsetSeconds"`
	Frozen        bool      `json:"frozen"` // it stands still
}

// Of returns what a clock shows.
func Of(c *simclock.Clock) Time {
	return Time{c.Now(), c.Offset().Seconds(), !c.State().Frozen.IsZero()}
}

// Answer answers GET /clock in front of a house, so that a client that moved the clock can
// see when this house has followed, and what it still has to do.
func Answer(next http.Handler, state func() State, look Look) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != Path || r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		if r.Header.Get(lookHeader) != "" {
			look.Heard()
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(state())
	})
}

// followTime is how often a process asks for the time, and askTime how long it waits.
const (
	followTime = 500 * time.Millisecond
	askTime    = 2 * time.Second
)

// Follow keeps a clock in step with the one of the house at base, until ctx ends.
func Follow(ctx context.Context, clock *simclock.Clock, base string, look Look) {
	tick := time.NewTicker(followTime)
	defer tick.Stop()
	for {
		header := http.Header{}
		if look.Here() {
			header.Set(lookHeader, "true")
		}
		if s, err := read(ctx, base, header); err == nil {
			if s.Watched {
				look.Heard()
			}
			to := simclock.State{Offset: time.Duration(s.OffsetSeconds * float64(time.Second))}
			if s.Frozen {
				to = simclock.State{Frozen: s.Now}
			}
			_ = clock.Restore(to) // nothing is kept here
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Read asks a house for its time.
func Read(ctx context.Context, base string) (State, error) { return read(ctx, base, nil) }

func read(ctx context.Context, base string, header http.Header) (s State, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	house := peer.Peer{URL: base, Header: header, HTTP: http.DefaultClient, MaxAnswer: 4096}
	return s, house.Get(ctx, Path, &s)
}

// WaitFor tries until it succeeds or ctx ends, for a house that is still starting.
func WaitFor(ctx context.Context, try func() error) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-tick.C:
		}
	}
}
