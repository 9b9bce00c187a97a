package memory

import (
	"cmp"
	"context"
	"slices"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/register"
)

// CommitAccreditation writes a change.
func (s *Store) CommitAccreditation(_ context.Context, c accreditation.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range c.Verifiers {
		v.Since, v.Kinds = second(v.Since), slices.Clone(v.Kinds)
		s.verifiers[v.ID] = v
	}
	for _, a := range c.Applications {
		a.At, a.Decided, a.Kinds = second(a.At), second(a.Decided), slices.Clone(a.Kinds)
		i := slices.IndexFunc(s.applications, func(b accreditation.Application) bool { return b.ID == a.ID })
		if i < 0 {
			s.applications = append(s.applications, a)
			continue
		}
		s.applications[i] = a
	}
	for _, a := range c.Audits {
		a.ID, a.At = int64(len(s.audits)+1), second(a.At)
		s.audits = append(s.audits, a)
	}
	for _, f := range c.Fees {
		n := f.N
		f.N = 0
		s.fees[f] += n
	}
	if c.Tariff != nil {
		s.tariff = c.Tariff
	}
	return nil
}

// Tariff gives the last tariff committed.
func (s *Store) Tariff(context.Context) ([]accreditation.TariffRow, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.tariff), nil
}

// latest gives the selected entries, the last first, at most limit.
func latest[T any](all []T, limit int, match func(T) bool) []T {
	var out []T
	for _, x := range slices.Backward(all) {
		if len(out) == limit {
			break
		}
		if match(x) {
			out = append(out, x)
		}
	}
	return out
}

// ResidentsBorn gives those of a date of birth, by ID.
func (s *Store) ResidentsBorn(_ context.Context, day string, limit int) ([]register.Resident, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []register.Resident
	for _, r := range s.residents {
		if r.BasicFour.DateOfBirth.Gregorian() == day {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b register.Resident) int { return cmp.Compare(a.ID, b.ID) })
	return out[:min(limit, len(out))], nil
}

// Cards gives a resident's cards, in the order of their issue.
func (s *Store) Cards(_ context.Context, residentID string) ([]register.Card, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []register.Card
	for _, c := range s.cards {
		if c.ResidentID == residentID {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b register.Card) int {
		return cmp.Or(a.IssuedAt.Compare(b.IssuedAt), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// FormerEntries gives a resident's, the latest first.
func (s *Store) FormerEntries(_ context.Context, residentID string) ([]register.FormerEntry, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return latest(s.former, -1, func(f register.FormerEntry) bool { return f.Resident.ID == residentID }), nil
}

// Applications gives all, the latest first.
func (s *Store) Applications(context.Context) ([]accreditation.Application, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return latest(s.applications, -1, func(accreditation.Application) bool { return true }), nil
}

// Audits gives the lines about a subject, the latest first.
func (s *Store) Audits(_ context.Context, subject string, limit int) ([]accreditation.Audit, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return latest(s.audits, limit, func(a accreditation.Audit) bool { return subject == "" || a.Subject == subject }), nil
}

// Fees gives what was counted in a span of days.
func (s *Store) Fees(_ context.Context, verifierID, from, to string) ([]accreditation.FeeCount, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []accreditation.FeeCount
	for f, n := range s.fees {
		if (verifierID == "" || f.VerifierID == verifierID) && f.Day >= from && f.Day <= to {
			f.N = n
			out = append(out, f)
		}
	}
	slices.SortFunc(out, func(a, b accreditation.FeeCount) int {
		return cmp.Or(cmp.Compare(a.VerifierID, b.VerifierID), cmp.Compare(a.Day, b.Day), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Purpose, b.Purpose))
	})
	return out, nil
}
