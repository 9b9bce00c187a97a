package memory

import (
	"context"
	"errors"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	service "example.jp/jpkimock/authority/latest"
)

var _ service.Store = (*Store)(nil)

// CommitLatest writes a change; a delivery that was made refuses the whole.
func (s *Store) CommitLatest(_ context.Context, c service.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range c.Deliveries {
		if s.delivered(d.Consent, d.OldSerial, d.NewSerial) >= 0 {
			return errors.New("authority/memory: the delivery was made before")
		}
	}
	for _, consent := range c.Consents {
		i := slices.IndexFunc(s.consents, func(b service.Consent) bool { return b.Number == consent.Number })
		if i < 0 {
			s.consents = append(s.consents, consent)
			continue
		}
		s.consents[i] = consent
	}
	s.deliveries = append(s.deliveries, c.Deliveries...)
	for _, f := range c.Fees {
		n := f.N
		f.N = 0
		s.fees[f] += n
	}
	return nil
}

// Consents gives the selected ones, the latest first.
func (s *Store) Consents(_ context.Context, q service.Query) ([]service.Consent, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	is := func(wanted, value string) bool { return wanted == "" || wanted == value }
	return latest(s.consents, len(s.consents), func(c service.Consent) bool {
		return is(q.Number, c.Number) && is(q.ResidentID, c.ResidentID) && is(q.VerifierID, c.VerifierID) && is(q.Service, c.Service)
	}), nil
}

// Deliveries gives those of a resident's data, the latest first.
func (s *Store) Deliveries(_ context.Context, residentID string) ([]service.Delivery, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return latest(s.deliveries, len(s.deliveries), func(d service.Delivery) bool { return d.ResidentID == residentID }), nil
}

// Delivered gives a delivery; false if it was never made.
func (s *Store) Delivered(_ context.Context, consent string, old, next jpki.SerialNumber) (service.Delivery, bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if i := s.delivered(consent, old, next); i >= 0 {
		return s.deliveries[i], true, nil
	}
	return service.Delivery{}, false, nil
}

func (s *Store) delivered(consent string, old, next jpki.SerialNumber) int {
	return slices.IndexFunc(s.deliveries, func(d service.Delivery) bool {
		return d.Consent == consent && d.OldSerial == old && d.NewSerial == next
	})
}
