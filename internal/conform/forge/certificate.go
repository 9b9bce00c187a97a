// Package forge makes what a card, an authority or a provider never makes: certificates, tokens and
// answers with exactly one fault, everything else in order. What a certification authority signs is
// signed with its published test key.
package forge

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Change spoils a certificate before it is signed.
type Change func(*x509.Certificate)

// Certificate makes a certificate like an honest one, with the same key and serial number, so that
// its status is the honest one's, and with changes. issuer and key sign it.
func Certificate(honest, issuer *x509.Certificate, key crypto.Signer, changes ...Change) ([]byte, error) {
	made := &x509.Certificate{
		SerialNumber: honest.SerialNumber, RawSubject: honest.RawSubject, NotBefore: honest.NotBefore, NotAfter: honest.NotAfter,
		SignatureAlgorithm: x509.SHA256WithRSA, ExtraExtensions: slices.Clone(honest.Extensions),
	}
	for _, change := range changes {
		change(made)
	}
	named := *issuer
	named.PublicKey = key.Public() // of who signs, also where it is not the issuer's
	return x509.CreateCertificate(rand.Reader, made, &named, honest.PublicKey, key)
}

// Valid changes the validity.
func Valid(from, to time.Time) Change {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = from, to }
}

// Object identifiers of extensions (RFC 5280 §4.2).
var (
	oidKeyUsage          = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidBasicConstraints  = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidPolicies          = asn1.ObjectIdentifier{2, 5, 29, 32}
	oidExtendedKeyUsage  = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidAuthorityInfo     = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	oidOCSP              = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}
	oidEmailProtection   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 4}
	oidNobodyKnows       = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 32473, 1} // of RFC 5612, for examples
	usageKeyEncipherment = []byte{0x03, 0x02, 0x05, 0x20}
)

// with sets an extension, in place of one that is there.
func with(oid asn1.ObjectIdentifier, critical bool, value []byte) Change {
	return func(c *x509.Certificate) {
		e := pkix.Extension{Id: oid, Critical: critical, Value: value}
		if i := slices.IndexFunc(c.ExtraExtensions, func(e pkix.Extension) bool { return e.Id.Equal(oid) }); i >= 0 {
			c.ExtraExtensions[i] = e
			return
		}
		c.ExtraExtensions = append(c.ExtraExtensions, e)
	}
}

// der encodes what is always encoded.
func der(v any) []byte {
	b, err := asn1.Marshal(v)
	if err != nil {
		panic(err) // the values of this file
	}
	return b
}

// NoPolicies leaves out the certificate policies.
func NoPolicies(c *x509.Certificate) {
	c.ExtraExtensions = slices.DeleteFunc(c.ExtraExtensions, func(e pkix.Extension) bool { return e.Id.Equal(oidPolicies) })
}

// Policy writes the policy of a kind.
func Policy(kind jpki.Kind) Change {
	type policy struct{ ID asn1.ObjectIdentifier }
	return with(oidPolicies, true, der([]policy{{kind.Policy()}}))
}

// UnknownCritical adds a critical extension that nobody knows.
func UnknownCritical(c *x509.Certificate) { with(oidNobodyKnows, true, der(asn1.NullRawValue))(c) }

// IsCA says that the holder is a certification authority.
func IsCA(c *x509.Certificate) { with(oidBasicConstraints, true, der([]bool{true}))(c) }

// NoSignatures allows the key to encipher keys, and not to sign.
func NoSignatures(c *x509.Certificate) { with(oidKeyUsage, true, usageKeyEncipherment)(c) }

// OtherPurpose allows the key for e-mail, and not for clients.
func OtherPurpose(c *x509.Certificate) {
	with(oidExtendedKeyUsage, false, der([]asn1.ObjectIdentifier{oidEmailProtection}))(c)
}

// Responder names the address at which the status is asked.
func Responder(url string) Change {
	type access struct {
		Method   asn1.ObjectIdentifier
		Location asn1.RawValue
	}
	return with(oidAuthorityInfo, false, der([]access{{oidOCSP, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 6, Bytes: []byte(url)}}}))
}

// Serial changes the serial number.
func Serial(n int64) Change { return func(c *x509.Certificate) { c.SerialNumber = big.NewInt(n) } }

// BadSignature gives a certificate whose signature has one bit that is otherwise.
func BadSignature(honest []byte) []byte {
	bad := slices.Clone(honest)
	bad[len(bad)-1] ^= 1 // the last octet of the signature
	return bad
}
