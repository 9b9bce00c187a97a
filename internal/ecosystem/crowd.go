package ecosystem

import (
	"context"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/crowd"
	"example.jp/jpkimock/internal/ecosystem/agency"
	"example.jp/jpkimock/seed"
)

// populate writes the crowds of the config into the databases of those who know them. It
// runs before the houses open, on an empty data folder.
func (e *Ecosystem) populate(ctx context.Context) error {
	key, err := seed.Key("card-hanako", jpki.DigitalSignature)
	if err != nil {
		return err
	}
	wanted := crowd.Wanted{Customers: e.cfg.Customers, Insured: e.cfg.Insured, Enrolled: e.cfg.Enrolled, Movers: e.cfg.Movers}
	return wanted.Plant(ctx, crowd.Ground{
		At: e.database, Now: e.clock.Now(), Kept: !e.folder.Fresh(), CA: agency.TestKeys{}, Key: key,
		Elsewhere: func(house string) bool { return len(e.cfg.Only) > 0 || e.cfg.Databases[house] != "" },
	})
}
