package ca

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"time"

	"go.step.sm/crypto/x509util"
	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// mockOrganization stands in every DN where the real certificates say "JPKI",
// so that nothing issued here can be taken for one of them.
const mockOrganization = "JPKI-MOCK"

// cpsURI is the certification practice statement that the real certificates
// point to.
const cpsURI = "http://www.jpki.go.jp/cps.html"

// Object identifiers of the extensions, RFC 5280 §4.2 and RFC 6960 §4.2.2.2.
var (
	oidSubjectKeyIdentifier   = asn1.ObjectIdentifier{2, 5, 29, 14}
	oidKeyUsage               = asn1.ObjectIdentifier{2, 5, 29, 15}
	oidSubjectAltName         = asn1.ObjectIdentifier{2, 5, 29, 17}
	oidIssuerAltName          = asn1.ObjectIdentifier{2, 5, 29, 18}
	oidBasicConstraints       = asn1.ObjectIdentifier{2, 5, 29, 19}
	oidCRLNumber              = asn1.ObjectIdentifier{2, 5, 29, 20}
	oidCRLDistributionPoints  = asn1.ObjectIdentifier{2, 5, 29, 31}
	oidCertificatePolicies    = asn1.ObjectIdentifier{2, 5, 29, 32}
	oidAuthorityKeyIdentifier = asn1.ObjectIdentifier{2, 5, 29, 35}
	oidExtendedKeyUsage       = asn1.ObjectIdentifier{2, 5, 29, 37}
	oidAuthorityInfoAccess    = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	oidNoCheck                = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
	oidOCSP                   = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1}
	oidCPS                    = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 2, 1}
	oidClientAuth             = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}
	oidOCSPSigning            = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 9}
)

// Key usages as the profile writes them: BIT STRINGs without trailing zero
// bits.
var (
	usageCA        = []byte{0x03, 0x02, 0x01, 0x06} // keyCertSign, cRLSign
	usageSignature = []byte{0x03, 0x02, 0x06, 0xC0} // digitalSignature, nonRepudiation
	usageDigital   = []byte{0x03, 0x02, 0x07, 0x80} // digitalSignature
)

// profile is a certificate to be made: everything but issuer and signature.
// The order of the extensions is the order in the certificate.
type profile struct {
	subject    []byte // DER
	serial     uint64
	notBefore  time.Time
	notAfter   time.Time
	publicKey  crypto.PublicKey
	extensions []extension
}

// extension is one extension; value builds what stands inside its OCTET STRING.
type extension struct {
	oid      asn1.ObjectIdentifier
	critical bool
	value    func(*cryptobyte.Builder)
}

func raw(der []byte) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) { b.AddBytes(der) }
}

// certificateTemplate is the x509util template of every certificate. All
// values pass through toJson, so that no text of a resident can become part of
// the template; all extensions are DER, so that their order and bytes are the
// profile's.
const certificateTemplate = `{
	"rawSubject": {{ toJson .Subject }},
	"serialNumber": {{ toJson .Serial }},
	"notBefore": {{ toJson .NotBefore }},
	"notAfter": {{ toJson .NotAfter }},
	"signatureAlgorithm": "SHA256-RSA",
	"extensions": {{ toJson .Extensions }}
}`

// template gives the profile as smallstep's template of a certificate.
func (p profile) template() (*x509.Certificate, error) {
	extensions := make([]x509util.Extension, 0, len(p.extensions))
	for _, e := range p.extensions {
		value, err := encode(e.value)
		if err != nil {
			return nil, fmt.Errorf("authority: extension %v: %w", e.oid, err)
		}
		extensions = append(extensions, x509util.Extension{ID: x509util.ObjectIdentifier(e.oid), Critical: e.critical, Value: value})
	}
	data := x509util.TemplateData{}
	data.Set("Subject", p.subject)
	data.Set("Serial", bigSerial(p.serial).String())
	data.Set("NotBefore", p.notBefore.UTC())
	data.Set("NotAfter", p.notAfter.UTC())
	data.Set("Extensions", extensions)
	bare := &x509.Certificate{PublicKey: p.publicKey, PublicKeyAlgorithm: x509.RSA}
	if isECDSA(p.publicKey) {
		bare.PublicKeyAlgorithm = x509.ECDSA
	}
	cert, err := x509util.NewCertificateFromX509(bare, x509util.WithTemplate(certificateTemplate, data))
	if err != nil {
		return nil, err
	}
	return cert.GetCertificate(), nil
}

