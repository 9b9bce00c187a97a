// Package tracing records what the houses of a town say to one another, as spans of
// OpenTelemetry that W3C Trace Context carries from house to house.
//
//	recorder := tracing.New(tracing.Config{Read: read, Sink: store.Add})
//	server := recorder.Before("bank", house)                        // what is asked of a house
//	client := &http.Client{Transport: tracing.Transport{}}          // what a house asks of others
//	tracing.Event(ctx, "check", "code", "revoked")         // what happens meanwhile
//
// Nothing is recorded unless somebody looks (Watch) or the spans are exported
// (Config.Always): until then a request costs one atomic load. There is no global
// provider: a span in the context of a request brings its own, so that whatever has the
// context can add to it, and two towns in one process never meet.
//
// docs/decisions/0025-one-touch-is-several-traces.md says why.
package tracing

import (
	"context"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
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

// scope names the instrumentation in exported spans.
const scope = "example.jp/jpkimock"

// Config says what becomes of spans.
type Config struct {
	// Read turns what was said into what is kept of it. It is called before a span ends:
	// what it leaves out is nowhere. Nil keeps nothing.
	Read func(Exchange) Content
	// Sink is given each span that has ended; nil for nobody. It must not wait.
	Sink func(Span)
	// Always records although nobody watches.
	Always bool
}

// Recorder records the requests of the houses of one process. Its methods may be called
// from any goroutine.
type Recorder struct {
	cfg      Config
	on       atomic.Bool
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	lease    *time.Timer
}

// New returns a recorder that records nothing yet, unless Config.Always is set.
func New(cfg Config) *Recorder {
	limits := sdk.NewSpanLimits()
	limits.EventCountLimit, limits.AttributeValueLengthLimit = mostEvents, 4*MostContent
	r := &Recorder{cfg: cfg}
	r.provider = sdk.NewTracerProvider(sdk.WithSampler(sdk.AlwaysSample()), sdk.WithRawSpanLimits(limits), sdk.WithSpanProcessor(sink{cfg.Sink}))
	r.tracer = r.provider.Tracer(scope)
	r.on.Store(cfg.Always)
	r.lease = time.AfterFunc(Lease, func() { r.on.Store(cfg.Always) })
	return r
}

// Watch keeps the recorder recording for a Lease from now.
func (r *Recorder) Watch() {
	r.lease.Reset(Lease)
	r.on.Store(true)
}

// On reports whether requests are recorded.
func (r *Recorder) On() bool { return r.on.Load() }

// Close ends the recording.
func (r *Recorder) Close() error {
	r.lease.Stop()
	r.on.Store(false)
	return r.provider.Shutdown(context.Background())
}

// Event adds something that happened, with names and values in turn, to the span of a
// context, if there is one that is recorded.
func Event(ctx context.Context, name string, with ...string) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	var all []attribute.KeyValue
	for i := 0; i+1 < len(with); i += 2 {
		all = append(all, attribute.String(with[i], with[i+1]))
	}
	span.AddEvent(name, trace.WithAttributes(all...))
}

// Recording reports whether Event would add anything, for what costs something to say.
func Recording(ctx context.Context) bool { return trace.SpanFromContext(ctx).IsRecording() }

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
