package tracing

import (
	"io"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"example.jp/jpkimock/internal/tracing/carry"
)

// Exchange is a request with its answer, as a house took and gave them. Of bodies it has
// the first MostContent octets.
type Exchange struct {
	House    string
	Request  *http.Request
	Asked    []byte // of the body, as far as the house read it
	Status   int    // 0 for no answer
	Header   http.Header
	Answered []byte
}

// Before returns a house whose requests are recorded while the recorder is on.
func (r *Recorder) Before(house string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if !r.On() || quiet(request) {
			next.ServeHTTP(w, request)
			return
		}
		r.record(house, next, w, request)
	})
}

// quiet reports requests that say nothing about anybody: management, assets, and the
// questions that a page repeats.
func quiet(r *http.Request) bool {
	switch p := r.URL.Path; p {
	case "/healthz", "/clock", "/faults", "/presence", "/reader/presence", "/favicon.ico", "/world.json", TracesPath:
		return true
	default:
		return strings.HasPrefix(p, "/assets/") || strings.HasPrefix(p, "/ui/") || strings.HasPrefix(p, "/picture")
	}
}

func (r *Recorder) record(house string, next http.Handler, w http.ResponseWriter, request *http.Request) {
	ctx := propagation.TraceContext{}.Extract(request.Context(), propagation.HeaderCarrier(request.Header))
	ctx, span := r.tracer.Start(ctx, request.Method+" "+house, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attrHouse.String(house), carry.Method.String(request.Method), carry.URLPath.String(carry.Path(request.URL.Path))))
	asked, said := &kept{}, &answer{ResponseWriter: w}
	request = request.WithContext(ctx)
	if request.Body != nil {
		request.Body = tee{request.Body, asked}
	}
	whole := false
	defer func() {
		x := Exchange{House: house, Request: request, Asked: asked.octets, Status: said.status, Header: w.Header(), Answered: said.octets}
		if !whole { // the handler panicked: net/http ends the connection
			x.Status, x.Answered = 0, nil
		}
		span.SetAttributes(carry.Status.Int(x.Status), carry.Cut.Bool(x.Status == 0))
		if r.cfg.Read != nil {
			span.SetAttributes(r.cfg.Read(x).attributes()...)
		}
		span.End()
	}()
	next.ServeHTTP(said, request)
	if said.status == 0 {
		said.status = http.StatusOK
	}
	whole = true
}

// kept keeps the first octets that are written to it.
type kept struct{ octets []byte }

func (k *kept) Write(p []byte) (int, error) {
	k.octets = append(k.octets, p[:min(len(p), MostContent-len(k.octets))]...)
	return len(p), nil
}

// tee keeps of a body what the house reads of it.
type tee struct {
	io.ReadCloser
	kept *kept
}

func (t tee) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	_, _ = t.kept.Write(p[:n])
	return n, err
}

// answer keeps of an answer what the house writes.
type answer struct {
	http.ResponseWriter
	kept
	status int
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	_, _ = a.kept.Write(p)
	return a.ResponseWriter.Write(p)
}

// Unwrap leads http.ResponseController to the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Flush sends what was written.
func (a *answer) Flush() { _ = http.NewResponseController(a.ResponseWriter).Flush() }
