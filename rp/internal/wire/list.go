package wire

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// RevocationList is a CertificateList (RFC 5280 §5.1) as it was read.
type RevocationList struct {
	ThisUpdate, NextUpdate time.Time
	Issuer                 []byte // DER of the Name
	KeyID                  []byte // of the authorityKeyIdentifier
	Entries                []ListEntry
	// Long has the entries whose serial number has more than eight octets.
	Long      map[jpki.SerialNumber]ListEntry
	Digest    [sha256.Size]byte // of tbsCertList
	Signature []byte
}

// ListEntry is one revoked certificate in 16 octets. Serial numbers of the
// service have four octets or so.
type ListEntry struct {
	Serial uint64
	What   uint64 // seconds since 1970 << 8 | reason
}

// Reason gives the reason of the revocation.
func (e ListEntry) Reason() jpki.Reason { return jpki.Reason(e.What & 0xff) }

// At gives the time of the revocation.
func (e ListEntry) At() time.Time { return time.Unix(int64(e.What>>8), 0).UTC() }

// listParser reads a list part by part.
type listParser struct {
	stream *derStream
	list   *RevocationList
}

// maxListPart bounds everything in a list except its entries together.
const maxListPart = 8 << 10

// ReadList reads the DER of a full list of at most max octets in one pass,
// without holding it in memory.
func ReadList(from io.Reader, max int64) (*RevocationList, error) {
	p := &listParser{stream: newDERStream(from, max), list: &RevocationList{}}
	if err := p.read(); err != nil {
		return nil, err
	}
	return p.list, nil
}

func (p *listParser) read() *Refusal {
	s := p.stream
	whole := s.enter(TagSequence, "CertificateList")
	end := s.enterHashed(TagSequence, "tbsCertList")
	p.readHead()
	if s.at(TagSequence) && s.offset < end {
		entries := s.enter(TagSequence, "revokedCertificates")
		for s.offset < entries && s.fail == nil {
			p.readEntry(s.part(TagSequence, maxListPart, "entry"))
		}
		s.must(s.offset == entries, "entries that end with their list", "an entry over its end")
	}
	if s.fail == nil && s.offset < end {
		p.readExtensions(s.part(TagContextIn, maxListPart, "crlExtensions"))
	}
	s.must(s.offset == end, "tbsCertList to its end", "more")
	p.list.Digest = s.digest()
	algorithm := s.part(TagSequence, maxListPart, "signatureAlgorithm")
	algorithm.wantAlgorithm("signature algorithm", "SHA-256 with RSA", OIDSHA256WithRSA)
	s.took(algorithm)
	signature := s.part(TagBitString, maxListPart, "signature")
	p.list.Signature = bytes.Clone(signature.bits("signature"))
	s.took(signature)
	s.must(s.offset == whole, "CertificateList to its end", "more")
	s.finish()
	return s.fail
}

// readHead reads what stands before the entries.
func (p *listParser) readHead() {
	s := p.stream
	version := s.part(TagInteger, maxListPart, "version")
	if v := version.small(TagInteger, "version"); v != 1 {
		version.refuse("version 2 (1)", fmt.Sprint(v))
	}
	s.took(version)
	algorithm := s.part(TagSequence, maxListPart, "signature")
	algorithm.wantAlgorithm("signature algorithm", "SHA-256 with RSA", OIDSHA256WithRSA)
	s.took(algorithm)
	issuer := s.part(TagSequence, maxListPart, "issuer")
	p.list.Issuer = bytes.Clone(issuer.rest)
	for _, at := range []*time.Time{&p.list.ThisUpdate, &p.list.NextUpdate} {
		t := s.part(0, maxListPart, "thisUpdate and nextUpdate")
		*at = t.time("thisUpdate and nextUpdate", true)
		s.took(t)
	}
}

// readEntry reads one revoked certificate.
func (p *listParser) readEntry(d *der) {
	in := d.enter(TagSequence, "entry")
	serial := in.integer(TagInteger, "userCertificate")
	at := in.time("revocationDate", true)
	reason := jpki.Unspecified
	if in.more() {
		reason = in.entryReason()
	}
	in.end("entry")
	if at.Unix() < 0 || len(serial) == 0 {
		d.refuse("an entry with a serial number and a time after 1970", "another")
	}
	p.stream.took(d)
	if d.failed() {
		return
	}
	e := ListEntry{What: uint64(at.Unix())<<8 | uint64(reason)}
	if len(serial) <= 8 {
		for _, o := range serial {
			e.Serial = e.Serial<<8 | uint64(o)
		}
		p.list.Entries = append(p.list.Entries, e)
		return
	}
	if p.list.Long == nil {
		p.list.Long = map[jpki.SerialNumber]ListEntry{}
	}
	p.list.Long[jpki.SerialNumber(fmt.Sprintf("%X", serial))] = e
}

// entryReason reads crlEntryExtensions, of which the reason counts.
func (d *der) entryReason() (reason jpki.Reason) {
	reason = jpki.Unspecified
	seen := false
	list := d.enter(TagSequence, "crlEntryExtensions")
	for list.more() {
		e := list.extension("extension of an entry")
		switch {
		case e.oid == OIDReasonCode && !seen:
			value := der{rest: e.value, fail: d.fail}
			reason, seen = value.reason(), true
			value.end("CRLReason")
		case e.oid == OIDReasonCode || e.critical:
			list.refuse("one reason and only critical entry extensions that are understood", Dotted(e.oid))
		}
	}
	return reason
}

// readExtensions reads crlExtensions. A list that is not the whole list (a
// delta, some reasons, other issuers' certificates) is refused: what is not in
// it would be taken for unchanged.
func (p *listParser) readExtensions(d *der) {
	d.inside(TagContextIn, "crlExtensions", func(d *der) {
		for _, e := range d.extensions("crlExtensions") {
			value := &der{rest: e.value, fail: d.fail}
			switch {
			case e.oid == OIDAuthorityKeyID:
				value.inside(TagSequence, "authorityKeyIdentifier", func(d *der) {
					_, id := d.element(TagContext, "keyIdentifier")
					p.list.KeyID = bytes.Clone(id)
					d.rest = nil
				})
			case e.oid == OIDIssuingDistribution:
				value.inside(TagSequence, "issuingDistributionPoint", func(d *der) {
					for d.more() {
						if !d.at(TagContextIn) && !d.at(TagContext+1) {
							d.refuse("a list of all reasons and of this CA's user certificates", "a part of it")
						}
						d.element(0, "issuingDistributionPoint")
					}
				})
			case e.critical:
				d.refuse("only critical extensions that are understood", Dotted(e.oid))
			}
		}
	})
	p.stream.took(d)
}
