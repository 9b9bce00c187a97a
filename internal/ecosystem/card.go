package ecosystem

import (
	"context"
	"crypto/rsa"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/seed"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent"
	carddb "example.jp/jpkimock/virtualcard/db"
)

// keyPoolSize is how many keys are made ahead of the next blank cards.
const keyPoolSize = 8

// stock is the card factory's stock: the seeded cards come with their
// published test keys, every other card makes its own.
type stock struct{ pool *virtualcard.KeyPool }

// Key gives a blank card's key for a kind.
func (s stock) Key(ctx context.Context, id virtualcard.CardID, kind jpki.Kind) (*rsa.PrivateKey, error) {
	if key, err := seed.Key(string(id), kind); key != nil || err != nil {
		return key, err
	}
	return s.pool.Key(ctx, id, kind)
}

func openCard(ctx context.Context, e *Ecosystem) (http.Handler, error) {
	store, err := carddb.Open(e.database("card"))
	if err != nil {
		return nil, err
	}
	e.closers = append(e.closers, store)
	pool := virtualcard.NewKeyPool(keyPoolSize)
	e.closers = append(e.closers, pool)
	cabinet, err := virtualcard.Open(ctx, virtualcard.Config{Store: store, Keys: stock{pool}, Now: e.clock.Now})
	if err != nil {
		return nil, err
	}
	e.cabinet, e.pool = cabinet, pool
	return agent.New(agent.Config{
		Cabinet: cabinet, Now: e.clock.Now, WriterKey: e.cfg.WriterKey,
		PublicURL: e.URL("card"), Lobby: e.URL("lobby"), Hosts: e.hosts(), Log: e.cfg.Log,
	})
}
