package stage

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Change is what is otherwise with somebody's certificate than it was.
type Change struct {
	Person string            `json:"person"` // by ID
	Name   string            `json:"name"`
	Romaji string            `json:"romaji"`
	Kind   jpki.Kind         `json:"kind"`
	Serial jpki.SerialNumber `json:"serial"`
	// What is "expired", "valid-again" (the clock was moved back), "issued", or the new state.
	What string `json:"what"`
}

// peopleTime is how long a move of the clock waits for how people are.
const peopleTime = 5 * time.Second

// follow does something, and says what is otherwise with people's certificates afterwards:
// nil where a house does not say in time how they are, or the counter's key is not known.
func (s *Stage) follow(ctx context.Context, do func(context.Context) error) ([]Change, error) {
	people := func() ([]Person, error) {
		ctx, cancel := context.WithTimeout(ctx, peopleTime)
		defer cancel()
		return s.registered(ctx)
	}
	if !s.KnowsPeople() {
		return nil, do(ctx)
	}
	before, unknown := people()
	if err := do(ctx); err != nil || unknown != nil {
		return nil, err
	}
	after, unknown := people()
	if unknown != nil {
		return nil, nil
	}
	return changes(before, after), nil
}

// changes compares two lists of the same people.
func changes(before, after []Person) []Change {
	all := []Change{}
	for i, p := range after {
		for _, c := range p.Certificates {
			was := slices.IndexFunc(before[i].Certificates, func(o Certificate) bool { return o.Kind == c.Kind })
			what := ""
			switch {
			case was < 0 || before[i].Certificates[was].Serial != c.Serial:
				what = "issued"
			case before[i].Certificates[was].State != c.State:
				what = c.State
			case c.State != "good": // it ended before
			case c.Expired && !before[i].Certificates[was].Expired:
				what = "expired"
			case !c.Expired && before[i].Certificates[was].Expired:
				what = "valid-again"
			}
			if what != "" {
				all = append(all, Change{p.ID, p.Name, p.Romaji, c.Kind, c.Serial, what})
			}
		}
	}
	return all
}
