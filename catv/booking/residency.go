package booking

import (
	"context"
	"errors"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/rp"
)

// Residency is a viewer's proof of living in the municipality (住民であることの確認):
// it stands on a digital signature certificate, which is revoked when its holder
// moves.
type Residency struct {
	Viewer catv.ViewerID
	// Application is the signed application with its certificate.
	Application rp.SignedDocument
	// Serial is the certificate that is watched: that of the signature, or the
	// one that came in its place without a change.
	Serial   jpki.SerialNumber
	Expires  time.Time // the end of the validity of the application's certificate
	ProvenAt time.Time
	// ConfirmedAt is when the authority last said that it stands.
	ConfirmedAt time.Time
	// Lapse says why it does not stand any more; empty while it does.
	Lapse Lapse
	// ReplacedAt is when a later proof of the same viewer took its place; zero
	// for the viewer's present one.
	ReplacedAt time.Time
}

// Stands reports that the residency holds.
func (r Residency) Stands() bool { return r.Lapse.none() && r.ReplacedAt.IsZero() }

// Followed reports that the watched certificate is another one than that of the
// signature, so that Expires is not its end.
func (r Residency) Followed() bool { return r.Serial != r.Application.Serial }

// DraftApplication writes an application for the resident price.
func (s *Service) DraftApplication(context.Context) (rp.Document, error) {
	return rp.WriteDocument("MT", s.now(), func(d rp.Document) (string, error) {
		var text strings.Builder
		err := s.application.Execute(&text, map[string]any{
			"Number": d.Number, "Town": catv.Town.JA,
			"Date": jpki.JapaneseDay(d.WrittenAt), "Time": jpki.JapaneseTime(d.WrittenAt),
		})
		return text.String(), err
	})
}

// ProveResidency takes a signed application (本人確認): the signature is a valid
// certificate's, the certificate says an address in the municipality, and its
// holder is a viewer. It stands, committed, when it returns.
func (s *Service) ProveResidency(ctx context.Context, application rp.Document, cms []byte) (Residency, error) {
	now := s.now().UTC()
	signature, signed, err := application.Accept(ctx, s.verifier, cms, now)
	if err != nil {
		return Residency{}, err
	}
	if !strings.HasPrefix(signature.BasicFour.Address, townAddress) {
		return Residency{}, ErrNotResident
	}
	v, err := s.household.Signer(ctx, signature)
	if err != nil {
		return Residency{}, err
	}
	r := Residency{
		Viewer: v.ID, Application: signed, Serial: signature.Serial,
		Expires: signature.Certificate.NotAfter.UTC(), ProvenAt: now, ConfirmedAt: now,
	}
	return r, s.store.PutResidency(ctx, r)
}

// Residency gives a viewer's residency as it was last confirmed, or
// ErrNoResidency.
func (s *Service) Residency(ctx context.Context, me catv.ViewerID) (Residency, error) {
	return s.store.Residency(ctx, me)
}

// Residencies gives all proofs of a viewer, newest first: the present one and
// those that it replaced.
func (s *Service) Residencies(ctx context.Context, me catv.ViewerID) ([]Residency, error) {
	return s.store.Residencies(ctx, me)
}

// WithdrawResidency takes back the consent of the application (同意の撤回): from
// now on the certificate is not checked, and the facilities are the viewer's by
// their rule for others. What was booked keeps its price, which was right when
// it was booked, and the signed application stays with it as its record. Without
// a residency that stands it is ErrNoResidency.
func (s *Service) WithdrawResidency(ctx context.Context, me catv.ViewerID) error {
	return s.store.WithdrawResidency(ctx, me, s.now().UTC())
}

// Resident reports whether a viewer is a resident, and asks the authority about
// it now (変更確認). An authority that does not answer is an error: neither the
// resident price nor the other one would be right.
func (s *Service) Resident(ctx context.Context, me catv.ViewerID) (bool, error) {
	r, err := s.store.Residency(ctx, me)
	if errors.Is(err, ErrNoResidency) || err == nil && !r.Stands() {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if _, err := s.confirm(ctx, []Residency{r}); err != nil {
		return false, err
	}
	r, err = s.store.Residency(ctx, me)
	return err == nil && r.Stands(), err
}

// ConfirmResidents asks the authority about every residency that stands and was
// not confirmed on this day yet (現況確認). It gives how many were asked about
// and how many have lapsed.
func (s *Service) ConfirmResidents(ctx context.Context) (asked, lapsed int, err error) {
	s.confirming.Lock()
	defer s.confirming.Unlock()
	standing, err := s.store.StandingResidencies(ctx, s.today().Time().UTC())
	if len(standing) == 0 {
		return 0, 0, err
	}
	lapsed, err = s.confirm(ctx, standing)
	return len(standing), lapsed, err
}

// confirm asks about residencies and writes what it learns. It gives how many
// have lapsed. One that could not be confirmed stays as it was, and does not keep
// the others from being confirmed.
func (s *Service) confirm(ctx context.Context, all []Residency) (lapsed int, err error) {
	now := s.now().UTC()
	var ask []Residency
	var serials []jpki.SerialNumber
	for _, r := range all {
		if now.After(r.Expires) && !r.Followed() {
			lapse := Lapse{Why: LapsedByExpiry, At: r.Expires}
			if err := s.store.ConfirmResidency(ctx, r.Viewer, r.Serial, lapse, now); err != nil {
				return lapsed, err
			}
			lapsed++
			continue
		}
		ask, serials = append(ask, r), append(serials, r.Serial)
	}
	if len(ask) == 0 {
		return lapsed, nil
	}
	statuses, err := s.verifier.CheckStatus(ctx, jpki.DigitalSignature, serials...)
	if err != nil {
		return lapsed, err
	}
	successions, errs := s.follow(ctx, statuses)
	for i, status := range statuses {
		next, followed := successions[status.Serial]
		if succeeds(status) && !followed {
			continue // its error is among errs
		}
		lapse, err := judge(status, next)
		if err == nil {
			err = s.store.ConfirmResidency(ctx, ask[i].Viewer, status.Serial, lapse, now)
		}
		if watch := next.Watch().Serial; err == nil && lapse.none() && followed && watch != status.Serial {
			err = s.store.WatchResidency(ctx, ask[i].Viewer, status.Serial, watch)
		}
		if err == nil && !lapse.none() {
			lapsed++
		}
		errs = append(errs, err)
	}
	return lapsed, errors.Join(errs...)
}
