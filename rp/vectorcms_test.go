package rp

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// cmsVectors are signatures of a form that is not accepted.
func cmsVectors() []vector {
	malformed := func(name, about string, change func(*play)) vector {
		return signatureVector("cms-"+name, about, "ErrMalformed", FormCheck, change)
	}
	edited := func(name, about string, edit func([]byte) []byte) vector {
		return malformed(name, about, func(p *play) { p.cms.edit = edit })
	}
	attributes := func(name, about string, change func([][]byte) [][]byte) vector {
		return malformed(name, about, func(p *play) { p.cms.attributes = change })
	}
	return []vector{
		signatureVector("cms-digest-sha1", "The digest algorithm is SHA-1.", "ErrAlgorithm", FormCheck, func(p *play) { p.cms.digestOID = "\x2b\x0e\x03\x02\x1a" }),
		signatureVector("cms-signature-pss", "The signature algorithm is RSASSA-PSS.", "ErrAlgorithm", FormCheck,
			func(p *play) { p.cms.signatureOID = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" }),
		malformed("content-inside", "The document is inside the signature.", func(p *play) { p.cms.content = p.document }),
		malformed("two-signers", "Two signers.", func(p *play) { p.cms.signers = 2 }),
		malformed("no-signer", "No signer.", func(p *play) { p.cms.signers = 0 }),
		malformed("two-certificates", "A second certificate.", func(p *play) { p.cms.certificates = [][]byte{theCast().anchors[0]} }),
		malformed("version", "SignerInfo of version 3.", func(p *play) { p.cms.version = 3 }),
		malformed("unsigned-attribute", "An attribute that is not signed.", func(p *play) { p.cms.unsigned = true }),
		malformed("digest-length", "A messageDigest of 20 octets.", func(p *play) { p.cms.messageDigest = make([]byte, 20) }),
		attributes("attributes-order", "The signed attributes are not in the order of DER.", func(a [][]byte) [][]byte { slices.Reverse(a); return a }),
		attributes("attribute-twice", "One signed attribute twice.", func(a [][]byte) [][]byte {
			return sorted(append(a, attribute(wire.OIDContentType, rawOID(wire.OIDData))))
		}),
		attributes("no-content-type", "No contentType attribute.", dropping(wire.OIDContentType)),
		attributes("no-digest", "No messageDigest attribute.", dropping(wire.OIDMessageDigest)),
		attributes("no-signing-certificate", "No signing-certificate-v2 attribute.", dropping(wire.OIDSigningCertificate2)),
		attributes("content-type", "The contentType attribute says signedData.", replacing(wire.OIDContentType, rawOID(wire.OIDSignedData))),
		attributes("signing-time", "A signing time with a time zone.", replacing(wire.OIDSigningTime, tlv(wire.TagUTCTime, []byte("260401120000+0900")))),
		edited("trailing", "An octet after the end.", func(der []byte) []byte { return append(der, 0) }),
		edited("cut-off", "The last octet is missing.", func(der []byte) []byte { return der[:len(der)-1] }),
		edited("indefinite-length", "BER of indefinite length.", func(der []byte) []byte { return slices.Concat([]byte{0x30, 0x80}, der[4:], []byte{0, 0}) }),
		edited("long-length", "A length in more octets than needed.", func(der []byte) []byte { return slices.Concat([]byte{0x30, 0x83, 0}, der[2:]) }),
		edited("not-signed-data", "A ContentInfo of plain data.", func(der []byte) []byte { return seq(rawOID(wire.OIDData), tlv(wire.TagContextIn, octets(der))) }),
	}
}

// certificateVectors are certificates with one thing wrong, and everything
// about them, their CA's signature too, in order.
func certificateVectors() []vector {
	c, kind := theCast(), jpki.DigitalSignature
	cert := func(name, about, outcome string, check Check, change func(*certSpec)) vector {
		return signatureVector("certificate-"+name, about, outcome, check, func(p *play) { change(&p.cert); p.cms.sidIssuer = p.cert.issuer })
	}
	return []vector{
		signatureVector("certificate-kind", "A user authentication certificate signed the document.", "ErrKind", KindCheck, func(p *play) {
			p.kind = jpki.UserAuthentication
			p.reissue(0x0A21C3F0, c.holder[p.kind], c.ca[p.kind])
			p.cms.sidIssuer = p.cert.issuer
		}),
		cert("foreign", "Issued by a CA that is not the service's.", "ErrKind", KindCheck, func(s *certSpec) { s.issuer = seq(rdn("2.5.4.3", "Any CA")) }),
		cert("other-organization", "Issued under the name of another hierarchy.", "ErrChain", ChainCheck, func(s *certSpec) { s.issuer = caName("JPKI-TEST", kind) }),
		cert("unknown-key", "Issued under the CA's name by a key that is no anchor.", "ErrChain", ChainCheck, func(s *certSpec) {
			s.signer = c.stranger
			s.with(authorityKeyID(keyID(c.stranger)))
		}),
		cert("forged", "Signed by another key than the one it names as its issuer's.", "ErrChain", ChainCheck, func(s *certSpec) { s.signer = c.stranger }),
		cert("altered", "One bit of the CA's signature was changed.", "ErrChain", ChainCheck, func(s *certSpec) { s.spoil = true }),
		cert("no-aki", "No authorityKeyIdentifier.", "ErrChain", ChainCheck, func(s *certSpec) { s.without("2.5.29.35") }),
		cert("sha1", "Signed by the CA with SHA-1.", "ErrChain", ChainCheck, func(s *certSpec) { s.sha1 = true }),
		cert("not-yet-valid", "Valid from the next second.", "ErrNotYetValid", ValidityCheck, func(s *certSpec) { s.notBefore = storyNow.Add(time.Second) }),
		cert("expired", "Expired in the last second.", "ErrExpired", ValidityCheck, func(s *certSpec) { s.notAfter = storyNow.Add(-time.Second) }),
		cert("critical-extension", "A critical extension that nobody knows.", "ErrCriticalExtension", CriticalExtensionCheck, func(s *certSpec) {
			s.with(ext{"1.3.6.1.4.1.55555.1", true, tlv(wire.TagNull)})
		}),
		cert("name-constraints", "A critical extension that is read by libraries but says nothing here.", "ErrCriticalExtension", CriticalExtensionCheck, func(s *certSpec) {
			s.with(ext{"2.5.29.30", true, seq(tlv(wire.TagContextIn, seq(tlv(wire.TagContext+2, []byte("example.jp")))))})
		}),
		cert("ca", "The signer is a CA.", "ErrBasicConstraints", BasicConstraintsCheck, func(s *certSpec) {
			s.with(ext{"2.5.29.19", true, seq(tlv(wire.TagBoolean, []byte{0xff}))})
		}),
		cert("usage-signature-only", "keyUsage lacks nonRepudiation.", "ErrKeyUsage", KeyUsageCheck, func(s *certSpec) { s.with(keyUsage(7, 0x80)) }),
		cert("usage-more", "keyUsage has keyEncipherment too.", "ErrKeyUsage", KeyUsageCheck, func(s *certSpec) { s.with(keyUsage(5, 0xe0)) }),
		cert("usage-none", "No keyUsage.", "ErrKeyUsage", KeyUsageCheck, func(s *certSpec) { s.without("2.5.29.15") }),
		cert("usage-not-critical", "keyUsage is not critical.", "ErrKeyUsage", KeyUsageCheck, func(s *certSpec) {
			e := keyUsage(6, 0xc0)
			e.critical = false
			s.with(e)
		}),
		cert("purpose", "An extendedKeyUsage serverAuth.", "ErrKeyUsage", KeyUsageCheck, func(s *certSpec) { s.with(purposes("1.3.6.1.5.5.7.3.1")) }),
		cert("policy-other-kind", "The policy of the other kind.", "ErrPolicy", PolicyCheck, func(s *certSpec) { s.with(policies(jpki.UserAuthentication.Policy().String())) }),
		cert("policy-none", "No certificatePolicies.", "ErrPolicy", PolicyCheck, func(s *certSpec) { s.without("2.5.29.32") }),
		cert("policy-not-critical", "certificatePolicies is not critical.", "ErrPolicy", PolicyCheck, func(s *certSpec) {
			e := policies(kind.Policy().String())
			e.critical = false
			s.with(e)
		}),
		cert("born-tomorrow", "A date of birth that is tomorrow.", "ErrMalformed", HolderCheck, func(s *certSpec) {
			s.with(ext{"2.5.29.17", false, namesBornOn(jpki.DateOfBirthOn(2026, time.April, 2))})
		}),
		cert("no-holder", "No four basic data.", "ErrMalformed", HolderCheck, func(s *certSpec) { s.without("2.5.29.17") }),
		cert("short-key", "An RSA key of 1024 bits.", "ErrAlgorithm", FormCheck, func(s *certSpec) { s.key = testKey("holder-short") }),
	}
}

func authenticationVectors() []vector {
	c, kind := theCast(), jpki.UserAuthentication
	made := authenticationVector
	text := func(name, about, outcome string, edit func(string) string) vector {
		return made("token-"+name, about, outcome, FormCheck, func(p *play) { p.editText = edit })
	}
	return []vector{
		made("origin-phishing", "The card answered a page of another origin.", "ErrOrigin", OriginCheck, func(p *play) { p.signed[0] = "https://bank.example.com" }),
		made("origin-slash", "The origin was signed with a slash at its end.", "ErrOrigin", OriginCheck, func(p *play) { p.signed[0] += "/" }),
		made("nonce-other", "The card answered another nonce.", "ErrOrigin", OriginCheck, func(p *play) { p.signed[1] = strings.Repeat("A", 43) + "=" }),
		made("authentication-swapped", "Another person's genuine certificate is shown.", "ErrSignature", SignatureCheck, func(p *play) {
			p.swapped = newHolder(kind, p.cert.serial, c.stranger, c.ca[kind]).der()
		}),
		made("authentication-signature-bit", "One bit of the signature was changed.", "ErrSignature", SignatureCheck, func(p *play) { p.spoil = true }),
		made("authentication-kind", "A digital signature certificate answered.", "ErrKind", KindCheck, func(p *play) {
			p.cert = newHolder(jpki.DigitalSignature, 0x0705D990, c.holder[jpki.DigitalSignature], c.ca[jpki.DigitalSignature])
		}),
		made("authentication-usage", "keyUsage has nonRepudiation too.", "ErrKeyUsage", KeyUsageCheck, func(p *play) { p.cert.with(keyUsage(6, 0xc0)) }),
		made("authentication-purpose", "extendedKeyUsage is serverAuth alone.", "ErrKeyUsage", KeyUsageCheck, func(p *play) { p.cert.with(purposes("1.3.6.1.5.5.7.3.1")) }),
		made("authentication-policy", "The policy of the other kind.", "ErrPolicy", PolicyCheck, func(p *play) { p.cert.with(policies(jpki.DigitalSignature.Policy().String())) }),
		made("authentication-san-critical", "A critical subjectAltName, which this kind does not have.", "ErrCriticalExtension", CriticalExtensionCheck, func(p *play) {
			p.cert.with(ext{"2.5.29.17", true, holderNames()})
		}),
		authenticationRevoked(),
		text("not-json", "No JSON.", "ErrMalformed", func(string) string { return "web-eid:1.0" }),
		text("two-objects", "A second object after the first.", "ErrMalformed", func(s string) string { return s + "{}" }),
		text("member-twice", "The certificate twice.", "ErrMalformed", func(s string) string { return strings.Replace(s, "{", `{"unverifiedCertificate":"AAAA",`, 1) }),
		text("unknown-twice", "A member that the format does not have, twice.", "ErrMalformed", func(s string) string { return strings.Replace(s, "{", `{"next":[1],"next":{},`, 1) }),
		text("format-minor", "A minor version that is not a number.", "ErrMalformed", func(s string) string { return strings.Replace(s, "web-eid:1.0", "web-eid:1.x", 1) }),
		text("member-capital", "A member in other letters.", "ErrMalformed", func(s string) string { return strings.Replace(s, "signature", "Signature", 1) }),
		text("number", "A number where text should be.", "ErrMalformed", func(s string) string { return strings.Replace(s, `"web-eid:1.0"`, "1.0", 1) }),
		text("format", "A later format.", "ErrMalformed", func(s string) string { return strings.Replace(s, "web-eid:1.0", "web-eid:2.0", 1) }),
		text("algorithm", "Another algorithm.", "ErrAlgorithm", func(s string) string { return strings.Replace(s, "RS256", "ES256", 1) }),
		text("base64", "base64 for URLs.", "ErrMalformed", func(s string) string {
			return strings.Replace(s, `"signature": "`, `"signature": "-_`+base64.RawURLEncoding.EncodeToString([]byte{0xff}), 1)
		}),
		text("no-certificate", "No certificate.", "ErrMalformed", func(s string) string {
			return strings.Replace(s, `"unverifiedCertificate": "MII`, `"unverifiedCertificate": "`, 1)
		}),
	}
}

func authenticationRevoked() vector {
	at := storyNow.AddDate(0, 0, -1)
	v := authenticationVector("authentication-revoked", "The certificate was revoked.", "ErrRevoked", StatusCheck, func(p *play) {
		p.ocsp.state = certRevoked(at, jpki.CessationOfOperation)
	})
	v.header = append(v.header, [2]string{"reason", "cessationOfOperation"}, [2]string{"revoked-at", at.Format(time.RFC3339)})
	return v
}
