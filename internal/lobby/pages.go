package lobby

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/play"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// view is what the lobby's templates are given.
type view struct {
	Doors    []Door
	Desks    []Desk
	URLs     map[string]string // of the houses, by name
	Personas []seed.Persona
	Towns    map[string]seed.Municipality // by code
	First    *seed.Persona
	Viewer   *seed.Persona // somebody who has enrolled at a television
	Now      time.Time
	Offset   ui.Text     // in words
	Key      string      // of a verifier, if a published one opens anything
	Sweeps   []sweepLine // in the clock room: what runs now
	Deeds    []deedLine  // and what the houses did since the clock was moved
	Frozen   bool        // the clock stands still
	Kept     []stage.Snapshot
	Keeps    bool // the town can be saved and put back
	Done     string
	Houses   []faultyHouse
	Failing  bool          // any of them
	Asking   []stage.House // to whose requests a fault can be kept
	People   []stage.Person
	Person   stage.Person
	Events   []eventCard // none without the counter's key
	Outcome  *stage.Outcome
	Happened ui.Text        // the event of the outcome, in words
	Then     ui.Text        // what follows from it
	Moved    bool           // the clock was just moved
	Followed []stage.Change // by that, for people's certificates
	Stories  []play.Story
	Story    storyPage
	Handout  handoutPage
}

func (l *lobby) view() view {
	v := view{
		Doors: l.cfg.Doors, Desks: l.cfg.Desks, URLs: map[string]string{},
		Personas: l.cfg.World.Personas, Towns: map[string]seed.Municipality{},
		Key: l.cfg.VerifierKey, Now: l.cfg.Now(), Offset: offsetWords(l.cfg.Offset()),
	}
	for _, d := range l.cfg.Doors {
		v.URLs[d.House] = d.URL
	}
	for _, m := range l.cfg.World.Municipalities {
		v.Towns[m.Code] = m
	}
	if len(v.Personas) > 0 {
		v.First = &v.Personas[0]
	}
	if v.URLs["catv"] != "" {
		v.Viewer = l.cfg.World.Viewer()
	}
	return v
}

// persona gives somebody of the world; nobody for a name that there is not.
func (l *lobby) persona(id string) (p seed.Persona) {
	for _, one := range l.cfg.World.Personas {
		if one.ID == id {
			return one
		}
	}
	return p
}

// shows returns the handler of a page that only shows the town.
func (l *lobby) shows(name string, title ui.Text) echo.HandlerFunc {
	return func(c echo.Context) error { return l.pages.Render(c, http.StatusOK, name, title, l.view()) }
}

// clockRoom shows the time, what still runs because it was moved, and what the town can be
// put back to.
func (l *lobby) clockRoom(c echo.Context) error {
	v := l.view()
	after, unknown := l.followed.Look(c.QueryParam("after"))
	v.Sweeps, v.Deeds, v.Frozen = l.sweeping(c.Request().Context(), after.marks)
	kept, err := l.cfg.Stage.Snapshots()
	v.Kept, v.Keeps, v.Done = kept, err == nil, c.QueryParam("done")
	if unknown == nil {
		v.Moved, v.Followed = after.followed != nil, after.followed
	}
	return l.pages.Render(c, http.StatusOK, "clock", titleClock, v)
}

// faults shows of each fault of each house whether it is on.
func (l *lobby) faults(c echo.Context) error {
	v := l.view()
	v.Houses, v.Failing = l.faultyHouses(c)
	v.Asking = l.asking()
	return l.pages.Render(c, http.StatusOK, "faults", titleFaults, v)
}

// world returns what the ready file holds, for scripts that start after it.
func (l *lobby) world(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSONPretty(http.StatusOK, l.cfg.Ready, "  ")
}
