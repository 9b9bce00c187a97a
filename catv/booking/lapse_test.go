package booking_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/rp"
)

// lives are what may befall a certificate, one after another.
func (w *town) lives(person string, events ...string) {
	w.t.Helper()
	for _, e := range events {
		switch e {
		case "renewed":
			w.Renew(person)
		case "suspended":
			w.Suspend(person, jpki.DigitalSignature)
		case "moved":
			w.Revoke(person, jpki.DigitalSignature, jpki.AffiliationChanged)
		case "lost":
			w.Revoke(person, jpki.DigitalSignature, jpki.KeyCompromise)
		case "returned":
			w.Revoke(person, jpki.DigitalSignature, jpki.CessationOfOperation)
		default:
			w.t.Fatalf("no such event: %s", e)
		}
	}
}

// What counts is every certificate between the proven one and the newest, however
// seldom the authority is asked.
func TestAResidencyIsFollowedThroughEveryCertificate(t *testing.T) {
	for name, c := range map[string]struct {
		lives []string
		want  booking.LapseReason // empty: it stands
	}{
		"nothing":       {nil, ""},
		"renewed":       {[]string{"renewed"}, ""},
		"renewed twice": {[]string{"renewed", "renewed"}, ""},
		"suspended, and another card in place of it":    {[]string{"suspended", "renewed"}, ""},
		"renewed, and suspended before it was asked":    {[]string{"renewed", "suspended"}, ""},
		"lost, and no other card yet":                   {[]string{"lost"}, ""},
		"renewed and lost, and no other card yet":       {[]string{"renewed", "lost"}, ""},
		"moved between two renewals":                    {[]string{"renewed", "moved", "renewed"}, booking.LapsedByChange},
		"moved, and renewed twice":                      {[]string{"renewed", "moved", "renewed", "renewed"}, booking.LapsedByChange},
		"moved under the second of three":               {[]string{"renewed", "renewed", "moved", "renewed"}, booking.LapsedByChange},
		"moved after a renewal, and no certificate yet": {[]string{"renewed", "moved"}, booking.LapsedByChange},
		"returned between two renewals":                 {[]string{"renewed", "returned", "renewed"}, booking.LapsedByEnd},
		"lost, and made anew":                           {[]string{"lost", "renewed"}, booking.LapsedByLoss},
		"renewed, lost, and made anew":                  {[]string{"renewed", "lost", "renewed"}, booking.LapsedByLoss},
		"lost, made anew, and renewed":                  {[]string{"lost", "renewed", "renewed"}, booking.LapsedByLoss},
		"lost, made anew, and moved":                    {[]string{"lost", "renewed", "moved", "renewed"}, booking.LapsedByChange},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			v := w.hanako()
			_, err := w.proves("hanako")
			w.well(err, "prove")
			w.Clock.Advance(25 * time.Hour)
			w.lives("hanako", c.lives...)
			for range 3 { // an answer does not wear off
				if resident, err := w.Resident(w.ctx, v); err != nil || resident != (c.want == "") {
					t.Errorf("resident: %t, %v", resident, err)
				}
			}
			r, err := w.Residency(w.ctx, v)
			w.well(err, "residency")
			switch {
			case r.Lapse.Why != c.want, c.want != "" && r.Lapse.At.IsZero():
				t.Errorf("lapse %+v", r.Lapse)
			case c.want == "" && r.Serial != w.Card("hanako").Serial(jpki.DigitalSignature):
				t.Errorf("watches %s", r.Serial)
			}
			if c.want != "" || slices.Contains(c.lives, "lost") {
				return
			}
			w.lives("hanako", "moved")
			if resident, err := w.Resident(w.ctx, v); err != nil || resident {
				t.Errorf("moved at last: %t, %v", resident, err)
			}
		})
	}
}

// A certificate that was renewed in time outlives the one of the signature, and
// ends the residency with its own validity.
func TestARenewedResidencyOutlivesTheFirstCertificate(t *testing.T) {
	w := newTown(t)
	v := w.hanako()
	first, err := w.proves("hanako")
	w.well(err, "prove")
	w.Clock.Set(first.Expires.AddDate(0, -1, 0))
	w.lives("hanako", "renewed")
	for _, c := range []struct {
		at   time.Time
		want booking.LapseReason
	}{
		{first.Expires.AddDate(0, -1, 1), ""},
		{first.Expires.AddDate(0, 1, 0), ""},
		{w.Card("hanako").Certificate(jpki.DigitalSignature).NotAfter.AddDate(0, 0, 1), booking.LapsedByExpiry},
	} {
		w.Clock.Set(c.at)
		if resident, err := w.Resident(w.ctx, v); err != nil || resident != (c.want == "") {
			t.Errorf("%s: %t, %v", c.at, resident, err)
		}
		if r, err := w.Residency(w.ctx, v); err != nil || !r.Followed() || r.Lapse.Why != c.want {
			t.Errorf("%s: %+v, %v", c.at, r.Lapse, err)
		}
	}
}

