package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/medical/platform"
	"example.jp/jpkimock/medical/reception"
)

// mountCashier lists what the cashier's staff see and do, in a browser or by a program, and
// where the gateway's notices come in.
func (w *terminal) mountCashier(e *echo.Echo, people, scripts *echo.Group) {
	people.GET("/cashier", shows(w.staffRoom, "cashier", w.cashier))
	for _, sheet := range []string{"receipt", "statement"} { // printed for the patient
		people.GET("/visits/:id/"+sheet, shows(w.staffRoom, sheet, w.made))
	}
	for _, g := range []*echo.Group{people, scripts} {
		g.GET("/visits/:id/bill", w.showBill)
		g.POST("/visits/:id/bill", door.Reads(w.makeBill))
		g.POST("/visits/:id/cash", w.act(w.Cashier.TakeCash))
		g.POST("/visits/:id/refund", w.act(w.Cashier.Refund))
		g.POST("/visits/:id/ask", w.act(w.Cashier.Ask))
	}
	scripts.POST("/visits/:id/charges", w.beginJSON)
	scripts.POST("/charges/:order", door.Reads(w.chargeJSON))
	e.POST("/"+w.ID+"/notices", w.notice)
}

// cashierPage is the queue of the cashier: what needs somebody on top.
type cashierPage struct {
	ui.Pager              // of Today
	Path                  string
	Troubled, Owed, Today []billLine
	Unbilled              []visitLine
}

// billLine is a bill with its visit.
type billLine struct {
	payment.Bill
	Visit reception.Visit
	Share int // that is confirmed now; another than the bill's is to be corrected
}

// share gives what a patient pays, in per cent, as the reception has it; 0 as long as it
// was not found out.
func share(v reception.Visit) int {
	switch v.State {
	case reception.Confirmed, reception.Settled:
		return v.Answer.Results[0].Share
	case reception.OnPaper:
		return v.Paper.Share
	}
	return 0
}

func (w *terminal) cashier(c echo.Context) (page cashierPage, err error) {
	ctx := c.Request().Context()
	queue, err := w.Desk.Queue(ctx)
	if err != nil {
		return page, err
	}
	page.Path = w.path
	bills, err := w.Cashier.Bills(ctx, queue.Day)
	if err != nil {
		return page, err
	}
	billed := map[int64]bool{}
	for _, b := range bills {
		billed[b.Visit] = true
		v, err := w.Desk.Visit(ctx, b.Visit)
		if err != nil {
			return page, err
		}
		line := billLine{b, v, share(v)}
		switch state := b.State(); {
		case state == payment.Owed && line.Share == b.Share:
			page.Owed = append(page.Owed, line)
		case state == payment.Paid && line.Share == b.Share:
			page.Today = append(page.Today, line)
		default:
			page.Troubled = append(page.Troubled, line)
		}
	}
	for _, v := range append(queue.Waiting, queue.Done...) {
		if share(v) > 0 && v.Day == queue.Day && !billed[v.ID] {
			page.Unbilled = append(page.Unbilled, w.line(v, queue.Day))
		}
	}
	page.Pager = ui.PagerOf(c, perPage)
	page.Today = ui.Paged(&page.Pager, page.Today)
	return page, nil
}

// perPage is how many lines a page of a list has.
const perPage = 25

// billPage is a bill at the cashier's.
type billPage struct {
	Path, Here string
	billLine
	Made bool
	Acts []payment.Act
	Told bool // something was paid by credit card
	// Issuer and Today stand on what is printed.
	Issuer platform.Institution
	Today  time.Time
}

// Counts are how often an act may be chosen.
func (billPage) Counts() []int { return []int{1, 2, 3} }

// Has reports that the bill has an act so often.
func (p billPage) Has(code string, count int) bool {
	return slices.Contains(p.Bill.Lines, payment.Line{Code: code, Count: count})
}

