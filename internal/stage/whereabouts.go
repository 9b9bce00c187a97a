package stage

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/whereabouts"
	"example.jp/jpkimock/seed"
)

// Whereabouts is what the organisations of the town hold about a person now.
type Whereabouts struct {
	Person string `json:"person"` // by ID
	Name   string `json:"name"`
	Romaji string `json:"romaji"`
	Houses []Told `json:"houses"`
}

// Told is what a house answered for its organisations.
type Told struct {
	House         string                     `json:"house"`
	Title         ui.Text                    `json:"-"`
	Organisations []whereabouts.Organisation `json:"organisations"`
	// Silent says that the house gave no answer, so that nobody knows what it holds.
	Silent bool `json:"silent,omitempty"`
}

// reticent are the houses that are asked nothing: they show the town.
var reticent = []string{"lobby"}

// Whereabouts asks every house what it holds about a person. ErrNoPerson; ErrNoTownKey where another
// key than the published one opens the houses, or the counter, which says by what others know a person.
func (s *Stage) Whereabouts(ctx context.Context, id string) (Whereabouts, error) {
	p, err := s.persona(id)
	if err != nil {
		return Whereabouts{}, err
	}
	if !s.KnowsPeople() || s.cfg.Keys[whereabouts.KeyName] == "" {
		return Whereabouts{}, ErrNoTownKey
	}
	e, err := s.entry(ctx, p)
	if err != nil {
		return Whereabouts{}, err
	}
	all := Whereabouts{Person: id, Name: e.Resident.BasicFour.CommonName, Romaji: p.Romaji}
	for _, h := range s.cfg.Houses {
		if h.Peer != "" && !slices.Contains(reticent, h.Name) {
			all.Houses = append(all.Houses, Told{House: h.Name, Title: h.Title})
		}
	}
	who := asked(p, e)
	var asking sync.WaitGroup
	for i := range all.Houses {
		asking.Go(func() { s.hear(ctx, who, &all.Houses[i]) })
	}
	asking.Wait()
	four := e.Resident.BasicFour
	all.compare(whereabouts.Name, four.CommonName)
	all.compare(whereabouts.Address, four.Address)
	return all, nil
}

// register is the organisation whose word on names and addresses counts.
const register = "municipality"

// compare marks what the register has otherwise by now. It has a text in two forms where a
// certificate cannot have its characters: its own, and the certified one.
func (w *Whereabouts) compare(kind whereabouts.Kind, certified string) {
	right := []string{certified}
	each := func(do func(o whereabouts.Organisation, i *whereabouts.Item)) {
		for _, h := range w.Houses {
			for _, o := range h.Organisations {
				for i := range o.Holds {
					if o.Holds[i].Kind == kind {
						do(o, &o.Holds[i])
					}
				}
			}
		}
	}
	each(func(o whereabouts.Organisation, i *whereabouts.Item) {
		if o.ID == register {
			right = append(right, i.Value)
		}
	})
	each(func(_ whereabouts.Organisation, i *whereabouts.Item) { i.Outdated = !slices.Contains(right, i.Value) })
}

// hear asks one house.
func (s *Stage) hear(ctx context.Context, who whereabouts.Person, to *Told) {
	var said struct{ Organisations []whereabouts.Organisation }
	err := s.ask(ctx, to.House, whereabouts.KeyName, http.MethodPost, whereabouts.Path, who, &said)
	to.Organisations, to.Silent = said.Organisations, err != nil
	if to.Organisations == nil {
		to.Organisations = []whereabouts.Organisation{}
	}
}

// asked gives all by which somebody may know a person.
func asked(p seed.Persona, e entry) whereabouts.Person {
	four := e.Resident.BasicFour
	who := whereabouts.Person{Resident: p.ID, Card: p.CardID(), Names: []string{}, Born: four.DateOfBirth, Serials: []jpki.SerialNumber{}}
	for _, name := range []string{four.CommonName, p.Name, p.CertificateName} {
		if name != "" && !slices.Contains(who.Names, name) {
			who.Names = append(who.Names, name)
		}
	}
	for _, c := range e.Certificates {
		who.Serials = append(who.Serials, c.Serial)
	}
	return who
}
