package rptest

import "example.jp/jpkimock/rp"

// Errors gives the named errors of the kit, one for each of rp.Codes and in that
// order, for a test that a relying party has words for all of them.
func Errors() []error {
	return []error{
		rp.ErrSuspended, rp.ErrRevoked, rp.ErrExpired, rp.ErrNotYetValid, rp.ErrStatusUnknown, rp.ErrNotAccredited, rp.ErrStatusResponder,
		rp.ErrStatusMissing, rp.ErrStatusStale, rp.ErrStatusNonce, rp.ErrStatusUnavailable, rp.ErrKind, rp.ErrChain, rp.ErrBasicConstraints,
		rp.ErrKeyUsage, rp.ErrPolicy, rp.ErrCriticalExtension, rp.ErrDocumentExpired, rp.ErrDigest, rp.ErrSignature, rp.ErrSignerIdentifier,
		rp.ErrAlgorithm, rp.ErrOrigin, rp.ErrChallengeExpired, rp.ErrChallenge, rp.ErrTooManyChallenges, rp.ErrTooLarge, rp.ErrMalformed,
	}
}
