package holdings

import (
	"context"
	"errors"
	"strconv"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	catvdb "example.jp/jpkimock/catv/db"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
	"example.jp/jpkimock/rp/platform"
	platformdb "example.jp/jpkimock/rp/platform/db"
)

// Bank answers for the bank.
func Bank(store *bankdb.Store) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "bank", Name: whereabouts.Words{JA: "みほん銀行", EN: "Mihon Bank"}}
		account, found, err := known(p, bank.ErrUnknownHolder, both(bank.ErrUnknownHolder, func(kind jpki.Kind, serial jpki.SerialNumber) (bank.Account, error) {
			return store.AccountByCertificate(ctx, kind, serial)
		}))
		if err != nil || !found {
			return o, err
		}
		c, err := store.Customer(ctx, account.Number)
		if err != nil {
			return o, err
		}
		history, err := store.History(ctx, c.ID)
		if err != nil {
			return o, err
		}
		since, before := c.Since, []whereabouts.Former(nil)
		for _, h := range history { // the newest first
			if h.Former != nil && h.Act == bank.ActChanged {
				before = append(before, whereabouts.Former{BasicFour: h.Former.BasicFour, Until: h.At})
			}
		}
		if len(before) > 0 {
			since = before[0].Until // of the certificate on record
		}
		o.Record(c.BasicFour, c.Since, before)
		o.Add(whereabouts.Account, string(account.Number), account.OpenedAt)
		o.Serial(jpki.DigitalSignature, c.WatchedSerial(), since)
		o.Serial(jpki.UserAuthentication, c.Paired, time.Time{})
		if len(c.Certificate) > 0 {
			o.Add(whereabouts.Application, "", since)
		}
		if c.Consent.InForce() {
			o.Add(whereabouts.Consent, "", c.Consent.GivenAt)
		}
		o.Add(whereabouts.Statement, "", account.OpenedAt)
		return o, nil
	}
}

// Cable answers for the cable operator, with the municipality's health programme and bookings
// on its set-top boxes.
func Cable(store *catvdb.Store, now func() time.Time) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "catv", Name: whereabouts.Words{JA: "みほんケーブルテレビ", EN: "Mihon Cable TV"}}
		contracts, err := store.Contracts(ctx)
		if err != nil {
			return o, err
		}
		for _, c := range contracts {
			if p.Named(c.Subscriber.Name) {
				o.Add(whereabouts.Name, c.Subscriber.Name, c.Since)
				o.Add(whereabouts.Address, c.Subscriber.Address, time.Time{})
				o.Add(whereabouts.Contract, string(c.Number), c.Since)
			}
		}
		viewer, found, err := known(p, catv.ErrUnknownViewer, func(serial jpki.SerialNumber) (catv.Viewer, error) {
			v, err := store.ViewerByCertificate(ctx, serial)
			if errors.Is(err, catv.ErrUnknownViewer) {
				v, err = store.ViewerBySignature(ctx, serial)
			}
			return v, err
		})
		if err != nil || !found {
			return o, err
		}
		err = viewerHolds(ctx, store, viewer, now(), &o)
		return o, err
	}
}

// viewerHolds adds what is kept of an enrolled viewer: a nickname, certificates, no name.
func viewerHolds(ctx context.Context, store *catvdb.Store, v catv.Viewer, now time.Time, o *whereabouts.Organisation) error {
	o.Add(whereabouts.Nickname, string(v.Nickname), v.EnrolledAt)
	o.Serial(jpki.UserAuthentication, v.Serial, v.EnrolledAt)
	o.Serial(jpki.DigitalSignature, v.Signature, v.EnrolledAt)
	o.Add(whereabouts.SignIns, "", v.SeenAt)
	place, err := store.PlaceOf(ctx, v.ID)
	if err != nil {
		return err
	}
	o.Add(whereabouts.BirthYear, strconv.Itoa(place.Profile.Born), time.Time{})
	o.Add(whereabouts.Health, "", v.EnrolledAt)
	residencies, err := store.Residencies(ctx, v.ID)
	if err != nil {
		return err
	}
	for _, r := range residencies {
		o.Add(whereabouts.Application, "", r.ProvenAt)
	}
	booked, err := store.Reservations(ctx, v.ID, catv.DayOf(now))
	if len(booked) > 0 {
		o.Add(whereabouts.Bookings, "", time.Time{})
	}
	return err
}

// Platform answers for the common platform, which knows certificates and no names.
func Platform(store *platformdb.Store) whereabouts.Ask {
	return func(ctx context.Context, p whereabouts.Person) (whereabouts.Organisation, error) {
		o := whereabouts.Organisation{ID: "platform", Name: whereabouts.Words{JA: "みらい共通認証基盤", EN: "Mirai Common Platform"}}
		var of jpki.SerialNumber
		holder, found, err := known(p, platform.ErrUnknownHolder, func(serial jpki.SerialNumber) (platform.HolderID, error) {
			of = serial
			return store.HolderByCertificate(ctx, serial)
		})
		if err != nil || !found {
			return o, err
		}
		visits, err := store.Visits(ctx, holder, 100)
		if err != nil {
			return o, err
		}
		var first time.Time
		if n := len(visits); n > 0 {
			first = visits[n-1].At
			o.Add(whereabouts.SignIns, "", first)
		}
		o.Serial(jpki.UserAuthentication, of, first)
		o.Add(whereabouts.Subject, "", first)
		consents, err := store.Consents(ctx, holder)
		for _, c := range consents {
			if c.Stands() {
				o.Add(whereabouts.Connections, string(c.Client), c.GivenAt)
			}
		}
		return o, err
	}
}
