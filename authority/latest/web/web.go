// Package web is the latest four data service on HTTP: the addresses that accredited
// verifiers call, and the pages where a citizen sees their consents with what was delivered
// under them, and withdraws one.
//
// Elements are marked for tests by data-testid: consents-signin, consent-<number>,
// consent-state, delivered, to-withdrawal, document, sign-button, withdrawn, no-consents.
package web

import (
	"bytes"
	"embed"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/latest"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/browser"
	kit "example.jp/jpkimock/rp/latest"
)

// A session ends after Idle without a request, and after Age in any case.
const (
	Idle = 10 * time.Minute
	Age  = time.Hour
)

//go:embed all:templates
var files embed.FS

var templates = ui.Embedded(files, "templates", rpweb.Partials())

// Config is what the room is made of. All but AgentURL are required.
type Config struct {
	Service *latest.Service
	Now     func() time.Time
	Site    ui.Site // of the house
	// PublicURL is the house's own origin, AgentURL the card client's.
	PublicURL, AgentURL string
	// Problem gives the house's answer for an error of its own.
	Problem func(echo.Context, error) error
}

type room struct {
	cfg    Config
	pages  *ui.Pages
	visits *session.Store[visit]
}

// visit is what is remembered of a browser. Its pointers are replaced, never written through.
type visit struct {
	Nonce      string             // the challenge that a card must answer
	Who        *holder            // nil for nobody
	Withdrawal *latest.Withdrawal // waits for its signature
	Withdrawn  string             // the number of a consent, told once
}

// holder is who has shown their card.
type holder struct{ ID, Name string }

// InUse reports that somebody has shown their card.
func (v visit) InUse() bool { return v.Who != nil }

// Mount opens the room.
func Mount(e *echo.Echo, cfg Config) error {
	parsed, err := templates()
	if err != nil {
		return err
	}
	r := &room{cfg: cfg, visits: session.New[visit](session.Config{Cookie: "jpkimock_consents", Now: cfg.Now, Idle: Idle, Age: Age})}
	if r.pages, err = parsed.Pages(cfg.Site); err != nil {
		return err
	}
	e.GET("/card.js", echo.WrapHandler(browser.Handler()))

	g := e.Group("", r.programs)
	g.POST(kit.ConsentsPath, r.give)
	g.GET(kit.ConsentsPath+"/:number", r.state)
	g.POST(kit.DeliveriesPath, r.deliver)

	said := rpweb.Words{Match: refusals.Match, Fill: blanks}
	at := door.Room{Pages: r.pages, Explain: said.Explain, Describe: said.Describe}
	p := e.Group("/consents", rpweb.Private, at.Errors)
	p.GET("", r.consents)
	p.POST("/challenge", r.challenges().Tell)
	p.POST("/signin", r.signIn)
	p.POST("/signout", r.signOut)
	p.POST("/:number/withdrawal", r.draft)
	p.GET("/withdrawal", r.withdrawal)
	p.POST("/withdrawal", r.withdraw)
	return nil
}

// programs makes errors leave as problems, and keeps answers out of every cache.
func (r *room) programs(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		err := next(c)
		if err == nil {
			return nil
		}
		if line, ok := refusals.Match(err); ok {
			return line.Problem(err)
		}
		return r.cfg.Problem(c, err)
	}
}

func key(c echo.Context) string {
	key, _ := door.Bearer(c.Request())
	return key
}

// give takes a signed consent.
func (r *room) give(c echo.Context) error {
	in, err := door.Read[kit.Submission](c)
	if err != nil {
		return err
	}
	got, err := r.cfg.Service.Give(c.Request().Context(), key(c), in.Document, in.CMS)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, got.Consent)
}

// state gives a consent to the verifier who received it.
func (r *room) state(c echo.Context) error {
	got, err := r.cfg.Service.ConsentOf(c.Request().Context(), key(c), c.Param("number"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, got.Consent)
}

// deliver gives the latest data.
func (r *room) deliver(c echo.Context) error {
	in, err := door.Read[kit.Question](c)
	if err != nil {
		return err
	}
	got, err := r.cfg.Service.Deliver(c.Request().Context(), key(c), in.Service, in.Serial)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, got)
}

// Open gives an authority's service over a store. origin is the authority's own. What
// holders sign and show is verified with the kit, and with status from the authority's own
// responder.
func Open(a *authority.Authority, store latest.Store, now func() time.Time, origin string) (*latest.Service, error) {
	own := inside{a}
	cfg := rp.Config{Origin: origin, Now: now, AuthorityURL: "http://authority.invalid", Client: &http.Client{Transport: own}} // nobody is called
	for _, kind := range jpki.Kinds() {
		cfg.Anchors = append(cfg.Anchors, a.CACertificate(kind))
	}
	verifier, err := rp.NewVerifier(cfg)
	if err != nil {
		return nil, err
	}
	return latest.New(latest.Config{
		Now: now, Register: a, Ministry: a.Ministry, Store: store, Verifier: verifier,
	})
}

// inside carries the kit's questions to the responder without a network.
type inside struct{ authority *authority.Authority }

// RoundTrip answers POST /ocsp/<kind>.
func (own inside) RoundTrip(q *http.Request) (*http.Response, error) {
	defer func() { _ = q.Body.Close() }() // a buffer
	name, ok := strings.CutPrefix(q.URL.Path, "/ocsp/")
	kind, err := jpki.ParseKind(name)
	if !ok || err != nil || q.Method != http.MethodPost {
		return nil, fmt.Errorf("authority/latest/web: the verifier asks for %s %s", q.Method, q.URL.Path)
	}
	der, err := io.ReadAll(io.LimitReader(q.Body, rp.MaxOCSPResponse))
	if err != nil {
		return nil, err
	}
	answer, err := own.authority.OwnOCSP(q.Context(), kind, der)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Header: http.Header{"Content-Type": {"application/ocsp-response"}},
		Body: io.NopCloser(bytes.NewReader(answer.DER)), ContentLength: int64(len(answer.DER)), Request: q,
	}, nil
}

func base64Of(d rp.Document) string { return base64.StdEncoding.EncodeToString([]byte(d.Content)) }
