package agency

import (
	"context"
	"crypto/rsa"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/seed"
	"example.jp/jpkimock/virtualcard"
)

// Stock is the card factory's stock: a seeded card comes with its published test key, any
// other card generates its own.
type Stock struct{ Pool *virtualcard.KeyPool }

// Key returns a blank card's key for a kind.
func (s Stock) Key(ctx context.Context, id virtualcard.CardID, kind jpki.Kind) (*rsa.PrivateKey, error) {
	if key, err := seed.Key(string(id), kind); key != nil || err != nil {
		return key, err
	}
	return s.Pool.Key(ctx, id, kind)
}
