package rp

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Sizes of a holder's RSA key, in bits. The profile has 2048.
const (
	minRSABits = 2048
	maxRSABits = 4096
)

// checkCertificate makes the checks on a certificate itself, in order, and returns
// the anchor that issued it.
func (r *run) checkCertificate(ctx context.Context, cert *x509.Certificate) (anchor, error) {
	if err := r.checkForm(ctx, cert); err != nil {
		return anchor{}, err
	}
	found := kindByName(cert.Issuer)
	if err := r.require(ctx, found == r.record.Kind, KindCheck, ErrKind, fact("kind", r.record.Kind), kindFact(found)); err != nil {
		return anchor{}, err
	}
	issuer, err := r.findIssuer(ctx, cert)
	if err != nil {
		return anchor{}, err
	}
	for _, check := range []func(context.Context, *x509.Certificate) error{
		func(ctx context.Context, c *x509.Certificate) error {
			return r.checkValidity(ctx, "certificate_validity", c.NotBefore, r.acceptedUntil(c))
		},
		func(ctx context.Context, _ *x509.Certificate) error {
			return r.checkValidity(ctx, "ca_validity", issuer.cert.NotBefore, issuer.cert.NotAfter)
		},
		r.checkCriticalExtensions, r.checkBasicConstraints, r.checkKeyUsage, r.checkPolicy,
	} {
		if err := check(ctx, cert); err != nil {
			return anchor{}, err
		}
	}
	return issuer, nil
}

