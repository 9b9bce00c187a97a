package rp

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/internal/wire"
)

// Check names one step of a verification, in errors, records and traces.
type Check string

// The checks, in the order in which they are made. The first that fails ends
// the verification.
const (
	FormCheck              Check = "form"              // size and syntax of what came in
	ChallengeCheck         Check = "challenge"         // the nonce was ours, unused and in time
	KindCheck              Check = "kind"              // the certificate's kind is the verb's
	ChainCheck             Check = "chain"             // issued by an anchor, found by key identifier
	ValidityCheck          Check = "validity"          // within the validity at the clock's time
	CriticalExtensionCheck Check = "criticalExtension" // no critical extension that is not understood
	BasicConstraintsCheck  Check = "basicConstraints"  // not a CA
	KeyUsageCheck          Check = "keyUsage"          // exactly the profile's usages
	PolicyCheck            Check = "policy"            // the kind's certificate policy
	DigestCheck            Check = "digest"            // the document is the one that was signed
	SignatureCheck         Check = "signature"         // made by the certificate's key
	OriginCheck            Check = "origin"            // made for our origin and our nonce
	SignerIdentifierCheck  Check = "signerIdentifier"  // the signature names this certificate
	HolderCheck            Check = "holder"            // the four basic data can be read
	StatusCheck            Check = "status"            // neither revoked nor suspended
	PairedCheck            Check = "paired"            // the serial number of the other kind
	SuccessorCheck         Check = "successor"         // the serial number that followed; only of a Linkage
	PredecessorsCheck      Check = "predecessors"      // the serial numbers that went before; only of a Linkage
)

// Rules about the form of what came in.
var (
	ErrMalformed error = wire.ErrMalformed
	ErrTooLarge  error = wire.ErrTooLarge
	ErrAlgorithm error = wire.ErrAlgorithm
)

// Named errors, one per rule. Every error of a verb that is about what was
// verified is a *CheckError and matches one of these with errors.Is.
var (
	ErrChallenge         = errors.New("challenge unknown or already used")
	ErrChallengeExpired  = errors.New("challenge expired")
	ErrOrigin            = errors.New("made for another origin or another nonce")
	ErrKind              = errors.New("wrong kind of certificate")
	ErrChain             = errors.New("not issued by a trusted CA")
	ErrNotYetValid       = errors.New("certificate not yet valid")
	ErrExpired           = errors.New("certificate expired")
	ErrCriticalExtension = errors.New("critical extension not understood")
	ErrBasicConstraints  = errors.New("certificate is a CA's")
	ErrKeyUsage          = errors.New("key usage not that of the profile")
	ErrPolicy            = errors.New("certificate policy not that of the kind")
	ErrDocumentExpired   = errors.New("document was written too long ago to be signed now")
	ErrDigest            = errors.New("document is not the one that was signed")
	ErrSignature         = errors.New("signature does not verify")
	ErrSignerIdentifier  = errors.New("signature names another certificate")
	ErrRevoked           = errors.New("certificate revoked")
	ErrSuspended         = errors.New("certificate suspended")
	ErrStatusUnknown     = errors.New("certificate unknown to the authority")
	ErrNotAccredited     = errors.New("verifier not accredited")
	// ErrStatusUnavailable is any reason why the status could not be learned.
	// The next four are such reasons, and match it too.
	ErrStatusUnavailable = errors.New("status unavailable")
	ErrStatusResponder   = fmt.Errorf("%w: answer not signed by the authority's responder", ErrStatusUnavailable)
	ErrStatusMissing     = fmt.Errorf("%w: answer is not about this certificate", ErrStatusUnavailable)
	ErrStatusStale       = fmt.Errorf("%w: answer not of this time", ErrStatusUnavailable)
	ErrStatusNonce       = fmt.Errorf("%w: answer without our nonce", ErrStatusUnavailable)
)

// CheckError is a check that failed: what the rule expected, what was found,
// and the named error. Neither fact holds personal data.
type CheckError struct {
	Check    Check
	Kind     jpki.Kind // the kind of certificate that was asked for; 0 if none
	Expected Fact
	Found    Fact
	Err      error // the named error, possibly wrapping a cause
}

// Error gives one line for a log.
func (e *CheckError) Error() string {
	return fmt.Sprintf("rp: %s: %v: expected %s, found %s", e.Check, e.Err, e.Expected, e.Found)
}

// Unwrap gives the named error.
func (e *CheckError) Unwrap() error { return e.Err }

// MarshalJSON writes the check as an API of a relying party may pass it on: code, check,
// kind, expected and found, and retryable. It holds no personal data.
func (e *CheckError) MarshalJSON() ([]byte, error) {
	kind := ""
	if e.Kind.Valid() {
		kind = e.Kind.String()
	}
	return json.Marshal(struct {
		Code      string `json:"code"`
		Check     Check  `json:"check"`
		Kind      string `json:"kind,omitempty"`
		Expected  Fact   `json:"expected"`
		Found     Fact   `json:"found"`
		Retryable bool   `json:"retryable"`
	}{Code(e), e.Check, kind, e.Expected, e.Found, Retryable(e)})
}

// Retryable reports that the same card may be accepted in a while, with a new challenge and
// nothing changed: the status could not be learned, or too many challenges waited.
func Retryable(err error) bool {
	return errors.Is(err, ErrStatusUnavailable) || errors.Is(err, ErrTooManyChallenges)
}

// RevokedError tells when and why a certificate was revoked (失効) or suspended
// (一時保留). errors.As finds it in a CheckError; it matches ErrRevoked or, for
// certificateHold, ErrSuspended.
type RevokedError struct {
	Kind   jpki.Kind
	Serial jpki.SerialNumber
	Reason jpki.Reason
	At     time.Time
}

// Error gives kind, serial number, time and reason.
func (e *RevokedError) Error() string {
	return fmt.Sprintf("%v: %s %s at %s: %s", e.Unwrap(), e.Kind, e.Serial, e.At.UTC().Format(time.RFC3339), e.Reason)
}

// Unwrap gives ErrSuspended for certificateHold and ErrRevoked otherwise.
func (e *RevokedError) Unwrap() error {
	if e.Reason == jpki.CertificateHold {
		return ErrSuspended
	}
	return ErrRevoked
}
