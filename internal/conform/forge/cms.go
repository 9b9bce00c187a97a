package forge

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// oidSigningCertificateV2 is the ESS attribute signing-certificate-v2 (RFC 5035 §3).
var oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}

// contentInfo is a card's ContentInfo with SignedData (RFC 5652 §3, §5.1).
type contentInfo struct {
	Type   asn1.ObjectIdentifier
	Signed signedData `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version      int
	Digests      asn1.RawValue
	Content      asn1.RawValue
	Certificates asn1.RawValue `asn1:"tag:0"`
	Signers      []signerInfo  `asn1:"set"`
}

// signerInfo is SignerInfo (RFC 5652 §5.3).
type signerInfo struct {
	Version   int
	Signer    issuerAndSerial
	Digest    pkix.AlgorithmIdentifier
	Signed    asn1.RawValue `asn1:"tag:0"`
	Algorithm pkix.AlgorithmIdentifier
	Signature []byte
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

// attribute is Attribute (RFC 5652 §5.3), with one value.
type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

// certID is ESSCertIDv2 (RFC 5035 §3) with SHA-256, its default.
type certID struct {
	Hash   []byte
	Issuer struct {
		Names  []asn1.RawValue
		Serial *big.Int
	}
}

// Signature reads a card's signature, and gives the certificate of who signed.
func Signature(cms []byte) (*x509.Certificate, error) {
	read, err := readSignature(cms)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(read.Signed.Certificates.Bytes)
}

func readSignature(cms []byte) (read contentInfo, err error) {
	rest, err := asn1.Unmarshal(cms, &read)
	if err != nil {
		return read, fmt.Errorf("a card's signature: %w", err)
	}
	if len(rest) > 0 || len(read.Signed.Signers) != 1 || len(read.Signed.Certificates.Bytes) == 0 {
		return read, errors.New("a card's signature: want one signer and one certificate")
	}
	return read, nil
}

// Swapped puts another certificate in the place of the signer's, and nothing else: what was signed
// still names the honest one.
func Swapped(cms, certificate []byte) ([]byte, error) {
	read, err := readSignature(cms)
	if err != nil {
		return nil, err
	}
	read.Signed.Certificates = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: certificate}
	return asn1.Marshal(read)
}

// SignedAgain gives the signature that a card with another certificate and this key makes: its
// attributes and its signer name that certificate.
func SignedAgain(cms, certificate []byte, key *rsa.PrivateKey) ([]byte, error) {
	read, err := readSignature(cms)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, err
	}
	signer := &read.Signed.Signers[0]
	set, err := naming(signer.Signed, cert)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(set) // of the SET OF, not of [0] (RFC 5652 §5.4)
	if signer.Signature, err = rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:]); err != nil {
		return nil, err
	}
	signer.Signed = asn1.RawValue{FullBytes: slices.Concat([]byte{0xA0}, set[1:])}
	signer.Signer = issuerAndSerial{asn1.RawValue{FullBytes: cert.RawIssuer}, cert.SerialNumber}
	read.Signed.Certificates = asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: certificate}
	return asn1.Marshal(read)
}

// naming gives signed attributes, as the SET OF that is signed, that name another certificate.
func naming(signed asn1.RawValue, cert *x509.Certificate) ([]byte, error) {
	var attributes []attribute
	if _, err := asn1.UnmarshalWithParams(slices.Concat([]byte{0x31}, signed.FullBytes[1:]), &attributes, "set"); err != nil {
		return nil, fmt.Errorf("signed attributes: %w", err)
	}
	i := slices.IndexFunc(attributes, func(a attribute) bool { return a.Type.Equal(oidSigningCertificateV2) })
	if i < 0 {
		return nil, errors.New("signed attributes: no signing-certificate-v2")
	}
	hash := sha256.Sum256(cert.Raw)
	id := certID{Hash: hash[:]}
	id.Issuer.Names = []asn1.RawValue{{Class: asn1.ClassContextSpecific, Tag: 4, IsCompound: true, Bytes: cert.RawIssuer}} // directoryName
	id.Issuer.Serial = cert.SerialNumber
	attributes[i].Values = []asn1.RawValue{{FullBytes: der(struct{ IDs []certID }{[]certID{id}})}}
	return asn1.MarshalWithParams(attributes, "set")
}
