package authority

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// maxPredecessors bounds the answer to a question for predecessors: over a
// hundred years of a holder who renews in time.
const maxPredecessors = 32

// Pair gives the serial number of the paired certificate: the latest of the
// other kind on the same card (対応証明書の発行の番号). By it a bank that knows the
// signature of a customer recognises the same person's sign-in. The verifier
// must be accredited for both kinds, since it learns of both.
func (a *Authority) Pair(ctx context.Context, verifierKey string, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	for _, k := range []jpki.Kind{kind, kind.Other()} {
		if _, err := a.Ministry.Accredited(verifierKey, k); err != nil {
			return "", err
		}
	}
	c, err := a.store.Certificate(ctx, kind, serial)
	if err != nil {
		return "", err
	}
	switch {
	case !c.Delivered:
		return "", register.ErrNoCertificate
	case c.CardID == "": // a row of a population that no card carries
		return "", ErrNoPair
	}
	paired, err := a.store.Certificates(ctx, CertificateQuery{Kind: kind.Other(), CardID: c.CardID})
	if err != nil {
		return "", err
	}
	for _, p := range slices.Backward(paired) {
		if p.Delivered {
			return p.Serial, nil
		}
	}
	return "", ErrNoPair
}

// Successor gives the newest valid certificate of the same holder and kind
// (新しい発行の番号), or ErrNoSuccessor: by it a verifier finds a customer whose
// certificate was renewed or re-issued.
func (a *Authority) Successor(ctx context.Context, verifierKey string, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error) {
	_, later, err := a.lineage(ctx, verifierKey, kind, serial)
	if err != nil {
		return "", err
	}
	now := a.second()
	for _, next := range slices.Backward(later) {
		if next.Delivered && next.Status.State == register.Good && !now.After(next.NotAfter) {
			return next.Serial, nil
		}
	}
	return "", ErrNoSuccessor
}

// Predecessors gives the earlier certificates of the same holder and kind
// (従前の発行の番号), the latest first, at most 32; none for a holder's first. By it
// a verifier that sees a certificate for the first time finds the customer whom
// it knows by another one.
func (a *Authority) Predecessors(ctx context.Context, verifierKey string, kind jpki.Kind, serial jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	earlier, _, err := a.lineage(ctx, verifierKey, kind, serial)
	if err != nil {
		return nil, err
	}
	serials := []jpki.SerialNumber{}
	for _, c := range slices.Backward(earlier) {
		if c.Delivered && len(serials) < maxPredecessors {
			serials = append(serials, c.Serial)
		}
	}
	return serials, nil
}

// Validity gives the last second of a certificate's validity. It is no
// revocation information and costs nothing: by it a verifier who keeps a serial
// number alone can tell an OCSP answer about a certificate that has expired.
func (a *Authority) Validity(ctx context.Context, verifierKey string, kind jpki.Kind, serial jpki.SerialNumber) (time.Time, error) {
	if _, err := a.Ministry.Accredited(verifierKey, kind); err != nil {
		return time.Time{}, err
	}
	_, notAfter, issued := a.cas[kind].Status(serial)
	if !issued {
		return time.Time{}, register.ErrNoCertificate
	}
	return notAfter, nil
}

// lineage gives the certificates of a certificate's holder and kind that were issued before
// it, and those after it, in the order of their issue. A row of a population without a holder
// has no lineage: neither.
func (a *Authority) lineage(ctx context.Context, verifierKey string, kind jpki.Kind, serial jpki.SerialNumber) (earlier, later []register.Certificate, err error) {
	if _, err := a.Ministry.Accredited(verifierKey, kind); err != nil {
		return nil, nil, err
	}
	if err := a.lapse(ctx); err != nil {
		return nil, nil, err
	}
	c, err := a.store.Certificate(ctx, kind, serial)
	switch {
	case err != nil:
		return nil, nil, err
	case !c.Delivered:
		return nil, nil, register.ErrNoCertificate
	case c.ResidentID == "":
		return nil, nil, nil
	}
	all, err := a.store.Certificates(ctx, CertificateQuery{Kind: kind, ResidentID: c.ResidentID})
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(all, func(other register.Certificate) bool { return other.Serial == c.Serial })
	if at < 0 {
		return nil, nil, register.ErrNoCertificate
	}
	return all[:at], all[at+1:], nil
}
