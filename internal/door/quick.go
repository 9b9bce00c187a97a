package door

import (
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Quick answers requests that programs make very often, before the router and the
// page middleware. The guards against foreign hosts and foreign pages still come
// first.
type Quick struct {
	// Under is the prefix of the paths that it may answer.
	Under string
	// Answer answers a request as the house's routes would, or returns false to
	// leave it to them: every refusal and every unusual request goes through the
	// whole door. It has then written nothing, and the request's body can be read
	// from its beginning.
	Answer func(http.ResponseWriter, *http.Request) bool
}

// errLeft is returned if Quick leaves a request to the routes.
var errLeft = errors.New("door: left to the routes")

// quick lets cfg.Quick go first. BenchmarkOCSPHandler of authority/web measures the
// gain.
func quick(cfg Config) echo.MiddlewareFunc {
	guard, fixed := originGuard(cfg.CrossOrigin), fixedHeaders(cfg)
	answer := caught(func(c echo.Context) error {
		if cfg.Quick.Answer(c.Response().Writer, c.Request()) {
			return nil
		}
		return errLeft
	})
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if !strings.HasPrefix(r.URL.Path, cfg.Quick.Under) || !hostAllowed(r.Host, cfg.Hosts) || guard.Check(r) != nil {
				return next(c)
			}
			err := answer(c)
			if err == errLeft {
				return next(c)
			}
			if err != nil { // a panic: answered with the headers of any other error
				maps.Copy(c.Response().Header(), fixed)
				c.SetPath(cfg.Quick.Under)
			}
			return err
		}
	}
}
