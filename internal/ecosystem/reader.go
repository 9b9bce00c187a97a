package ecosystem

import (
	"context"
	"errors"
	"fmt"

	"example.jp/jpkimock/internal/ecosystem/slots"
	"example.jp/jpkimock/virtualcard"
)

// SetReaders reads the addresses of vpcd drivers, as slots.Parse does, and lays a card in
// the first of their readers.
func (c *Config) SetReaders(addresses, card string) (err error) {
	if c.Readers, err = slots.Parse(addresses); len(c.Readers) > 0 {
		c.Readers[0].Card = card
	}
	return err
}

// runReaders lays the cards into the readers and presents them to pcscd until the town
// is closed. It waits for pcscd where it is not there yet.
func (e *Ecosystem) runReaders(ctx, background context.Context) error {
	if e.readers == nil {
		if len(e.cfg.Readers) > 0 {
			return errors.New("ecosystem: a card in a reader needs the card house in this process")
		}
		return nil
	}
	for _, r := range slots.All(e.cfg.Readers) {
		if err := e.readers.Place(ctx, r.Name, virtualcard.CardID(r.Card)); err != nil {
			return fmt.Errorf("ecosystem: put %s in the reader %s: %w", r.Card, r.Name, err)
		}
	}
	readers := e.readers
	e.done.Go(func() { readers.Run(background) })
	return nil
}
