package catv

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// SignIn recognises a viewer by the card (資格確認): the certificate that answered
// the challenge is valid, and its serial number says who it is. A card of nobody
// is refused with an UnknownViewerError.
func (s *Station) SignIn(ctx context.Context, token []byte, nonce string) (Viewer, error) {
	who, err := s.verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return Viewer{}, &CardError{Kind: jpki.UserAuthentication, Err: err}
	}
	v, err := s.store.ViewerByCertificate(ctx, who.Serial)
	if errors.Is(err, ErrUnknownViewer) {
		v, err = s.relink(ctx, who)
	}
	if err != nil {
		return Viewer{}, err
	}
	v.SeenAt = s.now().UTC()
	return v, s.store.RecordSignIn(ctx, v.ID, v.SeenAt)
}

// relink finds the viewer whose certificate was re-issued or renewed, and keeps
// the new one. The viewer stays the same.
func (s *Station) relink(ctx context.Context, who *rp.Authentication) (Viewer, error) {
	paired, err := s.pair(ctx, who.Serial)
	if err != nil {
		return Viewer{}, err
	}
	v, err := s.formerly(ctx, who.Serial, paired)
	if err != nil {
		return Viewer{}, err
	}
	v.Serial, v.Signature, v.Expires = who.Serial, paired, who.Certificate.NotAfter.UTC()
	return v, s.store.Relink(ctx, v, s.now().UTC())
}

// formerly finds who was known by another certificate than this user
// authentication certificate: it lies on one card with the digital signature
// certificate that is known, or it followed the one that is (従前の発行の番号). The
// authority alone can say so. The certificate itself is looked for once more at
// the end: the same card may be recognised elsewhere at this moment, and a record
// only moves on towards it.
func (s *Station) formerly(ctx context.Context, authentication, signature jpki.SerialNumber) (Viewer, error) {
	nobody := &UnknownViewerError{Serial: authentication}
	if s.linkage == nil || authentication.IsZero() {
		return Viewer{}, nobody
	}
	if !signature.IsZero() {
		if v, err := s.store.ViewerBySignature(ctx, signature); !errors.Is(err, ErrUnknownViewer) {
			return v, err
		}
	}
	earlier, err := s.linkage.Predecessors(ctx, jpki.UserAuthentication, authentication)
	if err != nil {
		return Viewer{}, &CardError{Kind: jpki.UserAuthentication, Err: err}
	}
	for _, serial := range append(earlier, authentication) {
		if v, err := s.store.ViewerByCertificate(ctx, serial); !errors.Is(err, ErrUnknownViewer) {
			return v, err
		}
	}
	return Viewer{}, nobody
}

// Signer finds the viewer who signed: by the authentication certificate on the
// same card, by the signature certificate that was there when the viewer was last
// recognised, or by what went before them.
func (s *Station) Signer(ctx context.Context, signature *rp.Signature) (Viewer, error) {
	if !signature.Paired.IsZero() {
		if v, err := s.store.ViewerByCertificate(ctx, signature.Paired); !errors.Is(err, ErrUnknownViewer) {
			return v, err
		}
	}
	v, err := s.store.ViewerBySignature(ctx, signature.Serial)
	if errors.Is(err, ErrUnknownViewer) {
		return s.formerly(ctx, signature.Paired, "")
	}
	return v, err
}
