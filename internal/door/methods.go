package door

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// routes tells of a path whether a handler is there for a method.
type routes struct {
	echo *echo.Echo
	all  map[[2]string]bool // by method and pattern
}

func routesOf(e *echo.Echo) routes {
	r := routes{e, map[[2]string]bool{}}
	for _, one := range e.Routes() {
		r.all[[2]string{one.Method, one.Path}] = true
	}
	return r
}

func (r routes) answers(method, path string) bool {
	found := r.echo.NewContext(nil, nil)
	r.echo.Router().Find(method, path, found)
	return r.all[[2]string{method, found.Path()}]
}

// otherMethod turns the router's 404 into 405 with Allow (RFC 9110 §15.5.6) where
// the path is there for other methods. echo itself does so except where a group
// with middleware answers for everything beneath its prefix.
func otherMethod(e *echo.Echo, err error, c echo.Context) error {
	if !errors.Is(err, echo.ErrNotFound) {
		return err
	}
	there, method := routesOf(e), c.Request().Method
	if there.all[[2]string{method, c.Path()}] {
		return err // a handler said it
	}
	var allow []string
	for _, other := range []string{http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPost, http.MethodPut} {
		if there.answers(other, c.Request().URL.EscapedPath()) {
			allow = append(allow, other)
		}
	}
	if len(allow) == 0 || slices.Contains(allow, method) {
		return err
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allow, ", "))
	return echo.ErrMethodNotAllowed
}

// knowsForm lets the page that answers a post lead back to the form, for the
// switch of the language: to the page that the form was on, or to the form's own
// address, if it can be read.
func knowsForm(e *echo.Echo) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if r := c.Request(); r.Method == http.MethodPost && WantsPage(r) {
				ui.Form(c, func() *url.URL { return formOf(routesOf(e), r) })
			}
			return next(c)
		}
	}
}

func formOf(there routes, r *http.Request) *url.URL {
	from, err := url.Parse(r.Referer())
	if err == nil && from.Host == r.Host && there.answers(http.MethodGet, from.EscapedPath()) {
		return from
	}
	if there.answers(http.MethodGet, r.URL.EscapedPath()) {
		return &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath}
	}
	return nil
}
