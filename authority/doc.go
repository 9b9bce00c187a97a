// Package authority is the agency that runs the two certification authorities
// of the Japanese Public Key Infrastructure (公的個人認証サービス), as far as a
// relying party, a card and a municipal counter can see it: it registers
// residents, issues the digital signature certificate and the user
// authentication certificate onto a card, revokes, suspends and resumes them,
// answers OCSP, publishes the CRL, and keeps the register of the accredited
// verifiers who alone may ask.
//
// The root joins its rooms. authority/register has the entries and the rules of
// the counter, authority/ca the two CAs, authority/accreditation the ministry's
// register of verifiers with tariff and ledger, and authority/desk the officers
// who act. The pages and endpoints are authority/web, the rows are authority/db,
// and the card is reached through the CardWriter in Config.
//
// Nothing here is trusted by anybody: every DN says O=JPKI-MOCK.
package authority
