package tracing

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	common "go.opentelemetry.io/proto/slim/otlp/common/v1"
	resource "go.opentelemetry.io/proto/slim/otlp/resource/v1"
	otlp "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"example.jp/jpkimock/internal/tracing/carry"
)

// TracesPath is where a collector takes spans (OTLP/HTTP).
const TracesPath = "/v1/traces"

// ContentType is that of spans on their way.
const ContentType = "application/x-protobuf"

// Bounds of what is sent at a time, and of what is taken.
const (
	MostSent  = 900 << 10 // octets
	mostSpans = 1000      // in one message that is taken
	mostBatch = 64
	mostQueue = 1024
	sendTime  = 5 * time.Second
)

// service is the resource's attribute that says whose spans they are.
const service = "service.name"

// Encode writes spans as OTLP's ExportTraceServiceRequest, whose only field is that of
// TracesData.
func Encode(spans []Span) ([]byte, error) {
	all := &otlp.TracesData{}
	byHouse := map[string]*otlp.ScopeSpans{}
	for _, s := range spans {
		in := byHouse[s.House]
		if in == nil {
			name := "jpkimock"
			if s.House != "" {
				name += " " + s.House
			}
			in = &otlp.ScopeSpans{Scope: &common.InstrumentationScope{Name: carry.Scope}}
			byHouse[s.House] = in
			all.ResourceSpans = append(all.ResourceSpans, &otlp.ResourceSpans{
				Resource: &resource.Resource{Attributes: []*common.KeyValue{text(service, name)}}, ScopeSpans: []*otlp.ScopeSpans{in},
			})
		}
		in.Spans = append(in.Spans, encode(s))
	}
	return proto.Marshal(all)
}

func text(key, value string) *common.KeyValue {
	return &common.KeyValue{Key: key, Value: &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: value}}}
}

func encode(s Span) *otlp.Span {
	octets := func(id string) []byte { b, _ := hex.DecodeString(id); return b }
	out := &otlp.Span{
		TraceId: octets(s.Trace), SpanId: octets(s.ID), ParentSpanId: octets(s.Parent), Kind: otlp.Span_SPAN_KIND_SERVER, Name: s.Method + " " + s.House + s.Server + s.Path,
		StartTimeUnixNano: uint64(s.Start.UnixNano()), EndTimeUnixNano: uint64(s.End.UnixNano()),
	}
	if s.Call {
		out.Kind = otlp.Span_SPAN_KIND_CLIENT
	}
	for _, a := range []struct{ key, value string }{
		{string(attrHouse), s.House}, {string(carry.Server), s.Server}, {string(carry.Method), s.Method}, {string(carry.URLPath), s.Path},
		{string(attrAsked), s.Asked}, {string(attrSaid), s.Answered}, {string(attrCode), s.Code},
	} {
		if a.value != "" {
			out.Attributes = append(out.Attributes, text(a.key, a.value))
		}
	}
	joins := &common.ArrayValue{}
	for _, j := range s.Joins {
		joins.Values = append(joins.Values, &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: j}})
	}
	out.Attributes = append(out.Attributes,
		&common.KeyValue{Key: string(carry.Status), Value: &common.AnyValue{Value: &common.AnyValue_IntValue{IntValue: int64(s.Status)}}},
		&common.KeyValue{Key: string(carry.Cut), Value: &common.AnyValue{Value: &common.AnyValue_BoolValue{BoolValue: s.Cut}}},
		&common.KeyValue{Key: string(attrJoins), Value: &common.AnyValue{Value: &common.AnyValue_ArrayValue{ArrayValue: joins}}})
	if s.Cut {
		out.Status = &otlp.Status{Code: otlp.Status_STATUS_CODE_ERROR, Message: "no answer"}
	}
	for _, e := range s.Events {
		event := &otlp.Span_Event{Name: e.Name, TimeUnixNano: uint64(e.At.UnixNano())}
		for key, value := range e.With {
			event.Attributes = append(event.Attributes, text(key, value))
		}
		out.Events = append(out.Events, event)
	}
	return out
}

