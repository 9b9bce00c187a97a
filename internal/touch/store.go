// Package touch turns what tracing records into touches: one use of a card from the page
// that asks for it to the service that is given, with what crossed on the way and what did
// not (渡ったもの・渡らなかったもの).
//
// A touch is several traces, since browsers carry no trace context from page to page:
// what joins them is in joins.go. What the picture says of each call is one table, in
// calls.go; what is kept of its content, in read.go: PINs, keys and personal data are
// masked before a span ends, so that no process keeps or sends them.
package touch

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/internal/tracing"
)

// Bounds of a Store. What is older is dropped.
const (
	MostTouches = 50
	mostGroups  = 400 // traces that may still become a touch
	mostSpans   = 200 // of one touch
)

// Store keeps the latest touches of a town in memory. Its methods may be called from any
// goroutine.
type Store struct {
	now    func() time.Time
	houses func(server string) string

	mu      sync.Mutex
	groups  []*group // oldest first; a touch counts from when its card was used
	byTrace map[string]*group
	byJoin  map[string]*group
	version int
	taken   Mark          // how many spans
	changed chan struct{} // closed by the next change
}

// group is traces that belong together.
type group struct {
	id     string
	at     time.Time // by the town's clock
	spans  []tracing.Span
	traces []string
	joins  []string
	used   bool // a card was used
	usedAt Mark
	last   Mark // of its latest span
}

// Mark is a place in the order in which a store takes what happens.
type Mark int

// NewStore returns an empty store. now is the town's clock; houses names the house at a
// server's host and port, or returns "".
func NewStore(now func() time.Time, houses func(server string) string) *Store {
	return &Store{now: now, houses: houses, byTrace: map[string]*group{}, byJoin: map[string]*group{}, changed: make(chan struct{})}
}

// Add takes a span that has ended.
func (s *Store) Add(span tracing.Span) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.byTrace[span.Trace]
	for _, j := range span.Joins {
		g = s.merge(g, s.byJoin[j])
	}
	if g == nil && stray(span) {
		return
	}
	if g == nil {
		g = &group{id: shortID(span.Trace), at: s.now()}
		s.groups = append(s.groups, g)
	}
	s.put(g, span)
	s.forget()
	if g.used {
		s.tell()
	}
}

// stray reports a request that can belong to nothing: it is the whole of its trace, tells
// no story and shares nothing with another.
func stray(span tracing.Span) bool {
	_, known := callOf(span.House, span.Method, span.Path)
	return !known && !span.Call && span.Parent == "" && len(span.Joins) == 0
}

// tell says that touches have changed.
func (s *Store) tell() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

func shortID(trace string) string { return trace[:min(16, len(trace))] }

// put adds a span to a group.
func (s *Store) put(g *group, span tracing.Span) {
	if s.byTrace[span.Trace] != g {
		s.byTrace[span.Trace] = g
		g.traces = append(g.traces, span.Trace)
	}
	for _, j := range span.Joins {
		if s.byJoin[j] != g {
			s.byJoin[j] = g
			g.joins = append(g.joins, j)
		}
	}
	s.taken++
	g.last = s.taken
	if len(g.spans) < mostSpans {
		g.spans = append(g.spans, span)
	}
	if c, ok := callOf(span.House, span.Method, span.Path); ok && c.Uses && !g.used {
		g.used, g.usedAt = true, s.taken
		s.groups = append(slices.DeleteFunc(s.groups, func(other *group) bool { return other == g }), g)
	}
}

// merge makes one group of two, either of which may be nil: the older one takes all.
func (s *Store) merge(a, b *group) *group {
	if a == nil || b == nil || a == b {
		return cmp.Or(a, b)
	}
	if slices.Index(s.groups, b) < slices.Index(s.groups, a) {
		a, b = b, a
	}
	gone := b
	if b.used && !a.used { // it counts from when b's card was used, and stands there
		s.groups[slices.Index(s.groups, b)], gone = a, a
	}
	at := slices.Index(s.groups, gone)
	s.groups = slices.Delete(s.groups, at, at+1)
	a.used, a.usedAt, a.last = a.used || b.used, max(a.usedAt, b.usedAt), max(a.last, b.last)
	a.spans = append(a.spans, b.spans[:min(len(b.spans), mostSpans-len(a.spans))]...)
	a.traces, a.joins = append(a.traces, b.traces...), append(a.joins, b.joins...)
	for _, t := range b.traces {
		s.byTrace[t] = a
	}
	for _, j := range b.joins {
		s.byJoin[j] = a
	}
	return a
}

// forget drops the oldest groups beyond the bounds.
func (s *Store) forget() {
	touches, others := 0, 0
	for _, g := range slices.Backward(s.groups) {
		kind, most := &others, mostGroups
		if g.used {
			kind, most = &touches, MostTouches
		}
		if *kind++; *kind > most {
			s.drop(g)
		}
	}
}

func (s *Store) drop(g *group) {
	s.groups = slices.DeleteFunc(s.groups, func(other *group) bool { return other == g })
	for _, t := range g.traces {
		delete(s.byTrace, t)
	}
	for _, j := range g.joins {
		delete(s.byJoin, j)
	}
}

// Clear drops everything: the town was put back to a time when it had not happened.
func (s *Store) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups, s.byTrace, s.byJoin = nil, map[string]*group{}, map[string]*group{}
	s.tell()
}

// List returns the touches, latest first.
func (s *Store) List() []Touch {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Touch
	for _, g := range slices.Backward(s.groups) {
		if g.used {
			list = append(list, s.read(g))
		}
	}
	return list
}

// Touch returns a touch by its ID.
func (s *Store) Touch(id string) (Touch, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.groups {
		if g.id == id && g.used {
			return s.read(g), true
		}
	}
	return Touch{}, false
}

// Mark returns where the store is now.
func (s *Store) Mark() Mark {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken
}

// Since returns what happened after a mark, oldest first: the touches whose card was used
// then, and the requests that belong to no touch, or to none yet.
func (s *Store) Since(m Mark) (all []Touch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.groups {
		if g.used && g.usedAt > m || !g.used && g.last > m {
			all = append(all, s.read(g))
		}
	}
	return all
}

// Changes returns how often touches have changed, and a channel that the next change
// closes.
func (s *Store) Changes() (version int, next <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.version, s.changed
}
