package web

import (
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Assets are the style sheet and the script of all desks.
func Assets() (fs.FS, error) { return fs.Sub(files, "assets") }

// Partials are the templates that the pages of every desk may use.
func Partials() fs.FS {
	shared, err := fs.Sub(files, "templates")
	if err != nil {
		panic(err) // only for a path that is not one
	}
	return shared
}

// Config is what the desks are made of; all members are required.
type Config struct {
	Now      func() time.Time
	Officers []desk.Officer
	Staff    *door.Staff // knows the officers' key
	Site     ui.Site     // of the house
}

// Desks knows which officer is signed in.
type Desks struct {
	cfg      Config
	sittings *session.Store[sitting]
	room     *Room // of its own pages
}

// Life of an officer's session, on the simulated clock.
const (
	sessionIdle = 30 * time.Minute
	sessionAge  = 10 * time.Hour
)

// New opens the desks. An officer of the counter must be of a municipality.
func New(cfg Config) (*Desks, error) {
	for _, o := range cfg.Officers {
		if o.May(desk.RoleCounter) && o.Municipality.Code == "" {
			return nil, errors.New("authority/desk/web: officer " + o.ID + " is at the counter of no municipality")
		}
	}
	d := &Desks{cfg: cfg, sittings: session.New[sitting](session.Config{
		Cookie: "jpkimock_authority", Now: cfg.Now, Idle: sessionIdle, Age: sessionAge,
	})}
	var err error
	d.room, err = d.Room(templates, nil)
	return d, err
}

// Mount lists the addresses of the frame.
func (d *Desks) Mount(e *echo.Echo) {
	e.GET("/office", d.room.Public(d.choice))
	d.newStaff().Mount(e, d.room.Public)
}

// Officer finds an officer by ID.
func (d *Desks) Officer(id string) (desk.Officer, bool) {
	i := slices.IndexFunc(d.cfg.Officers, func(o desk.Officer) bool { return o.ID == id })
	if i < 0 {
		return desk.Officer{}, false
	}
	return d.cfg.Officers[i], true
}

// Room is the pages of some desks: their templates, and the rules that their
// acts can break.
type Room struct {
	desks  *Desks
	pages  *ui.Pages // under the bar of desks
	public *ui.Pages // for everybody, under the house's navigation
	rules  Rules
}

// Room opens the pages of some desks. A template "desk-<name>" is a page that
// Show draws, any other one that ShowPublic draws.
func (d *Desks) Room(templates func() (ui.Templates, error), rules Rules) (*Room, error) {
	parsed, err := templates()
	if err != nil {
		return nil, err
	}
	r := &Room{desks: d, rules: rules}
	if r.pages, err = parsed.Pages(d.site()); err != nil {
		return nil, err
	}
	r.public, err = parsed.Pages(d.cfg.Site)
	return r, err
}

// Handler answers an officer whose post allows the desk.
type Handler func(c echo.Context, who desk.Officer) error

// Desk lists addresses that are open to the officers of a role: "GET /path".
func (r *Room) Desk(e *echo.Echo, role desk.Role, routes map[string]Handler) {
	for route, h := range routes {
		method, path, _ := strings.Cut(route, " ")
		e.Add(method, path, r.admit(role, h))
	}
}

// deskPage is what every page of a desk is given: its own data as In.
type deskPage struct {
	Who  desk.Officer
	Name ui.Text // of the officer, with the office
	Bar  []deskLink
	In   any
}

// Show draws a page of a desk.
func (r *Room) Show(c echo.Context, status int, name string, title ui.Text, who desk.Officer, in any) error {
	page := deskPage{Who: who, Name: officerName(who), Bar: bar(c, who), In: in}
	return r.pagesOf(c).Render(c, status, "desk-"+name, title, page)
}

// ShowForm draws a page of a desk with a form: 422 if something in it is wrong.
func (r *Room) ShowForm(c echo.Context, f *Form, name string, title ui.Text, who desk.Officer, in any) error {
	return r.Show(c, f.status(), name, title, who, in)
}

// ShowPublic draws a page for everybody.
func (r *Room) ShowPublic(c echo.Context, status int, name string, title ui.Text, in any) error {
	return r.public.Render(c, status, name, title, in)
}

// site is what the layout says of the desks before sign-in.
func (d *Desks) site() ui.Site {
	s := d.cfg.Site
	s.Tagline = sayFrame.tagline
	s.Nav = nil // the bar of desks stands in its place
	return s
}

// pagesOf gives the desks' pages under the name of an officer's office: the
// counter is the municipality's, the accreditation the Minister's. Before
// sign-in they are the house's.
func (r *Room) pagesOf(c echo.Context) *ui.Pages {
	who, ok := r.desks.signedIn(c)
	if !ok {
		return r.pages
	}
	s := r.desks.site()
	s.Name, s.Tagline = mock(OfficeName(who)), deskTagline(who)
	return r.pages.Under(s)
}

// NotFound is the answer at an address that names nothing.
func NotFound() error { return echo.NewHTTPError(http.StatusNotFound) }
