// Package door is the HTTP entrance that every house shares: limits, time
// limits, security headers, the refusal of requests from foreign pages, the
// health check, one reader of JSON and forms (Read), one way to answer people and
// programs at the same address (Answer), and one way for errors to leave, as a
// page or as application/problem+json.
//
// docs/decisions/0003-internal-door.md says why it is a room of its own.
package door

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/cookie"
	"example.jp/jpkimock/internal/ui"
)

// Limits of every door. A request beyond them is answered 4xx and changes
// nothing.
const (
	MaxBody        = 1 << 20 // octets in a request body, unless a route says less
	MaxHeader      = 16 << 10
	ReadHeaderTime = 5 * time.Second
	ReadTime       = 20 * time.Second
	WriteTime      = 60 * time.Second
	// IdleTime is longer than clients keep an idle connection (Go's for 90 s): where
	// the server ends it first, a request that is just on its way is lost.
	IdleTime = 2 * time.Minute
)

// Config says whose door it is.
type Config struct {
	House string
	Pages *ui.Pages
	// Explain turns a domain error into a page's refusal. It is asked first;
	// false means that it does not know the error. Where no page is wanted and
	// Describe does not know the error either, its status and code become a
	// problem.
	Explain func(error) (ui.Refusal, bool)
	// Describe turns a domain error into a problem for programs; false means
	// that it does not know the error.
	Describe func(error) (Problem, bool)
	// FormTargets are other origins that a form of this house's pages may post
	// to (the redirects after a post count too). Here and in ConnectTargets what is
	// empty is left out.
	FormTargets []string
	// ConnectTargets are other origins that scripts of this house's pages may
	// fetch from: the card agent's, for a page that watches a card.
	ConnectTargets []string
	// CrossOrigin lists the route patterns (of http.ServeMux) that a page of
	// another origin may post to, as "POST /return". Everything else that
	// changes something is refused to foreign pages.
	CrossOrigin []string
	// Streams lists the routes, as echo writes them, whose handlers read a body
	// of any length as it comes and set bounds of their own.
	Streams []string
	// Hosts are the host names, without port, by which the house is reached
	// beside localhost and IP addresses. A request for any other is refused with
	// 421: a page whose name server gives this machine's address away as its own
	// (DNS rebinding) would be of the same origin as what it asks.
	Hosts []string
	// PublicURL is the house's own origin as browsers see it. Cookies are Secure if
	// it is https, whatever stands between.
	PublicURL string
	// Health reports why the house cannot serve, or nil.
	Health func(context.Context) error
	// Quick goes before the router and the page middleware.
	Quick Quick
	Log   *slog.Logger
}

// New returns an echo with the shared middleware, assets left to the house.
// Every GET route answers HEAD as well.
func New(cfg Config) *echo.Echo {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = func(err error, c echo.Context) { answerError(cfg, otherMethod(e, err, c), c) }
	e.OnAddRouteHandler = func(host string, r echo.Route, h echo.HandlerFunc, m []echo.MiddlewareFunc) {
		if host == "" && r.Method == http.MethodGet {
			e.Add(http.MethodHead, r.Path, h, m...)
		}
	}
	if cfg.Quick.Answer != nil {
		e.Pre(quick(cfg))
	}
	e.Use(headers(cfg), cookie.Public(cfg.PublicURL), ui.KeepLang, caught, ownHost(cfg.Hosts), sameOrigin(cfg.CrossOrigin), limitBody(cfg.Streams), knowsForm(e))
	e.GET("/healthz", func(c echo.Context) error { return health(cfg, c) })
	return e
}

// health answers /healthz. Why a house cannot serve is for the log: the
// reason may name files and addresses.
func health(cfg Config, c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	answer, status := map[string]string{"house": cfg.House, "status": "ok"}, http.StatusOK
	if cfg.Health != nil {
		if err := cfg.Health(c.Request().Context()); err != nil {
			status, answer["status"], answer["reference"] = http.StatusServiceUnavailable, "unavailable", Reference()
			cfg.Log.Error("not healthy", "house", cfg.House, "reference", answer["reference"], "error", err)
		}
	}
	return c.JSON(status, answer)
}

// Server returns the HTTP server of a house with the shared time limits.
func Server(h http.Handler) *http.Server {
	return closes(&http.Server{
		Handler: h, ReadHeaderTimeout: ReadHeaderTime, ReadTimeout: ReadTime,
		WriteTimeout: WriteTime, IdleTimeout: IdleTime, MaxHeaderBytes: MaxHeader,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	})
}

// headers sets what every answer says to the browser. The referrer goes to no
// other origin. It is not "no-referrer", because with that browsers send
// "Origin: null" with a form of the house's own, and where the host is neither
// localhost nor behind TLS they send no Sec-Fetch-Site that would say better.
func headers(cfg Config) echo.MiddlewareFunc {
	fixed := fixedHeaders(cfg)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			maps.Copy(c.Response().Header(), fixed)
			return next(c)
		}
	}
}

// fixedHeaders gives what every answer of a door says. All answers share the
// values: net/http reads them only, and whoever adds to one copies it, since it is
// full.
func fixedHeaders(cfg Config) http.Header {
	targets := sources(cfg.FormTargets)
	policy := "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action " + targets
	if connect := sources(cfg.ConnectTargets); connect != sources(nil) {
		policy += "; connect-src " + connect
	}
	return http.Header{
		"Content-Security-Policy":      {policy},
		"X-Content-Type-Options":       {"nosniff"},
		"Referrer-Policy":              {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
	}
}

// sources lists the house's own origin and others, as a policy does.
func sources(others []string) string {
	list := "'self'"
	for _, o := range others {
		if o != "" {
			list += " " + o
		}
	}
	return list
}

// NoPage takes back what every answer says about pages, for one that no browser
// shows and that is given very often.
func NoPage(h http.Header) {
	delete(h, "Content-Security-Policy")
	delete(h, "Referrer-Policy")
	delete(h, "Cross-Origin-Resource-Policy")
}

// panicked is a panic on its way to the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// caught turns a panic into an error, so that it leaves as any other does.
func caught(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				err = &panicked{value: v, stack: debug.Stack()}
			}
		}()
		return next(c)
	}
}
