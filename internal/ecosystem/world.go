package ecosystem

import (
	"context"

	"example.jp/jpkimock/seed"
)

// world reads the configured world. Its houses have the configured keys.
func (c Config) world() (w seed.World, err error) {
	if w, err = seed.Open(c.Seed, c.Init); err != nil {
		return w, err
	}
	for i, v := range w.Verifiers {
		if of, ok := c.verifier(v.ID); ok {
			w.Verifiers[i].Key = c.Keys[of.Key]
		}
	}
	return w, nil
}

// doors returns the addresses and keys with which the world is planted.
func (e *Ecosystem) doors() seed.Doors {
	public, peer := e.places.URLs()
	return seed.Doors{Peer: peer, Public: public, Keys: e.cfg.Keys}
}

// plant plants the world if this process opened every house and the town is empty.
// The seed command plants houses that run as separate processes.
func (e *Ecosystem) plant(ctx context.Context) error {
	if len(e.world.Personas) == 0 || len(e.cfg.Only) > 0 {
		return nil
	}
	planted, err := seed.Planted(ctx, e.doors())
	if err != nil || planted {
		return err
	}
	return seed.Plant(ctx, e.world, e.doors())
}
