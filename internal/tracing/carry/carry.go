// Package carry takes a trace along: into the requests that a house makes of others
// (Transport), and to whatever has the context of a request (Event). It needs no recorder,
// since the span in the context brings its own, and no SDK: a program that is never
// recorded links only OpenTelemetry's API.
package carry

import (
	"context"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Scope names the instrumentation in exported spans.
const Scope = "example.jp/jpkimock"

// The attributes of a call, by OpenTelemetry's semantic conventions, and our own Cut.
const (
	Method  = attribute.Key("http.request.method")
	Status  = attribute.Key("http.response.status_code")
	URLPath = attribute.Key("url.path")
	Server  = attribute.Key("server.address") // host and port
	Cut     = attribute.Key("jpkimock.cut")   // there was no answer
)

// Transport makes calls for the request in whose context they are made: it sends the
// traceparent with them. It needs no recorder, since the span in the context brings it,
// and outside a recorded request it only passes on. The zero Transport is useful.
type Transport struct {
	Base http.RoundTripper // nil for http.DefaultTransport
}

// RoundTrip makes a call.
func (t Transport) RoundTrip(request *http.Request) (*http.Response, error) {
	base := t.Base
	if base == nil {
		base = http.DefaultTransport
	}
	parent := trace.SpanFromContext(request.Context())
	if !parent.IsRecording() {
		return base.RoundTrip(request)
	}
	ctx, span := parent.TracerProvider().Tracer(Scope).Start(request.Context(), request.Method+" "+request.URL.Host,
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(Method.String(request.Method), Server.String(request.URL.Host), URLPath.String(Path(request.URL.Path))))
	defer span.End()
	request = request.Clone(ctx)
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(request.Header))
	response, err := base.RoundTrip(request)
	if err != nil {
		span.SetAttributes(Cut.Bool(true))
		return nil, err
	}
	span.SetAttributes(Status.Int(response.StatusCode))
	return response, nil
}

// CloseIdleConnections passes on what http.Client asks for.
func (t Transport) CloseIdleConnections() {
	if c, ok := t.Base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
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

// Path writes a path without what only one person can know: a segment that is long is a
// one-time name.
func Path(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if len(s) >= longSegment {
			segments[i] = "…"
		}
	}
	return strings.Join(segments, "/")
}

// longSegment is shorter than every one-time name, and longer than names of routes.
const longSegment = 24
