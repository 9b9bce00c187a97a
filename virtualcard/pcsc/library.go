//go:build cgo || darwin || windows

package pcsc

import (
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/ElMostafaIdrassi/goscard"
)

// load loads the system's library once. Its log would show commands, and is off.
var load = sync.OnceValue(func() error {
	if err := goscard.Initialize(goscard.NewDefaultLogger(goscard.LogLevelNone)); err != nil {
		return fmt.Errorf("%w on this machine: %w", ErrNoLibrary, err)
	}
	return nil
})

// within does something with a context of the PC/SC service. A context does not survive
// the service's restart, so each use has its own.
func within[T any](do func(*goscard.Context) (T, error)) (T, error) {
	var none T
	if err := load(); err != nil {
		return none, err
	}
	c, value, err := goscard.NewContext(goscard.SCardScopeSystem, nil, nil)
	if err != nil {
		return none, errorOf("establish a context", value, err)
	}
	t, err := do(&c)
	if err != nil {
		_, _ = c.Release()
	}
	return t, err
}

func readers() ([]Reader, error) {
	all, err := within(func(c *goscard.Context) ([]Reader, error) {
		names, value, err := c.ListReaders(nil)
		if err := errorOf("list readers", value, err); err != nil {
			return nil, err
		}
		states := make([]goscard.SCardReaderState, len(names))
		for i, name := range names {
			states[i].Reader = name
		}
		value, err = c.GetStatusChange(goscard.NewTimeout(0), states)
		if err := errorOf("ask for the state of readers", value, err); err != nil {
			return nil, err
		}
		_, _ = c.Release()
		all := make([]Reader, 0, len(names))
		for i, s := range states {
			r := Reader{Name: names[i], Card: s.EventState&goscard.SCardStatePresent != 0, Mute: s.EventState&goscard.SCardStateMute != 0}
			r.ATR, _ = hex.DecodeString(s.Atr)
			all = append(all, r)
		}
		return all, nil
	})
	if errors.Is(err, ErrNoReader) {
		return nil, nil
	}
	return all, err
}

// held is a card with the context that it was connected in.
type held struct {
	context goscard.Context
	card    goscard.Card
}

func connect(reader string) (handle, error) {
	return within(func(c *goscard.Context) (handle, error) {
		card, value, err := c.Connect(reader, goscard.SCardShareExclusive, goscard.SCardProtocolAny)
		if err := errorOf("connect", value, err); err != nil {
			return nil, err
		}
		return &held{*c, card}, nil
	})
}

func (h *held) transmit(command []byte) ([]byte, error) {
	send := &goscard.SCardIoRequestT1
	if h.card.ActiveProtocol() == goscard.SCardProtocolT0 {
		send = &goscard.SCardIoRequestT0
	}
	response, value, err := h.card.Transmit(send, command, nil)
	return response, errorOf("transmit", value, err)
}

func (h *held) release() {
	_, _ = h.card.Disconnect(goscard.SCardResetCard)
	_, _ = h.context.Release()
}
