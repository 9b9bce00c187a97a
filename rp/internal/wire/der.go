package wire

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math"
	"time"
)

// Tags of the values that the kit reads (X.690 §8.1.2, class and form
// included).
const (
	TagBoolean         = 0x01
	TagInteger         = 0x02
	TagBitString       = 0x03
	TagOctetString     = 0x04
	TagNull            = 0x05
	TagOID             = 0x06
	TagEnumerated      = 0x0a
	TagUTCTime         = 0x17
	TagGeneralizedTime = 0x18
	TagSequence        = 0x30
	TagSet             = 0x31
	TagContext         = 0x80 // [0] primitive
	TagContextIn       = 0xa0 // [0] constructed
)

// The object identifiers, as the octets that follow tag and length.
const (
	OIDData                = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"         // 1.2.840.113549.1.7.1
	OIDSignedData          = "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"         // 1.2.840.113549.1.7.2
	OIDContentType         = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03"         // 1.2.840.113549.1.9.3
	OIDMessageDigest       = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04"         // 1.2.840.113549.1.9.4
	OIDSigningTime         = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x05"         // 1.2.840.113549.1.9.5
	OIDSigningCertificate2 = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x2f" // 1.2.840.113549.1.9.16.2.47
	OIDRSA                 = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"         // 1.2.840.113549.1.1.1
	OIDSHA256WithRSA       = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"         // 1.2.840.113549.1.1.11
	OIDECDSAWithSHA256     = "\x2a\x86\x48\xce\x3d\x04\x03\x02"             // 1.2.840.10045.4.3.2
	OIDSHA256              = "\x60\x86\x48\x01\x65\x03\x04\x02\x01"         // 2.16.840.1.101.3.4.2.1
	OIDOCSPBasic           = "\x2b\x06\x01\x05\x05\x07\x30\x01\x01"         // 1.3.6.1.5.5.7.48.1.1
	OIDOCSPNonce           = "\x2b\x06\x01\x05\x05\x07\x30\x01\x02"         // 1.3.6.1.5.5.7.48.1.2
	OIDOCSPNoCheck         = "\x2b\x06\x01\x05\x05\x07\x30\x01\x05"         // 1.3.6.1.5.5.7.48.1.5
	OIDCRLNumber           = "\x55\x1d\x14"                                 // 2.5.29.20
	OIDReasonCode          = "\x55\x1d\x15"                                 // 2.5.29.21
	OIDIssuingDistribution = "\x55\x1d\x1c"                                 // 2.5.29.28
	OIDAuthorityKeyID      = "\x55\x1d\x23"                                 // 2.5.29.35
)

// der reads strict DER: definite lengths in the fewest octets, tag numbers
// below 31, nothing left over. Its first failure stays, and every read after
// it gives zero values, so that a parser reads like the ASN.1 it parses.
type der struct {
	rest []byte
	fail *failure
}

// failure is shared by a der and the ders inside it.
type failure struct{ err *Refusal }

func newDER(b []byte) *der { return &der{rest: b, fail: &failure{}} }

// err gives the failure as an error, nil if there is none.
func (d *der) err() error {
	if d.fail.err == nil {
		return nil
	}
	return d.fail.err
}

func (d *der) failed() bool { return d.fail.err != nil }

// refuse notes the first failure, as ErrMalformed.
func (d *der) refuse(expected, found string) { d.refuseAs(ErrMalformed, expected, found) }

// refuseAs notes the first failure under another name.
func (d *der) refuseAs(rule error, expected, found string) {
	if d.fail.err == nil {
		d.fail.err = &Refusal{Expected: expected, Found: found, Err: rule}
	}
	d.rest = nil
}

// more reports whether anything is left to read.
func (d *der) more() bool { return !d.failed() && len(d.rest) > 0 }

// at reports whether the next value has this tag.
func (d *der) at(tag byte) bool { return d.more() && d.rest[0] == tag }