// checkForm refuses what no certificate of the profile looks like, before
// anything is computed with it.
func (r *run) checkForm(ctx context.Context, cert *x509.Certificate) error {
	r.record.Serial = jpki.SerialNumberOf(cert)
	if err := r.require(ctx, cert.Version == 3 && !r.record.Serial.IsZero(), FormCheck, ErrMalformed,
		fact("certificate_form"), fact("version_serial", cert.Version, r.record.Serial)); err != nil {
		return err
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	found := fact("key_algorithm", cert.PublicKeyAlgorithm)
	if ok {
		found = fact("rsa_key", key.N.BitLen(), key.E)
		ok = key.N.BitLen() >= minRSABits && key.N.BitLen() <= maxRSABits && key.E == 65537
	}
	return r.require(ctx, ok, FormCheck, ErrAlgorithm, fact("key_range", minRSABits, maxRSABits), found)
}

func kindName(k jpki.Kind) string { return kindFact(k).String() }

func kindFact(k jpki.Kind) Fact {
	if !k.Valid() {
		return fact("other_kind")
	}
	return fact("kind", k)
}

// Issued asks whether a trusted CA issued a certificate for user authentication, and no
// more: its holder has proved nothing yet, and nobody has said whether it is still good.
// It is for a party that only passes a token on, and not for strangers. The error is a
// *CheckError of ErrChain.
func (v *Verifier) Issued(ctx context.Context, cert *x509.Certificate) error {
	_, err := v.begin(VerbVerifyAuthentication, jpki.UserAuthentication).findIssuer(ctx, cert)
	return err
}

// findIssuer finds the anchor that issued the certificate. All generations of a CA
// have one name, so the issuer is the one whose key identifier the
// certificate gives, and then the signature must be by that key.
func (r *run) findIssuer(ctx context.Context, cert *x509.Certificate) (anchor, error) {
	var keys []string
	for _, a := range r.v.anchors {
		if a.kind != r.record.Kind || !bytes.Equal(a.cert.RawSubject, cert.RawIssuer) {
			continue
		}
		keys = append(keys, hex.EncodeToString(a.cert.SubjectKeyId))
		if !bytes.Equal(a.cert.SubjectKeyId, cert.AuthorityKeyId) {
			continue
		}
		ok := cert.SignatureAlgorithm == x509.SHA256WithRSA &&
			a.cert.CheckSignature(cert.SignatureAlgorithm, cert.RawTBSCertificate, cert.Signature) == nil
		if err := r.require(ctx, ok, ChainCheck, ErrChain, fact("ca_signature", keys[len(keys)-1]),
			same(ok, fact("no_signature"))); err != nil {
			return anchor{}, err
		}
		r.record.Anchor = hexSHA256(a.cert.Raw)
		return a, nil
	}
	expected := fact("trusted_ca", r.record.Kind)
	if len(keys) > 0 {
		expected = fact("ca_keys", strings.Join(keys, ", "))
	}
	return anchor{}, r.require(ctx, false, ChainCheck, ErrChain, expected, fact("issuer", strconv.Quote(cert.Issuer.String()), hex.EncodeToString(cert.AuthorityKeyId)))
}

func hexSHA256(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// checkValidity compares the validity period with the clock. Both ends belong to it.
func (r *run) checkValidity(ctx context.Context, expected string, notBefore, notAfter time.Time) error {
	now := r.record.At
	early, rule := now.Before(notBefore), ErrExpired
	if early {
		rule = ErrNotYetValid
	}
	// notAfter has no fraction and its last second belongs to the period.
	ok := !early && now.Before(notAfter.Add(time.Second))
	return r.require(ctx, ok, ValidityCheck, rule, fact(expected, notBefore, notAfter), fact("time", now))
}

// acceptedUntil gives until when a holder's certificate is accepted.
func (r *run) acceptedUntil(cert *x509.Certificate) time.Time {
	if r.v.cfg.Grace == nil || r.record.Kind != jpki.UserAuthentication {
		return cert.NotAfter
	}
	return r.v.cfg.Grace(cert.NotAfter)
}

// checkCriticalExtensions refuses a critical extension that the kit does not
// process (RFC 5280 §4.2). x509's own list would not do: it counts an
// extension as handled once it is parsed, and counts a critical subjectAltName
// of otherNames, which the kit does read, as not handled.
func (r *run) checkCriticalExtensions(ctx context.Context, cert *x509.Certificate) error {
	for _, e := range cert.Extensions {
		if !e.Critical {
			continue
		}
		switch id := e.Id.String(); id {
		case "2.5.29.15", "2.5.29.19", "2.5.29.32", "2.5.29.37": // keyUsage, basicConstraints, certificatePolicies, extKeyUsage
		case "2.5.29.17": // subjectAltName: read as the four basic data
			if r.record.Kind != jpki.DigitalSignature {
				return r.require(ctx, false, CriticalExtensionCheck, ErrCriticalExtension, fact("no_critical_san"), fact("extension", id))
			}
		default:
			return r.require(ctx, false, CriticalExtensionCheck, ErrCriticalExtension, fact("critical_extensions"), fact("extension", id))
		}
	}
	return r.require(ctx, true, CriticalExtensionCheck, nil, fact("critical_extensions"), fact(FactSame))
}

func (r *run) checkBasicConstraints(ctx context.Context, cert *x509.Certificate) error {
	found := fact("not_ca")
	if cert.IsCA {
		found = fact("ca")
	}
	return r.require(ctx, !cert.IsCA, BasicConstraintsCheck, ErrBasicConstraints, fact("not_ca"), found)
}

// checkKeyUsage wants the profile's bits, no more and no fewer, marked critical;
// and, if there is an extendedKeyUsage, the one of the kind.
func (r *run) checkKeyUsage(ctx context.Context, cert *x509.Certificate) error {
	want, usages := x509.KeyUsageDigitalSignature, "digitalSignature"
	if r.record.Kind == jpki.DigitalSignature {
		want, usages = want|x509.KeyUsageContentCommitment, usages+"+nonRepudiation"
	}
	ok := cert.KeyUsage == want && critical(cert, "2.5.29.15")
	if err := r.require(ctx, ok, KeyUsageCheck, ErrKeyUsage, fact("key_usage", usages),
		fact("key_usage_bits", fmt.Sprintf("%09b", reverse9(cert.KeyUsage)), critical(cert, "2.5.29.15"))); err != nil {
		return err
	}
	if len(cert.ExtKeyUsage)+len(cert.UnknownExtKeyUsage) == 0 {
		return nil
	}
	ok, expected := false, fact("no_extended_usage")
	if r.record.Kind == jpki.UserAuthentication {
		expected = fact("extended_usage", "clientAuth")
		for _, u := range cert.ExtKeyUsage {
			ok = ok || u == x509.ExtKeyUsageClientAuth || u == x509.ExtKeyUsageAny
		}
	}
	return r.require(ctx, ok, KeyUsageCheck, ErrKeyUsage, expected, fact("extended_usage_listed", fmt.Sprint(cert.ExtKeyUsage, cert.UnknownExtKeyUsage)))
}

// reverse9 turns x509's bits (digitalSignature lowest) into the order in which
// RFC 5280 lists them (digitalSignature first).
func reverse9(u x509.KeyUsage) (out int) {
	for i := range 9 {
		out = out<<1 | int(u)>>i&1
	}
	return out
}

func critical(cert *x509.Certificate, id string) bool {
	for _, e := range cert.Extensions {
		if e.Id.String() == id {
			return e.Critical
		}
	}
	return false
}

// checkPolicy wants the kind's certificate policy alone, marked critical: software
// that was only tried with a non-critical one has failed on real cards.
func (r *run) checkPolicy(ctx context.Context, cert *x509.Certificate) error {
	want := r.record.Kind.Policy()
	ok := len(cert.PolicyIdentifiers) == 1 && cert.PolicyIdentifiers[0].Equal(want) && critical(cert, "2.5.29.32")
	return r.require(ctx, ok, PolicyCheck, ErrPolicy, fact("policy", want),
		fact("policies", cert.PolicyIdentifiers, critical(cert, "2.5.29.32")))
}
