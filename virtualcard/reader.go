package virtualcard

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/chip"
)

// Connection is a card in a reader, with power. It is a jpkiap.Transmitter and
// an io.Closer; while it is open nobody else can use the card. Its methods may be
// called from any goroutine; commands are answered one after the other.
type Connection struct {
	seat *seat
	log  *apdulog.Log // of the reader where the card lies; nil for none

	mu      sync.Mutex
	chip    processor
	closed  bool
	removed bool // in the middle of a command, by a fault
}

// processor is what answers on a card with power.
type processor interface {
	Execute(ctx context.Context, command []byte) (apdu.Response, error)
	Reset()
	ATR() []byte
}

// Connect puts a card in a reader and powers it up: no application selected, no
// PIN verified. It waits, as long as ctx allows, until no other reader has the card.
// It returns ErrNoCard or ErrDeadCard (ErrTampered, ErrMute). What is said is noted in the log of the reader
// where the card lies (Hear).
func (c *Cabinet) Connect(ctx context.Context, id CardID) (*Connection, error) {
	n, err := c.connect(ctx, id)
	if err == nil {
		if n.log = n.seat.log.Load(); n.log != nil {
			n.log.Event(apdulog.PowerOn)
		}
	}
	return n, err
}

// Hear has what windows and scripts say to a card noted in the log of the reader where it
// lies, until it lies in another one or stop is called. What the reader itself says, it
// notes itself.
func (c *Cabinet) Hear(ctx context.Context, id CardID, log *apdulog.Log) (stop func(), err error) {
	s, err := c.seatOf(ctx, id)
	if err != nil {
		return nil, err
	}
	s.log.Store(log)
	return func() { s.log.CompareAndSwap(log, nil) }, nil
}

// connect is Connect without a log.
func (c *Cabinet) connect(ctx context.Context, id CardID) (*Connection, error) {
	s, err := c.seatOf(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.take(ctx); err != nil {
		return nil, err
	}
	var card Card
	switch {
	case s.trouble.Faults().Mute:
		err = ErrMute
	case id == TransitCard:
		return &Connection{seat: s, chip: transitChip{}}, nil
	default:
		card, err = c.store.Card(ctx, id)
	}
	if err == nil && card.Dead {
		s.tampered.Store(card.Tampered)
		s.dead.Store(true)
		err = s.death()
	}
	if err != nil {
		s.leave()
		return nil, err
	}
	return &Connection{seat: s, chip: chip.PowerUp(card.content(), storedMemory{c.store, id, s}, &s.cache, c.rand)}, nil
}

// Transmit sends a command APDU to the card and returns its response APDU. Every
// command that reaches the card has a response; an error is ErrDeadCard, ErrClosed,
// ErrTaken for a card that a fault removed, the context's end before the command was
// sent, or a failure of the store, after which the command counts as unanswered.
func (n *Connection) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch {
	case n.closed:
		return nil, ErrClosed
	case n.removed:
		return nil, ErrTaken
	case n.seat.death() != nil:
		return nil, n.seat.death()
	case ctx.Err() != nil:
		return nil, fmt.Errorf("virtualcard: transmit: %w", ctx.Err())
	}
	answer, err := n.seat.trouble.Transmit(ctx, command, n.execute)
	n.removed = errors.Is(err, ErrTaken)
	if n.log != nil {
		n.log.Exchange(command, answer)
	}
	return answer, err
}

// execute is called with mu held.
func (n *Connection) execute(ctx context.Context, command []byte) ([]byte, error) {
	response, err := n.chip.Execute(ctx, command)
	if err != nil {
		return nil, err
	}
	return response.Bytes(), nil
}

// ATR returns the card's answer to reset, or nil if its chip is dead.
func (n *Connection) ATR() []byte {
	if n.seat.dead.Load() {
		return nil
	}
	return n.chip.ATR()
}

// Reset resets the card as a reader does between two users: the application
// and every verified PIN are forgotten.
func (n *Connection) Reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.log != nil {
		n.log.Event(apdulog.Reset)
	}
	n.chip.Reset()
}

// Close takes the card off the reader. A second Close does nothing.
func (n *Connection) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.closed {
		n.closed = true
		n.seat.leave()
	}
	return nil
}
