package portal_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/db"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/portal/postbox"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const origin = "https://portal.example.jp"

// shop is a partner as a model: it remembers what it was told, and how often it changed
// an entry.
type shop struct {
	sync.Mutex
	id      string
	keys    *ecdsa.PrivateKey
	boxes   map[string]string // by customer
	cases   map[string]partner.Receipt
	changes map[string]int
	told    int
	silent  bool
	byCard  bool // it knows its customers by the certificate
	// askedKeys counts how often the portal asked for the keys.
	askedKeys atomic.Int64
	// decide says what becomes of a new application; nil for done.
	decide func(partner.Sheet) partner.Receipt
	// seal makes another notice than the honest one.
	seal func(partner.Notice) string
}

var errSilent = errors.New("no answer")

func (s *shop) Connect(_ context.Context, c partner.Connection) error {
	if c.Customer == "" || c.Customer == "999" {
		return &partner.Refused{Code: "no_customer"}
	}
	s.boxes[c.Customer] = c.Box
	return nil
}

func (s *shop) Disconnect(context.Context, string) error                  { return nil }
func (s *shop) SameAddress(context.Context, string, string) (bool, error) { return false, nil }
func (s *shop) Keys(context.Context) (json.RawMessage, error) {
	s.askedKeys.Add(1)
	if s.isSilent() {
		return nil, errSilent
	}
	set, _, err := partner.KeySet(&s.keys.PublicKey)
	return set, err
}
func (s *shop) Receipt(_ context.Context, id string) (partner.Receipt, error)   { return s.stands(id) }
func (s *shop) Answer(_ context.Context, id, _ string) (partner.Receipt, error) { return s.answer(id) }

func (s *shop) isSilent() bool {
	s.Lock()
	defer s.Unlock()
	return s.silent
}

func (s *shop) stands(id string) (partner.Receipt, error) {
	s.Lock()
	defer s.Unlock()
	if s.silent {
		return partner.Receipt{}, errSilent
	}
	r, ok := s.cases[id]
	if !ok {
		return r, &partner.Refused{Code: "no_application"}
	}
	return r, nil
}

func (s *shop) answer(id string) (partner.Receipt, error) {
	s.Lock()
	defer s.Unlock()
	if s.cases[id].State == partner.AskedBack {
		s.finish(id, partner.Receipt{State: partner.Done})
	}
	return s.cases[id], nil
}

func (s *shop) Deliver(_ context.Context, a partner.Application) (partner.Receipt, error) {
	s.Lock()
	defer s.Unlock()
	s.told++
	if s.silent {
		return partner.Receipt{}, errSilent
	}
	if r, ok := s.cases[a.ID]; ok {
		return r, nil
	}
	var sheet partner.Sheet
	if err := json.Unmarshal([]byte(a.Sheet), &sheet); err != nil {
		return partner.Receipt{}, err
	}
	r := partner.Receipt{State: partner.Done}
	if s.decide != nil {
		r = s.decide(sheet)
	}
	s.finish(a.ID, r)
	return s.cases[a.ID], nil
}

// finish writes a receipt; a final one has a notice.
func (s *shop) finish(id string, r partner.Receipt) {
	r.ID = id
	if r.State == partner.Done {
		s.changes[id]++
	}
	if r.State.Final() {
		n := partner.Notice{ID: id + "-result", Sender: s.id, Box: s.boxes["100"], At: 1, Title: "結果", Body: "ひみつのほんぶん", About: id}
		if s.seal != nil {
			r.Notice = s.seal(n)
		} else {
			r.Notice = s.sealed(n)
		}
	}
	s.cases[id] = r
}

func (s *shop) sealed(n partner.Notice) string {
	_, id, err := partner.KeySet(&s.keys.PublicKey)
	if err != nil {
		return ""
	}
	sealed, err := partner.Seal(s.keys, id, n)
	if err != nil {
		return ""
	}
	return sealed
}

// town is an open portal with partners that are models, in a world with an authority
// and cards.
type town struct {
	*portal.Portal
	*rptest.World
	t     *testing.T
	file  string
	shops []*shop
	step  func(string) error
	mails []portal.Mail
}

