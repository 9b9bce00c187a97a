package door_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// browserAccept is what browsers send when they go to a page.
const browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

const secret = "SECRET-1234-花子"

var errRevoked = errors.New("the certificate is revoked")

// entrance is a house with one route for each way to leave.
type entrance struct {
	*echo.Echo
	log     *bytes.Buffer
	changed int // how often something was changed
}

func open(t *testing.T, more func(*door.Config)) *entrance {
	t.Helper()
	pages, err := ui.NewPages(ui.Site{House: "bank", Name: ui.Text{JA: "みほん銀行", EN: "Mihon Bank"}, Now: func() time.Time { return time.Unix(0, 0) }},
		fstest.MapFS{"page.html": {Data: []byte(`{{define "main"}}<p>page</p>{{end}}`)}, "half.html": {Data: []byte(`{{define "main"}}{{.Data.Nothing.Here}}{{end}}`)}})
	if err != nil {
		t.Fatal(err)
	}
	en := &entrance{log: &bytes.Buffer{}}
	cfg := door.Config{
		House: "bank", Pages: pages, Log: slog.New(slog.NewTextHandler(en.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Explain: func(err error) (ui.Refusal, bool) {
			return ui.Refusal{Status: 409, Code: "revoked", Title: ui.Text{JA: "失効", EN: "Revoked"}, Body: ui.Text{JA: "理由", EN: "Why"}}, errors.Is(err, errRevoked)
		},
		CrossOrigin: []string{"POST /return"},
	}
	if more != nil {
		more(&cfg)
	}
	en.Echo = door.New(cfg)
	fails := func(path string, err error) { en.GET(path, func(echo.Context) error { return err }) }
	en.GET("/page", func(c echo.Context) error { return pages.Render(c, 200, "page", ui.Text{JA: "頁"}, nil) })
	en.GET("/half", func(c echo.Context) error {
		return pages.Render(c, 200, "half", ui.Text{}, struct{ Nothing *struct{ Here int } }{})
	})
	fails("/problem", door.Problem{Status: 422, Code: "wrong_pin", Detail: "the PIN is wrong", Extra: map[string]any{"triesLeft": 2, "status": 200, "code": "x", "reference": "x"}})
	fails("/wrapped", fmt.Errorf("around: %w", door.Problem{Status: 404, Code: "no_card", Detail: "no such card"}))
	fails("/revoked", fmt.Errorf("around: %w", errRevoked))
	fails("/secret", errors.New("database: "+secret))
	fails("/badstatus", door.Problem{Status: 0, Code: "x"})
	fails("/http500", echo.NewHTTPError(503, secret))
	fails("/http418", echo.NewHTTPError(418, secret))
	en.GET("/panic/:key", func(echo.Context) error { panic(secret) })
	en.GET("/late", func(c echo.Context) error {
		if err := c.String(200, "begun"); err != nil {
			return err
		}
		return errors.New("too late")
	})
	en.GET("/typed", func(c echo.Context) error {
		c.Response().Header().Set("Content-Type", "application/ocsp-response")
		c.Response().Header().Set("Cache-Control", "public, max-age=900")
		c.Response().Header().Set("Content-Length", "7")
		return errRevoked
	})
	change := func(c echo.Context) error {
		b, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return err
		}
		en.changed++
		return c.String(200, fmt.Sprint(len(b)))
	}
	en.POST("/change", change)
	en.POST("/return", change)
	return en
}

func (en *entrance) do(method, path string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost:8083"+path, body)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	en.ServeHTTP(w, r)
	return w
}

func problemOf(t *testing.T, w *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type is %q: %s", got, w.Body)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
	var m map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &m); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	if int(m["status"].(float64)) != w.Code || m["title"] != http.StatusText(w.Code) || m["type"] != "about:blank" || m["code"] == "" {
		t.Errorf("status %d with %v", w.Code, m)
	}
	return m
}

