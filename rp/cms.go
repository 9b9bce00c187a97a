package rp

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"
)

// signedData is a detached CMS SignedData (RFC 5652 §5) with one signer, as
// the JPKI user client software makes it.
type signedData struct {
	certificate *x509.Certificate
	issuer      []byte // DER of the name in issuerAndSerialNumber
	serial      []byte // octets of the number, no leading zero
	attributes  []byte // signedAttrs re-encoded as SET OF: what the key signed
	digest      []byte // messageDigest, 32 octets
	signingTime time.Time
	certHash    []byte // of signing-certificate-v2, SHA-256
	essIssuer   []byte // DER of its issuer name, nil if it gives none
	essSerial   []byte
	signature   []byte
}

// parseSignedData reads the DER of a ContentInfo. It accepts one form only:
// version 1, SHA-256 with RSA, no content inside, one certificate, one signer
// named by issuer and serial number, signed attributes in DER order with
// contentType, messageDigest and signing-certificate-v2, nothing unsigned.
func parseSignedData(cms []byte) (*signedData, error) {
	if len(cms) > MaxCMS {
		return nil, &CheckError{Check: FormCheck, Expected: fact("octets_at_most", MaxCMS), Found: fact("octets", len(cms)), Err: ErrTooLarge}
	}
	s := &signedData{}
	d := newDER(cms)
	d.inside(tagSequence, "ContentInfo", func(d *der) {
		d.wantOID(oidSignedData, "contentType")
		d.inside(tagContextIn, "content", func(d *der) {
			d.inside(tagSequence, "SignedData", s.read)
		})
	})
	d.end("ContentInfo")
	if err := d.err(); err != nil {
		return nil, err
	}
	return s, nil
}

// read reads the inside of SignedData.
func (s *signedData) read(d *der) {
	if v := d.small(tagInteger, "version of SignedData"); v != 1 {
		d.refuse("SignedData version 1", fmt.Sprint(v))
	}
	d.inside(tagSet, "digestAlgorithms", func(d *der) {
		d.wantAlgorithm("digest algorithm", "SHA-256", oidSHA256)
	})
	d.inside(tagSequence, "encapContentInfo", func(d *der) {
		d.wantOID(oidData, "eContentType")
		if d.more() {
			d.refuse("a detached signature, without content", "content inside the signature")
		}
	})
	d.inside(tagContextIn, "certificates", s.readCertificate)
	if d.at(tagContextIn + 1) {
		d.refuse("no CRL in the signature", "crls")
	}
	d.inside(tagSet, "signerInfos", func(d *der) {
		d.inside(tagSequence, "SignerInfo", s.readSigner)
		if d.more() {
			d.refuse("one signer", "another SignerInfo")
		}
	})
}

func (s *signedData) readCertificate(d *der) {
	full, _ := d.element(tagSequence, "certificate")
	if d.more() {
		d.refuse("the signer's certificate alone", "more certificates")
	}
	if d.failed() {
		return
	}
	cert, err := x509.ParseCertificate(full)
	if err != nil {
		d.refuse("an X.509 certificate", err.Error())
		return
	}
	s.certificate = cert
}

// readSigner reads the inside of the SignerInfo.
func (s *signedData) readSigner(d *der) {
	if v := d.small(tagInteger, "version of SignerInfo"); v != 1 {
		d.refuse("SignerInfo version 1 (issuerAndSerialNumber)", fmt.Sprint(v))
	}
	d.inside(tagSequence, "issuerAndSerialNumber", func(d *der) {
		s.issuer, _ = d.element(tagSequence, "issuer")
		s.serial = d.integer(tagInteger, "serialNumber")
	})
	d.wantAlgorithm("digest algorithm", "SHA-256", oidSHA256)
	full, content := d.element(tagContextIn, "signedAttrs")
	if d.failed() {
		return
	}
	// RFC 5652 §5.4: what is signed is the SET OF, not the [0] IMPLICIT.
	s.attributes = append([]byte{tagSet}, full[1:]...)
	s.readAttributes(&der{rest: content, fail: d.fail})
	d.wantAlgorithm("signature algorithm", "SHA-256 with RSA (PKCS #1 v1.5)", oidRSA, oidSHA256WithRSA)
	_, s.signature = d.element(tagOctetString, "signature")
	if d.more() {
		d.refuse("no unsigned attributes", "unsignedAttrs")
	}
}

