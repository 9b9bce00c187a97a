package ecosystem

import (
	"cmp"
	"context"
	"sync"
	"time"
)

// sweep is what a house does by itself when time has passed.
type sweep struct {
	house, name string
	do          func(context.Context) error
}

// SweepState is how far the houses of a process are with what fell due when the clock
// was moved.
type SweepState struct {
	// Settled says that nothing is left to do.
	Settled bool `json:"settled"`
	// House and Sweep are what runs now, the Done+1st of Of.
	House string `json:"house,omitempty"`
	Sweep string `json:"sweep,omitempty"`
	Done  int    `json:"done,omitempty"`
	Of    int    `json:"of,omitempty"`
}

// sweeps are the sweeps of a process's houses. They run in rounds, one sweep at a
// time, in the order in which the houses were opened.
type sweeps struct {
	all []sweep

	mu        sync.Mutex
	due, done int // rounds asked for and finished
	state     SweepState
	wake      chan struct{} // to the goroutine that sweeps
	changed   chan struct{} // closed when a round ends
}

func newSweeps() *sweeps {
	return &sweeps{wake: make(chan struct{}, 1), changed: make(chan struct{})}
}

// ask asks for a round, and returns at once. What is asked for during a round comes
// together in the next.
func (s *sweeps) ask() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.due++
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// now returns how far the sweeps are.
func (s *sweeps) now() SweepState {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := s.state
	state.Settled = s.done >= s.due
	return state
}

// settled waits until every round that was asked for before is finished.
func (s *sweeps) settled(ctx context.Context) error {
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

// run sweeps whenever it is asked to, until ctx ends. failed is told of a sweep that
// failed.
func (s *sweeps) run(ctx context.Context, failed func(sweep, error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		s.mu.Lock()
		due := s.due
		s.mu.Unlock()
		for i, w := range s.all {
			if ctx.Err() != nil {
				return
			}
			s.show(SweepState{House: w.house, Sweep: w.name, Done: i, Of: len(s.all)})
			if err := w.do(ctx); err != nil && ctx.Err() == nil {
				failed(w, err)
			}
		}
		s.finish(due)
	}
}

func (s *sweeps) show(state SweepState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = state
}

func (s *sweeps) finish(due int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done, s.state = due, SweepState{}
	close(s.changed)
	s.changed = make(chan struct{})
}

// sweepTime is the default of Config.SweepEvery.
const sweepTime = time.Minute

// keepSweeping runs the houses' sweeps at intervals and whenever the clock is moved,
// behind whoever moves it.
func (e *Ecosystem) keepSweeping(ctx context.Context) {
	e.done.Go(func() {
		e.sweeps.run(ctx, func(w sweep, err error) {
			e.cfg.Log.Warn("sweep failed", "house", w.house, "sweep", w.name, "error", err)
		})
	})
	e.clock.OnMove(func(time.Time) { e.sweeps.ask() })
	every := cmp.Or(e.cfg.SweepEvery, sweepTime)
	if every < 0 {
		return
	}
	e.done.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				e.sweeps.ask()
			}
		}
	})
}

// Settled waits until the houses of this process have done what fell due by the moves
// of the clock so far.
func (e *Ecosystem) Settled(ctx context.Context) error { return e.sweeps.settled(ctx) }

// atSweep registers what a house does at intervals and whenever the clock is moved.
func (e *Ecosystem) atSweep(house, name string, do func(context.Context) error) {
	e.sweeps.all = append(e.sweeps.all, sweep{house, name, do})
}
