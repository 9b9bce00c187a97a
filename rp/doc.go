// Package rp is the relying-party kit: what a bank, a hospital or a cable
// operator imports to accept the Individual Number Card (個人番号カード).
//
// The Japanese Public Key Infrastructure (公的個人認証サービス) gives an accredited
// relying party three services, and the kit has one method for each:
//
//   - identity confirmation (本人確認): [Verifier.VerifySignature]. A document is
//     signed with the card; the certificate says who signed, by name, address,
//     date of birth and gender.
//   - eligibility confirmation (資格確認): [Verifier.VerifyAuthentication]. The
//     card answers a challenge; the certificate says that it is the same person
//     as before, and nothing else.
//   - change confirmation (変更確認): [Verifier.CheckStatus]. The authority says
//     whether certificates known by their serial numbers still hold; a
//     digital signature certificate that was not revoked means that name and
//     address have not changed.
//
// What to do with the answer is the relying party's business: the kit verifies,
// the business confirms.
//
// # Setting up
//
// A [Verifier] needs the certificates of the CAs it trusts, its own origin, and
// the accreditation key under which the authority knows it:
//
//	anchors, err := rp.ParseAnchors(pem) // or, against the mock on one's own machine, rp.FetchAnchors
//	verifier, err := rp.NewVerifier(rp.Config{
//		Anchors:      anchors,
//		Origin:       "https://bank.example.jp",
//		Key:          os.Getenv("BANK_VERIFIER_KEY"),
//		AuthorityURL: "http://localhost:8081",
//	})
//
// Every other field of [Config] has a useful zero value. A Verifier may be used
// from any goroutine. The session is the caller's; so is the page, for which
// package rp/browser has the script that opens the card's window.
//
// # A signed application
//
// The page has the document signed and posts the signature, a detached CMS
// SignedData in DER. The server has kept the document:
//
//	signature, err := verifier.VerifySignature(ctx, document, cms)
//
// From the result a bank keeps BasicFour and Serial with the customer, and Record with the signed
// document as the proof of what was checked. The document itself must say what it is for and hold
// something that occurs once, such as a receipt number: the kit cannot know that the same signed
// document was handed in before. [WriteDocument] numbers a document, and [Document.Accept] verifies
// its signature in time and gives the two as they are to be kept.
//
// # Signing in
//
// The page gets a nonce; the session keeps it:
//
//	challenge, err := verifier.NewChallenge(ctx)
//
// The card answers with a Web eID authentication token (format web-eid:1,
// RS256), which the page posts:
//
//	authentication, err := verifier.VerifyAuthentication(ctx, token, nonceOfTheSession)
//
// The token's signature covers the origin that the card's window saw, so that an answer given to
// another page is refused, and the nonce, which serves once. A bank that has a customer with that
// Serial knows who it is: it learns it as Paired when the account is opened. A serial number that
// nobody has may still be a customer's, after a renewal or on a new card. [Recognise] finds out,
// and asks a [Linkage], which knows a holder's other certificates:
//
//	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: …, Key: …})
//	holder, err := rp.Recognise(ctx, linkage, jpki.UserAuthentication, authentication.Serial, isCustomer)
//
// # Whose data have changed
//
// Once a day a bank asks about all of its customers who permitted it:
//
//	statuses, err := verifier.CheckStatus(ctx, jpki.DigitalSignature, serials...)
//
// One serial number is asked about over OCSP, many in one exchange of JSON lines; the states mean
// the same. [Verifier.CheckStatusSeq] is the same for millions, which one would not hold in memory.
// The answers are in the order of the questions, and a stream that is cut short is an error.
// [Status.Meaning] says what a status means for the customer: only MeansMoved is a move. A lost
// card is none, and an expired certificate says nothing about its holder.
//
// A certificate that was renewed, re-issued or has expired is followed to those
// that came after it:
//
//	successions, err := rp.Follow(ctx, verifier, linkage, statuses...)
//
// [Succession.Watch] is the certificate to ask about from then on. It may have been revoked by a
// move already. If the succession is Unbroken, the holder's data are known to be what they were.
//
// The authority counts what it is asked, and charges by purpose: CheckStatus is asked for
// [CurrentStatus] (現況確認) and a verification for [SignatureVerification] (署名検証), unless
// [WithPurpose] says otherwise.
//
// # When a check fails
//
// The checks are made in a fixed order, and the first that fails ends the verification with a
// [CheckError]: which check, what was expected, what was found, each as a [Fact] that a page can
// say in any language. [Code] gives the stable code of an error. Each rule has a named error to be
// matched with errors.Is:
//
//	form               ErrMalformed, ErrTooLarge, ErrAlgorithm
//	challenge          ErrChallenge, ErrChallengeExpired
//	kind               ErrKind
//	chain              ErrChain
//	validity           ErrNotYetValid, ErrExpired
//	criticalExtension  ErrCriticalExtension
//	basicConstraints   ErrBasicConstraints
//	keyUsage           ErrKeyUsage
//	policy             ErrPolicy
//	holder             ErrMalformed             (VerifySignature)
//	digest             ErrDigest                (VerifySignature)
//	signature          ErrSignature
//	origin             ErrOrigin                (VerifyAuthentication)
//	signerIdentifier   ErrSignerIdentifier      (VerifySignature)
//	status             ErrRevoked, ErrSuspended, ErrStatusUnknown, ErrNotAccredited,
//	                   ErrStatusUnavailable and its four reasons
//	paired             ErrNotAccredited, ErrStatusUnavailable  (VerifySignature)
//
// VerifyAuthentication looks at the challenge before the form of the token, so that every attempt
// uses its challenge up. Time and reason of a revocation are in a [RevokedError]. The texts hold no
// personal data and may be logged. An error that is not a CheckError is about the verifier itself,
// such as a challenge store that is down.
//
// There is no answer "probably". Anything that keeps the kit from learning the status (no
// connection, an answer that is old, unsigned, signed by somebody else, about another certificate,
// or without the nonce) is a refusal.
//
// # What is checked of a status
//
// Each question is an OCSP request (RFC 6960) by POST with a fresh nonce of 32 octets (RFC 9654),
// with the accreditation key as a bearer token. The answer must be signed by the CA or by a
// responder to which that same CA key gave the purpose OCSPSigning and id-pkix-ocsp-nocheck; name
// exactly this certificate; be produced, and hold, within StatusMaxAge of the clock; have a
// nextUpdate that is not past; and return the nonce. Redirects are not followed, and no answer is
// read beyond a bound or waited for without one.
//
// The answers about many serial numbers, linked serial numbers (Paired, and what a Linkage
// answers), and until when the certificate of one serial number is valid, come over the authority's
// verifier API. They are not signed: they are as trustworthy as the connection to AuthorityURL.
// Their form, order and number are checked.
//
// # Limits
//
// RSA with SHA-256 only; one signer and one certificate in a signature; no timestamps, no
// countersignatures, no signatures older than the certificate's validity or revocation.
// [Verifier.FetchCRL] reads a revocation list, which is signed; under [WithCRL] the verbs look into
// it in place of OCSP.
//
// # Testing
//
// Package rp/rptest has an authority and people with cards, in memory. testdata/vectors has
// verifications with their outcome as text files, and testdata/successions what followed
// certificates come to, for implementations in other languages too.
package rp