func TestErrorsLeaveAsProblems(t *testing.T) {
	cases := []struct {
		path, code string
		status     int
	}{
		{"/problem", "wrong_pin", 422},
		{"/wrapped", "no_card", 404},
		{"/revoked", "revoked", 409},
		{"/typed", "revoked", 409},
		{"/secret", "internal", 500},
		{"/half", "internal", 500},
		{"/panic/KEY", "internal", 500},
		{"/badstatus", "x", 500},
		{"/http500", "internal", 500},
		{"/http418", "http_error", 418},
		{"/nowhere", "not_found", 404},
		{"/change", "method_not_allowed", 405},
	}
	for _, tc := range cases {
		t.Run(tc.path, func(t *testing.T) {
			en := open(t, nil)
			w := en.do("GET", tc.path, nil, "Accept", "*/*")
			m := problemOf(t, w)
			if w.Code != tc.status || m["code"] != tc.code {
				t.Errorf("%d %v, want %d %s", w.Code, m["code"], tc.status, tc.code)
			}
			if _, has := m["reference"]; has != (tc.status >= 500) {
				t.Errorf("reference there: %t", has)
			}
			if strings.Contains(w.Body.String(), "SECRET") {
				t.Errorf("leaked: %s", w.Body)
			}
		})
	}
	m := problemOf(t, open(t, nil).do("GET", "/problem", nil))
	if m["triesLeft"] != 2.0 {
		t.Errorf("triesLeft is lost: %v", m)
	}
}

func TestErrorsLeaveAsPages(t *testing.T) {
	cases := []struct {
		path, say string
		status    int
	}{
		{"/problem", "この操作は受け付けられません", 422},
		{"/revoked", "失効", 409},
		{"/secret", "ただいま手続を続けられません", 500},
		{"/half", "ただいま手続を続けられません", 500},
		{"/panic/KEY", "ただいま手続を続けられません", 500},
		{"/nowhere", "ページが見つかりません", 404},
		{"/typed", "理由", 409},
	}
	for _, tc := range cases {
		t.Run(tc.path, func(t *testing.T) {
			en := open(t, nil)
			w := en.do("GET", tc.path, nil, "Accept", browserAccept)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.say) || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				t.Errorf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			if got := w.Header().Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control is %q", got)
			}
			if strings.Contains(w.Body.String(), "SECRET") {
				t.Errorf("leaked: %s", w.Body)
			}
		})
	}
}

// TestTheReferenceFindsTheCause reads the number off the page and finds the
// cause beside it in the log, and the address nowhere: it may hold a key.
func TestTheReferenceFindsTheCause(t *testing.T) {
	for _, path := range []string{"/secret", "/panic/KEY"} {
		en := open(t, nil)
		w := en.do("GET", path, nil, "Accept", browserAccept)
		_, rest, _ := strings.Cut(w.Body.String(), "お問い合わせ番号: <code>")
		reference, _, ok := strings.Cut(rest, "</code>")
		if !ok || len(reference) != 10 {
			t.Fatalf("%s: no reference: %s", path, w.Body)
		}
		for line := range strings.SplitSeq(en.log.String(), "\n") {
			if strings.Contains(line, "reference="+reference) && strings.Contains(line, secret) {
				ok = ok && !strings.Contains(line, "KEY")
				if strings.HasPrefix(path, "/panic") && !strings.Contains(line, "door_test.go") {
					t.Errorf("the log does not say where the panic was: %s", line)
				}
			}
		}
		if !ok || strings.Count(en.log.String(), secret) != 1 {
			t.Errorf("%s: the log: %s", path, en.log)
		}
	}
}

func TestNothingIsAddedToAnAnswerThatHasBegun(t *testing.T) {
	en := open(t, nil)
	if w := en.do("GET", "/late", nil); w.Code != 200 || w.Body.String() != "begun" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if !strings.Contains(en.log.String(), "too late") {
		t.Errorf("not in the log: %s", en.log)
	}
}

