package virtualcard

import (
	"context"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/internal/secret"
)

// ErrTampered is the ErrDeadCard of a card whose chip destroyed its keys because somebody
// tried to read them.
var ErrTampered = fmt.Errorf("%w: it destroyed its keys when somebody tried to read them", ErrDeadCard)

// Kill breaks a card's chip permanently: it stops answering, also in the reader
// where it lies. Killing a dead card changes nothing.
func (c *Cabinet) Kill(ctx context.Context, id CardID) error {
	s, err := c.seatOf(ctx, id)
	if err != nil {
		return err
	}
	err = c.store.ChangeCard(ctx, id, func(card *Card) error {
		card.Dead = true
		return nil
	})
	if err != nil {
		return err
	}
	s.dead.Store(true)
	return nil
}

// Tamper is somebody who tries to take the private keys out of a card by force: the chip
// destroys them and is dead for good (耐タンパー性), also in the reader where it lies. A
// command that reads a key file does the same. The holder needs a new card.
func (c *Cabinet) Tamper(ctx context.Context, id CardID) error {
	s, err := c.seatOf(ctx, id)
	if err != nil {
		return err
	}
	return destroy(ctx, c.store, id, s)
}

// destroy destroys a card's keys, and returns once that is committed.
func destroy(ctx context.Context, store Store, id CardID, s *seat) error {
	err := store.ChangeCard(ctx, id, func(card *Card) error {
		card.Dead, card.Tampered = true, true
		for _, k := range jpki.Kinds() {
			slot := card.Slots[k]
			slot.Key, slot.PendingKey = secret.Value{}, secret.Value{}
			card.Slots[k] = slot
		}
		return nil
	})
	if err == nil {
		s.tampered.Store(true)
		s.dead.Store(true)
	}
	return err
}
