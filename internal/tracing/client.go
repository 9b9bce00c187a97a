package tracing

import (
	"net/http"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
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
	ctx, span := parent.TracerProvider().Tracer(scope).Start(request.Context(), request.Method+" "+request.URL.Host,
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attrMethod.String(request.Method), attrServer.String(request.URL.Host), attrPath.String(Path(request.URL.Path))))
	defer span.End()
	request = request.Clone(ctx)
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(request.Header))
	response, err := base.RoundTrip(request)
	if err != nil {
		span.SetAttributes(attrCut.Bool(true))
		return nil, err
	}
	span.SetAttributes(attrStatus.Int(response.StatusCode))
	return response, nil
}

// CloseIdleConnections passes on what http.Client asks for.
func (t Transport) CloseIdleConnections() {
	if c, ok := t.Base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
