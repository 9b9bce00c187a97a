package lobby

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

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
	Faults   []faultLine // in the clock room
	Sweeps   []sweepLine // in the clock room: what runs now
}

// faultLine is a fault as the clock room shows it.
type faultLine struct {
	Fault
	On bool
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

// shows returns the handler of a page that only shows the town.
func (l *lobby) shows(name string, title ui.Text) echo.HandlerFunc {
	return func(c echo.Context) error { return l.pages.Render(c, http.StatusOK, name, title, l.view()) }
}

// clockRoom shows the time and, of each fault, whether it is on. A house that
// does not answer the question has failed.
func (l *lobby) clockRoom(c echo.Context) error {
	v := l.view()
	for _, f := range l.cfg.Faults {
		var state map[string]bool
		err := l.ask(c.Request().Context(), http.MethodGet, f.URL+"/faults", nil, &state)
		v.Faults = append(v.Faults, faultLine{f, state[f.Name] || err != nil})
	}
	v.Sweeps = l.sweeping(c.Request().Context())
	return l.pages.Render(c, http.StatusOK, "clock", titleClock, v)
}

// world returns what the ready file holds, for scripts that start after it.
func (l *lobby) world(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSONPretty(http.StatusOK, l.cfg.Ready, "  ")
}
