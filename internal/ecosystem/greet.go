package ecosystem

import (
	"context"
	"errors"
	"fmt"
	"io"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/seed"
)

// Greet prints the URL of each house that is open here, and what to try first.
func (e *Ecosystem) Greet(out io.Writer) {
	fmt.Fprintln(out, "\njpkimock — 公的個人認証サービスの模擬環境 / a mock of Japan's public personal authentication")
	fmt.Fprintln(out)
	for _, h := range e.cfg.Houses {
		if e.places.Of(h.Name).Here() {
			fmt.Fprintf(out, "  %-28s %s (%s)\n", e.URL(h.Name), h.Title.JA, h.Title.EN)
		}
	}
	if e.clock.Offset() != 0 {
		fmt.Fprintf(out, "\n  いまは %[1]s です（動かした時計） / The clock was moved: it shows %[1]s\n", e.clock.Now().In(jpki.JST).Format("2006-01-02 15:04"))
	}
	if len(e.cfg.Only) > 0 || len(e.world.Personas) == 0 {
		fmt.Fprintln(out, "\nCtrl-C で終了 / Ctrl-C to stop")
		return
	}
	ready.WhatToTry(out, e.world.Personas[0], e.URL("bank"), e.URL("lobby"))
}

// SeedElsewhere plants the world into houses that other processes opened, if they
// are empty. Compose runs it once.
func SeedElsewhere(ctx context.Context, cfg Config) error {
	cfg = cfg.withDefaults()
	cfg.Only = []string{"nowhere"} // every house runs elsewhere
	world, err := cfg.world()
	if err != nil {
		return err
	}
	if len(world.Personas) == 0 {
		return errors.New("ecosystem: the world has no people")
	}
	places, err := cfg.listen()
	if err != nil {
		return err
	}
	e := &Ecosystem{cfg: cfg, places: places}
	planted, err := seed.Planted(ctx, e.doors())
	if err != nil || planted {
		return err
	}
	return seed.Plant(ctx, world, e.doors())
}
