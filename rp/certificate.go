package rp

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Sizes of a holder's RSA key, in bits. The profile has 2048.
const (
	minRSABits = 2048
	maxRSABits = 4096
)

// certificate makes the checks on a certificate itself, in order, and returns
// the anchor that issued it.
func (r *run) certificate(ctx context.Context, cert *x509.Certificate) (anchor, error) {
	if err := r.formOf(ctx, cert); err != nil {
		return anchor{}, err
	}
	found := kindByName(cert.Issuer)
	if err := r.require(ctx, found == r.record.Kind, KindCheck, ErrKind, r.record.Kind.String(), kindName(found)); err != nil {
		return anchor{}, err
	}
	issuer, err := r.chain(ctx, cert)
	if err != nil {
		return anchor{}, err
	}
	for _, check := range []func(context.Context, *x509.Certificate) error{
		func(ctx context.Context, c *x509.Certificate) error { return r.validity(ctx, "certificate", c) },
		func(ctx context.Context, _ *x509.Certificate) error {
			return r.validity(ctx, "CA certificate", issuer.cert)
		},
		r.criticalExtensions, r.basicConstraints, r.keyUsage, r.policy,
	} {
		if err := check(ctx, cert); err != nil {
			return anchor{}, err
		}
	}
	return issuer, nil
}

// formOf refuses what no certificate of the profile looks like, before
// anything is computed with it.
func (r *run) formOf(ctx context.Context, cert *x509.Certificate) error {
	r.record.Serial = jpki.SerialNumberOf(cert)
	if err := r.require(ctx, cert.Version == 3 && !r.record.Serial.IsZero(), FormCheck, ErrMalformed,
		"certificate of version 3 with a positive serial number", fmt.Sprintf("version %d, serial number %q", cert.Version, r.record.Serial)); err != nil {
		return err
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	found := cert.PublicKeyAlgorithm.String()
	if ok {
		found = fmt.Sprintf("RSA of %d bits, exponent %d", key.N.BitLen(), key.E)
		ok = key.N.BitLen() >= minRSABits && key.N.BitLen() <= maxRSABits && key.E == 65537
	}
	return r.require(ctx, ok, FormCheck, ErrAlgorithm, fmt.Sprintf("RSA key of %d to %d bits, exponent 65537", minRSABits, maxRSABits), found)
}

func kindName(k jpki.Kind) string {
	if !k.Valid() {
		return "no certificate of the service"
	}
	return k.String()
}

// chain finds the anchor that issued the certificate. All generations of a CA
// have one name, so the issuer is the one whose key identifier the
// certificate gives, and then the signature must be by that key.
func (r *run) chain(ctx context.Context, cert *x509.Certificate) (anchor, error) {
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
		if err := r.require(ctx, ok, ChainCheck, ErrChain, "SHA-256 with RSA by CA key "+keys[len(keys)-1],
			sayIf(ok, "the same", "no valid signature by that key")); err != nil {
			return anchor{}, err
		}
		r.record.Anchor = hexSHA256(a.cert.Raw)
		return a, nil
	}
	expected := "issued by a trusted CA for " + r.record.Kind.String()
	if len(keys) > 0 {
		expected = "authorityKeyIdentifier among " + strings.Join(keys, ", ")
	}
	return anchor{}, r.require(ctx, false, ChainCheck, ErrChain, expected, fmt.Sprintf("issuer %q, authorityKeyIdentifier %x", cert.Issuer, cert.AuthorityKeyId))
}

func sayIf(ok bool, yes, no string) string {
	if ok {
		return yes
	}
	return no
}

