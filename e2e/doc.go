// Package e2e tells the stories of the people in seed, played in a headless
// browser against a whole town that runs in the test's own process: opening a
// bank account by touching a card, signing in the next day, and what a person
// is told when it cannot be done.
//
// A story starts a World, takes a Person of it, and lets the person act:
//
//	w := NewWorld(t)
//	hanako := w.As(t, "hanako")
//	hanako.OpensAnAccount()
//	hanako.Sees("account-number")
//
// Elements are found by role or by data-testid, never by style; nothing waits
// for a fixed time. A failing story leaves the pages that were open, as pictures
// and as HTML, in e2e/out/failed; with E2E_TRACE=true also a trace of every step
// (npx playwright show-trace FILE). Whatever a page logs as an error, and every
// request that leaves this machine, fails the story too.
//
// What the stories need is installed by e2e/setup.sh (make setup). Without it
// they skip; under CI=true they fail.
package e2e
