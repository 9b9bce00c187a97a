// Package web is the application for the resident price (市民料金) at a computer or
// at the terminal of the municipal counter, and the page where its holder sees how
// it stands and takes the consent back.
//
// Its sessions are its own: what waits here for the card or for a signature has
// nothing to do with what the same browser does at the set.
package web

import (
	"embed"
	"encoding/base64"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// Life of a session: it ends after Idle without a request, and after Age in any
// case.
const (
	Idle = 5 * time.Minute
	Age  = 4 * time.Hour
)

//go:embed all:templates
var files embed.FS

var templates = ui.Embedded(files, "templates", rpweb.Partials(), room.Partials())

// Config is what the pages need. Station, Booking and Now are required.
type Config struct {
	Station *catv.Station
	Booking *booking.Service
	Now     func() time.Time
	// PublicURL is the house's own origin, AgentURL the card agent's for browsers,
	// Lobby the lobby's address or empty.
	PublicURL, AgentURL, Lobby string
}

// pages are the residency's pages.
type pages struct {
	*room.Room
	cfg    Config
	visits *session.Store[visit]
}

// visit is what is remembered of a browser. Its pointers are replaced, never
// written through.
type visit struct {
	// Nonce is the challenge that a card must answer to look.
	Nonce string
	// Draft waits for its signature.
	Draft *rp.Document
	// Applicant is who looks; nil for nobody.
	Applicant *applicant
}

// InUse reports that somebody has shown a card, and looks.
func (v visit) InUse() bool { return v.Applicant != nil }

// errNoDraft is a signature that no application waits for.
var errNoDraft = errors.New("catv: residency: no application waits for a signature in this session")

// The ways out of a refusal.
var (
	toApplication = ui.Link{Text: ways.application, Href: "/residency"}
	toStanding    = ui.Link{Text: ways.standing, Href: "/residency/standing"}
	toEnrolment   = ui.Link{Text: ways.enrolment, Href: "/enrol"}
)

// refusals is everything that these pages refuse.
var refusals = room.Table{
	Words: room.Plain, Otherwise: room.BadAnswer,
	Ways: func(string) []ui.Link { return []ui.Link{toApplication, toStanding} },
	Own: []room.Refusal{
		room.Rule(errNoDraft, http.StatusConflict, "no_draft", toApplication),
		room.Rule(catv.ErrUnknownViewer, http.StatusForbidden, "not_enrolled", toEnrolment, toApplication),
		room.Rule(booking.ErrNotResident, http.StatusForbidden, "not_resident", toApplication),
		room.Rule(booking.ErrUsed, http.StatusConflict, "application_used", toApplication),
	},
}

// Mount opens the pages.
func Mount(e *echo.Echo, cfg Config) error {
	shown, err := room.New(room.Site(cfg.Lobby, cfg.Now), templates, refusals.Match)
	if err != nil {
		return err
	}
	w := &pages{Room: shown, cfg: cfg, visits: session.New[visit](session.Config{Cookie: "jpkimock_catv_residency", Now: cfg.Now, Idle: Idle, Age: Age})}
	g := e.Group("/residency", room.Private, w.Door().Errors)
	g.GET("", w.application)
	g.POST("/draft", w.draft)
	g.POST("", w.prove)
	g.GET("/standing", w.standing)
	g.POST("/standing", w.signIn)
	g.POST("/withdraw", w.withdraw)
	g.POST("/signout", w.signOut)
	return nil
}

// applicationPage is the application: first the way, then the document to sign,
// then the end.
type applicationPage struct {
	Draft  *rp.Document
	Base64 string
	Agent  string
	Done   *booking.Residency
}

// application shows the application that waits for its signature, or the way.
func (w *pages) application(c echo.Context) error {
	page := applicationPage{Agent: w.cfg.AgentURL}
	if v, _ := w.visits.Load(c); v.Draft != nil {
		page.Draft = v.Draft
		page.Base64 = base64.StdEncoding.EncodeToString([]byte(v.Draft.Content))
	}
	return w.Show(c, "residency", titles.application, page)
}

// draft writes the application and keeps it in the session.
func (w *pages) draft(c echo.Context) error {
	d, err := w.cfg.Booking.DraftApplication(c.Request().Context())
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Draft = &d })
	return door.Answer(c, http.StatusOK, map[string]any{"application": d.Number, "document": map[string]any{
		"name": d.Name, "mediaType": d.MediaType, "content": []byte(d.Content),
	}}, door.See("/residency"))
}

// prove takes the signature to the station. The application stays in the session
// until it is received, so that it can be signed once more.
func (w *pages) prove(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Draft == nil {
		return errNoDraft
	}
	cms, err := rpweb.ReadCMS(c)
	if err != nil {
		return err
	}
	r, err := w.cfg.Booking.ProveResidency(c.Request().Context(), *v.Draft, cms)
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Draft = nil })
	return door.Answer(c, http.StatusCreated, map[string]any{"residency": map[string]any{
		"town": catv.Town, "serial": r.Serial, "provenAt": r.ProvenAt, "expires": r.Expires,
	}}, door.Shown(func(c echo.Context) error {
		return w.Show(c, "residency", titles.application, applicationPage{Done: &r})
	}))
}
