// Package mailing is a municipality as a sender of notices (電子私書箱): who has notified a
// move at its counter is told what else to do, and that the portal moves every address.
package mailing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/portal/partner"
)

// City is a municipality with the register of its residents.
type City struct {
	partner.NoticesOnly
	Authority  *authority.Authority
	Code, Name string // of the municipality
	Portal     string // the portal's URL, as residents see it
}

var _ partner.Register = City{}

// Connects finds the resident by the certificate: no number is asked.
func (c City) Connects(ctx context.Context, k partner.Connection) error {
	certificate, err := c.Authority.Certificate(ctx, jpki.DigitalSignature, k.Certificate)
	if errors.Is(err, register.ErrNoCertificate) {
		return partner.ErrNoCustomer
	}
	if err != nil {
		return err
	}
	r, err := c.Authority.Resident(ctx, certificate.ResidentID)
	if err == nil && (!c.has(r) || fold.Name(r.BasicFour.CommonName) != fold.Name(k.Name) || r.BasicFour.DateOfBirth != k.DateOfBirth) {
		err = partner.ErrNoCustomer
	}
	return err
}

// has reports whether somebody lives here.
func (c City) has(r register.Resident) bool {
	return r.Municipality.Code == c.Code && r.Standing == register.StandingResident
}

// maxActs bounds the lines of the journal that are read at once.
const maxActs = 100_000

// Tells gives the invitations to those who have moved within the city or into it.
func (c City) Tells(ctx context.Context, since time.Time, to []partner.Connected) (told []partner.Told, err error) {
	by := map[jpki.SerialNumber]string{}
	for _, one := range to {
		by[one.Certificate] = one.Customer
	}
	acts, err := c.Authority.Events(ctx, authority.EventQuery{Since: since, Limit: maxActs})
	for _, e := range acts {
		if e.Act != string(register.MoveHouse) && e.Act != string(register.MoveIn) {
			continue
		}
		r, err := c.Authority.Resident(ctx, e.ResidentID)
		if err != nil {
			return nil, err
		}
		issued, err := c.Authority.CertificatesOf(ctx, e.ResidentID)
		if err != nil {
			return nil, err
		}
		for _, one := range issued {
			if customer, ok := by[one.Serial]; ok && one.Kind == jpki.DigitalSignature && c.has(r) {
				told = append(told, partner.Told{Customer: customer, Notice: c.invitation(e, r)})
			}
		}
	}
	return told, err
}

// invitation is what a resident is told after a move.
func (c City) invitation(e register.Event, r register.Resident) partner.Notice {
	act := register.LifeEvent(e.Act).Japanese()
	return partner.Notice{ID: fmt.Sprintf("move-%d", e.ID), At: e.At.Unix(), Title: act + "に伴う手続のご案内", Body: fmt.Sprintf(`%s　様

%sの届出を、%sに受け付けました。次の手続がお済みでない方は、お手続きください。

・署名用電子証明書
　　住所が変わると失効します。窓口で新しい証明書の発行を受けてください。
・国民健康保険、児童手当など
　　対象の方は、窓口でお手続きください。
・電気、ガス、水道、銀行など
　　新しい署名用電子証明書で署名すると、くらしの手続ポータルからまとめて申請できます。
　　%s

%s　市民課`, r.FaceName(), act, jpki.JapaneseDay(e.At), c.Portal, c.Name)}
}
