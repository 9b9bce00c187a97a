package rp

import "errors"

// Code gives the stable code of a kit error, for programs and logs: "revoked",
// "status_stale". It is "" for an error of anything else, such as a challenge
// store that is down.
func Code(err error) string {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return ""
}

// Codes lists all codes, in the order in which Code looks for them.
func Codes() []string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = c.code
	}
	return all
}

// Rule gives the rule that a code of Codes names, for its sentence; nil for any other.
func Rule(code string) error {
	for _, c := range codes {
		if c.code == code {
			return c.err
		}
	}
	return nil
}

// codes names each rule. An error gets the first that it matches, so the
// particular stands above the general.
var codes = []struct {
	err  error
	code string
}{
	// What the authority says of the certificate.
	{ErrSuspended, "suspended"},
	{ErrRevoked, "revoked"},
	{ErrExpired, "expired"},
	{ErrNotYetValid, "not_yet_valid"},
	{ErrStatusUnknown, "status_unknown"},
	{ErrNotAccredited, "not_accredited"},
	{ErrStatusResponder, "status_responder"},
	{ErrStatusMissing, "status_missing"},
	{ErrStatusStale, "status_stale"},
	{ErrStatusNonce, "status_nonce"},
	{ErrStatusUnavailable, "status_unavailable"},

	// What the certificate is.
	{ErrKind, "wrong_kind"},
	{ErrChain, "untrusted"},
	{ErrBasicConstraints, "certificate_is_ca"},
	{ErrKeyUsage, "key_usage"},
	{ErrPolicy, "policy"},
	{ErrCriticalExtension, "critical_extension"},

	// What was signed.
	{ErrDocumentExpired, "draft_expired"},
	{ErrDigest, "tampered"},
	{ErrSignature, "bad_signature"},
	{ErrSignerIdentifier, "signer_identifier"},
	{ErrAlgorithm, "algorithm"},
	{ErrOrigin, "origin"},
	{ErrChallengeExpired, "challenge_expired"},
	{ErrChallenge, "challenge_used"},
	{ErrTooManyChallenges, "busy"},
	{ErrTooLarge, "too_large"},
	{ErrMalformed, "malformed"},
}
