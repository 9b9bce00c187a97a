// Package oneclock makes the clocks of a town's processes one: each house answers what it
// shows, and the process of the clock's house is followed by the others.
package oneclock

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"example.jp/jpkimock/internal/fault"
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
	// Failing is the report of what fails on purpose, of this process and of those that it
	// has heard.
	Failing fault.Report `json:"failing,omitempty"`
}

// Look is how processes learn from one another that somebody looks. The one that is looked
// at (Here) says so when it asks for the time; whoever hears it records (Heard).
type Look struct {
	Here  func() bool
	Heard func()
}

// Talk is what processes tell one another when one asks another for the time.
type Talk struct {
	Look
	// Failing reports what fails on purpose, and Fails takes the report of another process.
	Failing func() fault.Report
	Fails   func(fault.Report)
}

// lookHeader goes with the question for the time from a process that is looked at, and
// failHeader with that of any, as far as it has something to report.
const (
	lookHeader = "Jpkimock-Watched"
	failHeader = "Jpkimock-Failing"
)

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
func Answer(next http.Handler, state func() State, talk Talk) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != Path || r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		if r.Header.Get(lookHeader) != "" {
			talk.Heard()
		}
		if text := r.Header.Get(failHeader); text != "" {
			talk.Fails(reported(text))
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
func Follow(ctx context.Context, clock *simclock.Clock, base string, talk Talk) {
	tick := time.NewTicker(followTime)
	defer tick.Stop()
	for {
		header := http.Header{}
		if talk.Here() {
			header.Set(lookHeader, "true")
		}
		if report := talk.Failing(); len(report) > 0 {
			header.Set(failHeader, text(report))
		}
		if s, err := read(ctx, base, header); err == nil {
			if s.Watched {
				talk.Heard()
			}
			talk.Fails(s.Failing)
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

// text writes a report for a header, and reported reads it: nothing is reported by what is no
// report.
func text(r fault.Report) string {
	b, _ := json.Marshal(r) // it is names, numbers and texts
	return base64.RawURLEncoding.EncodeToString(b)
}

func reported(text string) (r fault.Report) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(b, &r) != nil {
		return nil
	}
	return r
}

// Read asks a house for its time.
func Read(ctx context.Context, base string) (State, error) { return read(ctx, base, nil) }

func read(ctx context.Context, base string, header http.Header) (s State, err error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	house := peer.Peer{URL: base, Header: header, HTTP: http.DefaultClient, MaxAnswer: 16 << 10}
	return s, house.Get(ctx, Path, &s)
}

// ErrStranger is a house that another town's CA certifies, or that answers by http where https is
// asked for. Waiting does not mend it.
var ErrStranger = errors.New("the houses of a town with --tls all take --tls and share tls-ca.key: give them one --data folder, or copy the file into each, or trust the CA of the others by JPKIMOCK_CA")

// WaitFor tries until it succeeds or ctx ends, for a house that is still starting. A house whose
// certificate is not trusted is ErrStranger at once.
func WaitFor(ctx context.Context, try func() error) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		err := try()
		if err == nil {
			return nil
		}
		if _, untrusted := errors.AsType[*tls.CertificateVerificationError](err); untrusted || errors.Is(err, http.ErrSchemeMismatch) {
			return errors.Join(err, ErrStranger)
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, context.Cause(ctx))
		case <-tick.C:
		}
	}
}
