package tracing

import (
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"example.jp/jpkimock/internal/tracing/carry"
)

// The attributes of a span beside those of a call.
const (
	attrHouse = attribute.Key("jpkimock.house")
	attrAsked = attribute.Key("jpkimock.asked")
	attrSaid  = attribute.Key("jpkimock.answered")
	attrCode  = attribute.Key("jpkimock.code")
	attrJoins = attribute.Key("jpkimock.joins")
)

// Span is a request to a house (Call is false), or a call that a house makes of another
// one. A call and the request that it becomes are two spans, the second a child of the
// first: where it is missing, the call did not arrive.
type Span struct {
	Trace, ID, Parent string // in hexadecimal; Parent is empty for none
	Call              bool
	House             string // where a request came; empty for a call
	Server            string // where a call goes: host and port
	Method, Path      string
	Start, End        time.Time // of the machine's clock
	Status            int
	Cut               bool // the connection ended without an answer
	Content
	Events []Happened
}

// Happened is something that happened during a span.
type Happened struct {
	Name string            `json:"name"`
	At   time.Time         `json:"at"`
	With map[string]string `json:"with"`
}

// Content is what is kept of what was said.
type Content struct {
	// Asked and Answered are texts for people. What must not be kept is masked in them.
	Asked, Answered string
	// Code is an answer in a word: "revoked", or empty.
	Code string
	// Joins are digests of one-time values. Two requests that share one belong to the
	// same touch of a card, although a browser stood between them.
	Joins []string
}

// spanOf copies a span that has ended.
func spanOf(ended sdk.ReadOnlySpan) Span {
	s := Span{
		Trace: ended.SpanContext().TraceID().String(), ID: ended.SpanContext().SpanID().String(),
		Call: ended.SpanKind() == trace.SpanKindClient, Start: ended.StartTime(), End: ended.EndTime(),
	}
	if p := ended.Parent(); p.HasSpanID() {
		s.Parent = p.SpanID().String()
	}
	s.take(ended.Attributes())
	for _, e := range ended.Events() {
		happened := Happened{Name: e.Name, At: e.Time, With: map[string]string{}}
		for _, a := range e.Attributes {
			happened.With[string(a.Key)] = a.Value.Emit()
		}
		s.Events = append(s.Events, happened)
	}
	return s
}

// take reads the attributes.
func (s *Span) take(attributes []attribute.KeyValue) {
	for _, a := range attributes {
		switch a.Key {
		case carry.Method:
			s.Method = a.Value.AsString()
		case carry.Status:
			s.Status = int(a.Value.AsInt64())
		case carry.URLPath:
			s.Path = a.Value.AsString()
		case carry.Server:
			s.Server = a.Value.AsString()
		case attrHouse:
			s.House = a.Value.AsString()
		case carry.Cut:
			s.Cut = a.Value.AsBool()
		case attrAsked:
			s.Asked = a.Value.AsString()
		case attrSaid:
			s.Answered = a.Value.AsString()
		case attrCode:
			s.Code = a.Value.AsString()
		case attrJoins:
			s.Joins = a.Value.AsStringSlice()
		}
	}
}

// attributes are those of Content.
func (c Content) attributes() []attribute.KeyValue {
	var all []attribute.KeyValue
	for key, text := range map[attribute.Key]string{attrAsked: c.Asked, attrSaid: c.Answered, attrCode: c.Code} {
		if text != "" {
			all = append(all, key.String(text))
		}
	}
	if len(c.Joins) > 0 {
		all = append(all, attrJoins.StringSlice(c.Joins))
	}
	return all
}
