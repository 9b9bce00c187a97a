// Package door is the HTTP entrance that every house shares: limits, time
// limits, security headers, the refusal of requests from foreign pages, the
// health check, and one way for errors to leave, as a page or as
// application/problem+json.
package door

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"example.jp/jpkimock/internal/ui"
)

// Limits of every door. A request beyond them is answered 4xx and changes
// nothing.
const (
	MaxBody         = 1 << 20 // octets in a request body, unless a route says less
	MaxHeader       = 16 << 10
	ReadHeaderTime  = 5 * time.Second
	ReadTime        = 20 * time.Second
	WriteTime       = 60 * time.Second
	IdleTime        = 60 * time.Second
	bodyLimitString = "1M"
)

// Config says whose door it is.
type Config struct {
	House string
	Pages *ui.Pages
	// Explain turns a domain error into a page's refusal. It is asked first;
	// false means that it does not know the error.
	Explain func(error) (ui.Refusal, bool)
	// FormTargets and Frames are other origins that a form of this house's
	// pages may post to (the redirects after a post count too).
	FormTargets []string
	// CrossOrigin lists the route patterns (of http.ServeMux) that a page of
	// another origin may post to, as "POST /return". Everything else that
	// changes something is refused to foreign pages.
	CrossOrigin []string
	// Health reports why the house cannot serve, or nil.
	Health func(context.Context) error
	Log    *slog.Logger
}

// New returns an echo with the shared middleware, assets left to the house.
func New(cfg Config) *echo.Echo {
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = func(err error, c echo.Context) { answerError(cfg, err, c) }
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{LogErrorFunc: func(c echo.Context, err error, stack []byte) error {
		cfg.Log.Error("panic", "house", cfg.House, "path", c.Request().URL.Path, "error", err, "stack", string(stack))
		return err
	}}))
	e.Use(headers(cfg))
	e.Use(sameOrigin(cfg.CrossOrigin))
	e.Use(middleware.BodyLimit(bodyLimitString))
	e.GET("/healthz", func(c echo.Context) error {
		if cfg.Health != nil {
			if err := cfg.Health(c.Request().Context()); err != nil {
				return c.JSON(http.StatusServiceUnavailable, map[string]string{"house": cfg.House, "status": "unavailable", "reason": err.Error()})
			}
		}
		return c.JSON(http.StatusOK, map[string]string{"house": cfg.House, "status": "ok"})
	})
	return e
}

// Server returns the HTTP server of a house with the shared time limits.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: ReadHeaderTime, ReadTimeout: ReadTime,
		WriteTimeout: WriteTime, IdleTimeout: IdleTime, MaxHeaderBytes: MaxHeader,
		ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
	}
}

func headers(cfg Config) echo.MiddlewareFunc {
	targets := strings.Join(append([]string{"'self'"}, cfg.FormTargets...), " ")
	policy := "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action " + targets
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			h.Set("Content-Security-Policy", policy)
			h.Set("X-Content-Type-Options", "nosniff")
			h.Set("Referrer-Policy", "no-referrer")
			return next(c)
		}
	}
}

// sameOrigin refuses what a page of another origin would change, by the
// browser's own Sec-Fetch-Site and Origin headers.
func sameOrigin(bypass []string) echo.MiddlewareFunc {
	guard := http.NewCrossOriginProtection()
	for _, p := range bypass {
		guard.AddInsecureBypassPattern(p)
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := guard.Check(c.Request()); err != nil {
				return Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "a page of another origin may not do this"}
			}
			return next(c)
		}
	}
}

// ScriptsOnly guards an API for scripts and servers against every request that
// a browser page could make: one with an Origin or Sec-Fetch header, one whose
// Host is a name other than allowed (DNS rebinding), or one with a body that
// is not JSON. hosts lists further host names (without port) beside localhost
// and IP addresses.
func ScriptsOnly(hosts ...string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Sec-Fetch-Mode") != "" {
				return Problem{Status: http.StatusForbidden, Code: "browser_refused", Detail: "this interface is for scripts: a request with an Origin or Sec-Fetch header is refused"}
			}
			if !hostAllowed(r.Host, hosts) {
				return Problem{Status: http.StatusMisdirectedRequest, Code: "foreign_host", Detail: fmt.Sprintf("host %q is not one this interface answers for", r.Host)}
			}
			if r.Method != http.MethodGet && r.Method != http.MethodHead && r.ContentLength != 0 && !IsJSON(r) {
				return Problem{Status: http.StatusUnsupportedMediaType, Code: "not_json", Detail: "the body must be application/json"}
			}
			return next(c)
		}
	}
}

