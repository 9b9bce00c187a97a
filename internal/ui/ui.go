// Package ui is the look that every house shares: the layout with the mock
// band and the language switch, the error page, the style sheet after the
// manners of the Digital Agency Design System, and the rendering of a house's
// own templates inside them.
//
// A house embeds templates/*.html, each of which defines a block "main", and
// renders them by file name. Inside a template the dot is a *View: the page's
// own data is .Data, and {{.T "口座を開設する" "Open an account"}} is a sentence
// in the reader's language.
package ui

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

//go:embed templates assets
var files embed.FS

// AssetPath is where every house serves the shared style sheet and scripts.
const AssetPath = "/ui/"

// Site is what the layout says of a house.
type Site struct {
	House string // machine name: "bank"; also the body's class "house-bank"
	Name  Text   // what stands in the header
	// Tagline stands beside the name, small; it may be empty.
	Tagline Text
	Nav     []Link
	// Lobby is the public URL of the lobby, linked from the band; empty for none.
	Lobby string
	// Now gives the simulated time, for the footer.
	Now func() time.Time
}

// Link is a place to go to.
type Link struct {
	Text Text
	Href string
	// Primary marks the one a page wants taken: it is drawn as a button.
	Primary bool
}

// Templates are a house's templates over the shared layout, by page name.
type Templates map[string]*template.Template

// Embedded parses the templates in a folder of files when they are first wanted,
// once for all houses of a process that are made of them.
//
// The partials of shared are known to the pages too.
func Embedded(files embed.FS, folder string, shared ...fs.FS) func() (Templates, error) {
	return EmbeddedWith(nil, files, folder, shared...)
}

// EmbeddedWith is Embedded with functions of the house's own, which its templates call by
// name.
func EmbeddedWith(funcs map[string]any, files embed.FS, folder string, shared ...fs.FS) func() (Templates, error) {
	return sync.OnceValues(func() (Templates, error) {
		fsys, err := fs.Sub(files, folder)
		if err != nil {
			return nil, err
		}
		return parse(funcs, fsys, shared...)
	})
}

// Pages renders a house's templates.
type Pages struct {
	site  Site
	pages Templates
}

// NewPages parses the templates of fsys for a house.
func NewPages(site Site, fsys fs.FS) (*Pages, error) {
	templates, err := Parse(fsys)
	if err != nil {
		return nil, err
	}
	return templates.Pages(site)
}

// Pages gives the pages of a house.
func (t Templates) Pages(site Site) (*Pages, error) {
	if site.Now == nil {
		return nil, fmt.Errorf("ui: house %q: Now is required", site.House)
	}
	return &Pages{site: site, pages: t}, nil
}

// Parse parses every *.html of fsys (a house's templates folder, already rooted
// there) over the shared layout. A file whose name starts with "_" is a partial,
// known to all pages of the house.
//
// Partials that the rooms of a house share are files of such a name in shared.
func Parse(fsys fs.FS, shared ...fs.FS) (Templates, error) { return parse(nil, fsys, shared...) }

func parse(funcs map[string]any, fsys fs.FS, shared ...fs.FS) (Templates, error) {
	base, err := template.New("layout").Funcs(template.FuncMap{"lines": lines, "dict": dict}).Funcs(funcs).ParseFS(files, "templates/layout.html")
	if err != nil {
		return nil, fmt.Errorf("ui: parse the layout: %w", err)
	}
	names, err := fs.Glob(fsys, "*.html")
	if err != nil {
		return nil, err
	}
	for _, from := range append(slices.Clone(shared), fsys) {
		partials, err := fs.Glob(from, "_*.html")
		if err == nil && len(partials) > 0 {
			base, err = base.ParseFS(from, partials...)
		}
		if err != nil {
			return nil, fmt.Errorf("ui: parse the partials: %w", err)
		}
	}
	pages := Templates{}
	for _, n := range append(names, "") {
		if strings.HasPrefix(n, "_") {
			continue
		}
		t, err := base.Clone()
		if err == nil && n == "" {
			t, err = t.ParseFS(files, "templates/refusal.html")
		} else if err == nil {
			t, err = t.ParseFS(fsys, n)
		}
		if err == nil && t.Lookup("main") == nil {
			err = errors.New(`defines no block "main"`)
		}
		if err != nil {
			return nil, fmt.Errorf("ui: parse %s: %w", n, err)
		}
		pages[strings.TrimSuffix(n, ".html")] = t
	}
	return pages, nil
}