// header gives the lengths of the next value's header and content, or ok false.
func header(b []byte) (head, content int, ok bool) {
	if len(b) < 2 || b[0]&0x1f == 0x1f {
		return 0, 0, false
	}
	n := int(b[1])
	if n < 0x80 {
		return 2, n, true
	}
	octets := n & 0x7f
	if octets == 0 || octets > 4 || len(b) < 2+octets || b[2] == 0 {
		return 0, 0, false
	}
	n = 0
	for _, o := range b[2 : 2+octets] {
		n = n<<8 | int(o)
	}
	return 2 + octets, n, n >= 0x80 && n <= math.MaxInt32
}

// element reads the next value: whole with its header, and its content.
func (d *der) element(tag byte, what string) (full, content []byte) {
	if d.failed() {
		return nil, nil
	}
	if len(d.rest) == 0 {
		d.refuse(what, "the end")
		return nil, nil
	}
	if tag != 0 && d.rest[0] != tag {
		d.refuse(fmt.Sprintf("%s (tag %02X)", what, tag), fmt.Sprintf("tag %02X", d.rest[0]))
		return nil, nil
	}
	head, n, ok := header(d.rest)
	if !ok || n > len(d.rest)-head {
		d.refuse(what+" in DER", "a length that is not DER or runs over the end")
		return nil, nil
	}
	full, d.rest = d.rest[:head+n], d.rest[head+n:]
	return full, full[head:]
}

// enter gives the inside of a constructed value by itself, for the places
// where inside would be too slow. The caller ends it.
func (d *der) enter(tag byte, what string) der {
	_, content := d.element(tag, what)
	return der{rest: content, fail: d.fail}
}

// inside reads a constructed value to its last octet.
func (d *der) inside(tag byte, what string, read func(*der)) {
	_, content := d.element(tag, what)
	if d.failed() {
		return
	}
	in := &der{rest: content, fail: d.fail}
	read(in)
	if in.more() {
		d.refuse("the end of "+what, fmt.Sprintf("%d more octets", len(in.rest)))
	}
}

// end refuses anything that is left.
func (d *der) end(what string) {
	if d.more() {
		d.refuse("nothing after "+what, fmt.Sprintf("%d more octets", len(d.rest)))
	}
}

// oid reads an object identifier as its content octets.
func (d *der) oid(what string) string {
	_, content := d.element(TagOID, what)
	if len(content) == 0 || content[len(content)-1]&0x80 != 0 {
		d.refuse(what, "an object identifier that is cut off")
	}
	return string(content)
}

// wantOID reads an object identifier that must be the given one.
func (d *der) wantOID(want, what string) {
	if got := d.oid(what); got != want {
		d.refuse(what+" "+Dotted(want), Dotted(got))
	}
}

// integer reads a non-negative INTEGER or ENUMERATED of at most 20 octets, as
// its octets without a leading zero.
func (d *der) integer(tag byte, what string) []byte {
	_, c := d.element(tag, what)
	if d.failed() {
		return nil
	}
	switch {
	case len(c) == 0, len(c) > 21, len(c) == 21 && c[0] != 0, c[0] >= 0x80, len(c) > 1 && c[0] == 0 && c[1] < 0x80:
		d.refuse(what+", not negative, in the fewest octets, at most 20", fmt.Sprintf("octets %q", hex.EncodeToString(c[:min(len(c), 21)])))
		return nil
	}
	for len(c) > 0 && c[0] == 0 {
		c = c[1:]
	}
	return c
}

// small reads an INTEGER or ENUMERATED below 256.
func (d *der) small(tag byte, what string) int {
	c := d.integer(tag, what)
	switch len(c) {
	case 0:
		return 0
	case 1:
		return int(c[0])
	}
	d.refuse(what+" below 256", "octets "+hex.EncodeToString(c))
	return 0
}

// time reads UTCTime or GeneralizedTime in the forms of RFC 5280 §4.1.2.5:
// seconds, Z, no fraction.
func (d *der) time(what string, utcToo bool) time.Time {
	tag, digits := byte(TagGeneralizedTime), 14
	if utcToo && d.at(TagUTCTime) {
		tag, digits = TagUTCTime, 12
	}
	_, c := d.element(tag, what)
	if d.failed() {
		return time.Time{}
	}
	t, ok := timeOf(c, digits)
	if !ok {
		d.refuse(what+" as YYYYMMDDHHMMSSZ, in UTCTime YYMMDDHHMMSSZ", "another form of time")
	}
	return t
}

