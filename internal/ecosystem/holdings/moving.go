package holdings

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/portal"
	portaldb "example.jp/jpkimock/portal/db"
	partnerdb "example.jp/jpkimock/portal/partner/db"
	"example.jp/jpkimock/portal/utility"
)

// Portal answers for the portal.
func Portal(store *portaldb.Store, partners []portal.Partner) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "portal", Name: whereabouts.Words{JA: "くらしの手続ポータル", EN: "Life Portal"}}
		c, found, err := known(p, portal.ErrUnknownHolder, both(portal.ErrUnknownHolder, func(kind jpki.Kind, serial jpki.SerialNumber) (portal.Citizen, error) {
			return store.CitizenByCertificate(ctx, kind, serial)
		}))
		if err != nil || !found {
			return o, err
		}
		applications, err := store.Applications(ctx, c.ID)
		if err != nil {
			return o, err
		}
		since := c.EnrolledAt
		if len(applications) > 0 { // the newest first
			since = applications[0].At
		}
		o.Four(c.Four, since)
		o.Serial(jpki.DigitalSignature, c.Signature, time.Time{})
		o.Serial(jpki.UserAuthentication, c.Authentication, time.Time{})
		o.Add(whereabouts.Application, "", since)
		if c.Mail != "" {
			o.Add(whereabouts.Mail, "", c.EnrolledAt)
		}
		letters, _, err := store.CountLetters(ctx, c.ID)
		if err != nil {
			return o, err
		}
		if letters > 0 {
			o.Add(whereabouts.Letters, strconv.Itoa(letters), time.Time{})
		}
		connections, err := store.Connections(ctx, c.ID)
		for _, k := range connections {
			i := slices.IndexFunc(partners, func(p portal.Partner) bool { return p.ID == k.Partner })
			if i >= 0 {
				o.Add(whereabouts.Connections, partners[i].Name, k.ConsentedAt)
			}
		}
		return o, err
	}
}

// dockets are the organisations whose docket has another ID at the portal.
var dockets = map[string]string{"cable": "catv", "city": "municipality"}

// Docket answers for the part of an organisation that serves the portal.
func Docket(id string, docket *partnerdb.Docket) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: cmp.Or(dockets[id], id)}
		all, err := docket.ConnectedBy(ctx, p.Serials)
		for _, k := range all {
			o.Add(whereabouts.Name, k.Name, k.At)
			o.Add(whereabouts.Birth, k.DateOfBirth.Gregorian(), k.At)
			o.Serial(jpki.DigitalSignature, k.Certificate, k.At)
			o.Add(whereabouts.Connections, "くらしの手続ポータル", k.At)
		}
		return o, err
	}
}

// Utility answers for a business that the portal delivers to.
func Utility(office *utility.Office) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: office.ID, Name: whereabouts.Words{JA: office.Name, EN: office.NameEN}}
		all, err := office.Customers(ctx)
		if err != nil {
			return o, err
		}
		for _, c := range all {
			if c.DateOfBirth != p.Born || !sameName(p, c.Name) {
				continue
			}
			o.Add(whereabouts.Name, c.Name, c.ChangedAt)
			o.Add(whereabouts.Address, c.Address, c.ChangedAt)
			o.Add(whereabouts.Birth, c.DateOfBirth.Gregorian(), time.Time{})
			o.Add(whereabouts.Customer, c.No, time.Time{})
			if c.Connection != nil {
				o.Serial(jpki.DigitalSignature, c.Connection.Certificate, time.Time{})
			}
			err := cases(ctx, office, c, &o)
			return o, err
		}
		return o, nil
	}
}

// cases adds what the applications of a customer keep.
func cases(ctx context.Context, office *utility.Office, c utility.Customer, o *whereabouts.Organisation) error {
	all, err := office.Cases(ctx, many)
	for _, k := range all { // the newest first
		if k.Customer != c.No {
			continue
		}
		o.Add(whereabouts.Application, "", k.Received)
		if k.Before != c.Address {
			o.Add(whereabouts.FormerAddress, k.Before, k.At)
		}
		break
	}
	return err
}

// sameName compares as an office does.
func sameName(p whereabouts.Person, name string) bool {
	for _, one := range p.Names {
		if fold.Name(one) == fold.Name(name) {
			return true
		}
	}
	return false
}
