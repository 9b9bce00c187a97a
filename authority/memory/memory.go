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
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	service "example.jp/jpkimock/authority/latest"
	"example.jp/jpkimock/authority/register"
)

type id struct {
	kind   jpki.Kind
	serial jpki.SerialNumber
}

// Store is an authority.Store in memory. Use New.
type Store struct {
	mu           sync.RWMutex
	residents    map[string]register.Resident
	cards        map[string]register.Card
	certificates map[id]int // places in order
	order        []register.Certificate
	events       []register.Event
	verifiers    map[string]accreditation.Verifier
	publications map[jpki.Kind]ca.Publication
	kept         map[string][]byte
	former       []register.FormerEntry
	applications []accreditation.Application // in the order in which they came
	audits       []accreditation.Audit
	tariff       []accreditation.TariffRow
	fees         map[accreditation.FeeCount]int64 // by what is counted, with N zero
	consents     []service.Consent                // in the order in which they came
	deliveries   []service.Delivery
}

// New gives an empty store.
func New() *Store {
	return &Store{
		residents: map[string]register.Resident{}, cards: map[string]register.Card{}, certificates: map[id]int{},
		verifiers: map[string]accreditation.Verifier{}, publications: map[jpki.Kind]ca.Publication{}, kept: map[string][]byte{},
		fees: map[accreditation.FeeCount]int64{},
	}
}

var _ authority.Store = (*Store)(nil)

// Commit writes a change. A certificate that exists, or a status of one that
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
		k.IssuedAt, k.Expires, k.Since, k.Lapses = second(k.IssuedAt), second(k.Expires), second(k.Since), second(k.Lapses)
		s.cards[k.ID] = k
	}
	for _, n := range c.Certificates {
		n.NotBefore, n.NotAfter, n.Status.Since = second(n.NotBefore), second(n.NotAfter), second(n.Status.Since)
		s.certificates[id{n.Kind, n.Serial}] = len(s.order)
		s.order = append(s.order, n)
	}
	for _, n := range c.Statuses {
		cert := &s.order[s.certificates[id{n.Kind, n.Serial}]]
		n.Status.Since = second(n.Status.Since)
		cert.Status, cert.Delivered = n.Status, cert.Delivered || n.Deliver
	}
	for _, e := range c.Events {
		e.ID, e.At = int64(len(s.events)+1), second(e.At)
		s.events = append(s.events, e)
	}
	for _, f := range c.FormerEntries {
		f.ID, f.Until = int64(len(s.former)+1), second(f.Until)
		s.former = append(s.former, f)
	}
	return nil
}

func (s *Store) check(c authority.Change) error {
	added := map[id]bool{}
	for _, n := range c.Certificates {
		key := id{n.Kind, n.Serial}
		if _, exists := s.certificates[key]; exists || added[key] {
			return register.ErrSerialTaken
		}
		added[key] = true
	}
	for _, n := range c.Statuses {
		if _, exists := s.certificates[id{n.Kind, n.Serial}]; !exists && !added[id{n.Kind, n.Serial}] {
			return register.ErrNoCertificate
		}
	}
	return nil
}

func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// Keep keeps a value under a name.
func (s *Store) Keep(_ context.Context, name string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[name] = value
	return nil
}

// Publish remembers the last CRL's publication.
func (s *Store) Publish(_ context.Context, p ca.Publication) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p.ThisUpdate = second(p.ThisUpdate)
	s.publications[p.Kind] = p
	return nil
}

// Kept gives what Keep put there.
func (s *Store) Kept(_ context.Context, name string) ([]byte, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	v, ok := s.kept[name]
	if !ok {
		return nil, ca.ErrNotKept
	}
	return v, nil
}

// Resident gives a resident.
func (s *Store) Resident(_ context.Context, id string) (register.Resident, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, ok := s.residents[id]
	if !ok {
		return r, register.ErrNoResident
	}
	return r, nil
}

// Residents gives all residents, by ID.
func (s *Store) Residents(context.Context) ([]register.Resident, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.residents), func(a, b register.Resident) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// Card gives a card.
func (s *Store) Card(_ context.Context, id string) (register.Card, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, ok := s.cards[id]
	if !ok {
		return c, register.ErrNoCard
	}
	return c, nil
}

// Lapsing gives the cards in use or lost that have a deadline.
func (s *Store) Lapsing(context.Context) ([]register.Card, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []register.Card
	for _, c := range s.cards {
		if !c.Lapses.IsZero() && (c.State == register.CardInUse || c.State == register.CardLost) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b register.Card) int { return cmp.Or(a.Lapses.Compare(b.Lapses), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// Certificate gives a certificate.
func (s *Store) Certificate(_ context.Context, kind jpki.Kind, serial jpki.SerialNumber) (register.Certificate, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	i, ok := s.certificates[id{kind, serial}]
	if !ok {
		return register.Certificate{}, register.ErrNoCertificate
	}
	return s.order[i], nil
}

// Expired does what authority.Store says.
func (s *Store) Expired(_ context.Context, from, to time.Time) (n int, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, c := range s.order {
		if c.Delivered && c.Status.State == register.Good && !c.NotAfter.Before(from) && c.NotAfter.Before(to) {
			n++
		}
	}
	return n, nil
}

// Certificates gives the selected certificates by kind and serial number.
func (s *Store) Certificates(_ context.Context, q authority.CertificateQuery) ([]register.Certificate, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []register.Certificate
	for _, c := range s.order {
		if (q.Kind == 0 || c.Kind == q.Kind) && (q.CardID == "" || c.CardID == q.CardID) &&
			(q.ResidentID == "" || c.ResidentID == q.ResidentID) && !(q.Undelivered && c.Delivered) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b register.Certificate) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.Serial.Big().Cmp(b.Serial.Big()))
	})
	return out, nil
}

// EachStatus calls f for every certificate of a kind.
func (s *Store) EachStatus(_ context.Context, kind jpki.Kind, f func(ca.StatusRow) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, c := range s.order {
		if c.Kind != kind {
			continue
		}
		if err := f(ca.StatusRow{Number: c.Serial.Big().Uint64(), NotAfter: c.NotAfter, Status: c.Status}); err != nil {
			return err
		}
	}
	return nil
}

// Events gives the selected lines of the journal, the latest first.
func (s *Store) Events(_ context.Context, q authority.EventQuery) ([]register.Event, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	var out []register.Event
	for _, e := range slices.Backward(s.events) {
		if len(out) == limit {
			break
		}
		if (q.ResidentID == "" || e.ResidentID == q.ResidentID) && (q.Kind == 0 || e.Kind == q.Kind) && (q.Serial == "" || e.Serial == q.Serial) && !e.At.Before(q.Since) {
			out = append(out, e)
		}
	}
	return out, nil
}

// Verifiers gives all verifiers, by ID.
func (s *Store) Verifiers(context.Context) ([]accreditation.Verifier, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.verifiers), func(a, b accreditation.Verifier) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// Publication gives what is remembered of the last CRL of a kind.
func (s *Store) Publication(_ context.Context, kind jpki.Kind) (ca.Publication, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p := s.publications[kind]
	p.Kind = kind
	return p, nil
}
