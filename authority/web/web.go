// Package web is the authority on HTTP. Its own are the addresses that programs
// call: OCSP, CRL and CA certificates, the interface of the accredited
// verifiers, the interfaces of the counter and of the ministry, the clock; and
// the front page. The officers' pages are the rooms' web packages, mounted here.
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
	accreditationweb "example.jp/jpkimock/authority/accreditation/web"
	"example.jp/jpkimock/authority/desk"
	deskweb "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/latest"
	latestweb "example.jp/jpkimock/authority/latest/web"
	registerweb "example.jp/jpkimock/authority/register/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/openapi"
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
	// Settled waits until the houses have done what fell due when the clock was
	// moved; nil where there is nothing to wait for.
	Settled func(context.Context) error
	// AgentURL is the origin of the card client, whose window citizens' pages open.
	AgentURL string
	// Latest keeps what the latest four data service must not forget; nil for no service.
	Latest latest.Store
	// Partner is a municipality's interface for the portal; nil for none.
	Partner http.Handler
	// Health reports why the house cannot serve; nil for always well.
	Health func(context.Context) error
}

type house struct {
	cfg       Config
	agency    *authority.Authority
	pages     *ui.Pages
	staff     *door.Staff // knows the officers' key
	desks     *deskweb.Desks
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
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Officers == nil {
		cfg.Officers = desk.Officers()
	}
	parsed, err := templates()
	if err != nil {
		return nil, err
	}
	h := &house{
		cfg: cfg, agency: cfg.Authority, responder: newResponder(cfg), staff: door.NewStaff(cfg.OfficerKey, cfg.Clock.Now),
	}
	if h.pages, err = parsed.Pages(site(cfg)); err != nil {
		return nil, err
	}
	h.desks, err = deskweb.New(deskweb.Config{Now: cfg.Clock.Now, Officers: cfg.Officers, Staff: h.staff, Site: site(cfg)})
	if err != nil {
		return nil, err
	}
	assets, err := deskweb.Assets()
	if err != nil {
		return nil, err
	}
	e := door.New(door.Config{
		House: "authority", Pages: h.pages, Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Health: cfg.Health, Log: cfg.Log, Streams: []string{confirmations},
		FormTargets: targets(cfg.AgentURL),
		Quick:       door.Quick{Under: underOCSP, Answer: h.responder.quick},
	})
	ui.MountAssets(e, assets)
	h.mount(e)
	h.desks.Mount(e)
	door.Interface(e, "/partner", cfg.Partner)
	said := api()
	if cfg.Latest != nil {
		said = said.With(latestweb.API())
		err = mountLatest(e, cfg)
	}
	err = errors.Join(err,
		registerweb.Mount(e, h.desks, h.agency, cfg.Clock.Now),
		accreditationweb.Mount(e, h.desks, h.agency.Ministry, cfg.Clock.Now),
	)
	if err != nil {
		return nil, err
	}
	return e, openapi.Mount(e, said)
}

// mountLatest opens the latest four data service.
func mountLatest(e *echo.Echo, cfg Config) error {
	service, err := latestweb.Open(cfg.Authority, cfg.Latest, cfg.Clock.Now, cfg.PublicURL)
	if err != nil {
		return err
	}
	return latestweb.Mount(e, latestweb.Config{
		Service: service, Now: cfg.Clock.Now, Site: site(cfg), PublicURL: cfg.PublicURL, AgentURL: cfg.AgentURL, Problem: problem,
	})
}

// targets are the origins that a form may post to, beside the house's own.
func targets(agent string) []string {
	if agent == "" {
		return nil
	}
	return []string{agent}
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
	clock := e.Group("/clock", scripts, noStore)
	clock.GET("", show(h.clock))
	clock.PUT("", act(http.StatusOK, h.moveClock))

	h.mountVerifiers(e)
	h.mountCounter(e, scripts)
	h.mountMinistry(e, scripts)
}

// mountVerifiers lists what accredited verifiers ask, beside OCSP and CRL.
func (h *house) mountVerifiers(e *echo.Echo) {
	e.POST(confirmations, h.confirm, noStore)
	g := e.Group("/verifier/v1", noStore)
	g.GET("/statement", h.ownStatement)
	g.GET("/certificates/:kind/:serial/pair", h.linked(h.pair))
	g.GET("/certificates/:kind/:serial/successor", h.linked(h.successor))
	g.GET("/certificates/:kind/:serial/predecessors", h.linked(h.predecessors))
	g.GET("/certificates/:kind/:serial/validity", h.linked(h.validity))
}

// mountCounter lists the acts of the counter and of the suspension desk.
func (h *house) mountCounter(e *echo.Echo, scripts echo.MiddlewareFunc) {
	counter := e.Group("/counter/v1", scripts, noStore, h.post(desk.RoleCounter))
	counter.POST("/residents", act(http.StatusCreated, h.registerResident))
	counter.GET("/residents", show(h.residents))
	counter.GET("/residents/:id", show(h.resident))
	counter.POST("/residents/:id/cards", act(http.StatusCreated, h.issue))
	counter.POST("/residents/:id/events", act(http.StatusOK, h.lifeEvent))
	counter.GET("/residents/:id/history", ofResident(h, "entries", h.agency.FormerEntries, formerViewOf))
	counter.GET("/residents/:id/journal", ofResident(h, "events", h.journal, eventViewOf))
	counter.GET("/residents/:id/cards", ofResident(h, "cards", h.agency.CardsOf, cardViewOf))
	counter.POST("/certificates/:kind/:serial/revoke", act(http.StatusOK, h.revoke))
	counter.POST("/certificates/:kind/:serial/suspend", changeStatus(h.agency.Suspend))
	counter.POST("/certificates/:kind/:serial/resume", changeStatus(h.agency.Resume))

	callCentre := e.Group("/suspension/v1", scripts, noStore, h.post(desk.RoleSuspension))
	callCentre.POST("/find", act(http.StatusOK, h.findHolder))
	callCentre.POST("/suspend", act(http.StatusOK, h.suspendHolder))
}

// mountMinistry lists the acts of the ministry, and what anybody may read of its
// register.
func (h *house) mountMinistry(e *echo.Echo, scripts echo.MiddlewareFunc) {
	seeded := e.Group("/counter/v1/verifiers", scripts, noStore, h.post(desk.RoleMinistry))
	seeded.POST("", act(http.StatusCreated, h.registerVerifier))
	seeded.GET("", show(h.verifiers))
	seeded.POST("/:id/state", act(http.StatusOK, h.setVerifierState))

	e.GET("/register/v1/verifiers", show(h.publicVerifiers), noStore)
	e.POST("/register/v1/applications", act(http.StatusCreated, h.apply), scripts, noStore)
	e.GET("/register/v1/tariff", show(h.tariff), noStore)
	ministry := e.Group("/register/v1", scripts, noStore, h.post(desk.RoleMinistry))
	ministry.GET("/applications", show(h.applications))
	ministry.POST("/applications/:id/approve", act(http.StatusCreated, h.approve))
	ministry.POST("/applications/:id/reject", act(http.StatusOK, h.reject))
	ministry.POST("/verifiers/:id/state", act(http.StatusOK, h.setVerifierState))
	ministry.POST("/verifiers/:id/conditions", act(http.StatusOK, h.setConditions))
	ministry.GET("/audit", show(h.audit))
	ministry.PUT("/tariff", act(http.StatusOK, h.setTariff))
	ministry.GET("/statements", h.statements)
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
