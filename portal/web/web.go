// Package web is the portal's entrance: pages for citizens and its operator, and the same
// acts as JSON for programs at the same addresses. Its handlers only translate.
package web

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/portal"
)

// Life of a citizen's session: it ends after Idle without a request, and after Age in
// any case.
const (
	Idle = 15 * time.Minute
	Age  = 2 * time.Hour
)

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Config is what the entrance needs. Portal, PublicURL and Now are required.
type Config struct {
	Portal              *portal.Portal
	PublicURL, AgentURL string
	// StaffKey opens the operator's pages; empty keeps them shut.
	StaffKey string
	// Mailing: e-mails leave by a server. Otherwise they stay in the outbox.
	Mailing bool
	Lobby   string
	Now     func() time.Time
	Hosts   []string
	Log     *slog.Logger
}

// entrance is the portal seen from the street.
type entrance struct {
	cfg    Config
	portal *portal.Portal
	pages  *ui.Pages
	visits *session.Store[visit]
}

// New returns the portal's pages and its JSON interface.
func New(cfg Config) (http.Handler, error) {
	if cfg.Portal == nil || cfg.PublicURL == "" || cfg.Now == nil {
		return nil, errors.New("portal: web: Portal, PublicURL and Now are required")
	}
	cfg.AgentURL = strings.TrimRight(cfg.AgentURL, "/")
	w := &entrance{cfg: cfg, portal: cfg.Portal}
	w.visits = session.New[visit](session.Config{Cookie: "jpkimock_portal", Now: cfg.Now, Idle: Idle, Age: Age})
	e, pages, err := rpweb.Open(door.Config{
		Explain: words.Explain, Describe: words.Describe, Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Log: cfg.Log,
		FormTargets: []string{cfg.AgentURL}, Health: func(context.Context) error { return cfg.Portal.Ping() },
	}, site(cfg.Lobby, cfg.Now), files, templates)
	if err != nil {
		return nil, err
	}
	w.pages = pages
	e.Use(door.ReadableForms)
	w.mount(e)
	w.mountOperator(e)
	return e, openapi.Mount(e, api())
}

// mount is the list of the addresses for citizens.
func (w *entrance) mount(e *echo.Echo) {
	street := e.Group("", w.header)
	street.GET("/", w.front)
	street.GET("/keys.json", func(c echo.Context) error { return c.JSONBlob(http.StatusOK, w.portal.KeySet()) })
	street.GET("/signin", w.askSignIn)
	street.POST("/signin/challenge", w.challenges().Tell)
	street.POST("/signin", w.signIn)
	street.POST("/signout", w.signOut)
	street.GET("/enrol", w.askEnrol)
	street.POST("/enrol/draft", w.draftEnrolment)
	street.GET("/enrol/draft", w.showEnrolment)
	street.POST("/enrol", w.enrol)

	e.POST("/postbox/v1/letters", door.Reads(w.take), door.ScriptsOnly())

	inside := e.Group("", w.header, rpweb.Private)
	inside.GET("/me", w.own(w.me))
	inside.GET("/partners", w.own(w.partners))
	inside.POST("/partners/:id", w.own(w.connect))
	inside.POST("/partners/:id/withdraw", w.own(w.withdraw))
	inside.GET("/apply", w.own(w.askApply))
	inside.POST("/apply/draft", w.own(w.draftApplication))
	inside.GET("/apply/draft", w.own(w.showDraft))
	inside.POST("/apply", w.own(w.apply))
	inside.GET("/applications/:id", w.own(w.application))
	inside.POST("/applications/:id/reply", w.own(w.reply))
	inside.GET("/box", w.own(w.box))
	inside.GET("/box/:id", w.opened(w.letter))
	inside.GET("/box/:id/sealed.jws", w.opened(w.sealed))
	inside.GET("/box/:id/keys.json", w.opened(w.letterKeys))
	inside.GET("/box/:id/proof.jws", w.opened(w.proof))
	inside.GET("/box/:id/attachments/:n", w.opened(w.attachment))
}

// visit is what the portal remembers of a browser. Its pointers are replaced, never
// written through.
type visit struct {
	Nonce   string
	Citizen int64 // 0 for nobody
	Name    string
	// Card is the user authentication certificate that signed in, before an enrolment.
	Card      jpki.SerialNumber
	Enrolment *portal.Enrolment
	Draft     *portal.Draft
}

// InUse reports that somebody is signed in.
func (v visit) InUse() bool { return v.Citizen != 0 || !v.Card.IsZero() }

// What a request needs and its session does not hold.
var (
	errSignedOut = errors.New("portal: web: nobody is signed in")
	errNoDraft   = errors.New("portal: web: no document waits for its signature in this session")
	errNoNonce   = errors.New("portal: web: no sign-in was begun in this session")
)

// header tells the layout who is signed in.
func (w *entrance) header(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if v, _ := w.visits.Load(c); v.Citizen != 0 {
			ui.SignedIn(c, v.Name, "/signout")
		}
		return next(c)
	}
}

// own is a page or an act of the citizen who is signed in. If nobody is, somebody who asks
// for a page is led to the sign-in, which goes on to it.
func (w *entrance) own(do func(echo.Context, portal.Citizen) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, _ := w.visits.Load(c)
		if v.Citizen == 0 {
			return door.SignInFirst(c, "/signin", errSignedOut)
		}
		citizen, err := w.portal.Citizen(c.Request().Context(), v.Citizen)
		if err != nil {
			return err
		}
		return do(c, citizen)
	}
}

// show draws a page.
func (w *entrance) show(c echo.Context, name string, title ui.Text, data any) error {
	return w.pages.Render(c, http.StatusOK, name, title, data)
}

// shown is a page as an answer.
func (w *entrance) shown(name string, title ui.Text, data any) door.Page {
	return door.Shown(func(c echo.Context) error { return w.show(c, name, title, data) })
}
