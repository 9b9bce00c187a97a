package ecosystem

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
)

// Faults are what a demonstration or a test lets go wrong: GET and PUT /faults
// at the authority, for scripts. They are forgotten at the end.
type Faults struct {
	// Silent: the authority gives no answer about certificates any more (OCSP,
	// CRL, and the interface for verifiers). Its desks go on.
	Silent bool `json:"silent"`
}

// silenced lists where an authority that is silent answers nothing.
var silenced = []string{"/ocsp/", "/crl/", "/verifier/"}

// withFaults lets go wrong what was asked for, in front of the authority.
func (e *Ecosystem) withFaults(next http.Handler) http.Handler {
	desk := door.New(door.Config{House: "authority", Hosts: e.hosts(), Log: e.cfg.Log})
	state := func(c echo.Context) error {
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.JSON(http.StatusOK, Faults{e.silent.Load()})
	}
	desk.GET("/faults", state)
	desk.PUT("/faults", func(c echo.Context) error {
		var wanted struct {
			Silent *bool `json:"silent"`
		}
		d := json.NewDecoder(c.Request().Body)
		d.DisallowUnknownFields()
		if err := d.Decode(&wanted); err != nil || wanted.Silent == nil || d.More() {
			return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: `want {"silent":true} or {"silent":false}`}
		}
		e.silent.Store(*wanted.Silent)
		return state(c)
	}, door.ScriptsOnly())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/faults" {
			desk.ServeHTTP(w, r)
			return
		}
		if e.silent.Load() {
			for _, at := range silenced {
				if strings.HasPrefix(r.URL.Path, at) {
					panic(http.ErrAbortHandler) // the line is cut without an answer
				}
			}
		}
		next.ServeHTTP(w, r)
	})
}
