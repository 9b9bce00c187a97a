// Package cardtest has Individual Number Cards for tests of card software: in memory,
// with chosen data, ready in under a tenth of a second, and nothing to install.
//
// [New] makes a card and puts it into a reader. What comes back takes command APDUs and
// gives response APDUs, which is all that a driver needs of a real reader, too: write yours
// against an interface with that one method, and test it with this card.
//
//	type Transmitter interface {
//		Transmit(ctx context.Context, command []byte) ([]byte, error)
//	}
//
// The card answers what docs/card-protocol.md lists: all applications, all counters, wrong
// and blocked PINs. Its makes differ as real ones do ([Card.Variant]); try your software with each.
// Its certificates are of a CA that nobody trusts, its keys are published so that a test
// starts at once, and its Individual Number is one that nobody can have. For software that
// speaks PC/SC see vpcd and docs/integrate.md.
//
// The rest serves the tests of this project: cards in a cabinet ([Hand]), and the tests that
// a virtualcard.Store must pass ([TestStore]).
package cardtest

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	_ "embed"
	"encoding/pem"
	"fmt"
	"math/big"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
)

// The PINs of every card that Hand makes.
const (
	SignaturePIN      = "ABC123"
	AuthenticationPIN = "1234"
)

// keysPEM has four RSA-2048 keys: of a card's signature, its authentication,
// its re-issue, and of the CA. They are published and prove nothing.
//
//go:embed keys.pem
var keysPEM []byte

// Keys is a KeySource that gives every card the same published keys; with
// Reissue set, the one kept for a re-issue.
type Keys struct{ Reissue bool }

// Key returns the published key of a kind.
func (k Keys) Key(_ context.Context, _ virtualcard.CardID, kind jpki.Kind) (*rsa.PrivateKey, error) {
	if k.Reissue {
		return published(2)
	}
	return published(int(kind) - 1)
}

// published returns one of the keys in keysPEM.
func published(n int) (*rsa.PrivateKey, error) {
	rest := keysPEM
	for i := 0; ; i++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, fmt.Errorf("cardtest: there is no key %d", n)
		}
		if i == n {
			key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, err
			}
			return key.(*rsa.PrivateKey), nil
		}
	}
}

// Now is the time at which all of this takes place.
func Now() time.Time { return time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC) }

// Open returns a cabinet over a store, with the published keys.
func Open(t testing.TB, store virtualcard.Store) *virtualcard.Cabinet {
	t.Helper()
	cabinet, err := virtualcard.Open(t.Context(), virtualcard.Config{Store: store, Keys: Keys{}, Now: Now})
	if err != nil {
		t.Fatal(err)
	}
	return cabinet
}

// Hand makes a card with certificates of the kinds given (both, if none is)
// and hands it over. It is 見本　花子's, whom its certificates do not name; for other data see
// New.
func Hand(t testing.TB, cabinet *virtualcard.Cabinet, id virtualcard.CardID, kinds ...jpki.Kind) {
	t.Helper()
	if err := (Card{Kinds: kinds, nameless: true}).make(t.Context(), cabinet, id); err != nil {
		t.Fatal(err)
	}
}

// CA returns the CA certificate of a kind.
func CA(t testing.TB, k jpki.Kind) *x509.Certificate {
	t.Helper()
	cert, err := authority(k)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// Certificate returns an end-entity certificate of a kind for a key, in DER. It names
// nobody.
func Certificate(t testing.TB, k jpki.Kind, public *rsa.PublicKey) []byte {
	t.Helper()
	der, err := certify(k, public)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func authority(k jpki.Kind) (*x509.Certificate, error) {
	key, err := published(3)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: name(k, "cardtest"), NotBefore: Now().AddDate(-1, 0, 0), NotAfter: Now().AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(nil, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func certify(k jpki.Kind, public *rsa.PublicKey, extensions ...pkix.Extension) ([]byte, error) {
	key, err := published(3)
	if err != nil {
		return nil, err
	}
	ca, err := authority(k)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x0705D990 + int64(k)), Subject: name(k, "2026040112000000000000A"),
		NotBefore: Now(), NotAfter: Now().AddDate(5, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature, ExtraExtensions: extensions,
	}
	if k == jpki.DigitalSignature {
		template.KeyUsage |= x509.KeyUsageContentCommitment
	}
	policy, err := x509.OIDFromInts(arcs(k))
	if err != nil {
		return nil, err
	}
	template.Policies = []x509.OID{policy}
	return x509.CreateCertificate(nil, template, ca, public, key)
}

// arcs are the numbers of the certificate policy of a kind.
func arcs(k jpki.Kind) (n []uint64) {
	for _, i := range k.Policy() {
		n = append(n, uint64(i))
	}
	return n
}

func name(k jpki.Kind, cn string) pkix.Name {
	return pkix.Name{Country: []string{"JP"}, Organization: []string{"JPKI-MOCK"}, OrganizationalUnit: []string{k.OrganizationalUnit()}, CommonName: cn}
}
