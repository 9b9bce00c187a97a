// Package jpkiap drives the JPKI application (公的個人認証AP) of an Individual
// Number Card over a one-method Transmitter: the virtual card, a transcript and
// a real reader are equal to it.
package jpkiap

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
)

// Transmitter carries one command APDU to a card and gives its response APDU,
// data and status word. An error means that the card could not be asked.
type Transmitter interface {
	Transmit(ctx context.Context, command []byte) ([]byte, error)
}

// Card is a card in a reader. It is not safe for concurrent use, as a card is
// not.
type Card struct {
	to       Transmitter
	selected bool
}

// New gives the driver for the card behind to. Nothing is sent yet.
func New(to Transmitter) *Card { return &Card{to: to} }

var errSkeleton = errors.New("jpkiap: not built yet")

// Select selects the JPKI application, which forgets verified PINs.
func (c *Card) Select(ctx context.Context) error { return errSkeleton }

// TriesLeft asks how many tries a PIN has left, and spends none.
func (c *Card) TriesLeft(ctx context.Context, k jpki.Kind) (int, error) { return 0, errSkeleton }

// Verify presents a PIN.
func (c *Card) Verify(ctx context.Context, k jpki.Kind, pin string) error { return errSkeleton }

// HasCertificate asks whether there is a certificate of kind k; no PIN needed.
func (c *Card) HasCertificate(ctx context.Context, k jpki.Kind) (bool, error) {
	return false, errSkeleton
}

// ReadCertificate reads the certificate of kind k.
func (c *Card) ReadCertificate(ctx context.Context, k jpki.Kind) ([]byte, error) {
	return nil, errSkeleton
}

// ReadCACertificate reads the CA certificate of kind k.
func (c *Card) ReadCACertificate(ctx context.Context, k jpki.Kind) ([]byte, error) {
	return nil, errSkeleton
}

// Sign signs a SHA-256 hash.
func (c *Card) Sign(ctx context.Context, k jpki.Kind, sha256 []byte) ([]byte, error) {
	return nil, errSkeleton
}

// ChangePIN changes a PIN.
func (c *Card) ChangePIN(ctx context.Context, k jpki.Kind, old, replacement string) error {
	return errSkeleton
}

// TokenInfo reads EF 0006.
func (c *Card) TokenInfo(ctx context.Context) (TokenInfo, error) { return parseTokenInfo(nil) }
