package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// Life of a session of staff.
const (
	ClerkIdle = 30 * time.Minute
	ClerkAge  = 10 * time.Hour
)

// clerk is what the bank remembers of a browser at a desk of its own. It is
// apart from the sessions of customers.
type clerk struct {
	In bool
	// Opened is the customer's record that was opened last.
	Opened bank.AccountNumber
	// Counter is this counter's secret, by which it comes for the answer of a card.
	Counter string
	// Touch is the touch that was begun last here; Seen is what it allows to see.
	Touch string
	Seen  *seen
}

var (
	errStaffKey    = errors.New("bank: web: this is not the staff key")
	errStaffClosed = errors.New("bank: web: no staff key is set, so the pages of staff are shut")
)

// staffOnly lets nobody in but staff.
func (w *entrance) staffOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, ok := w.clerks.Load(c)
		if !ok || !who.In {
			return &endedError{Why: w.clerks.Ended(c), Need: needClerk}
		}
		ui.SignedIn(c, staffName.In(ui.LangOf(c)), "/staff/signout")
		return next(c)
	}
}

// staffSignInPage says whether the key was wrong.
type staffSignInPage struct{ Wrong bool }

// askStaff shows the sign-in of staff.
func (w *entrance) askStaff(c echo.Context) error {
	if who, _ := w.clerks.Load(c); who.In {
		return c.Redirect(http.StatusSeeOther, "/staff")
	}
	return w.desk.Render(c, http.StatusOK, "staffsignin", titles.staffSignIn, staffSignInPage{})
}

// staffSignIn lets staff in by their key.
func (w *entrance) staffSignIn(c echo.Context) error {
	in, err := door.Read[struct{ Key string }](c)
	if err != nil {
		return err
	}
	if w.staff.Shut() {
		return errStaffClosed
	}
	right, err := w.staff.Admit(c, in.Key)
	switch {
	case err != nil:
		return err
	case !right && door.WantsJSON(c.Request()):
		return errStaffKey
	case !right:
		return w.desk.Render(c, http.StatusForbidden, "staffsignin", titles.staffSignIn, staffSignInPage{Wrong: true})
	}
	w.clerks.Renew(c, clerk{In: true, Counter: held.Name()})
	return door.Answer(c, http.StatusOK, nil, door.See("/staff"))
}

// staffSignOut ends the session.
func (w *entrance) staffSignOut(c echo.Context) error {
	w.clerks.End(c)
	return c.Redirect(http.StatusSeeOther, "/staff/signin")
}

// staffFrontPage is the first page of staff.
type staffFrontPage struct {
	Tally   bank.Tally
	Last    *bank.Report
	Waiting bank.Waiting
}

// staffFront shows what there is to do.
func (w *entrance) staffFront(c echo.Context) error {
	ctx := c.Request().Context()
	var page staffFrontPage
	var err error
	if page.Tally, err = w.bank.Tally(ctx); err != nil {
		return err
	}
	last, err := w.bank.Reports(ctx, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		page.Last = &last[0]
	}
	if page.Waiting, err = w.bank.CountWaiting(ctx); err != nil {
		return err
	}
	return w.desk.Render(c, http.StatusOK, "staff", titles.staff, page)
}

