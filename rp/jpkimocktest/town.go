// Package jpkimocktest opens a whole town in a test: both certification authorities, the card
// and its agent, the bank and all other houses, on free ports of this machine and under one
// clock, and gives it to programs that rely on cards.
//
//	town := jpkimocktest.Open(t, "http://127.0.0.1:9000")
//	verifier := town.Verifier(t)                    // for the program under test
//	visitor := town.Visitor(t)
//	visitor.Goes("http://127.0.0.1:9000/")          // a page that asks for a card by card.js
//	visitor.LaysCard("hanako")                      // her card, her PIN
//	town.Happens(t, "hanako", "move")               // at the municipal counter
//	town.Advance(t, 0, 0, 1)                        // and a day later
//
// Without a town, and in a tenth of the time, rp/rptest has an authority and cards alone. Programs
// in other languages start the same town by its command: see docs/ci.md.
package jpkimocktest

import (
	"context"
	"crypto/x509"
	"maps"
	"path/filepath"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/client"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/seed"
)

// TB is what a town needs of a test.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Cleanup(func())
	Context() context.Context
	TempDir() string
}

// Town is a running town. Its methods that take a test fail it, and may be called from any test
// while the one that opened it runs.
type Town struct {
	// URLs are the houses by name: authority, card, bank, catv, gateway, medical, platform,
	// portal, utility and lobby.
	URLs map[string]string
	// Issuer is the common platform's, for OpenID Connect discovery.
	Issuer string
	// Keys open interfaces of the houses, by the names of the ready file: "officer", "bank-staff", …
	Keys map[string]string
	// VerifierID and VerifierKey are the program's in the register of verifiers.
	VerifierID, VerifierKey string

	origin string
	stage  *client.Town
	people map[string]ready.Persona
	now    func() time.Time
	trust  []*x509.Certificate
}

// Start is when the clock of a town starts, so that every run begins on the same day.
func Start() time.Time { return time.Date(2026, 4, 1, 1, 0, 0, 0, time.UTC) }

// Option changes a town before it is opened.
type Option struct {
	change func(*ecosystem.Config, *seed.Own)
}

// At starts the clock at another time.
func At(start time.Time) Option {
	return Option{func(c *ecosystem.Config, _ *seed.Own) { c.At = start }}
}

// Service registers a relying party at the common platform, that authenticates by
// private_key_jwt. id is letters and digits, and jwks its set of public keys (RFC 7517).
func Service(id string, jwks map[string]any, redirectURIs ...string) Option {
	return Option{func(_ *ecosystem.Config, o *seed.Own) {
		o.Services = append(o.Services, seed.Service{ID: id, Name: id, JWKS: jwks, RedirectURIs: redirectURIs})
	}}
}

// Tester opens the tester's screen at the common platform's sign-in, where a test person and an
// outcome are picked in place of laying a card (docs/integrate.md).
func Tester() Option {
	return Option{func(c *ecosystem.Config, _ *seed.Own) { c.Tester = true }}
}

// Open opens a town, and closes it at the end of the test. A program at origin, such as
// "http://127.0.0.1:9000", is in its register of verifiers. It takes about a second.
func Open(t TB, origin string, options ...Option) *Town {
	t.Helper()
	const id = "own-program"
	key := id + "-key-of-a-test"
	cfg := ecosystem.Config{Seed: seed.DefaultWorld, At: Start(), Manage: "127.0.0.1:0", Snapshots: true, SweepEvery: -1, KeysAhead: -1}
	own := seed.Own{Verifiers: []seed.Verifier{{ID: id, Name: "試験中のサービス", NameEN: "A service under test", Key: key, Origin: origin}}}
	for _, o := range options {
		o.change(&cfg, &own)
	}
	cfg.Init = filepath.Join(t.TempDir(), "own.yaml")
	if err := own.Write(cfg.Init); err != nil {
		t.Fatalf("jpkimocktest: %v", err)
	}
	e, err := ecosystem.Start(t.Context(), cfg)
	if err != nil {
		t.Fatalf("jpkimocktest: open the town: %v", err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("jpkimocktest: close the town: %v", err)
		}
	})
	r := e.Ready()
	town := &Town{
		URLs: maps.Clone(r.URLs), Issuer: r.Issuer, Keys: maps.Clone(r.Keys), VerifierID: id, VerifierKey: key,
		origin: origin, stage: client.New(r.Manage), people: map[string]ready.Persona{}, now: func() time.Time { return e.Clock().Now() },
	}
	for _, p := range r.Personas {
		town.people[p.ID] = p
	}
	if town.trust, err = rp.FetchAnchors(t.Context(), nil, r.URLs["authority"]); err != nil {
		t.Fatalf("jpkimocktest: %v", err)
	}
	return town
}

// Now is what the town's clock shows.
func (town *Town) Now() time.Time { return town.now() }

// Config is that of a verifier for the program's origin.
func (town *Town) Config() rp.Config {
	return rp.Config{Anchors: town.trust, Origin: town.origin, AuthorityURL: town.URLs["authority"], Key: town.VerifierKey, Now: town.Now}
}

// Verifier is a verifier for the program's origin.
func (town *Town) Verifier(t TB) *rp.Verifier {
	t.Helper()
	v, err := rp.NewVerifier(town.Config())
	if err != nil {
		t.Fatalf("jpkimocktest: %v", err)
	}
	return v
}

// Happens lets something happen to a person, brought to the front door where it belongs: move,
// marry, renew, lose, find, block-pin, die and so on, as docs/interfaces.md lists them. What
// follows at once has followed when it returns.
func (town *Town) Happens(t TB, person, event string) {
	t.Helper()
	if _, err := town.stage.Happens(t.Context(), person, event, stage.Details{}); err != nil {
		t.Fatalf("jpkimocktest: %s: %s: %v", person, event, err)
	}
}

// Advance moves the clock on by the calendar of Japan. All houses have done what falls due by
// then when it returns.
func (town *Town) Advance(t TB, years, months, days int) {
	t.Helper()
	if _, err := town.stage.MoveClock(t.Context(), stage.Move{Advance: &stage.Calendar{Years: years, Months: months, Days: days}, Wait: true}); err != nil {
		t.Fatalf("jpkimocktest: move the clock: %v", err)
	}
}

// PutBack puts the town back to how it was when it was opened. It may be left to t.Cleanup.
func (town *Town) PutBack(t TB) {
	t.Helper()
	if _, err := town.stage.Restore(context.WithoutCancel(t.Context()), stage.Beginning); err != nil {
		t.Fatalf("jpkimocktest: put the town back: %v", err)
	}
}

// Fault begins a fault of a house, named as docs/faults.md lists them: ("authority", "error").
// The function that it returns ends it, and may be left to t.Cleanup.
func (town *Town) Fault(t TB, house, name string) (end func()) {
	t.Helper()
	change := func(on, off []string) {
		if _, err := town.stage.SwitchFaults(context.WithoutCancel(t.Context()), house, on, off, fault.Setting{}); err != nil {
			t.Fatalf("jpkimocktest: fault %s of %s: %v", name, house, err)
		}
	}
	change([]string{name}, nil)
	return func() { change(nil, []string{name}) }
}