// caName is the DN of the CA of a kind.
func caName(kind jpki.Kind) []attribute {
	return []attribute{
		country("JP"), organization(mockOrganization), unit(kind.OrganizationalUnit()),
		unit("Japan Agency for Local Authority Information Systems"),
	}
}

// caAltName is the same name in Japanese: the CA's subjectAltName and its
// certificates' issuerAltName.
func caAltName(kind jpki.Kind) []attribute {
	return []attribute{country("JP"), organization(mockOrganization), unit(caAltUnit(kind)), unit(agencyName)}
}

// rootProfile is the self-signed CA certificate: keyUsage, subjectAltName,
// basicConstraints, cRLDistributionPoints, subjectKeyIdentifier; no
// authorityKeyIdentifier and no policies.
func rootProfile(kind jpki.Kind, pub crypto.PublicKey) (profile, error) {
	subject, err := encode(func(b *cryptobyte.Builder) { addName(b, caName(kind)) })
	if err != nil {
		return profile{}, err
	}
	ski, err := keyIdentifier(pub)
	if err != nil {
		return profile{}, err
	}
	return profile{
		subject: subject, serial: caSerial, notBefore: caNotBefore, notAfter: caNotAfter, publicKey: pub,
		extensions: []extension{
			{oidKeyUsage, true, raw(usageCA)},
			{oidSubjectAltName, false, altName(caAltName(kind))},
			{oidBasicConstraints, true, func(b *cryptobyte.Builder) {
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1Boolean(true) })
			}},
			{oidCRLDistributionPoints, false, distributionPoint(caName(kind), "")},
			{oidSubjectKeyIdentifier, false, octets(ski)},
		},
	}, nil
}

// responderProfile is the delegated OCSP responder: digitalSignature,
// OCSPSigning and id-pkix-ocsp-nocheck. Its validity is the CA's, so that it
// too is the same for the same keys.
func responderProfile(kind jpki.Kind, root *x509.Certificate, pub crypto.PublicKey) (profile, error) {
	subject, err := encode(func(b *cryptobyte.Builder) {
		addName(b, append(caName(kind), commonName("OCSP Responder")))
	})
	if err != nil {
		return profile{}, err
	}
	ski, err := keyIdentifier(pub)
	if err != nil {
		return profile{}, err
	}
	serial := uint64(responderSerial)
	if isECDSA(pub) {
		serial = responderP256Serial
	}
	return profile{
		subject: subject, serial: serial, notBefore: caNotBefore, notAfter: caNotAfter, publicKey: pub,
		extensions: []extension{
			{oidKeyUsage, true, raw(usageDigital)},
			{oidExtendedKeyUsage, false, oids(oidOCSPSigning)},
			{oidNoCheck, false, raw([]byte{0x05, 0x00})},
			{oidAuthorityKeyIdentifier, false, authorityKeyIdentifier(root.SubjectKeyId)},
			{oidSubjectKeyIdentifier, false, octets(ski)},
		},
	}, nil
}

// Request is a certificate that a card is to carry.
type Request struct {
	Resident register.Resident
	Card     register.Card
	Key      *rsa.PublicKey
	At       time.Time // whole seconds
	NotAfter time.Time // the CA's own end comes first if it is earlier
}

// Issue makes a certificate, under a serial number that none has. It counts as
// issued only when it is recorded.
func (c *CA) Issue(r Request) (register.Certificate, error) {
	p, err := c.holderProfile(r, c.table.reserve())
	if err != nil {
		return register.Certificate{}, err
	}
	cert, err := c.sign(p)
	if err != nil {
		return register.Certificate{}, err
	}
	return register.Certificate{
		Kind: c.kind, Serial: jpki.SerialNumberOf(cert), CardID: r.Card.ID, ResidentID: r.Resident.ID,
		DER: cert.Raw, NotBefore: cert.NotBefore, NotAfter: cert.NotAfter,
		Status: register.Status{State: register.Good, Since: r.At},
	}, nil
}

