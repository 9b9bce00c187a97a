package web

import (
	"embed"
	"io/fs"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// The offices are pages for people at a desk: the municipal counter, the desk
// that suspends around the clock, the register of verifiers, and the fees.
//
// Every act goes the same way: a form (why is required), a page that says what
// the act would do to which certificate, the confirmation, and a page that
// says what was done and when. What waits for confirmation is kept in the
// officer's session, by a key that works once; PINs are typed by the holder on
// the page of confirmation and kept nowhere.
//
// Elements are marked for tests by data-testid:
//
//	officer, officer-key, signin          the sign-in form
//	office-<desk>                         a desk at /office: counter, suspension, verifiers, fees
//	search-name, search-birth, search-address, resident-search, search-result,
//	resident-link (data-id), new-resident the search of the counter
//	resident-name, resident-standing, register-address, card-picture (data-state)
//	cert-state-<kind>                     badge of the latest certificate; data-state has good, suspended,
//	                                      revoked, expired or none; data-serial and data-reason
//	certificates, cards, journal, former-entries
//	                                      tables of the resident's page
//	act-<event>                           the way to an act, e.g. act-move-house; an act that is not
//	                                      possible now has act-off-<event> and says why
//	field-<name>, kind-<kind>, why        the fields of any form; preview (the button), cancel
//	effects, effect                       what happens; an effect has data-kind, data-act (revoked,
//	                                      suspended, resumed, issued, unchanged), data-serial, data-reason
//	pin-<kind>, pin-<kind>-again          what the holder types; confirm (the button)
//	done (data-event), done-at, card-state, back-to-resident, next-<event>
//	                                      the page after an act
//	holder-name, holder-birth, holder-address, holder-search, no-holder, holder, timeline,
//	nothing-to-suspend, reference         the suspension desk
//	verifier-<id>, verifier-state (data-id, data-state), application-<id>, application-state, approve,
//	reject, verifier-key, conditions, audit, act-conditions, act-suspend, act-reinstate, act-withdraw
//	                                      the register of verifiers
//	apply, application-id, public-verifiers
//	                                      the public pages
//	month, statement-<verifier>, statement-count, statement-total, statements-csv, tariff, tariff-add
//	                                      the fees
//
// A refusal has the class refusal.
type office struct {
	cfg      Config
	pages    *ui.Pages // of the desks, under their bar
	public   *ui.Pages // for everybody, under the house's navigation
	sittings *session.Store[sitting]
	attempts *door.Attempts // at the officer key
}

// Life of an officer's session, on the simulated clock.
const (
	officeIdle = 30 * time.Minute
	officeAge  = 10 * time.Hour
)

//go:embed all:templates/office assets
var officeFiles embed.FS

var officeTemplates = ui.Embedded(officeFiles, "templates/office")

// officeAssets are the offices' own style sheet and script.
func officeAssets() (fs.FS, error) { return fs.Sub(officeFiles, "assets") }

// mountOffice opens the offices on the house's doors.
func mountOffice(e *echo.Echo, h *house) error {
	parsed, err := officeTemplates()
	if err != nil {
		return err
	}
	pages, err := parsed.Pages(officeSite(h.cfg))
	if err != nil {
		return err
	}
	public, err := parsed.Pages(site(h.cfg))
	if err != nil {
		return err
	}
	o := &office{cfg: h.cfg, pages: pages, public: public, attempts: h.attempts}
	o.sittings = session.New[sitting](session.Config{
		Cookie: "jpkimock_authority", Now: h.cfg.Clock.Now, Idle: officeIdle, Age: officeAge,
	})
	o.mount(e)
	return nil
}

// mount lists every door of the offices, with the role that opens it.
func (o *office) mount(e *echo.Echo) {
	public := func(f echo.HandlerFunc) echo.HandlerFunc { return o.inWords(o.greet(f)) }
	e.GET("/office", public(o.desks))
	e.GET("/office/signin", public(o.askSignIn))
	e.POST("/office/signin", public(o.signIn))
	e.POST("/office/signout", public(o.signOut))
	e.GET("/verifiers", public(o.publicVerifiers))
	e.GET("/verifiers/apply", public(o.askApplication))
	e.POST("/verifiers/apply", public(o.apply))

	counter := e.Group("/office/counter")
	at := func(method, path string, f deskHandler) { counter.Add(method, path, o.desk(desk.RoleCounter, f)) }
	at(get, "", o.counter)
	at(post, "/search", o.search)
	at(get, "/new", o.askNewcomer)
	at(post, "/new", o.prepareNewcomer)
	at(get, "/residents/:id", o.residentPage)
	at(get, "/residents/:id/acts/:event", o.askAct)
	at(post, "/residents/:id/acts/:event", o.prepareAct)
	at(get, "/papers/:key", o.showPaper)
	at(post, "/papers/:key", o.confirmPaper)
	at(get, "/done/:key", o.showDone)

	o.mountBackOffice(e)
}

// mountBackOffice lists the doors of the desks without a counter.
func (o *office) mountBackOffice(e *echo.Echo) {
	phone := e.Group("/office/suspension")
	at := func(g *echo.Group, role desk.Role, method, path string, f deskHandler) {
		g.Add(method, path, o.desk(role, f))
	}
	at(phone, desk.RoleSuspension, get, "", o.askHolder)
	at(phone, desk.RoleSuspension, post, "", o.findHolder)
	at(phone, desk.RoleSuspension, get, "/papers/:key", o.showHolder)
	at(phone, desk.RoleSuspension, post, "/papers/:key", o.suspendHolder)
	at(phone, desk.RoleSuspension, get, "/done/:key", o.showSuspended)

	ministry := e.Group("/office")
	at(ministry, desk.RoleMinistry, get, "/verifiers", o.verifiersPage)
	at(ministry, desk.RoleMinistry, get, "/verifiers/:id", o.verifierPage)
	at(ministry, desk.RoleMinistry, get, "/verifiers/:id/acts/:act", o.askVerifierAct)
	at(ministry, desk.RoleMinistry, post, "/verifiers/:id/acts/:act", o.doVerifierAct)
	at(ministry, desk.RoleMinistry, get, "/applications/:id", o.applicationPage)
	at(ministry, desk.RoleMinistry, post, "/applications/:id/approve", o.approve)
	at(ministry, desk.RoleMinistry, post, "/applications/:id/reject", o.reject)
	at(ministry, desk.RoleMinistry, get, "/fees", o.fees)
	at(ministry, desk.RoleMinistry, get, "/fees.csv", o.feesCSV)
	at(ministry, desk.RoleMinistry, post, "/fees/tariff", o.addTariff)
}

const get, post = "GET", "POST"

// officeSite is what the layout says of the offices to nobody in particular.
func officeSite(cfg Config) ui.Site {
	s := site(cfg)
	s.Tagline = sayOffice.tagline
	s.Nav = nil // the bar of desks stands in its place
	return s
}

// deskSite is what the layout says of an officer's desk: the counter is the
// municipality's, the accreditation the Minister's.
func deskSite(cfg Config, who desk.Officer) ui.Site {
	s := officeSite(cfg)
	s.Name, s.Tagline = mock(OfficeName(who)), deskTagline(who)
	return s
}

// pagesOf gives the desks' pages under the name of an officer's office; those
// of the house for nobody.
func (o *office) pagesOf(c echo.Context) *ui.Pages {
	who, ok := o.officer(c)
	if !ok {
		return o.pages
	}
	return o.pages.Under(deskSite(o.cfg, who))
}
