package stage

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/ui"
)

const clockPath = "/clock"

// Clock is what the town's clock shows, and what the houses still have to do.
type Clock struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offsetSeconds"` // from the wall clock
	Frozen        bool      `json:"frozen"`        // it stands still
	// Sweeps are what runs now, because the clock was moved: one a process. None: settled.
	Sweeps []Sweep `json:"sweeps"`
	// Did is what the houses' sweeps did since a move, summed up; marks tells when that was.
	Did   []Deed `json:"did,omitempty"`
	marks Marks
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

// Deed is something that the sweeps of a house did, N times; JA and EN say it with the number.
type Deed struct {
	House string `json:"house"`
	N     int    `json:"n"`
	JA    string `json:"ja"`
	EN    string `json:"en"`
}

// Marks are how much each process had told of its sweeps at a time, by its URL.
type Marks map[string]int

// Marks says from when on Since is to tell.
func (c Clock) Marks() Marks { return c.marks }

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
		Deeds    []told
	} `json:"sweeps"`
}

// told is a deed as a house tells it: "{n}" stands for the number.
type told struct {
	No int
	Deed
}

// heard is a deed that was told already: where houses share a process, each tells of all.
type heard struct {
	house string
	no    int
}

// add sums up what a process did.
func (c *Clock) add(all []told, after int, known map[heard]bool) {
	for _, t := range all {
		if t.No <= after || known[heard{t.House, t.No}] {
			continue
		}
		known[heard{t.House, t.No}] = true
		i := slices.IndexFunc(c.Did, func(d Deed) bool { return d.House == t.House && d.JA == t.JA })
		if i < 0 {
			c.Did = append(c.Did, t.Deed)
		} else {
			c.Did[i].N += t.N
		}
	}
}

// followTime is how far the clocks of two processes that follow one another may be apart.
const followTime = 3 * time.Second

// Following is the name of the sweep that stands for a process which has not followed yet.
const Following = "clock"

// Clock asks each process for the time and for what it still has to do. One that does not
// answer has nothing to show.
func (s *Stage) Clock(ctx context.Context) (Clock, error) { return s.Since(ctx, nil) }

// Since is Clock with what the houses' sweeps did since the marks were made; nil for nothing.
func (s *Stage) Since(ctx context.Context, marks Marks) (Clock, error) {
	var first clockState
	if err := s.ask(ctx, "authority", "", http.MethodGet, clockPath, nil, &first); err != nil {
		return Clock{}, err
	}
	c := first.Clock
	c.Sweeps, c.Did, c.marks = []Sweep{}, nil, Marks{}
	known := map[heard]bool{}
	for _, url := range s.cfg.Clocks {
		var one clockState
		ctx, cancel := context.WithTimeout(ctx, askTime)
		p := peer.Peer{URL: url, HTTP: s.client, MaxAnswer: maxAnswer}
		err := p.Get(ctx, clockPath, &one)
		cancel()
		if err != nil {
			continue
		}
		w := one.Sweeps
		switch {
		case one.Now.Sub(c.Now).Abs() > followTime:
			c.Sweeps = append(c.Sweeps, Sweep{House: s.houseAt(url), Name: Following, Place: 1, Of: 1})
		case !w.Settled:
			c.Sweeps = append(c.Sweeps, Sweep{w.House, w.Sweep, w.Done + 1, w.Of, w.Items.Done, w.Items.Of})
		}
		if n := len(w.Deeds); n > 0 {
			c.marks[url] = w.Deeds[n-1].No
		}
		if marks != nil {
			c.add(w.Deeds, marks[url], known)
		}
	}
	for i, d := range c.Did {
		n := ui.Thousands(strconv.Itoa(d.N))
		c.Did[i].JA, c.Did[i].EN = strings.ReplaceAll(d.JA, "{n}", n), strings.ReplaceAll(d.EN, "{n}", n)
	}
	return c, nil
}

// MoveClock moves the one clock, which the authority owns, and says what followed for
// people's certificates.
func (s *Stage) MoveClock(ctx context.Context, m Move) (Clock, error) {
	before, err := s.Clock(ctx)
	if err != nil {
		return Clock{}, err
	}
	followed, err := s.follow(ctx, func(ctx context.Context) error {
		return s.ask(ctx, "authority", "", http.MethodPut, clockPath, m, nil)
	})
	if err != nil {
		return Clock{}, err
	}
	c, err := s.Since(ctx, before.marks)
	c.Followed, c.marks = followed, before.marks
	return c, err
}

// houseAt names the house of a process.
func (s *Stage) houseAt(url string) string {
	for _, h := range s.cfg.Houses {
		if h.Peer == url {
			return h.Name
		}
	}
	return ""
}
