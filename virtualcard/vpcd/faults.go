package vpcd

import (
	"context"
	"errors"
	"sync"
	"time"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/apdulog"
)

// Faults are what goes wrong on purpose between PC/SC programs and the card in a reader.
// The zero value is a reader in which nothing does.
type Faults struct {
	// Removed: in the middle of this command, counted from now, the card leaves the
	// reader and is put back; 0 for never.
	Removed int `json:"removed,omitempty"`
	// WrongStatus: this command, counted from now, is answered 6F00 and not done.
	WrongStatus int `json:"wrongStatus,omitempty"`
	// Garbled: the answer to this command, counted from now, is cut to one byte, which
	// the driver reports as a failed communication.
	Garbled int `json:"garbled,omitempty"`
	// Slow: each answer comes after three seconds.
	Slow bool `json:"slow,omitempty"`
	// Mute: the chip does not answer, and the driver does not notice the card.
	Mute bool `json:"mute,omitempty"`
}

// ErrFaults: a command's number is negative.
var ErrFaults = errors.New("vpcd: the number of a command is 1 or more, or 0 for none")

const slowness = 3 * time.Second

// between stands between the driver and the card: it makes the faults, and keeps the log.
type between struct {
	log  *apdulog.Log
	rest func(ctx context.Context)

	mu       sync.Mutex
	faults   Faults
	commands int // since the faults were set
}

func (b *between) set(f Faults) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults, b.commands = f, 0
}

func (b *between) look() Faults {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.faults
}

// next counts a command, and returns the faults in force and its number.
func (b *between) next() (Faults, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.commands++
	return b.faults, b.commands
}

// cardBehind is a card behind it.
type cardBehind struct {
	Card
	b *between
}

// Transmit sends a command to the card unless a fault keeps it back.
func (c cardBehind) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	faults, n := c.b.next()
	if faults.Slow {
		c.b.rest(ctx)
	}
	answer, err := []byte(nil), error(nil)
	switch n {
	case faults.Removed:
		err = virtualcard.ErrTaken
	case faults.WrongStatus:
		answer = apdu.Response{SW: apdu.UnknownError}.Bytes()
	default:
		answer, err = c.Card.Transmit(ctx, command)
	}
	if n == faults.Garbled && len(answer) > 0 {
		answer = answer[:1]
	}
	c.b.log.Exchange(command, answer)
	return answer, err
}

// Reset resets the card.
func (c cardBehind) Reset() {
	c.b.log.Event("reset")
	c.Card.Reset()
}

// SetFaults makes these faults, and no others, from now on.
func (r *Reader) SetFaults(f Faults) error {
	if min(f.Removed, f.WrongStatus, f.Garbled) < 0 {
		return ErrFaults
	}
	muted := r.between.look().Mute
	r.between.set(f)
	if muted == f.Mute {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if before := r.inside; before != nil { // it is shown, or no longer, as one that is laid down anew
		next := *before
		next.ctx, next.end = context.WithCancel(context.WithoutCancel(before.ctx))
		r.change(&next)
		before.end()
	}
	return nil
}

// Faults returns the faults in force.
func (r *Reader) Faults() Faults { return r.between.look() }

// Log is what PC/SC programs and the cards in this reader said to each other.
func (r *Reader) Log() *apdulog.Log { return r.between.log }
