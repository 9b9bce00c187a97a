package relyingparty

import (
	"crypto/x509"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/conform/forge"
	"example.jp/jpkimock/internal/conform/town"
)

const day = 24 * time.Hour

// certificates are the cases of certificates with one fault. The key is the card's and the serial
// number that of the honest certificate, whose status is good.
func (p *Party) certificates() []conform.Case {
	const own = jpki.UserAuthentication
	return []conform.Case{
		p.refuses("RP-30", wrongKind),
		p.refuses("RP-31", swapped(issued(own, forge.Policy(jpki.DigitalSignature)))),
		p.refuses("RP-32", swapped(issued(own, forge.NoPolicies))),
		p.refuses("RP-33", swapped(issued(own, expired))),
		p.refuses("RP-34", swapped(issued(own, notYet))),
		p.refuses("RP-35", swapped(impostor(own))),
		p.refuses("RP-36", swapped(issued(jpki.DigitalSignature))),
		p.refuses("RP-37", swapped(altered)),
		p.refuses("RP-38", swapped(issued(own, forge.UnknownCritical))),
		p.refuses("RP-39", swapped(issued(own, forge.IsCA))),
		p.refuses("RP-40", swapped(issued(own, forge.NoSignatures))),
		p.refuses("RP-41", swapped(issued(own, forge.OtherPurpose))),
	}
}

// expired has ended long before the town was planted; the honest certificate's beginning stays
// before the end.
func expired(c *x509.Certificate) { forge.Valid(c.NotBefore.Add(-30*day), c.NotBefore.Add(-day))(c) }

// notYet begins when the honest certificate ends.
func notYet(c *x509.Certificate) { forge.Valid(c.NotAfter, c.NotAfter.Add(30*day))(c) }

// forged makes a certificate with a fault like an honest one.
type forged func(t *town.Town, honest *x509.Certificate) ([]byte, error)

// issued is a certificate that the certification authority of a kind has really signed.
func issued(by jpki.Kind, changes ...forge.Change) forged {
	return func(t *town.Town, honest *x509.Certificate) ([]byte, error) {
		issuer, key, err := t.Authority(by)
		if err != nil {
			return nil, err
		}
		return forge.Certificate(honest, issuer, key, changes...)
	}
}

// impostor has the name of the certification authority of a kind, and another key.
func impostor(of jpki.Kind) forged {
	return func(t *town.Town, honest *x509.Certificate) ([]byte, error) {
		issuer, _, err := t.Authority(of)
		if err != nil {
			return nil, err
		}
		key, err := t.StrangersKey(of)
		if err != nil {
			return nil, err
		}
		return forge.Certificate(honest, issuer, key)
	}
}

// altered is the honest certificate with a signature that is otherwise in one bit.
func altered(_ *town.Town, honest *x509.Certificate) ([]byte, error) {
	return forge.BadSignature(honest.Raw), nil
}
