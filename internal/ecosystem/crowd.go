package ecosystem

import (
	"context"
	"errors"
	"fmt"

	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/internal/crowd"
	bankdb "example.jp/jpkimock/rp/bank/db"
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
	if !e.fresh {
		return nil // the folder already holds a crowd, or a world
	}
	if err := e.writeCrowd(ctx, n); err != nil {
		return fmt.Errorf("ecosystem: %d customers: %w", n, err)
	}
	return nil
}

func (e *Ecosystem) writeCrowd(ctx context.Context, n int) (err error) {
	agency, err := authoritydb.Open(e.database("authority"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, agency.Close()) }()
	records, err := bankdb.Open(e.database("bank"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }()
	return crowd.Write(ctx, agency, records, n, e.clock.Now())
}
