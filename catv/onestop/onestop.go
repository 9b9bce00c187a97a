// Package onestop is the cable operator as a partner of the portal (連携先事業者): a
// contract is a customer number, and a one-stop application moves the subscriber.
package onestop

import (
	"context"
	"errors"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/rp"
)

// What the portal and its citizens read.
const (
	Name = "みほんケーブルテレビ"
	Done = "お申込みのとおり、ご契約者の氏名・設置場所を変更しました。移設の工事の日は、担当からご連絡します。"

	served  = "青葉県みほん市" // where the cable is laid
	outside = "新しいご住所はサービス区域（" + served + "）の外です。解約の手続は窓口で承ります。"
)

// Desk is the operator's contracts as the portal's applications change them.
type Desk struct {
	Station *catv.Station
	Links   rp.Links
}

var _ partner.Register = Desk{}

func (d Desk) subscriber(ctx context.Context, no string) (catv.Subscriber, error) {
	c, err := d.Station.Contract(ctx, catv.ContractNumber(no))
	if errors.Is(err, catv.ErrNoContract) || err == nil && c.Subscriber == (catv.Subscriber{}) {
		err = partner.ErrNoCustomer
	}
	return c.Subscriber, err
}

// Connects compares the name with the subscriber's. The operator knows no dates of
// birth, but cards: the holder's must be a viewer's of the household.
func (d Desk) Connects(ctx context.Context, k partner.Connection) error {
	s, err := d.subscriber(ctx, k.Customer)
	if err != nil {
		return err
	}
	if fold.Name(s.Name) != fold.Name(k.Name) {
		return partner.ErrNoCustomer
	}
	paired, err := d.Links.Pair(ctx, jpki.DigitalSignature, k.Certificate)
	if err != nil {
		return err
	}
	v, err := d.Station.Signer(ctx, &rp.Signature{Serial: k.Certificate, Paired: paired})
	if errors.Is(err, catv.ErrUnknownViewer) || err == nil && v.Contract != catv.ContractNumber(k.Customer) {
		err = partner.ErrNoCustomer
	}
	return err
}

// SameAddress compares an address with where the box stands as an office compares them.
func (d Desk) SameAddress(ctx context.Context, no, address string) (bool, error) {
	s, err := d.subscriber(ctx, no)
	return err == nil && fold.Address(s.Address) == fold.Address(address), err
}

// Change moves the subscriber within the area that is served. To repeat it changes
// nothing.
func (d Desk) Change(ctx context.Context, c partner.Change) (string, error) {
	if !strings.HasPrefix(c.BasicFour.Address, served) {
		return outside, nil
	}
	to := catv.Subscriber{Name: c.BasicFour.CommonName, Address: c.BasicFour.Address}
	return "", d.Station.Move(ctx, catv.ContractNumber(c.Sheet.Customer), to)
}
