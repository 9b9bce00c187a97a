// Package web is the bank's entrance: pages for people and the same acts as
// JSON for programs, at the same addresses. Its handlers only translate: form,
// domain call, redirect or page. A request whose body is application/json, or
// that accepts application/json, is answered in JSON; its errors are
// application/problem+json. The session is a cookie either way.
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

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/browser"
)

// Life of a session: it ends after Idle without a request, and after Age in
// any case.
const (
	Idle = 10 * time.Minute
	Age  = time.Hour
)

//go:embed all:templates assets
var files embed.FS

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
	Lobby        string
	Log          *slog.Logger
}

// entrance is the bank seen from the street.
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
	cfg.AgentURL = strings.TrimRight(cfg.AgentURL, "/")
	cfg.AuthorityURL = strings.TrimRight(cfg.AuthorityURL, "/")
	templates, err := fs.Sub(files, "templates")
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		return nil, err
	}
	pages, err := ui.NewPages(site(cfg.Lobby, cfg.Now), templates)
	if err != nil {
		return nil, err
	}
	w := &entrance{cfg: cfg, bank: cfg.Bank, pages: pages}
	w.visits = session.New[visit](session.Config{Cookie: "jpkimock_bank", Now: cfg.Now, Idle: Idle, Age: Age})
	e := door.New(door.Config{
		House: "bank", Pages: pages, Log: cfg.Log,
		Explain: func(err error) (ui.Refusal, bool) { return explainPage(err) },
		Health:  func(context.Context) error { return cfg.Bank.Ping() },
	})
	ui.MountAssets(e, assets)
	e.GET("/card.js", echo.WrapHandler(browser.Handler()))
	w.mount(e)
	return e, nil
}

// mount is the list of the bank's addresses.
func (w *entrance) mount(e *echo.Echo) {
	get := func(path string, h echo.HandlerFunc) { e.GET(path, h, inWords, w.header) }
	post := func(path string, h echo.HandlerFunc) { e.POST(path, h, inWords, w.header) }
	get("/", w.page("home", titles.home))
	get("/help", w.page("help", titles.help))

	get("/accounts/new", w.newAccount)
	post("/accounts/draft", w.writeDraft)
	get("/accounts/draft", w.showDraft)
	post("/accounts", w.openAccount)

	get("/signin", w.askSignIn)
	post("/signin/challenge", w.challenge)
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

// page shows a page that says the same to everybody.
func (w *entrance) page(name string, title ui.Text) echo.HandlerFunc {
	return func(c echo.Context) error { return w.pages.Render(c, http.StatusOK, name, title, nil) }
}

// inWords gives errors of the bank and of the kit their status and code, where
// they leave as a problem and not as a page.
func inWords(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err == nil || strings.Contains(c.Request().Header.Get("Accept"), "text/html") {
			return err
		}
		if p, ok := explainProblem(err); ok {
			return p
		}
		return err
	}
}