// Decode reads what Encode wrote. A message of more than a thousand spans is refused.
func Decode(octets []byte) ([]Span, error) {
	var all otlp.TracesData
	if err := proto.Unmarshal(octets, &all); err != nil {
		return nil, fmt.Errorf("tracing: not OTLP: %w", err)
	}
	var spans []Span
	for _, r := range all.ResourceSpans {
		for _, in := range r.ScopeSpans {
			for _, s := range in.Spans {
				if len(spans) == mostSpans {
					return nil, errors.New("tracing: too many spans")
				}
				if len(s.TraceId) != 16 || len(s.SpanId) != 8 || len(s.Events) > mostEvents {
					return nil, errors.New("tracing: a span without identifiers, or with too many events")
				}
				spans = append(spans, decode(s))
			}
		}
	}
	return spans, nil
}

func decode(in *otlp.Span) Span {
	at := func(ns uint64) time.Time { return time.Unix(0, int64(ns)) }
	s := Span{
		Trace: hex.EncodeToString(in.TraceId), ID: hex.EncodeToString(in.SpanId), Parent: hex.EncodeToString(in.ParentSpanId),
		Call: in.Kind == otlp.Span_SPAN_KIND_CLIENT, Start: at(in.StartTimeUnixNano), End: at(in.EndTimeUnixNano),
	}
	texts := map[string]*string{
		string(attrHouse): &s.House, string(carry.Server): &s.Server, string(carry.Method): &s.Method, string(carry.URLPath): &s.Path,
		string(attrAsked): &s.Asked, string(attrSaid): &s.Answered, string(attrCode): &s.Code,
	}
	for _, a := range in.Attributes {
		if to := texts[a.Key]; to != nil {
			*to = a.Value.GetStringValue()
		}
		switch a.Key {
		case string(carry.Status):
			s.Status = int(a.Value.GetIntValue())
		case string(carry.Cut):
			s.Cut = a.Value.GetBoolValue()
		case string(attrJoins):
			for _, j := range a.Value.GetArrayValue().GetValues() {
				s.Joins = append(s.Joins, j.GetStringValue())
			}
		}
	}
	for _, e := range in.Events {
		happened := Happened{Name: e.Name, At: at(e.TimeUnixNano), With: map[string]string{}}
		for _, a := range e.Attributes {
			happened.With[a.Key] = a.Value.GetStringValue()
		}
		s.Events = append(s.Events, happened)
	}
	return s
}

// Exporter sends spans to a collector, in the background. What the collector does not
// take in time is lost: nobody waits for it.
type Exporter struct {
	url, key string
	client   *http.Client
	queue    chan Span
	stop     chan struct{}
	done     sync.WaitGroup
	once     sync.Once
}

// NewExporter sends to the collector at a URL, without TracesPath; with a bearer key unless
// it is empty.
func NewExporter(url, key string) *Exporter {
	x := &Exporter{url: url + TracesPath, key: key, client: &http.Client{Timeout: sendTime}, queue: make(chan Span, mostQueue), stop: make(chan struct{})}
	x.done.Go(x.run)
	return x
}

// Add takes a span, or drops it if too many wait.
func (x *Exporter) Add(s Span) {
	select {
	case x.queue <- s:
	default:
	}
}

// Close sends what waits, and ends.
func (x *Exporter) Close() error {
	x.once.Do(func() { close(x.stop) })
	x.done.Wait()
	return nil
}

func (x *Exporter) run() {
	for {
		select {
		case s := <-x.queue:
			x.send(x.batch(s))
		case <-x.stop:
			for len(x.queue) > 0 {
				x.send(x.batch(<-x.queue))
			}
			return
		}
	}
}

// batch takes what waits besides a span.
func (x *Exporter) batch(first Span) []Span {
	all := []Span{first}
	for len(all) < mostBatch && len(x.queue) > 0 {
		all = append(all, <-x.queue)
	}
	return all
}

// send sends spans, in halves if they are too large together. One that is too large alone
// goes without its texts.
func (x *Exporter) send(spans []Span) {
	octets, err := Encode(spans)
	if err != nil {
		return
	}
	if half := len(spans) / 2; len(octets) > MostSent && half > 0 {
		x.send(spans[:half])
		x.send(spans[half:])
		return
	}
	if len(octets) > MostSent {
		spans[0].Asked, spans[0].Answered, spans[0].Events = "", "", nil
		octets, _ = Encode(spans)
	}
	ctx, cancel := context.WithTimeout(context.Background(), sendTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, x.url, bytes.NewReader(octets))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", ContentType)
	if x.key != "" {
		r.Header.Set("Authorization", "Bearer "+x.key)
	}
	resp, err := x.client.Do(r)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, MostContent))
	_ = resp.Body.Close()
}
