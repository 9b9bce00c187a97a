package rp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// MaxCRL is the most octets of a CRL that are read, enough for some three
// million entries.
const MaxCRL = 128 << 20

// CRL is a certificate revocation list (失効リスト) that was read and verified.
// An entry takes 16 octets of memory. It may be used from any goroutine.
type CRL struct {
	Kind       jpki.Kind
	ThisUpdate time.Time
	NextUpdate time.Time
	entries    []crlEntry // sorted by serial
	long       map[jpki.SerialNumber]crlEntry
	now        func() time.Time
	skew       time.Duration
}

// crlEntry is one revoked certificate. Serial numbers of the service have four
// octets or so; one over eight is kept in a map instead.
type crlEntry struct {
	serial uint64
	what   uint64 // seconds since 1970 << 8 | reason
}

// Len gives the number of revoked and suspended certificates.
func (c *CRL) Len() int { return len(c.entries) + len(c.long) }

// Status tells what the list says of a serial number. A list names only what
// is revoked, so it cannot tell an unchanged certificate from one that was
// never issued: both are Unchanged. After NextUpdate it says nothing any more:
// ErrStatusStale.
func (c *CRL) Status(serial jpki.SerialNumber) (Status, error) {
	if now := c.now(); now.After(c.NextUpdate.Add(c.skew)) {
		return Status{}, &CheckError{Check: StatusCheck, Kind: c.Kind, Expected: fact("current_list", now), Found: fact("list_times", c.ThisUpdate, c.NextUpdate), Err: ErrStatusStale}
	}
	s := Status{Kind: c.Kind, Serial: serial, State: Unchanged, ProducedAt: c.ThisUpdate}
	e, found := c.long[serial]
	if n := serial.Big(); !found && n.IsUint64() {
		var i int
		i, found = slices.BinarySearchFunc(c.entries, n.Uint64(), func(e crlEntry, n uint64) int {
			switch {
			case e.serial < n:
				return -1
			case e.serial > n:
				return 1
			}
			return 0
		})
		if found {
			e = c.entries[i]
		}
	}
	if found {
		s.Reason, s.At = jpki.Reason(e.what&0xff), time.Unix(int64(e.what>>8), 0).UTC()
		s.State = stateOf(s.Reason)
	}
	return s, nil
}

