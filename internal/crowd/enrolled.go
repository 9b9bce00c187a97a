package crowd

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"example.jp/jpkimock/authority"
	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal"
	portaldb "example.jp/jpkimock/portal/db"
)

// firstSignIn is the serial number of the first certificate with which the enrolled would
// sign in, if they had cards: it exists nowhere else.
const firstSignIn = 0x20_0000_0000

// PlantEnrolled writes n citizens who are enrolled at the portal into the databases at two
// addresses, which no house has open. One in twenty has moved within the last month.
func PlantEnrolled(ctx context.Context, authorityAt, portalAt string, n int, now time.Time) error {
	return over(authorityAt, authoritydb.Open, portalAt, portaldb.Open, func(agency *authoritydb.Store, office *portaldb.Store) error {
		return writeEnrolled(ctx, agency, office, n, now)
	})
}

func writeEnrolled(ctx context.Context, agency *authoritydb.Store, office *portaldb.Store, n int, now time.Time) error {
	now = now.Truncate(time.Second)
	for first := 0; first < n; first += batch {
		certificates, people := people(first, min(batch, n-first), n, (n+19)/20, now)
		if err := agency.Commit(ctx, authority.Change{Certificates: certificates}); err != nil {
			return err
		}
		citizens := make([]portal.Citizen, len(people))
		for i, p := range people {
			card, err := jpki.SerialNumberFrom(big.NewInt(firstSignIn + int64(first+i)))
			if err != nil {
				return err
			}
			citizens[i] = portal.Citizen{
				Four: p.BasicFour, Mail: fmt.Sprintf("crowd-%d@example.jp", first+i), Signature: p.Serial, Authentication: card,
				EnrolledAt: p.Since, Standing: portal.Holds,
			}
		}
		if err := office.Import(ctx, citizens); err != nil {
			return err
		}
	}
	return nil
}
