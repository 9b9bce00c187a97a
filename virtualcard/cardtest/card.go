package cardtest

import (
	"cmp"
	"context"
	"crypto/rsa"
	"crypto/x509/pkix"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
)

// Card is the data of a card for a test. What is zero is that of 見本　花子, an invented
// person.
type Card struct {
	Name, Address string
	DateOfBirth   jpki.DateOfBirth
	Gender        jpki.Gender
	// Number must be one that nobody can have: jpki.InventIndividualNumber makes one.
	Number       jpki.IndividualNumber
	Municipality string // of issue, five digits
	Expires      time.Time
	Variant      jpki.CardVariant // the make; zero is plastic
	// The PINs; the further four-digit ones are that of authentication.
	SignaturePIN, AuthenticationPIN string
	// Kinds are the certificates on it; both if it is empty.
	Kinds []jpki.Kind
	// nameless leaves the four basic data out of the certificate.
	nameless bool
}

// New makes a card in memory and puts it into a reader: Transmit sends it a command. Its
// certificates are of a CA that nobody trusts, and its keys are published. The error is of
// data that no card can hold.
func New(c Card) (*virtualcard.Connection, error) {
	ctx := context.Background()
	cabinet, err := virtualcard.Open(ctx, virtualcard.Config{Store: virtualcard.NewMemoryStore(), Keys: Keys{}, Now: Now})
	if err != nil {
		return nil, err
	}
	const id virtualcard.CardID = "card"
	if err := c.make(ctx, cabinet, id); err != nil {
		return nil, err
	}
	return cabinet.Connect(ctx, id)
}

// completed fills in what is zero.
func (c Card) completed() Card {
	c.Name, c.Address = cmp.Or(c.Name, "見本　花子"), cmp.Or(c.Address, "青葉県みほん市中央１丁目１番１号")
	c.DateOfBirth = cmp.Or(c.DateOfBirth, jpki.DateOfBirthOn(1990, time.May, 15))
	c.Gender, c.Municipality = cmp.Or(c.Gender, jpki.Female), cmp.Or(c.Municipality, "99201")
	c.Number = cmp.Or(c.Number, jpki.InventIndividualNumber("hanako"))
	c.SignaturePIN, c.AuthenticationPIN = cmp.Or(c.SignaturePIN, SignaturePIN), cmp.Or(c.AuthenticationPIN, AuthenticationPIN)
	if c.Expires.IsZero() {
		c.Expires = time.Date(2036, 5, 15, 14, 59, 59, 0, time.UTC)
	}
	if len(c.Kinds) == 0 {
		c.Kinds = jpki.Kinds()
	}
	return c
}

// make makes the card as a counter does.
func (c Card) make(ctx context.Context, cabinet *virtualcard.Cabinet, id virtualcard.CardID) error {
	c = c.completed()
	blank, err := cabinet.Blank(ctx, id)
	if err != nil {
		return err
	}
	p := virtualcard.Personalization{
		Face: virtualcard.Face{
			Name: c.Name, Address: c.Address, DateOfBirth: c.DateOfBirth.Japanese(), Gender: c.Gender.Japanese(),
			Expires: c.Expires, Number: c.Number, Municipality: c.Municipality,
		},
		Variant: c.Variant,
		PINs:    map[jpki.Kind]string{}, Certificates: map[jpki.Kind][]byte{}, CACertificates: map[jpki.Kind][]byte{},
	}
	pins := map[jpki.Kind]string{jpki.DigitalSignature: c.SignaturePIN, jpki.UserAuthentication: c.AuthenticationPIN}
	for _, k := range c.Kinds {
		ca, err := authority(k)
		if err != nil {
			return err
		}
		if p.Certificates[k], err = c.certificate(k, blank.Keys[k]); err != nil {
			return err
		}
		p.PINs[k], p.CACertificates[k] = pins[k], ca.Raw
	}
	return cabinet.Personalize(ctx, id, p)
}

// certificate is a certificate of the holder's. That for signatures has the four basic data.
func (c Card) certificate(k jpki.Kind, public *rsa.PublicKey) ([]byte, error) {
	if k != jpki.DigitalSignature || c.nameless {
		return certify(k, public)
	}
	san, err := jpki.NewBasicFour(c.Name, c.DateOfBirth, c.Gender, c.Address).MarshalSubjectAltName()
	if err != nil {
		return nil, fmt.Errorf("cardtest: the four basic data: %w", err)
	}
	return certify(k, public, pkix.Extension{Id: []int{2, 5, 29, 17}, Critical: true, Value: san})
}