func newTown(t *testing.T, options ...rptest.Option) *town {
	t.Helper()
	w := &town{World: rptest.New(t, options...), t: t, file: filepath.Join(t.TempDir(), "portal.db"), step: func(string) error { return nil }}
	for _, id := range []string{"denryoku", "gas", "suido", "mobile", "songai"} {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		w.must(err)
		w.shops = append(w.shops, &shop{id: id, keys: key, boxes: map[string]string{}, cases: map[string]partner.Receipt{}, changes: map[string]int{}})
	}
	w.open()
	return w
}

// open opens the portal over the town's file, as after a restart.
func (w *town) open() {
	w.t.Helper()
	store, err := db.Open(w.file)
	w.must(err)
	cfg := w.Config(origin)
	cfg.WantPaired = true
	verifier, err := rp.NewVerifier(cfg)
	w.must(err)
	links, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: cfg.AuthorityURL, Key: cfg.Key})
	w.must(err)
	vault, err := postbox.NewVault(make([]byte, postbox.KeySize))
	w.must(err)
	var partners []portal.Partner
	for _, s := range w.shops {
		one := portal.Partner{ID: s.id, Name: s.id, Line: s, ByCard: s.byCard}
		if s.id == "gas" {
			one.Question = &portal.Question{ID: "opening"}
		}
		partners = append(partners, one)
	}
	p, err := portal.New(w.t.Context(), portal.Config{
		Verifier: verifier, Linkage: links, Store: store, Vault: vault, Partners: partners, Now: w.Clock.Now, URL: origin,
		Step:   func(s string) error { return w.step(s) },
		Mailer: func(_ context.Context, m portal.Mail) error { w.mails = append(w.mails, m); return nil },
	})
	w.must(err)
	w.Portal = p
	w.t.Cleanup(func() { w.must(errors.Join(p.Close(), store.Close())) })
}

func (w *town) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) is(err, want error) {
	w.t.Helper()
	if !errors.Is(err, want) {
		w.t.Fatalf("%v, want %v", err, want)
	}
}

// arrives signs somebody in.
func (w *town) arrives(person string) portal.Present {
	w.t.Helper()
	challenge, err := w.Challenge(w.t.Context())
	w.must(err)
	in, err := w.SignIn(w.t.Context(), w.Card(person).Authenticate(origin, challenge.Nonce), challenge.Nonce)
	w.must(err)
	return in
}

// enrols enrols somebody and connects partners.
func (w *town) enrols(person string, partners ...string) portal.Citizen {
	w.t.Helper()
	e, err := w.DraftEnrolment(person + "@example.jp")
	w.must(err)
	c, err := w.Enrol(w.t.Context(), w.Card(person).Serial(jpki.UserAuthentication), e, w.Card(person).Sign([]byte(e.Document.Content)))
	w.must(err)
	for _, id := range partners {
		w.must(w.Connect(w.t.Context(), c.ID, id, "100"))
	}
	return c
}

// everybody is all partners.
func (w *town) everybody() (ids []string) {
	for _, s := range w.shops {
		ids = append(ids, s.id)
	}
	return ids
}

// applies signs one application for partners.
func (w *town) applies(person string, c portal.Citizen, partners ...string) portal.Application {
	w.t.Helper()
	d, err := w.Draft(w.t.Context(), c.ID, portal.Wish{ChangedOn: "2026-03-25", Partners: partners, Answers: map[string]string{"gas": "4月8日"}})
	w.must(err)
	a, err := w.Apply(w.t.Context(), c.ID, d, w.Card(person).Sign([]byte(d.Document.Content)))
	w.must(err)
	return a
}

// states gives how an application stands, by partner.
func (w *town) states(a portal.Application) map[string]partner.State {
	w.t.Helper()
	_, all, err := w.Application(w.t.Context(), a.Citizen, a.ID)
	w.must(err)
	states := map[string]partner.State{}
	for _, d := range all {
		states[d.Partner] = d.State
	}
	return states
}

// titles gives the titles in a box, the newest first.
func (w *town) titles(c portal.Citizen) (titles []string) {
	w.t.Helper()
	all, err := w.Letters(w.t.Context(), c.ID, 0, 1000)
	w.must(err)
	for _, l := range all {
		titles = append(titles, l.Content.Notice.Title)
	}
	return titles
}
