package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// reportsShown is how many reports the list shows.
const reportsShown = 60

// sweepsPage is the list of reports.
type sweepsPage struct{ Reports []bank.Report }

// sweeps lists the reports of confirmations.
func (w *desks) sweeps(c echo.Context) error {
	reports, err := w.bank.Reports(c.Request().Context(), reportsShown)
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, map[string]any{"reports": reportsJSON(reports)}, w.show("sweeps", titles.sweeps, sweepsPage{reports}))
}

// sweep confirms the customers now. One that failed has its report too.
func (w *desks) sweep(c echo.Context) error {
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
func (w *desks) sweepReport(c echo.Context) error {
	ctx := c.Request().Context()
	report, err := w.bank.Report(ctx, number(c.Param("id")))
	if err != nil {
		return err
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
	return door.Answer(c, http.StatusOK, map[string]any{"report": reportJSON(report)}, w.show("sweep", titles.sweep, page))
}

func addressed(notices []bank.AddressedNotice) []addressedLine {
	lines := make([]addressedLine, len(notices))
	for i, n := range notices {
		lines[i] = addressedLine{n, room.ShortName(n.Kind), badgeOfNotice(n.Kind)}
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
