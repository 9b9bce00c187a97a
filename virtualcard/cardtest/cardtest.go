// Package cardtest has cards for tests: people's cards with certificates of a
// CA that nobody trusts, made of published keys so that a test starts at once,
// and the tests that a virtualcard.Store must pass.
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
// and hands it over.
func Hand(t testing.TB, cabinet *virtualcard.Cabinet, id virtualcard.CardID, kinds ...jpki.Kind) {
	t.Helper()
	public, err := cabinet.Blank(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(kinds) == 0 {
		kinds = jpki.Kinds()
	}
	p := virtualcard.Personalization{
		Face: virtualcard.Face{
			Name: "見本　花子", NameEN: "MIHON HANAKO", Address: "青葉県みほん市中央１丁目１番１号",
			DateOfBirth: "平成2年5月15日", Gender: "女", Expires: time.Date(2036, 5, 15, 14, 59, 59, 0, time.UTC),
			Number: jpki.InventIndividualNumber("hanako"), Municipality: "99201",
		},
		PINs: map[jpki.Kind]string{}, Certificates: map[jpki.Kind][]byte{}, CACertificates: map[jpki.Kind][]byte{},
	}
	for _, k := range kinds {
		p.PINs[k] = map[jpki.Kind]string{jpki.DigitalSignature: SignaturePIN, jpki.UserAuthentication: AuthenticationPIN}[k]
		p.Certificates[k] = Certificate(t, k, public.Keys[k])
		p.CACertificates[k] = CA(t, k).Raw
	}
	if err := cabinet.Personalize(t.Context(), id, p); err != nil {
		t.Fatal(err)
	}
}

// CA returns the CA certificate of a kind.
func CA(t testing.TB, k jpki.Kind) *x509.Certificate {
	t.Helper()
	key, err := published(3)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: name(k, "cardtest"), NotBefore: Now().AddDate(-1, 0, 0), NotAfter: Now().AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	return create(t, template, template, &key.PublicKey, key)
}

// Certificate returns an end-entity certificate of a kind for a key, in DER.
func Certificate(t testing.TB, k jpki.Kind, public *rsa.PublicKey) []byte {
	t.Helper()
	key, err := published(3)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0x0705D990 + int64(k)), Subject: name(k, "2026040112000000000000A"),
		NotBefore: Now(), NotAfter: Now().AddDate(5, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if k == jpki.DigitalSignature {
		template.KeyUsage |= x509.KeyUsageContentCommitment
	}
	policy, err := x509.OIDFromInts(func() (n []uint64) {
		for _, i := range k.Policy() {
			n = append(n, uint64(i))
		}
		return n
	}())
	if err != nil {
		t.Fatal(err)
	}
	template.Policies = []x509.OID{policy}
	return create(t, template, CA(t, k), public, key).Raw
}

func name(k jpki.Kind, cn string) pkix.Name {
	return pkix.Name{Country: []string{"JP"}, Organization: []string{"JPKI-MOCK"}, OrganizationalUnit: []string{k.OrganizationalUnit()}, CommonName: cn}
}

func create(t testing.TB, template, parent *x509.Certificate, public *rsa.PublicKey, key *rsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(nil, template, parent, public, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}
