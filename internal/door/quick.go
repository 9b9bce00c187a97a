package door

import (
	"errors"
	"maps"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// Quick is an answer that a house gives very often, to programs alone, and so
// before the router and everything that concerns pages. The guards against
// foreign hosts and foreign pages come first all the same.
type Quick struct {
	// Under is how the paths begin that it may answer.
	Under string
	// Answer answers a request as the house's routes would, or leaves it to them
	// and reports false: whatever is refused, or is read in an unusual way, goes
	// through the whole door. It has then written nothing, and the request's body
	// can be read from its beginning.
	Answer func(http.ResponseWriter, *http.Request) bool
}

// errLeft is returned where Quick leaves a request to the routes.
var errLeft = errors.New("door: left to the routes")

// quick lets cfg.Quick go first. In authority/web BenchmarkOCSPHandler measures
// what that buys.
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
			if err != nil { // a panic: it leaves with the headers and the route of any other error
				maps.Copy(c.Response().Header(), fixed)
				c.SetPath(cfg.Quick.Under)
			}
			return err
		}
	}
}
