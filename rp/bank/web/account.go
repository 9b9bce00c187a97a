package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// accountPage is an account with its statement; Opened is right after opening.
type accountPage struct {
	Account  bank.Account
	Entries  []bank.Entry
	Previous time.Time
	Gift     int64
	Serial   jpki.SerialNumber
	// Asked is the newest message that waits for something, if there is one.
	Asked *room.Notice
}

// account shows the customer's own account.
func (w *entrance) account(c echo.Context) error {
	who, err := w.own(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	account, err := w.bank.Account(ctx, who.Account)
	if err != nil {
		return err
	}
	entries, err := w.bank.Statement(ctx, who.Account)
	if err != nil {
		return err
	}
	page := accountPage{Account: account, Entries: entries, Previous: who.Previous, Gift: bank.OpeningGift.Int64()}
	if door.WantsJSON(c.Request()) || !c.QueryParams().Has("opened") {
		if page.Asked, err = w.asked(c, who.Account); err != nil {
			return err
		}
		return door.Answer(c, http.StatusOK, map[string]any{"account": accountJSON(account), "statement": entriesJSON(entries)}, w.shown("account", titles.account, page))
	}
	customer, err := w.bank.Customer(ctx, who.Account)
	if err != nil {
		return err
	}
	page.Serial = customer.Serial
	return w.pages.Render(c, http.StatusOK, "opened", titles.opened, page)
}
