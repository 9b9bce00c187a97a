package client

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"time"
)

// Object identifiers of CMS (RFC 5652), ESS (RFC 5035) and PKCS#1 (RFC 8017).
var (
	oidData                 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256               = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidSHA256WithRSA        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
)

// attribute is Attribute of RFC 5652 §5.3, with one value.
type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

// issuerAndSerialNumber is IssuerAndSerialNumber of RFC 5652 §10.2.4.
type issuerAndSerialNumber struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

// essCertIDv2 is ESSCertIDv2 of RFC 5035 §3; its hash algorithm is the default,
// SHA-256, and therefore absent.
type essCertIDv2 struct {
	CertHash     []byte
	IssuerSerial issuerSerial
}

type issuerSerial struct {
	Issuer []asn1.RawValue // GeneralNames
	Serial *big.Int
}

// signerInfo is SignerInfo of RFC 5652 §5.3.
type signerInfo struct {
	Version            int
	SID                issuerAndSerialNumber
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
}

// encapsulatedContent is EncapsulatedContentInfo of RFC 5652 §5.2 without
// content: the signature is detached.
type encapsulatedContent struct {
	ContentType asn1.ObjectIdentifier
}

// signedData is SignedData of RFC 5652 §5.1.
type signedData struct {
	Version          int
	DigestAlgorithms []pkix.AlgorithmIdentifier `asn1:"set"`
	Content          encapsulatedContent
	Certificates     asn1.RawValue
	SignerInfos      []signerInfo `asn1:"set"`
}

// contentInfo is ContentInfo of RFC 5652 §3.
type contentInfo struct {
	ContentType asn1.ObjectIdentifier
	Content     asn1.RawValue
}

// signer is a SignerInfo that wants its signature.
type signer struct {
	certificate *x509.Certificate
	// toBeSigned is the SET OF signed attributes in DER (RFC 5652 §5.4).
	toBeSigned []byte
}

// newSignerInfo says what is signed: the document's SHA-256, the time and the
// certificate.
func newSignerInfo(der, document []byte, at time.Time) (signer, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return signer{}, fmt.Errorf("client: the certificate on the card: %w", err)
	}
	digest, certHash := sha256.Sum256(document), sha256.Sum256(der)
	ess := struct{ Certs []essCertIDv2 }{[]essCertIDv2{{
		CertHash: certHash[:],
		IssuerSerial: issuerSerial{ // GeneralName directoryName is [4] EXPLICIT
			Issuer: []asn1.RawValue{tagged(4, cert.RawIssuer)}, Serial: cert.SerialNumber,
		},
	}}}
	var attributes []attribute
	for _, a := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{
		{oidContentType, oidData},
		{oidMessageDigest, digest[:]},
		{oidSigningTime, at.UTC().Truncate(time.Second)}, // UTCTime up to 2049
		{oidSigningCertificateV2, ess},
	} {
		value, err := asn1.Marshal(a.value)
		if err != nil {
			return signer{}, fmt.Errorf("client: write signed attributes: %w", err)
		}
		attributes = append(attributes, attribute{a.oid, []asn1.RawValue{{FullBytes: value}}})
	}
	toBeSigned, err := asn1.MarshalWithParams(attributes, "set") // sorted, as DER wants
	if err != nil {
		return signer{}, fmt.Errorf("client: write signed attributes: %w", err)
	}
	return signer{certificate: cert, toBeSigned: toBeSigned}, nil
}

// signedData puts the signature in and writes the whole.
func (s signer) signedData(signature []byte) ([]byte, error) {
	sha := pkix.AlgorithmIdentifier{Algorithm: oidSHA256} // no parameters: RFC 5754 §2
	info := signerInfo{
		Version:         1,
		SID:             issuerAndSerialNumber{asn1.RawValue{FullBytes: s.certificate.RawIssuer}, s.certificate.SerialNumber},
		DigestAlgorithm: sha,
		// [0] IMPLICIT: the SET's tag changes, its content does not.
		SignedAttributes:   asn1.RawValue{FullBytes: append([]byte{0xA0}, s.toBeSigned[1:]...)},
		SignatureAlgorithm: pkix.AlgorithmIdentifier{Algorithm: oidSHA256WithRSA, Parameters: asn1.NullRawValue},
		Signature:          bytes.Clone(signature),
	}
	inner, err := asn1.Marshal(signedData{
		Version:          1,
		DigestAlgorithms: []pkix.AlgorithmIdentifier{sha},
		Content:          encapsulatedContent{oidData},
		Certificates:     tagged(0, s.certificate.Raw), // [0] IMPLICIT SET of one
		SignerInfos:      []signerInfo{info},
	})
	if err != nil {
		return nil, fmt.Errorf("client: write SignedData: %w", err)
	}
	der, err := asn1.Marshal(contentInfo{oidSignedData, tagged(0, inner)})
	if err != nil {
		return nil, fmt.Errorf("client: write ContentInfo: %w", err)
	}
	return der, nil
}

// tagged wraps DER in a constructed context-specific tag.
func tagged(tag int, der []byte) asn1.RawValue {
	return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, IsCompound: true, Bytes: der}
}
