package fuse

import (
	"context"
	"iter"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Verifier is what a house asks of the kit; *rp.Verifier is one.
type Verifier interface {
	NewChallenge(ctx context.Context) (rp.Challenge, error)
	VerifySignature(ctx context.Context, document, cms []byte) (*rp.Signature, error)
	VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
	CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error)
	CheckStatusSeq(ctx context.Context, kind jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[rp.Status, error]
}

// Kit is a kit of which one call fails.
type Kit struct {
	Verifier
	*Fuse
}

// NewChallenge makes a challenge unless the fuse blows.
func (k Kit) NewChallenge(ctx context.Context) (rp.Challenge, error) {
	return Call(k.Fuse, func() (rp.Challenge, error) { return k.Verifier.NewChallenge(ctx) })
}

// VerifySignature verifies unless the fuse blows.
func (k Kit) VerifySignature(ctx context.Context, document, cms []byte) (*rp.Signature, error) {
	return Call(k.Fuse, func() (*rp.Signature, error) { return k.Verifier.VerifySignature(ctx, document, cms) })
}

// VerifyAuthentication verifies unless the fuse blows.
func (k Kit) VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error) {
	return Call(k.Fuse, func() (*rp.Authentication, error) { return k.Verifier.VerifyAuthentication(ctx, token, nonce) })
}

// CheckStatus asks unless the fuse blows.
func (k Kit) CheckStatus(ctx context.Context, kind jpki.Kind, serials ...jpki.SerialNumber) ([]rp.Status, error) {
	return Call(k.Fuse, func() ([]rp.Status, error) { return k.Verifier.CheckStatus(ctx, kind, serials...) })
}

// CheckStatusSeq asks unless the fuse blows.
func (k Kit) CheckStatusSeq(ctx context.Context, kind jpki.Kind, serials iter.Seq[jpki.SerialNumber]) iter.Seq2[rp.Status, error] {
	return Seq(k.Fuse, k.Verifier.CheckStatusSeq(ctx, kind, serials))
}

// Links is what the authority says of certificates, of which one call fails.
type Links struct {
	rp.Links
	*Fuse
}

// Pair asks for the other certificate on a card.
func (l Links) Pair(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	return Call(l.Fuse, func() (jpki.SerialNumber, error) { return l.Links.Pair(ctx, kind, serial) })
}

// Successor asks for the newest certificate after one.
func (l Links) Successor(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	return Call(l.Fuse, func() (jpki.SerialNumber, error) { return l.Links.Successor(ctx, kind, serial) })
}

// Predecessors asks for those that went before one.
func (l Links) Predecessors(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return Call(l.Fuse, func() ([]jpki.SerialNumber, error) { return l.Links.Predecessors(ctx, kind, serial) })
}
