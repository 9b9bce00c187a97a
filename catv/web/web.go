// Package web is what the viewers' sets show, and the house's front door: it
// opens the pages at a computer (catv/residency/web) and of staff
// (catv/desks/web) beside its own.
//
// The set's pages (the face "tv") are driven by a remote control alone. They
// hold no address with anybody's name; each goes into the place of the one
// before it in the browser's history; none is kept by a cache. Whoever signs in
// with the card is signed out as soon as it is taken away: the page watches the
// card (card.js), and the server asks the card agent itself before it shows
// anything personal.
//
// At the addresses of enrolment and sign-in programs are answered in JSON.
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

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	desks "example.jp/jpkimock/catv/desks/web"
	"example.jp/jpkimock/catv/health"
	residency "example.jp/jpkimock/catv/residency/web"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// Life of a session at the set: it ends after Idle without a request, and after
// Age in any case.
const (
	Idle = 5 * time.Minute
	Age  = 4 * time.Hour
)

// answerLife is how long a question waits for the card's answer: longer than the
// kit's challenge, so that an answer that is late is told so.
const answerLife = 10 * time.Minute

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates", room.Partials())

// Config is what the set's server needs. Station, the two services and Now are
// required.
type Config struct {
	Station *catv.Station
	Health  *health.Service
	Booking *booking.Service
	Now     func() time.Time
	// PublicURL is the house's own origin; Lobby the lobby's address or empty.
	PublicURL, Lobby string
	// AgentURL is the card agent's origin for browsers; AgentPeer its address for
	// this server, which asks there whether the card still lies on the reader.
	// Without AgentPeer only the page watches the card.
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
	// Partner is the house's interface for the portal; nil for none.
	Partner http.Handler
	// Hosts are the host names by which the house is reached beside localhost
	// and IP addresses.
	Hosts []string
	Log   *slog.Logger
	// HTTP makes this server's requests; nil for one with a time limit.
	HTTP *http.Client
}

// set is the house seen from the living room.
type set struct {
	*room.Room
	cfg     Config
	station *catv.Station
	health  *health.Service
	booking *booking.Service
	visits  *session.Store[visit]
	returns *rpweb.CardReturn[purpose]
	reader  rpweb.Presence // of the cards at sets
	clients map[catv.Service]*oidcclient.Client
}

// New returns the house's pages.
func New(cfg Config) (http.Handler, error) {
	if cfg.Station == nil || cfg.Health == nil || cfg.Booking == nil || cfg.Now == nil {
		return nil, errors.New("catv: web: Station, Health, Booking and Now are required")
	}
	cfg.complete()
	words := room.Words(match)
	e, pages, err := rpweb.Open(door.Config{
		Explain: words.Explain, Describe: words.Describe, Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Log: cfg.Log,
		FormTargets: []string{cfg.AgentURL, cfg.PlatformURL}, ConnectTargets: []string{cfg.AgentURL},
		CrossOrigin: []string{"POST /answer/{name}"},
		Health:      func(context.Context) error { return cfg.Station.Ping() },
	}, room.Site(cfg.Lobby, cfg.Now), files, templates)
	if err != nil {
		return nil, err
	}
	w := &set{
		Room: room.Of(pages, words), cfg: cfg, station: cfg.Station, health: cfg.Health, booking: cfg.Booking, clients: clients(cfg),
		visits:  session.New[visit](session.Config{Cookie: "jpkimock_catv", Now: cfg.Now, Idle: Idle, Age: Age}),
		returns: rpweb.NewCardReturn[purpose](rpweb.CardReturnConfig{Now: cfg.Now, Life: answerLife, Origins: []string{cfg.AgentURL, cfg.PublicURL}}),
		reader:  rpweb.Presence{Agent: cfg.AgentPeer, HTTP: cfg.HTTP},
	}
	e.Use(door.ReadableForms)
	w.mountSet(e)
	w.mountServices(e)
	if err := w.openRooms(e); err != nil {
		return nil, err
	}
	return e, openapi.Mount(e, api())
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

// openRooms opens the pages for a computer and for staff.
func (w *set) openRooms(e *echo.Echo) error {
	err := residency.Mount(e, residency.Config{
		Station: w.station, Booking: w.booking, Now: w.cfg.Now, AgentURL: w.cfg.AgentURL, Lobby: w.cfg.Lobby, PublicURL: w.cfg.PublicURL,
	})
	if err != nil {
		return err
	}
	door.Interface(e, "/partner", w.cfg.Partner)
	return desks.Mount(e, desks.Config{
		Station: w.station, Health: w.health, Booking: w.booking, Now: w.cfg.Now, Lobby: w.cfg.Lobby, StaffKey: w.cfg.StaffKey,
		Left: w.signOutAll,
	})
}

// mountSet lists what anybody at a set can see and do.
func (w *set) mountSet(e *echo.Echo) {
	g := e.Group("", room.Private, w.screen)
	g.GET("/", w.home)
	g.GET("/channel", w.channel)
	g.GET("/help", w.Page("help", titles.help))
	g.GET("/box", w.box)
	g.POST("/box", w.chooseBox)
	g.GET("/set", w.state)
	g.POST("/still", w.keepAlive)
	g.POST("/signout", w.signOut)

	g.GET("/signin", w.askSignIn)
	g.POST("/signin", w.signInJSON)
	g.POST("/signin/challenge", w.challenge)
	g.GET("/enrol", w.papers)
	g.POST("/enrol", w.readPapers)
	g.GET("/enrol/name", w.askName)
	g.POST("/enrol/name", w.chooseName)
	g.GET("/enrol/card", w.askEnrolment)
	g.POST("/enrolment", w.enrolJSON)
	g.POST("/enrolment/challenge", w.challenge)

	g.POST("/answer/:name", w.answer)
	g.GET("/answered/:name", w.answered)
}

// mountServices lists the two services. What is behind granted needs a sign-in at
// the common platform, too.
func (w *set) mountServices(e *echo.Echo) {
	for _, s := range []catv.Service{catv.Health, catv.Booking} {
		g := e.Group("/"+string(s), room.Private, w.screen)
		g.GET("/enter", w.enterService(s))
		g.GET("/login", w.login(s))
		g.GET("/callback", w.callback(s))
	}
	h := e.Group("/health", room.Private, w.screen, w.granted(catv.Health))
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

	b := e.Group("/booking", room.Private, w.screen, w.granted(catv.Booking))
	b.GET("", w.bookingHome)
	b.GET("/price", w.price)
	b.POST("/price/confirm", w.confirmPrice)
	b.GET("/price/withdraw", w.askWithdrawal)
	b.POST("/price/withdraw", w.withdrawResidency)
	b.GET("/facilities/:facility", w.facility)
	b.GET("/confirm", w.confirmBooking)
	b.POST("", w.book)
	b.GET("/mine/:reference", w.reservation)
	b.POST("/mine/:reference/cancel", w.cancelReservation)
}
