package authority

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/ocsp"
)

// AppendOCSP answers an OCSP request about certificates of a kind, for a purpose under
// which the ledger counts the answer; the DER is appended to dst, which saves an
// allocation for each (BenchmarkOCSPCached). Whatever can be said in OCSP is said in it:
// malformedRequest, unauthorized for those who are not accredited and for what cannot be
// answered with authority, tryLater when too many answers wait to be signed, internalError
// when signing fails. The error is not nil only when ctx ended.
func (a *Authority) AppendOCSP(ctx context.Context, dst []byte, purpose accreditation.Purpose, kind jpki.Kind, verifierKey string, der []byte) (ca.OCSPAnswer, error) {
	verifier, err := a.Ministry.Accredited(verifierKey, kind)
	if err != nil {
		return failure(dst, ocsp.Unauthorized), nil
	}
	answer, n, err := a.respond(ctx, dst, kind, verifier.ID, der)
	if n == 0 || err != nil {
		return answer, err
	}
	if !a.Ministry.Count(verifier.ID, kind, purpose, n) {
		return failure(dst, ocsp.TryLater), nil
	}
	if a.counted != nil {
		a.counted(verifier.ID, kind, n)
	}
	return answer, nil
}

// OwnOCSP answers a request of the authority's own, for what its holders sign and show at
// its pages. It is nobody's inquiry: it is not counted, and costs nothing.
func (a *Authority) OwnOCSP(ctx context.Context, kind jpki.Kind, der []byte) (ca.OCSPAnswer, error) {
	answer, _, err := a.respond(ctx, nil, kind, "", der)
	return answer, err
}

// failure is an answer that carries a status and nothing else.
func failure(dst []byte, s ocsp.Status) ca.OCSPAnswer {
	return ca.OCSPAnswer{DER: append(dst, ocsp.Failure(s)...)}
}

// respond makes an answer, and says for how many certificates to charge: none for a
// failure.
func (a *Authority) respond(ctx context.Context, dst []byte, kind jpki.Kind, verifierID string, der []byte) (answer ca.OCSPAnswer, n int, err error) {
	request, err := ocsp.ParseRequest(der)
	if err != nil {
		return failure(dst, ocsp.MalformedRequest), 0, nil
	}
	if err := a.lapse(ctx); err != nil {
		return failure(dst, ocsp.InternalError), 0, nil
	}
	answer, err = a.answer(ctx, dst, kind, verifierID, request)
	switch {
	case ctx.Err() != nil:
		return ca.OCSPAnswer{}, 0, ctx.Err()
	case errors.Is(err, ca.ErrHash): // not capable of responding authoritatively (RFC 6960 §2.3)
		return failure(dst, ocsp.Unauthorized), 0, nil
	case errors.Is(err, ca.ErrBusy):
		return failure(dst, ocsp.TryLater), 0, nil
	case err != nil:
		return failure(dst, ocsp.InternalError), 0, nil
	}
	return answer, len(request.CertIDs), nil
}
