package ecosystem

import (
	"context"
	"errors"
	"fmt"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/vpcd"
)

// Reader is a virtual PC/SC reader that holds a card from the start, so that
// OpenSC and others can open it. No window and no script can use that card.
type Reader struct {
	Address string // of the vpcd driver, "127.0.0.1:35963"; empty for no reader
	Card    string
}

// runReader presents a card to pcscd until the town is closed, and waits for pcscd
// where it is not there yet.
func (e *Ecosystem) runReader(ctx, background context.Context) error {
	if e.cfg.Reader.Address == "" {
		return nil
	}
	if e.reader == nil {
		return errors.New("ecosystem: a card in a reader needs the card house in this process")
	}
	if err := e.reader.Place(ctx, virtualcard.CardID(e.cfg.Reader.Card)); err != nil {
		return fmt.Errorf("ecosystem: put %s in the reader: %w", e.cfg.Reader.Card, err)
	}
	e.done.Go(func() { e.reader.Run(background) })
	return nil
}

// newReader returns the virtual reader, empty, or nil if none is wanted.
func (e *Ecosystem) newReader(cabinet *virtualcard.Cabinet) *vpcd.Reader {
	if e.cfg.Reader.Address == "" {
		return nil
	}
	return vpcd.NewReader(vpcd.Config{Address: e.cfg.Reader.Address, Cabinet: cabinet, Log: e.cfg.Log})
}
