package wire

import (
	"bytes"
	"crypto/sha1"
	"crypto/x509"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// OCSPResponseStatus (RFC 6960 §4.2.1) and the tags of CertStatus.
const (
	OCSPSuccessful   = 0
	OCSPUnauthorized = 6

	OCSPGood    = 0
	OCSPRevoked = 1
	OCSPUnknown = 2

	maxSingles      = 128
	maxCertificates = 8
)

// OCSPStatusName gives the name of RFC 6960 for a response status.
func OCSPStatusName(status int) string {
	names := []string{"successful", "malformedRequest", "internalError", "tryLater", "4", "sigRequired", "unauthorized"}
	if status < len(names) {
		return names[status]
	}
	return fmt.Sprint(status)
}

// OCSPResponse is a response as it was read; nothing in it is believed yet.
type OCSPResponse struct {
	Status        int
	TBS           []byte
	ResponderName []byte // DER of the Name, or nil
	ResponderKey  []byte // SHA-1 of the key, or nil
	ProducedAt    time.Time
	Singles       []OCSPSingle
	Nonce         []byte // nil if there is none
	Algorithm     string
	Signature     []byte
	Certificates  []*x509.Certificate
}

// OCSPSingle is a SingleResponse.
type OCSPSingle struct {
	Hash              string
	NameHash, KeyHash []byte
	Serial            []byte
	State             int
	RevokedAt         time.Time
	Reason            jpki.Reason
	ThisUpdate        time.Time
	NextUpdate        time.Time // zero if there is none
}

// ParseOCSP reads the DER of an OCSPResponse.
func ParseOCSP(body []byte) (*OCSPResponse, error) {
	o := &OCSPResponse{}
	d := newDER(body)
	d.inside(TagSequence, "OCSPResponse", func(d *der) {
		o.Status = d.small(TagEnumerated, "responseStatus")
		if o.Status != OCSPSuccessful {
			return
		}
		d.inside(TagContextIn, "responseBytes", func(d *der) {
			d.inside(TagSequence, "ResponseBytes", func(d *der) {
				d.wantOID(OIDOCSPBasic, "responseType")
				d.inside(TagOctetString, "response", func(d *der) {
					d.inside(TagSequence, "BasicOCSPResponse", o.readBasic)
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

func (o *OCSPResponse) readBasic(d *der) {
	full, content := d.element(TagSequence, "tbsResponseData")
	if d.failed() {
		return
	}
	o.TBS = full
	in := &der{rest: content, fail: d.fail}
	o.readData(in)
	in.end("tbsResponseData")
	before := len(d.rest)
	o.Algorithm = d.wantAlgorithm("signature algorithm", "SHA-256 with RSA or ECDSA", OIDSHA256WithRSA, OIDECDSAWithSHA256)
	if o.Algorithm == OIDECDSAWithSHA256 && before-len(d.rest) != len(OIDECDSAWithSHA256)+4 { // RFC 5758 §3.2; the 4 are two headers
		d.refuse("ecdsa-with-SHA256 without parameters", "parameters")
	}
	o.Signature = d.bits("signature")
	if d.more() {
		d.inside(TagContextIn, "certs", func(d *der) {
			d.inside(TagSequence, "certs", o.readCertificates)
		})
	}
}

func (o *OCSPResponse) readCertificates(d *der) {
	for d.more() {
		full, _ := d.element(TagSequence, "certificate")
		if d.failed() {
			return
		}
		cert, err := x509.ParseCertificate(full)
		if err != nil || len(o.Certificates) == maxCertificates {
			d.refuse(fmt.Sprintf("at most %d X.509 certificates", maxCertificates), "others")
			return
		}
		o.Certificates = append(o.Certificates, cert)
	}
}

func (o *OCSPResponse) readData(d *der) {
	switch {
	case d.at(TagContextIn + 1):
		d.inside(TagContextIn+1, "responderID byName", func(d *der) {
			o.ResponderName, _ = d.element(TagSequence, "Name")
		})
	case d.at(TagContextIn + 2):
		d.inside(TagContextIn+2, "responderID byKey", func(d *der) {
			_, o.ResponderKey = d.element(TagOctetString, "KeyHash")
		})
	default:
		d.refuse("responderID of a version 1 response", "something else")
	}
	o.ProducedAt = d.time("producedAt", false)
	d.inside(TagSequence, "responses", func(d *der) {
		for d.more() {
			if len(o.Singles) == maxSingles {
				d.refuse(fmt.Sprintf("at most %d answers", maxSingles), "more")
			}
			d.inside(TagSequence, "SingleResponse", o.readSingle)
		}
	})
	if d.more() {
		d.inside(TagContextIn+1, "responseExtensions", o.readExtensions)
	}
}

func (o *OCSPResponse) readExtensions(d *der) {
	for _, e := range d.extensions("responseExtensions") {
		switch {
		case e.oid == OIDOCSPNonce:
			in := &der{rest: e.value, fail: d.fail}
			_, o.Nonce = in.element(TagOctetString, "Nonce")
			in.end("Nonce")
		case e.critical:
			d.refuse("only critical extensions that are understood", Dotted(e.oid))
		}
	}
}

func (o *OCSPResponse) readSingle(d *der) {
	var s OCSPSingle
	d.inside(TagSequence, "certID", func(d *der) {
		s.Hash = d.algorithm("hash of certID")
		_, s.NameHash = d.element(TagOctetString, "issuerNameHash")
		_, s.KeyHash = d.element(TagOctetString, "issuerKeyHash")
		s.Serial = d.integer(TagInteger, "serialNumber")
	})
	s.readState(d)
	s.ThisUpdate = d.time("thisUpdate", false)
	if d.at(TagContextIn) {
		d.inside(TagContextIn, "nextUpdate", func(d *der) { s.NextUpdate = d.time("nextUpdate", false) })
	}
	if d.at(TagContextIn + 1) {
		d.inside(TagContextIn+1, "singleExtensions", func(d *der) {
			for _, e := range d.extensions("singleExtensions") {
				if e.critical {
					d.refuse("only critical extensions that are understood", Dotted(e.oid))
				}
			}
		})
	}
	if !d.failed() {
		o.Singles = append(o.Singles, s)
	}
}

func (s *OCSPSingle) readState(d *der) {
	switch {
	case d.at(TagContext + OCSPGood), d.at(TagContext + OCSPUnknown):
		s.State = int(d.rest[0] - TagContext)
		if _, c := d.element(d.rest[0], "certStatus"); len(c) > 0 {
			d.refuse("certStatus without content", "content")
		}
	case d.at(TagContextIn + OCSPRevoked):
		s.State = OCSPRevoked
		d.inside(TagContextIn+OCSPRevoked, "RevokedInfo", func(d *der) {
			s.RevokedAt = d.time("revocationTime", false)
			if d.more() {
				d.inside(TagContextIn, "revocationReason", func(d *der) {
					s.Reason = d.reason()
				})
			}
		})
	default:
		d.refuse("certStatus good, revoked or unknown", "another")
	}
}

// reason reads a CRLReason that the authority uses.
func (d *der) reason() jpki.Reason {
	reason := jpki.Reason(d.small(TagEnumerated, "CRLReason"))
	if !d.failed() && !reason.Valid() {
		d.refuse("a revocation reason of the service", reason.String())
	}
	return reason
}

// NamesResponder reports whether the response's responderID is this
// certificate's. byKey is SHA-1 by definition (RFC 6960 §4.2.1): a name, not
// a protection.
func (o *OCSPResponse) NamesResponder(cert *x509.Certificate) bool {
	if o.ResponderName != nil {
		return bytes.Equal(o.ResponderName, cert.RawSubject)
	}
	h := sha1.Sum(PublicKeyBits(cert))
	return bytes.Equal(o.ResponderKey, h[:])
}

// PublicKeyBits gives the octets of the subjectPublicKey BIT STRING, which is
// what key hashes are made of.
func PublicKeyBits(cert *x509.Certificate) (bits []byte) {
	newDER(cert.RawSubjectPublicKeyInfo).inside(TagSequence, "SubjectPublicKeyInfo", func(d *der) {
		d.element(TagSequence, "algorithm")
		bits = d.bits("subjectPublicKey")
	})
	return bits
}
