package ecosystem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"example.jp/jpkimock/seed"
)

// world reads the configured world. Its houses have the configured keys.
func (c Config) world() (w seed.World, err error) {
	switch c.Seed {
	case "none":
		return seed.World{}, nil
	case "default":
		w, err = seed.Default()
	default:
		w, err = readWorld(c.Seed)
	}
	for i, v := range w.Verifiers {
		for _, h := range c.Houses {
			if h.Verifier.ID == v.ID {
				w.Verifiers[i].Key = c.Keys[h.Verifier.Key]
			}
		}
	}
	return w, err
}

func readWorld(path string) (seed.World, error) {
	f, err := os.Open(path)
	if err != nil {
		return seed.World{}, fmt.Errorf("ecosystem: read the world: %w", err)
	}
	defer f.Close()
	return seed.Load(f)
}

// doors returns the addresses and keys with which the world is planted.
func (e *Ecosystem) doors() seed.Doors {
	d := seed.Doors{Peer: map[string]string{}, Public: map[string]string{}, Keys: e.cfg.Keys}
	for name, p := range e.places {
		d.Peer[name], d.Public[name] = p.peer, p.public
	}
	return d
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

// PersonaLine is a persona as in the ready file. The PINs are published: no real
// person has them.
type PersonaLine struct {
	ID                string     `json:"id"`
	Name              string     `json:"name"`
	State             seed.State `json:"state"`
	Card              string     `json:"card"`
	AuthenticationPIN string     `json:"authenticationPIN"`
	SignaturePIN      string     `json:"signaturePIN"`
}

// Ready is the content of the ready file, which is written when all houses answer.
type Ready struct {
	URLs     map[string]string `json:"urls"`
	Personas []PersonaLine     `json:"personas"`
}

// Ready returns the addresses and the people of the running town.
func (e *Ecosystem) Ready() Ready {
	r := Ready{URLs: map[string]string{}, Personas: []PersonaLine{}}
	for name, p := range e.places {
		r.URLs[name] = p.public
	}
	for _, p := range e.world.Personas {
		r.Personas = append(r.Personas, PersonaLine{p.ID, p.Name, p.State, p.CardID(), p.Card.AuthenticationPIN, p.Card.SignaturePIN})
	}
	return r
}

// WriteReady writes the ready file, whole or not at all.
func (e *Ecosystem) WriteReady(path string) error {
	b, err := json.MarshalIndent(e.Ready(), "", "  ")
	if err != nil {
		return err
	}
	return writeWhole(path, append(b, '\n'))
}

// writeWhole writes a file under another name and renames it, so that a reader
// never sees half of it.
func writeWhole(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
