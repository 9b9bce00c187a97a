// Package jpki holds the public words of the Japanese Public Key
// Infrastructure (公的個人認証サービス): the two kinds of certificate, the serial
// number, the four basic data and the subjectAltName that carries them, the
// object identifiers and the revocation reasons.
//
// It depends on the standard library alone, so that an authority, a card, a
// relying party and an outsider's test can all speak of the same things
// without importing one another.
//
// Every byte here is from the certificate profile as far as it is publicly
// known; where the public sources disagree, docs/divergences.md says what was
// chosen.
package jpki