func TestOneWhoHasGoneIsNotAnError(t *testing.T) {
	en := open(t, nil)
	en.GET("/slow", func(c echo.Context) error { return fmt.Errorf("query: %w", c.Request().Context().Err()) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	en.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/slow", nil).WithContext(ctx))
	if en.log.Len() != 0 || w.Body.Len() != 0 {
		t.Errorf("log %q, answer %q", en.log, w.Body)
	}
}

func TestOneWhoLeavesInTheMiddleOfAnAnswerIsNotAnError(t *testing.T) {
	en := open(t, nil)
	for path, err := range map[string]error{"/pipe": syscall.EPIPE, "/reset": syscall.ECONNRESET, "/closed": net.ErrClosed} {
		en.GET(path, func(c echo.Context) error {
			return errors.Join(c.String(200, "begun"), &net.OpError{Op: "write", Net: "tcp", Err: err})
		})
		if w := en.do("GET", path, nil); w.Body.String() != "begun" || en.log.Len() != 0 {
			t.Errorf("%s: answer %q, log %q", path, w.Body, en.log)
		}
	}
}

func TestDescribeComesBeforeExplain(t *testing.T) {
	en := open(t, func(c *door.Config) {
		c.Describe = func(err error) (door.Problem, bool) {
			return door.Problem{Status: 410, Code: "gone", Detail: "by reason", Extra: map[string]any{"reason": "keyCompromise"}}, errors.Is(err, errRevoked)
		}
	})
	if m := problemOf(t, en.do("GET", "/revoked", nil)); m["code"] != "gone" || m["reason"] != "keyCompromise" {
		t.Errorf("%v", m)
	}
	if w := en.do("GET", "/revoked", nil, "Accept", browserAccept); w.Code != 409 {
		t.Errorf("the page has status %d", w.Code)
	}
	if m := problemOf(t, en.do("GET", "/secret", nil)); m["code"] != "internal" {
		t.Errorf("%v", m)
	}
}

func TestWhoWantsAPage(t *testing.T) {
	cases := []struct {
		accept []string
		want   bool
	}{
		{nil, false},
		{[]string{""}, false},
		{[]string{"*/*"}, false},
		{[]string{browserAccept}, true},
		{[]string{"text/html"}, true},
		{[]string{"TEXT/HTML; charset=utf-8"}, true},
		{[]string{"application/json"}, false},
		{[]string{"application/json, text/html;q=0.5"}, false},
		{[]string{"application/problem+json", "text/html;q=0.9"}, false},
		{[]string{"application/json;q=0.5", "text/html"}, true},
		{[]string{"text/html;q=0"}, false},
		{[]string{"text/html;q=2"}, false},
		{[]string{"text/html;q=NaN"}, false},
		{[]string{"text/htmlx"}, false},
		{[]string{"application/json;x=text/html"}, false},
		{[]string{";;;,,,text/html"}, true},
	}
	for _, tc := range cases {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Accept"] = tc.accept
		if got := door.WantsPage(r); got != tc.want {
			t.Errorf("%q: %t", tc.accept, got)
		}
	}
}

func TestHealth(t *testing.T) {
	w := open(t, nil).do("GET", "/healthz", nil)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"status":"ok"`) || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	en := open(t, func(c *door.Config) {
		c.Health = func(context.Context) error { return errors.New("/data/bank.db: " + secret) }
	})
	w = en.do("GET", "/healthz", nil)
	if w.Code != 503 || strings.Contains(w.Body.String(), "SECRET") || !strings.Contains(en.log.String(), secret) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	en := open(t, func(c *door.Config) { c.FormTargets = []string{"http://localhost:8082"} })
	for _, path := range []string{"/page", "/nowhere", "/secret", "/panic/x", "/healthz"} {
		h := en.do("GET", path, nil).Header()
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self' http://localhost:8082"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: %v", path, h)
		}
	}
}
