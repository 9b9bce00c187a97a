package rp

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// statusVectors are what the authority may say, and ways of not saying it.
func statusVectors() []vector {
	status := func(name, about, outcome string, change func(*ocspSpec)) vector {
		return signatureVector("status-"+name, about, outcome, StatusCheck, func(p *play) { change(&p.ocsp) })
	}
	revoked := func(name, outcome string, reason jpki.Reason) vector {
		at := storyNow.AddDate(0, 0, -7)
		v := status(name, "The certificate is revoked: "+reason.String()+".", outcome, func(o *ocspSpec) { o.state = certRevoked(at, reason) })
		v.header = append(v.header, [2]string{"reason", reason.String()}, [2]string{"revoked-at", at.Format(time.RFC3339)})
		return v
	}
	return []vector{
		revoked("revoked-changed", "ErrRevoked", jpki.AffiliationChanged),
		revoked("revoked-superseded", "ErrRevoked", jpki.Superseded),
		revoked("revoked-key", "ErrRevoked", jpki.KeyCompromise),
		revoked("suspended", "ErrSuspended", jpki.CertificateHold),
		status("unknown", "The authority does not know the certificate.", "ErrStatusUnknown", func(o *ocspSpec) { o.state = certUnknown() }),
		status("unauthorized", "The verifier is not accredited.", "ErrNotAccredited", func(o *ocspSpec) { o.status = 6 }),
		status("try-later", "The responder says tryLater.", "ErrStatusUnavailable", func(o *ocspSpec) { o.status = 3 }),
		status("http-error", "The responder is not there (404).", "ErrStatusUnavailable", func(o *ocspSpec) { o.httpMissing = true }),
		status("empty", "A response without an answer.", "ErrStatusMissing", func(o *ocspSpec) { o.answers = 0 }),
		status("other-serial", "An answer about another serial number.", "ErrStatusMissing", func(o *ocspSpec) { o.serial++ }),
		status("other-issuer", "An answer about the same serial number of another CA key.", "ErrStatusMissing", func(o *ocspSpec) { o.issuerKey = theCast().oldCA }),
		status("twice", "Two answers about the certificate.", "ErrStatusMissing", func(o *ocspSpec) { o.answers = 2 }),
		status("stale", "Signed an hour ago.", "ErrStatusStale", func(o *ocspSpec) {
			o.producedAt, o.thisUpdate = storyNow.Add(-time.Hour), storyNow.Add(-time.Hour)
		}),
		status("this-update-old", "Signed now, about an hour ago.", "ErrStatusStale", func(o *ocspSpec) { o.thisUpdate = storyNow.Add(-time.Hour) }),
		status("next-update-past", "Over since ten minutes.", "ErrStatusStale", func(o *ocspSpec) {
			o.thisUpdate, o.nextUpdate = storyNow.Add(-12*time.Minute), storyNow.Add(-10*time.Minute)
		}),
		status("no-next-update", "Without nextUpdate.", "ErrStatusStale", func(o *ocspSpec) { o.nextUpdate = time.Time{} }),
		status("future", "Signed ten minutes from now.", "ErrStatusStale", func(o *ocspSpec) { o.producedAt = storyNow.Add(10 * time.Minute) }),
		status("no-nonce", "Without a nonce.", "ErrStatusNonce", func(o *ocspSpec) { o.nonce = nil }),
		status("other-nonce", "With another nonce, as a recorded answer has.", "ErrStatusNonce", func(o *ocspSpec) { o.nonce = flip(o.nonce) }),
		status("short-nonce", "With the beginning of the nonce.", "ErrStatusNonce", func(o *ocspSpec) { o.nonce = o.nonce[:16] }),
		status("critical-extension", "With a critical extension that nobody knows.", "ErrStatusUnavailable", func(o *ocspSpec) {
			o.extensions = [][]byte{ext{"1.3.6.1.4.1.55555.1", true, tlv(wire.TagNull)}.der()}
		}),
		status("trailing", "With an octet after its end.", "ErrStatusUnavailable", func(o *ocspSpec) {
			o.edit = func(der []byte) []byte { return append(der, 0) }
		}),
		status("ecdsa-sha384", "Signed by ECDSA, it says, with SHA-384.", "ErrStatusUnavailable", func(o *ocspSpec) {
			o.answeredBy(jpki.DigitalSignature, testECKey("responder-p256"))
			o.algorithm = seq(oid("1.2.840.10045.4.3.3"))
		}),
		status("ecdsa-parameters", "The algorithm ECDSA with SHA-256 has parameters.", "ErrStatusUnavailable", func(o *ocspSpec) {
			o.answeredBy(jpki.DigitalSignature, testECKey("responder-p256"))
			o.algorithm = algorithm(wire.OIDECDSAWithSHA256)
		}),
		status("reason-unused", "Revoked for a reason that RFC 5280 does not have.", "ErrStatusUnavailable", func(o *ocspSpec) {
			o.state = certRevoked(storyNow, 7)
		}),
	}
}

