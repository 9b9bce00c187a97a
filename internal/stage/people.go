package stage

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/seed"
)

// Person is somebody of the town as they are now.
type Person struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Romaji  string `json:"romaji"`
	Address string `json:"address"`
	// Standing is that of the register: "dead", "left", …; empty for a resident.
	Standing string `json:"standing,omitempty"`
	// PIN and Password are published: no real person has them.
	PIN          string        `json:"authenticationPIN"`
	Password     string        `json:"signaturePIN,omitempty"`
	Card         PersonCard    `json:"card"`
	Certificates []Certificate `json:"certificates"` // the newest of each kind
	// Account is the number of the account at the bank, and Portrait names the drawing of the
	// face on the card, as the houses say now; empty for none, or where a house does not say.
	Account  string `json:"account,omitempty"`
	Portrait string `json:"portrait,omitempty"`

	Persona seed.Persona `json:"-"`
	Town    string       `json:"municipality"`
	entry   entry
}

// PersonCard is a card as the card house holds it.
type PersonCard struct {
	ID       string `json:"id"`
	Dead     bool   `json:"dead"`
	Tampered bool   `json:"tampered"` // somebody tried to read a key by force
	// Reader is where it lies; empty for nowhere.
	Reader    string            `json:"reader,omitempty"`
	TriesLeft map[jpki.Kind]int `json:"triesLeft"`
}

// Certificate is a certificate as the authority holds it.
type Certificate struct {
	Kind     jpki.Kind         `json:"kind"`
	Serial   jpki.SerialNumber `json:"serial"`
	Card     string            `json:"card"`
	State    string            `json:"state"` // good, suspended, revoked
	Reason   string            `json:"reason,omitempty"`
	Since    time.Time         `json:"since"`
	NotAfter time.Time         `json:"notAfter"`
	// Expired says that its validity is over, whatever its state.
	Expired bool `json:"expired"`
}

// People lists everybody with a card, as they are now.
func (s *Stage) People(ctx context.Context) ([]Person, error) {
	all, err := s.registered(ctx)
	if err != nil {
		return nil, err
	}
	var asking sync.WaitGroup
	for i := range all {
		asking.Go(func() { s.complete(ctx, &all[i]) })
	}
	asking.Wait()
	return all, nil
}

// completeTime is how long the bank and the card house may take to say so.
const completeTime = 2 * time.Second

// complete asks the bank and the card house what else is shown of a person.
func (s *Stage) complete(ctx context.Context, p *Person) {
	if s.cfg.Keys[whereabouts.KeyName] == "" || !s.KnowsPeople() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, completeTime)
	defer cancel()
	var asking sync.WaitGroup
	defer asking.Wait()
	for house, to := range map[string]struct {
		kind whereabouts.Kind
		at   *string
	}{"bank": {whereabouts.Account, &p.Account}, "card": {whereabouts.Portrait, &p.Portrait}} {
		who := asked(p.Persona, p.entry)
		asking.Go(func() {
			told := Told{House: house}
			s.hear(ctx, who, &told)
			for _, o := range told.Organisations {
				*to.at = cmp.Or(*to.at, o.Value(to.kind))
			}
		})
	}
}

// registered lists everybody as the register and the card house know them.
func (s *Stage) registered(ctx context.Context) ([]Person, error) {
	lies, err := s.readers(ctx)
	if err != nil {
		return nil, err
	}
	all, errs := make([]Person, len(s.cfg.World.Personas)), make([]error, len(s.cfg.World.Personas))
	var asking sync.WaitGroup
	for i, p := range s.cfg.World.Personas {
		asking.Go(func() { all[i], errs[i] = s.person(ctx, p, lies) })
	}
	asking.Wait()
	return all, errors.Join(errs...)
}

// KnowsPeople reports whether the stage has the counter's key: without it, it knows of people
// what the world says, and nothing of their certificates.
func (s *Stage) KnowsPeople() bool { return s.cfg.Keys["OFFICER"] != "" }

