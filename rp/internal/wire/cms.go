package wire

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"
)

// SignedData is a detached CMS SignedData (RFC 5652 §5) with one signer, as
// the JPKI user client software makes it.
type SignedData struct {
	Certificate *x509.Certificate
	Issuer      []byte // DER of the name in issuerAndSerialNumber
	Serial      []byte // octets of the number, no leading zero
	Attributes  []byte // signedAttrs re-encoded as SET OF: what the key signed
	Digest      []byte // messageDigest, 32 octets
	SigningTime time.Time
	CertHash    []byte // of signing-certificate-v2, SHA-256
	ESSIssuer   []byte // DER of its issuer name, nil if it gives none
	ESSSerial   []byte
	Signature   []byte
}

// ParseSignedData reads the DER of a ContentInfo of at most max octets. It accepts one form only:
// version 1, SHA-256 with RSA, no content inside, one certificate, one signer
// named by issuer and serial number, signed attributes in DER order with
// contentType, messageDigest and signing-certificate-v2, nothing unsigned.
func ParseSignedData(cms []byte, max int) (*SignedData, error) {
	if len(cms) > max {
		return nil, &Refusal{Expected: fmt.Sprintf("CMS of at most %d octets", max), Found: fmt.Sprintf("%d octets", len(cms)), Err: ErrTooLarge}
	}
	s := &SignedData{}
	d := newDER(cms)
	d.inside(TagSequence, "ContentInfo", func(d *der) {
		d.wantOID(OIDSignedData, "contentType")
		d.inside(TagContextIn, "content", func(d *der) {
			d.inside(TagSequence, "SignedData", s.read)
		})
	})
	d.end("ContentInfo")
	if err := d.err(); err != nil {
		return nil, err
	}
	return s, nil
}

// read reads the inside of SignedData.
func (s *SignedData) read(d *der) {
	if v := d.small(TagInteger, "version of SignedData"); v != 1 {
		d.refuse("SignedData version 1", fmt.Sprint(v))
	}
	d.inside(TagSet, "digestAlgorithms", func(d *der) {
		d.wantAlgorithm("digest algorithm", "SHA-256", OIDSHA256)
	})
	d.inside(TagSequence, "encapContentInfo", func(d *der) {
		d.wantOID(OIDData, "eContentType")
		if d.more() {
			d.refuse("a detached signature, without content", "content inside the signature")
		}
	})
	d.inside(TagContextIn, "certificates", s.readCertificate)
	if d.at(TagContextIn + 1) {
		d.refuse("no CRL in the signature", "crls")
	}
	d.inside(TagSet, "signerInfos", func(d *der) {
		d.inside(TagSequence, "SignerInfo", s.readSigner)
		if d.more() {
			d.refuse("one signer", "another SignerInfo")
		}
	})
}

func (s *SignedData) readCertificate(d *der) {
	full, _ := d.element(TagSequence, "certificate")
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
	s.Certificate = cert
}

// readSigner reads the inside of the SignerInfo.
func (s *SignedData) readSigner(d *der) {
	if v := d.small(TagInteger, "version of SignerInfo"); v != 1 {
		d.refuse("SignerInfo version 1 (issuerAndSerialNumber)", fmt.Sprint(v))
	}
	d.inside(TagSequence, "issuerAndSerialNumber", func(d *der) {
		s.Issuer, _ = d.element(TagSequence, "issuer")
		s.Serial = d.integer(TagInteger, "serialNumber")
	})
	d.wantAlgorithm("digest algorithm", "SHA-256", OIDSHA256)
	full, content := d.element(TagContextIn, "signedAttrs")
	if d.failed() {
		return
	}
	// RFC 5652 §5.4: what is signed is the SET OF, not the [0] IMPLICIT.
	s.Attributes = append([]byte{TagSet}, full[1:]...)
	s.readAttributes(&der{rest: content, fail: d.fail})
	d.wantAlgorithm("signature algorithm", "SHA-256 with RSA (PKCS #1 v1.5)", OIDRSA, OIDSHA256WithRSA)
	_, s.Signature = d.element(TagOctetString, "signature")
	if d.more() {
		d.refuse("no unsigned attributes", "unsignedAttrs")
	}
}