// customersPage is a page of the list of customers.
type customersPage struct {
	Lines        []customerLine
	All          int
	Page, Pages  int
	First        int
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

// Previous and Next are the pages beside this one, from 1; 0 is none.
func (p customersPage) Previous() int { return p.Page - 1 }

// Next gives the page after this one.
func (p customersPage) Next() int {
	if p.Page < p.Pages {
		return p.Page + 1
	}
	return 0
}

// customers lists the customers, with their names masked.
func (w *entrance) customers(c echo.Context) error {
	page := customersPage{Page: max(int(min(number(c.QueryParam("page")), 1<<20)), 1), Account: c.QueryParam("account"), Choice: c.QueryParam("state"), Choices: stateChoices}
	query := bank.CustomerQuery{Page: page.Page - 1, State: rp.State(page.Choice)}
	if query.Withheld = page.Choice == withheld; query.Withheld {
		query.State = ""
	}
	if page.Account != "" {
		no, err := bank.ParseAccountNumber(page.Account)
		if err != nil {
			no, page.AccountWrong = "0000000", true
		}
		query.Account = no
	}
	lines, all, err := w.bank.Customers(c.Request().Context(), query)
	if err != nil {
		return err
	}
	page.All, page.Pages, page.First = all, (all+bank.PerPage-1)/bank.PerPage, query.Page*bank.PerPage+1
	for _, l := range lines {
		page.Lines = append(page.Lines, customerLine{l, badgeOf(l.Withheld, l.Standing)})
	}
	return w.desk.Render(c, http.StatusOK, "customers", titles.customers, page)
}

// recordPage is a customer's record, or, while it is not opened, nothing of
// it.
type recordPage struct {
	Account  bank.AccountNumber
	Opened   bool
	Name     string
	Holder   bank.Account
	Customer bank.Customer
	Four     []changedLine
	Badge    badge
	History  []historyLine
	Notices  []noticeLine
}

// historyLine is an entry of the history in words.
type historyLine struct {
	bank.HistoryEntry
	Say    ui.Text
	Before []changedLine
}

// openRecord opens a customer's record; the history tells of it.
func (w *entrance) openRecord(c echo.Context) error {
	no := bank.AccountNumber(c.Param("no"))
	if _, err := w.bank.OpenRecord(c.Request().Context(), no); err != nil {
		return staffError(err)
	}
	w.clerks.Update(c, func(v *clerk) { v.Opened = no })
	return c.Redirect(http.StatusSeeOther, "/staff/customers/"+string(no))
}

// customerRecord shows a record that was opened.
func (w *entrance) customerRecord(c echo.Context) error {
	ctx, no := c.Request().Context(), bank.AccountNumber(c.Param("no"))
	account, err := w.bank.Account(ctx, no)
	if err != nil {
		return staffError(err)
	}
	page := recordPage{Account: no, Name: bank.CustomerLine{Name: account.Holder}.Masked()}
	if who, _ := w.clerks.Load(c); who.Opened != no {
		return w.desk.Render(c, http.StatusOK, "record", titles.record, page)
	}
	page.Opened, page.Holder, page.Name = true, account, account.Holder
	if page.Customer, err = w.bank.Customer(ctx, no); err != nil {
		return err
	}
	page.Badge = badgeOf(!page.Customer.Consent.WithdrawnAt.IsZero(), page.Customer.Standing)
	for i, say := range fourOf(page.Customer.BasicFour) {
		page.Four = append(page.Four, changedLine{Name: fourNames[i], After: say})
	}
	history, err := w.bank.History(ctx, no)
	if err != nil {
		return err
	}
	for _, p := range history {
		page.History = append(page.History, historyLineOf(p))
	}
	inbox, err := w.bank.Inbox(ctx, no)
	if err != nil {
		return err
	}
	for _, n := range inbox {
		page.Notices = append(page.Notices, lineOf(n))
	}
	return w.desk.Render(c, http.StatusOK, "record", titles.record, page)
}

func historyLineOf(p bank.HistoryEntry) historyLine {
	line := historyLine{HistoryEntry: p, Say: actWords[p.Act]}
	if p.Former != nil && p.Act == bank.ActChanged {
		for i, say := range fourOf(p.Former.BasicFour) {
			line.Before = append(line.Before, changedLine{Name: fourNames[i], Before: say})
		}
		line.Before = append(line.Before, changedLine{Name: serialName, Before: ui.Text{JA: p.Former.Serial.String()}})
	}
	return line
}

// staffFault is a refusal on a page of staff: its ways out are theirs.
type staffFault struct{ Err error }

func (e *staffFault) Error() string { return e.Err.Error() }

// Unwrap gives the error of the bank.
func (e *staffFault) Unwrap() error { return e.Err }

func staffError(err error) error { return &staffFault{err} }
