package crowd

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/ca"
)

// Wanted is how many there are to be of each crowd.
type Wanted struct{ Customers, Insured, Enrolled, Movers int }

// Ground is where crowds are planted.
type Ground struct {
	At        func(house string) string // the address of a house's database
	Elsewhere func(house string) bool   // the database is not in this town's folder
	Kept      bool                      // the databases hold a world, or a crowd, already
	Now       time.Time
	CA        ca.Keys
	Key       *rsa.PrivateKey // of every mover's card
}

// Plant plants each crowd, unless the ground is kept.
func (w Wanted) Plant(ctx context.Context, g Ground) error {
	same := 0
	for _, one := range []struct {
		whom          string
		n             int
		first, second string
		plant         func(first, second string, n int) error
	}{
		{"customers", w.Customers, "authority", "bank", func(first, second string, n int) error { return Plant(ctx, first, second, n, g.Now) }},
		{"enrolled citizens", w.Enrolled, "authority", "portal", func(first, second string, n int) error { return PlantEnrolled(ctx, first, second, n, g.Now) }},
		{"movers", w.Movers, "authority", "portal", func(_, _ string, n int) error { return movers{Ground: g}.plant(ctx, n) }},
		{"insured persons", w.Insured, "medical-kenpo", "medical-platform", func(first, second string, n int) error {
			return PlantInsured(ctx, first, second, n, g.Now)
		}},
	} {
		if one.n != 0 && one.first == "authority" {
			same++
		}
		switch {
		case one.n == 0:
			continue
		case one.n < 0 || one.n > Max:
			return fmt.Errorf("crowd: %d %s: at most %d allowed", one.n, one.whom, Max)
		case same > 1:
			return errors.New("crowd: customers, enrolled citizens and movers have the same certificates: choose one")
		case g.Elsewhere(one.first) || g.Elsewhere(one.second):
			return fmt.Errorf("crowd: %s need all houses in one process, with databases in the data folder", one.whom)
		case g.Kept:
			continue
		}
		if err := one.plant(g.At(one.first), g.At(one.second), one.n); err != nil {
			return fmt.Errorf("crowd: %d %s: %w", one.n, one.whom, err)
		}
	}
	return nil
}