// responderVectors are answers by somebody who may not give them.
func responderVectors() []vector {
	c, kind := theCast(), jpki.DigitalSignature
	responder := func(name, about string, change func(*ocspSpec)) vector {
		return signatureVector("responder-"+name, about, "ErrStatusResponder", StatusCheck, func(p *play) { change(&p.ocsp) })
	}
	return []vector{
		responder("signature-bit", "One bit of the response's signature was changed.", func(o *ocspSpec) { o.spoil = true }),
		responder("other-ca", "A responder of the other CA.", func(o *ocspSpec) {
			other := newResponder(jpki.UserAuthentication, c.responder[jpki.UserAuthentication], c.ca[jpki.UserAuthentication])
			o.signer, o.responder = c.responder[jpki.UserAuthentication], &other
		}),
		responder("older-generation", "A responder certified by an older key of the CA.", func(o *ocspSpec) {
			older := newResponder(kind, o.signer, c.oldCA)
			o.responder = &older
		}),
		responder("stranger", "A responder that certified itself under the CA's name.", func(o *ocspSpec) {
			self := newResponder(kind, c.stranger, c.stranger)
			self.with(authorityKeyID(keyID(c.ca[kind])))
			o.signer, o.responder = c.stranger, &self
		}),
		responder("holder", "A citizen's certificate answers for the authority.", func(o *ocspSpec) {
			citizen := newHolder(kind, 0x0705D999, c.stranger, c.ca[kind])
			o.signer, o.responder = c.stranger, &citizen
		}),
		responder("no-purpose", "A responder without OCSPSigning.", func(o *ocspSpec) { o.responder.with(purposes("1.3.6.1.5.5.7.3.2")) }),
		responder("no-nocheck", "A responder without id-pkix-ocsp-nocheck.", func(o *ocspSpec) { o.responder.without("1.3.6.1.5.5.7.48.1.5") }),
		responder("expired", "A responder whose certificate is over.", func(o *ocspSpec) { o.responder.notAfter = storyNow.Add(-time.Second) }),
		responder("usage", "A responder whose key may not sign.", func(o *ocspSpec) { o.responder.with(keyUsage(5, 0x20)) }),
		responder("rsa-short", "A responder whose RSA key has 1024 bits.", func(o *ocspSpec) {
			short := newResponder(kind, testKey("holder-short"), c.ca[kind])
			o.signer, o.responder = short.key, &short
		}),
		responder("rsa-as-ecdsa", "An RSA signature that is called ECDSA.", func(o *ocspSpec) { o.algorithm = seq(rawOID(wire.OIDECDSAWithSHA256)) }),
		responder("p256-as-rsa", "An ECDSA signature that is called RSA.", func(o *ocspSpec) {
			o.answeredBy(kind, testECKey("responder-p256"))
			o.algorithm = algorithm(wire.OIDSHA256WithRSA)
		}),
		responder("p256-other-data", "The signature of a P-256 responder is of another response.", func(o *ocspSpec) {
			o.answeredBy(kind, testECKey("responder-p256"))
			o.otherData = true
		}),
		responder("p256-signature-bit", "One bit of a P-256 responder's signature was changed.", func(o *ocspSpec) {
			o.answeredBy(kind, testECKey("responder-p256"))
			o.spoil = true
		}),
		responder("p384", "A responder whose key is on P-384.", func(o *ocspSpec) { o.answeredBy(kind, testECKey("responder-p384")) }),
		responder("missing", "The responder's certificate is not in the response.", func(o *ocspSpec) { o.responder = nil }),
	}
}