// FetchCRL downloads and reads the list of a kind, from
// Config.AuthorityURL/crl/<kind>.crl. The time limit of Config.Client counts
// for the whole download.
func (v *Verifier) FetchCRL(ctx context.Context, kind jpki.Kind) (*CRL, error) {
	r := v.begin(VerbCheckStatus, kind)
	url := v.cfg.AuthorityURL + "/crl/" + kind.String() + ".crl"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil || v.cfg.AuthorityURL == "" {
		return nil, r.unavailable(ctx, fact("authority_address"), fact("none"), err)
	}
	req.Header.Set("Authorization", "Bearer "+v.cfg.Key)
	resp, err := v.cfg.Client.Do(req)
	if err != nil {
		return nil, r.unavailable(ctx, fact("crl", url), fact("no_answer"), err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return v.ReadCRL(ctx, resp.Body, kind)
	case http.StatusUnauthorized, http.StatusForbidden:
		return nil, r.require(ctx, false, StatusCheck, ErrNotAccredited, fact("crl", url), fact("http_status", resp.Status))
	}
	return nil, r.unavailable(ctx, fact("crl", url), fact("http_status", resp.Status), nil)
}

// ReadCRL reads the DER of a full CRL in one pass, without holding it in
// memory, and verifies that an anchor of the kind signed it and that it is of
// this time. Anything less gives no list.
func (v *Verifier) ReadCRL(ctx context.Context, from io.Reader, kind jpki.Kind) (*CRL, error) {
	r := v.begin(VerbCheckStatus, kind)
	p := &crlParser{stream: newDERStream(from, MaxCRL), list: &CRL{Kind: kind, now: v.cfg.Now, skew: v.cfg.ClockSkew}}
	if err := p.read(); err != nil {
		return nil, r.unavailable(ctx, err.Expected, err.Found, err.Err)
	}
	if err := r.crlIssuer(ctx, p); err != nil {
		return nil, err
	}
	list, now := p.list, r.record.At
	ok := !list.ThisUpdate.After(now.Add(v.cfg.ClockSkew)) && !list.NextUpdate.Before(now.Add(-v.cfg.ClockSkew))
	if err := r.require(ctx, ok, StatusCheck, ErrStatusStale, fact("current_list", now),
		fact("list_times", list.ThisUpdate, list.NextUpdate)); err != nil {
		return nil, err
	}
	bySerial := func(a, b crlEntry) int {
		switch {
		case a.serial < b.serial:
			return -1
		case a.serial > b.serial:
			return 1
		}
		return 0
	}
	if !slices.IsSortedFunc(list.entries, bySerial) {
		slices.SortFunc(list.entries, bySerial)
	}
	return list, nil
}

// crlIssuer checks that an anchor signed the list.
func (r *run) crlIssuer(ctx context.Context, p *crlParser) error {
	for _, a := range r.v.generations(r.record.Kind) {
		if !bytes.Equal(a.cert.RawSubject, p.issuer) || !bytes.Equal(a.cert.SubjectKeyId, p.keyID) {
			continue
		}
		ok := verifyRSA(a.cert, p.digest, p.signature)
		return r.require(ctx, ok, StatusCheck, ErrStatusResponder, fact("list_signature"), same(ok, fact("no_signature")))
	}
	return r.require(ctx, false, StatusCheck, ErrStatusResponder, fact("list_of_trusted_ca"), fact("authority_key", hex.EncodeToString(p.keyID)))
}

// crlParser reads a CertificateList (RFC 5280 §5.1).
type crlParser struct {
	stream    *derStream
	list      *CRL
	issuer    []byte
	keyID     []byte
	digest    [sha256.Size]byte
	signature []byte
}

// maxCRLPart bounds everything in a list that is no entry.
const maxCRLPart = 8 << 10

func (p *crlParser) read() *CheckError {
	s := p.stream
	whole := s.enter(tagSequence, "CertificateList")
	end := s.enterHashed(tagSequence, "tbsCertList")
	p.readHead()
	if s.at(tagSequence) && s.offset < end {
		entries := s.enter(tagSequence, "revokedCertificates")
		for s.offset < entries && s.fail == nil {
			p.readEntry(s.part(tagSequence, maxCRLPart, "entry"))
		}
		s.must(s.offset == entries, "entries that end with their list", "an entry over its end")
	}
	if s.fail == nil && s.offset < end {
		p.readExtensions(s.part(tagContextIn, maxCRLPart, "crlExtensions"))
	}
	s.must(s.offset == end, "tbsCertList to its end", "more")
	p.digest = s.digest()
	algorithm := s.part(tagSequence, maxCRLPart, "signatureAlgorithm")
	algorithm.wantAlgorithm("signature algorithm", "SHA-256 with RSA", oidSHA256WithRSA)
	s.took(algorithm)
	signature := s.part(tagBitString, maxCRLPart, "signature")
	p.signature = bytes.Clone(signature.bits("signature"))
	s.took(signature)
	s.must(s.offset == whole, "CertificateList to its end", "more")
	s.finish()
	return s.fail
}

// readHead reads what stands before the entries.
func (p *crlParser) readHead() {
	s := p.stream
	version := s.part(tagInteger, maxCRLPart, "version")
	if v := version.small(tagInteger, "version"); v != 1 {
		version.refuse("version 2 (1)", fmt.Sprint(v))
	}
	s.took(version)
	algorithm := s.part(tagSequence, maxCRLPart, "signature")
	algorithm.wantAlgorithm("signature algorithm", "SHA-256 with RSA", oidSHA256WithRSA)
	s.took(algorithm)
	issuer := s.part(tagSequence, maxCRLPart, "issuer")
	p.issuer = bytes.Clone(issuer.rest)
	for _, at := range []*time.Time{&p.list.ThisUpdate, &p.list.NextUpdate} {
		t := s.part(0, maxCRLPart, "thisUpdate and nextUpdate")
		*at = t.time("thisUpdate and nextUpdate", true)
		s.took(t)
	}
}

// readEntry reads one revoked certificate.
func (p *crlParser) readEntry(d *der) {
	in := d.enter(tagSequence, "entry")
	serial := in.integer(tagInteger, "userCertificate")
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
	e := crlEntry{what: uint64(at.Unix())<<8 | uint64(reason)}
	if len(serial) <= 8 {
		for _, o := range serial {
			e.serial = e.serial<<8 | uint64(o)
		}
		p.list.entries = append(p.list.entries, e)
		return
	}
	if p.list.long == nil {
		p.list.long = map[jpki.SerialNumber]crlEntry{}
	}
	p.list.long[jpki.SerialNumber(fmt.Sprintf("%X", serial))] = e
}

// entryReason reads crlEntryExtensions, of which the reason counts.
func (d *der) entryReason() (reason jpki.Reason) {
	reason = jpki.Unspecified
	seen := false
	list := d.enter(tagSequence, "crlEntryExtensions")
	for list.more() {
		e := list.extension("extension of an entry")
		switch {
		case e.oid == oidReasonCode && !seen:
			value := der{rest: e.value, fail: d.fail}
			reason, seen = value.reason(), true
			value.end("CRLReason")
		case e.oid == oidReasonCode || e.critical:
			list.refuse("one reason and only critical entry extensions that are understood", dotted(e.oid))
		}
	}
	return reason
}

// readExtensions reads crlExtensions. A list that is not the whole list (a
// delta, some reasons, other issuers' certificates) is refused: what is not in
// it would be taken for unchanged.
func (p *crlParser) readExtensions(d *der) {
	d.inside(tagContextIn, "crlExtensions", func(d *der) {
		for _, e := range d.extensions("crlExtensions") {
			value := &der{rest: e.value, fail: d.fail}
			switch {
			case e.oid == oidAuthorityKeyID:
				value.inside(tagSequence, "authorityKeyIdentifier", func(d *der) {
					_, id := d.element(tagContext, "keyIdentifier")
					p.keyID = bytes.Clone(id)
					d.rest = nil
				})
			case e.oid == oidIssuingDistribution:
				value.inside(tagSequence, "issuingDistributionPoint", func(d *der) {
					for d.more() {
						if !d.at(tagContextIn) && !d.at(tagContext+1) {
							d.refuse("a list of all reasons and of this CA's user certificates", "a part of it")
						}
						d.element(0, "issuingDistributionPoint")
					}
				})
			case e.critical:
				d.refuse("only critical extensions that are understood", dotted(e.oid))
			}
		}
	})
	p.stream.took(d)
}
