package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/payment"
)

// gatewaySilent is the code for a gateway that gave no challenge: nothing was sent.
const gatewaySilent = "gateway_silent"

// mountPay lists the pages at which patients pay. They know a patient by the ticket's number
// alone, and show no name.
func (w *terminal) mountPay(k *echo.Group) {
	k.GET("/pay", w.askTicket)
	k.POST("/pay", door.Reads(w.ticket))
	k.GET("/pay/bill", w.payable)
	k.GET("/pay/card", w.askCard)
	k.GET("/pay/back", w.confirmed)
}

// back is where the gateway leads to from its page.
func (w *terminal) back() string { return w.cfg.PublicURL + "/" + w.ID + "/pay/back" }

// payPage is a page at which a patient pays.
type payPage struct {
	Here    string
	Wrong   bool // there is nothing to pay with this number
	Amount  int64
	Last    payment.Movement // the latest by credit card; empty if there is none
	Trouble string           // the code for why nothing was sent
	billLine
}

func (w *terminal) askTicket(c echo.Context) error {
	w.turns.End(c)
	return w.pages.Render(c, http.StatusOK, "pay", word("title.pay"), payPage{Here: "/" + w.ID})
}

func (w *terminal) ticket(c echo.Context, in struct{ No string }) error {
	no, err := strconv.Atoi(strings.TrimSpace(in.No))
	if err != nil {
		no = 0 // a ticket that nobody has
	}
	b, err := w.Cashier.Store.Ticket(c.Request().Context(), medical.DateOf(w.cfg.Now()), no)
	if errors.Is(err, payment.ErrNoBill) {
		return w.pages.Render(c, http.StatusUnprocessableEntity, "pay", word("title.pay"), payPage{Here: "/" + w.ID, Wrong: true})
	}
	if err != nil {
		return err
	}
	w.turns.Renew(c, turn{Bill: b.Visit})
	return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/pay/bill")
}

// payable shows what is to be paid, or how paying it ended.
func (w *terminal) payable(c echo.Context) error {
	t, _ := w.turns.Load(c)
	if t.Bill == 0 {
		return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/pay")
	}
	b, err := w.Cashier.Store.Bill(c.Request().Context(), t.Bill)
	if err != nil {
		return err
	}
	page := payPage{Here: "/" + w.ID, Amount: b.Due() - b.Paid(), Trouble: t.Trouble, billLine: billLine{Bill: b}}
	for _, m := range b.Movements {
		if m.Way == payment.Credit && m.Of == "" {
			page.Last = m
		}
	}
	return w.pages.Render(c, http.StatusOK, "paybill", word("title.pay"), page)
}

// askCard hands over to the card agent, with a challenge of the gateway's for this order.
func (w *terminal) askCard(c echo.Context) error {
	t, _ := w.turns.Load(c)
	ask, err := w.begin(c, turn{Bill: t.Bill}, false, func(ctx context.Context, t *turn) (nonce string, err error) {
		m, nonce, err := w.Cashier.Begin(ctx, t.Bill)
		t.Order = m.ID
		return nonce, err
	})
	switch {
	case errors.Is(err, errTooMany):
		return err
	case errors.Is(err, payment.ErrState), errors.Is(err, payment.ErrNoBill):
		return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/pay/bill")
	case err != nil:
		return w.payTrouble(c, t, gatewaySilent)
	}
	ask.Back += "/pay"
	return w.draw(c, http.StatusOK, "kioskcard", word("title.card"), kioskPage{agentAsk: ask})
}

// payTrouble goes back to the bill with the code for why nothing was sent.
func (w *terminal) payTrouble(c echo.Context, t turn, code string) error {
	w.turns.Renew(c, turn{Bill: t.Bill, Trouble: code})
	return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/pay/bill")
}

// charge sends the card's answer to the gateway. A patient who is to confirm goes to its page.
func (w *terminal) charge(c echo.Context, t turn, got rpweb.Answered[struct{}]) error {
	switch {
	case got.Trouble == "cancelled":
		return w.payTrouble(c, t, "")
	case len(got.Token) == 0:
		return w.payTrouble(c, t, trouble(got.Trouble))
	}
	confirmed, _ := w.count(c, badAnswer)
	b, err := w.Cashier.Charge(c.Request().Context(), t.Order, got.Nonce, got.Token, w.back())
	if err != nil {
		return err
	}
	m := b.Find(t.Order)
	if m.Progress != payment.Declined {
		confirmed()
	}
	if m.Progress == payment.Confirming {
		// The browser stops a redirect of the card agent's form to a third origin.
		c.Response().Header().Set("Refresh", "0; url="+m.Confirm)
		return w.payable(c)
	}
	return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/pay/bill")
}

// confirmed comes back from the gateway's page.
func (w *terminal) confirmed(c echo.Context) error {
	t, _ := w.turns.Load(c)
	if err := w.settled(c, t.Order); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/"+w.ID+"/pay/bill")
}
