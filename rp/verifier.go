package rp

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/outgoing"
	"example.jp/jpkimock/rp/internal/wire"
)

// Verifier offers the three services that the service names: identity
// confirmation (本人確認) by VerifySignature, eligibility confirmation (資格確認)
// by VerifyAuthentication, and change confirmation (変更確認) by CheckStatus.
// Make one with NewVerifier; it may be used from any goroutine.
type Verifier struct {
	cfg     Config
	anchors []anchor
	linkage *Linkage  // nil without Config.AuthorityURL
	random  io.Reader // of nonces

	delegates  delegates
	validities validities
}

// Signature is a document's signature that passed every check.
type Signature struct {
	Certificate *x509.Certificate
	// BasicFour is what the certificate says of its holder.
	BasicFour jpki.BasicFour
	// Serial is the serial number (発行番号) to keep with the customer.
	Serial jpki.SerialNumber
	// Paired is the serial number of the holder's user authentication
	// certificate, if Config.WantPaired asked for it and there is one.
	Paired jpki.SerialNumber
	// SignedAt is the time that the signer's computer claims. It is not
	// verified. Zero if the signature claims none.
	SignedAt   time.Time
	VerifiedAt time.Time
	Record     Record
}

// Authentication is an answer to a challenge that passed every check.
type Authentication struct {
	Certificate *x509.Certificate
	// Serial is the serial number of the user authentication certificate. A
	// relying party that does not know it can ask a Linkage.
	Serial     jpki.SerialNumber
	VerifiedAt time.Time
	Record     Record
}

// VerifySignature verifies a detached CMS signature over a document (本人確認):
// that the document is unchanged, that the signature is by the key of a digital
// signature certificate, that the authority issued the certificate, and that
// it has not been revoked. Nothing is returned unless every check passed; a
// check that failed is a *CheckError.
func (v *Verifier) VerifySignature(ctx context.Context, document, cms []byte) (*Signature, error) {
	r := v.begin(VerbVerifySignature, jpki.DigitalSignature)
	signed, err := wire.ParseSignedData(cms, MaxCMS)
	if err != nil {
		return nil, r.failed(ctx, err)
	}
	return r.signature(ctx, signed.Certificate, signed.SigningTime, func() error { return r.checkDocument(ctx, document, signed) })
}

// VerifyDigest does so for a bare signature over a SHA-256, as a card makes it (PKCS #1 v1.5 over the
// DigestInfo), and the signer's certificate in DER. The signer was not shown what has this digest.
func (v *Verifier) VerifyDigest(ctx context.Context, digest [sha256.Size]byte, signature, certificate []byte) (*Signature, error) {
	r := v.begin(VerbVerifySignature, jpki.DigitalSignature)
	cert, err := x509.ParseCertificate(certificate)
	if err != nil {
		return nil, r.require(ctx, false, FormCheck, ErrMalformed, fact("certificate_form"), detail(err.Error()))
	}
	return r.signature(ctx, cert, time.Time{}, func() error {
		ok := wire.Signed(cert, digest, signature)
		return r.require(ctx, ok, SignatureCheck, ErrSignature, fact("digest", hex.EncodeToString(digest[:])), same(ok, fact("no_signature")))
	})
}

// signature makes every check of a signature by a certificate; check is the one of what was signed.
func (r *run) signature(ctx context.Context, cert *x509.Certificate, at time.Time, check func() error) (*Signature, error) {
	issuer, err := r.checkCertificate(ctx, cert)
	if err != nil {
		return nil, err
	}
	four, err := r.readHolder(ctx, cert)
	if err != nil {
		return nil, err
	}
	if err := check(); err != nil {
		return nil, err
	}
	if err := r.refuseRevoked(ctx, cert, issuer); err != nil {
		return nil, err
	}
	s := &Signature{Certificate: cert, BasicFour: four, Serial: r.record.Serial, SignedAt: at, VerifiedAt: r.record.At, Record: r.record}
	if r.v.cfg.WantPaired {
		if s.Paired, err = r.askPaired(ctx); err != nil {
			return nil, err
		}
		s.Record = r.record
	}
	return s, nil
}

// VerifyAuthentication verifies a Web eID authentication token against the
// challenge with this nonce (資格確認). The nonce is the one that the caller's
// session keeps, not one that came with the token. The challenge is used up
// whatever the outcome. A check that failed is a *CheckError.
func (v *Verifier) VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*Authentication, error) {
	if v.cfg.Origin == "" {
		return nil, errors.New("rp: VerifyAuthentication needs Config.Origin")
	}
	r := v.begin(VerbVerifyAuthentication, jpki.UserAuthentication)
	challenge, err := r.takeChallenge(ctx, nonce)
	if err != nil {
		return nil, err
	}
	answer, err := wire.ParseToken(token, MaxToken)
	if err != nil {
		return nil, r.failed(ctx, err)
	}
	cert := answer.Certificate
	issuer, err := r.checkCertificate(ctx, cert)
	if err != nil {
		return nil, err
	}
	if err := r.checkAnswer(ctx, answer, challenge); err != nil {
		return nil, err
	}
	if err := r.refuseRevoked(ctx, cert, issuer); err != nil {
		return nil, err
	}
	return &Authentication{Certificate: cert, Serial: r.record.Serial, VerifiedAt: r.record.At, Record: r.record}, nil
}

// refuseRevoked refuses a certificate that the authority has revoked or suspended, or
// does not know.
func (r *run) refuseRevoked(ctx context.Context, cert *x509.Certificate, issuer anchor) error {
	url := r.v.ocspURL(issuer.kind)
	if r.v.cfg.AuthorityURL == "" {
		if len(cert.OCSPServer) == 0 || outgoing.CheckAddress(cert.OCSPServer[0]) != nil {
			return r.unavailable(ctx, fact("authority_address"), fact("none"), nil)
		}
		url = cert.OCSPServer[0]
	}
	status, err := r.askStatus(ctx, issuer, r.record.Serial, url)
	if err != nil {
		return err
	}
	var rule error
	switch status.State {
	case Unchanged:
	case Unknown:
		rule = ErrStatusUnknown
	default:
		rule = &RevokedError{Kind: status.Kind, Serial: status.Serial, Reason: status.Reason, At: status.At}
	}
	return r.require(ctx, rule == nil, StatusCheck, rule, fact("not_revoked"), fact("state", status.State))
}

// kindByName tells which CA a name is of, by its organizationalUnit.
func kindByName(name pkix.Name) jpki.Kind {
	for _, ou := range name.OrganizationalUnit {
		for _, k := range jpki.Kinds() {
			if ou == k.OrganizationalUnit() {
				return k
			}
		}
	}
	return 0
}
