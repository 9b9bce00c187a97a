// Package web is the common platform's entrance. To services it speaks OpenID
// Connect: the authorization endpoint here, the others through zitadel/oidc's
// server (provider.go). To people it shows the page where the card signs in, at
// three faces, the question for consent, their records, and, to the platform's
// staff, the register of service providers.
//
// A person's request is bound to the browser that brought it by a ticket in a
// cookie of that request's own. Programs may go the same way in JSON: a request
// that accepts application/json is told nonce and origin, and answers with the
// card's token.
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
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/tester"
)

// Life of a session on the platform's own pages: it ends after Idle without a
// request, and after Age in any case.
const (
	Idle = 10 * time.Minute
	Age  = time.Hour
)

// maxForm bounds the bodies that services and people send, in octets.
const maxForm = 48 << 10

//go:embed all:templates assets
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Config is what the entrance needs. Platform and Now are required.
type Config struct {
	Platform *platform.Platform
	Now      func() time.Time
	// AgentURL is the origin of the card agent, as browsers see it; AgentPeer its
	// address for this server, which asks there whether a card still lies on the
	// set. Without AgentPeer only the page watches the card.
	AgentURL, AgentPeer string
	// PublicURL is the platform's own origin, as browsers and services see it.
	PublicURL string
	// Tester is the tester's screen; nil where it is switched off.
	Tester *tester.Screen
	// StaffKey opens the register. Empty, it stays shut.
	StaffKey string
	Lobby    string
	Log      *slog.Logger
	// Hosts are the host names by which the house is reached beside localhost and
	// IP addresses.
	Hosts []string
	// HTTP makes this server's requests; nil for one with a time limit.
	HTTP *http.Client
}

// entrance is the platform seen from the street.
type entrance struct {
	cfg      Config
	platform *platform.Platform
	pages    *ui.Pages
	visits   *session.Store[visit]
	staff    *staffroom.Room[visit]
	returns  *rpweb.CardReturn[platform.ClientID]
	presence rpweb.Presence
	chosen   *held.Box[tester.Pick]
}

// New returns the platform's endpoints and pages.
func New(cfg Config) (http.Handler, error) {
	if cfg.Platform == nil || cfg.Now == nil {
		return nil, errors.New("platform: web: Platform and Now are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 10 * time.Second}
	}
	for _, u := range []*string{&cfg.AgentURL, &cfg.AgentPeer, &cfg.PublicURL} {
		*u = strings.TrimRight(*u, "/")
	}
	w := &entrance{cfg: cfg, platform: cfg.Platform, chosen: newPicks(cfg)}
	w.returns = rpweb.NewCardReturn[platform.ClientID](rpweb.CardReturnConfig{Now: cfg.Now, Life: platform.LoginLifetime, Max: platform.MaxLogins, Origins: []string{cfg.AgentURL, cfg.PublicURL}})
	w.presence = rpweb.Presence{Agent: cfg.AgentPeer, HTTP: cfg.HTTP}
	w.visits = session.New[visit](session.Config{Cookie: "jpkimock_platform", Now: cfg.Now, Idle: Idle, Age: Age})
	e, pages, err := rpweb.Open(door.Config{
		Hosts: cfg.Hosts, PublicURL: cfg.PublicURL, Log: cfg.Log, Explain: w.explainPage, Describe: explainProblem,
		FormTargets: []string{cfg.AgentURL}, ConnectTargets: []string{cfg.AgentURL},
		CrossOrigin: []string{"POST /login/{id}/hand", "POST " + platform.IssuerPath + platform.AuthPath},
		Health:      func(context.Context) error { return cfg.Platform.Ping() },
	}, site(cfg.Lobby, cfg.Now), files, templates)
	if err != nil {
		return nil, err
	}
	w.pages, w.staff = pages, newStaff(cfg, pages, w.visits)
	w.mount(e)
	return e, openapi.Mount(e, api())
}

// mount is the list of the platform's addresses.
func (w *entrance) mount(e *echo.Echo) {
	provider := newProvider(w.platform, w.cfg.Log)
	op := e.Group(platform.IssuerPath, small)
	op.GET(platform.AuthPath, w.authorize)
	op.POST(platform.AuthPath, w.authorize)
	op.POST(platform.TokenPath, provider)
	op.GET(platform.UserInfoPath, provider)
	op.POST(platform.UserInfoPath, provider)
	op.GET(platform.CertsPath, provider)
	op.GET("/.well-known/openid-configuration", provider)

	scripted := e.Group("/api/sign-transactions", door.ScriptsOnly(), small)
	scripted.POST("", w.openTransaction)
	scripted.GET("/:transaction/result", w.takeResult)

	login := e.Group("/login/:id", small, w.shaped, door.ReadableForms)
	login.GET("", w.showLogin)
	login.POST("", w.answer)
	login.POST("/hand", w.hand)
	login.GET("/hand", w.take, w.watched)
	login.GET("/consent", w.askConsent, w.watched)
	login.POST("/consent", w.consent, w.watched)
	login.GET("/sign", w.askSignature, w.watched)
	login.POST("/sign", w.signature, w.watched)
	login.POST("/decline", w.decline)
	login.POST("/left", w.left)
	login.GET("/tester", w.askTester)
	login.POST("/tester", w.pick)
	login.GET("/tester/picked", w.picked)

	own := e.Group("", small, w.header, door.ReadableForms)
	own.GET("/", w.home)
	own.GET("/signin", w.askSignIn)
	own.POST("/signin", w.signIn)
	own.POST("/signout", w.signOut)
	own.GET("/logins", w.records)
	own.POST("/logins/withdraw", w.withdraw)

	own.GET("/register/signin", w.staff.Ask)
	own.POST("/register/signin", w.staff.SignIn)
	register := own.Group("/register", w.staff.OnlyAs("", func(v visit) bool { return v.Staff != "" }))
	register.GET("", w.register)
	register.GET("/new", w.newProvider)
	register.POST("/keys", w.rotateKeysByForm)
	register.GET("/:client", w.editProvider)
	register.POST("", w.saveProvider)

	scripts := e.Group("/register/v1", door.ScriptsOnly(), w.staff.Scripts("register"), small)
	scripts.GET("/keys", w.showKeys)
	scripts.POST("/keys", w.rotateKeys)
	scripts.GET("/providers", w.listProviders)
	scripts.PUT("/providers/:client", w.putProvider)
	scripts.GET("/providers/:client/log", w.providerLog)
}

// small bounds a body and keeps answers out of every cache, unless the handler
// says otherwise.
func small(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxForm)
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// shown is a page as an answer to people.
func (w *entrance) shown(name string, title ui.Text, data any) door.Page {
	return door.Shown(func(c echo.Context) error { return w.pages.Render(c, http.StatusOK, name, title, data) })
}
