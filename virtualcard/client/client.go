// Package client is the JPKI user client software (利用者クライアントソフト)
// without its window: it takes a PIN and a card, and makes what a relying party
// asks for.
//
//   - [Authenticate] answers a challenge with a Web eID authentication token
//     (format web-eid:1.0, https://web-eid.github.io/web-eid-system-architecture-doc/).
//   - [Sign] signs a document as detached CMS SignedData (RFC 5652) with the ESS
//     signing-certificate-v2 attribute (RFC 5035).
//   - [SignDigest] signs the SHA-256 of what the client software has not seen.
//
// All ask the card for the certificate first, so that no try of a PIN is spent
// on a card that could not answer. Errors are those of package jpkiap and of
// the Transmitter, wrapped.
package client

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// Limits of a request. A document is held in memory once.
const (
	LongestOrigin   = 2048
	LongestNonce    = 1024
	LongestDocument = 16 << 20
)

// ErrRequest is returned for a request that no relying party can mean: an
// empty or oversized origin, nonce or document. No try is spent on it.
var ErrRequest = errors.New("client: not a request that can be answered")

// AuthenticateRequest asks for an authentication token.
type AuthenticateRequest struct {
	PIN string
	// Origin is the asking page's origin, e.g. "https://bank.example.jp"; the
	// caller knows it from the browser, not from the page.
	Origin string
	// Nonce is the relying party's challenge, as the text it was given.
	Nonce string
}

// Token is a Web eID authentication token.
type Token struct {
	// UnverifiedCertificate is the user authentication certificate, base64 of
	// DER. Who reads the token verifies it.
	UnverifiedCertificate string `json:"unverifiedCertificate"`
	Algorithm             string `json:"algorithm"` // "RS256"
	// Signature is base64 of the RS256 signature over
	// SHA-256(origin) || SHA-256(nonce), both as UTF-8.
	Signature  string `json:"signature"`
	Format     string `json:"format"`     // "web-eid:1.0", or of a digest "jpki-digest:1"
	AppVersion string `json:"appVersion"` // says that a mock made it
	// Attributes is what the client software vouches for of the holder (virtualcard/attest); only
	// of a site that asked for it.
	Attributes string `json:"attributes,omitempty"`
}

// The constant fields of a token.
const (
	Format = "web-eid:1.0"
	// DigestFormat is the format of what SignDigest makes: no authentication can be mistaken for it.
	DigestFormat = "jpki-digest:1"
	Algorithm    = "RS256"
	AppVersion   = "https://example.jp/jpkimock/releases/0.0.0+mock"
)

// Authenticate answers a challenge with the card's user authentication key
// (電子利用者証明). Origin and nonce are both under the signature, so that an
// answer given to one page is worth nothing to another.
func Authenticate(ctx context.Context, to jpkiap.Transmitter, r AuthenticateRequest) (Token, error) {
	if !text(r.Origin, LongestOrigin) || !text(r.Nonce, LongestNonce) {
		return Token{}, fmt.Errorf("%w: origin or nonce", ErrRequest)
	}
	const k = jpki.UserAuthentication
	card := jpkiap.New(to)
	if err := open(ctx, card, k, r.PIN); err != nil {
		return Token{}, err
	}
	der, err := card.ReadCertificate(ctx, k)
	if err != nil {
		return Token{}, fmt.Errorf("client: read certificate: %w", err)
	}
	origin, nonce := sha256.Sum256([]byte(r.Origin)), sha256.Sum256([]byte(r.Nonce))
	hash := sha256.Sum256(append(origin[:], nonce[:]...))
	signature, err := card.Sign(ctx, k, hash[:])
	if err != nil {
		return Token{}, fmt.Errorf("client: sign: %w", err)
	}
	return Token{
		UnverifiedCertificate: base64.StdEncoding.EncodeToString(der),
		Algorithm:             Algorithm,
		Signature:             base64.StdEncoding.EncodeToString(signature),
		Format:                Format,
		AppVersion:            AppVersion,
	}, nil
}

// text reports text that is there, is UTF-8 and is no longer than longest.
func text(s string, longest int) bool {
	return s != "" && len(s) <= longest && utf8.ValidString(s)
}

// open makes sure of a certificate and verifies the PIN of its kind. Letters
// are made capitals first, as users of the signature PIN expect.
func open(ctx context.Context, card *jpkiap.Card, k jpki.Kind, pin string) error {
	pin = strings.ToUpper(pin)
	if err := jpkiap.CheckPIN(k, pin); err != nil {
		return err
	}
	has, err := card.HasCertificate(ctx, k)
	if err != nil {
		return fmt.Errorf("client: look for a certificate: %w", err)
	}
	if !has {
		return jpkiap.ErrNoCertificate
	}
	return card.Verify(ctx, k, pin)
}

// SignRequest asks for a signature over a document.
type SignRequest struct {
	PIN      string
	Document []byte
	// At is the signing time that the holder claims.
	At time.Time
}

// Sign signs a document with the card's digital signature key (電子署名). The
// result is a CMS ContentInfo in DER whose SignedData is detached: the document
// is not in it, the holder's certificate is.
func Sign(ctx context.Context, to jpkiap.Transmitter, r SignRequest) ([]byte, error) {
	if len(r.Document) == 0 || len(r.Document) > LongestDocument {
		return nil, fmt.Errorf("%w: document of %d bytes", ErrRequest, len(r.Document))
	}
	if year := r.At.UTC().Year(); year < 1950 || year > 9999 {
		return nil, fmt.Errorf("%w: signing time", ErrRequest)
	}
	const k = jpki.DigitalSignature
	card := jpkiap.New(to)
	if err := open(ctx, card, k, r.PIN); err != nil {
		return nil, err
	}
	der, err := card.ReadCertificate(ctx, k)
	if err != nil {
		return nil, fmt.Errorf("client: read certificate: %w", err)
	}
	signer, err := newSignerInfo(der, r.Document, r.At)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(signer.toBeSigned)
	signature, err := card.Sign(ctx, k, hash[:])
	if err != nil {
		return nil, fmt.Errorf("client: sign: %w", err)
	}
	return signer.signedData(signature)
}

// SignDigest signs a SHA-256 with the card's digital signature key: PKCS #1 v1.5 over its DigestInfo.
// The result has the members of a token, with the digital signature certificate. A digest hides
// what is signed, so the caller knows who asks and tells the holder.
func SignDigest(ctx context.Context, to jpkiap.Transmitter, pin string, digest [sha256.Size]byte) (Token, error) {
	const k = jpki.DigitalSignature
	card := jpkiap.New(to)
	if err := open(ctx, card, k, pin); err != nil {
		return Token{}, err
	}
	der, err := card.ReadCertificate(ctx, k)
	if err != nil {
		return Token{}, fmt.Errorf("client: read certificate: %w", err)
	}
	signature, err := card.Sign(ctx, k, digest[:])
	if err != nil {
		return Token{}, fmt.Errorf("client: sign: %w", err)
	}
	return Token{
		UnverifiedCertificate: base64.StdEncoding.EncodeToString(der), Algorithm: Algorithm,
		Signature: base64.StdEncoding.EncodeToString(signature), Format: DigestFormat, AppVersion: AppVersion,
	}, nil
}
