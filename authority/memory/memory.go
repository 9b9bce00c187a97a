// Package memory is an authority's store that forgets: for tests, and for
// relying parties' tests through rp/rptest. It keeps the same rules as
// authority/db; one suite of tests runs over both.
package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
)

type id struct {
	kind   jpki.Kind
	serial jpki.SerialNumber
}

// Store is an authority.Store in memory. Use New.
type Store struct {
	mu           sync.RWMutex
	residents    map[string]authority.Resident
	cards        map[string]authority.Card
	certificates map[id]int // places in order
	order        []authority.Certificate
	events       []authority.Event
	verifiers    map[string]authority.Verifier
	publications map[jpki.Kind]authority.Publication
	kept         map[string][]byte
	former       []authority.FormerEntry
	applications []authority.VerifierApplication // in the order in which they came
	audits       []authority.Audit
	fees         map[authority.FeeCount]int64 // by what is counted, with N zero
}

// New gives an empty store.
func New() *Store {
	return &Store{
		residents: map[string]authority.Resident{}, cards: map[string]authority.Card{}, certificates: map[id]int{},
		verifiers: map[string]authority.Verifier{}, publications: map[jpki.Kind]authority.Publication{}, kept: map[string][]byte{},
		fees: map[authority.FeeCount]int64{},
	}
}

var _ authority.Store = (*Store)(nil)

// Commit writes a change. A certificate that exists, or a standing of one that
// does not, refuses the whole.
func (s *Store) Commit(_ context.Context, c authority.Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.check(c); err != nil {
		return err
	}
	for _, r := range c.Residents {
		s.residents[r.ID] = r
	}
	for _, k := range c.Cards {
		k.IssuedAt, k.Expires, k.Since = second(k.IssuedAt), second(k.Expires), second(k.Since)
		s.cards[k.ID] = k
	}
	for _, n := range c.Certificates {
		n.NotBefore, n.NotAfter, n.Standing.Since = second(n.NotBefore), second(n.NotAfter), second(n.Standing.Since)
		s.certificates[id{n.Kind, n.Serial}] = len(s.order)
		s.order = append(s.order, n)
	}
	for _, n := range c.Standings {
		cert := &s.order[s.certificates[id{n.Kind, n.Serial}]]
		n.Standing.Since = second(n.Standing.Since)
		cert.Standing, cert.Delivered = n.Standing, cert.Delivered || n.Deliver
	}
	for _, e := range c.Events {
		e.ID, e.At = int64(len(s.events)+1), second(e.At)
		s.events = append(s.events, e)
	}
	for _, v := range c.Verifiers {
		v.Since, v.Kinds = second(v.Since), slices.Clone(v.Kinds)
		s.verifiers[v.ID] = v
	}
	for _, p := range c.Publications {
		p.ThisUpdate = second(p.ThisUpdate)
		s.publications[p.Kind] = p
	}
	maps.Copy(s.kept, c.Kept)
	s.commitOffice(c)
	return nil
}

func (s *Store) check(c authority.Change) error {
	added := map[id]bool{}
	for _, n := range c.Certificates {
		key := id{n.Kind, n.Serial}
		if _, exists := s.certificates[key]; exists || added[key] {
			return authority.ErrSerialTaken
		}
		added[key] = true
	}
	for _, n := range c.Standings {
		if _, exists := s.certificates[id{n.Kind, n.Serial}]; !exists && !added[id{n.Kind, n.Serial}] {
			return authority.ErrNoCertificate
		}
	}
	return nil
}

func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// Kept gives what Change.Kept put there.
func (s *Store) Kept(_ context.Context, name string) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.kept[name]
	if !ok {
		return nil, authority.ErrNotKept
	}
	return v, nil
}

// Resident gives a resident.
func (s *Store) Resident(_ context.Context, id string) (authority.Resident, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.residents[id]
	if !ok {
		return r, authority.ErrNoResident
	}
	return r, nil
}

// Residents gives all residents, by ID.
func (s *Store) Residents(context.Context) ([]authority.Resident, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.residents), func(a, b authority.Resident) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// Card gives a card.
func (s *Store) Card(_ context.Context, id string) (authority.Card, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, ok := s.cards[id]
	if !ok {
		return c, authority.ErrNoCard
	}
	return c, nil
}

// Certificate gives a certificate.
func (s *Store) Certificate(_ context.Context, kind jpki.Kind, serial jpki.SerialNumber) (authority.Certificate, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	i, ok := s.certificates[id{kind, serial}]
	if !ok {
		return authority.Certificate{}, authority.ErrNoCertificate
	}
	return s.order[i], nil
}

// Certificates gives the selected certificates by kind and serial number.
func (s *Store) Certificates(_ context.Context, q authority.CertificateQuery) ([]authority.Certificate, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []authority.Certificate
	for _, c := range s.order {
		if (q.Kind == 0 || c.Kind == q.Kind) && (q.CardID == "" || c.CardID == q.CardID) &&
			(q.ResidentID == "" || c.ResidentID == q.ResidentID) && !(q.Undelivered && c.Delivered) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b authority.Certificate) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.Serial.Big().Cmp(b.Serial.Big()))
	})
	return out, nil
}

// EachStatus calls f for every certificate of a kind.
func (s *Store) EachStatus(_ context.Context, kind jpki.Kind, f func(authority.StatusRow) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, c := range s.order {
		if c.Kind != kind {
			continue
		}
		if err := f(authority.StatusRow{Number: c.Serial.Big().Uint64(), NotAfter: c.NotAfter, Standing: c.Standing}); err != nil {
			return err
		}
	}
	return nil
}

// Events gives the selected lines of the journal, the latest first.
func (s *Store) Events(_ context.Context, q authority.EventQuery) ([]authority.Event, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	var out []authority.Event
	for _, e := range slices.Backward(s.events) {
		if len(out) == limit {
			break
		}
		if (q.ResidentID == "" || e.ResidentID == q.ResidentID) && (q.Kind == 0 || e.Kind == q.Kind) && (q.Serial == "" || e.Serial == q.Serial) {
			out = append(out, e)
		}
	}
	return out, nil
}

// Verifiers gives all verifiers, by ID.
func (s *Store) Verifiers(context.Context) ([]authority.Verifier, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.verifiers), func(a, b authority.Verifier) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// Publication gives what is remembered of the last CRL of a kind.
func (s *Store) Publication(_ context.Context, kind jpki.Kind) (authority.Publication, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.publications[kind]
	p.Kind = kind
	return p, nil
}
