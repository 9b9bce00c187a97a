package ocsp

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// Status is the outermost status of an answer (OCSPResponseStatus).
type Status uint8

// The statuses other than successful.
const (
	MalformedRequest Status = 1
	InternalError    Status = 2
	TryLater         Status = 3
	Unauthorized     Status = 6
)

// Failure gives an answer that carries a status and nothing else; it is not
// signed.
func Failure(s Status) []byte { return []byte{0x30, 0x03, 0x0A, 0x01, byte(s)} }

// CertStatus is what is said of one certificate.
type CertStatus uint8

// The certificate statuses.
const (
	Unknown CertStatus = iota
	Good
	Revoked
)

// Single is the answer for one CertID. RevokedAt and Reason (CRLReason of RFC
// 5280; 0 is not written) count for Revoked only.
type Single struct {
	CertID    []byte // the DER element of the request
	Status    CertStatus
	RevokedAt time.Time
	Reason    int
}

// Answer is what is signed. Times are written in whole seconds.
type Answer struct {
	ProducedAt time.Time
	ThisUpdate time.Time
	NextUpdate time.Time
	Singles    []Single
	Nonce      []byte // nil for none
}

// Variants is how many spellings of one issuer a CertID can have here: five hash
// functions, each with NULL parameters or none.
const Variants = 10

// Responder knows the parts of every answer that never change.
type Responder struct {
	issuers   [Variants][]byte // the usual ones first
	hashes    [Variants][]byte // their AlgorithmIdentifiers
	keyHash   []byte           // SHA-1 of the responder's key
	algorithm []byte           // signatureAlgorithm, DER
	certs     []byte           // [0] certs, DER
}

var (
	oidSHA1            = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidSHA224          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 4}
	oidSHA384          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidSHA512          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
	oidSHA256          = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA256WithRSA   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidECDSAWithSHA256 = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}

	// basicType is the DER of id-pkix-ocsp-basic.
	basicType = []byte{0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01}
)

// NewResponder prepares the answers about certificates of one issuer, signed
// by a delegated responder.
func NewResponder(issuer, responder *x509.Certificate) (*Responder, error) {
	issuerKey, err := keyBits(issuer)
	if err != nil {
		return nil, err
	}
	ownKey, err := keyBits(responder)
	if err != nil {
		return nil, err
	}
	own := sha1.Sum(ownKey)
	r := &Responder{keyHash: own[:]}
	for i, h := range hashFunctions() {
		for j, null := range []bool{true, false} {
			var algorithm, rest cryptobyte.Builder
			addAlgorithm(&algorithm, h.oid, null)
			rest.AddASN1OctetString(h.sum(issuer.RawSubject))
			rest.AddASN1OctetString(h.sum(issuerKey))
			names, err := rest.Bytes()
			if err != nil {
				return nil, err
			}
			if r.hashes[2*i+j], err = algorithm.Bytes(); err != nil {
				return nil, err
			}
			r.issuers[2*i+j] = slices.Concat(r.hashes[2*i+j], names)
		}
	}
	var algorithm, certs cryptobyte.Builder
	if _, ec := responder.PublicKey.(*ecdsa.PublicKey); ec {
		addAlgorithm(&algorithm, oidECDSAWithSHA256, false)
	} else {
		addAlgorithm(&algorithm, oidSHA256WithRSA, true)
	}
	certs.AddASN1(context0, func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(responder.Raw) })
	})
	if r.algorithm, err = algorithm.Bytes(); err != nil {
		return nil, err
	}
	r.certs, err = certs.Bytes()
	return r, err
}

// hashFunction is a hash function by which a CertID may name an issuer.
type hashFunction struct {
	oid asn1.ObjectIdentifier
	sum func([]byte) []byte
}

func hashFunctions() [Variants / 2]hashFunction {
	return [...]hashFunction{
		{oidSHA1, func(b []byte) []byte { s := sha1.Sum(b); return s[:] }},
		{oidSHA256, func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }},
		{oidSHA384, func(b []byte) []byte { s := sha512.Sum384(b); return s[:] }},
		{oidSHA512, func(b []byte) []byte { s := sha512.Sum512(b); return s[:] }},
		{oidSHA224, func(b []byte) []byte { s := sha256.Sum224(b); return s[:] }},
	}
}

func keyBits(c *x509.Certificate) ([]byte, error) {
	var info, algorithm cryptobyte.String
	var bits asn1.BitString
	s := cryptobyte.String(c.RawSubjectPublicKeyInfo)
	if !s.ReadASN1(&info, tag.SEQUENCE) || !info.ReadASN1(&algorithm, tag.SEQUENCE) || !info.ReadASN1BitString(&bits) {
		return nil, asn1.StructuralError{Msg: "not a SubjectPublicKeyInfo"}
	}
	return bits.Bytes, nil
}

func addAlgorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, null bool) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if null {
			b.AddASN1NULL()
		}
	})
}

// Reads reports whether a CertID is in one of the hash functions known here. Of
// another one nobody can tell whom it names: "unknown" would be a lie.
func (r *Responder) Reads(id CertID) bool {
	return slices.ContainsFunc(r.hashes[:], func(algorithm []byte) bool { return bytes.HasPrefix(id.issuer, algorithm) })
}

// Match tells whether a CertID names a certificate of the issuer, and in which
// of the spellings. The serial number is 0 if it does not fit 64 bits: no
// certificate here has it.
func (r *Responder) Match(id CertID) (variant int, serial uint64, ok bool) {
	for i, issuer := range r.issuers {
		if !bytes.Equal(id.issuer, issuer) {
			continue
		}
		if len(id.Serial) > 8 {
			return i, 0, true
		}
		for _, c := range id.Serial {
			serial = serial<<8 | uint64(c)
		}
		return i, serial, true
	}
	return 0, 0, false
}

// Data gives the ResponseData, which is what gets signed.
func (r *Responder) Data(a Answer) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(context2, func(b *cryptobyte.Builder) { b.AddASN1OctetString(r.keyHash) })
		b.AddASN1GeneralizedTime(a.ProducedAt.UTC())
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, s := range a.Singles {
				addSingle(b, s, a)
			}
		})
		if a.Nonce != nil {
			b.AddASN1(context1, func(b *cryptobyte.Builder) { addNonce(b, a.Nonce) })
		}
	})
	return b.Bytes()
}

func addSingle(b *cryptobyte.Builder, s Single, a Answer) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(s.CertID)
		switch s.Status {
		case Good:
			b.AddASN1(tag.Tag(0).ContextSpecific(), func(*cryptobyte.Builder) {})
		case Revoked:
			b.AddASN1(context1, func(b *cryptobyte.Builder) {
				b.AddASN1GeneralizedTime(s.RevokedAt.UTC())
				if s.Reason != 0 {
					b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(s.Reason)) })
				}
			})
		default:
			b.AddASN1(tag.Tag(2).ContextSpecific(), func(*cryptobyte.Builder) {})
		}
		b.AddASN1GeneralizedTime(a.ThisUpdate.UTC())
		b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddASN1GeneralizedTime(a.NextUpdate.UTC()) })
	})
}

func addNonce(b *cryptobyte.Builder, nonce []byte) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidNonce)
			b.AddASN1(tag.OCTET_STRING, func(b *cryptobyte.Builder) { b.AddASN1OctetString(nonce) })
		})
	})
}

// Signed joins ResponseData, algorithm and signature: the part of an answer
// that is worth keeping, about a quarter of it.
func (r *Responder) Signed(data, signature []byte) []byte {
	out := make([]byte, 0, len(data)+len(r.algorithm)+len(signature)+8)
	out = append(append(out, data...), r.algorithm...)
	out = appendHeader(out, 0x03, len(signature)+1)
	return append(append(out, 0), signature...)
}

// AppendResponse appends the whole answer for a signed part, with the responder's
// certificate.
func (r *Responder) AppendResponse(out, signed []byte) []byte {
	basic := len(signed) + len(r.certs)
	octets := basic + headerLen(basic)
	bytesLen := len(basicType) + octets + headerLen(octets)
	explicit := bytesLen + headerLen(bytesLen)
	whole := 3 + explicit + headerLen(explicit)
	out = slices.Grow(out, whole+headerLen(whole))
	out = append(appendHeader(out, 0x30, whole), 0x0A, 0x01, 0x00)
	out = append(appendHeader(appendHeader(out, 0xA0, explicit), 0x30, bytesLen), basicType...)
	out = appendHeader(appendHeader(out, 0x04, octets), 0x30, basic)
	return append(append(out, signed...), r.certs...)
}

// appendHeader appends the tag and length of a DER element of less than 16 MB.
func appendHeader(b []byte, t byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(b, t, byte(n))
	case n < 0x100:
		return append(b, t, 0x81, byte(n))
	case n < 0x10000:
		return append(b, t, 0x82, byte(n>>8), byte(n))
	}
	return append(b, t, 0x83, byte(n>>16), byte(n>>8), byte(n))
}

func headerLen(n int) int {
	switch {
	case n < 0x80:
		return 2
	case n < 0x100:
		return 3
	case n < 0x10000:
		return 4
	}
	return 5
}
