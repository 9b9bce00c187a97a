// Package web is what the viewers' sets show, and the operator's, the nurse's
// and the municipality's pages beside it.
//
// The set's pages (the face "tv") are driven by a remote control alone. They
// hold no address with anybody's name; each goes into the place of the one
// before it in the browser's history; none is kept by a cache. Whoever signs in
// with the card is signed out as soon as it is taken away: the page watches the
// card (card.js), and the server asks the card client itself before it shows
// anything personal.
//
// A request whose body is application/json, or that accepts nothing but it, is
// answered in JSON at the addresses of enrolment, sign-in and residency.
package web

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/browser"
)

// Life of a session at the set: it ends after Idle without a request, and after
// Age in any case. Staff are signed out after StaffIdle.
const (
	Idle      = 5 * time.Minute
	Age       = 4 * time.Hour
	StaffIdle = 30 * time.Minute
)

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Config is what the set's server needs. Station, the two services and Now are
// required.
type Config struct {
	Station *catv.Station
	Health  *health.Service
	Booking *booking.Service
	Now     func() time.Time
	// PublicURL is the house's own origin; Lobby the lobby's address or empty.
	PublicURL, Lobby string
	// AgentURL is the card client's origin for browsers; AgentPeer its address
	// for this server, which asks there whether the card still lies on the
	// reader. Without AgentPeer only the page watches the card.
	AgentURL, AgentPeer string
	// PlatformURL is the common platform's origin for browsers, PlatformPeer its
	// address for this server; empty for the same.
	PlatformURL, PlatformPeer string
	// HealthClient and BookingClient are the two services' registrations there,
	// without their addresses.
	HealthClient, BookingClient oidcclient.Registration
	// StaffKey opens the pages of operator, nurse and municipality, and the
	// operator's interface for scripts; empty keeps them shut.
	StaffKey string
	// Hosts are the host names by which the house is reached beside localhost
	// and IP addresses.
	Hosts []string
	Log   *slog.Logger
	// HTTP makes this server's requests; nil for one with a time limit.
	HTTP *http.Client
}

// set is the house seen from the living room.
type set struct {
	cfg      Config
	station  *catv.Station
	health   *health.Service
	booking  *booking.Service
	pages    *ui.Pages
	visits   *session.Store[visit]
	desks    *session.Store[desk]
	staff    *door.Staff
	arrivals *arrivals
	reader   rpweb.Presence // of the cards at sets
	clients  map[catv.Service]*oidcclient.Client
}

// New returns the house's pages.
func New(cfg Config) (http.Handler, error) {
	if cfg.Station == nil || cfg.Health == nil || cfg.Booking == nil || cfg.Now == nil {
		return nil, errors.New("catv: web: Station, Health, Booking and Now are required")
	}
	cfg.complete()
	parsed, err := templates()
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, err
	}
	pages, err := parsed.Pages(site(cfg.Lobby, cfg.Now))
	if err != nil {
		return nil, err
	}
	w := &set{
		cfg: cfg, station: cfg.Station, health: cfg.Health, booking: cfg.Booking, pages: pages, arrivals: newArrivals(cfg.Now),
		visits:  session.New[visit](session.Config{Cookie: "jpkimock_catv", Now: cfg.Now, Idle: Idle, Age: Age}),
		staff:   door.NewStaff(cfg.StaffKey, cfg.Now),
		reader:  rpweb.Presence{Agent: cfg.AgentPeer, HTTP: cfg.HTTP},
		desks:   session.New[desk](session.Config{Cookie: "jpkimock_catv_staff", Now: cfg.Now, Idle: StaffIdle, Age: Age}),
		clients: clients(cfg),
	}
	e := door.New(door.Config{
		House: "catv", Pages: pages, Hosts: cfg.Hosts, Log: cfg.Log, Explain: explain,
		FormTargets: origins(cfg.AgentURL, cfg.PlatformURL), ConnectTargets: origins(cfg.AgentURL),
		CrossOrigin: []string{"POST /answer"},
		Health:      func(context.Context) error { return cfg.Station.Ping() },
	})
	e.Use(door.ReadableForms)
	ui.MountAssets(e, assets)
	e.GET("/card.js", echo.WrapHandler(browser.Handler()))
	w.mountSet(e)
	w.mountServices(e)
	w.mountDesks(e)
	return e, nil
}

// complete fills in what the config left empty.
func (c *Config) complete() {
	for _, u := range []*string{&c.PublicURL, &c.AgentURL, &c.AgentPeer, &c.PlatformURL, &c.PlatformPeer} {
		*u = strings.TrimRight(*u, "/")
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 10 * time.Second}
	}
}

// origins leaves out what is empty.
func origins(all ...string) []string {
	var known []string
	for _, o := range all {
		if o != "" {
			known = append(known, o)
		}
	}
	return known
}

