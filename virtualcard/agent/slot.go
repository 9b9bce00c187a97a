package agent

import (
	"context"
	"sync"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
)

// laying is what lies on a reader. Count grows with each card that is laid on
// or taken away, so that one and the same card, taken away and laid on again, is
// another laying.
type laying struct {
	Card  virtualcard.CardID // empty for an empty reader
	Count int
}

// slot is one browser's reader.
type slot struct {
	mu      sync.Mutex
	on      laying
	changed chan struct{} // closed by the next change
}

func newSlot() *slot { return &slot{changed: make(chan struct{})} }

// put lays a card on the reader in place of what was there; none empties it. A
// card that lies there already stays.
func (s *slot) put(id virtualcard.CardID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.change(id)
}

// takeAway empties the reader if the laying with this count is still there.
func (s *slot) takeAway(count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.on.Count == count {
		s.change("")
	}
}

func (s *slot) change(id virtualcard.CardID) {
	if s.on.Card == id {
		return
	}
	s.on = laying{Card: id, Count: s.on.Count + 1}
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *slot) look() laying {
	on, _ := s.watch()
	return on
}

func (s *slot) watch() (laying, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.on, s.changed
}

// maxPatience is how long an answer about a reader waits for a change.
const maxPatience = 25 * time.Second

// maxWaiting bounds how many such answers wait at once; one more is given at
// once.
const maxWaiting = 512

// waits lets answers about readers wait.
type waits chan struct{}

// until gives what lies on a reader as soon as that is another laying than count,
// or after patience, or when the one who asks or the house goes.
func (w waits) until(ctx context.Context, s *slot, count int, patience time.Duration) laying {
	on, changed := s.watch()
	if on.Count != count || patience <= 0 {
		return on
	}
	select {
	case w <- struct{}{}:
		defer func() { <-w }()
	default:
		return on
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
	case <-door.Closing(ctx):
	}
	return s.look()
}
