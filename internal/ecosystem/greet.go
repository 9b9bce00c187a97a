package ecosystem

import (
	"context"
	"errors"
	"io"

	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/seed"
)

// Greet prints the URL of each house that is open here, and what to try first.
func (e *Ecosystem) Greet(out io.Writer) {
	g := ready.Greeting{Now: e.clock.Now(), Moved: e.clock.Offset() != 0, Lobby: e.URL("lobby"), Bank: e.URL("bank"), Managed: e.Managed()}
	for _, h := range e.cfg.Houses {
		if e.places.Of(h.Name).Here() {
			g.Doors = append(g.Doors, ready.Door{URL: e.URL(h.Name), Title: h.Title})
		}
	}
	if len(e.cfg.Only) == 0 && len(e.world.Personas) > 0 {
		g.First = &e.world.Personas[0]
	}
	g.Print(out)
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