func (w *terminal) billPage(c echo.Context) (billPage, error) {
	ctx := c.Request().Context()
	v, err := w.Desk.Visit(ctx, id(c))
	if err != nil {
		return billPage{}, err
	}
	b, err := w.Cashier.Store.Bill(ctx, v.ID)
	page := billPage{Path: w.path, Here: w.at(v.ID), billLine: billLine{b, v, share(v)}, Made: err == nil, Acts: payment.Acts(), Issuer: w.Institution.Institution, Today: w.cfg.Now()}
	if errors.Is(err, payment.ErrNoBill) {
		err = nil
	}
	for _, m := range b.Movements {
		page.Told = page.Told || m.Way == payment.Credit && m.Progress == payment.Done
	}
	return page, err
}

func (w *terminal) showBill(c echo.Context) error {
	page, err := w.billPage(c)
	if err != nil {
		return err
	}
	if !page.Made && door.WantsJSON(c.Request()) {
		return payment.ErrNoBill
	}
	return door.Answer(c, http.StatusOK, told(page.Bill), door.Shown(func(c echo.Context) error { return w.show(c, "bill", page) }))
}

// made gives a bill that was made.
func (w *terminal) made(c echo.Context) (billPage, error) {
	page, err := w.billPage(c)
	if err == nil && !page.Made {
		err = payment.ErrNoBill
	}
	return page, err
}

// makeBill makes or corrects a bill: what was done, each as a code and how often, "D1 2", or empty
// for nothing. Anything else is payment.ErrLines.
// The share is what the reception has.
func (w *terminal) makeBill(c echo.Context, in struct{ Act []string }) error {
	page, err := w.billPage(c)
	if err != nil {
		return err
	}
	var lines []payment.Line
	for _, act := range in.Act {
		if act == "" {
			continue // not chosen in the form
		}
		code, times, _ := strings.Cut(act, " ")
		count, err := strconv.Atoi(times)
		if err != nil {
			return payment.ErrLines
		}
		lines = append(lines, payment.Line{Code: code, Count: count})
	}
	ctx, v := c.Request().Context(), page.Visit
	if page.Made {
		_, err = w.Cashier.Correct(ctx, v.ID, lines, page.Share)
	} else {
		err = w.Cashier.Make(ctx, payment.Bill{Visit: v.ID, No: v.No, Day: v.Day, Lines: lines, Share: page.Share})
	}
	return w.billed(c, err)
}

// act does something with the bill of a visit.
func (w *terminal) act(do func(ctx context.Context, visit int64) (payment.Bill, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		_, err := do(c.Request().Context(), id(c))
		return w.billed(c, err)
	}
}

// billed answers with the bill as it is then.
func (w *terminal) billed(c echo.Context, err error) error {
	here := w.at(id(c)) + "/bill"
	if err != nil {
		return placed(here, err)
	}
	page, err := w.billPage(c)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, told(page.Bill), door.See(here))
}

func (w *terminal) beginJSON(c echo.Context) error {
	m, nonce, err := w.Cashier.Begin(c.Request().Context(), id(c))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusCreated, map[string]any{"order": m.ID, "amount": m.Amount, "nonce": nonce, "origin": w.cfg.PublicURL})
}

func (w *terminal) chargeJSON(c echo.Context, in tokenBody) error {
	b, err := w.Cashier.Charge(c.Request().Context(), c.Param("order"), in.Nonce, in.Token, w.back())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, told(b))
}

// told is a bill for a program: what has no lines or movements has empty lists of them.
func told(b payment.Bill) payment.Bill {
	b.Lines, b.Movements = append([]payment.Line{}, b.Lines...), append([]payment.Movement{}, b.Movements...)
	return b
}

// notice takes a notice of the gateway's in. It is a reason to ask, and not believed
// beyond that.
func (w *terminal) notice(c echo.Context) error {
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}
	p, err := w.Mail.Take(c.Request().Header.Get(merchant.Header), body)
	if err != nil {
		return door.Problem{Status: http.StatusForbidden, Code: "notice", Detail: err.Error()}
	}
	if err := w.settled(c, p.Order); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// settled settles a movement, unless it is nobody's.
func (w *terminal) settled(c echo.Context, order string) error {
	_, err := w.Cashier.Settle(c.Request().Context(), order)
	if errors.Is(err, payment.ErrNoBill) {
		return nil
	}
	return err
}
