package agent

import (
	"context"
	"sync"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
)

// placement is what lies on a reader. Count grows with each card that is placed
// or taken away, so that one card, taken away and placed again, is another
// placement.
type placement struct {
	Card  virtualcard.CardID // empty for an empty reader
	Count int
	// Confirmed: its holder allows that commands are sent to a card that may be real.
	Confirmed bool
}

// use is the placed card with what its holder has agreed to.
func (p placement) use(lastTry bool) cardUse {
	return cardUse{Card: p.Card, Confirmed: p.Confirmed, LastTry: lastTry}
}

// cardReader is one browser's card reader.
type cardReader struct {
	mu      sync.Mutex
	on      placement
	changed chan struct{} // closed by the next change
}

func newCardReader() *cardReader { return &cardReader{changed: make(chan struct{})} }

// put places a card in place of what was there; an empty id empties the reader. A
// card that lies there already stays.
func (r *cardReader) put(id virtualcard.CardID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.change(id)
}

// confirm lets commands be sent to the card that lies there.
func (r *cardReader) confirm() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on.Confirmed = true
}

// takeAway empties the reader if the placement with this count is still there.
func (r *cardReader) takeAway(count int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on.Count == count {
		r.change("")
	}
}

func (r *cardReader) change(id virtualcard.CardID) {
	if r.on.Card == id {
		return
	}
	r.on = placement{Card: id, Count: r.on.Count + 1}
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *cardReader) look() placement {
	on, _ := r.watch()
	return on
}

func (r *cardReader) watch() (placement, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.on, r.changed
}

// maxPatience is how long an answer about a reader waits for a change.
const maxPatience = 25 * time.Second

// maxWaiting bounds how many such answers wait at once; one more is given at
// once.
const maxWaiting = 512

// waits lets answers about readers wait.
type waits chan struct{}

// until returns what lies on a reader as soon as that is another placement than
// count, or after patience, or when the client or the house goes away.
func (w waits) until(ctx context.Context, r *cardReader, count int, patience time.Duration) placement {
	on, changed := r.watch()
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
	return r.look()
}
