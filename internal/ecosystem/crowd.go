package ecosystem

import (
	"context"
	"errors"
	"fmt"

	"example.jp/jpkimock/internal/crowd"
)

// populate writes Config.Customers certificates into the authority's database and
// as many customers into the bank's. It runs before the houses
// open, on an empty data folder.
func (e *Ecosystem) populate(ctx context.Context) error {
	n := e.cfg.Customers
	switch {
	case n == 0:
		return nil
	case n < 0 || n > crowd.Max:
		return fmt.Errorf("ecosystem: %d customers: at most %d allowed", n, crowd.Max)
	case len(e.cfg.Only) > 0 || e.cfg.Databases["authority"] != "" || e.cfg.Databases["bank"] != "":
		return errors.New("ecosystem: customers need all houses in one process, with databases in the data folder")
	}
	if !e.folder.Fresh() {
		return nil // the folder already holds a crowd, or a world
	}
	if err := crowd.Plant(ctx, e.database("authority"), e.database("bank"), n, e.clock.Now()); err != nil {
		return fmt.Errorf("ecosystem: %d customers: %w", n, err)
	}
	return nil
}
