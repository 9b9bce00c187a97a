package ecosystem

import (
	"context"
	"errors"
	"fmt"

	"example.jp/jpkimock/internal/crowd"
)

// populate writes Config.Customers, Config.Enrolled and Config.Insured into the databases of those who
// know them. It runs before the houses open, on an empty data folder.
func (e *Ecosystem) populate(ctx context.Context) error {
	if err := e.crowd("customers", e.cfg.Customers, "authority", "bank", func(authority, bank string) error {
		return crowd.Plant(ctx, authority, bank, e.cfg.Customers, e.clock.Now())
	}); err != nil {
		return err
	}
	if e.cfg.Customers > 0 && e.cfg.Enrolled > 0 {
		return errors.New("ecosystem: the customers and the enrolled of a crowd have the same certificates: choose one")
	}
	if err := e.crowd("enrolled citizens", e.cfg.Enrolled, "authority", "portal", func(authority, portal string) error {
		return crowd.PlantEnrolled(ctx, authority, portal, e.cfg.Enrolled, e.clock.Now())
	}); err != nil {
		return err
	}
	return e.crowd("insured persons", e.cfg.Insured, "medical-kenpo", "medical-platform", func(insurer, platform string) error {
		return crowd.PlantInsured(ctx, insurer, platform, e.cfg.Insured, e.clock.Now())
	})
}

// crowd plants n of somebody into two databases. A folder that is not new already holds a
// crowd, or a world.
func (e *Ecosystem) crowd(whom string, n int, first, second string, plant func(first, second string) error) error {
	switch {
	case n == 0:
		return nil
	case n < 0 || n > crowd.Max:
		return fmt.Errorf("ecosystem: %d %s: at most %d allowed", n, whom, crowd.Max)
	case len(e.cfg.Only) > 0 || e.cfg.Databases[first] != "" || e.cfg.Databases[second] != "":
		return fmt.Errorf("ecosystem: %s need all houses in one process, with databases in the data folder", whom)
	case !e.folder.Fresh():
		return nil
	}
	if err := plant(e.database(first), e.database(second)); err != nil {
		return fmt.Errorf("ecosystem: %d %s: %w", n, whom, err)
	}
	return nil
}
