package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/rp"
)

// Life of a cardholder's session: it ends after Idle without a request, and after Age in
// any case.
const (
	Idle = 10 * time.Minute
	Age  = time.Hour
)

// holder is what the gateway remembers of a browser.
type holder struct {
	Nonce  string            // of the challenge at the sign-in
	Serial jpki.SerialNumber // of who is signed in; empty for nobody
}

// InUse reports that somebody is signed in.
func (h holder) InUse() bool { return h.Serial != "" }

func (h *house) mountHolders(e *echo.Echo) {
	e.GET("/", h.front)
	e.POST("/signin", h.signIn)
	e.POST("/signout", h.signOut)
	e.GET("/card", h.card)
	e.POST("/card", door.Reads(h.register))
	e.POST("/card/remove", h.remove)
	e.GET("/confirm/:name", h.askConfirm)
	e.POST("/confirm/:name", door.Reads(h.confirm))
}

// front leads to the card agent's window, with a challenge of this browser's.
func (h *house) front(c echo.Context) error {
	nonce, err := h.challenges().Ask(c)
	if err != nil {
		return err
	}
	page := map[string]any{"Agent": h.cfg.AgentURL, "Nonce": nonce, "Merchants": h.Merchants}
	return door.Answer(c, http.StatusOK, map[string]string{"nonce": nonce, "origin": h.cfg.PublicURL}, door.Shown(func(c echo.Context) error {
		return h.pages.Render(c, http.StatusOK, "front", word("title.front"), page)
	}))
}

// challenges are those of the holders' sign-in.
func (h *house) challenges() rpweb.Challenges[holder] {
	return rpweb.Challenges[holder]{
		Visits: h.holders, Nonce: func(now *holder) *string { return &now.Nonce }, New: h.Verifier.NewChallenge, Origin: h.cfg.PublicURL,
	}
}

func (h *house) signIn(c echo.Context) error {
	token, nonce, err := h.challenges().Answer(c)
	if err != nil {
		return err
	}
	if nonce == "" {
		return rp.ErrChallenge
	}
	serial, err := h.SignIn(c.Request().Context(), token, nonce)
	if err != nil {
		return err
	}
	h.holders.Renew(c, holder{Serial: serial})
	return door.Answer(c, http.StatusOK, nil, door.See("/card"))
}

func (h *house) signOut(c echo.Context) error {
	h.holders.End(c)
	return c.Redirect(http.StatusSeeOther, "/")
}

// cardPage is somebody's credit card, if one is registered.
type cardPage struct {
	Card  *gateway.Card
	Ends  ui.Text
	Tests []gateway.TestNumber
	Wrong ui.Text
}

func (h *house) card(c echo.Context) error { return h.showCard(c, http.StatusOK, nil) }

// showCard shows somebody's credit card, and why the one that was typed is not taken.
func (h *house) showCard(c echo.Context, status int, wrong error) error {
	who, _ := h.holders.Load(c)
	if who.Serial == "" {
		return door.SignInFirst(c, "/", signInFirst)
	}
	ui.SignedIn(c, word("name.holder").In(ui.LangOf(c)), "/signout")
	page := cardPage{Tests: gateway.TestNumbers()}
	card, err := h.Card(c.Request().Context(), who.Serial)
	switch {
	case err == nil:
		page.Card, page.Ends = &card, month(card.Ends)
	case !errors.Is(err, gateway.ErrNoCard):
		return err
	}
	if refused, ok := refusals.Match(wrong); ok {
		page.Wrong = refused.Say.Why
	}
	return h.pages.Render(c, status, "card", word("title.card"), page)
}

// month gives a month as it is shown.
func month(yearMonth string) ui.Text {
	t, err := time.ParseInLocation("2006-01", yearMonth, jpki.JST)
	if err != nil {
		return ui.Text{}
	}
	return ui.Month(t)
}

func (h *house) register(c echo.Context, in gateway.Details) error {
	who, _ := h.holders.Load(c)
	if who.Serial == "" {
		return signInFirst
	}
	_, err := h.Register(c.Request().Context(), who.Serial, in)
	for _, wrong := range []error{gateway.ErrNumber, gateway.ErrNotTest, gateway.ErrDetails} {
		if errors.Is(err, wrong) && !door.WantsJSON(c.Request()) {
			return h.showCard(c, http.StatusUnprocessableEntity, wrong)
		}
	}
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, nil, door.See("/card"))
}

func (h *house) remove(c echo.Context) error {
	who, _ := h.holders.Load(c)
	if who.Serial == "" {
		return signInFirst
	}
	if err := h.Store.Remove(c.Request().Context(), who.Serial); err != nil && !errors.Is(err, gateway.ErrNoCard) {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/card")
}

// askConfirm asks the cardholder, who stands at the merchant's terminal.
func (h *house) askConfirm(c echo.Context) error {
	p, err := h.Store.Named(c.Request().Context(), c.Param("name"))
	if err != nil {
		return err
	}
	if p.State != merchant.Confirming {
		return gateway.ErrState
	}
	ui.Face(c, "kiosk")
	return h.pages.Render(c, http.StatusOK, "confirm", word("title.confirm"), map[string]any{"Payment": p, "Merchant": h.nameOf(p.Merchant)})
}

// confirm takes the cardholder's answer, and leads back to the terminal.
func (h *house) confirm(c echo.Context, in struct{ Answer string }) error {
	p, err := h.Confirmed(c.Request().Context(), c.Param("name"), in.Answer == "yes")
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, p.Return)
}

// nameOf gives the name of a merchant.
func (h *house) nameOf(id string) ui.Text {
	for _, m := range h.Merchants {
		if m.ID == id {
			return ui.Text{JA: m.Name, EN: m.NameEN}
		}
	}
	return ui.Text{JA: id, EN: id}
}