// mountSet lists what anybody at a set can see and do.
func (w *set) mountSet(e *echo.Echo) {
	g := e.Group("", private, w.screen)
	g.GET("/", w.home)
	g.GET("/channel", w.channel)
	g.GET("/help", w.page("help", titles.help))
	g.GET("/box", w.box)
	g.POST("/box", w.chooseBox)
	g.GET("/set", w.state)
	g.POST("/still", w.still)
	g.POST("/signout", w.signOut)

	g.GET("/signin", w.askSignIn)
	g.POST("/signin", w.signInJSON)
	g.POST("/signin/challenge", w.challenge)
	g.GET("/enrol", w.papers)
	g.POST("/enrol", w.readPapers)
	g.GET("/enrol/name", w.askName)
	g.POST("/enrol/name", w.chooseName)
	g.GET("/enrol/card", w.askCard)
	g.POST("/enrolment", w.enrolJSON)
	g.POST("/enrolment/challenge", w.challenge)

	g.POST("/answer", w.answer)
	g.GET("/answered/:id", w.answered)
}

// mountServices lists the two services. What is behind own needs a sign-in at
// the common platform, too.
func (w *set) mountServices(e *echo.Echo) {
	for _, s := range []catv.Service{catv.Health, catv.Booking} {
		g := e.Group("/"+string(s), private, w.screen)
		g.GET("/enter", w.enterService(s))
		g.GET("/login", w.login(s))
		g.GET("/callback", w.callback(s))
	}
	h := e.Group("/health", private, w.screen, w.granted(catv.Health))
	h.GET("", w.overview)
	h.GET("/charts/:measure", w.chart)
	h.GET("/checkups", w.checkups)
	h.GET("/messages", w.messages)
	h.GET("/messages/:id", w.message)
	h.POST("/messages/:id", w.answerMessage)
	h.GET("/reminders", w.reminders)
	h.POST("/reminders/:id", w.finishReminder)
	h.GET("/sharing", w.sharing)
	h.POST("/sharing", w.share)
	h.POST("/sharing/end", w.endSharing)
	h.GET("/of/:viewer", w.overview)
	h.GET("/of/:viewer/charts/:measure", w.chart)
	h.GET("/of/:viewer/checkups", w.checkups)

	b := e.Group("/booking", private, w.screen, w.granted(catv.Booking))
	b.GET("", w.bookingHome)
	b.GET("/price", w.price)
	b.GET("/price/withdraw", w.askWithdrawal)
	b.POST("/price/withdraw", w.withdrawResidency)
	b.GET("/facilities/:facility", w.facility)
	b.GET("/confirm", w.confirmBooking)
	b.POST("", w.book)
	b.GET("/mine/:reference", w.reservation)
	b.POST("/mine/:reference/cancel", w.cancelReservation)
}

// mountDesks lists the pages for a computer, and the interface for scripts.
func (w *set) mountDesks(e *echo.Echo) {
	r := e.Group("/residency", private)
	r.GET("", w.residency)
	r.POST("/draft", w.draftResidency)
	r.POST("", w.proveResidency)
	r.GET("/standing", w.residencyStanding)
	r.POST("/standing", w.standingSignIn)
	r.POST("/withdraw", w.withdrawAtComputer)
	r.POST("/signout", w.standingSignOut)

	e.GET("/staff", w.staffSignIn, private)
	e.POST("/staff", w.staffEnter, private)
	e.POST("/staff/signout", w.staffLeave, private)
	o := e.Group("/operator", private, w.desk(operatorDesk))
	o.GET("", w.contracts)
	o.GET("/contracts/:number", w.contract)
	o.POST("/contracts/:number/viewers/:viewer/leave", w.viewerLeaves)
	o.POST("/contracts/:number/places/:place/code", w.newCode)
	n := e.Group("/nurse", private, w.desk(nurseDesk))
	n.GET("", w.nurse)
	n.GET("/viewers/:viewer", w.participant)
	n.POST("/viewers/:viewer/readings", w.entering("reading", w.enterReading))
	n.POST("/viewers/:viewer/checkups", w.entering("checkup", w.enterCheckup))
	n.POST("/viewers/:viewer/messages", w.entering("message", w.writeMessage))
	n.POST("/viewers/:viewer/reminders", w.entering("reminder", w.writeReminder))
	e.GET("/municipality", w.dayList, private, w.desk(townDesk))

	v := e.Group("/operator/v1", door.ScriptsOnly(), private, w.staff.Scripts("operator"))
	v.POST("/contracts", w.installJSON)
	v.GET("/contracts", w.contractsJSON)
}

// private keeps an answer out of every cache.
func private(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// page shows a page that says the same to everybody.
func (w *set) page(name string, title ui.Text) echo.HandlerFunc {
	return func(c echo.Context) error { return w.show(c, name, title, nil) }
}

// show writes a page.
func (w *set) show(c echo.Context, name string, title ui.Text, data any) error {
	pages := w.pages
	if d, at := c.Get(keyDesk).(deskName); at {
		pages = pages.Under(deskSite(d, w.cfg.Lobby, w.cfg.Now))
	}
	return pages.Render(c, http.StatusOK, name, title, data)
}