// Under gives the same pages under another site: a desk of a house where
// several organisations work. A site without Now keeps the house's clock.
func (p *Pages) Under(site Site) *Pages {
	if site.Now == nil {
		site.Now = p.site.Now
	}
	return &Pages{site: site, pages: p.pages}
}

// Of gives the pages of other templates under the same site: of a piece that houses share.
func (p *Pages) Of(t Templates) *Pages { return &Pages{site: p.site, pages: t} }

func lines(s string) []string { return strings.Split(s, "\n") }

// dict makes a map of name, value pairs, to hand several values to a partial.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d arguments: want name, value pairs", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}

// keys under which a handler leaves what the layout shows.
const (
	keyUser    = "ui.user"
	keySignOut = "ui.signout"
	keyFace    = "ui.face"
	keyForm    = "ui.form"
)

// SignedIn tells the layout who is signed in and where to post a sign-out.
func SignedIn(c echo.Context, name, signOut string) {
	c.Set(keyUser, name)
	c.Set(keySignOut, signOut)
}

// Form tells the layout of an answer to a post how to find the address of the
// form that was posted; nil is for unknown.
func Form(c echo.Context, address func() *url.URL) { c.Set(keyForm, address) }

// Face chooses the shape of the page: "bare", "kiosk", "tv".
func Face(c echo.Context, face string) { c.Set(keyFace, face) }

// Render writes the page name with data. Nothing is written before the
// template has run through, so a failing template becomes an error page and
// never half a page.
func (p *Pages) Render(c echo.Context, status int, name string, title Text, data any) error {
	t, ok := p.pages[name]
	if !ok {
		return fmt.Errorf("ui: house %s has no page %q", p.site.House, name)
	}
	str := func(k string) string { s, _ := c.Get(k).(string); return s }
	v := &View{
		Site: p.site, Lang: LangOf(c), Title: title, Path: c.Request().URL.Path, Data: data,
		User: str(keyUser), SignOut: str(keySignOut), Face: str(keyFace), request: c.Request(), Town: TownOf(c.Request().Context()),
	}
	v.form, _ = c.Get(keyForm).(func() *url.URL)
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout", v); err != nil {
		return fmt.Errorf("ui: page %s: %w", name, err)
	}
	page := b.Bytes()
	switch v.Lang {
	case English:
		page = markJapanese(page)
	case Easy:
		page = giveReadings(page)
	}
	rememberLang(c)
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Language", string(v.Lang))
	return c.HTMLBlob(status, page)
}

// Refusal is a page that says no: what happened, why, and what to do next.
type Refusal struct {
	Status int
	// Code is for programs, which get a problem and no page: stable, as
	// "revoked". It is not shown.
	Code  string
	Title Text
	Body  Text
	// Next lists the ways out; a page without one offers the house's front page.
	Next []Link
	// Reference is shown for an error whose cause is only in the log.
	Reference string
	// Calm: what was asked for stands already, so nothing is wrong.
	Calm bool
	// Detail is for integrators: the named check with what was expected and
	// found. It is shown folded.
	Detail string
}

// Refuse writes a refusal page.
func (p *Pages) Refuse(c echo.Context, r Refusal) error {
	if len(r.Next) == 0 {
		r.Next = []Link{{Text: backToFront, Href: "/"}}
	}
	return p.Render(c, r.Status, "", r.Title, r)
}
