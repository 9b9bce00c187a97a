package relyingparty

import (
	"crypto/x509"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/forge"
)

const day = 24 * time.Hour

// certificates are the cases of certificates with one fault. The key is the card's and the serial
// number that of the honest certificate, whose status is good.
func (p *Party) certificates() []conform.Case {
	const own = jpki.UserAuthentication
	return []conform.Case{
		p.refuses("RP-30", wrongKind),
		p.refuses("RP-31", issued(own, forge.Policy(jpki.DigitalSignature))),
		p.refuses("RP-32", issued(own, forge.NoPolicies)),
		p.refuses("RP-33", issued(own, expired)),
		p.refuses("RP-34", issued(own, notYet)),
		p.refuses("RP-35", swapped(impostor)),
		p.refuses("RP-36", issued(jpki.DigitalSignature)),
		p.refuses("RP-37", swapped(func(_ *visit, honest *x509.Certificate) ([]byte, error) { return forge.BadSignature(honest.Raw), nil })),
		p.refuses("RP-38", issued(own, forge.UnknownCritical)),
		p.refuses("RP-39", issued(own, forge.IsCA)),
		p.refuses("RP-40", issued(own, forge.NoSignatures)),
		p.refuses("RP-41", issued(own, forge.OtherPurpose)),
	}
}

// expired has ended long before the town was planted; the honest certificate's beginning stays
// before the end.
func expired(c *x509.Certificate) { forge.Valid(c.NotBefore.Add(-30*day), c.NotBefore.Add(-day))(c) }

// notYet begins when the honest certificate ends.
func notYet(c *x509.Certificate) { forge.Valid(c.NotAfter, c.NotAfter.Add(30*day))(c) }

// impostor has the name of the certification authority, and another key.
func impostor(v *visit, honest *x509.Certificate) ([]byte, error) {
	issuer, _, err := v.Town.Authority(jpki.UserAuthentication)
	if err != nil {
		return nil, err
	}
	key, err := v.Town.StrangersKey(jpki.UserAuthentication)
	if err != nil {
		return nil, err
	}
	return forge.Certificate(honest, issuer, key)
}
