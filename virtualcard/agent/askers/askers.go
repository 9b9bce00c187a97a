// Package askers says who operates a site that asks for something of a card: what the authority's
// register of verifiers says about its origin.
package askers

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"example.jp/jpkimock/internal/peer"
)

// Site is a site that the software knows: the origin of its pages, and what the
// authority's register of verifiers calls its operator.
type Site struct {
	Origin   string
	Verifier string // the identifier in the register
	NameEN   string // for English pages; the register has Japanese names
}

// registerLife is how long what the register said is believed, on the simulated
// clock.
const registerLife = time.Minute

// registerRetry is when a register that did not answer is asked again.
const registerRetry = 5 * time.Second

// maxRegister bounds the answer of the register, in octets.
const maxRegister = 1 << 20

// Open returns the register at an authority's address for this server, which may be empty, for the
// sites that it is asked about.
func Open(address string, client *http.Client, now func() time.Time, sites []Site) *Register {
	return &Register{address: address, client: client, now: now, sites: sites}
}

// Register asks the authority's public register of verifiers who operates a site.
type Register struct {
	address string // of the authority, for this server; empty for no register
	client  *http.Client
	now     func() time.Time
	sites   []Site

	mu   sync.Mutex
	read time.Time // when it last answered
	list map[string]entry
}

// entry is a verifier in the register.
type entry struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	State string `json:"state"` // "accredited", "suspended" or "withdrawn"
}

// Asker is who asks for something of the card.
type Asker struct {
	Origin       string
	Name, NameEN string // empty for a site whose operator is not known
	// Registered: the operator is an accredited verifier today. Otherwise Name is
	// that of one whose accreditation is suspended or withdrawn.
	Registered bool
}

// Asker returns what the register says about the site of an origin, or said last.
func (r *Register) Asker(ctx context.Context, origin string) Asker {
	for _, s := range r.sites {
		if s.Origin == origin {
			return r.of(ctx, s)
		}
	}
	return Asker{Origin: origin}
}

// Accredited returns the known sites of accredited verifiers.
func (r *Register) Accredited(ctx context.Context) []Asker {
	var all []Asker
	for _, s := range r.sites {
		if a := r.of(ctx, s); a.Registered {
			all = append(all, a)
		}
	}
	return all
}

func (r *Register) of(ctx context.Context, s Site) Asker {
	e := r.entries(ctx)[s.Verifier]
	a := Asker{Origin: s.Origin, Name: e.Name, Registered: e.State == "accredited"}
	if a.Name != "" {
		a.NameEN = s.NameEN
	}
	return a
}

func (r *Register) entries(ctx context.Context) map[string]entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := r.now().Sub(r.read); r.list != nil && age >= 0 && age < registerLife || r.address == "" {
		return r.list
	}
	list, err := r.ask(ctx)
	r.read = r.now()
	if err != nil {
		list, r.read = r.list, r.read.Add(registerRetry-registerLife)
	}
	if list == nil {
		list = map[string]entry{}
	}
	r.list = list
	return list
}

func (r *Register) ask(ctx context.Context) (map[string]entry, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var body struct {
		Verifiers []entry `json:"verifiers"`
	}
	agency := peer.Peer{URL: r.address, HTTP: r.client, MaxAnswer: maxRegister}
	if err := agency.Get(ctx, "/register/v1/verifiers", &body); err != nil {
		return nil, fmt.Errorf("askers: the register of verifiers: %w", err)
	}
	list := map[string]entry{}
	for _, e := range body.Verifiers {
		list[e.ID] = e
	}
	return list, nil
}
