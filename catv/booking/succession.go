package booking

import (
	"context"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/rp"
)

// confirmed is what a confirmation came to for one residency: why it ended, or
// the certificate to watch from now on if that is another one.
type confirmed struct {
	lapse Lapse
	watch jpki.SerialNumber
}

// judge says what an answer about the watched certificate means for its
// residency.
func (s *Service) judge(ctx context.Context, watched jpki.SerialNumber, a rp.Status) (confirmed, error) {
	lapse, err := lapseOf(a)
	if err != nil || !lapse.none() || a.State != rp.Revoked {
		return confirmed{lapse: lapse}, err
	}
	return s.succeed(ctx, watched, a)
}

// succeed looks for what came in place of a certificate that was revoked without
// a change. The newest one alone says nothing, since its holder may have moved
// under one that lies between: the residency is the newest one's only if every
// certificate before it was superseded (更新, 再発行), so that at each moment there
// was one that a move would have revoked. A loss (紛失) says nothing of the
// address by itself, but breaks the row once another card is there.
func (s *Service) succeed(ctx context.Context, watched jpki.SerialNumber, a rp.Status) (confirmed, error) {
	next, remade, err := s.newest(ctx, watched)
	switch {
	case err != nil:
		return confirmed{}, err
	case next.IsZero() && (remade || a.Reason == jpki.Superseded):
		return confirmed{lapse: broken(a)}, nil
	case next.IsZero():
		return confirmed{}, nil
	}
	between, err := s.linkage.Predecessors(ctx, jpki.DigitalSignature, next)
	if err != nil {
		return confirmed{}, &catv.CardError{Kind: jpki.DigitalSignature, Err: err}
	}
	at := slices.Index(between, watched)
	if at < 0 { // further back than the authority tells
		return confirmed{lapse: broken(a)}, nil
	}
	row := append(slices.Clone(between[:at]), next) // the newest is judged, but breaks nothing
	slices.Reverse(row[:at])
	return s.walk(ctx, a, row)
}

// walk judges the certificates after a watched one, the oldest first: a change of
// any ends the residency, and so does a break in the row.
func (s *Service) walk(ctx context.Context, watched rp.Status, row []jpki.SerialNumber) (confirmed, error) {
	answers, err := s.verifier.CheckStatus(ctx, jpki.DigitalSignature, row...)
	if err != nil {
		return confirmed{}, &catv.CardError{Kind: jpki.DigitalSignature, Err: err}
	}
	for _, a := range answers {
		if lapse, err := lapseOf(a); err != nil || !lapse.none() {
			return confirmed{lapse: lapse}, err
		}
	}
	for _, a := range append([]rp.Status{watched}, answers[:len(answers)-1]...) {
		if a.State != rp.Revoked || a.Reason != jpki.Superseded {
			return confirmed{lapse: broken(a)}, nil
		}
	}
	return confirmed{watch: row[len(row)-1]}, nil
}

// newest gives the newest signature certificate of a holder after one of theirs,
// "" if there is none, and whether the holder has a later certificate of any
// kind. A signature certificate that is not valid any more is found by the
// authentication certificate on the same card.
func (s *Service) newest(ctx context.Context, after jpki.SerialNumber) (next jpki.SerialNumber, remade bool, err error) {
	defer func() {
		if err != nil {
			err = &catv.CardError{Kind: jpki.DigitalSignature, Err: err}
		}
	}()
	next, err = s.linkage.Successor(ctx, jpki.DigitalSignature, after)
	if err != nil || !next.IsZero() {
		return next, true, err
	}
	card, err := s.linkage.Pair(ctx, jpki.DigitalSignature, after)
	if err != nil || card.IsZero() {
		return "", false, err
	}
	later, err := s.linkage.Successor(ctx, jpki.UserAuthentication, card)
	if err != nil {
		return "", false, err
	}
	if remade = !later.IsZero(); remade {
		card = later
	}
	if next, err = s.linkage.Pair(ctx, jpki.UserAuthentication, card); next == after {
		next = ""
	}
	return next, remade, err
}

// broken is the lapse of a residency whose certificate ended without one that
// superseded it.
func broken(a rp.Status) Lapse { return Lapse{Why: LapsedByLoss, Reason: a.Reason, At: a.At} }

// lapseOf says whether an answer about a certificate ends a residency by itself.
// An authority that does not know the certificate has not answered.
func lapseOf(a rp.Status) (Lapse, error) {
	switch {
	case a.State == rp.Changed:
		return Lapse{Why: LapsedByChange, Reason: a.Reason, At: a.At}, nil
	case a.State == rp.Revoked && a.Reason == jpki.CessationOfOperation:
		return Lapse{Why: LapsedByEnd, Reason: a.Reason, At: a.At}, nil
	case a.State == rp.Expired:
		return Lapse{Why: LapsedByExpiry, At: a.At}, nil
	case a.State == rp.Unknown:
		return Lapse{}, &catv.CardError{Kind: jpki.DigitalSignature, Err: rp.ErrStatusUnknown}
	}
	return Lapse{}, nil
}
