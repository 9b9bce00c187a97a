// Package recording wires tracing into a town: what the houses of a process record, and
// where it goes.
package recording

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"example.jp/jpkimock/internal/ecosystem/oneclock"
	"example.jp/jpkimock/internal/stage/play"
	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/tracing/carry"
	"example.jp/jpkimock/rp"
)

// Key names the key that opens the lobby's collector to the town's other processes.
const Key = "TRACES"

// Recording is the recorder of a process with the touches that it has recorded.
type Recording struct {
	*tracing.Recorder
	Touches *touch.Store
	// Book is the stories, which read the touches.
	Book *play.Book
	// looked is whether somebody looks at the lobby of this process.
	looked tracing.Watch
	begun  atomic.Pointer[[]*tracing.Exporter]
	absent bool
}

// New returns a recording that nobody watches. now is the town's clock; houseAt names the
// house that servers reach at a host and port, or returns "". One that is absent stands
// before no house: a benchmark compares with it.
func New(absent bool, now func() time.Time, houseAt func(server string) string) *Recording {
	r := &Recording{Touches: touch.NewStore(now, houseAt), absent: absent}
	r.Book = play.New(play.Config{Touches: r.Touches, Watch: r.Watch, Hold: r.hold, Now: now})
	r.Recorder = tracing.New(tracing.Config{Read: touch.Read, Sink: r.take})
	return r
}

// Config says where spans go.
type Config struct {
	Here bool // the lobby is in this process
	// Lobby is the lobby's URL for servers, and Key opens its collector; empty for none.
	Lobby, Key string
	// Collector is the URL of an OTLP collector, which is sent everything, watched or not;
	// empty for none.
	Collector string
}

// Begin lets Watch record: not before the world is planted, which uses every card.
func (r *Recording) Begin(cfg Config) {
	to := []*tracing.Exporter{}
	if !cfg.Here && cfg.Lobby != "" {
		to = append(to, tracing.NewExporter(cfg.Lobby, cfg.Key))
	}
	if cfg.Collector != "" {
		to = append(to, tracing.NewExporter(cfg.Collector, ""))
		r.Always()
	}
	r.begun.Store(&to)
}

// Before returns a house whose requests are recorded while somebody watches.
func (r *Recording) Before(house string, next http.Handler) http.Handler {
	if r.absent {
		return next
	}
	return r.Recorder.Before(house, next)
}

// take takes a span that has ended in this process.
func (r *Recording) take(s tracing.Span) {
	r.Touches.Add(s)
	if to := r.begun.Load(); to != nil {
		for _, x := range *to {
			x.Add(s)
		}
	}
}

// Watch records for as long as somebody looks at the lobby of this process.
func (r *Recording) Watch() {
	if r.begun.Load() != nil {
		r.looked.Renew()
		r.Recorder.Watch()
	}
}

// storyLease is for how long a story that is begun and not whole is recorded after somebody
// last asked for it: a script need not ask again and again meanwhile.
const storyLease = 10 * time.Minute

// hold is Watch while a story is on its way.
func (r *Recording) hold() {
	if r.begun.Load() != nil {
		r.looked.Hold(storyLease)
		r.Recorder.Hold(storyLease)
	}
}

// Forget drops what was recorded, and ends the stories, since the town is another.
func (r *Recording) Forget() {
	r.Touches.Clear()
	r.Book.Forget()
}

// Look tells other processes, and hears from them, that somebody looks.
func (r *Recording) Look() oneclock.Look {
	return oneclock.Look{Here: r.looked.On, Heard: func() {
		if r.begun.Load() != nil {
			r.Recorder.Watch()
		}
	}}
}

// Close sends what waits, and ends.
func (r *Recording) Close() error {
	r.looked.Stop()
	err := r.Recorder.Close()
	if to := r.begun.Load(); to != nil {
		for _, x := range *to {
			err = errors.Join(err, x.Close())
		}
	}
	return err
}

// Client returns a client whose calls are recorded as part of the request for which they
// are made.
func Client() *http.Client { return &http.Client{Transport: carry.Transport{}} }

// Check tells the trace of a request what the kit checked (rp.Config.Trace). Events hold no
// personal data.
func Check(ctx context.Context, e rp.Event) {
	if !carry.Recording(ctx) {
		return
	}
	code := ""
	if e.Err != nil {
		code = rp.Code(e.Err)
	}
	carry.Event(ctx, "check", "verb", string(e.Verb), "check", string(e.Check), "expected", e.Expected.String(), "found", e.Found.String(), "code", code)
}
