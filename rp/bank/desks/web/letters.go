package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// lettersPage is a page of the letters to print.
type lettersPage struct {
	ui.Pager
	Lines []addressedLine
}

// letters lists the letters of those who wait.
func (w *desks) letters(c echo.Context) error {
	ctx := c.Request().Context()
	page := lettersPage{Pager: ui.PagerOf(c, bank.PerPage)}
	all, err := w.bank.CountWaiting(ctx)
	if err != nil {
		return err
	}
	letters, err := w.bank.Notices(ctx, bank.NoticeQuery{Open: true, Letter: true, Page: page.Page})
	if err != nil {
		return err
	}
	page.All, page.Lines = all.Letters, addressed(letters)
	return w.pages.Render(c, http.StatusOK, "letters", titles.letters, page)
}

// letterPage is a letter as it is printed.
type letterPage struct {
	bank.AddressedNotice
	Words   letterWords
	Written ui.Text // the day
}

// letterDays is how many days a letter gives to answer.
const letterDays = 30

// letter shows a letter.
func (w *desks) letter(c echo.Context) error {
	n, err := w.bank.Letter(c.Request().Context(), bank.NoticeID(room.Number(c.Param("id"))))
	if err != nil {
		return err
	}
	until := n.At.AddDate(0, 0, letterDays)
	page := letterPage{AddressedNotice: n, Written: ui.Day(n.At)}
	page.Words = lettersByKind[n.Kind].with(ui.Blanks{
		"{day}": page.Written, "{since}": ui.Day(n.Since), "{reason}": words.Reason(n.Reason), "{until}": ui.Day(until), "{bank}": {JA: w.cfg.PublicURL},
	})
	return w.pages.Render(c, http.StatusOK, "letter", titles.letter, page)
}

// letterPrinted notes that a letter was printed.
func (w *desks) letterPrinted(c echo.Context) error {
	if err := w.bank.Printed(c.Request().Context(), bank.NoticeID(room.Number(c.Param("id")))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/staff/letters")
}
