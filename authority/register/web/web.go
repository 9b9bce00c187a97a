// Package web is the desks that act on residents: the municipal counter and the
// desk that suspends around the clock.
//
// What waits for confirmation is held for the officer's session, under a key
// that works once; PINs are typed by the holder on the page of confirmation and
// kept nowhere.
//
// Elements are marked for tests by data-testid, beside those of the frame:
//
//	search-name, search-birth, search-address, resident-search, search-result,
//	resident-link (data-id), new-resident the search of the counter
//	resident-name, resident-standing, register-address, card-picture (data-state)
//	cert-state-<kind>                     badge of the latest certificate; data-state has good, suspended,
//	                                      revoked, expired or none; data-serial and data-reason
//	certificates, cards, journal, former-entries
//	                                      tables of the resident's page
//	act-<event>                           the link to an act, e.g. act-move-house; an act that is not
//	                                      possible now has act-off-<event> and says why
//	effects, effect                       what happens; an effect has data-kind, data-act (revoked,
//	                                      suspended, resumed, issued, unchanged), data-serial, data-reason
//	pin-<kind>, pin-<kind>-again          what the holder types; confirm (the button)
//	done (data-event), done-at, card-state, back-to-resident, next-<event>
//	                                      the page after an act
//	holder-name, holder-birth, holder-address, holder-search, no-holder, holder, timeline,
//	nothing-to-suspend, reference         the suspension desk
package web

import (
	"cmp"
	"embed"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/desk"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/shown"
	"example.jp/jpkimock/internal/ui"
)

//go:embed all:templates
var files embed.FS

var templates = ui.Embedded(files, "templates", frame.Partials())

// desks is the counter and the suspension desk.
type desks struct {
	*frame.Room
	frame    *frame.Desks
	agency   *authority.Authority
	now      func() time.Time
	searches *held.Box[searchTerms] // by the session's name
	pending  *held.Box[pending]     // by key
}

// Bounds of what the desks hold for officers. It is dropped with the session
// that it belongs to, or after it.
const (
	holdFor = 10 * time.Hour
	holdMax = 4096
)

// Mount opens the desks in a frame.
func Mount(e *echo.Echo, f *frame.Desks, agency *authority.Authority, now func() time.Time) error {
	room, err := f.Room(templates, Rules())
	if err != nil {
		return err
	}
	d := &desks{
		Room: room, frame: f, agency: agency, now: now,
		searches: held.New(held.Config[searchTerms]{Now: now, Life: holdFor, Max: holdMax, Yields: func(searchTerms) bool { return true }}),
		pending:  held.New(held.Config[pending]{Now: now, Life: holdFor, Max: holdMax, Yields: func(pending) bool { return true }}),
	}
	room.Desk(e, desk.RoleCounter, map[string]frame.Handler{
		"GET /office/counter":                            d.counter,
		"POST /office/counter/search":                    d.search,
		"GET /office/counter/new":                        d.askNewcomer,
		"POST /office/counter/new":                       d.prepareNewcomer,
		"GET /office/counter/residents/:id":              d.residentPage,
		"GET /office/counter/residents/:id/acts/:event":  d.askAct,
		"POST /office/counter/residents/:id/acts/:event": d.prepareAct,
		"GET /office/counter/pending/:key":               d.showPending,
		"POST /office/counter/pending/:key":              d.confirm,
		"GET /office/counter/done/:key":                  d.showDone,
	})
	room.Desk(e, desk.RoleSuspension, map[string]frame.Handler{
		"GET /office/suspension":               d.askHolder,
		"POST /office/suspension":              d.findHolder,
		"GET /office/suspension/pending/:key":  d.showHolder,
		"POST /office/suspension/pending/:key": d.suspendHolder,
		"GET /office/suspension/done/:key":     d.showSuspended,
	})
	return nil
}

// Errors of the desks.
var (
	errGone     = errors.New("authority/register/web: nothing of this key waits for confirmation")
	errNoResult = errors.New("authority/register/web: this session has no such result")
)

// act is what an officer was shown, before it is confirmed.
type act struct {
	Notice register.Notice       // without PINs; Seen is the version that the officer was shown
	Search register.HolderSearch // of the suspension desk
	// Newcomer is a first entry in the register; of the Notice it has who and
	// why.
	Newcomer *register.Resident
	Made     time.Time
}

// outcome is what came of an act.
type outcome struct {
	Done      authority.Done
	Before    []register.Certificate // those that could change, as they were
	Reference string                 // of a suspension
	Newcomer  *register.Resident     // who was entered; then Done has the time alone
}

// pending is an act that waits for confirmation, or was confirmed.
type pending struct {
	act
	key     string
	sitting string // whose it is
	taken   bool
	outcome *outcome
}

// hold keeps an act for confirmation and gives its key.
func (d *desks) hold(c echo.Context, a act) (key string) {
	a.Made, key = d.now(), held.Name()
	_ = d.pending.Put(key, pending{act: a, key: key, sitting: d.frame.Sitting(c)}) // a full box pushes the oldest out
	return key
}

// update changes the act of this session that the address names.
func (d *desks) update(c echo.Context, change func(*pending) error) (pending, error) {
	return d.pending.Update(c.Param("key"), func(p *pending) error {
		if p.sitting != d.frame.Sitting(c) {
			return errGone
		}
		return change(p)
	})
}

// look gives an act that waits for confirmation.
func (d *desks) look(c echo.Context) (pending, error) {
	p, err := d.update(c, func(*pending) error { return nil })
	if err != nil || p.taken {
		return pending{}, errGone
	}
	return p, nil
}

// once does an act that waits: it is taken first, so that of two confirmations
// only one does it. An act that fails can be tried again; what came of it is
// shown under the same key.
func (d *desks) once(c echo.Context, do func(act) (outcome, error)) error {
	p, err := d.update(c, func(p *pending) error {
		if p.taken {
			return errGone
		}
		p.taken = true
		return nil
	})
	if err != nil {
		return errGone
	}
	came, failed := do(p.act)
	_, err = d.update(c, func(p *pending) error {
		if p.taken = failed == nil; p.taken {
			p.outcome = &came
		}
		return nil
	})
	if failed != nil {
		return failed
	}
	return err
}

// seen gives the version of the page that a confirmation comes from; that of the
// first page, unless the form says another.
func seen(c echo.Context, p pending) shown.Version {
	return cmp.Or(shown.Version(c.FormValue("seen")), p.Notice.Seen)
}

// again reports whether an act would now be shown otherwise, and with which status:
// 409 for a confirmation.
func again(c echo.Context, p pending, now shown.Version) (changed bool, status int) {
	changed = seen(c, p) != now
	if changed && c.Request().Method == http.MethodPost {
		return changed, http.StatusConflict
	}
	return changed, http.StatusOK
}

// result gives what came of an act.
func (d *desks) result(c echo.Context) (outcome, error) {
	p, err := d.update(c, func(*pending) error { return nil })
	if err != nil || p.outcome == nil {
		return outcome{}, errNoResult
	}
	return *p.outcome, nil
}
