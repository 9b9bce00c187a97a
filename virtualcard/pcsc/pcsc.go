// Package pcsc reaches cards in the PC/SC readers of this machine: real Individual
// Number Cards, other cards, and the virtual card where package vpcd shows it to pcscd.
// The system's PC/SC library (libpcsclite, PCSC.framework, winscard) is loaded at the
// first call; neither the build nor the start of the program needs it. A static program
// has none, and every call returns ErrNoLibrary.
//
// Nothing is sent to a card by this package alone: Readers asks the PC/SC service, which
// knows the answer to reset already.
package pcsc

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"example.jp/jpkimock/virtualcard/jpkiap"
)

// The errors of the PC/SC service that somebody can do something about.
var (
	// ErrNoLibrary: this program or this machine has no PC/SC library.
	ErrNoLibrary = errors.New("pcsc: no PC/SC library")
	// ErrNoService: the PC/SC service (pcscd) does not run.
	ErrNoService = errors.New("pcsc: the PC/SC service does not run; start pcscd")
	// ErrNoReader: there is no reader of this name.
	ErrNoReader = errors.New("pcsc: there is no reader of this name")
	// ErrNoCard: there is no card in the reader, or it was removed.
	ErrNoCard = errors.New("pcsc: there is no card in the reader")
	// ErrMute: a card is in the reader, and its chip does not answer.
	ErrMute = errors.New("pcsc: the card in the reader does not answer")
	// ErrBusy: another program holds the card exclusively.
	ErrBusy = errors.New("pcsc: another program holds the card")
)

// Reader is a PC/SC reader.
type Reader struct {
	Name string // "ACS ACR39U ICC Reader 00 00"
	Card bool   // a card is in it
	Mute bool   // whose chip does not answer
	ATR  []byte // the card's answer to reset
}

// Card is a card in a reader, with power, for this program alone until Close. It is a
// jpkiap.Transmitter and an io.Closer.
type Card struct {
	mu     sync.Mutex
	handle handle
	closed bool
}

var _ jpkiap.Transmitter = (*Card)(nil)

// handle is a card as the library knows it.
type handle interface {
	transmit(command []byte) ([]byte, error)
	// release resets the card and lets others have it.
	release()
}

// Readers lists the readers of this machine, in the order of the PC/SC service.
func Readers() ([]Reader, error) { return readers() }

// Connect powers up the card in a reader, for this program alone. It returns ErrNoReader,
// ErrNoCard, ErrMute, ErrBusy, ErrNoService or ErrNoLibrary.
func Connect(ctx context.Context, reader string) (*Card, error) {
	if ctx.Err() != nil {
		return nil, fmt.Errorf("pcsc: connect: %w", ctx.Err())
	}
	h, err := connect(reader)
	if err != nil {
		return nil, err
	}
	return &Card{handle: h}, nil
}

// Transmit sends a command APDU to the card and returns its response APDU. A command
// that is on its way cannot be called back.
func (c *Card) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return nil, errors.New("pcsc: the connection to the card is closed")
	case ctx.Err() != nil:
		return nil, fmt.Errorf("pcsc: transmit: %w", ctx.Err())
	}
	return c.handle.transmit(command)
}

// Close resets the card, so that it forgets verified PINs, and lets other programs have
// it. A second Close does nothing.
func (c *Card) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.closed {
		c.closed = true
		c.handle.release()
	}
	return nil
}

// known are the return values of PC/SC (pcsclite.h, winscard.h) that are errors of this
// package. Any other is in the error's text.
var known = map[uint64]error{
	0x80100009: ErrNoReader, // SCARD_E_UNKNOWN_READER
	0x80100017: ErrNoReader, // SCARD_E_READER_UNAVAILABLE
	0x8010002E: ErrNoReader, // SCARD_E_NO_READERS_AVAILABLE
	0x8010000C: ErrNoCard,   // SCARD_E_NO_SMARTCARD
	0x80100069: ErrNoCard,   // SCARD_W_REMOVED_CARD
	0x8010000B: ErrBusy,     // SCARD_E_SHARING_VIOLATION
	0x80100066: ErrMute,     // SCARD_W_UNRESPONSIVE_CARD
	0x80100067: ErrMute,     // SCARD_W_UNPOWERED_CARD
	0x8010001D: ErrNoService,
	0x8010001E: ErrNoService, // SCARD_E_SERVICE_STOPPED
}

// errorOf says what a return value of PC/SC means; what is what was done.
func errorOf(what string, value uint64, err error) error {
	if err == nil {
		return nil
	}
	if k := known[value]; k != nil {
		return k
	}
	return fmt.Errorf("pcsc: %s: %w", what, err)
}
