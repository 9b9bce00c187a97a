package bank_test

import (
	"context"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// counted are links that count the questions for a pair.
type counted struct {
	rp.Links
	pairs *int
}

func (c counted) Pair(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	*c.pairs++
	return c.Links.Pair(ctx, kind, serial)
}

// The kit has asked for the pair with the signature: an opening does not ask again.
// A child's card has no pair, so that the answer is not known beforehand.
func TestAnOpeningAsksForThePairOnce(t *testing.T) {
	w := newTown(t)
	pairs := 0
	w.links = counted{w.kit, &pairs}
	w.open()
	w.customer(hanako())
	if pairs != 0 {
		t.Errorf("%d questions besides the kit's", pairs)
	}
	alone := taro()
	alone.Paired = ""
	w.customer(alone)
	if pairs != 1 {
		t.Errorf("%d questions where the kit learned of no pair", pairs)
	}
}
