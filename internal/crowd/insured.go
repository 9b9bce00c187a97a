package crowd

import (
	"context"
	"fmt"
	"math/big"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/insurer"
)

// Insurer is the insurer whose register the insured join (みほん健康保険組合).
const Insurer medical.InsurerNumber = "06990014"

// firstInsured is the serial number of the first certificate of the insured, far from
// those that the authority assigns.
const firstInsured = 0x10_0000_0000

// symbols is how many symbols (記号) the insured have among them.
const symbols = 500

// PlantInsured writes n insured persons, each linked with a certificate, into the
// databases of the insurer and of the platform at two addresses, which no house has open.
// The certificates exist nowhere else: nobody has a card.
func PlantInsured(ctx context.Context, insurerAt, platformAt string, n int, now time.Time) error {
	return over(insurerAt, db.OpenInsurer, platformAt, db.OpenPlatform, func(register *db.Insurer, routes *db.Platform) error {
		return writeInsured(ctx, register, routes, n, now)
	})
}

func writeInsured(ctx context.Context, register *db.Insurer, routes *db.Platform, n int, now time.Time) error {
	since := now.AddDate(-1, 0, 0).UTC().Truncate(time.Second)
	for first := 0; first < n; first += batch {
		people, serials := insured(first, min(batch, n-first), medical.DateOf(since))
		if err := register.Import(ctx, people, serials, since); err != nil {
			return err
		}
		if err := routes.Import(ctx, Insurer, serials, since); err != nil {
			return err
		}
	}
	return nil
}

// insured makes the insured persons first to first+count-1, and the certificates with
// which they are linked.
func insured(first, count int, since medical.Date) ([]insurer.Insured, []jpki.SerialNumber) {
	people, serials := make([]insurer.Insured, count), make([]jpki.SerialNumber, count)
	for at := range count {
		i := first + at
		name := surnames[i%len(surnames)] + "　" + givenNames[i/len(surnames)%len(givenNames)]
		people[at].Qualification = medical.Qualification{
			Member: medical.Member{
				Insurer: Insurer, Symbol: fmt.Sprint(500 + i%symbols), Number: fmt.Sprint(100_000 + i/symbols), Branch: "00",
				Birth: medical.Date(fmt.Sprintf("%d-%02d-%02d", 1930+i%75, 1+i%12, 1+i%28)),
			},
			Name: name, Kana: name, Sex: []jpki.Gender{jpki.Female, jpki.Male}[i%2], Address: fmt.Sprintf("青葉県みほん市仮町%d丁目%d番地", 1+i%9, 1+i/9),
			Family: medical.Self, InsuredName: name, QualifiedOn: since, IssuedOn: since,
		}
		serials[at] = InsuredSerial(i)
	}
	return people, serials
}

// InsuredSerial returns the serial number of the certificate of the i-th insured person.
func InsuredSerial(i int) jpki.SerialNumber {
	s, err := jpki.SerialNumberFrom(big.NewInt(firstInsured + int64(i)))
	if err != nil {
		panic(err) // a positive constant and an index
	}
	return s
}
