package ca

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// A CRL says of itself that the next one comes within a day, and is replaced
// after half of one, or as soon as it is asked for and something has changed.
const (
	crlLifetime = 24 * time.Hour
	crlRenewal  = 12 * time.Hour
)

// CRL is a published certificate revocation list (失効情報ファイル) in DER.
type CRL struct {
	DER        []byte
	Number     int64
	ThisUpdate time.Time
	NextUpdate time.Time
	// SameSecond says that another list of the same ThisUpdate went before.
	SameSecond bool
}

// publishedCRL is the last one made since the start, and what it is a picture
// of.
type publishedCRL struct {
	mu      sync.Mutex
	last    CRL
	version uint64
}

// CRL gives the full CRL as of now: every revoked or suspended certificate,
// with time and reason. Nothing recorded before the call is missing in it. Its
// number is on the disk before it is given out.
func (c *CA) CRL(ctx context.Context, now time.Time) (CRL, error) {
	c.crl.mu.Lock()
	defer c.crl.mu.Unlock()
	last := c.crl.last
	fresh := !now.Before(last.ThisUpdate) && now.Before(last.ThisUpdate.Add(crlRenewal))
	if last.DER != nil && fresh && c.crl.version == c.table.currentVersion() {
		return last, nil
	}
	previous, err := c.store.Publication(ctx, c.kind)
	if err != nil {
		return CRL{}, err
	}
	// A certificate that expired after the previous CRL is listed once more
	// (RFC 5280 §3.3).
	keepFrom := previous.ThisUpdate
	if keepFrom.IsZero() || keepFrom.After(now) {
		keepFrom = now
	}
	list, version := c.table.unavailableSince(keepFrom)
	next := CRL{Number: previous.Number + 1, ThisUpdate: now, NextUpdate: now.Add(crlLifetime), SameSecond: previous.ThisUpdate.Equal(now)}
	if next.DER, err = c.signCRL(next, list); err != nil {
		return CRL{}, err
	}
	if err := c.store.Publish(ctx, Publication{Kind: c.kind, Number: next.Number, ThisUpdate: now}); err != nil {
		return CRL{}, err
	}
	c.crl.last, c.crl.version = next, version
	return next, nil
}

// sha256WithRSA is the AlgorithmIdentifier of the CA's signatures.
var sha256WithRSA = []byte{0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0x00}

// signCRL writes a CertificateList. The lengths are counted first, so that a
// list of a million is written once, straight into its place.
func (c *CA) signCRL(l CRL, list []unavailable) ([]byte, error) {
	head, err := encode(func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1) // v2
		b.AddBytes(sha256WithRSA)
		b.AddBytes(c.cert.RawSubject)
		addTime(b, l.ThisUpdate)
		addTime(b, l.NextUpdate)
	})
	if err != nil {
		return nil, err
	}
	tail, err := encode(func(b *cryptobyte.Builder) { addCRLExtensions(b, c.cert.SubjectKeyId, l.Number) })
	if err != nil {
		return nil, err
	}
	entries := 0
	for _, u := range list {
		entries += u.length()
	}
	content := len(head) + len(tail)
	if len(list) > 0 {
		content += headerLength(entries) + entries
	}
	tbsLength := headerLength(content) + content
	size := c.key.Public().(interface{ Size() int }).Size()
	signatureLength := headerLength(size+1) + size + 1
	whole := tbsLength + len(sha256WithRSA) + signatureLength

	out := appendHeader(make([]byte, 0, headerLength(whole)+whole), 0x30, whole)
	start := len(out)
	out = append(appendHeader(out, 0x30, content), head...)
	if len(list) > 0 { // an empty list is left out (RFC 5280 §5.1.2.6)
		out = appendHeader(out, 0x30, entries)
		for _, u := range list {
			out = u.appendTo(out)
		}
	}
	out = append(out, tail...)
	signature, err := signDigest(c.key, sha256.Sum256(out[start:]))
	if err != nil {
		return nil, err
	}
	out = append(out, sha256WithRSA...)
	out = append(appendHeader(out, 0x03, len(signature)+1), 0)
	return append(out, signature...), nil
}

func addCRLExtensions(b *cryptobyte.Builder, keyID []byte, number int64) {
	b.AddASN1(tag.Tag(0).ContextSpecific().Constructed(), func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidAuthorityKeyIdentifier)
				b.AddASN1(tag.OCTET_STRING, authorityKeyIdentifier(keyID))
			})
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidCRLNumber)
				b.AddASN1(tag.OCTET_STRING, func(b *cryptobyte.Builder) { b.AddASN1Int64(number) })
			})
		})
	})
}

// reasonExtension is crlEntryExtensions with a reasonCode; the last octet is
// the reason.
var reasonExtension = []byte{0x30, 0x0C, 0x30, 0x0A, 0x06, 0x03, 0x55, 0x1D, 0x15, 0x04, 0x03, 0x0A, 0x01}

const utcTimeLength = 2 + 13 // UTCTime YYMMDDHHMMSSZ; GeneralizedTime has two more

func (u unavailable) contentLength() int {
	n := 2 + integerLength(u.serial) + utcTimeLength
	if u.year() >= 2050 {
		n += 2
	}
	if u.reason != 0 { // unspecified is left out (RFC 5280 §5.3.1)
		n += len(reasonExtension) + 1
	}
	return n
}

func (u unavailable) length() int { n := u.contentLength(); return headerLength(n) + n }

func (u unavailable) year() int { return time.Unix(int64(u.since), 0).UTC().Year() }

// appendTo appends one revokedCertificate.
func (u unavailable) appendTo(b []byte) []byte {
	b = appendHeader(b, 0x30, u.contentLength())
	n := integerLength(u.serial)
	b = append(b, 0x02, byte(n))
	for i := n - 1; i >= 0; i-- {
		b = append(b, byte(u.serial>>(8*i)))
	}
	t := time.Unix(int64(u.since), 0).UTC()
	if t.Year() >= 2050 {
		b = t.AppendFormat(append(b, 0x18, 15), "20060102150405Z")
	} else {
		b = t.AppendFormat(append(b, 0x17, 13), "060102150405Z")
	}
	if u.reason != 0 {
		b = append(append(b, reasonExtension...), u.reason)
	}
	return b
}

// integerLength is the number of octets of a positive INTEGER. A serial number
// here is below 2^63.
func integerLength(n uint64) int {
	length := 1
	for n > 0x7F {
		length++
		n >>= 8
	}
	return length
}

// appendHeader appends the tag and length of a DER element.
func appendHeader(b []byte, t byte, n int) []byte {
	b = append(b, t)
	if n < 0x80 {
		return append(b, byte(n))
	}
	octets := headerLength(n) - 2
	b = append(b, 0x80|byte(octets))
	for i := octets - 1; i >= 0; i-- {
		b = append(b, byte(n>>(8*i)))
	}
	return b
}

// headerLength is the number of octets of the tag and length of an element of
// n octets.
func headerLength(n int) int {
	if n < 0x80 {
		return 2
	}
	length := 2
	for ; n > 0; n >>= 8 {
		length++
	}
	return length
}
