// Package web is the bank's entrance for customers: pages for people and the same acts
// as JSON for programs, at the same addresses. Its handlers only translate: form,
// domain call, redirect or page. A request whose body is application/json, or
// that accepts application/json, is answered in JSON; its errors are
// application/problem+json. The session is a cookie either way.
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

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	desks "example.jp/jpkimock/rp/bank/desks/web"
	"example.jp/jpkimock/rp/bank/latest"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// A session ends after Idle without a request, and after Age in any case.
const (
	Idle = 10 * time.Minute
	Age  = time.Hour
)

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates", rpweb.Partials(), room.Partials())

// Config is what the entrance needs. Bank and Now are required.
type Config struct {
	Bank *bank.Bank
	Now  func() time.Time
	// AgentURL is the origin of the card client, whose window the pages open.
	AgentURL string
	// PublicURL is the bank's own origin, as the browser sees it.
	PublicURL string
	// AuthorityURL is where the public finds the CA certificates, for the
	// command that verifies an application. Empty leaves that line out.
	AuthorityURL string
	// StaffKey opens the pages of staff and of the branch counter; empty keeps
	// them shut.
	StaffKey string
	// Latest is the desk of the latest four data service; nil for none.
	Latest *latest.Desk
	// Partner is the house's interface for the portal; nil for none.
	Partner http.Handler
	// Fees asks for the authority's fees; nil for an example's.
	Fees  room.Fees
	Lobby string // the lobby's address, or empty
	Log   *slog.Logger
	// Hosts are the host names by which the house is reached beside localhost
	// and IP addresses.
	Hosts []string
}

// entrance serves the customers' pages.
type entrance struct {
	cfg    Config
	bank   *bank.Bank
	pages  *ui.Pages
	visits *session.Store[visit]
}

// New returns the bank's pages and its JSON interface.
func New(cfg Config) (http.Handler, error) {
	if cfg.Bank == nil || cfg.Now == nil {
		return nil, errors.New("bank: web: Bank and Now are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	cfg.AgentURL = strings.TrimRight(cfg.AgentURL, "/")
	cfg.AuthorityURL = strings.TrimRight(cfg.AuthorityURL, "/")
	w := &entrance{cfg: cfg, bank: cfg.Bank}
	w.visits = session.New[visit](session.Config{Cookie: "jpkimock_bank", Now: cfg.Now, Idle: Idle, Age: Age})
	e, pages, err := rpweb.Open(door.Config{
		Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Log: cfg.Log, FormTargets: []string{cfg.AgentURL}, CrossOrigin: []string{"POST " + desks.ReturnPath},
		Explain: explain, Describe: words.Describe,
		Health: func(context.Context) error { return cfg.Bank.Ping() },
	}, site(cfg.Lobby, cfg.Now), files, templates)
	if err != nil {
		return nil, err
	}
	w.pages = pages
	w.mount(e)
	w.mountForms(e)
	w.mountLatest(e)
	door.Interface(e, "/partner", cfg.Partner)
	err = desks.Mount(e, desks.Config{
		Bank: cfg.Bank, Now: cfg.Now, AgentURL: cfg.AgentURL, PublicURL: cfg.PublicURL, Lobby: cfg.Lobby, StaffKey: cfg.StaffKey, Log: cfg.Log, Fees: cfg.Fees, Updates: cfg.updates(),
	})
	if err != nil {
		return nil, err
	}
	return e, openapi.Mount(e, api(cfg.Latest != nil))
}

// updates brings the records up to date of those who have changed and consented to it.
func (c Config) updates() func(context.Context) error {
	if c.Latest == nil {
		return nil
	}
	return func(ctx context.Context) error {
		_, err := c.Latest.Update(ctx)
		return err
	}
}

// mount is the list of the bank's addresses.
func (w *entrance) mount(e *echo.Echo) {
	get := func(path string, h echo.HandlerFunc) { e.GET(path, h, w.header) }
	post := func(path string, h echo.HandlerFunc) { e.POST(path, h, w.header) }
	get("/", w.page("home", titles.home))
	get("/help", w.page("help", titles.help))

	get("/accounts/new", w.newAccount)
	post("/accounts/draft", w.writeDraft)
	get("/accounts/draft", w.showDraft)
	post("/accounts", w.openAccount)

	get("/signin", w.askSignIn)
	post("/signin/challenge", w.challenges().Tell)
	post("/signin", w.signIn)
	post("/signout", w.signOut)
	get("/signed-out", w.page("signedout", titles.signedOut))

	get("/account", w.ownAccount)
	get("/accounts/:no", w.account)
	get("/accounts/:no/application", w.application)
	get("/accounts/:no/application/:file", w.download)

	get("/transfers/new", w.newTransfer)
	post("/transfers/confirm", w.previewTransfer)
	get("/transfers/confirm", w.confirmTransfer)
	post("/transfers", w.transfer)
	get("/transfers/:reference", w.showTransfer)
}

// mountForms is the list of the addresses at which customers read their messages and
// keep their records up to date.
func (w *entrance) mountForms(e *echo.Echo) {
	get := func(path string, h echo.HandlerFunc) { e.GET(path, h, w.header) }
	post := func(path string, h echo.HandlerFunc) { e.POST(path, h, w.header) }
	get("/inbox", w.inbox)
	get("/inbox/:id", w.notice)

	get("/changes/new", w.newChange)
	post("/changes/draft", w.draftChange)
	get("/changes/draft", w.showForm)
	post("/changes", w.notifyChange)
	get("/changes/done", w.showChanged)

	get("/consent", w.consent)
	get("/consent/withdraw", w.askWithdrawal)
	post("/consent/withdraw", w.withdrawConsent)
	post("/consent/draft", w.draftConsent)
	get("/consent/draft", w.showForm)
	post("/consent", w.giveConsent)

	get("/comparison", room.Comparison(w.pages, w.cfg.Fees))
}

// page returns a handler for a page that is the same for everybody.
func (w *entrance) page(name string, title ui.Text) echo.HandlerFunc {
	return func(c echo.Context) error { return w.pages.Render(c, http.StatusOK, name, title, nil) }
}

// show returns a page for door.Answer.
func (w *entrance) show(name string, title ui.Text, data any) door.Page {
	return door.Shown(func(c echo.Context) error { return w.pages.Render(c, http.StatusOK, name, title, data) })
}
