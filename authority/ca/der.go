package ca

import (
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// attribute is one attribute of a distinguished name, alone in its RDN, as in
// every name of this profile.
type attribute struct {
	oid       asn1.ObjectIdentifier
	value     string
	printable bool // PrintableString instead of UTF8String
}

func country(v string) attribute { return attribute{asn1.ObjectIdentifier{2, 5, 4, 6}, v, true} }
func locality(v string) attribute {
	return attribute{oid: asn1.ObjectIdentifier{2, 5, 4, 7}, value: v}
}
func organization(v string) attribute {
	return attribute{oid: asn1.ObjectIdentifier{2, 5, 4, 10}, value: v}
}
func unit(v string) attribute {
	return attribute{oid: asn1.ObjectIdentifier{2, 5, 4, 11}, value: v}
}
func commonName(v string) attribute {
	return attribute{oid: asn1.ObjectIdentifier{2, 5, 4, 3}, value: v}
}

// addName appends a Name: one RDN per attribute. pkix.Name would put two OUs
// into one RDN.
func addName(b *cryptobyte.Builder, attributes []attribute) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, a := range attributes {
			b.AddASN1(tag.SET, func(b *cryptobyte.Builder) {
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(a.oid)
					kind := tag.UTF8String
					if a.printable {
						kind = tag.PrintableString
					}
					b.AddASN1(kind, func(b *cryptobyte.Builder) { b.AddBytes([]byte(a.value)) })
				})
			})
		}
	})
}

// Tags of GeneralName (RFC 5280 §4.2.1.6).
var (
	directoryName = tag.Tag(4).ContextSpecific().Constructed()
	uriName       = tag.Tag(6).ContextSpecific()
)

func addURI(b *cryptobyte.Builder, uri string) {
	b.AddASN1(uriName, func(b *cryptobyte.Builder) { b.AddBytes([]byte(uri)) })
}

// encode runs a builder to its bytes.
func encode(build func(*cryptobyte.Builder)) ([]byte, error) {
	var b cryptobyte.Builder
	build(&b)
	return b.Bytes()
}

// keyIdentifier is the SHA-1 of the public key's bits (RFC 5280 §4.2.1.2 (1)).
func keyIdentifier(pub crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, err
	}
	var info, algorithm cryptobyte.String
	var bits asn1.BitString
	s := cryptobyte.String(der)
	if !s.ReadASN1(&info, tag.SEQUENCE) || !info.ReadASN1(&algorithm, tag.SEQUENCE) || !info.ReadASN1BitString(&bits) {
		return nil, asn1.StructuralError{Msg: "not a SubjectPublicKeyInfo"}
	}
	sum := sha1.Sum(bits.Bytes)
	return sum[:], nil
}

// addTime appends a Time: UTCTime through 2049, GeneralizedTime from 2050
// (RFC 5280 §4.1.2.5).
func addTime(b *cryptobyte.Builder, t time.Time) {
	t = t.UTC()
	if t.Year() < 2050 {
		b.AddASN1UTCTime(t)
		return
	}
	b.AddASN1GeneralizedTime(t)
}
