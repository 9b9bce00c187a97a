package door

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// limitBody refuses a body larger than MaxBody before a handler runs, unless
// the route is one that streams. Every other body is read whole first: one that
// breaks off or comes too slowly is refused here, and no handler takes the
// beginning of one for all of it.
func limitBody(streams []string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.Body == nil || r.Body == http.NoBody {
				return next(c)
			}
			r.Body = arriving{r.Body}
			if !slices.Contains(streams, c.Path()) {
				if err := readLimited(c, r); err != nil {
					return err
				}
			}
			return next(c)
		}
	}
}

func readLimited(c echo.Context, r *http.Request) error {
	if r.ContentLength > MaxBody {
		return tooLarge
	}
	read := interruptible(c.Response().Writer, r)
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody+1))
	read()
	if err != nil {
		return err
	}
	if len(body) > MaxBody {
		c.Response().Header().Set("Connection", "close")
		return tooLarge
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// ParseForm reads a form. One that cannot be read is a problem of whoever sent
// it.
func ParseForm(r *http.Request) error {
	err := r.ParseForm()
	var over *http.MaxBytesError
	var known Problem
	if err == nil || errors.As(err, &over) || errors.As(err, &known) {
		return err
	}
	return malformed("the form could not be read")
}

// ReadableForms refuses a form that cannot be read, which a handler that asks for
// a field of it would take for an empty one.
func ReadableForms(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r := c.Request(); r.Method == http.MethodPost && !IsJSON(r) {
			if err := ParseForm(r); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// arriving is a body on its way. Its errors are problems: a body that does not
// arrive is not the house's fault.
type arriving struct{ io.ReadCloser }

func (a arriving) Read(b []byte) (int, error) {
	n, err := a.ReadCloser.Read(b)
	switch {
	case err == nil || errors.Is(err, io.EOF):
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = Problem{Status: http.StatusRequestTimeout, Code: "too_slow", Detail: "the request body took too long to arrive"}
	default:
		err = Problem{Status: http.StatusBadRequest, Code: "incomplete", Detail: "the request body did not arrive whole"}
	}
	return n, err
}

// ownHost refuses a request for a host name that is not the house's.
func ownHost(hosts []string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if host := c.Request().Host; !hostAllowed(host, hosts) {
				return Problem{Status: http.StatusMisdirectedRequest, Code: "foreign_host", Detail: fmt.Sprintf("host %q is not one this house answers for: localhost, an IP address, or a name in JPKIMOCK_HOSTS", host)}
			}
			return next(c)
		}
	}
}

// sameOrigin refuses what a page of another origin would change, by the
// browser's own Sec-Fetch-Site and Origin headers. Another port of the same
// host is another origin.
func sameOrigin(bypass []string) echo.MiddlewareFunc {
	guard := originGuard(bypass)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := guard.Check(c.Request()); err != nil {
				return Problem{Status: http.StatusForbidden, Code: "foreign_page", Detail: "a page of another origin may not do this"}
			}
			return next(c)
		}
	}
}

func originGuard(bypass []string) *http.CrossOriginProtection {
	guard := http.NewCrossOriginProtection()
	for _, p := range bypass {
		guard.AddInsecureBypassPattern(p)
	}
	return guard
}

// Interface mounts an interface for scripts and servers below a path, if there is one.
func Interface(e *echo.Echo, path string, h http.Handler) {
	if h != nil {
		e.Any(path+"/*", echo.WrapHandler(http.StripPrefix(path, h)), ScriptsOnly())
	}
}

// ScriptsOnly guards an API for scripts and servers against every request that a
// browser page could make: one with an Origin or Sec-Fetch-Site header, or one
// with a body that is not JSON. Config.Hosts refuses the rest: a name that is not
// the house's.
func ScriptsOnly() echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if fromBrowser(r.Header) {
				return Problem{Status: http.StatusForbidden, Code: "browser_refused", Detail: "this interface is for scripts: a request with an Origin or Sec-Fetch-Site header is refused"}
			}
			if r.Method != http.MethodGet && r.Method != http.MethodHead && r.ContentLength != 0 && !IsJSON(r) {
				return Problem{Status: http.StatusUnsupportedMediaType, Code: "not_json", Detail: "the body must be application/json"}
			}
			return next(c)
		}
	}
}

// fromBrowser reports whether a page may have sent a request. A browser adds
// Sec-Fetch-Site to every request of a page, and Origin to every one that can
// change something; a page can prevent neither. The other Sec-Fetch headers say
// nothing: the fetch of Node sends Sec-Fetch-Mode.
func fromBrowser(h http.Header) bool {
	return len(h["Origin"]) > 0 || len(h["Sec-Fetch-Site"]) > 0
}

func hostAllowed(hostport string, also []string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil {
		return true
	}
	for _, h := range also {
		if h != "" && strings.EqualFold(host, h) {
			return true
		}
	}
	return false
}

// Bearer gives the key that a request shows in its Authorization header (RFC 6750
// §2.1). The scheme is read in any case (RFC 9110 §11.1); ok is false without a
// key.
func Bearer(r *http.Request) (key string, ok bool) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	key = strings.TrimSpace(key)
	return key, strings.EqualFold(scheme, "Bearer") && key != ""
}

// IsJSON reports whether the request's body is declared to be JSON.
func IsJSON(r *http.Request) bool {
	t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && t == "application/json"
}