// readAttributes reads signedAttrs. Attributes that it does not know are
// passed over: they are signed, and change nothing.
func (s *signedData) readAttributes(d *der) {
	seen := map[string]bool{}
	var last []byte
	for d.more() {
		full, content := d.element(tagSequence, "attribute")
		if d.failed() {
			return
		}
		if bytes.Compare(last, full) > 0 {
			d.refuse("signedAttrs in DER order of a SET OF", "another order")
		}
		last = full
		in := &der{rest: content, fail: d.fail}
		id := in.oid("type of attribute")
		if seen[id] {
			d.refuse("each signed attribute once", dotted(id)+" twice")
		}
		seen[id] = true
		in.inside(tagSet, "values of "+dotted(id), func(d *der) { s.readAttribute(id, d) })
		in.end("attribute")
	}
	for _, id := range []string{oidContentType, oidMessageDigest, oidSigningCertificate2} {
		if !seen[id] {
			d.refuse("signed attribute "+dotted(id), "none")
		}
	}
}

// readAttribute reads the values of one signed attribute.
func (s *signedData) readAttribute(id string, d *der) {
	switch id {
	case oidContentType:
		d.wantOID(oidData, "contentType attribute")
	case oidMessageDigest:
		if _, s.digest = d.element(tagOctetString, "messageDigest"); !d.failed() && len(s.digest) != sha256.Size {
			d.refuse("messageDigest of 32 octets", fmt.Sprintf("%d octets", len(s.digest)))
		}
	case oidSigningTime:
		s.signingTime = d.time("signingTime", true)
	case oidSigningCertificate2:
		d.inside(tagSequence, "SigningCertificateV2", s.readSigningCertificate)
	default:
		for d.more() {
			d.element(0, "value of a signed attribute")
		}
	}
}

// readSigningCertificate reads the inside of SigningCertificateV2 (RFC 5035
// §3). Only its first entry says something about the signer.
func (s *signedData) readSigningCertificate(d *der) {
	d.inside(tagSequence, "certs of SigningCertificateV2", func(d *der) {
		d.inside(tagSequence, "ESSCertIDv2", s.readCertID)
		for d.more() {
			d.element(tagSequence, "further ESSCertIDv2")
		}
	})
	if d.more() {
		d.element(tagSequence, "policies of SigningCertificateV2")
	}
}

func (s *signedData) readCertID(d *der) {
	if d.at(tagSequence) {
		d.wantAlgorithm("hash of signing-certificate-v2", "SHA-256", oidSHA256)
	}
	_, s.certHash = d.element(tagOctetString, "certHash")
	if !d.more() {
		return
	}
	d.inside(tagSequence, "issuerSerial", func(d *der) {
		d.inside(tagSequence, "issuer in issuerSerial", func(d *der) {
			d.inside(tagContextIn+4, "directoryName", func(d *der) {
				s.essIssuer, _ = d.element(tagSequence, "Name")
			})
		})
		s.essSerial = d.integer(tagInteger, "serialNumber in issuerSerial")
	})
}

// names reports whether the signature, by issuer and serial number and by
// signing-certificate-v2, names the given certificate; if not, what it names.
func (s *signedData) names(cert *x509.Certificate) (found Fact, ok bool) {
	serial := cert.SerialNumber.Bytes()
	hash := sha256.Sum256(cert.Raw)
	switch {
	case !bytes.Equal(s.issuer, cert.RawIssuer):
		return detail("another issuer in issuerAndSerialNumber"), false
	case !bytes.Equal(s.serial, serial):
		return detail("serial number " + hex.EncodeToString(s.serial) + " in issuerAndSerialNumber"), false
	case !bytes.Equal(s.certHash, hash[:]):
		return detail("SHA-256 " + hex.EncodeToString(s.certHash) + " in signing-certificate-v2"), false
	case s.essIssuer != nil && (!bytes.Equal(s.essIssuer, cert.RawIssuer) || !bytes.Equal(s.essSerial, serial)):
		return detail("another certificate in the issuerSerial of signing-certificate-v2"), false
	}
	return fact(FactSame), true
}
