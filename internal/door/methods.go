package door

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// otherMethod turns the router's 404 into 405 with Allow (RFC 9110 §15.5.6) where
// the path is there for other methods. echo itself does so except where a group
// with middleware answers for everything beneath its prefix.
func otherMethod(e *echo.Echo, err error, c echo.Context) error {
	if !errors.Is(err, echo.ErrNotFound) {
		return err
	}
	there := map[[2]string]bool{}
	for _, r := range e.Routes() {
		there[[2]string{r.Method, r.Path}] = true
	}
	if there[[2]string{c.Request().Method, c.Path()}] {
		return err // a handler said it
	}
	path := c.Request().URL.EscapedPath()
	var allow []string
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPost, http.MethodPut} {
		found := e.NewContext(nil, nil)
		e.Router().Find(method, path, found)
		if there[[2]string{method, found.Path()}] {
			allow = append(allow, method)
		}
	}
	if len(allow) == 0 || slices.Contains(allow, c.Request().Method) {
		return err
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allow, ", "))
	return echo.ErrMethodNotAllowed
}
