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
		return Viewer{}, err
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
	v, paired, err := s.recognise(ctx, who.Serial)
	if err != nil {
		return Viewer{}, err
	}
	v.Serial, v.Signature, v.Expires = who.Serial, paired, who.Certificate.NotAfter.UTC()
	return v, s.store.Relink(ctx, v, s.now().UTC())
}

// recognise finds the viewer who is known by another certificate than this user
// authentication certificate, with the signature certificate beside it.
func (s *Station) recognise(ctx context.Context, authentication jpki.SerialNumber) (Viewer, jpki.SerialNumber, error) {
	nobody := &UnknownViewerError{Serial: authentication}
	if s.linkage == nil || authentication.IsZero() {
		return Viewer{}, "", nobody
	}
	var v Viewer
	by, err := rp.Recognise(ctx, s.linkage, jpki.UserAuthentication, authentication,
		func(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (bool, error) {
			find := s.store.ViewerByCertificate
			if kind == jpki.DigitalSignature {
				find = s.store.ViewerBySignature
			}
			var err error
			if v, err = find(ctx, serial); errors.Is(err, ErrUnknownViewer) {
				return false, nil
			}
			return err == nil, err
		})
	if err == nil && !by.Known() {
		err = nobody
	}
	return v, by.Paired, err
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
		v, _, err = s.recognise(ctx, signature.Paired)
	}
	return v, err
}
