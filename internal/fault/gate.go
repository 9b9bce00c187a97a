package fault

import (
	"encoding/json"
	"fmt"
	"log/slog"
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
	// After stands for time.After in tests.
	After func(time.Duration) <-chan time.Time
}

// gate stands before a house.
type gate struct {
	cfg    Config
	house  http.Handler
	manage http.Handler
	mu     sync.Mutex
	active atomic.Pointer[[]Fault] // those that are on; never nil, never changed
}

// Before returns a house that can fail. All its faults are off at first. It
// answers /faults in the house's place, if the house has faults.
func Before(house http.Handler, cfg Config) http.Handler {
	if len(cfg.Faults) == 0 {
		return house
	}
	if cfg.After == nil {
		cfg.After = time.After
	}
	g := &gate{cfg: cfg, house: house}
	g.active.Store(&[]Fault{})
	desk := door.New(door.Config{House: cfg.House, Hosts: cfg.Hosts, Log: cfg.Log})
	desk.GET("/faults", g.state)
	desk.PUT("/faults", g.change, door.ScriptsOnly())
	g.manage = desk
	return g
}

// ServeHTTP fails as asked, or lets the house answer.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/faults" {
		g.manage.ServeHTTP(w, r)
		return
	}
	for _, f := range *g.active.Load() {
		if f.covers(r.URL.Path) && !g.fail(f, w, r) {
			return
		}
	}
	g.house.ServeHTTP(w, r)
}

// covers reports whether a path fails while the fault is on.
func (f Fault) covers(path string) bool {
	if len(f.Routes) == 0 {
		return path != "/clock" && path != "/healthz"
	}
	return slices.ContainsFunc(f.Routes, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

// fail does what a fault does, and reports whether the request goes on.
func (g *gate) fail(f Fault, w http.ResponseWriter, r *http.Request) (goesOn bool) {
	switch {
	case f.silent:
		panic(http.ErrAbortHandler) // net/http closes the connection
	case f.unheard:
		g.house.ServeHTTP(nowhere{http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case f.status != 0:
		w.Header().Set("Content-Type", "application/problem+json")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(f.status)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"type": "about:blank", "title": http.StatusText(f.status), "status": f.status,
			"code": "fault", "detail": fmt.Sprintf("the fault %q of house %s is on", f.Name, g.cfg.House),
		})
		return false
	}
	select {
	case <-r.Context().Done():
		return false
	case <-g.cfg.After(f.delay):
		return true
	}
}

// nowhere takes an answer that nobody hears.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n nowhere) WriteHeader(int)             {}

// state says of each fault whether it is on.
func (g *gate) state(c echo.Context) error {
	on := map[string]bool{}
	for _, f := range g.cfg.Faults {
		on[f.Name] = g.isOn(f.Name)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, on)
}

func (g *gate) isOn(name string) bool {
	return slices.ContainsFunc(*g.active.Load(), func(f Fault) bool { return f.Name == name })
}

// change switches the faults that the request names, all of them or none.
func (g *gate) change(c echo.Context) error {
	var wanted map[string]*bool
	d := json.NewDecoder(c.Request().Body)
	if err := d.Decode(&wanted); err != nil || len(wanted) == 0 || d.More() {
		return g.refuse()
	}
	for name, on := range wanted {
		if on == nil || !slices.ContainsFunc(g.cfg.Faults, func(f Fault) bool { return f.Name == name }) {
			return g.refuse()
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	active := []Fault{}
	for _, f := range g.cfg.Faults {
		on := g.isOn(f.Name)
		if to := wanted[f.Name]; to != nil {
			on = *to
		}
		if on {
			active = append(active, f)
		}
	}
	g.active.Store(&active)
	g.cfg.Board.say(g.cfg.House, g.cfg.Title, active)
	return g.state(c)
}

func (g *gate) refuse() error {
	var names []string
	for _, f := range g.cfg.Faults {
		names = append(names, f.Name)
	}
	return door.Problem{
		Status: http.StatusBadRequest, Code: "malformed",
		Detail: fmt.Sprintf(`want a JSON object such as {%q:true} that names only faults of this house: %s`, names[0], strings.Join(names, ", ")),
	}
}
