package holdings

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/virtualcard"
)

// Municipality answers for the municipality with the person's entry in the Basic Resident
// Register (住民基本台帳).
func Municipality(a *authority.Authority) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "municipality", Name: whereabouts.Words{JA: "市区町村（住民基本台帳）", EN: "Municipality (resident register)"}}
		r, err := a.Resident(ctx, p.Resident)
		if errors.Is(err, register.ErrNoResident) {
			return o, nil
		}
		if err != nil {
			return o, err
		}
		o.Name = whereabouts.Words{JA: r.Municipality.City + "（住民基本台帳）", EN: r.Municipality.CityRomaji + " (resident register)"}
		entries, err := a.FormerEntries(ctx, p.Resident)
		var before []whereabouts.Former
		for _, f := range entries {
			before = append(before, whereabouts.Former{BasicFour: faced(f.Resident), Until: f.Until})
		}
		o.Record(faced(r), time.Time{}, before)
		return o, err
	}
}

// faced gives the four basic data as the register writes them.
func faced(r register.Resident) jpki.BasicFour {
	four := r.BasicFour
	four.CommonName, four.Address = r.FaceName(), r.FaceAddress()
	return four
}

// Agency answers for the authority: the certificates that it has issued, of which the signature
// certificates have the four basic data in them.
func Agency(a *authority.Authority) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "agency", Name: whereabouts.Words{JA: "機構（認証局）", EN: "J-LIS (certification authority)"}}
		all, err := a.CertificatesOf(ctx, p.Resident)
		if errors.Is(err, register.ErrNoResident) {
			return o, nil
		}
		if err != nil {
			return o, err
		}
		for _, c := range slices.Backward(all) {
			if c.Kind != jpki.DigitalSignature {
				continue
			}
			certificate, err := x509.ParseCertificate(c.DER)
			if err != nil {
				return o, err
			}
			four, err := jpki.BasicFourOf(certificate)
			if err != nil {
				return o, err
			}
			o.Four(four, c.NotBefore)
			break
		}
		for _, c := range all {
			o.Serial(c.Kind, c.Serial, c.NotBefore)
		}
		return o, nil
	}
}

// Card answers for the person's card, which the person has.
func Card(cabinet *virtualcard.Cabinet) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "card", Name: whereabouts.Words{JA: "本人のカード（ICチップと券面）", EN: "The person’s own card (chip and face)"}}
		c, err := cabinet.Card(ctx, virtualcard.CardID(p.Card))
		if errors.Is(err, virtualcard.ErrNoCard) {
			return o, nil
		}
		if err != nil {
			return o, err
		}
		f := c.Face
		o.Add(whereabouts.Name, f.Name, c.Made)
		o.Add(whereabouts.Address, f.Address, c.Made)
		o.Add(whereabouts.Birth, f.DateOfBirth, c.Made)
		o.Add(whereabouts.Gender, f.Gender, c.Made)
		o.Add(whereabouts.Portrait, c.Look, c.Made)
		if f.Number != "" {
			o.Add(whereabouts.IndividualNumber, "", c.Made)
		}
		for _, kind := range jpki.Kinds() {
			o.Serial(kind, c.Serials[kind], time.Time{})
		}
		o.Add(whereabouts.PIN, "", c.Made)
		if !c.Tampered {
			o.Add(whereabouts.PrivateKey, "", c.Made)
		}
		return o, nil
	}
}
