package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
	"example.jp/jpkimock/rp/bank"
)

// reportsShown is how many reports the list shows.
const reportsShown = 60

// sweepsPage is the list of reports.
type sweepsPage struct{ Reports []bank.Report }

// sweeps lists the reports of confirmations.
func (w *entrance) sweeps(c echo.Context) error {
	reports, err := w.bank.Reports(c.Request().Context(), reportsShown)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"reports": reportsJSON(reports)}, w.atDesk("sweeps", titles.sweeps, sweepsPage{reports}))
}

// sweep confirms the customers now. One that failed has its report too.
func (w *entrance) sweep(c echo.Context) error {
	report, err := w.bank.ConfirmCustomers(c.Request().Context())
	if err != nil && (!errors.Is(err, bank.ErrConfirmation) || report.ID == 0) {
		return err
	}
	if err != nil && w.cfg.Log != nil {
		w.cfg.Log.Warn("confirmation of customers failed", "report", report.ID, "error", err)
	}
	at := "/staff/sweeps/" + strconv.FormatInt(report.ID, 10)
	return door.Answer(c, http.StatusCreated, map[string]any{"report": reportJSON(report)}, door.See(at))
}

// reportPage is a report with those who wait for something.
type reportPage struct {
	Report  bank.Report
	Failure ui.Text
	Waiting []addressedLine
	More    int // that are not shown
}

// addressedLine is a message with whom it is for.
type addressedLine struct {
	bank.AddressedNotice
	Title ui.Text
	Badge badge
}

// waitingShown is how many messages a report shows.
const waitingShown = 200

// sweepReport shows one report.
func (w *entrance) sweepReport(c echo.Context) error {
	ctx := c.Request().Context()
	report, err := w.bank.Report(ctx, number(c.Param("id")))
	if err != nil {
		return staffError(err)
	}
	page := reportPage{Report: report, Failure: failureWords[report.Failure]}
	waiting, err := w.bank.Waiting(ctx, waitingShown)
	if err != nil {
		return err
	}
	all, err := w.bank.CountWaiting(ctx)
	if err != nil {
		return err
	}
	page.Waiting, page.More = addressed(waiting), max(0, all.Customers+all.Staff-len(waiting))
	return door.Answer(c, http.StatusOK, map[string]any{"report": reportJSON(report)}, w.atDesk("sweep", titles.sweep, page))
}

func addressed(notices []bank.AddressedNotice) []addressedLine {
	lines := make([]addressedLine, len(notices))
	for i, n := range notices {
		lines[i] = addressedLine{n, noticeWords[n.Kind].short, badgeOfNotice(n.Kind)}
	}
	return lines
}

// lettersPage is the list of letters to print.
type lettersPage struct {
	Lines []addressedLine
	More  int // that are not shown
}

// lettersShown is how many letters the list shows.
const lettersShown = 1000

// letters lists the letters of those who wait.
func (w *entrance) letters(c echo.Context) error {
	ctx := c.Request().Context()
	letters, err := w.bank.Letters(ctx, lettersShown)
	if err != nil {
		return err
	}
	all, err := w.bank.CountWaiting(ctx)
	if err != nil {
		return err
	}
	page := lettersPage{Lines: addressed(letters), More: max(0, all.Letters-len(letters))}
	return w.desk.Render(c, http.StatusOK, "letters", titles.letters, page)
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
func (w *entrance) letter(c echo.Context) error {
	n, err := w.bank.Letter(c.Request().Context(), bank.NoticeID(number(c.Param("id"))))
	if err != nil {
		return staffError(err)
	}
	until := n.At.AddDate(0, 0, letterDays)
	page := letterPage{AddressedNotice: n, Written: eraDay(n.At)}
	page.Words = lettersByKind[n.Kind].with(ui.Blanks{
		"{day}": page.Written, "{since}": eraDay(n.Since), "{reason}": words.Reason(n.Reason), "{until}": eraDay(until), "{bank}": {JA: w.cfg.PublicURL},
	})
	return w.desk.Render(c, http.StatusOK, "letter", titles.letter, page)
}

// letterPrinted notes that a letter was printed.
func (w *entrance) letterPrinted(c echo.Context) error {
	if err := w.bank.Printed(c.Request().Context(), bank.NoticeID(number(c.Param("id")))); err != nil {
		return staffError(err)
	}
	return c.Redirect(http.StatusSeeOther, "/staff/letters")
}
