package virtualcard

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"example.jp/jpkimock/virtualcard/apdu"
)

// Faults are what goes wrong on purpose with a card, or in a reader. With the zero value
// nothing does. Commands are counted from the moment the faults are set.
type Faults struct {
	// Removed: in the middle of this command the card leaves the reader and is put back; 0
	// for never.
	Removed int `json:"removed,omitempty"`
	// WrongStatus: this command is answered 6F00 and not done.
	WrongStatus int `json:"wrongStatus,omitempty"`
	// Garbled: the answer to this command is cut to one byte, which a driver reports as a
	// failed communication.
	Garbled int `json:"garbled,omitempty"`
	// Slow: each answer comes after three seconds.
	Slow bool `json:"slow,omitempty"`
	// Mute: the chip does not answer, and a driver does not notice the card.
	Mute bool `json:"mute,omitempty"`
}

// ErrFaults: a command's number is negative.
var ErrFaults = errors.New("virtualcard: the number of a command is 1 or more, or 0 for none")

// ErrMute is the ErrDeadCard of a card whose chip is mute by a fault, for as long as that lasts.
var ErrMute = fmt.Errorf("%w, by a fault that was set", ErrDeadCard)

const slowness = 3 * time.Second

// Trouble makes faults between a card and whoever uses it. Its methods may be called from
// any goroutine. The zero value makes none.
type Trouble struct {
	// Rest waits before an answer that is slow, no longer than ctx; nil for three seconds.
	Rest func(ctx context.Context)

	mu       sync.Mutex
	faults   Faults
	commands int // since the faults were set
}

// Set makes these faults, and no others, from now on. It returns those before, or ErrFaults.
func (t *Trouble) Set(f Faults) (before Faults, err error) {
	if min(f.Removed, f.WrongStatus, f.Garbled) < 0 {
		return Faults{}, ErrFaults
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	before, t.faults, t.commands = t.faults, f, 0
	return before, nil
}

// Faults returns the faults in force.
func (t *Trouble) Faults() Faults {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.faults
}

// next counts a command, and returns the faults in force and its number.
func (t *Trouble) next() (Faults, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.commands++
	return t.faults, t.commands
}

// Transmit has a command sent unless a fault keeps it back: ErrTaken for a card that is
// removed, ErrMute for one that does not answer.
func (t *Trouble) Transmit(ctx context.Context, command []byte, send func(context.Context, []byte) ([]byte, error)) ([]byte, error) {
	faults, n := t.next()
	if faults.Slow {
		t.rest(ctx)
	}
	answer, err := []byte(nil), error(nil)
	switch {
	case faults.Mute:
		err = ErrMute
	case n == faults.Removed:
		err = ErrTaken
	case n == faults.WrongStatus:
		answer = apdu.Response{SW: apdu.UnknownError}.Bytes()
	default:
		answer, err = send(ctx, command)
	}
	if n == faults.Garbled && len(answer) > 0 {
		answer = answer[:1]
	}
	return answer, err
}

func (t *Trouble) rest(ctx context.Context) {
	if t.Rest != nil {
		t.Rest(ctx)
		return
	}
	timer := time.NewTimer(slowness)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// SetFaults makes these faults with a card, and no others, wherever it is used, until they
// are set anew or the process ends. It returns those before, ErrFaults or ErrNoCard.
func (c *Cabinet) SetFaults(ctx context.Context, id CardID, f Faults) (before Faults, err error) {
	s, err := c.seatOf(ctx, id)
	if err != nil {
		return Faults{}, err
	}
	return s.trouble.Set(f)
}

// Faults returns the faults of a card that are in force, or ErrNoCard.
func (c *Cabinet) Faults(ctx context.Context, id CardID) (Faults, error) {
	s, err := c.seatOf(ctx, id)
	if err != nil {
		return Faults{}, err
	}
	return s.trouble.Faults(), nil
}

// Silent reports that the chip of a card is known not to answer: it died since the
// cabinet was opened, or is mute by a fault.
func (c *Cabinet) Silent(id CardID) bool {
	c.mu.Lock()
	s := c.seats[id]
	c.mu.Unlock()
	return s != nil && (s.dead.Load() || s.trouble.Faults().Mute)
}
