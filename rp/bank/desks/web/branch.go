package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// ReturnPath is where the card agent's page posts the answer of a touch. The
// browser sends no cookie with it if the agent is of another site, so that the
// address says which touch it is.
const ReturnPath = "/branch/return"

// counterTouch is what a card at the branch counter is touched for: to find the
// customer who stands there.
type counterTouch struct{}

// seen is what a touch has found, until its time is over.
type seen struct {
	visitor bank.Visitor
	err     error
	until   time.Time
}

var errTouchOver = errors.New("bank: desks: what the touch allowed to see is over")

// branchPage is the counter before a touch: Nonce and Return go to the card
// agent's page.
type branchPage struct {
	Agent, Nonce, Return string
	Ready                bool
}

// branch shows the counter's page.
func (w *desks) branch(c echo.Context) error {
	return w.pages.Render(c, http.StatusOK, "branch", titles.branch, branchPage{})
}

// beginTouch hands the terminal over to the visitor: the page leads to the card
// agent's kiosk.
func (w *desks) beginTouch(c echo.Context) error {
	challenge, err := w.bank.Challenge(c.Request().Context())
	if err != nil {
		return err
	}
	id, before, counter := held.Name(), "", ""
	w.posts.Update(c, func(v *post) { before, counter, v.Touch, v.Seen = v.Touch, v.Counter, id, nil })
	w.returns.Drop(before)
	if err := w.returns.Ask(id, counter, rpweb.Question[counterTouch]{Nonce: challenge.Nonce, From: c.RealIP()}); err != nil {
		return err
	}
	page := branchPage{Agent: w.cfg.AgentURL, Nonce: challenge.Nonce, Return: w.cfg.PublicURL + ReturnPath + "?touch=" + id, Ready: true}
	// The terminal is turned to the visitor: it is no longer a page of staff.
	ui.Face(c, "kiosk")
	ui.SignedIn(c, "", "")
	return door.Answer(c, http.StatusOK, map[string]string{"nonce": page.Nonce, "return": page.Return, "origin": w.cfg.PublicURL}, w.show("branch", titles.branch, page))
}

// touchReturns takes the card's answer, from the agent's page. Nothing of it is
// shown here: the teller's own page asks for it.
func (w *desks) touchReturns(c echo.Context) error {
	if err := w.returns.Receive(c, c.QueryParam("touch")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/branch/customer")
}

// identify takes the answer to this counter's touch, if there is one, and finds
// the customer: once, so that a page looked at again shows the same.
func (w *desks) identify(c echo.Context) (seen, error) {
	at, _ := w.posts.Load(c)
	got, err := w.returns.Take(at.Touch, at.Counter)
	if errors.Is(err, rpweb.ErrNotAsked) {
		if at.Seen == nil || w.cfg.Now().After(at.Seen.until) {
			return seen{}, errTouchOver
		}
		return *at.Seen, at.Seen.err
	}
	if err != nil {
		return seen{}, err
	}
	found := seen{until: w.cfg.Now().Add(bank.TouchLifetime)}
	if got.Trouble != "" {
		found.err = &rpweb.TroubleError{Code: got.Trouble}
	} else {
		found.visitor, found.err = w.bank.Touch(c.Request().Context(), got.Token, got.Nonce)
	}
	w.posts.Update(c, func(v *post) { v.Touch, v.Seen = "", &found })
	return found, found.err
}

// visitorPage is what the teller sees of a customer.
type visitorPage struct {
	Visitor bank.Visitor
	Tasks   []room.Notice
	Until   time.Time
}

// branchCustomer shows the teller what the touch of this counter allows.
func (w *desks) branchCustomer(c echo.Context) error {
	at, err := w.identify(c)
	if err != nil {
		return err
	}
	page := visitorPage{Visitor: at.visitor, Tasks: room.NoticesOf(at.visitor.Tasks), Until: at.until}
	return door.Answer(c, http.StatusOK, map[string]any{"customer": visitorJSON(at.visitor), "until": at.until.UTC()}, w.show("visitor", titles.visitor, page))
}

func visitorJSON(v bank.Visitor) map[string]any {
	return map[string]any{"name": v.Name, "account": v.Account, "branch": v.Branch, "tasks": room.JSONOfAll(v.Tasks)}
}

// endTouch ends what the touch allowed, before its time.
func (w *desks) endTouch(c echo.Context) error {
	before := ""
	w.posts.Update(c, func(v *post) { before, v.Touch, v.Seen = v.Touch, "", nil })
	w.returns.Drop(before)
	return c.Redirect(http.StatusSeeOther, "/branch")
}
