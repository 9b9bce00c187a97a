// Package fuse lets a dependency fail at one of its calls, in tests: a store, a card
// house or an authority is wrapped so that each of its methods goes through a Fuse, and
// Everywhere tries an act with each of the calls that it makes out of order.
package fuse

import (
	"errors"
	"iter"
	"sync"
	"testing"
)

// ErrBlown is what the call fails with.
var ErrBlown = errors.New("out of order")

// most is how many calls an act may make: one that makes more never ends.
const most = 500

// Fuse blows at one of the calls that go through it, once. Until it
// is armed each call passes. It may be used from any goroutine.
type Fuse struct {
	mu       sync.Mutex
	at, used int
	blown    bool
}

// Do makes a call unless the fuse blows.
func (f *Fuse) Do(call func() error) error {
	if f.blows() {
		return ErrBlown
	}
	return call()
}

// Call makes a call with a result unless the fuse blows.
func Call[T any](f *Fuse, call func() (T, error)) (T, error) {
	if f.blows() {
		var none T
		return none, ErrBlown
	}
	return call()
}

// Seq gives what a sequence gives unless the fuse blows at its beginning.
func Seq[T any](f *Fuse, seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if f.blows() {
			var none T
			yield(none, ErrBlown)
			return
		}
		seq(yield)
	}
}

func (f *Fuse) blows() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.used++
	if f.used != f.at {
		return false
	}
	f.blown = true
	return true
}

// Arm lets the fuse blow at the at-th call from now on, or never if at is 0.
func (f *Fuse) Arm(at int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.used, f.blown = at, 0, false
}

// Used is how many calls were made since the fuse was armed.
func (f *Fuse) Used() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.used
}

// disarm reports whether the fuse has blown.
func (f *Fuse) disarm() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at = 0
	return f.blown
}

// Everywhere does an act again and again: first with its first call out of order, then
// with its second, until no call is left and it succeeds. An act that met a failure must
// say so, as ErrBlown, and must leave everything so that it can be done again. prepare
// gets ready what one try uses up, and may return what it returned before.
func (f *Fuse) Everywhere(t testing.TB, what string, prepare func() (act func() error)) {
	t.Helper()
	for at := 1; at <= most; at++ {
		act := prepare()
		f.Arm(at)
		err := act()
		blown := f.disarm()
		switch {
		case blown && !errors.Is(err, ErrBlown):
			t.Errorf("%s, call %d out of order: %v", what, at, err)
		case !blown && err != nil:
			t.Errorf("%s, after %d failures: %v", what, at-1, err)
		case !blown && at == 1:
			t.Errorf("%s calls nothing that could fail", what)
		}
		if !blown {
			return
		}
	}
	t.Errorf("%s makes more than %d calls", what, most)
}
