package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// accountPage is an account with its statement.
type accountPage struct {
	Account  bank.Account
	Entries  []bank.Entry
	Previous time.Time // the sign-in before this one; zero for the first
	// Asked is the newest message that is still open; nil if there is none.
	Asked *room.Notice
	// Latest: the latest four data service is offered.
	Latest bool
}

// account shows the customer's own account. Right after an opening, which leads here
// with ?opened, it shows the page that says so.
func (w *entrance) account(c echo.Context) error {
	who, err := w.accountOwner(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	account, err := w.bank.Account(ctx, who.Account)
	if err != nil {
		return err
	}
	if c.QueryParams().Has("opened") && !door.WantsJSON(c.Request()) {
		return w.showOpened(c, account)
	}
	entries, err := w.bank.Statement(ctx, who.Account)
	if err != nil {
		return err
	}
	asked, err := w.newestOpenNotice(c, who.Account)
	if err != nil {
		return err
	}
	page := accountPage{Account: account, Entries: entries, Previous: who.Previous, Asked: asked, Latest: w.cfg.Latest != nil}
	return door.Answer(c, http.StatusOK, map[string]any{"account": accountJSON(account), "statement": entriesJSON(entries)}, w.show("account", titles.account, page))
}

// ownAccount leads to the account of whoever is signed in.
func (w *entrance) ownAccount(c echo.Context) error {
	who, err := w.customer(c)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, accountPath(who.Account))
}

func accountPath(no bank.AccountNumber) string { return "/accounts/" + string(no) }