// readAttributes reads signedAttrs. Attributes that it does not know are
// passed over: they are signed, and change nothing.
func (s *SignedData) readAttributes(d *der) {
	seen := map[string]bool{}
	var last []byte
	for d.more() {
		full, content := d.element(TagSequence, "attribute")
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
			d.refuse("each signed attribute once", Dotted(id)+" twice")
		}
		seen[id] = true
		in.inside(TagSet, "values of "+Dotted(id), func(d *der) { s.readAttribute(id, d) })
		in.end("attribute")
	}
	for _, id := range []string{OIDContentType, OIDMessageDigest, OIDSigningCertificate2} {
		if !seen[id] {
			d.refuse("signed attribute "+Dotted(id), "none")
		}
	}
}

// readAttribute reads the values of one signed attribute.
func (s *SignedData) readAttribute(id string, d *der) {
	switch id {
	case OIDContentType:
		d.wantOID(OIDData, "contentType attribute")
	case OIDMessageDigest:
		if _, s.Digest = d.element(TagOctetString, "messageDigest"); !d.failed() && len(s.Digest) != sha256.Size {
			d.refuse("messageDigest of 32 octets", fmt.Sprintf("%d octets", len(s.Digest)))
		}
	case OIDSigningTime:
		s.SigningTime = d.time("signingTime", true)
	case OIDSigningCertificate2:
		d.inside(TagSequence, "SigningCertificateV2", s.readSigningCertificate)
	default:
		for d.more() {
			d.element(0, "value of a signed attribute")
		}
	}
}

// readSigningCertificate reads the inside of SigningCertificateV2 (RFC 5035
// §3). Only its first entry says something about the signer.
func (s *SignedData) readSigningCertificate(d *der) {
	d.inside(TagSequence, "certs of SigningCertificateV2", func(d *der) {
		d.inside(TagSequence, "ESSCertIDv2", s.readCertID)
		for d.more() {
			d.element(TagSequence, "further ESSCertIDv2")
		}
	})
	if d.more() {
		d.element(TagSequence, "policies of SigningCertificateV2")
	}
}

func (s *SignedData) readCertID(d *der) {
	if d.at(TagSequence) {
		d.wantAlgorithm("hash of signing-certificate-v2", "SHA-256", OIDSHA256)
	}
	_, s.CertHash = d.element(TagOctetString, "certHash")
	if !d.more() {
		return
	}
	d.inside(TagSequence, "issuerSerial", func(d *der) {
		d.inside(TagSequence, "issuer in issuerSerial", func(d *der) {
			d.inside(TagContextIn+4, "directoryName", func(d *der) {
				s.ESSIssuer, _ = d.element(TagSequence, "Name")
			})
		})
		s.ESSSerial = d.integer(TagInteger, "serialNumber in issuerSerial")
	})
}

// Names reports whether the signature, by issuer and serial number and by
// signing-certificate-v2, names the given certificate; if not, what it names.
func (s *SignedData) Names(cert *x509.Certificate) (found string, ok bool) {
	serial := cert.SerialNumber.Bytes()
	hash := sha256.Sum256(cert.Raw)
	switch {
	case !bytes.Equal(s.Issuer, cert.RawIssuer):
		return "another issuer in issuerAndSerialNumber", false
	case !bytes.Equal(s.Serial, serial):
		return "serial number " + hex.EncodeToString(s.Serial) + " in issuerAndSerialNumber", false
	case !bytes.Equal(s.CertHash, hash[:]):
		return "SHA-256 " + hex.EncodeToString(s.CertHash) + " in signing-certificate-v2", false
	case s.ESSIssuer != nil && (!bytes.Equal(s.ESSIssuer, cert.RawIssuer) || !bytes.Equal(s.ESSSerial, serial)):
		return "another certificate in the issuerSerial of signing-certificate-v2", false
	}
	return "", true
}
