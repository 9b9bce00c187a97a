package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// sitting is what is remembered of an officer's browser.
type sitting struct {
	Officer string // the ID; empty if not signed in
	Name    string // a secret name that the desks hold things under
	Ended   session.Ending
}

// InUse reports that an officer is signed in.
func (s sitting) InUse() bool { return s.Officer != "" }

// maxForm bounds the body of a form, in octets.
const maxForm = 32 << 10

// endedError is a request that needs an officer and has none.
type endedError struct{ why session.Ending }

func (e *endedError) Error() string {
	return "authority/desk/web: the session has ended: " + string(e.why)
}

// postError is an officer at a desk that the officer's post does not allow.
type postError struct {
	who    desk.Officer
	signIn string // leads to the sign-in of the officer who may, and back
}

func (e *postError) Error() string { return "authority/desk/web: " + e.who.ID + " may not do this" }

// signedIn gives the officer of the session.
func (d *Desks) signedIn(c echo.Context) (desk.Officer, bool) {
	s, _ := d.sittings.Load(c)
	return d.Officer(s.Officer)
}

// Sitting names the session of a request: what a desk holds for it is held under
// this name, which nobody else knows.
func (d *Desks) Sitting(c echo.Context) string {
	s, _ := d.sittings.Load(c)
	return s.Name
}

// Public answers everybody.
func (r *Room) Public(next echo.HandlerFunc) echo.HandlerFunc { return r.explain(r.greet(next)) }

// greet shows the layout who is signed in, remembers how a session ended that
// this request finds over, and reads the form.
func (r *Room) greet(next echo.HandlerFunc) echo.HandlerFunc {
	d := r.desks
	return func(c echo.Context) error {
		if who, ok := d.signedIn(c); ok {
			ui.SignedIn(c, officerName(who).In(ui.LangOf(c)), "/office/signout")
		} else if why := d.sittings.Ended(c); why != "" {
			d.sittings.Renew(c, sitting{Ended: why})
		}
		if c.Request().Method == http.MethodPost {
			c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, maxForm)
			if err := door.ParseForm(c.Request()); err != nil {
				return err
			}
		}
		return next(c)
	}
}

// admit lets in an officer with a role. Without a session the
// answer is the sign-in; a session that has ended is reported once.
func (r *Room) admit(role desk.Role, h Handler) echo.HandlerFunc {
	d := r.desks
	return r.Public(func(c echo.Context) error {
		who, ok := d.signedIn(c)
		switch {
		case ok && who.May(role):
			ui.SignedIn(c, Named(who.Name).In(ui.LangOf(c)), "/office/signout") // the header has the office
			return h(c, who)
		case ok:
			return &postError{who, door.SignInFor(c, "/office/signin")}
		}
		s, _ := d.sittings.Load(c)
		if s.Ended != "" || c.Request().Method != http.MethodGet {
			d.sittings.End(c)
			return &endedError{s.Ended}
		}
		return c.Redirect(http.StatusSeeOther, door.SignInFor(c, "/office/signin"))
	})
}
