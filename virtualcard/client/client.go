// Package client is the JPKI user client software (利用者クライアントソフト)
// without its window.
package client

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/virtualcard/jpkiap"
)

// AuthenticateRequest asks for an authentication token.
type AuthenticateRequest struct {
	PIN string
	// Origin is the asking page's origin, e.g. "https://bank.example.jp".
	Origin string
	// Nonce is the relying party's challenge, as text.
	Nonce string
}

// Token is a Web eID authentication token.
type Token struct {
	UnverifiedCertificate string `json:"unverifiedCertificate"`
	Algorithm             string `json:"algorithm"`
	Signature             string `json:"signature"`
	Format                string `json:"format"`
	AppVersion            string `json:"appVersion"`
}

// SignRequest asks for a signature over a document.
type SignRequest struct {
	PIN      string
	Document []byte
	// At is the signing time that the holder claims.
	At time.Time
}

var errSkeleton = errors.New("client: not built yet")

// Authenticate answers a challenge with the card's authentication key.
func Authenticate(ctx context.Context, to jpkiap.Transmitter, r AuthenticateRequest) (Token, error) {
	return Token{}, errSkeleton
}

// Sign signs a document with the card's signature key, as detached CMS
// SignedData in DER.
func Sign(ctx context.Context, to jpkiap.Transmitter, r SignRequest) ([]byte, error) {
	return nil, errSkeleton
}
