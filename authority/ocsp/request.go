package ocsp

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

// Limits of a request.
const (
	MaxRequest = 32 << 10 // octets
	MaxCertIDs = 200      // certificates asked about in one request
	MaxNonce   = 128      // octets (RFC 9654 §2.1)
	maxSerial  = 20       // octets (RFC 5280 §4.1.2.2)
)

// ErrMalformed is returned for whatever is not an OCSP request that this
// responder can read; the answer to it is malformedRequest.
var ErrMalformed = errors.New("ocsp: malformed request")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// CertID names one certificate: by hashes of its issuer's name and key and its
// serial number.
type CertID struct {
	// Raw is the whole DER element: an answer repeats it as it was asked.
	Raw []byte
	// issuer is the part of the content before the serial number.
	issuer []byte
	// Serial is the content of the INTEGER, positive and minimal.
	Serial []byte
}

// Request is what was asked. The slices are parts of the request's octets.
type Request struct {
	CertIDs []CertID
	Nonce   []byte // nil if none was sent
	// Signed reports an optionalSignature. It is read and not verified:
	// accreditation is by key.
	Signed bool
}

var (
	oidNonce = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}

	derSHA1   = []byte{0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A}
	derSHA256 = []byte{0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01}

	context0 = tag.Tag(0).ContextSpecific().Constructed()
	context1 = tag.Tag(1).ContextSpecific().Constructed()
	context2 = tag.Tag(2).ContextSpecific().Constructed()
)

// ParseRequest reads an OCSPRequest. Every error is ErrMalformed.
func ParseRequest(der []byte) (Request, error) {
	var r Request
	if len(der) > MaxRequest {
		return r, malformed("%d octets: at most %d", len(der), MaxRequest)
	}
	var request, tbs cryptobyte.String
	input := cryptobyte.String(der)
	if !input.ReadASN1(&request, tag.SEQUENCE) || !input.Empty() || !request.ReadASN1(&tbs, tag.SEQUENCE) {
		return r, malformed("not one OCSPRequest")
	}
	var signature cryptobyte.String
	if !request.ReadOptionalASN1(&signature, &r.Signed, context0) || !request.Empty() {
		return r, malformed("something other than a signature after tbsRequest")
	}
	if r.Signed {
		if err := readSignature(signature); err != nil {
			return r, err
		}
	}
	return r, r.readTBS(tbs)
}

// readSignature checks the form of an optionalSignature.
func readSignature(s cryptobyte.String) error {
	var inner, algorithm, certs cryptobyte.String
	var bits asn1.BitString
	var hasCerts bool
	if !s.ReadASN1(&inner, tag.SEQUENCE) || !s.Empty() || !inner.ReadASN1(&algorithm, tag.SEQUENCE) ||
		!inner.ReadASN1BitString(&bits) || !inner.ReadOptionalASN1(&certs, &hasCerts, context0) || !inner.Empty() {
		return malformed("optionalSignature")
	}
	return nil
}

func (r *Request) readTBS(tbs cryptobyte.String) error {
	var version, name, list, extensions cryptobyte.String
	var hasVersion, hasName, hasExtensions bool
	if !tbs.ReadOptionalASN1(&version, &hasVersion, context0) || !tbs.ReadOptionalASN1(&name, &hasName, context1) ||
		!tbs.ReadASN1(&list, tag.SEQUENCE) || !tbs.ReadOptionalASN1(&extensions, &hasExtensions, context2) || !tbs.Empty() {
		return malformed("tbsRequest")
	}
	var v int
	if hasVersion && (!version.ReadASN1Integer(&v) || !version.Empty() || v != 0) {
		return malformed("version is not v1")
	}
	for !list.Empty() {
		if len(r.CertIDs) == MaxCertIDs {
			return malformed("more than %d certificates", MaxCertIDs)
		}
		if err := r.readSingle(&list); err != nil {
			return err
		}
	}
	if len(r.CertIDs) == 0 {
		return malformed("no certificate is asked about")
	}
	if hasExtensions {
		return r.readExtensions(extensions, true)
	}
	return nil
}

