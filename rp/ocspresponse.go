package rp

import (
	"crypto/x509"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// OCSPResponseStatus (RFC 6960 §4.2.1) and the tags of CertStatus.
const (
	ocspSuccessful   = 0
	ocspUnauthorized = 6

	ocspGood    = 0
	ocspRevoked = 1
	ocspUnknown = 2

	maxSingles      = 128
	maxCertificates = 8
)

func ocspStatusName(status int) string {
	names := []string{"successful", "malformedRequest", "internalError", "tryLater", "4", "sigRequired", "unauthorized"}
	if status < len(names) {
		return names[status]
	}
	return fmt.Sprint(status)
}

// ocspResponse is a response as it was read; nothing in it is believed yet.
type ocspResponse struct {
	status        int
	tbs           []byte
	responderName []byte // DER of the Name, or nil
	responderKey  []byte // SHA-1 of the key, or nil
	producedAt    time.Time
	singles       []ocspSingle
	nonce         []byte // nil if there is none
	algorithm     string
	signature     []byte
	certificates  []*x509.Certificate
}

// ocspSingle is a SingleResponse.
type ocspSingle struct {
	hash              string
	nameHash, keyHash []byte
	serial            []byte
	state             int
	revokedAt         time.Time
	reason            jpki.Reason
	thisUpdate        time.Time
	nextUpdate        time.Time // zero if there is none
}

// parseOCSP reads the DER of an OCSPResponse.
func parseOCSP(body []byte) (*ocspResponse, error) {
	o := &ocspResponse{}
	d := newDER(body)
	d.inside(tagSequence, "OCSPResponse", func(d *der) {
		o.status = d.small(tagEnumerated, "responseStatus")
		if o.status != ocspSuccessful {
			return
		}
		d.inside(tagContextIn, "responseBytes", func(d *der) {
			d.inside(tagSequence, "ResponseBytes", func(d *der) {
				d.wantOID(oidOCSPBasic, "responseType")
				d.inside(tagOctetString, "response", func(d *der) {
					d.inside(tagSequence, "BasicOCSPResponse", o.readBasic)
				})
			})
		})
	})
	d.end("OCSPResponse")
	if err := d.err(); err != nil {
		return nil, err
	}
	return o, nil
}

func (o *ocspResponse) readBasic(d *der) {
	full, content := d.element(tagSequence, "tbsResponseData")
	if d.failed() {
		return
	}
	o.tbs = full
	in := &der{rest: content, fail: d.fail}
	o.readData(in)
	in.end("tbsResponseData")
	o.algorithm = d.wantAlgorithm("signature algorithm", "SHA-256 with RSA or ECDSA", oidSHA256WithRSA, oidECDSAWithSHA256)
	o.signature = d.bits("signature")
	if d.more() {
		d.inside(tagContextIn, "certs", func(d *der) {
			d.inside(tagSequence, "certs", o.readCertificates)
		})
	}
}

func (o *ocspResponse) readCertificates(d *der) {
	for d.more() {
		full, _ := d.element(tagSequence, "certificate")
		if d.failed() {
			return
		}
		cert, err := x509.ParseCertificate(full)
		if err != nil || len(o.certificates) == maxCertificates {
			d.refuse(fmt.Sprintf("at most %d X.509 certificates", maxCertificates), "others")
			return
		}
		o.certificates = append(o.certificates, cert)
	}
}

func (o *ocspResponse) readData(d *der) {
	switch {
	case d.at(tagContextIn + 1):
		d.inside(tagContextIn+1, "responderID byName", func(d *der) {
			o.responderName, _ = d.element(tagSequence, "Name")
		})
	case d.at(tagContextIn + 2):
		d.inside(tagContextIn+2, "responderID byKey", func(d *der) {
			_, o.responderKey = d.element(tagOctetString, "KeyHash")
		})
	default:
		d.refuse("responderID of a version 1 response", "something else")
	}
	o.producedAt = d.time("producedAt", false)
	d.inside(tagSequence, "responses", func(d *der) {
		for d.more() {
			if len(o.singles) == maxSingles {
				d.refuse(fmt.Sprintf("at most %d answers", maxSingles), "more")
			}
			d.inside(tagSequence, "SingleResponse", o.readSingle)
		}
	})
	if d.more() {
		d.inside(tagContextIn+1, "responseExtensions", o.readExtensions)
	}
}

func (o *ocspResponse) readExtensions(d *der) {
	for _, e := range d.extensions("responseExtensions") {
		switch {
		case e.oid == oidOCSPNonce:
			in := &der{rest: e.value, fail: d.fail}
			_, o.nonce = in.element(tagOctetString, "Nonce")
			in.end("Nonce")
		case e.critical:
			d.refuse("only critical extensions that are understood", dotted(e.oid))
		}
	}
}

func (o *ocspResponse) readSingle(d *der) {
	var s ocspSingle
	d.inside(tagSequence, "certID", func(d *der) {
		s.hash = d.algorithm("hash of certID")
		_, s.nameHash = d.element(tagOctetString, "issuerNameHash")
		_, s.keyHash = d.element(tagOctetString, "issuerKeyHash")
		s.serial = d.integer(tagInteger, "serialNumber")
	})
	s.readState(d)
	s.thisUpdate = d.time("thisUpdate", false)
	if d.at(tagContextIn) {
		d.inside(tagContextIn, "nextUpdate", func(d *der) { s.nextUpdate = d.time("nextUpdate", false) })
	}
	if d.at(tagContextIn + 1) {
		d.inside(tagContextIn+1, "singleExtensions", func(d *der) {
			for _, e := range d.extensions("singleExtensions") {
				if e.critical {
					d.refuse("only critical extensions that are understood", dotted(e.oid))
				}
			}
		})
	}
	if !d.failed() {
		o.singles = append(o.singles, s)
	}
}

func (s *ocspSingle) readState(d *der) {
	switch {
	case d.at(tagContext + ocspGood), d.at(tagContext + ocspUnknown):
		s.state = int(d.rest[0] - tagContext)
		if _, c := d.element(d.rest[0], "certStatus"); len(c) > 0 {
			d.refuse("certStatus without content", "content")
		}
	case d.at(tagContextIn + ocspRevoked):
		s.state = ocspRevoked
		d.inside(tagContextIn+ocspRevoked, "RevokedInfo", func(d *der) {
			s.revokedAt = d.time("revocationTime", false)
			if d.more() {
				d.inside(tagContextIn, "revocationReason", func(d *der) {
					s.reason = d.reason()
				})
			}
		})
	default:
		d.refuse("certStatus good, revoked or unknown", "another")
	}
}

// reason reads a CRLReason that the authority uses.
func (d *der) reason() jpki.Reason {
	reason := jpki.Reason(d.small(tagEnumerated, "CRLReason"))
	if !d.failed() && !reason.Valid() {
		d.refuse("a revocation reason of the service", reason.String())
	}
	return reason
}
