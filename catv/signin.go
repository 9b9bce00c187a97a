package catv

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// maxCandidates is about how many viewers the authority is asked at most, when a
// card of nobody known may be a re-issued one.
const maxCandidates = 32

// SignIn recognises a viewer by the card (資格確認): the certificate that answered
// the challenge is valid, and its serial number says who it is. box is the
// set-top box it lies on, empty if that is not known. A card of nobody is
// refused with an UnknownViewerError.
func (s *Station) SignIn(ctx context.Context, token []byte, nonce string, box BoxID) (Viewer, error) {
	who, err := s.verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return Viewer{}, &CardError{Kind: jpki.UserAuthentication, Err: err}
	}
	v, err := s.store.ViewerByCertificate(ctx, who.Serial)
	if errors.Is(err, ErrUnknownViewer) {
		v, err = s.relink(ctx, who, box)
	}
	if err != nil {
		return Viewer{}, err
	}
	v.SeenAt = s.now().UTC()
	return v, s.store.RecordSignIn(ctx, v.ID, v.SeenAt)
}

// relink finds the viewer whose certificate was re-issued or renewed: the card
// has the same digital signature certificate as before, or the certificate is
// the successor of one by which a viewer of this household is known. The viewer
// stays the same.
func (s *Station) relink(ctx context.Context, who *rp.Authentication, box BoxID) (Viewer, error) {
	paired, err := s.pair(ctx, who.Serial)
	if err != nil {
		return Viewer{}, err
	}
	v, err := s.formerly(ctx, who.Serial, paired, box)
	if err != nil {
		return Viewer{}, err
	}
	v.Serial, v.Signature, v.Expires = who.Serial, paired, who.Certificate.NotAfter.UTC()
	return v, s.store.Relink(ctx, v, s.now().UTC())
}

// formerly finds who was known by another certificate than serial.
func (s *Station) formerly(ctx context.Context, serial, paired jpki.SerialNumber, box BoxID) (Viewer, error) {
	if s.linkage == nil {
		return Viewer{}, &UnknownViewerError{Serial: serial}
	}
	if !paired.IsZero() {
		if v, err := s.store.ViewerBySignature(ctx, paired); err == nil || !errors.Is(err, ErrUnknownViewer) {
			return v, err
		}
	}
	candidates, err := s.store.Candidates(ctx, box, maxCandidates)
	if err != nil {
		return Viewer{}, err
	}
	for _, v := range candidates {
		next, err := s.linkage.Successor(ctx, jpki.UserAuthentication, v.Serial)
		if err != nil {
			return Viewer{}, &CardError{Kind: jpki.UserAuthentication, Err: err}
		}
		if next == serial {
			return v, nil
		}
	}
	return Viewer{}, &UnknownViewerError{Serial: serial}
}

// Signer finds the viewer who signed: by the authentication certificate on the
// same card, or by the signature certificate that was there at the enrolment.
func (s *Station) Signer(ctx context.Context, signature *rp.Signature) (Viewer, error) {
	if !signature.Paired.IsZero() {
		v, err := s.store.ViewerByCertificate(ctx, signature.Paired)
		if !errors.Is(err, ErrUnknownViewer) {
			return v, err
		}
	}
	v, err := s.store.ViewerBySignature(ctx, signature.Serial)
	if errors.Is(err, ErrUnknownViewer) {
		return v, &UnknownViewerError{Serial: signature.Paired}
	}
	return v, err
}
