package agent

import (
	"context"
	"sync"
	"time"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/vpcd"
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

// cardReader is one browser's card reader. What was laid last in a reader of the town lies
// here too, until its holder lays another card here, or takes it away.
type cardReader struct {
	town *vpcd.Readers

	mu       sync.Mutex
	on       placement
	followed vpcd.Followed
	changed  chan struct{} // closed by the next change
}

func newCardReader(town *vpcd.Readers) *cardReader {
	return &cardReader{town: town, changed: make(chan struct{})}
}

// follow does what the hand did, and returns a channel that is closed when it moves again.
func (r *cardReader) follow() <-chan struct{} {
	card, moved := r.followed.Follow(r.town, r.on.Card)
	r.change(card)
	return moved
}

// put places a card in place of what was there; an empty id empties the reader. A
// card that lies there already stays.
func (r *cardReader) put(id virtualcard.CardID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.follow()
	r.change(id)
	r.followed.Kept()
}

// confirm lets commands be sent to the card that lies there.
func (r *cardReader) confirm() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.follow()
	r.on.Confirmed = true
}

// takeAway empties the reader if this placement is still there, and returns what was taken.
func (r *cardReader) takeAway(count int) (taken virtualcard.CardID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.follow()
	if r.on.Count == count {
		taken = r.on.Card
		r.change("")
	}
	return taken
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
	on, _, _ := r.watch()
	return on
}

// watch returns what lies there, and channels that are closed by the next change and move.
func (r *cardReader) watch() (on placement, changed, moved <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	moved = r.follow()
	return r.on, r.changed, moved
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
	on, changed, moved := r.watch()
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
	case <-moved: // maybe with another card: whoever waits asks again
	case <-timer.C:
	case <-ctx.Done():
	case <-door.Closing(ctx):
	}
	return r.look()
}
