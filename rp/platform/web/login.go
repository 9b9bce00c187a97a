package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
)

// atLogin is an error at the pages of a request: its page offers to try again,
// and to go back to the service.
type atLogin struct {
	login platform.Login
	err   error
}

func (e *atLogin) Error() string { return e.err.Error() }

// Unwrap gives the error.
func (e *atLogin) Unwrap() error { return e.err }

const loginKey = "platform.login"

// shaped finds the request that a page belongs to and gives the page its face,
// error pages included. The answer handed over comes without the ticket.
func (w *entrance) shaped(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ui.Face(c, "bare")
		if c.Request().Method == http.MethodPost && strings.HasSuffix(c.Path(), "/hand") {
			return next(c)
		}
		login, err := w.platform.Login(c.Param("id"), ticket(c))
		if err != nil {
			return err
		}
		c.Set(loginKey, login)
		if login.Ask.Face != platform.WindowFace {
			ui.Face(c, string(login.Ask.Face))
		}
		// Forms of these pages end at the service: browsers look at the redirect.
		h := c.Response().Header()
		h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "form-action ", "form-action "+originOf(login.Ask.RedirectURI)+" ", 1))
		if err := next(c); err != nil {
			return &atLogin{login, err}
		}
		return nil
	}
}

func loginOf(c echo.Context) platform.Login {
	l, _ := c.Get(loginKey).(platform.Login)
	return l
}

func ticket(c echo.Context) string {
	if k, err := c.Cookie(ticketCookie); err == nil {
		return k.Value
	}
	return ""
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// loginPage is the page where the card signs in, or where consent is asked.
type loginPage struct {
	Here, Agent, Nonce, Return string
	Face                       platform.Face
	Service                    ui.Text
	Origin                     string // of the service
	Presence                   string // of the card that answered at the set
}

func (w *entrance) page(c echo.Context, nonce string) loginPage {
	l := loginOf(c)
	here := loginPath(l.ID)
	return loginPage{
		Here: here, Agent: w.cfg.AgentURL, Nonce: nonce, Return: w.cfg.PublicURL + here + "/hand", Face: l.Ask.Face,
		Service: nameOf(l.Ask.Client), Origin: originOf(l.Ask.RedirectURI), Presence: l.Presence(),
	}
}

func nameOf(sp platform.ServiceProvider) ui.Text { return ui.Text{JA: sp.Name, EN: sp.NameEN} }

// showLogin shows the sign-in page with a new challenge.
func (w *entrance) showLogin(c echo.Context) error {
	l := loginOf(c)
	if l.Verified() && !wantsJSON(c) {
		return c.Redirect(http.StatusSeeOther, loginPath(l.ID)+"/consent")
	}
	nonce, err := w.platform.Challenge(c.Request().Context(), l.ID, ticket(c))
	if err != nil {
		return err
	}
	if wantsJSON(c) {
		return c.JSON(http.StatusOK, map[string]any{
			"service": l.Ask.Client.ID, "name": l.Ask.Client.Name, "scopes": l.Ask.Scopes, "face": l.Ask.Face, "nonce": nonce, "origin": w.cfg.PublicURL,
		})
	}
	return w.pages.Render(c, http.StatusOK, "login", titles.login, w.page(c, nonce))
}

// answer takes the card's answer from the page itself.
func (w *entrance) answer(c echo.Context) error {
	token := []byte(c.FormValue("token"))
	if loginOf(c).Ask.Face == platform.TVFace && !wantsJSON(c) {
		return platform.ErrNoPresence // the set's page hands over, and a program has no reader
	}
	if wantsJSON(c) {
		var in struct{ Token json.RawMessage }
		if err := readJSON(c, &in); err != nil {
			return err
		}
		token = in.Token
	}
	out, err := w.platform.Answer(c.Request().Context(), loginOf(c).ID, ticket(c), token)
	if err != nil {
		return err
	}
	return w.goOn(c, out)
}

// hand keeps what a face that took the page's place posts, and goes on by GET,
// with which the browser sends the ticket.
func (w *entrance) hand(c echo.Context) error {
	id, r := c.Param("id"), c.Request()
	if err := door.ParseForm(r); err != nil {
		return err
	}
	if err := w.platform.Hand(id, r.PostForm.Get("token"), r.PostForm.Get("error"), r.PostForm.Get("presence")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, loginPath(id)+"/hand")
}

// take looks at what hand kept. The browser would stop a redirect to the service
// here, since the form began on the agent's page: a page goes on instead.
func (w *entrance) take(c echo.Context) error {
	out, err := w.platform.Take(c.Request().Context(), loginOf(c).ID, ticket(c))
	if err != nil {
		return err
	}
	if out.NeedsConsent {
		return c.Redirect(http.StatusSeeOther, loginPath(loginOf(c).ID)+"/consent")
	}
	c.Response().Header().Set("Refresh", "0; url="+out.ReturnTo)
	return w.pages.Render(c, http.StatusOK, "returning", titles.returning, map[string]any{"To": out.ReturnTo, "Service": nameOf(loginOf(c).Ask.Client)})
}

// goOn leads to the next page, or to the service.
func (w *entrance) goOn(c echo.Context, out platform.Outcome) error {
	switch {
	case wantsJSON(c) && out.NeedsConsent:
		return c.JSON(http.StatusOK, map[string]string{"next": "consent", "location": loginPath(loginOf(c).ID) + "/consent"})
	case wantsJSON(c):
		return c.JSON(http.StatusOK, map[string]string{"next": "service", "location": out.ReturnTo})
	case out.NeedsConsent:
		return c.Redirect(http.StatusSeeOther, loginPath(loginOf(c).ID)+"/consent")
	}
	return c.Redirect(http.StatusSeeOther, out.ReturnTo)
}

// askConsent shows what the service will be told.
func (w *entrance) askConsent(c echo.Context) error {
	if l := loginOf(c); !l.Verified() {
		return c.Redirect(http.StatusSeeOther, loginPath(l.ID))
	}
	return w.pages.Render(c, http.StatusOK, "consent", titles.consent, w.page(c, ""))
}

// consent takes the person's yes.
func (w *entrance) consent(c echo.Context) error {
	if wantsJSON(c) {
		var in struct{ Agree bool }
		if err := readJSON(c, &in); err != nil {
			return err
		}
		if !in.Agree {
			return w.decline(c)
		}
	}
	out, err := w.platform.Agree(c.Request().Context(), loginOf(c).ID, ticket(c))
	if err != nil {
		return err
	}
	return w.goOn(c, out)
}

// decline goes back to the service without signing in.
func (w *entrance) decline(c echo.Context) error {
	out, err := w.platform.Decline(c.Request().Context(), loginOf(c).ID, ticket(c))
	if err != nil {
		return err
	}
	return w.goOn(c, out)
}
