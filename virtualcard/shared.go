package virtualcard

import (
	"context"
	"errors"
	"sync"
	"time"
)

// ErrTaken is returned by a shared card that somebody else has used since.
var ErrTaken = errors.New("virtualcard: the card was taken to another reader")

// Shared is a card that lies in a reader for long, as in one of pcscd, where programs
// come and go. It is away from everybody else from a program's first command until the
// reader resets the card or takes its power. Somebody who waits for it meanwhile gets
// it as soon as no command has come for a while; what the program had selected and
// verified is gone then, as for one whose card was taken away: Taken is closed, and
// from then on Transmit returns ErrTaken. Its methods may be called from any goroutine.
type Shared struct {
	cabinet *Cabinet
	id      CardID
	seat    *seat
	idle    time.Duration
	atr     []byte
	taken   chan struct{}

	mu       sync.Mutex
	inUse    *Connection // nil while no program uses the card
	commands int
	closed   error // what Transmit returns from now on
}

// Share lays a card in a reader, after waiting, as long as ctx allows, until nobody else
// uses it. A program's use ends when somebody waits and no command has come for idle.
// It returns ErrNoCard or ErrDeadCard. Whoever shows the card notes what is said.
func (c *Cabinet) Share(ctx context.Context, id CardID, idle time.Duration) (*Shared, error) {
	first, err := c.connect(ctx, id)
	if err != nil {
		return nil, err
	}
	defer func() { _ = first.Close() }()
	return &Shared{cabinet: c, id: id, seat: first.seat, idle: idle, atr: first.ATR(), taken: make(chan struct{})}, nil
}

// Taken is closed when somebody else has got the card in the middle of a program's use.
func (s *Shared) Taken() <-chan struct{} { return s.taken }

// ATR returns the card's answer to reset, or nil if its chip is dead.
func (s *Shared) ATR() []byte {
	if s.seat.dead.Load() {
		return nil
	}
	return s.atr
}

// Transmit is Connection.Transmit. The first command of a program waits, as long as ctx
// allows, until nobody else uses the card.
func (s *Shared) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		return nil, s.closed
	}
	if s.inUse == nil {
		conn, err := s.cabinet.connect(ctx, s.id)
		if err != nil {
			return nil, err
		}
		s.inUse = conn
		s.listen(conn)
	}
	s.commands++
	return s.inUse.Transmit(ctx, command)
}

// listen gives way to whoever waits for the card.
func (s *Shared) listen(conn *Connection) {
	s.seat.whenWanted(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.giveWay(conn, s.commands)
	})
}

// giveWay ends a program's use of the card if no command has come since there were so
// many, and looks again later otherwise.
func (s *Shared) giveWay(conn *Connection, commands int) {
	time.AfterFunc(s.idle, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case s.inUse != conn:
		case !s.seat.awaited():
			s.listen(conn)
		case s.commands != commands:
			s.giveWay(conn, s.commands)
		default:
			s.release(ErrTaken)
			close(s.taken)
		}
	})
}

// release is called with mu held.
func (s *Shared) release(closed error) {
	if s.inUse != nil {
		_ = s.inUse.Close()
		s.inUse = nil
	}
	if s.closed == nil {
		s.closed = closed
	}
}

// Reset ends a program's use of the card: nothing is selected, no PIN is verified.
func (s *Shared) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release(nil)
}

// Close takes the card off the reader. A second Close does nothing.
func (s *Shared) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.release(ErrClosed)
	return nil
}