// Person gives one of them, or ErrNoPerson.
func (s *Stage) Person(ctx context.Context, id string) (Person, error) {
	p, err := s.persona(id)
	if err != nil {
		return Person{}, err
	}
	lies, err := s.readers(ctx)
	if err != nil {
		return Person{}, err
	}
	one, err := s.person(ctx, p, lies)
	if err == nil {
		s.complete(ctx, &one)
	}
	return one, err
}

func (s *Stage) persona(id string) (seed.Persona, error) {
	i := slices.IndexFunc(s.cfg.World.Personas, func(p seed.Persona) bool { return p.ID == id })
	if i < 0 {
		return seed.Persona{}, ErrNoPerson
	}
	return s.cfg.World.Personas[i], nil
}

// readers gives the reader in which each card lies.
func (s *Stage) readers(ctx context.Context) (map[string]string, error) {
	var all struct {
		Readers []struct{ Name, Card string }
	}
	err := s.ask(ctx, "card", "", http.MethodGet, "/v1/readers", nil, &all)
	lies := map[string]string{}
	for _, r := range all.Readers {
		if r.Card != "" {
			lies[r.Card] = r.Name
		}
	}
	return lies, err
}

// entry is what the counter knows of a resident.
type entry struct {
	Resident struct {
		BasicFour struct {
			CommonName, Address string
			DateOfBirth         jpki.DateOfBirth
		}
		Municipality struct{ Code, City string }
		Standing     string
	}
	Certificates []Certificate
}

// entry asks the counter about somebody, if the stage has its key.
func (s *Stage) entry(ctx context.Context, p seed.Persona) (e entry, err error) {
	if !s.KnowsPeople() {
		e.Resident.BasicFour.CommonName, e.Resident.BasicFour.Address, e.Resident.Municipality.Code = p.Name, p.Address, p.Municipality
		return e, nil
	}
	return e, s.ask(ctx, "authority", "OFFICER", http.MethodGet, "/counter/v1/residents/"+p.ID, nil, &e)
}

func (s *Stage) person(ctx context.Context, p seed.Persona, lies map[string]string) (Person, error) {
	e, err := s.entry(ctx, p)
	if err != nil {
		return Person{}, err
	}
	one := Person{
		ID: p.ID, Name: e.Resident.BasicFour.CommonName, Romaji: p.Romaji, Address: e.Resident.BasicFour.Address,
		Standing: e.Resident.Standing, Town: e.Resident.Municipality.Code,
		PIN: p.Card.AuthenticationPIN, Password: p.Card.SignaturePIN, Persona: p, entry: e, Certificates: []Certificate{},
	}
	if err := s.ask(ctx, "card", "", http.MethodGet, "/v1/cards/"+p.CardID(), nil, &one.Card); err != nil {
		return Person{}, err
	}
	one.Card.ID, one.Card.Reader = p.CardID(), lies[p.CardID()]
	now := s.cfg.Now()
	for _, c := range e.Certificates {
		c.Expired = now.After(c.NotAfter)
		at := slices.IndexFunc(one.Certificates, func(o Certificate) bool { return o.Kind == c.Kind })
		switch {
		case at < 0:
			one.Certificates = append(one.Certificates, c)
		default: // the authority lists the oldest first
			one.Certificates[at] = c
		}
	}
	return one, nil
}

// Lay lays a person's card in a reader, away from where it lay; no reader takes it away.
func (s *Stage) Lay(ctx context.Context, id, reader string) error {
	p, err := s.persona(id)
	if err != nil {
		return err
	}
	card := p.CardID()
	if reader == "" {
		lies, err := s.readers(ctx)
		if err != nil || lies[card] == "" {
			return err
		}
		reader, card = lies[card], ""
	}
	return s.ask(ctx, "card", "", http.MethodPut, "/v1/readers/"+reader, map[string]string{"card": card}, nil)
}