// holderProfile is a certificate for a card, in the order keyUsage,
// (subjectAltName | extendedKeyUsage), certificatePolicies, issuerAltName,
// cRLDistributionPoints, authorityKeyIdentifier, subjectKeyIdentifier,
// authorityInfoAccess.
func (c *CA) holderProfile(r Request, serial uint64) (profile, error) {
	subject, err := encode(func(b *cryptobyte.Builder) { addName(b, holderName(c.kind, r, serial)) })
	if err != nil {
		return profile{}, err
	}
	ski, err := keyIdentifier(r.Key)
	if err != nil {
		return profile{}, err
	}
	own := []extension{
		{oidKeyUsage, true, raw(usageDigital)},
		{oidExtendedKeyUsage, false, oids(oidClientAuth)},
	}
	if c.kind == jpki.DigitalSignature {
		san, err := r.Resident.BasicFour.MarshalSubjectAltName()
		if err != nil {
			return profile{}, err
		}
		own = []extension{{oidKeyUsage, true, raw(usageSignature)}, {oidSubjectAltName, false, raw(san)}}
	}
	notAfter := r.NotAfter
	if end := caNotAfter.UTC(); end.Before(notAfter) {
		notAfter = end
	}
	return profile{
		subject: subject, serial: serial, publicKey: r.Key,
		notBefore: r.At, notAfter: notAfter,
		extensions: append(own,
			extension{oidCertificatePolicies, true, policies(c.kind)},
			extension{oidIssuerAltName, false, altName(caAltName(c.kind))},
			extension{oidCRLDistributionPoints, false, distributionPoint(crlName(c.kind, r.Resident.Municipality), c.publicURL+"/crl/"+c.kind.String()+".crl")},
			extension{oidAuthorityKeyIdentifier, false, authorityKeyIdentifier(c.cert.SubjectKeyId)},
			extension{oidSubjectKeyIdentifier, false, octets(ski)},
			extension{oidAuthorityInfoAccess, false, infoAccess(c.publicURL + "/ocsp/" + c.kind.String())},
		),
	}, nil
}

// crlName is the directory entry that the CRL of a municipality has in the
// agency's directory.
func crlName(kind jpki.Kind, m desk.Municipality) []attribute {
	return []attribute{
		country("JP"), organization(mockOrganization), unit(kind.OrganizationalUnit()), unit("CRL Distribution Points"),
		unit(m.PrefectureRomaji), commonName(m.CityRomaji + " CRLDP"),
	}
}

func altName(name []attribute) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(directoryName, func(b *cryptobyte.Builder) { addName(b, name) })
		})
	}
}

// distributionPoint is one DistributionPoint whose fullName is the directory
// name and, if uri is given, the URI beside it.
func distributionPoint(name []attribute, uri string) func(*cryptobyte.Builder) {
	constructed0 := tag.Tag(0).ContextSpecific().Constructed()
	return func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(constructed0, func(b *cryptobyte.Builder) { // distributionPoint
					b.AddASN1(constructed0, func(b *cryptobyte.Builder) { // fullName
						b.AddASN1(directoryName, func(b *cryptobyte.Builder) { addName(b, name) })
						if uri != "" {
							addURI(b, uri)
						}
					})
				})
			})
		})
	}
}

func policies(kind jpki.Kind) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(kind.Policy())
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1ObjectIdentifier(oidCPS)
						b.AddASN1(tag.IA5String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(cpsURI)) })
					})
				})
			})
		})
	}
}

func octets(v []byte) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) { b.AddASN1OctetString(v) }
}

func authorityKeyIdentifier(id []byte) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(id) })
		})
	}
}

func oids(ids ...asn1.ObjectIdentifier) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, id := range ids {
				b.AddASN1ObjectIdentifier(id)
			}
		})
	}
}

func infoAccess(ocspURL string) func(*cryptobyte.Builder) {
	return func(b *cryptobyte.Builder) {
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidOCSP)
				addURI(b, ocspURL)
			})
		})
	}
}