func hexSHA256(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// validity compares the validity period with the clock. Both ends belong to it.
func (r *run) validity(ctx context.Context, what string, cert *x509.Certificate) error {
	now := r.record.At
	rule := ErrExpired
	if now.Before(cert.NotBefore) {
		rule = ErrNotYetValid
	}
	// notAfter has no fraction and its last second belongs to the period.
	ok := !now.Before(cert.NotBefore) && now.Before(cert.NotAfter.Add(time.Second))
	return r.require(ctx, ok, ValidityCheck, rule,
		fmt.Sprintf("%s valid %s to %s", what, cert.NotBefore.UTC().Format(time.RFC3339), cert.NotAfter.UTC().Format(time.RFC3339)),
		now.UTC().Format(time.RFC3339))
}

// criticalExtensions refuses a critical extension that the kit does not
// process (RFC 5280 §4.2). x509's own list would not do: it counts an
// extension as handled once it is parsed, and counts a critical subjectAltName
// of otherNames, which the kit does read, as not handled.
func (r *run) criticalExtensions(ctx context.Context, cert *x509.Certificate) error {
	for _, e := range cert.Extensions {
		if !e.Critical {
			continue
		}
		switch id := e.Id.String(); id {
		case "2.5.29.15", "2.5.29.19", "2.5.29.32", "2.5.29.37": // keyUsage, basicConstraints, certificatePolicies, extKeyUsage
		case "2.5.29.17": // subjectAltName: read as the four basic data
			if r.record.Kind != jpki.DigitalSignature {
				return r.require(ctx, false, CriticalExtensionCheck, ErrCriticalExtension, "no critical subjectAltName", id)
			}
		default:
			return r.require(ctx, false, CriticalExtensionCheck, ErrCriticalExtension, "only critical extensions that are understood", id)
		}
	}
	return r.require(ctx, true, CriticalExtensionCheck, nil, "only critical extensions that are understood", "the same")
}

func (r *run) basicConstraints(ctx context.Context, cert *x509.Certificate) error {
	return r.require(ctx, !cert.IsCA, BasicConstraintsCheck, ErrBasicConstraints, "no CA", sayIf(cert.IsCA, "a CA", "no CA"))
}

// keyUsage wants the profile's bits, no more and no fewer, marked critical;
// and, if there is an extendedKeyUsage, the one of the kind.
func (r *run) keyUsage(ctx context.Context, cert *x509.Certificate) error {
	want, words := x509.KeyUsageDigitalSignature, "critical digitalSignature"
	if r.record.Kind == jpki.DigitalSignature {
		want, words = want|x509.KeyUsageContentCommitment, words+"+nonRepudiation"
	}
	ok := cert.KeyUsage == want && critical(cert, "2.5.29.15")
	if err := r.require(ctx, ok, KeyUsageCheck, ErrKeyUsage, words,
		fmt.Sprintf("bits %09b, critical %t", reverse9(cert.KeyUsage), critical(cert, "2.5.29.15"))); err != nil {
		return err
	}
	if len(cert.ExtKeyUsage)+len(cert.UnknownExtKeyUsage) == 0 {
		return nil
	}
	ok, words = false, "no extendedKeyUsage"
	if r.record.Kind == jpki.UserAuthentication {
		words = "extendedKeyUsage clientAuth"
		for _, u := range cert.ExtKeyUsage {
			ok = ok || u == x509.ExtKeyUsageClientAuth || u == x509.ExtKeyUsageAny
		}
	}
	return r.require(ctx, ok, KeyUsageCheck, ErrKeyUsage, words, fmt.Sprintf("purposes %v %v", cert.ExtKeyUsage, cert.UnknownExtKeyUsage))
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

// policy wants the kind's certificate policy alone, marked critical: software
// that was only tried with a non-critical one has failed on real cards.
func (r *run) policy(ctx context.Context, cert *x509.Certificate) error {
	want := r.record.Kind.Policy()
	ok := len(cert.PolicyIdentifiers) == 1 && cert.PolicyIdentifiers[0].Equal(want) && critical(cert, "2.5.29.32")
	return r.require(ctx, ok, PolicyCheck, ErrPolicy, "critical "+want.String(),
		fmt.Sprintf("%v, critical %t", cert.PolicyIdentifiers, critical(cert, "2.5.29.32")))
}
