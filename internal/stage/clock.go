package stage

import (
	"context"
	"net/http"
	"time"

	"example.jp/jpkimock/internal/peer"
)

const clockPath = "/clock"

// Clock is what the town's clock shows, and what the houses still have to do.
type Clock struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offsetSeconds"` // from the wall clock
	Frozen        bool      `json:"frozen"`        // it stands still
	// Sweeps are what runs now, because the clock was moved: one a process. None: settled.
	Sweeps []Sweep `json:"sweeps"`
	// Followed is what a move changed for people's certificates; nil where nobody says.
	Followed []Change `json:"followed,omitzero"`
}

// Sweep is what a house does by itself, the Place-th of Of.
type Sweep struct {
	House string `json:"house"`
	Name  string `json:"name"`
	Place int    `json:"place"`
	Of    int    `json:"of"`
	// ItemsDone of Items, as customers, are done; 0 where the house does not say.
	ItemsDone int `json:"itemsDone,omitempty"`
	Items     int `json:"items,omitempty"`
}

// Move is a move of the clock, as PUT /clock of the authority takes it.
type Move struct {
	OffsetSeconds  *float64   `json:"offsetSeconds,omitempty"`
	Now            *time.Time `json:"now,omitempty"`
	AdvanceSeconds *float64   `json:"advanceSeconds,omitempty"`
	Advance        *Calendar  `json:"advance,omitempty"`
	Frozen         *bool      `json:"frozen,omitempty"`
	// Wait is for whoever needs to see what the houses do at the new time.
	Wait bool `json:"wait,omitempty"`
}

// Calendar is a distance by the calendar of Japan.
type Calendar struct {
	Years  int `json:"years,omitempty"`
	Months int `json:"months,omitempty"`
	Days   int `json:"days,omitempty"`
}

// clockState is what GET /clock of a house says.
type clockState struct {
	Clock
	Sweeps struct {
		Settled  bool
		House    string
		Sweep    string
		Done, Of int
		Items    struct{ Done, Of int }
	} `json:"sweeps"`
}

// Clock asks each process for the time and for what it still has to do. One that does not
// answer has nothing to show.
func (s *Stage) Clock(ctx context.Context) (Clock, error) {
	var first clockState
	if err := s.ask(ctx, "authority", "", http.MethodGet, clockPath, nil, &first); err != nil {
		return Clock{}, err
	}
	c := first.Clock
	c.Sweeps = []Sweep{}
	for _, url := range s.cfg.Clocks {
		var one clockState
		ctx, cancel := context.WithTimeout(ctx, askTime)
		p := peer.Peer{URL: url, HTTP: s.client, MaxAnswer: maxAnswer}
		err := p.Get(ctx, clockPath, &one)
		cancel()
		if w := one.Sweeps; err == nil && !w.Settled {
			c.Sweeps = append(c.Sweeps, Sweep{w.House, w.Sweep, w.Done + 1, w.Of, w.Items.Done, w.Items.Of})
		}
	}
	return c, nil
}

// MoveClock moves the one clock, which the authority owns, and says what followed for
// people's certificates.
func (s *Stage) MoveClock(ctx context.Context, m Move) (Clock, error) {
	followed, err := s.follow(ctx, func(ctx context.Context) error {
		return s.ask(ctx, "authority", "", http.MethodPut, clockPath, m, nil)
	})
	if err != nil {
		return Clock{}, err
	}
	c, err := s.Clock(ctx)
	c.Followed = followed
	return c, err
}