func hostAllowed(hostport string, also []string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	host = strings.Trim(host, "[]")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil {
		return true
	}
	for _, h := range also {
		if strings.EqualFold(host, h) {
			return true
		}
	}
	return false
}

// IsJSON reports whether the request's body is declared to be JSON.
func IsJSON(r *http.Request) bool {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && t == "application/json"
}

// Problem is an error that leaves as application/problem+json (RFC 9457), or
// as a page where a page was asked for. Code is stable and for programs;
// Detail is for people who integrate.
type Problem struct {
	Status int
	Code   string
	Detail string
	// Extra members, e.g. triesLeft. It must not hold status, code, title or detail.
	Extra map[string]any
}

// Error gives code and detail.
func (p Problem) Error() string { return p.Code + ": " + p.Detail }

func (p Problem) body() map[string]any {
	m := map[string]any{"type": "about:blank", "title": http.StatusText(p.Status), "status": p.Status, "code": p.Code, "detail": p.Detail}
	for k, v := range p.Extra {
		m[k] = v
	}
	return m
}

// answerError is the one way an error leaves a house.
func answerError(cfg Config, err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	wantsPage := strings.Contains(c.Request().Header.Get("Accept"), "text/html") && cfg.Pages != nil
	if cfg.Explain != nil && wantsPage {
		if r, ok := cfg.Explain(err); ok {
			if rerr := cfg.Pages.Refuse(c, r); rerr != nil {
				cfg.Log.Error("error page failed", "house", cfg.House, "error", rerr)
			}
			return
		}
	}
	p := asProblem(err)
	reference := ""
	if p.Status >= http.StatusInternalServerError {
		reference = Reference()
		cfg.Log.Error("request failed", "house", cfg.House, "method", c.Request().Method, "path", c.Request().URL.Path, "reference", reference, "error", err)
	}
	if wantsPage {
		if rerr := cfg.Pages.Refuse(c, page(p, reference)); rerr == nil {
			return
		}
	}
	body := p.body()
	if reference != "" {
		body["reference"] = reference
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	if jerr := c.JSON(p.Status, body); jerr != nil {
		cfg.Log.Debug("answer not sent", "house", cfg.House, "error", jerr)
	}
}

func asProblem(err error) Problem {
	var p Problem
	if errors.As(err, &p) {
		return p
	}
	var he *echo.HTTPError
	if errors.As(err, &he) {
		codes := map[int]string{400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}
		code := codes[he.Code]
		if code == "" {
			code = "http_error"
		}
		return Problem{Status: he.Code, Code: code, Detail: http.StatusText(he.Code)}
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return Problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Detail: "the request body is too large"}
	}
	return Problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "the cause is in the log under the reference"}
}

func page(p Problem, reference string) ui.Refusal {
	r := ui.Refusal{Status: p.Status, Reference: reference, Detail: p.Error()}
	switch {
	case p.Status == http.StatusNotFound:
		r.Title = ui.Text{JA: "ページが見つかりません", EN: "Page not found"}
		r.Body = ui.Text{JA: "アドレスが変わったか、入力に誤りがあります。", EN: "The address has changed or was mistyped."}
	case p.Status >= http.StatusInternalServerError:
		r.Title = ui.Text{JA: "ただいま手続を続けられません", EN: "We cannot go on at the moment"}
		r.Body = ui.Text{JA: "お手数ですが、しばらくしてからもう一度お試しください。続く場合は、お問い合わせ番号をお知らせください。", EN: "Please try again in a while. If it goes on, tell us the reference below."}
	default:
		r.Title = ui.Text{JA: "この操作は受け付けられません", EN: "This cannot be accepted"}
		r.Body = ui.Text{JA: "入力の内容か、操作の順序をお確かめください。", EN: "Please check what was entered, and the order of the steps."}
	}
	return r
}

// Reference makes the number that joins an error page to a line in the log.
func Reference() string { return rand.Text()[:10] }
