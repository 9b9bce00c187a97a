// Package fault makes a house fail on purpose: one middleware that stands before
// any house. A house names its faults when it is wired; a demonstration or a
// test switches them on and off at run time, at GET and PUT /faults of that
// house. No house knows of them, and they are forgotten when the process ends.
//
// docs/decisions/0013-names-and-faults.md says why.
package fault

import (
	"time"

	"example.jp/jpkimock/internal/ui"
)

// Fault is one way in which a house can fail.
type Fault struct {
	// Name is the member that switches the fault at /faults: "silent".
	Name string
	Effect
	// Routes are the prefixes of the paths that fail; empty for every path but
	// those that manage the house: /clock, /faults and /healthz.
	Routes []string
	// ByPerson says that the fault can be kept to one person.
	ByPerson bool
	// Shown offers the fault to people in the lobby; nil leaves it to scripts.
	Shown *Words
}

// Words are how the lobby speaks of a fault.
type Words struct {
	Title, What ui.Text
	Begin, End  ui.Text // on the buttons; empty for the usual ones
}

// Effect is what happens to a request.
type Effect struct {
	silent  bool
	unheard bool
	within  bool
	status  int
	delay   time.Duration
}

// Silent closes the connection without an answer.
func Silent() Effect { return Effect{silent: true} }

// Unheard lets the house do what it is asked, and closes the connection without its
// answer.
func Unheard() Effect { return Effect{unheard: true} }

// Status answers with an HTTP status and a problem whose code is "fault".
func Status(status int) Effect { return Effect{status: status} }

// Within is the effect of a fault that the house itself makes, because only it can: it asks
// Switch.Strikes.
func Within() Effect { return Effect{within: true} }

// Looks is the header of a request by which the town only looks at a house, for the pages of
// the stage. A fault that is narrowed to some requests does not strike it: the visitor whom it
// is meant for would be served.
const Looks = "Jpkimock-Looks"

// LongestDelay bounds Slow.
const LongestDelay = 30 * time.Second

// Slow answers after a delay, by this machine's clock. It ends early when the
// client returns up.
func Slow(delay time.Duration) Effect { return Effect{delay: min(max(delay, 0), LongestDelay)} }

// Usual are the faults of a house without special ones: "silent", offered to
// people if it is given words, "slow" (3 s) and "error" (503). They cover the
// routes, or every path if none is given.
func Usual(shown *Words, routes ...string) []Fault {
	return []Fault{
		{Name: "silent", Effect: Silent(), Routes: routes, Shown: shown},
		{Name: "slow", Effect: Slow(3 * time.Second), Routes: routes},
		{Name: "error", Effect: Status(503), Routes: routes},
	}
}
