package rp

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"os"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// The story's times.
func storyTime(text string) time.Time { return must(time.Parse(time.RFC3339, text)) }

var (
	storyNow   = storyTime("2026-04-01T03:00:00Z")
	storyIssue = storyTime("2025-10-27T03:00:00Z")
	storyEnd   = storyTime("2030-02-17T14:59:59Z")
)

// testKey reads one of the published keys in testdata/keys.
func testKey(name string) *rsa.PrivateKey {
	block, _ := pem.Decode(must(os.ReadFile("testdata/keys/" + name + ".pem")))
	return must(x509.ParsePKCS1PrivateKey(block.Bytes))
}

// testECKey reads one of the published keys on an elliptic curve.
func testECKey(name string) *ecdsa.PrivateKey {
	block, _ := pem.Decode(must(os.ReadFile("testdata/keys/" + name + ".pem")))
	return must(x509.ParseECPrivateKey(block.Bytes))
}

func (c certSpec) spki() []byte {
	if c.ecKey != nil {
		return must(x509.MarshalPKIXPublicKey(&c.ecKey.PublicKey))
	}
	return must(x509.MarshalPKIXPublicKey(&c.key.PublicKey))
}

func keyBits(key *rsa.PrivateKey) []byte { return x509.MarshalPKCS1PublicKey(&key.PublicKey) }

func keyID(key *rsa.PrivateKey) []byte { return shaOne(keyBits(key)) }

// rdn writes a relative distinguished name; C is a PrintableString, as the
// profile has it.
func rdn(attribute, value string) []byte {
	tag := byte(asn1.TagUTF8String)
	if attribute == "2.5.4.6" {
		tag = asn1.TagPrintableString
	}
	return set(seq(oid(attribute), tlv(tag, []byte(value))))
}

// caName is the name that all generations of a CA share.
func caName(organization string, kind jpki.Kind) []byte {
	return seq(rdn("2.5.4.6", "JP"), rdn("2.5.4.10", organization), rdn("2.5.4.11", kind.OrganizationalUnit()),
		rdn("2.5.4.11", "Japan Agency for Local Authority Information Systems"))
}

// ext is one extension; critical ones are written with TRUE.
type ext struct {
	oid      string
	critical bool
	value    []byte
}

func (e ext) der() []byte {
	parts := [][]byte{oid(e.oid)}
	if e.critical {
		parts = append(parts, tlv(wire.TagBoolean, []byte{0xff}))
	}
	return seq(append(parts, octets(e.value))...)
}

// certSpec is a certificate to be made.
type certSpec struct {
	serial              int64
	issuer, subject     []byte
	notBefore, notAfter time.Time
	key                 *rsa.PrivateKey
	ecKey               *ecdsa.PrivateKey // instead of key
	extensions          []ext
	signer              *rsa.PrivateKey
	sha1                bool
	spoil               bool   // the signature
	made                []byte // the DER, if it was made before
}

func (c certSpec) der() []byte {
	if c.made != nil {
		return c.made
	}
	alg, makeSignature := algorithm(wire.OIDSHA256WithRSA), sign
	if c.sha1 {
		alg, makeSignature = seq(oid("1.2.840.113549.1.1.5"), tlv(wire.TagNull)), signSHA1
	}
	var extensions [][]byte
	for _, e := range c.extensions {
		extensions = append(extensions, e.der())
	}
	tbs := seq(tlv(wire.TagContextIn, number(2)), number(c.serial), alg, c.issuer, seq(utc(c.notBefore), utc(c.notAfter)), c.subject,
		c.spki(), tlv(wire.TagContextIn+3, seq(extensions...)))
	signature := makeSignature(c.signer, tbs)
	if c.spoil {
		signature = flip(signature)
	}
	return seq(tbs, alg, bitString(signature))
}

// without drops an extension; with replaces or adds one.
func (c *certSpec) without(id string) {
	c.extensions = slices.DeleteFunc(slices.Clone(c.extensions), func(e ext) bool { return e.oid == id })
}

func (c *certSpec) with(e ext) {
	c.extensions = slices.Clone(c.extensions)
	for i := range c.extensions {
		if c.extensions[i].oid == e.oid {
			c.extensions[i] = e
			return
		}
	}
	c.extensions = append(c.extensions, e)
}

func keyUsage(bits ...byte) ext { return ext{"2.5.29.15", true, tlv(wire.TagBitString, bits)} }

func policies(text string) ext {
	cps := seq(oid("1.3.6.1.5.5.7.2.1"), tlv(asn1.TagIA5String, []byte("http://www.jpki.go.jp/cps.html")))
	return ext{"2.5.29.32", true, seq(seq(oid(text), seq(cps)))}
}

func purposes(ids ...string) ext {
	var list [][]byte
	for _, id := range ids {
		list = append(list, oid(id))
	}
	return ext{"2.5.29.37", false, seq(list...)}
}

