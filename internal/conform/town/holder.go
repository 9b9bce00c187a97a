package town

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"errors"

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
		return signerOf(cms)
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

// ErrNoSigner says that a signature names no certificate.
var ErrNoSigner = errors.New("the card's signature has no certificate")

// signerOf gives the one certificate in SignedData (RFC 5652 §5.1) of a card.
func signerOf(cms []byte) ([]byte, error) {
	var content struct {
		Type   asn1.ObjectIdentifier
		Signed struct {
			Version               int
			Digests, Encapsulated asn1.RawValue
			Certificates          asn1.RawValue `asn1:"optional,tag:0"`
			Signers               asn1.RawValue
		} `asn1:"explicit,tag:0"`
	}
	if _, err := asn1.Unmarshal(cms, &content); err != nil {
		return nil, err
	}
	if len(content.Signed.Certificates.Bytes) == 0 {
		return nil, ErrNoSigner
	}
	return content.Signed.Certificates.Bytes, nil
}
