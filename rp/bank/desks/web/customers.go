package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// customersPage is a page of the list of customers.
type customersPage struct {
	ui.Pager
	Lines        []customerLine
	Account      string
	Choice       string
	Choices      []stateChoice
	AccountWrong bool
}

// customerLine is a customer in the list, with the badge of what is known.
type customerLine struct {
	bank.CustomerLine
	Badge badge
}

// stateChoice is a choice of the list by state.
type stateChoice struct {
	Value string
	Text  ui.Text
}

// noSuchAccount is a number that no account has.
const noSuchAccount bank.AccountNumber = "0000000"

// customers lists the customers, with their names masked.
func (w *desks) customers(c echo.Context) error {
	page := customersPage{Pager: ui.PagerOf(c, bank.PerPage), Account: c.QueryParam("account"), Choice: c.QueryParam("state"), Choices: stateChoices}
	query := bank.CustomerQuery{Page: page.Page, State: rp.State(page.Choice)}
	if query.Withheld = page.Choice == withheld; query.Withheld {
		query.State = ""
	}
	if page.Account != "" {
		no, err := bank.ParseAccountNumber(page.Account)
		if page.AccountWrong = err != nil; page.AccountWrong {
			no = noSuchAccount
		}
		query.Account = no
	}
	lines, all, err := w.bank.Customers(c.Request().Context(), query)
	if err != nil {
		return err
	}
	page.All = all
	for _, l := range lines {
		page.Lines = append(page.Lines, customerLine{l, badgeOf(l.Withheld, l.Standing)})
	}
	return w.pages.Render(c, http.StatusOK, "customers", titles.customers, page)
}

// recordPage is a customer's record, or, while it is not opened, nothing of
// it.
type recordPage struct {
	Account  bank.AccountNumber
	Opened   bool
	Name     string
	Holder   bank.Account
	Customer bank.Customer
	Four     []room.Field
	Badge    badge
	History  []historyLine
	Notices  []room.Notice
}

// historyLine is an entry of the history in words.
type historyLine struct {
	bank.HistoryEntry
	Say    ui.Text
	Before []room.Field
}

// openRecord opens a customer's record, which is logged in the history.
func (w *desks) openRecord(c echo.Context) error {
	no := bank.AccountNumber(c.Param("no"))
	if _, err := w.bank.OpenRecord(c.Request().Context(), no); err != nil {
		return err
	}
	w.posts.Update(c, func(v *post) { v.Opened = no })
	return c.Redirect(http.StatusSeeOther, "/staff/customers/"+string(no))
}

// customerRecord shows a record that was opened.
func (w *desks) customerRecord(c echo.Context) error {
	ctx, no := c.Request().Context(), bank.AccountNumber(c.Param("no"))
	account, err := w.bank.Account(ctx, no)
	if err != nil {
		return err
	}
	page := recordPage{Account: no, Name: bank.CustomerLine{Name: account.Holder}.Masked()}
	if at, _ := w.posts.Load(c); at.Opened != no {
		return w.pages.Render(c, http.StatusOK, "record", titles.record, page)
	}
	page.Opened, page.Holder, page.Name = true, account, account.Holder
	if page.Customer, err = w.bank.Customer(ctx, no); err != nil {
		return err
	}
	page.Badge = badgeOf(!page.Customer.Consent.InForce(), page.Customer.Standing)
	page.Four = room.BasicFour(page.Customer.BasicFour)
	history, err := w.bank.History(ctx, no)
	if err != nil {
		return err
	}
	for _, e := range history {
		page.History = append(page.History, historyLineOf(e))
	}
	inbox, err := w.bank.Inbox(ctx, no)
	if err != nil {
		return err
	}
	page.Notices = room.NoticesOf(inbox)
	return w.pages.Render(c, http.StatusOK, "record", titles.record, page)
}

func historyLineOf(e bank.HistoryEntry) historyLine {
	line := historyLine{HistoryEntry: e, Say: actWords[e.Act]}
	if e.Former != nil && e.Act == bank.ActChanged {
		line.Before = room.Record(e.Former.BasicFour, e.Former.Serial)
	}
	return line
}