func authorityKeyID(id []byte) ext { return ext{"2.5.29.35", false, seq(tlv(wire.TagContext, id))} }

func subjectKeyID(key *rsa.PrivateKey) ext { return ext{"2.5.29.14", false, octets(keyID(key))} }

func directoryName(name []byte) []byte { return tlv(wire.TagContextIn+4, name) }

// newCA is a self-signed CA of the profile.
func newCA(kind jpki.Kind, key *rsa.PrivateKey, serial int64, from, to string) certSpec {
	name := caName("JPKI-MOCK", kind)
	return certSpec{serial: serial, issuer: name, subject: name, notBefore: storyTime(from), notAfter: storyTime(to), key: key, signer: key,
		extensions: []ext{
			keyUsage(1, 0x06),
			{"2.5.29.19", true, seq(tlv(wire.TagBoolean, []byte{0xff}))},
			subjectKeyID(key),
		}}
}

// newHolder is a certificate of the profile, with nothing wrong.
func newHolder(kind jpki.Kind, serial int64, key, ca *rsa.PrivateKey) certSpec {
	subject := seq(rdn("2.5.4.6", "JP"), rdn("2.5.4.7", "Aoba-ken"), rdn("2.5.4.7", "Mihon-shi"), rdn("2.5.4.3", "2025102712000000001992010001"))
	usage := keyUsage(6, 0xc0)
	if kind == jpki.UserAuthentication {
		subject = seq(rdn("2.5.4.6", "JP"), rdn("2.5.4.3", "997794E9AGCIEG99201003A"))
		usage = keyUsage(7, 0x80)
	}
	point := seq(rdn("2.5.4.6", "JP"), rdn("2.5.4.10", "JPKI-MOCK"), rdn("2.5.4.11", kind.OrganizationalUnit()),
		rdn("2.5.4.11", "CRL Distribution Points"), rdn("2.5.4.11", "Aoba-ken"), rdn("2.5.4.3", "Mihon-shi CRLDP"))
	c := certSpec{serial: serial, issuer: caName("JPKI-MOCK", kind), subject: subject, notBefore: storyIssue, notAfter: storyEnd, key: key, signer: ca}
	c.extensions = append(c.extensions, usage)
	if kind == jpki.DigitalSignature {
		c.extensions = append(c.extensions, ext{"2.5.29.17", false, holderNames()})
	}
	c.extensions = append(c.extensions, policies(kind.Policy().String()),
		ext{"2.5.29.18", false, seq(directoryName(seq(rdn("2.5.4.6", "JP"), rdn("2.5.4.10", "公的個人認証サービス"))))},
		ext{"2.5.29.31", false, seq(seq(tlv(wire.TagContextIn, tlv(wire.TagContextIn, directoryName(point)))))},
		authorityKeyID(keyID(ca)), subjectKeyID(key))
	if kind == jpki.UserAuthentication {
		c.extensions = append(c.extensions, purposes("1.3.6.1.5.5.7.3.2"))
	}
	return c
}

// holderNames is the subjectAltName of the story's person.
func holderNames() []byte { return namesBornOn(jpki.DateOfBirthOn(1980, time.February, 17)) }

// namesBornOn is the subjectAltName of the person with another date of birth.
func namesBornOn(day jpki.DateOfBirth) []byte {
	return must(jpki.NewBasicFour("見本　花子", day, jpki.Female, "青葉県みほん市一番町1-1").MarshalSubjectAltName())
}

// newResponder is a delegated OCSP responder's certificate.
func newResponder(kind jpki.Kind, key, ca *rsa.PrivateKey) certSpec {
	return certSpec{serial: 2, issuer: caName("JPKI-MOCK", kind),
		subject:   seq(rdn("2.5.4.6", "JP"), rdn("2.5.4.10", "JPKI-MOCK"), rdn("2.5.4.3", "OCSP responder "+strings.ToUpper(kind.String()[:1]))),
		notBefore: storyTime("2018-03-31T15:00:00Z"), notAfter: storyTime("2048-03-31T14:59:59Z"), key: key, signer: ca,
		extensions: []ext{
			keyUsage(7, 0x80), {"2.5.29.37", true, seq(oid("1.3.6.1.5.5.7.3.9"))},
			{"1.3.6.1.5.5.7.48.1.5", false, tlv(wire.TagNull)}, authorityKeyID(keyID(ca)), subjectKeyID(key),
		}}
}

// newECResponder is a responder whose key is on an elliptic curve.
func newECResponder(kind jpki.Kind, key *ecdsa.PrivateKey, ca *rsa.PrivateKey) certSpec {
	c := newResponder(kind, ca, ca)
	c.serial, c.key, c.ecKey = 3, nil, key
	c.with(ext{"2.5.29.14", false, octets(shaOne(must(key.PublicKey.Bytes())))})
	return c
}
