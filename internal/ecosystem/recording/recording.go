// Package recording wires tracing into a town: what the houses of a process record, and
// where it goes.
package recording

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/rp"
)

// Recording is the recorder of a process with the touches that it has recorded.
type Recording struct {
	*tracing.Recorder
	Touches *touch.Store
	begun   *atomic.Bool
}

// New returns a recording that nobody watches. now is the town's clock; houseAt names the
// house that servers reach at a host and port, or returns "".
func New(now func() time.Time, houseAt func(server string) string) Recording {
	store := touch.NewStore(now, houseAt)
	return Recording{tracing.New(tracing.Config{Read: touch.Read, Sink: store.Add}), store, &atomic.Bool{}}
}

// Begin lets Watch record: not before the world is planted, which uses every card.
func (r Recording) Begin() { r.begun.Store(true) }

// Watch records for as long as somebody looks.
func (r Recording) Watch() {
	if r.begun.Load() {
		r.Recorder.Watch()
	}
}

// Client returns a client whose calls are recorded as part of the request for which they
// are made.
func Client() *http.Client { return &http.Client{Transport: tracing.Transport{}} }

// Check tells the trace of a request what the kit checked (rp.Config.Trace). Events hold no
// personal data.
func Check(ctx context.Context, e rp.Event) {
	if !tracing.Recording(ctx) {
		return
	}
	code := ""
	if e.Err != nil {
		code = rp.Code(e.Err)
	}
	tracing.Event(ctx, "check", "verb", string(e.Verb), "check", string(e.Check), "expected", e.Expected.String(), "found", e.Found.String(), "code", code)
}