// timeOf reads 12 or 14 digits and Z. Two digits of a year are 1950 to 2049.
func timeOf(c []byte, digits int) (time.Time, bool) {
	if len(c) != digits+1 || c[digits] != 'Z' {
		return time.Time{}, false
	}
	pair := func(i int) int { return int(c[i]-'0')*10 + int(c[i+1]-'0') }
	for _, o := range c[:digits] {
		if o < '0' || o > '9' {
			return time.Time{}, false
		}
	}
	year, at := pair(0)*100+pair(2), digits-10
	if digits == 12 {
		if year = pair(0) + 2000; year >= 2050 {
			year -= 100
		}
	}
	month, day, hour, minute, second := pair(at), pair(at+2), pair(at+4), pair(at+6), pair(at+8)
	t := time.Date(year, time.Month(month), day, hour, minute, second, 0, time.UTC)
	// time.Date carries what is over; a time that exists comes back as given.
	return t, t.Month() == time.Month(month) && t.Day() == day && hour < 24 && minute < 60 && second < 60
}

// bits reads a BIT STRING of whole octets.
func (d *der) bits(what string) []byte {
	_, c := d.element(TagBitString, what)
	if d.failed() {
		return nil
	}
	if len(c) == 0 || c[0] != 0 {
		d.refuse(what+" of whole octets", "unused bits")
		return nil
	}
	return c[1:]
}

// algorithm reads an AlgorithmIdentifier, whose parameters must be NULL or
// absent, and gives its object identifier.
func (d *der) algorithm(what string) string {
	var id string
	d.inside(TagSequence, what, func(d *der) {
		id = d.oid(what)
		if d.more() {
			if _, c := d.element(TagNull, "no parameters of "+what); len(c) > 0 {
				d.refuse("NULL parameters of "+what, "octets in the NULL")
			}
		}
	})
	return id
}

// wantAlgorithm reads an AlgorithmIdentifier that must be one of those given.
func (d *der) wantAlgorithm(what, want string, oids ...string) string {
	id := d.algorithm(what)
	if d.failed() {
		return ""
	}
	for _, o := range oids {
		if id == o {
			return id
		}
	}
	d.refuseAs(ErrAlgorithm, what+" "+want, Dotted(id))
	return ""
}

// extension is one Extension of RFC 5280 §4.2.
type extension struct {
	oid      string
	critical bool
	value    []byte
}

// extensions reads Extensions: at least one, none twice.
func (d *der) extensions(what string) []extension {
	var list []extension
	in := d.enter(TagSequence, what)
	for in.more() {
		e := in.extension(what)
		for _, other := range list {
			if other.oid == e.oid {
				in.refuse("each extension once in "+what, Dotted(e.oid)+" twice")
			}
		}
		list = append(list, e)
	}
	return list
}

func (d *der) extension(what string) (e extension) {
	in := d.enter(TagSequence, what)
	e.oid = in.oid("identifier of an extension")
	if in.at(TagBoolean) {
		_, c := in.element(TagBoolean, "critical")
		if string(c) != "\xff" {
			in.refuse("critical TRUE as FF", fmt.Sprintf("octets %x", c[:min(len(c), 4)]))
		}
		e.critical = true
	}
	_, e.value = in.element(TagOctetString, "value of an extension")
	in.end("the value of an extension")
	return e
}

// Dotted writes the content octets of an object identifier with dots.
func Dotted(oid string) string {
	var id asn1.ObjectIdentifier
	full := append([]byte{TagOID, byte(len(oid))}, oid...)
	if len(oid) > 64 {
		return "a long object identifier"
	}
	if _, err := asn1.Unmarshal(full, &id); err != nil {
		return "no object identifier"
	}
	return id.String()
}
