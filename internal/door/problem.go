package door

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"syscall"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// Problem is an error that leaves as application/problem+json (RFC 9457), or
// as a page where a page was asked for. Code is stable and for programs;
// Detail is for people who integrate.
type Problem struct {
	Status int
	Code   string
	Detail string
	// Extra members, e.g. triesLeft. One that is named as a member of every
	// problem (type, title, status, code, detail, reference) is not sent.
	Extra map[string]any
}

// Error gives code and detail.
func (p Problem) Error() string { return p.Code + ": " + p.Detail }

func (p Problem) body(reference string) map[string]any {
	m := map[string]any{}
	for k, v := range p.Extra {
		m[k] = v
	}
	m["type"], m["title"], m["status"], m["code"], m["detail"] = "about:blank", http.StatusText(p.Status), p.Status, p.Code, p.Detail
	delete(m, "reference")
	if reference != "" {
		m["reference"] = reference
	}
	return m
}

var (
	tooLarge = Problem{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Detail: "the request body is too large"}
	internal = Problem{Status: http.StatusInternalServerError, Code: "internal", Detail: "the cause is in the log under the reference"}
)

// hasLeft reports an error of writing to somebody who has left in the middle of the answer,
// as a page does that a person leaves.
func hasLeft(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, net.ErrClosed)
}

// answerError is the one way an error leaves a house.
func answerError(cfg Config, err error, c echo.Context) {
	if c.Response().Committed {
		if hasLeft(err) {
			return
		}
		cfg.Log.Error("error after the answer began", "house", cfg.House, "method", c.Request().Method, "route", c.Path(), "error", err)
		return
	}
	if errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil {
		return // the one who asked has gone
	}
	forget(c.Response().Header())
	cfg = cfg.of(err)
	if WantsPage(c.Request()) && cfg.Pages != nil {
		r := refusal(cfg, err)
		if r.Status >= http.StatusInternalServerError && r.Reference == "" {
			r.Reference = logged(cfg, err, c)
		}
		rerr := cfg.Pages.Refuse(c, r)
		if rerr == nil {
			return
		}
		cfg.Log.Error("error page failed", "house", cfg.House, "error", rerr)
	}
	p, reference := problem(cfg, err), ""
	if p.Status >= http.StatusInternalServerError {
		reference = logged(cfg, err, c)
	}
	c.Response().Header().Set(echo.HeaderContentType, "application/problem+json")
	if jerr := c.JSON(p.Status, p.body(reference)); jerr != nil {
		cfg.Log.Debug("answer not sent", "house", cfg.House, "error", jerr)
	}
}

// forget drops what a handler said of the answer that it then did not give.
func forget(h http.Header) {
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Disposition", "Content-Encoding", "Etag", "Last-Modified", "Expires", "Location"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept")
}

// logged writes the cause to the log and gives the number that finds it. The
// route stands for the address, which may hold a key or a name.
func logged(cfg Config, err error, c echo.Context) string {
	reference := Reference()
	attrs := []any{"house", cfg.House, "method", c.Request().Method, "route", c.Path(), "reference", reference, "error", err}
	var p *panicked
	if errors.As(err, &p) {
		attrs = append(attrs, "stack", string(p.stack))
	}
	cfg.Log.Error("request failed", attrs...)
	return reference
}

// refusal gives an error's page.
func refusal(cfg Config, err error) ui.Refusal {
	if cfg.Explain != nil {
		if r, ok := cfg.Explain(err); ok {
			r.Status = valid(r.Status)
			return r
		}
	}
	if itself, ok := saysItself(err); ok {
		return itself.Refusal()
	}
	return page(asProblem(err))
}

// sayer is an error of a piece that houses share, which has words of its own: a house's
// own come first.
type sayer interface {
	error
	Refusal() ui.Refusal
}

func saysItself(err error) (s sayer, ok bool) {
	ok = errors.As(err, &s)
	return s, ok
}

// problem gives an error's shape for programs.
func problem(cfg Config, err error) Problem {
	var own Problem
	if errors.As(err, &own) {
		return asProblem(err)
	}
	if cfg.Describe != nil {
		if p, ok := cfg.Describe(err); ok {
			p.Status = valid(p.Status)
			return p
		}
	}
	if cfg.Explain != nil {
		if r, ok := cfg.Explain(err); ok {
			return ofPage(r)
		}
	}
	return asProblem(err)
}

// ofPage gives what a page says for programs.
func ofPage(r ui.Refusal) Problem {
	return Problem{Status: valid(r.Status), Code: cmp.Or(r.Code, "refused"), Detail: cmp.Or(r.Detail, r.Title.In(ui.English))}
}

// valid gives a status that may be written as an error's.
func valid(status int) int {
	if status < 400 || status > 599 {
		return http.StatusInternalServerError
	}
	return status
}

func asProblem(err error) Problem {
	var p Problem
	var over *http.MaxBytesError
	var he *echo.HTTPError
	var attempts *TooManyAttempts
	itself, said := saysItself(err)
	switch {
	case errors.As(err, &attempts):
		return attempts.problem()
	case errors.As(err, &p):
		p.Status = valid(p.Status)
		return p
	case errors.As(err, &over):
		return tooLarge
	case said:
		return ofPage(itself.Refusal())
	case errors.As(err, &he) && he.Code >= 400 && he.Code < 500:
		return Problem{Status: he.Code, Code: codeOf(he.Code), Detail: http.StatusText(he.Code)}
	}
	return internal
}

// codeOf names the statuses that the router itself gives.
func codeOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "bad_request"
	case http.StatusNotFound:
		return "not_found"
	case http.StatusMethodNotAllowed:
		return "method_not_allowed"
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusUnsupportedMediaType:
		return "unsupported_media_type"
	}
	return "http_error"
}

func page(p Problem) ui.Refusal {
	r := ui.Refusal{Status: p.Status, Code: p.Code, Detail: p.Error()}
	switch {
	case p.Status == http.StatusNotFound:
		r.Title, r.Body = notFound.title, notFound.body
	case p.Status == http.StatusMisdirectedRequest:
		r.Title, r.Body = otherHost.title, otherHost.body
	case p.Status >= http.StatusInternalServerError:
		r.Title, r.Body = notNow.title, notNow.body
	default:
		r.Title, r.Body = notAccepted.title, notAccepted.body
	}
	return r
}

// Reference makes the number that joins an error page to a line in the log.
func Reference() string { return rand.Text()[:10] }
