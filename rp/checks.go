package rp

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// run is one verification in progress: it keeps the record and tells the
// trace.
type run struct {
	v      *Verifier
	record Record
}

// begin starts a verification. The clock is read once, so that every check is
// about one moment.
func (v *Verifier) begin(verb Verb, kind jpki.Kind) *run {
	return &run{v: v, record: Record{Verb: verb, At: v.cfg.Now().UTC(), Kind: kind}}
}

// require notes a check. If it did not pass, the result is its CheckError.
func (r *run) require(ctx context.Context, ok bool, check Check, rule error, expected, found Fact) error {
	if !ok {
		return r.failed(ctx, &CheckError{Check: check, Kind: r.record.Kind, Expected: expected, Found: found, Err: rule})
	}
	r.record.Checks = append(r.record.Checks, CheckedEntry{check, expected, found})
	r.tell(ctx, Event{Check: check, Expected: expected, Found: found})
	return nil
}

// failed tells the trace of an error that ends the verification. A form that was
// refused becomes a failed FormCheck.
func (r *run) failed(ctx context.Context, err error) error {
	if refused, ok := errors.AsType[*wire.Refusal](err); ok {
		err = &CheckError{Check: FormCheck, Expected: detail(refused.Expected), Found: detail(refused.Found), Err: refused.Err}
	}
	e := Event{Err: err}
	if c, ok := errors.AsType[*CheckError](err); ok {
		if !c.Kind.Valid() {
			c.Kind = r.record.Kind
		}
		e.Check, e.Expected, e.Found = c.Check, c.Expected, c.Found
	}
	r.tell(ctx, e)
	return err
}

func (r *run) tell(ctx context.Context, e Event) {
	e.Verb, e.Kind, e.Serial, e.At = r.record.Verb, r.record.Kind, r.record.Serial, r.v.cfg.Now().UTC()
	r.v.cfg.Trace(ctx, e)
}

// readHolder reads the four basic data (基本4情報).
func (r *run) readHolder(ctx context.Context, cert *x509.Certificate) (jpki.BasicFour, error) {
	four, err := jpki.BasicFourOf(cert)
	if err == nil && four.DateOfBirth.Future(r.record.At) {
		err = errors.New("rp: a date of birth in the future")
	}
	// The cause may quote a name or an address, so it is not passed on.
	return four, r.require(ctx, err == nil, HolderCheck, ErrMalformed, fact("basic_four"), same(err == nil, fact("no_basic_four")))
}

// checkDocument checks that the signed digest is the document's, that the
// certificate's key signed it, and that the signature names the certificate.
func (r *run) checkDocument(ctx context.Context, document []byte, s *wire.SignedData) error {
	digest := sha256.Sum256(document)
	if err := r.require(ctx, bytes.Equal(digest[:], s.Digest), DigestCheck, ErrDigest,
		fact("digest", hex.EncodeToString(digest[:])), fact("value", hex.EncodeToString(s.Digest))); err != nil {
		return err
	}
	signed := sha256.Sum256(s.Attributes)
	ok := wire.Signed(s.Certificate, signed, s.Signature)
	if err := r.require(ctx, ok, SignatureCheck, ErrSignature, fact("attributes_signature"), same(ok, fact("no_signature"))); err != nil {
		return err
	}
	found, ok := s.Names(s.Certificate)
	return r.require(ctx, ok, SignerIdentifierCheck, ErrSignerIdentifier, fact("signer", r.record.Serial, hexSHA256(s.Certificate.Raw)), same(ok, detail(found)))
}

// checkAnswer checks the signature of a token: over hash(origin) ‖ hash(nonce).
func (r *run) checkAnswer(ctx context.Context, t *wire.Token, c Challenge) error {
	origin, nonce := sha256.Sum256([]byte(c.Origin)), sha256.Sum256([]byte(c.Nonce))
	digest := sha256.Sum256(append(origin[:], nonce[:]...))
	expected := fact("token_signature", c.Origin)
	if wire.Signed(t.Certificate, digest, t.Signature) {
		return r.require(ctx, true, SignatureCheck, nil, expected, fact(FactSame))
	}
	if wire.SignedSomethingElse(t.Certificate, t.Signature) {
		return r.require(ctx, false, OriginCheck, ErrOrigin, expected, fact("other_origin_or_nonce"))
	}
	return r.require(ctx, false, SignatureCheck, ErrSignature, expected, fact("no_signature"))
}

// takeChallenge takes the challenge that a nonce belongs to: whatever comes of the
// verification, it is used up.
func (r *run) takeChallenge(ctx context.Context, nonce string) (Challenge, error) {
	c, err := r.v.cfg.Challenges.Take(ctx, nonce)
	if err != nil && !errors.Is(err, ErrChallenge) {
		return c, r.failed(ctx, fmt.Errorf("rp: challenge store: %w", err))
	}
	if err := r.require(ctx, err == nil && c.Nonce == nonce && nonce != "", ChallengeCheck, ErrChallenge,
		fact("unused_challenge"), same(err == nil, fact("none"))); err != nil {
		return c, err
	}
	if err := r.require(ctx, !r.record.At.After(c.Expires), ChallengeCheck, ErrChallengeExpired,
		fact("answer_before", c.Expires), fact("time", r.record.At)); err != nil {
		return c, err
	}
	return c, r.require(ctx, c.Origin == r.v.cfg.Origin, OriginCheck, ErrOrigin, fact("challenge_for", r.v.cfg.Origin), fact("origin", c.Origin))
}
