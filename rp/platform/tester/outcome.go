package tester

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
)

// Outcome is how a sign-in is to end.
type Outcome string

// The outcomes. All but Normal are 異常.
const (
	Normal Outcome = "normal" // whatever the card and the authority say

	// The person does not get as far as an answer.
	Declined  Outcome = "declined"    // goes back to the service from the sign-in page
	CardLeft  Outcome = "card_left"   // takes the card away
	Cancelled Outcome = "cancelled"   // stops at the card's page
	TimedOut  Outcome = "timed_out"   // does nothing there
	NoCard    Outcome = "no_card"     // lays none
	WrongPIN  Outcome = "wrong_pin"   // types it wrong
	Blocked   Outcome = "pin_blocked" // typed it wrong too often

	// The card answers something else.
	OtherNonce  Outcome = "other_nonce"  // another challenge
	OtherOrigin Outcome = "other_origin" // another site
	Altered     Outcome = "altered"      // and the answer is changed on its way

	// The certificate is not accepted.
	Revoked     Outcome = "revoked"
	Suspended   Outcome = "suspended"
	Expired     Outcome = "expired"
	Unknown     Outcome = "status_unknown"     // to the authority
	Unavailable Outcome = "status_unavailable" // the authority does not answer
)

// Group is a step of a sign-in, with what can go wrong there.
type Group struct {
	Name     string // "person", "answer", "certificate"
	Outcomes []Outcome
}

// Groups lists the outcomes of 異常 in the order of a sign-in.
func Groups() []Group {
	return []Group{
		{"person", []Outcome{Declined, CardLeft, Cancelled, TimedOut, NoCard, WrongPIN, Blocked}},
		{"answer", []Outcome{OtherNonce, OtherOrigin, Altered}},
		{"certificate", []Outcome{Revoked, Suspended, Expired, Unknown, Unavailable}},
	}
}

// Outcomes lists all outcomes, Normal first.
func Outcomes() []Outcome {
	all := []Outcome{Normal}
	for _, g := range Groups() {
		all = append(all, g.Outcomes...)
	}
	return all
}

// otherOrigin is a site that no one can have (RFC 2606).
const otherOrigin = "https://phishing.example"

// effect is what an outcome does to a sign-in.
type effect struct {
	trouble string // the card house's code for why there is no answer
	ask     func(*Question)
	spoil   func(signature []byte)
	// finds is what the verifier finds in an answer that it accepted.
	finds func(*rp.Authentication) error
}

var outcomes = map[Outcome]effect{
	Normal: {}, Declined: {}, CardLeft: {}, WrongPIN: {},
	Cancelled: {trouble: "cancelled"}, TimedOut: {trouble: "expired"}, NoCard: {trouble: "no_card"}, Blocked: {trouble: "pin_blocked"},
	OtherNonce:  {ask: func(q *Question) { q.Nonce = otherNonce() }},
	OtherOrigin: {ask: func(q *Question) { q.Origin = otherOrigin }},
	Altered:     {spoil: func(signature []byte) { signature[len(signature)/2] ^= 1 }},
	Revoked:     {finds: ended(jpki.CessationOfOperation, rp.Revoked)},
	Suspended:   {finds: ended(jpki.CertificateHold, rp.Suspended)},
	Expired:     {finds: expired},
	Unknown: {finds: func(*rp.Authentication) error {
		return found(rp.StatusCheck, rp.ErrStatusUnknown, rp.Fact{Code: "not_revoked"}, rp.Fact{Code: "state", Args: []string{string(rp.Unknown)}})
	}},
	Unavailable: {finds: func(*rp.Authentication) error {
		return found(rp.StatusCheck, rp.ErrStatusUnavailable, rp.Fact{Code: "ocsp_successful"}, rp.Fact{Code: "no_answer"})
	}},
}

// otherNonce is a challenge that nobody made.
func otherNonce() string {
	nonce := make([]byte, 32)
	_, _ = rand.Read(nonce) // it never fails (crypto/rand)
	return base64.StdEncoding.EncodeToString(nonce)
}

// found is a check that fails, in the kit's own form.
func found(check rp.Check, rule error, expected, found rp.Fact) error {
	return &rp.CheckError{Check: check, Kind: jpki.UserAuthentication, Expected: expected, Found: found, Err: rule}
}

// ended is a certificate that ended, or was suspended, at the moment of the sign-in.
func ended(reason jpki.Reason, state rp.State) func(*rp.Authentication) error {
	return func(who *rp.Authentication) error {
		rule := &rp.RevokedError{Kind: jpki.UserAuthentication, Serial: who.Serial, Reason: reason, At: who.VerifiedAt}
		return found(rp.StatusCheck, rule, rp.Fact{Code: "not_revoked"}, rp.Fact{Code: "state", Args: []string{string(state)}})
	}
}

// expired is a validity that ended a second ago.
func expired(who *rp.Authentication) error {
	now := who.VerifiedAt.UTC()
	from, until := now, now.Add(-time.Second)
	if who.Certificate != nil {
		from = who.Certificate.NotBefore.UTC()
	}
	return found(rp.ValidityCheck, rp.ErrExpired,
		rp.Fact{Code: "certificate_validity", Args: []string{from.Format(time.RFC3339), until.Format(time.RFC3339)}},
		rp.Fact{Code: "time", Args: []string{now.Format(time.RFC3339)}})
}

// pickedKey is where a sign-in's context has its effect.
type pickedKey struct{}

// Verifier is a kit that finds what a tester picked, in answers that it has accepted. Every other
// answer it verifies as the kit does.
type Verifier struct{ platform.Verifier }

// VerifyAuthentication verifies an answer, and then refuses it if that was picked.
func (v Verifier) VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error) {
	who, err := v.Verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return nil, err
	}
	if o, ok := ctx.Value(pickedKey{}).(effect); ok && o.finds != nil {
		return nil, o.finds(who)
	}
	return who, nil
}
