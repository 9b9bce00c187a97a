// Package cookie is the one way in which a house keeps something in a browser.
// No script reads such a cookie and no page of another site sends it along with a
// form. Where browsers reach the house by https it goes over nothing else, and its
// name says so to the browser (RFC 6265bis 4.1.3): __Host- keeps out what a
// neighbour under the same domain has planted, __Secure- what came by http.
package cookie

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Cookie is a cookie of one name on one path.
type Cookie struct {
	// Name says whose it is: cookies ignore ports, so each house names its own
	// after itself, as "jpkimock_bank".
	Name string
	// Path bounds it to the pages below; empty for the whole house.
	Path string
	// Life is how long the browser keeps it; 0 for as long as it is open.
	Life time.Duration
}

// httpsKey holds whether browsers reach the house by https.
const httpsKey = "cookie.https"

// Public tells the cookies by which origin browsers reach the house; a proxy may
// stand between, so that the request itself does not say.
func Public(origin string) echo.MiddlewareFunc {
	https := strings.HasPrefix(strings.ToLower(origin), "https://")
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			c.Set(httpsKey, https)
			return next(c)
		}
	}
}

func secure(c echo.Context) bool {
	https, _ := c.Get(httpsKey).(bool)
	return https || c.Request().TLS != nil
}

// name gives the cookie's name as the browser knows it.
func (k Cookie) name(c echo.Context) string {
	switch {
	case !secure(c):
		return k.Name
	case k.Path == "":
		return "__Host-" + k.Name
	}
	return "__Secure-" + k.Name
}

// Get gives the value that the request brings, or "".
func (k Cookie) Get(c echo.Context) string {
	if found, err := c.Cookie(k.name(c)); err == nil {
		return found.Value
	}
	return ""
}

// Set gives the browser a value to keep.
func (k Cookie) Set(c echo.Context, value string) { k.set(c, value, int(k.Life.Seconds())) }

// Forget makes the browser drop it.
func (k Cookie) Forget(c echo.Context) { k.set(c, "", -1) }

func (k Cookie) set(c echo.Context, value string, maxAge int) {
	path := k.Path
	if path == "" {
		path = "/"
	}
	c.SetCookie(&http.Cookie{
		Name: k.name(c), Value: value, Path: path, MaxAge: maxAge, HttpOnly: true, Secure: secure(c), SameSite: http.SameSiteLaxMode,
	})
}
