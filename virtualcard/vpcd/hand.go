package vpcd

import (
	"context"

	"example.jp/jpkimock/virtualcard"
)

// hand is what was done to the readers: which card was laid last, and the number of that
// move among all, by which cards are laid and taken away. They count from 1.
type hand struct {
	moves, turn int
	laid        virtualcard.CardID
	moved       chan struct{} // closed by the next move
}

// moves counts a move; no card was laid if it was taken away.
func (rs *Readers) moves(laid virtualcard.CardID) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.hand.moves++; laid != "" {
		rs.hand.laid, rs.hand.turn = laid, rs.hand.moves
	}
	close(rs.hand.moved)
	rs.hand.moved = make(chan struct{})
}

// Take takes a card from the reader in which it lies, if it does.
func (rs *Readers) Take(ctx context.Context, id virtualcard.CardID) error {
	if r := rs.with(id); r != nil {
		return rs.Place(ctx, r.Name(), "")
	}
	return nil
}

// with returns the reader in which a card lies; nil for none.
func (rs *Readers) with(id virtualcard.CardID) *Reader {
	for _, r := range rs.all {
		if id != "" && r.State().Card == id {
			return r
		}
	}
	return nil
}

// Followed is how far a reader outside, as a browser's, has followed what was done to the
// readers of the town.
type Followed struct {
	moves int
	laid  bool // what lies in the reader outside was laid by following
}

// Follow says what lies in the reader outside now, where on lay before, and returns a channel
// that is closed by the next move: what was laid last, until that is taken away.
func (f *Followed) Follow(rs *Readers, on virtualcard.CardID) (now virtualcard.CardID, moved <-chan struct{}) {
	rs.mu.Lock()
	done := rs.hand
	rs.mu.Unlock()
	if done.turn > f.moves {
		on, f.laid = done.laid, true
	}
	if done.moves != f.moves && f.laid && rs.with(on) == nil {
		on = ""
	}
	f.moves = done.moves
	return on, done.moved
}

// Kept says that what lies in the reader outside was laid there by its own holder.
func (f *Followed) Kept() { f.laid = false }
