package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
)

// signInPage carries the challenge that the card will answer.
type signInPage struct{ Nonce, Agent string }

// askSignIn shows the sign-in page with a new challenge. Whoever is signed in goes on, unless
// they want to sign in again.
func (w *entrance) askSignIn(c echo.Context) error {
	if v, _ := w.visits.Load(c); v.Customer != nil && c.QueryParam("again") == "" {
		return c.Redirect(http.StatusSeeOther, "/account")
	}
	nonce, err := w.challenges().Ask(c)
	if err != nil {
		return err
	}
	return w.pages.Render(c, http.StatusOK, "signin", titles.signIn, signInPage{Nonce: nonce, Agent: w.cfg.AgentURL})
}

// challenges are those of the sign-in.
func (w *entrance) challenges() rpweb.Challenges[visit] {
	return rpweb.Challenges[visit]{
		Visits: w.visits, Nonce: func(v *visit) *string { return &v.Nonce }, New: w.bank.Challenge, Origin: w.cfg.PublicURL,
	}
}

// signIn takes the card's answer to the bank.
func (w *entrance) signIn(c echo.Context) error {
	token, nonce, err := w.challenges().Answer(c)
	if err != nil {
		return err
	}
	if nonce == "" {
		return w.missing(c, needNonce)
	}
	in, err := w.bank.SignIn(c.Request().Context(), token, nonce)
	if err != nil {
		return &signInError{err}
	}
	w.visits.Renew(c, visit{Customer: &signedIn{Account: in.Account.Number, Name: in.Account.Holder, Previous: in.Previous}})
	return door.Answer(c, http.StatusOK, map[string]any{"account": accountJSON(in.Account)}, door.See(accountPath(in.Account.Number)))
}

// signInError is a refusal of a sign-in. By it, the way out leads back to the sign-in,
// whichever of the holder's certificates could not be checked.
type signInError struct{ error }

// Unwrap returns the bank's error.
func (e *signInError) Unwrap() error { return e.error }

// signOut ends the session.
func (w *entrance) signOut(c echo.Context) error {
	w.visits.End(c)
	return door.Answer(c, http.StatusOK, nil, door.See("/signed-out"))
}
