package town

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/citizen"
	"example.jp/jpkimock/internal/conform/forge"
	"example.jp/jpkimock/seed"
)

// somewhere is the origin for which a card answers that only shows its certificate.
const somewhere = "http://localhost"

// Certificate gives the certificate of a kind that is on the person's card now, in DER.
func (t *Town) Certificate(ctx context.Context, kind jpki.Kind) ([]byte, error) {
	b, err := citizen.NewBrowser(nil)
	if err != nil {
		return nil, err
	}
	if kind == jpki.DigitalSignature {
		cms, err := b.Sign(ctx, t.Card(kind), somewhere, "hello.txt", "text/plain; charset=utf-8", []byte("hello\n"))
		if err != nil {
			return nil, err
		}
		signer, err := forge.Signature(cms)
		if err != nil {
			return nil, err
		}
		return signer.Raw, nil
	}
	text, err := b.Token(ctx, t.Card(kind), somewhere, base64.StdEncoding.EncodeToString(make([]byte, 33)))
	if err != nil {
		return nil, err
	}
	token, err := forge.ReadToken(text)
	return token.Certificate, err
}

// Holder gives the certificate of a kind that is on the person's card now.
func (t *Town) Holder(ctx context.Context, kind jpki.Kind) (*x509.Certificate, error) {
	der, err := t.Certificate(ctx, kind)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// HolderKey gives the key of the person's card as it was first issued: the published test key.
func (t *Town) HolderKey(kind jpki.Kind) (*rsa.PrivateKey, error) {
	return seed.Key(t.Person.Card, kind)
}

// StrangersKey gives the published test key of another person's card.
func (t *Town) StrangersKey(kind jpki.Kind) (*rsa.PrivateKey, error) {
	somebody, err := t.Somebody()
	if err != nil {
		return nil, err
	}
	return seed.Key(somebody.Card, kind)
}
