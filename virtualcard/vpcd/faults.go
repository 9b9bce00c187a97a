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
	before, err := r.between.trouble.Set(f)
	if err == nil && before.Mute != f.Mute {
		r.again(false)
	}
	return err
}

// again has the card that lies there shown anew, or no longer, as one that is laid down
// again. Woken: its chip answers again.
func (r *Reader) again(woken bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.inside
	if before == nil {
		return
	}
	next := *before
	next.dead = before.dead && !woken
	next.ctx, next.end = context.WithCancel(context.WithoutCancel(before.ctx))
	r.change(&next)
	before.end()
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
		if r.State().Card == id {
			r.again(!card.Dead)
		}
	}
	return nil
}

// Log is what was said to the cards in this reader.
func (r *Reader) Log() *apdulog.Log { return r.between.log }
