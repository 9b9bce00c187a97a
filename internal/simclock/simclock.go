// Package simclock is the one clock of the world: the wall clock plus an
// offset that a demonstration or a test moves. It is the only package, beside
// a default in rp, that reads the wall clock.
package simclock

import (
	"slices"
	"sync"
	"time"
)

// Clock runs at the speed of the wall clock, shifted by an offset. The zero
// value shows the wall clock's time and is ready to use. All methods may be
// called from any goroutine.
type Clock struct {
	moving sync.Mutex // held for a whole move
	keep   []func(time.Duration) error

	mu     sync.RWMutex
	offset time.Duration
	moved  []func(time.Time)
}

// New returns a clock that shows the wall clock's time.
func New() *Clock { return &Clock{} }

// Now returns the simulated time, in UTC and without a monotonic reading.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return time.Now().Add(c.offset).Round(0).UTC()
}

// Offset returns what is added to the wall clock.
func (c *Clock) Offset() time.Duration {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.offset
}

// Furthest is how far the clock can be moved either way; a move beyond it stops
// there. It keeps times within what certificates can represent, and sums of
// durations from overflowing.
const Furthest = 100 * 366 * 24 * time.Hour

// SetOffset moves the clock to the wall clock plus d and calls the functions that
// OnMove registered. Here and below an error is one of Keep's, and then the clock is
// where it was.
func (c *Clock) SetOffset(d time.Duration) error {
	return c.move(func(time.Duration) time.Duration { return d })
}

// Set moves the clock so that it now shows t, and runs on from there.
func (c *Clock) Set(t time.Time) error { return c.SetOffset(time.Until(t)) }

// Advance moves the clock by d, backward if d is negative. Concurrent calls move it
// by the sum.
func (c *Clock) Advance(d time.Duration) error {
	return c.move(func(offset time.Duration) time.Duration {
		return offset + min(max(d, -Furthest-offset), Furthest-offset)
	})
}

// move keeps the new offset, shows it, and calls the registered functions.
func (c *Clock) move(to func(time.Duration) time.Duration) error {
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

// moveTo returns the functions to call, none if the clock has not moved.
func (c *Clock) moveTo(to func(time.Duration) time.Duration) ([]func(time.Time), error) {
	c.moving.Lock()
	defer c.moving.Unlock()
	before := c.Offset()
	offset := min(max(to(before), -Furthest), Furthest)
	if offset == before {
		return nil, nil
	}
	for _, keep := range c.keep {
		if err := keep(offset); err != nil {
			return nil, err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = offset
	return slices.Clone(c.moved), nil
}

// Reset moves the clock back to the wall clock's time.
func (c *Clock) Reset() error { return c.SetOffset(0) }

// Keep registers f to save the offset of each move before the clock shows it. If f
// fails, the clock is not moved.
func (c *Clock) Keep(f func(offset time.Duration) error) {
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
