package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
)

// visit is what the platform remembers of a browser on its own pages.
type visit struct {
	// Nonce is the challenge that this browser was given for its sign-in.
	Nonce string
	// Holder is who is signed in; empty for nobody.
	Holder platform.HolderID
	// Staff is who of the staff is signed in; empty for nobody. The register is
	// open to them.
	Staff string
}

// InUse reports that somebody is signed in.
func (v visit) InUse() bool { return v.Holder != "" || v.Staff != "" }

// header tells the layout who is signed in.
func (w *entrance) header(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		switch v, _ := w.visits.Load(c); {
		case v.Staff != "":
			ui.SignedIn(c, staffName(v.Staff).In(ui.LangOf(c)), "/signout")
		case v.Holder != "":
			ui.SignedIn(c, holderName.In(ui.LangOf(c)), "/signout")
		}
		return next(c)
	}
}

// home tells what the platform is, and for whom it verifies.
func (w *entrance) home(c echo.Context) error {
	all, err := w.platform.ServiceProviders(c.Request().Context())
	if err != nil {
		return err
	}
	return w.pages.Render(c, http.StatusOK, "home", titles.home, map[string]any{"Services": all, "Issuer": w.platform.Issuer()})
}

// askSignIn shows the sign-in page of the platform itself.
func (w *entrance) askSignIn(c echo.Context) error {
	if v, _ := w.visits.Load(c); v.Holder != "" {
		return c.Redirect(http.StatusSeeOther, "/logins")
	}
	challenge, err := w.platform.OwnChallenge(c.Request().Context())
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Nonce = challenge.Nonce })
	return w.pages.Render(c, http.StatusOK, "signin", titles.signIn, loginPage{Here: "/signin", Agent: w.cfg.AgentURL, Nonce: challenge.Nonce})
}

// signIn takes the card's answer. The challenge leaves the session first, so
// that of two answers only one is looked at.
func (w *entrance) signIn(c echo.Context) error {
	token, err := rpweb.ReadToken(c)
	if err != nil {
		return err
	}
	nonce := session.Take(w.visits, c, func(v *visit) *string { return &v.Nonce })
	if nonce == "" {
		return platform.ErrNoChallenge
	}
	holder, err := w.platform.SignIn(c.Request().Context(), token, nonce)
	if err != nil {
		return err
	}
	w.visits.Renew(c, visit{Holder: holder})
	return c.Redirect(http.StatusSeeOther, "/logins")
}

// signOut ends the session.
func (w *entrance) signOut(c echo.Context) error {
	w.visits.End(c)
	return c.Redirect(http.StatusSeeOther, "/")
}

// recordsPage is what a person finds of their own.
type recordsPage struct {
	Consents []consentLine
	Visits   []visitLine
	Most     int // visits that are shown
	Years    int // for which they are kept
}

type consentLine struct {
	platform.Consent
	Service ui.Text
	Told    []ui.Text
	Number  string // by which the service knows the person
}

type visitLine struct {
	platform.Visit
	Service, Face, Result ui.Text
	Told                  []ui.Text // what the service was given
	Number                string    // by its beginning; empty for what was given nothing
	Good                  bool
}

// records shows a person's consents and logins.
func (w *entrance) records(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Holder == "" {
		return c.Redirect(http.StatusSeeOther, "/signin")
	}
	r, err := w.platform.Records(c.Request().Context(), v.Holder)
	if err != nil {
		return err
	}
	name := func(id platform.ClientID) ui.Text {
		if id == "" {
			return ownPages
		}
		if sp, there := r.Services[id]; there {
			return nameOf(sp)
		}
		return ui.Text{JA: string(id), EN: string(id)}
	}
	page := recordsPage{Most: platform.HistoryLines, Years: platform.YearsKept}
	for _, given := range r.Consents {
		page.Consents = append(page.Consents, consentLine{given, name(given.Client), told(given.Scopes), r.Numbers[given.Client]})
	}
	for _, seen := range r.Visits {
		line := visitLine{Visit: seen, Service: name(seen.Client), Face: faceNames(seen.Face), Result: resultName(seen), Told: told(seen.Scopes)}
		if line.Good = seen.Result == platform.SignedIn; len(seen.Scopes) > 0 {
			line.Number = beginning(r.Numbers[seen.Client])
		}
		page.Visits = append(page.Visits, line)
	}
	return w.pages.Render(c, http.StatusOK, "logins", titles.logins, page)
}

// beginning is enough of a number to see whether two are the same.
func beginning(number string) string { return number[:min(len(number), 8)] }

// withdraw ends a consent.
func (w *entrance) withdraw(c echo.Context) error {
	v, _ := w.visits.Load(c)
	if v.Holder == "" {
		return c.Redirect(http.StatusSeeOther, "/signin")
	}
	in, err := door.Read[struct{ Client platform.ClientID }](c)
	if err != nil {
		return err
	}
	if err := w.platform.Withdraw(c.Request().Context(), v.Holder, in.Client); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/logins")
}
