package stage

import (
	"context"

	"example.jp/jpkimock/internal/ready"
)

// Describe adds to the people of a ready file what the houses say of them now; nothing where
// they do not answer.
func (s *Stage) Describe(ctx context.Context, town *ready.Town) {
	if !s.KnowsPeople() {
		return
	}
	people, err := s.People(ctx)
	if err != nil {
		return
	}
	for i := range town.Personas {
		for _, p := range people {
			if p.ID != town.Personas[i].ID {
				continue
			}
			town.Personas[i].Account = p.Account
			for _, c := range p.Certificates {
				town.Personas[i].Certificates = append(town.Personas[i].Certificates, ready.Certificate{Kind: c.Kind, Serial: c.Serial, State: c.State, NotAfter: c.NotAfter})
			}
		}
	}
}
