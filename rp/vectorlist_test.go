package rp

import (
	"bytes"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// vectors makes every vector: a play in which nothing is wrong, and then plays
// with one thing changed.
func vectors() []vector {
	return slices.Concat(rightVectors(), documentVectors(), cmsVectors(), certificateVectors(), statusVectors(), responderVectors(), authenticationVectors())
}

// signatureVector is a play of VerifySignature.
func signatureVector(name, about, outcome string, check Check, change func(*play)) vector {
	p := newPlay(jpki.DigitalSignature)
	change(p)
	v := p.vector(VerbVerifySignature, name, about, outcome, check)
	v.blocks = append(v.blocks, &pem.Block{Type: "DOCUMENT", Bytes: p.document}, &pem.Block{Type: "CMS", Bytes: p.cms.der(p.signedDocument(), p.cert)})
	return p.withStatus(v)
}

// signedDocument is the document that was signed, whatever is shown later.
func (p *play) signedDocument() []byte { return newPlay(p.kind).document }

// authenticationVector is a play of VerifyAuthentication.
func authenticationVector(name, about, outcome string, check Check, change func(*play)) vector {
	p := newPlay(jpki.UserAuthentication)
	change(p)
	v := p.vector(VerbVerifyAuthentication, name, about, outcome, check)
	v.header = append(v.header, [2]string{"origin", storyOrigin}, [2]string{"nonce", storyNonce},
		[2]string{"challenge-expires", storyNow.Add(5 * time.Minute).Format(time.RFC3339)})
	v.blocks = append(v.blocks, &pem.Block{Type: "TOKEN", Bytes: []byte(p.tokenText())})
	return p.withStatus(v)
}

// statusVector is a play of CheckStatus.
func statusVector(name, about string, state State, change func(*play)) vector {
	p := newPlay(jpki.DigitalSignature)
	change(p)
	v := p.vector(VerbCheckStatus, name, about, "accepted", "")
	v.header = append(v.header, [2]string{"kind", p.kind.String()}, [2]string{"state", string(state)})
	return p.withStatus(v)
}

func (p *play) vector(verb Verb, name, about, outcome string, check Check) vector {
	v := vector{name: name, about: about, header: [][2]string{
		{"verb", string(verb)}, {"outcome", outcome}, {"now", storyNow.Format(time.RFC3339)}}}
	if outcome == "accepted" {
		v.header = append(v.header, [2]string{"serial", fmt.Sprintf("%08X", p.cert.serial)})
	} else {
		v.header = append(v.header, [2]string{"check", string(check)})
	}
	return v
}

func (p *play) withStatus(v vector) vector {
	v.header = append(v.header, [2]string{"ocsp-nonce", hex.EncodeToString(storyOCSPNonce())})
	if !p.ocsp.httpMissing {
		v.blocks = append(v.blocks, &pem.Block{Type: "OCSP RESPONSE", Bytes: p.ocsp.der()})
	}
	return v
}

// reissue gives the play another certificate, which the signature and the
// status are then about.
func (p *play) reissue(serial int64, key, ca *rsa.PrivateKey) {
	p.cert = newHolder(p.kind, serial, key, ca)
	p.cms.sidSerial, p.ocsp.serial, p.ocsp.issuerKey = serial, serial, ca
	responder := newResponder(p.kind, p.ocsp.signer, ca)
	p.ocsp.responder = &responder
}

func nothing(*play) {}

func rightVectors() []vector {
	c := theCast()
	return []vector{
		signatureVector("accepted-signature", "Nothing is wrong.", "accepted", "", nothing),
		signatureVector("accepted-rsaencryption", "The signature algorithm is named rsaEncryption, as older software does.", "accepted", "",
			func(p *play) { p.cms.signatureOID = wire.OIDRSA }),
		signatureVector("accepted-older-generation", "Issued by an older CA key under the same name.", "accepted", "",
			func(p *play) { p.reissue(0x0700AB12, c.holder[p.kind], c.oldCA) }),
		signatureVector("accepted-san-critical", "The subjectAltName with the four basic data is critical: it is understood.", "accepted", "",
			func(p *play) { p.cert.with(ext{"2.5.29.17", true, holderNames()}) }),
		signatureVector("accepted-status-by-ca", "The OCSP response is signed by the CA itself.", "accepted", "",
			func(p *play) { p.ocsp.signer, p.ocsp.responder = c.ca[p.kind], nil }),
		signatureVector("accepted-responder-by-name", "The OCSP response names its responder by its name.", "accepted", "",
			func(p *play) { p.ocsp.byName = p.ocsp.responder.subject }),
		signatureVector("accepted-responder-p256", "The responder's key is on P-256, and signs by ECDSA with SHA-256.", "accepted", "",
			func(p *play) { p.ocsp.answeredBy(p.kind, testECKey("responder-p256")) }),
		signatureVector("accepted-last-second", "The certificate ends in this very second.", "accepted", "",
			func(p *play) { p.cert.notAfter = storyNow }),
		authenticationVector("accepted-authentication", "Nothing is wrong.", "accepted", "", nothing),
		authenticationVector("accepted-token-member-unknown", "Members of a later minor version, which are passed over.", "accepted", "",
			func(p *play) {
				p.editText = func(s string) string {
					return strings.Replace(strings.Replace(s, "{", `{"unverifiedSigningCertificates":[{"certificate":"AAAA"}],`, 1), "web-eid:1.0", "web-eid:1.1", 1)
				}
			}),
		authenticationVector("accepted-without-eku", "A certificate without extendedKeyUsage.", "accepted", "",
			func(p *play) { p.cert.without("2.5.29.37") }),
		statusVector("accepted-status-unchanged", "Not revoked.", Unchanged, nothing),
		statusVector("accepted-status-changed", "Revoked because the four basic data changed.", Changed,
			func(p *play) { p.ocsp.state = certRevoked(storyNow.AddDate(0, 0, -7), jpki.AffiliationChanged) }),
		statusVector("accepted-status-revoked", "Revoked because it was renewed.", Revoked,
			func(p *play) { p.ocsp.state = certRevoked(storyNow.AddDate(0, 0, -7), jpki.Superseded) }),
		statusVector("accepted-status-suspended", "Suspended.", Suspended,
			func(p *play) { p.ocsp.state = certRevoked(storyNow.AddDate(0, 0, -7), jpki.CertificateHold) }),
		statusVector("accepted-status-unknown", "The authority never issued it.", Unknown,
			func(p *play) { p.ocsp.state = certUnknown() }),
	}
}

func documentVectors() []vector {
	c := theCast()
	return []vector{
		signatureVector("document-tampered", "One character of the document was changed after signing.", "ErrDigest", DigestCheck,
			func(p *play) {
				p.document = []byte("口座開設申込書\n店名：本店営業部\n目的：給与支払\n")
			}),
		signatureVector("signature-bit", "One bit of the signature was changed.", "ErrSignature", SignatureCheck,
			func(p *play) { p.cms.spoil = true }),
		signatureVector("certificate-swapped", "Another person's genuine certificate was put in place of the signer's.", "ErrSignature", SignatureCheck,
			func(p *play) {
				other := newHolder(p.kind, 0x0705D991, c.stranger, c.ca[p.kind])
				mine := p.cert.der()
				p.cms.named, p.cms.sidSerial = mine, other.serial
				p.cms.edit = func(der []byte) []byte { return replaced(der, mine, other.der()) }
			}),
		signatureVector("signer-other-certificate-same-key", "signing-certificate-v2 names another certificate of the same key.", "ErrSignerIdentifier", SignerIdentifierCheck,
			func(p *play) {
				other := p.cert
				other.notAfter = storyEnd.AddDate(0, 0, 1)
				p.cms.named = other.der()
			}),
		signatureVector("signer-serial", "issuerAndSerialNumber names another serial number.", "ErrSignerIdentifier", SignerIdentifierCheck,
			func(p *play) { p.cms.sidSerial++ }),
		signatureVector("signer-issuer", "issuerAndSerialNumber names another issuer.", "ErrSignerIdentifier", SignerIdentifierCheck,
			func(p *play) { p.cms.sidIssuer = caName("JPKI", jpki.DigitalSignature) }),
		signatureVector("signer-ess-serial", "The issuerSerial in signing-certificate-v2 names another serial number.", "ErrSignerIdentifier", SignerIdentifierCheck,
			func(p *play) {
				p.cms.attributes = replacing(wire.OIDSigningCertificate2, seq(seq(seq(octets(sha(p.cert.der())), seq(seq(directoryName(p.cert.issuer)), number(p.cert.serial+1))))))
			}),
	}
}

// replaced puts b in the place of a, in DER whose lengths stay the same.
func replaced(der, a, b []byte) []byte {
	if len(a) != len(b) {
		panic("vectors: the certificates differ in length")
	}
	return slices.Concat(der[:index(der, a)], b, der[index(der, a)+len(a):])
}

func index(der, a []byte) int {
	for i := range der {
		if i+len(a) <= len(der) && slices.Equal(der[i:i+len(a)], a) {
			return i
		}
	}
	panic("vectors: not found")
}

// replacing sets the value of one signed attribute, before it is signed.
func replacing(id string, value []byte) func([][]byte) [][]byte {
	return func(attributes [][]byte) [][]byte {
		return sorted(append(dropping(id)(attributes), attribute(id, value)))
	}
}

// dropping leaves one signed attribute out.
func dropping(id string) func([][]byte) [][]byte {
	return func(attributes [][]byte) (left [][]byte) {
		for _, a := range attributes {
			var whole asn1.RawValue
			if _, err := asn1.Unmarshal(a, &whole); err != nil {
				panic(err)
			}
			if !bytes.HasPrefix(whole.Bytes, rawOID(id)) {
				left = append(left, a)
			}
		}
		return left
	}
}
