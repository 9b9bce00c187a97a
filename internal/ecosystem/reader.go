package ecosystem

import (
	"context"
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

// layInReader presents the card to pcscd until the town is closed.
func (e *Ecosystem) layInReader(ctx, background context.Context) error {
	r := e.cfg.Reader
	if r.Address == "" {
		return nil
	}
	if e.cabinet == nil {
		return fmt.Errorf("ecosystem: a card in a reader needs the card house in this process")
	}
	card, err := e.cabinet.Connect(ctx, virtualcard.CardID(r.Card))
	if err != nil {
		return fmt.Errorf("ecosystem: lay %s in the reader: %w", r.Card, err)
	}
	e.done.Go(func() {
		defer card.Close()
		if err := vpcd.Show(background, r.Address, card); err != nil {
			e.failed <- fmt.Errorf("ecosystem: the reader: %w", err)
		}
	})
	return nil
}
