// Package web is what the pages of the cable operator's rooms share: how a room
// shows a page and says no, the plain words for what the card and its certificate
// are refused for, how a residency stands, and what was measured. The rooms are
// catv/web (the set), catv/residency/web (at a computer) and catv/desks/web
// (staff).
package web

import (
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

//go:embed all:templates
var files embed.FS

// Partials are the templates that the pages of every room may use.
func Partials() fs.FS {
	shared, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err) // only for a path that is not one
	}
	return shared
}

// Site is what the layout says of the house. Its navigation is for computers; a
// set does not show it.
func Site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{House: "catv", Lobby: lobby, Now: now, Name: siteName, Tagline: siteTagline, Nav: siteNav}
}

// Refusal is a line of a room's table. Its ways out are links, the first of which
// is the one to take.
type Refusal = rpweb.Refusal[ui.Link]

// Table is everything that a room refuses.
type Table = rpweb.Table[ui.Link]

// Words find what a room says of an error.
type Words func(error) (Refusal, bool)

// Room shows the pages of a room.
type Room struct {
	Words
	pages *ui.Pages
}

// New opens a room with its templates.
func New(site ui.Site, templates func() (ui.Templates, error), words Words) (*Room, error) {
	parsed, err := templates()
	if err != nil {
		return nil, err
	}
	pages, err := parsed.Pages(site)
	return Of(pages, words), err
}

// Of gives the room of pages that are open.
func Of(pages *ui.Pages, words Words) *Room { return &Room{Words: words, pages: pages} }

// Under gives the same room under another name.
func (r *Room) Under(site ui.Site) *Room { return Of(r.pages.Under(site), r.Words) }

// Pages are the room's pages.
func (r *Room) Pages() *ui.Pages { return r.pages }

// Show draws a page.
func (r *Room) Show(c echo.Context, name string, title ui.Text, data any) error {
	return r.pages.Render(c, http.StatusOK, name, title, data)
}

// ShowAs draws a page with another status than 200.
func (r *Room) ShowAs(c echo.Context, status int, name string, title ui.Text, data any) error {
	return r.pages.Render(c, status, name, title, data)
}

// Page is a page that says the same to everybody.
func (r *Room) Page(name string, title ui.Text) echo.HandlerFunc {
	return func(c echo.Context) error { return r.Show(c, name, title, nil) }
}

// Door says how the room says no.
func (r *Room) Door() door.Room {
	return door.Room{Pages: r.pages, Explain: r.Explain, Describe: r.Describe}
}

// Explain gives an error's page: what happened, why, what to do.
func (w Words) Explain(err error) (ui.Refusal, bool) { return w.inFull().Explain(err) }

// Describe gives an error's problem for programs.
func (w Words) Describe(err error) (door.Problem, bool) { return w.inFull().Describe(err) }

func (w Words) inFull() rpweb.Words { return rpweb.Words{Match: w, Fill: blanks} }

// Private keeps the answers of some routes out of every cache.
func Private(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}
