// Package sweeps runs what houses do by themselves when time has passed, behind
// whoever moved the clock, and says how far they are.
package sweeps

import (
	"context"
	"slices"
	"sync"
)

// Sweep is what a house does by itself when time has passed.
type Sweep struct {
	House, Name string
	Do          func(context.Context) error
}

// State is how far the houses of a process are with what fell due when the clock
// was moved.
type State struct {
	// Settled says that nothing is left to do.
	Settled bool `json:"settled"`
	// House and Sweep are what runs now, the Done+1st of Of.
	House string `json:"house,omitempty"`
	Sweep string `json:"sweep,omitempty"`
	Done  int    `json:"done,omitempty"`
	Of    int    `json:"of,omitempty"`
	// Deeds are the latest that sweeps did, the oldest first.
	Deeds []Deed `json:"deeds,omitempty"`
	// Items are how far the sweep itself is, as in customers, where its house says so.
	Items Items `json:"items,omitzero"`
}

// Items are the Done of Of things of one sweep.
type Items struct {
	Done int `json:"done"`
	Of   int `json:"of"`
}

// Rounds are the sweeps of a process's houses. They run in rounds, one sweep at a
// time, in the order in which they were added. Its methods may be called from any
// goroutine; Add only before Run.
type Rounds struct {
	all []Sweep

	mu        sync.Mutex
	due, done int // rounds asked for and finished
	state     State
	deeds     []Deed
	told      int           // how many there were
	wake      chan struct{} // to the goroutine that sweeps
	running   chan struct{} // holds one while a round runs, or nobody may begin one
	changed   chan struct{} // closed when a round ends
}

// New returns rounds of nothing.
func New() *Rounds {
	return &Rounds{wake: make(chan struct{}, 1), running: make(chan struct{}, 1), changed: make(chan struct{})}
}

// Add adds a sweep.
func (s *Rounds) Add(w Sweep) { s.all = append(s.all, w) }

// Ask asks for a round, and returns at once. What is asked for during a round comes
// together in the next.
func (s *Rounds) Ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due++
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Now returns how far the sweeps are.
func (s *Rounds) Now() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.state
	state.Settled, state.Deeds = s.done >= s.due, slices.Clone(s.deeds)
	return state
}

// Settled waits until every round that was asked for before is finished.
func (s *Rounds) Settled(ctx context.Context) error {
	s.mu.Lock()
	due := s.due
	s.mu.Unlock()
	for {
		s.mu.Lock()
		done, changed := s.done, s.changed
		s.mu.Unlock()
		if done >= due {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-changed:
		}
	}
}

// Run sweeps whenever it is asked to, until ctx ends. failed is told of a sweep that
// failed.
func (s *Rounds) Run(ctx context.Context, failed func(Sweep, error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		goOn, err := s.Hold(ctx)
		if err != nil {
			return
		}
		s.round(ctx, failed)
		goOn()
	}
}

// round runs every sweep once.
func (s *Rounds) round(ctx context.Context, failed func(Sweep, error)) {
	s.mu.Lock()
	due := s.due
	s.mu.Unlock()
	for i, w := range s.all {
		if ctx.Err() != nil {
			return
		}
		s.show(State{House: w.House, Sweep: w.Name, Done: i, Of: len(s.all)})
		if err := w.Do(context.WithValue(ctx, sweepingKey{}, sweeping{s, w.House})); err != nil && ctx.Err() == nil {
			failed(w, err)
		}
	}
	s.finish(due)
}

// Hold waits until no round runs, and lets none begin until goOn is called.
func (s *Rounds) Hold(ctx context.Context) (goOn func(), err error) {
	select {
	case s.running <- struct{}{}:
		return func() { <-s.running }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (s *Rounds) show(state State) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = state
}

func (s *Rounds) finish(due int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.state = due, State{}
	close(s.changed)
	s.changed = make(chan struct{})
}

// Progress says how far the running sweep of a house is. At any other time it says
// nothing.
func (s *Rounds) Progress(house string, items Items) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.House == house {
		s.state.Items = items
	}
}
