// Package tracing records what the houses of a town say to one another, as spans of
// OpenTelemetry that W3C Trace Context carries from house to house.
//
//	recorder := tracing.New(tracing.Config{Read: read, Sink: store.Add})
//	server := recorder.Before("bank", house)                        // what is asked of a house
//	client := &http.Client{Transport: carry.Transport{}}            // what a house asks of others
//	carry.Event(ctx, "check", "code", "revoked")                    // what happens meanwhile
//
// Nothing is recorded unless somebody looks (Watch) or the spans are exported (Always):
// until then a request costs two atomic loads. There is no global
// provider: a span in the context of a request brings its own, so that whatever has the
// context can add to it, and two towns in one process never meet.
//
// docs/decisions/0025-one-touch-is-several-traces.md says why.
package tracing

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"example.jp/jpkimock/internal/tracing/carry"
)

// Lease is how long Watch keeps a recorder recording. A page that is open renews it
// well before.
const Lease = 15 * time.Second

// Bounds of one span.
const (
	// MostContent bounds what is read of a request and of an answer, in octets.
	MostContent = 64 << 10
	mostEvents  = 256
)

// Config says what becomes of spans.
type Config struct {
	// Read turns what was said into what is kept of it. It is called before a span ends:
	// what it leaves out is nowhere. Nil keeps nothing.
	Read func(Exchange) Content
	// Sink is given each span that has ended; nil for nobody. It must not wait.
	Sink func(Span)
}

// Watch is whether somebody looks, from when they say so (Renew) for a Lease, or longer
// (Hold). The zero Watch is of nobody.
type Watch struct{ looked, held lease }

// lease is on for a while.
type lease struct {
	on    atomic.Bool
	mu    sync.Mutex
	timer *time.Timer
}

// renew begins it anew.
func (l *lease) renew(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.on.Store(true)
	if l.timer == nil {
		l.timer = time.AfterFunc(d, func() { l.on.Store(false) })
		return
	}
	l.timer.Reset(d)
}

func (l *lease) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	l.on.Store(false)
}

// Renew says that somebody looks.
func (w *Watch) Renew() { w.looked.renew(Lease) }

// Hold says that somebody goes on looking for so long, whatever Renew says.
func (w *Watch) Hold(d time.Duration) { w.held.renew(d) }

// On reports whether somebody looks.
func (w *Watch) On() bool { return w.looked.on.Load() || w.held.on.Load() }

// Stop says that nobody looks.
func (w *Watch) Stop() {
	w.looked.stop()
	w.held.stop()
}

// Recorder records the requests of the houses of one process. Its methods may be called
// from any goroutine.
type Recorder struct {
	cfg      Config
	watch    Watch
	always   atomic.Bool
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// New returns a recorder that records nothing yet.
func New(cfg Config) *Recorder {
	limits := sdk.NewSpanLimits()
	limits.EventCountLimit, limits.AttributeValueLengthLimit = mostEvents, 4*MostContent
	r := &Recorder{cfg: cfg}
	r.provider = sdk.NewTracerProvider(sdk.WithSampler(sdk.AlwaysSample()), sdk.WithRawSpanLimits(limits), sdk.WithSpanProcessor(sink{cfg.Sink}))
	r.tracer = r.provider.Tracer(carry.Scope)
	return r
}

// Watch keeps the recorder recording for a Lease from now.
func (r *Recorder) Watch() { r.watch.Renew() }

// Hold is Watch for longer.
func (r *Recorder) Hold(d time.Duration) { r.watch.Hold(d) }

// Watched reports whether somebody watches.
func (r *Recorder) Watched() bool { return r.watch.On() }

// Always records from now on although nobody watches.
func (r *Recorder) Always() { r.always.Store(true) }

// On reports whether requests are recorded.
func (r *Recorder) On() bool { return r.watch.On() || r.always.Load() }

// Close ends the recording.
func (r *Recorder) Close() error {
	r.watch.Stop()
	r.always.Store(false)
	return r.provider.Shutdown(context.Background())
}

// sink gives spans that have ended to a function, in the goroutine that ended them.
type sink struct{ to func(Span) }

func (s sink) OnEnd(ended sdk.ReadOnlySpan) {
	if s.to != nil {
		s.to(spanOf(ended))
	}
}

func (sink) OnStart(context.Context, sdk.ReadWriteSpan) {}
func (sink) Shutdown(context.Context) error             { return nil }
func (sink) ForceFlush(context.Context) error           { return nil }
