// Package authority is the agency that runs the two certification authorities
// of the Japanese Public Key Infrastructure (公的個人認証サービス), as far as a
// relying party, a card and a municipal counter can see it: it registers
// residents, issues the digital signature certificate and the user
// authentication certificate onto a card, revokes, suspends and resumes them,
// answers OCSP, publishes the CRL, and keeps the register of the accredited
// verifiers who alone may ask.
//
// It is bytes in, bytes out: no net/http, no database driver. The pages and
// endpoints are authority/web, the rows are authority/db, and the card is
// reached through the CardWriter that the caller hands in.
//
// Nothing here is trusted by anybody: every DN says O=JPKI-MOCK.
package authority
