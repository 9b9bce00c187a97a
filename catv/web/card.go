package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// purpose is what an answer of the card is for: an enrolment with contract papers
// that were read, or else a sign-in.
type purpose struct{ Enrolment *papers }

// askPage carries the challenge that a card will answer, and where to.
type askPage struct {
	Nonce, Agent, Return string
	Nickname             catv.Nickname // of an enrolment
}

// ask shows a page that hands the set over to the card agent.
func (w *set) ask(c echo.Context, page string, title ui.Text, p purpose) error {
	nonce, err := w.station.Challenge(c.Request().Context())
	if err != nil {
		return err
	}
	secret := ""
	w.visits.Update(c, func(v *visit) {
		if v.Secret == "" {
			v.Secret = held.Name()
		}
		secret = v.Secret
	})
	name := held.Name()
	if err := w.returns.Ask(name, secret, rpweb.Question[purpose]{Nonce: nonce, For: p, From: c.RealIP(), Watched: true}); err != nil {
		return err
	}
	data := askPage{Nonce: nonce, Agent: w.cfg.AgentURL, Return: w.cfg.PublicURL + "/answer/" + name}
	if p.Enrolment != nil {
		data.Nickname = p.Enrolment.Nickname
	}
	return w.Show(c, page, title, data)
}

// askSignIn asks for the card of who wants to sign in.
func (w *set) askSignIn(c echo.Context) error {
	if v, _ := w.visits.Load(c); v.Viewer != nil {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	return w.ask(c, "signin", titles.signIn, purpose{})
}

// answer keeps what the card agent's page posts, and goes on by a page of this
// house, with which the browser sends its cookie.
func (w *set) answer(c echo.Context) error {
	name := c.Param("name")
	if err := w.returns.Receive(c, name); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/answered/"+name)
}

// answered acts on the answer, as the browser that asked wanted.
func (w *set) answered(c echo.Context) error {
	v, _ := w.visits.Load(c)
	got, err := w.returns.Take(c.Param("name"), v.Secret)
	switch {
	case err != nil:
		return err
	case got.Trouble == "cancelled":
		w.visits.Update(c, func(v *visit) { v.Said = saidStopped })
		return c.Redirect(http.StatusSeeOther, "/")
	case len(got.Token) == 0:
		return &rpweb.TroubleError{Code: got.Trouble}
	}
	var who catv.Viewer
	tells := said("")
	if p := got.For.Enrolment; p != nil {
		who, err = w.station.Enrol(c.Request().Context(), p.enrolment(got.Token, got.Nonce))
		tells = saidEnrolled
	} else {
		who, err = w.station.SignIn(c.Request().Context(), got.Token, got.Nonce)
	}
	if err != nil {
		return err
	}
	w.welcome(c, watching{ID: who.ID, Nickname: who.Nickname, Presence: got.Presence}, who.Contract, tells)
	return c.Redirect(http.StatusSeeOther, "/")
}

// welcome begins a viewer's session, and tells the set whose box it is.
func (w *set) welcome(c echo.Context, who watching, number catv.ContractNumber, s said) {
	w.visits.Renew(c, visit{Viewer: &who, Said: s})
	if contract, err := w.station.Contract(c.Request().Context(), number); err == nil {
		rememberBox(c, contract.Box)
	}
}

// challenge gives a new challenge to a program.
func (w *set) challenge(c echo.Context) error {
	nonce, err := w.station.Challenge(c.Request().Context())
	if err != nil {
		return err
	}
	w.visits.Update(c, func(v *visit) { v.Nonce = nonce })
	return c.JSON(http.StatusOK, map[string]string{"nonce": nonce, "origin": w.cfg.PublicURL})
}

// takeNonce takes a program's challenge out of its session.
func (w *set) takeNonce(c echo.Context) (nonce string, err error) {
	nonce = session.Take(w.visits, c, func(v *visit) *string { return &v.Nonce })
	if nonce == "" {
		return "", rpweb.ErrNotAsked
	}
	return nonce, nil
}

// signInJSON signs a viewer in for a program. No reader is watched.
func (w *set) signInJSON(c echo.Context) error {
	token, err := rpweb.ReadToken(c)
	if err != nil {
		return err
	}
	nonce, err := w.takeNonce(c)
	if err != nil {
		return err
	}
	who, err := w.station.SignIn(c.Request().Context(), token, nonce)
	if err != nil {
		return err
	}
	return w.welcomeJSON(c, http.StatusOK, who)
}

// welcomeJSON begins a program's session, and says whose it is.
func (w *set) welcomeJSON(c echo.Context, status int, who catv.Viewer) error {
	w.welcome(c, watching{ID: who.ID, Nickname: who.Nickname, Script: true}, who.Contract, "")
	return c.JSON(status, map[string]any{"viewer": struct {
		ID       catv.ViewerID       `json:"id"`
		Nickname catv.Nickname       `json:"nickname"`
		Contract catv.ContractNumber `json:"contract"`
	}{who.ID, who.Nickname, who.Contract}})
}
