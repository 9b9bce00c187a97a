package rp_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

// TestOneIsToldWhatManyAreTold asks a real authority about each certificate by
// itself and about all together: state, reason and time are the same.
func TestOneIsToldWhatManyAreTold(t *testing.T) {
	ctx := context.Background()
	serials := []jpki.SerialNumber{"7FFFFFFF"}
	var people []rptest.Person
	reasons := []jpki.Reason{jpki.AffiliationChanged, jpki.CessationOfOperation, jpki.Superseded, jpki.KeyCompromise, jpki.CertificateHold}
	for _, r := range reasons {
		people = append(people, rptest.Person{ID: strings.ToLower(r.String()), BasicFour: jpki.NewBasicFour("例示　"+r.String(), jpki.DateOfBirthOn(1990, 5, 5), jpki.Female, "青葉県みほん市3-3")})
	}
	w := rptest.New(t, rptest.People(people...))
	for i, r := range reasons {
		serials = append(serials, w.Card(people[i].ID).Serial(jpki.DigitalSignature))
		if r == jpki.CertificateHold {
			w.Suspend(people[i].ID, jpki.DigitalSignature)
		} else {
			w.Revoke(people[i].ID, jpki.DigitalSignature, r)
		}
	}
	serials = append(serials, w.Card("hanako").Serial(jpki.DigitalSignature))
	for _, c := range []struct {
		when time.Duration
		want []rp.State
	}{
		{0, []rp.State{rp.Unknown, rp.Changed, rp.Revoked, rp.Revoked, rp.Revoked, rp.Suspended, rp.Unchanged}},
		{20 * 365 * 24 * time.Hour, []rp.State{rp.Unknown, rp.Changed, rp.Revoked, rp.Revoked, rp.Revoked, rp.Expired, rp.Expired}},
	} {
		w.Clock.Advance(c.when)
		v := w.Verifier("https://bank.example.jp")
		many, err := v.CheckStatus(ctx, jpki.DigitalSignature, serials...)
		if err != nil {
			t.Fatal(err)
		}
		for i, serial := range serials {
			one, err := v.CheckStatus(ctx, jpki.DigitalSignature, serial)
			if err != nil || one[0].State != c.want[i] || many[i].State != c.want[i] || one[0].Reason != many[i].Reason || !one[0].At.Equal(many[i].At) {
				t.Errorf("%s: alone %+v, %v; among many %+v; want %s", serial, one, err, many[i], c.want[i])
			}
			if i > 0 && i <= len(reasons) && c.want[i] != rp.Expired && one[0].Reason != reasons[i-1] {
				t.Errorf("%s: the reason is %s; want %s", serial, one[0].Reason, reasons[i-1])
			}
		}
	}
}
