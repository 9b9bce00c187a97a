// Package web is the authority on HTTP: OCSP, CRL and CA certificates, the
// interface of the accredited verifiers, the interface of the municipal
// counter, the clock, and the front page.
//
// Revocation information goes to accredited verifiers only. A verifier shows
// its key as "Authorization: Bearer KEY"; a client that cannot set a header
// has the same endpoints with the key in the path.
package web

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/ui"
)

//go:embed templates
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Config is what the house is made of.
type Config struct {
	Authority *authority.Authority
	// Clock is the clock of the whole world; this house shows and moves it.
	Clock *simclock.Clock
	// OfficerKey opens the counter's interface; empty keeps it shut.
	OfficerKey string
	// Officers are those who may sign in with the officer key; nil are those of
	// the demonstration.
	Officers []desk.Officer
	// PublicURL is the house's own address as others know it, without a
	// trailing slash; Lobby is the lobby's, or empty.
	PublicURL, Lobby string
	Log              *slog.Logger
	// Hosts are further host names, without port, by which the house is reached
	// beside localhost and IP addresses.
	Hosts []string
	// Health reports why the house cannot serve; nil for always well.
	Health func(context.Context) error
}

type house struct {
	cfg       Config
	pages     *ui.Pages
	attempts  *door.Attempts // at the officer key
	streams   streamPlaces
	responder *responder
}

// New gives the authority's HTTP handler.
func New(cfg Config) (http.Handler, error) {
	if cfg.Authority == nil || cfg.Clock == nil {
		return nil, errors.New("authority/web: Config needs Authority and Clock")
	}
	if u, err := url.Parse(cfg.PublicURL); err == nil && u.Hostname() != "" {
		cfg.Hosts = append(slices.Clone(cfg.Hosts), u.Hostname())
	}
	parsed, err := templates()
	if err != nil {
		return nil, err
	}
	pages, err := parsed.Pages(site(cfg))
	if err != nil {
		return nil, err
	}
	if cfg.Officers == nil {
		cfg.Officers = desk.Officers()
	}
	for _, o := range cfg.Officers {
		if o.May(desk.RoleCounter) && o.Municipality.Code == "" {
			return nil, errors.New("authority/web: officer " + o.ID + " is at the counter of no municipality")
		}
	}
	h := &house{cfg: cfg, pages: pages, responder: newResponder(cfg), attempts: door.NewAttempts(cfg.Clock.Now)}
	e := door.New(door.Config{
		House: "authority", Pages: pages, Hosts: cfg.Hosts, Health: cfg.Health, Log: cfg.Log, Streams: []string{confirmations},
		Quick: door.Quick{Under: underOCSP, Answer: h.responder.quick},
	})
	assets, err := officeAssets()
	if err != nil {
		return nil, err
	}
	ui.MountAssets(e, assets)
	h.mount(e)
	return e, mountOffice(e, h)
}

// mount lists every door of the house.
func (h *house) mount(e *echo.Echo) {
	e.GET("/", h.front)

	e.GET("/ca/:file", h.caCertificate)

	for _, at := range []string{":kind", ":kind/", ":kind/key/:key", ":kind/key/:key/"} {
		e.POST(underOCSP+at, h.responder.post)
	}
	e.GET(underOCSP+"*", h.responder.get)

	e.GET("/crl/:file", h.crl)
	e.GET("/crl/:file/key/:key", h.crl)

	scripts := door.ScriptsOnly()
	e.GET("/verifier/v1/certificates/:kind/:serial/pair", h.linked(h.pair), noStore)

	counter := e.Group("/counter/v1", scripts, noStore, h.post(desk.RoleCounter))
	counter.POST("/residents", h.registerResident)
	counter.GET("/residents", h.residents)
	counter.GET("/residents/:id", h.resident)
	counter.POST("/residents/:id/cards", h.issue)
	counter.POST("/certificates/:kind/:serial/revoke", h.revoke)
	counter.POST("/certificates/:kind/:serial/suspend", h.suspend)
	counter.POST("/certificates/:kind/:serial/resume", h.resume)
	ministry := e.Group("/counter/v1/verifiers", scripts, noStore, h.post(desk.RoleMinistry))
	ministry.POST("", h.registerVerifier)
	ministry.GET("", h.verifiers)
	ministry.POST("/:id/state", h.verifierState)

	h.mountOffices(e, scripts)

	clock := e.Group("/clock", scripts, noStore)
	clock.GET("", h.clock)
	clock.PUT("", h.moveClock)
}

// noStore keeps an answer out of every cache.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		err := next(c)
		if err != nil {
			return problem(c, err)
		}
		return nil
	}
}
