package web

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/attributes"
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
		login, err := w.platform.Login(c.Param("id"), ticketOf(c.Param("id")).Get(c))
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
	// Attributes are what the card is to tell of its holder, and Told and Untold what people call
	// what the service is told of the four basic data, and what it is not.
	Attributes   []string
	Told, Untold []ui.Text
	// Tester is the address of the tester's screen; empty where it is switched off.
	Tester string
	// Values are what the card says of Told, in its order; none before a card has answered.
	Values []ui.Text
	// Digest is the SHA-256 that the person is to sign, in base64; empty for none.
	Digest string
	// Groups are the same as people compare it with what the card's window shows.
	Groups []string
}

func (w *entrance) page(c echo.Context, nonce string) loginPage {
	l := loginOf(c)
	here := loginPath(l.ID)
	asked := platform.Attributes(l.Ask.Scopes)
	untold := slices.DeleteFunc(attributes.Names(), func(name string) bool { return slices.Contains(asked, name) })
	tester := ""
	if w.cfg.Tester != nil && l.Ask.Face != platform.TVFace { // a set watches a card, and there is none
		tester = testerPath(l.ID)
	}
	digest, groups := "", []string(nil)
	if l.Ask.Transaction != nil {
		digest, groups = l.Ask.Transaction.Base64(), l.Ask.Transaction.Groups()
	}
	return loginPage{
		Digest: digest, Groups: groups, Tester: tester, Attributes: asked, Told: told(asked), Untold: told(untold), Values: values(l.Told(), asked),
		Here: here, Agent: w.cfg.AgentURL, Nonce: nonce, Return: w.cfg.PublicURL + here + "/hand", Face: l.Ask.Face,
		Service: nameOf(l.Ask.Client), Origin: originOf(l.Ask.RedirectURI), Presence: l.Presence(),
	}
}

// values says what a card says of its holder, as people read it.
func values(told attributes.Claims, asked []string) (all []ui.Text) {
	if told == nil {
		return nil
	}
	for _, name := range asked {
		said, _ := told[name].(string)
		switch name {
		case "address":
			formatted, _ := told[name].(map[string]string)
			said = formatted["formatted"]
		case "birthdate":
			if day, err := time.Parse(time.DateOnly, said); err == nil {
				all = append(all, ui.Text{JA: jpki.JapaneseDay(day), EN: day.Format("2 January 2006")})
				continue
			}
		case "gender":
			all = append(all, genderNames[said])
			continue
		}
		all = append(all, ui.Text{JA: said, EN: said})
	}
	return all
}

func nameOf(sp platform.ServiceProvider) ui.Text { return ui.Text{JA: sp.Name, EN: sp.NameEN} }

// showLogin shows the sign-in page with a new challenge. Where the card agent
// takes the page's place the answer comes back by hand and take.
func (w *entrance) showLogin(c echo.Context) error {
	l := loginOf(c)
	if l.Verified() && !door.WantsJSON(c.Request()) {
		return c.Redirect(http.StatusSeeOther, pending(l))
	}
	nonce, err := w.platform.Challenge(c.Request().Context(), l.ID, l.Ticket)
	if err != nil {
		return err
	}
	if l.Ask.Face != platform.WindowFace {
		err := w.returns.Ask(l.ID, l.Ticket, rpweb.Question[platform.ClientID]{Nonce: nonce, For: l.Ask.Client.ID, From: c.RealIP(), Watched: l.Ask.Face == platform.TVFace})
		if err != nil {
			return err
		}
	}
	return door.Answer(c, http.StatusOK, map[string]any{
		"service": l.Ask.Client.ID, "name": l.Ask.Client.Name, "scopes": l.Ask.Scopes, "attributes": append([]string{}, platform.Attributes(l.Ask.Scopes)...), "face": l.Ask.Face, "nonce": nonce, "origin": w.cfg.PublicURL,
	}, w.shown("login", titles.login, w.page(c, nonce)))
}