// The daily confirmation walks as a booking does, and one that cannot be told
// keeps no other from being told.
func TestTheDailyConfirmationWalksToo(t *testing.T) {
	w := newTown(t)
	hanako, taro := w.hanako(), w.taro()
	for _, who := range []string{"hanako", "taro"} {
		_, err := w.proves(who)
		w.well(err, who)
	}
	mute := w.Card("hanako").Serial(jpki.DigitalSignature)
	w.lives("hanako", "renewed", "moved", "renewed")
	w.lives("taro", "renewed", "moved", "renewed")
	w.Clock.Advance(25 * time.Hour)
	deaf := w.with(func(l rp.Links) rp.Links { return muteLinkage{l, mute} })
	if asked, lapsed, err := deaf.ConfirmResidents(w.ctx); asked != 2 || lapsed != 1 || !errors.Is(err, rp.ErrStatusUnavailable) {
		t.Errorf("asked %d, lapsed %d, %v", asked, lapsed, err)
	}
	if resident, err := deaf.Resident(w.ctx, hanako); err == nil || resident {
		t.Errorf("not known, and yet a resident: %t, %v", resident, err)
	}
	if r, err := w.Residency(w.ctx, taro); err != nil || r.Lapse.Why != booking.LapsedByChange {
		t.Errorf("%+v, %v", r.Lapse, err)
	}
	if asked, lapsed, err := w.ConfirmResidents(w.ctx); asked != 1 || lapsed != 1 || err != nil {
		t.Errorf("asked %d, lapsed %d, %v", asked, lapsed, err)
	}
}

// A card that was made anew without a signature certificate is another card all
// the same; and one whose row goes further back than the authority tells proves
// nothing.
func TestARowThatCannotBeWalkedProvesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		lives   []string
		linkage func(rp.Links) rp.Links
	}{
		"a new card for signing in alone": {[]string{"lost"}, func(l rp.Links) rp.Links { return signInCard{l} }},
		"a row that is too long":          {[]string{"renewed", "renewed"}, func(l rp.Links) rp.Links { return shortMemory{l} }},
		"nothing after a renewal":         {[]string{"renewed", "moved"}, func(l rp.Links) rp.Links { return noPair{l} }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			v := w.hanako()
			_, err := w.proves("hanako")
			w.well(err, "prove")
			w.lives("hanako", c.lives...)
			if resident, err := w.with(c.linkage).Resident(w.ctx, v); err != nil || resident {
				t.Errorf("resident: %t, %v", resident, err)
			}
			if r, err := w.Residency(w.ctx, v); err != nil || r.Lapse.Why != booking.LapsedByLoss {
				t.Errorf("%+v, %v", r.Lapse, err)
			}
		})
	}
}

// with is the service over the same store, with another linkage.
func (w *town) with(change func(rp.Links) rp.Links) *booking.Service {
	w.t.Helper()
	s, err := booking.New(booking.Config{Household: w.house, Verifier: w.verifier, Linkage: change(w.linkage), Store: w.store, Now: w.Clock.Now})
	w.well(err, "service")
	return s
}

// muteLinkage does not answer about one certificate.
type muteLinkage struct {
	rp.Links
	about jpki.SerialNumber
}

func (l muteLinkage) Successor(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	if serial == l.about {
		return "", &rp.CheckError{Check: rp.SuccessorCheck, Err: rp.ErrStatusUnavailable}
	}
	return l.Links.Successor(ctx, kind, serial)
}

// signInCard knows of a later card that carries nothing to sign with.
type signInCard struct{ rp.Links }

func (l signInCard) Successor(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	if kind == jpki.UserAuthentication {
		return "0A0000FF", nil
	}
	return l.Links.Successor(ctx, kind, serial)
}

func (l signInCard) Pair(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	if serial == "0A0000FF" {
		return "", nil
	}
	return l.Links.Pair(ctx, kind, serial)
}

// shortMemory forgets the earliest certificate.
type shortMemory struct{ rp.Links }

func (l shortMemory) Predecessors(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	all, err := l.Links.Predecessors(ctx, kind, serial)
	return all[:max(len(all)-1, 0)], err
}

// noPair knows of no other certificate on a card.
type noPair struct{ rp.Links }

func (noPair) Pair(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", nil
}
