package door

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// UpTo bounds the bodies of a route, in octets.
func UpTo(octets int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			r.Body = http.MaxBytesReader(c.Response(), r.Body, octets)
			return next(c)
		}
	}
}
