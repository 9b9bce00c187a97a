package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/cost"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// reportsShown is how many reports the list shows.
const reportsShown = 60

// confirmationsPage is the list of reports.
type confirmationsPage struct{ Reports []bank.Report }

// confirmations lists the reports of confirmations.
func (w *desks) confirmations(c echo.Context) error {
	reports, err := w.bank.Reports(c.Request().Context(), reportsShown)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"reports": reportsJSON(reports)}, w.show("confirmations", titles.confirmations, confirmationsPage{reports}))
}

// confirm confirms the customers now. One that failed has its report too.
func (w *desks) confirm(c echo.Context) error {
	report, err := w.bank.ConfirmCustomers(c.Request().Context())
	if err == nil && w.cfg.Updates != nil {
		if err := w.cfg.Updates(c.Request().Context()); err != nil { // the next sweep does it
			w.cfg.Log.WarnContext(c.Request().Context(), "bank: the latest data could not be asked for", "error", err)
		}
	}
	if err != nil && (!errors.Is(err, bank.ErrConfirmation) || report.ID == 0) {
		return err
	}
	if err != nil && w.cfg.Log != nil {
		w.cfg.Log.Warn("confirmation of customers failed", "report", report.ID, "error", err)
	}
	at := "/staff/sweeps/" + strconv.FormatInt(report.ID, 10)
	return door.Answer(c, http.StatusCreated, map[string]any{"report": reportJSON(report)}, door.See(at))
}

// reportPage is a report, with what the same would have cost by post.
type reportPage struct {
	Report  bank.Report
	Failure ui.Text
	Seconds string // that it took
	Fee     charge // by the authority's tariff of today
	Of2014  charge // by that of the material of 2014
	Unknown bool   // the authority did not say its tariff
	Post    bank.Yen
	Revoked int // certificates that were revoked, and not by a renewal
}

// charge is what the questions of a report come to.
type charge struct{ Each, All bank.Yen }

// confirmation shows one report.
func (w *desks) confirmation(c echo.Context) error {
	report, err := w.bank.Report(c.Request().Context(), room.Number(c.Param("id")))
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"report": reportJSON(report)}, w.show("confirmation", titles.confirmation, w.reportPageOf(c.Request().Context(), report)))
}

func (w *desks) reportPageOf(ctx context.Context, r bank.Report) reportPage {
	prices := cost.Example()
	fees, unknown := w.cfg.Fees.Known(ctx)
	of := func(each bank.Yen) charge { return charge{each, bank.Yen(r.Questions) * each} }
	prices.Customers, prices.Times = int64(r.Tally.Customers-r.Tally.Withheld), 1
	return reportPage{
		Report: r, Failure: failureWords[r.Failure], Seconds: strconv.FormatFloat(r.Finished.Sub(r.At).Seconds(), 'f', 1, 64),
		Fee: of(fees.Today), Of2014: of(fees.Of2014), Unknown: unknown, Post: prices.ByPost().Yen(),
		Revoked: r.Tally.Changed + r.Tally.Revoked,
	}
}

// waitingPage is a page of those who wait for something.
type waitingPage struct {
	ui.Pager
	Lines []addressedLine
}

// addressedLine is a message with whom it is for.
type addressedLine struct {
	bank.AddressedNotice
	Badge badge
}

// waiting lists the customers who have been asked for something.
func (w *desks) waiting(c echo.Context) error {
	ctx := c.Request().Context()
	page := waitingPage{Pager: ui.PagerOf(c, bank.PerPage)}
	all, err := w.bank.CountWaiting(ctx)
	if err != nil {
		return err
	}
	waiting, err := w.bank.Notices(ctx, bank.NoticeQuery{Open: true, Page: page.Page})
	if err != nil {
		return err
	}
	page.All, page.Lines = all.Customers+all.Staff, addressed(waiting)
	return w.pages.Render(c, http.StatusOK, "waiting", titles.waiting, page)
}

func addressed(notices []bank.AddressedNotice) []addressedLine {
	lines := make([]addressedLine, len(notices))
	for i, n := range notices {
		lines[i] = addressedLine{n, badgeOfNotice(n.Kind)}
	}
	return lines
}

// reportFace is a report as programs get it.
type reportFace struct {
	ID        int64        `json:"id"`
	Trigger   bank.Trigger `json:"trigger"`
	At        time.Time    `json:"at"`
	Finished  time.Time    `json:"finished"`
	Questions int          `json:"questions"`
	Asked     int          `json:"asked"`
	Followed  int          `json:"followed"`
	Failure   bank.Failure `json:"failure,omitempty"`
	Customers int          `json:"customers"`
	Withheld  int          `json:"withheld"`
	Never     int          `json:"never"`
	Unchanged int          `json:"unchanged"`
	Changed   int          `json:"changed"`
	Revoked   int          `json:"revoked"`
	Reissued  int          `json:"reissued"`
	Suspended int          `json:"suspended"`
	Expired   int          `json:"expired"`
	Unknown   int          `json:"unknown"`
}

func reportJSON(r bank.Report) reportFace {
	t := r.Tally
	return reportFace{
		r.ID, r.Trigger, r.At, r.Finished, r.Questions, r.Asked, r.Followed, r.Failure,
		t.Customers, t.Withheld, t.Never, t.Unchanged, t.Changed, t.Revoked, t.Reissued, t.Suspended, t.Expired, t.Unknown,
	}
}

func reportsJSON(all []bank.Report) []reportFace {
	faces := make([]reportFace, len(all))
	for i, r := range all {
		faces[i] = reportJSON(r)
	}
	return faces
}
