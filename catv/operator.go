package catv

import (
	"context"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Contracts lists all contracts, by number.
func (s *Station) Contracts(ctx context.Context) ([]Contract, error) { return s.store.Contracts(ctx) }

// Contract gives a contract with its places, or ErrNoContract.
func (s *Station) Contract(ctx context.Context, number ContractNumber) (Contract, error) {
	return s.store.Contract(ctx, number)
}

// ContractOf gives the contract of a set-top box, or ErrNoContract.
func (s *Station) ContractOf(ctx context.Context, box BoxID) (Contract, error) {
	return s.store.ContractOfBox(ctx, box)
}

// Viewers lists a contract's viewers, or all for an empty number.
func (s *Station) Viewers(ctx context.Context, number ContractNumber) ([]Viewer, error) {
	return s.store.Viewers(ctx, number)
}

// Certificates lists the certificates by which a viewer was known, newest first.
func (s *Station) Certificates(ctx context.Context, id ViewerID) ([]Linked, error) {
	return s.store.Certificates(ctx, id)
}

// CertificateStatus asks the authority how the certificates of viewers stand, in
// their order. One whose validity is over is Expired, which an answer about one
// certificate alone does not say.
func (s *Station) CertificateStatus(ctx context.Context, viewers []Viewer) ([]rp.Status, error) {
	if len(viewers) == 0 {
		return nil, nil
	}
	serials := make([]jpki.SerialNumber, len(viewers))
	for i, v := range viewers {
		serials[i] = v.Serial
	}
	status, err := s.verifier.CheckStatus(ctx, jpki.UserAuthentication, serials...)
	if err != nil {
		return nil, err
	}
	for i, v := range viewers {
		if state := status[i].State; (state == rp.Unchanged || state == rp.Expired) && s.now().After(v.Expires) {
			status[i].State, status[i].At = rp.Expired, v.Expires
		}
	}
	return status, nil
}

// Leave ends a viewer's enrolment at the operator's desk: the viewer, what the
// services keep of them, and their future bookings go; the papers get a new
// code, which it gives.
func (s *Station) Leave(ctx context.Context, id ViewerID) (RegistrationCode, error) {
	code, err := newCode()
	if err != nil {
		return "", err
	}
	return code, s.store.RemoveViewer(ctx, id, code, s.now().UTC())
}

// NewCode puts a new registration code on the papers in place of one that was
// not used yet; ErrCodeUsed if it was.
func (s *Station) NewCode(ctx context.Context, id PlaceID) (RegistrationCode, error) {
	code, err := newCode()
	if err != nil {
		return "", err
	}
	return code, s.store.ReplaceCode(ctx, id, code)
}