// answer takes the card's answer from the page itself.
func (w *entrance) answer(c echo.Context) error {
	l := loginOf(c)
	if l.Ask.Face == platform.TVFace && !door.WantsJSON(c.Request()) {
		return rpweb.ErrNoPresence // the set's page hands over, and a program has no reader
	}
	token, err := rpweb.ReadToken(c)
	if err != nil {
		return err
	}
	out, err := w.platform.Answer(c.Request().Context(), l.ID, l.Ticket, token, "")
	if err != nil {
		return err
	}
	return goOn(c, out)
}

// hand keeps what a face that took the page's place posts, and goes on by GET,
// with which the browser sends the ticket.
func (w *entrance) hand(c echo.Context) error {
	id := c.Param("id")
	if err := w.returns.Receive(c, id); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, loginPath(id)+"/hand")
}

// take looks at what hand kept. The browser would stop a redirect to the service
// here, since the form began on the agent's page: a page goes on instead.
func (w *entrance) take(c echo.Context) error {
	l, ctx := loginOf(c), c.Request().Context()
	got, err := w.returns.Take(l.ID, l.Ticket)
	switch {
	case err != nil:
		return err
	case len(got.Token) == 0:
		return &rpweb.TroubleError{Code: got.Trouble}
	case got.Watched && !w.presence.There(ctx, got.Presence):
		return w.left(c)
	}
	var out platform.Outcome
	if got.Nonce == signs {
		out, err = w.platform.Sign(ctx, l.ID, l.Ticket, got.Token)
	} else {
		out, err = w.platform.Answer(ctx, l.ID, l.Ticket, got.Token, got.Presence)
	}
	if err != nil {
		return err
	}
	if next := nextPage(l, out); next != "" {
		return c.Redirect(http.StatusSeeOther, next)
	}
	c.Response().Header().Set("Refresh", "0; url="+out.ReturnTo)
	return w.pages.Render(c, http.StatusOK, "returning", titles.returning, map[string]any{"To": out.ReturnTo, "Service": nameOf(l.Ask.Client)})
}

// goOn leads to the next page, or to the service.
func goOn(c echo.Context, out platform.Outcome) error {
	next, to := "service", out.ReturnTo
	if page := nextPage(loginOf(c), out); page != "" {
		next, to = path.Base(page), page
	}
	return door.Answer(c, http.StatusOK, map[string]string{"next": next, "location": to}, door.See(to))
}

// watched ends a sign-in whose card has left the set: whoever comes next to it
// finds nothing to agree to, and the service is told access_denied. The page
// watches the card, too (login.js), and posts its leaving to left.
func (w *entrance) watched(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		l := loginOf(c)
		if l.Verified() && l.Face() == platform.TVFace && !w.presence.There(c.Request().Context(), l.Presence()) {
			return w.left(c)
		}
		return next(c)
	}
}

// left goes back to the service because the card was taken away.
func (w *entrance) left(c echo.Context) error {
	return w.ends(c, w.platform.Leave)
}

// askConsent shows what the service will be told.
func (w *entrance) askConsent(c echo.Context) error {
	if l := loginOf(c); !l.Verified() || l.NeedsSignature() {
		return c.Redirect(http.StatusSeeOther, pending(l))
	}
	return w.pages.Render(c, http.StatusOK, "consent", titles.consent, w.page(c, ""))
}

// consent takes the person's yes.
func (w *entrance) consent(c echo.Context) error {
	if door.WantsJSON(c.Request()) {
		in, err := door.Read[struct{ Agree bool }](c)
		if err != nil {
			return err
		}
		if !in.Agree {
			return w.decline(c)
		}
	}
	return w.ends(c, w.platform.Agree)
}

// decline goes back to the service without signing in.
func (w *entrance) decline(c echo.Context) error {
	return w.ends(c, w.platform.Decline)
}

// ends takes a decision about the request, and leads to where it goes on.
func (w *entrance) ends(c echo.Context, decide func(ctx context.Context, id, ticket string) (platform.Outcome, error)) error {
	l := loginOf(c)
	out, err := decide(c.Request().Context(), l.ID, l.Ticket)
	if err != nil {
		return err
	}
	return goOn(c, out)
}
