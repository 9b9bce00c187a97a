package vpcd

import (
	"context"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
)

// between stands between the driver and the card: it makes the reader's faults, and keeps
// the log.
type between struct {
	log     *apdulog.Log
	trouble virtualcard.Trouble
}

// cardBehind is a card behind it.
type cardBehind struct {
	Card
	b *between
}

// Transmit sends a command to the card unless a fault keeps it back.
func (c cardBehind) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	answer, err := c.b.trouble.Transmit(ctx, command, c.Card.Transmit)
	c.b.log.Exchange(command, answer)
	return answer, err
}

// Reset resets the card.
func (c cardBehind) Reset() {
	c.b.log.Event(apdulog.Reset)
	c.Card.Reset()
}

// SetFaults makes these faults, and no others, between PC/SC programs and the cards in the
// reader from now on.
func (r *Reader) SetFaults(f virtualcard.Faults) error {
	r.mu.Lock() // what Run looks at changes as one
	defer r.mu.Unlock()
	before, err := r.between.trouble.Set(f)
	if err == nil && before.Mute != f.Mute && r.inside != nil {
		r.again(r.inside.dead)
	}
	return err
}

// again has the card that lies there shown anew, or no longer, as one that is laid down
// again. It is called with mu held.
func (r *Reader) again(dead bool) {
	before := r.inside
	next := *before
	next.dead = dead
	next.ctx, next.end = context.WithCancel(context.WithoutCancel(before.ctx))
	r.change(&next)
	before.end()
}

// hushed ends that a card is shown whose chip fell silent. woken shows one again that was
// found silent. One that was not found so yet is not interrupted: it is about to be shown.
func (r *Reader) hushed(id virtualcard.CardID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside != nil && r.inside.id == id && !r.inside.dead {
		r.again(false)
	}
}

func (r *Reader) woken(id virtualcard.CardID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inside != nil && r.inside.id == id && r.inside.dead {
		r.again(false)
	}
}

// Faults returns the reader's faults in force.
func (r *Reader) Faults() virtualcard.Faults { return r.between.trouble.Faults() }

// SetCardFaults makes these faults with a card, and no others, wherever it is used. It
// returns virtualcard.ErrFaults or virtualcard.ErrNoCard.
func (rs *Readers) SetCardFaults(ctx context.Context, cabinet *virtualcard.Cabinet, id virtualcard.CardID, f virtualcard.Faults) error {
	before, err := cabinet.SetFaults(ctx, id, f)
	if err != nil || before.Mute == f.Mute {
		return err
	}
	card, err := cabinet.Card(ctx, id)
	if err != nil {
		return err
	}
	for _, r := range rs.all {
		switch {
		case f.Mute:
			r.hushed(id)
		case !card.Dead:
			r.woken(id)
		}
	}
	return nil
}

// Log is what was said to the cards in this reader.
func (r *Reader) Log() *apdulog.Log { return r.between.log }
