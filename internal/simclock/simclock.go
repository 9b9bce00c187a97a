// Package simclock is the one clock of the world: the wall clock plus an
// offset that a demonstration or a test moves. It is the only package, beside
// a default in rp, that reads the wall clock.
package simclock

import (
	"slices"
	"sync"
	"time"
)

// Clock runs at the speed of the wall clock, shifted by an offset, or stands still at
// a time. The zero value shows the wall clock's time and is ready to use. All methods
// may be called from any goroutine.
type Clock struct {
	moving sync.Mutex // held for a whole move
	keep   []func(State) error

	mu    sync.RWMutex
	state State
	moved []func(time.Time)
}

// State is what a clock shows: the wall clock plus an offset, or Frozen, where it is set.
type State struct {
	Offset time.Duration
	Frozen time.Time
}

// now returns the time that a clock in this state shows.
func (s State) now() time.Time {
	if !s.Frozen.IsZero() {
		return s.Frozen
	}
	return time.Now().Add(s.Offset).Round(0).UTC()
}

// offset returns the distance from the wall clock.
func (s State) offset() time.Duration {
	if !s.Frozen.IsZero() {
		return time.Until(s.Frozen)
	}
	return s.Offset
}

// at returns the state moved to an offset from the wall clock.
func (s State) at(offset time.Duration) State {
	offset = min(max(offset, -Furthest), Furthest)
	if !s.Frozen.IsZero() {
		return State{Frozen: time.Now().Add(offset).Round(0).UTC()}
	}
	return State{Offset: offset}
}

// New returns a clock that shows the wall clock's time.
func New() *Clock { return &Clock{} }

// Now returns the simulated time, in UTC and without a monotonic reading.
func (c *Clock) Now() time.Time { return c.State().now() }

// Offset returns what is added to the wall clock. That of a clock that stands still
// shrinks.
func (c *Clock) Offset() time.Duration { return c.State().offset() }

// State returns what the clock shows.
func (c *Clock) State() State {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.state
}

// Furthest is how far the clock can be moved either way; a move beyond it stops
// there. It keeps times within what certificates can represent, and sums of
// durations from overflowing.
const Furthest = 100 * 366 * 24 * time.Hour

// SetOffset moves the clock to the wall clock plus d and calls the functions that
// OnMove registered. Here and below an error is one of Keep's, and then the clock is
// where it was.
func (c *Clock) SetOffset(d time.Duration) error {
	return c.move(func(s State) State { return s.at(d) })
}

// Set moves the clock so that it now shows t, and runs on from there if it runs.
func (c *Clock) Set(t time.Time) error {
	return c.move(func(s State) State {
		to := s.at(time.Until(t))
		if d := to.now().Sub(t).Abs(); !s.Frozen.IsZero() && d < time.Second {
			to.Frozen = t.Round(0).UTC() // to the nanosecond
		}
		return to
	})
}

// Advance moves the clock by d, backward if d is negative. Concurrent calls move it
// by the sum.
func (c *Clock) Advance(d time.Duration) error {
	return c.move(func(s State) State {
		offset := s.offset()
		by := min(max(d, -Furthest-offset), Furthest-offset)
		if !s.Frozen.IsZero() {
			return State{Frozen: s.Frozen.Add(by)}
		}
		return State{Offset: offset + by}
	})
}

// Reset moves the clock back to the wall clock's time, and lets it run.
func (c *Clock) Reset() error { return c.move(func(State) State { return State{} }) }

// Freeze stops the clock at the time that it shows.
func (c *Clock) Freeze() error {
	return c.move(func(s State) State { return State{Frozen: s.now()} })
}

// Run lets a clock that stands still run on.
func (c *Clock) Run() error {
	return c.move(func(s State) State { return State{Offset: s.offset()} })
}

// Restore puts the clock into a state.
func (c *Clock) Restore(to State) error { return c.move(func(State) State { return to }) }

// jump is the least difference of time that counts as a move: to stop the clock or to
// let it run on takes less.
const jump = time.Second

// move keeps the new state, shows it, and calls the registered functions.
func (c *Clock) move(to func(State) State) error {
	told, err := c.moveTo(to)
	if err != nil {
		return err
	}
	now := c.Now()
	for _, f := range told {
		f(now)
	}
	return nil
}

// moveTo returns the functions to call, none if the time has not changed.
func (c *Clock) moveTo(to func(State) State) ([]func(time.Time), error) {
	c.moving.Lock()
	defer c.moving.Unlock()
	before := c.State()
	after := to(before)
	if after == before {
		return nil, nil
	}
	jumps := true
	if before.Frozen.IsZero() != after.Frozen.IsZero() {
		jumps = (after.offset() - before.offset()).Abs() >= jump
	}
	for _, keep := range c.keep {
		if err := keep(after); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = after
	if !jumps {
		return nil, nil
	}
	return slices.Clone(c.moved), nil
}

// Keep registers f to save the state of each move before the clock shows it. If f
// fails, the clock is not moved.
func (c *Clock) Keep(f func(State) error) {
	c.moving.Lock()
	defer c.moving.Unlock()
	c.keep = append(c.keep, f)
}

// OnMove registers f to be called, with the new time, after each move. f runs
// in the goroutine that moved the clock, so that all of them have finished when the
// move returns.
func (c *Clock) OnMove(f func(now time.Time)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.moved = append(c.moved, f)
}

// Stopwatch returns the wall-clock time since the call, for logs and figures
// that must not jump when the simulated clock is moved.
func Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// Deadline returns the wall-clock time d from now, for the deadlines of network
// connections, which do not use simulated time.
func Deadline(d time.Duration) time.Time { return time.Now().Add(d) }
