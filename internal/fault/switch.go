package fault

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// Config says which house can fail, and how.
type Config struct {
	House  string
	Faults []Fault
	Hosts  []string // as door.Config.Hosts
	Log    *slog.Logger
	// Title is the house in words, and Board where it says that it fails; nil for nowhere.
	Title ui.Text
	Board *Board
	// Now is the clock, for a page that says what fails; nil where there are no pages.
	Now func() time.Time
	// After stands for time.After in tests.
	After func(time.Duration) <-chan time.Time
}

// Parties are those to whom a house can keep its faults: who asks it, and about whom.
type Parties struct {
	// Callers names everybody who may ask, and Of who sends a request, by each of their
	// names; nil for a house that does not know.
	Callers func() []string
	Of      func(*http.Request) []string
	// People are the town's, by name, and Resident reports whether the house knows somebody
	// besides; nil for nobody.
	People   []string
	Resident func(person string) bool
}

// Switch switches the faults of a house. All are off at first. Its methods may be called
// from any goroutine.
type Switch struct {
	cfg    Config
	mu     sync.Mutex
	active atomic.Pointer[[]*live] // those that are on; never nil, never changed
	knows  Parties
}

// live is a fault that is on.
type live struct {
	Fault
	mu      sync.Mutex // guards the rest
	setting Setting
	draws   *rand.Rand
}

// NewSwitch returns the switch of a house's faults.
func NewSwitch(cfg Config) *Switch {
	if cfg.After == nil {
		cfg.After = time.After
	}
	s := &Switch{cfg: cfg}
	s.active.Store(&[]*live{})
	if cfg.Board != nil {
		cfg.Board.Announce(cfg.House, cfg.Title, cfg.Faults)
		cfg.Board.say(cfg.House, nil)
	}
	return s
}

// Knows takes whom the house knows, which an open house can tell. It is called before the
// house is served.
func (s *Switch) Knows(p Parties) { s.knows = p }

// known is whom a setting may name.
func (s *Switch) known(to Setting) (k Known) {
	k.People = s.knows.People
	if s.knows.Callers != nil {
		k.Callers = s.knows.Callers()
	}
	if s.knows.Resident != nil && s.knows.Resident(to.Person) {
		k.People = append(slices.Clone(k.People), to.Person)
	}
	return k
}

// On reports whether any fault is on.
func (s *Switch) On() bool { return len(*s.active.Load()) > 0 }

// Strikes reports whether a fault that the house makes itself is on for a request, and
// counts that it was made.
func (s *Switch) Strikes(name string, c Case) bool {
	for _, l := range *s.active.Load() {
		if l.Name == name && s.strikes(l, c) {
			return true
		}
	}
	return false
}

// strikes reports whether a fault is for a request, and counts it.
func (s *Switch) strikes(l *live, c Case) bool {
	l.mu.Lock()
	hit, last := l.draw(c)
	l.mu.Unlock()
	if last {
		s.end(l)
	}
	return hit
}

// draw is called with mu held.
func (l *live) draw(c Case) (hit, last bool) {
	if l.setting.Count < 0 || !l.setting.fits(c) || l.setting.Percent > 0 && l.draws.IntN(100) >= l.setting.Percent {
		return false, false
	}
	if l.setting.Count == 0 {
		return true, false
	}
	if l.setting.Count--; l.setting.Count == 0 {
		l.setting.Count = -1 // used up
		return true, true
	}
	return true, false
}

// now returns the setting as it is.
func (l *live) now() Setting {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.setting
}

// counts reports whether it matters which requests there are.
func (l *live) counts() bool {
	s := l.now()
	return s.Count != 0 || s.Percent != 0
}

// end switches off a fault that is used up.
func (s *Switch) end(used *live) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(slices.DeleteFunc(slices.Clone(*s.active.Load()), func(l *live) bool { return l == used }))
}

// put is called with mu held.
func (s *Switch) put(active []*live) {
	s.active.Store(&active)
	s.cfg.Board.say(s.cfg.House, active)
}

// states says of each fault whether it is on.
func (s *Switch) states() map[string]State {
	on := map[string]State{}
	for _, f := range s.cfg.Faults {
		on[f.Name] = State{}
	}
	for _, l := range *s.active.Load() {
		if setting := l.now(); setting.Count >= 0 {
			on[l.Name] = State{true, setting}
		}
	}
	return on
}

// turn switches the faults that are named, all of them or none.
func (s *Switch) turn(wanted map[string]State) error {
	for name, to := range wanted {
		i := slices.IndexFunc(s.cfg.Faults, func(f Fault) bool { return f.Name == name })
		if i < 0 {
			return fmt.Errorf("there is no fault %q", name)
		}
		if err := to.Check(s.cfg.Faults[i], s.known(to.Setting)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	active := []*live{}
	for _, f := range s.cfg.Faults {
		if to, named := wanted[f.Name]; named {
			if to.On {
				active = append(active, s.begin(f, to.Setting))
			}
		} else if i := slices.IndexFunc(*s.active.Load(), func(l *live) bool { return l.Name == f.Name }); i >= 0 {
			active = append(active, (*s.active.Load())[i])
		}
	}
	s.put(active)
	return nil
}

// begin switches a fault on. What is drawn follows from its name alone, so that a failure
// can be repeated.
func (s *Switch) begin(f Fault, to Setting) *live {
	name := fnv.New64a()
	_, _ = name.Write([]byte(s.cfg.House + "/" + f.Name)) // never fails
	if d, err := time.ParseDuration(to.Delay); err == nil {
		f.Effect = Slow(d)
	}
	return &live{Fault: f, setting: to, draws: rand.New(rand.NewPCG(name.Sum64(), 0))}
}

// show answers GET /faults.
func (s *Switch) show(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, s.states())
}

// longestBody bounds what PUT /faults reads.
const longestBody = 64 << 10

// change answers PUT /faults.
func (s *Switch) change(c echo.Context) error {
	var wanted map[string]State
	d := json.NewDecoder(http.MaxBytesReader(c.Response(), c.Request().Body, longestBody))
	switch err := d.Decode(&wanted); {
	case err != nil:
		return s.refuse(err.Error())
	case len(wanted) == 0 || d.More():
		return s.refuse("not one object")
	}
	if err := s.turn(wanted); err != nil {
		return s.refuse(err.Error())
	}
	return s.show(c)
}

func (s *Switch) refuse(why string) error {
	var names []string
	for _, f := range s.cfg.Faults {
		names = append(names, f.Name)
	}
	detail := fmt.Sprintf(`want a JSON object such as {%q:true} that names only faults of this house: %s`, names[0], strings.Join(names, ", "))
	return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: why + ": " + detail}
}