// readSingle reads one Request of the requestList.
func (r *Request) readSingle(list *cryptobyte.String) error {
	var single, whole, extensions cryptobyte.String
	var hasExtensions bool
	if !list.ReadASN1(&single, tag.SEQUENCE) || !single.ReadASN1Element(&whole, tag.SEQUENCE) ||
		!single.ReadOptionalASN1(&extensions, &hasExtensions, context0) || !single.Empty() {
		return malformed("request %d", len(r.CertIDs))
	}
	id, err := parseCertID(whole)
	if err != nil {
		return err
	}
	r.CertIDs = append(r.CertIDs, id)
	if hasExtensions {
		return r.readExtensions(extensions, false)
	}
	return nil
}

func parseCertID(whole cryptobyte.String) (CertID, error) {
	id := CertID{Raw: whole}
	var content, algorithm, nameHash, keyHash, serial cryptobyte.String
	s := whole
	if !s.ReadASN1(&content, tag.SEQUENCE) {
		return id, malformed("CertID")
	}
	all := content
	if !content.ReadASN1(&algorithm, tag.SEQUENCE) || !content.ReadASN1(&nameHash, tag.OCTET_STRING) || !content.ReadASN1(&keyHash, tag.OCTET_STRING) {
		return id, malformed("CertID")
	}
	id.issuer = all[:len(all)-len(content)]
	if !content.ReadASN1(&serial, tag.INTEGER) || !content.Empty() || !readAlgorithm(algorithm) {
		return id, malformed("CertID")
	}
	if len(serial) == 0 || len(serial) > maxSerial+1 || serial[0]&0x80 != 0 || len(serial) > 1 && serial[0] == 0 && serial[1]&0x80 == 0 {
		return id, malformed("serial number is negative, too long or not minimal")
	}
	id.Serial = serial
	return id, nil
}

// readAlgorithm checks the form of an AlgorithmIdentifier. The two that are in use
// are known by their octets, which needs no memory (BenchmarkParseRequest).
func readAlgorithm(s cryptobyte.String) bool {
	var element, parameters cryptobyte.String
	var oid asn1.ObjectIdentifier
	var t tag.Tag
	if !s.ReadASN1Element(&element, tag.OBJECT_IDENTIFIER) {
		return false
	}
	if !bytes.Equal(element, derSHA1) && !bytes.Equal(element, derSHA256) && !element.ReadASN1ObjectIdentifier(&oid) {
		return false
	}
	return s.Empty() || s.ReadAnyASN1(&parameters, &t) && s.Empty()
}

// readExtensions reads Extensions. Of a request's own it takes the nonce;
// others are passed over unless they are critical.
func (r *Request) readExtensions(s cryptobyte.String, own bool) error {
	var list cryptobyte.String
	if !s.ReadASN1(&list, tag.SEQUENCE) || !s.Empty() || list.Empty() {
		return malformed("extensions")
	}
	for !list.Empty() {
		var e, value cryptobyte.String
		var oid asn1.ObjectIdentifier
		var critical bool
		if !list.ReadASN1(&e, tag.SEQUENCE) || !e.ReadASN1ObjectIdentifier(&oid) ||
			e.PeekASN1Tag(tag.BOOLEAN) && !e.ReadASN1Boolean(&critical) || !e.ReadASN1(&value, tag.OCTET_STRING) || !e.Empty() {
			return malformed("extension")
		}
		switch {
		case own && oid.Equal(oidNonce):
			if err := r.readNonce(value); err != nil {
				return err
			}
		case critical:
			return malformed("critical extension %v", oid)
		}
	}
	return nil
}

func (r *Request) readNonce(value cryptobyte.String) error {
	var nonce cryptobyte.String
	if r.Nonce != nil {
		return malformed("two nonces")
	}
	if !value.ReadASN1(&nonce, tag.OCTET_STRING) || !value.Empty() {
		return malformed("nonce is not an OCTET STRING")
	}
	if len(nonce) == 0 || len(nonce) > MaxNonce {
		return malformed("nonce of %d octets: want 1 to %d", len(nonce), MaxNonce)
	}
	r.Nonce = nonce
	return nil
}
