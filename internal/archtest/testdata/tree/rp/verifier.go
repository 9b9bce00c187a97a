package rp

import (
	"example.jp/jpkimock/authority" // want import
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/simclock" // want import
	"example.jp/jpkimock/rp/rptest"         // want import
	"github.com/labstack/echo/v4"           // want confined
	web "github.com/labstack/echo/v4"       // want confined
	"golang.org/x/crypto/cryptobyte"        // want confined
	"net/http"
	"time"
)

// Now reads the wall clock as a default.
var Now = time.Now

// Verifier shows what it should not.
type Verifier struct {
	Clock *simclock.Clock // want exported
	inner *simclock.Clock
	inherited
}

type inherited struct {
	Deep map[string][]simclock.Clock // want exported
}

type alias = func(c echo.Context) error // want exported

type unseen struct{ Clock simclock.Clock }

// Handle takes a type of echo under an alias of the package's own.
func (v *Verifier) Handle(a alias) {}

// Context gives a type of echo whose package is renamed.
func Context() web.Context { return nil } // want exported

// Generic has a constraint.
func Generic[T interface{ Clock() simclock.Clock }](t T) {} // want exported

// Wide is an interface.
type Wide interface {
	Serve(echo.Context) // want exported
	hidden(echo.Context)
}

// Clock is inferred.
var Clock = simclock.New() // want exported

func unexported(c echo.Context) { _ = unseen{} }

func (u unseen) Exported(c echo.Context) {}

// Fine uses them inside only, and a parameter that is called like a hidden type.
func Fine(alias string) { c := simclock.New(); _ = c }
