package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

// signInPath is where staff sign in.
const signInPath = "/staff/signin"

var (
	errSignedOut = errors.New("bank: desks: no member of staff is signed in")
	errKey       = errors.New("bank: desks: this is not the staff key")
	errShut      = errors.New("bank: desks: no staff key is set, so the desks are shut")
)

// only lets staff in.
func (w *desks) only(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if at, ok := w.posts.Load(c); !ok || !at.SignedIn {
			return door.SignInFirst(c, signInPath, errSignedOut)
		}
		ui.SignedIn(c, staffName.In(ui.LangOf(c)), "/staff/signout")
		return next(c)
	}
}

// signInPage is the sign-in: whether the key was wrong, and the page to go on to.
type signInPage struct {
	Wrong bool
	Next  string
}

// askSignIn shows the sign-in of staff.
func (w *desks) askSignIn(c echo.Context) error {
	if at, _ := w.posts.Load(c); at.SignedIn {
		return c.Redirect(http.StatusSeeOther, nextPage(c.QueryParam("next")))
	}
	return w.pages.Render(c, http.StatusOK, "staffsignin", titles.signIn, signInPage{Next: c.QueryParam("next")})
}

// signIn lets staff in by their key.
func (w *desks) signIn(c echo.Context) error {
	in, err := door.Read[struct{ Key, Next string }](c)
	if err != nil {
		return err
	}
	if w.keys.Shut() {
		return errShut
	}
	right, err := w.keys.Admit(c, in.Key)
	switch {
	case err != nil:
		return err
	case !right && door.WantsJSON(c.Request()):
		return errKey
	case !right:
		return w.pages.Render(c, http.StatusForbidden, "staffsignin", titles.signIn, signInPage{Wrong: true, Next: in.Next})
	}
	w.posts.Renew(c, post{SignedIn: true, Counter: held.Name()})
	return door.Answer(c, http.StatusOK, nil, door.See(nextPage(in.Next)))
}

func nextPage(asked string) string { return door.NextPage(asked, "/staff", "/staff", "/branch") }

// signOut ends the session.
func (w *desks) signOut(c echo.Context) error {
	w.posts.End(c)
	return c.Redirect(http.StatusSeeOther, signInPath)
}

// frontPage is the first page of staff.
type frontPage struct {
	Tally   bank.Tally
	Last    *bank.Report
	Waiting bank.Waiting
}

// front shows what there is to do.
func (w *desks) front(c echo.Context) error {
	ctx := c.Request().Context()
	var page frontPage
	var err error
	if page.Tally, err = w.bank.Tally(ctx); err != nil {
		return err
	}
	last, err := w.bank.Reports(ctx, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		page.Last = &last[0]
	}
	if page.Waiting, err = w.bank.CountWaiting(ctx); err != nil {
		return err
	}
	return w.pages.Render(c, http.StatusOK, "staff", titles.front, page)
}
