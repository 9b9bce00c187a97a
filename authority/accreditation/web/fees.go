package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	frame "example.jp/jpkimock/authority/desk/web"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/internal/shown"
	"example.jp/jpkimock/internal/ui"
)

// feesView is the page of the fees.
type feesView struct {
	Month, Before, After string // YYYY-MM
	MonthName            ui.Text
	Of2014               bool           // calculated by the prices of the material of 2014
	Months               []frame.Option // to choose from, the latest first
	Statements           []statementView
	Count                ui.Text
	Amount               int64
	Tariff               []tariffLine
	Version              shown.Version // of the tariff
	Changed              bool          // since it was shown
	Fields               []frame.Field
	Bad                  bool
	Today                string
	Audit                []auditLine
}

// statementView is a verifier's bill: what was counted by kind and purpose, and
// each day beneath.
type statementView struct {
	accreditation.Statement
	Shown   ui.Text // the verifier's name
	Answers ui.Text
	Sums    []feeSum
	Days    []feeDay
}

// feeDay is a line of a statement in words.
type feeDay struct {
	accreditation.StatementLine
	Date, KindName, Purpose, Answers ui.Text
}

// feeSum is the month's total of one kind, purpose and price.
type feeSum struct {
	Kind     jpki.Kind
	KindName ui.Text
	Purpose  ui.Text
	purpose  accreditation.Purpose
	N        int64
	Yen      int64
	Amount   int64
	First    string // a day, YYYY-MM-DD
	Last     string
}

// Answers gives the number of answers.
func (s feeSum) Answers() ui.Text { return thousands(s.N) }

// Span gives the days from the first answer to the last.
func (s feeSum) Span() ui.Text { return daySpan(s.First, s.Last) }

// tariffLine is a price, and whether it holds today.
type tariffLine struct {
	accreditation.TariffRow
	Date     ui.Text // from when
	KindName ui.Text
	Holds    bool
	Coming   bool
}

// fees shows the statements of a month and the tariff.
func (d *desks) fees(c echo.Context, who desk.Officer) error {
	return d.showFees(c, who, frame.NewForm(nil))
}

func (d *desks) showFees(c echo.Context, who desk.Officer, f *frame.Form) error {
	ctx := c.Request().Context()
	month := d.feesMonth(c)
	v := feesView{
		Month: month.Format("2006-01"), Before: month.AddDate(0, -1, 0).Format("2006-01"), After: month.AddDate(0, 1, 0).Format("2006-01"),
		MonthName: ui.Month(month), Months: d.months(month),
		Today: d.now().In(jpki.JST).Format(time.DateOnly), Bad: f.Wrong(),
	}
	bills := d.ministry.Statements
	if v.Of2014 = c.QueryParam("prices") == "2014"; v.Of2014 {
		bills = func(ctx context.Context, month string) ([]accreditation.Statement, error) {
			return d.ministry.Estimates(ctx, month, accreditation.Of2014())
		}
	}
	all, err := bills(ctx, v.Month)
	if err != nil {
		return err
	}
	var count int64
	for _, s := range all {
		v.Statements = append(v.Statements, statementView{s, frame.Named(s.Name), answers(s.Count), sumsOf(s), daysOf(s)})
		count, v.Amount = count+s.Count, v.Amount+s.Amount
	}
	v.Count = thousands(count)
	rows, err := d.ministry.Tariff(ctx)
	if err != nil {
		return err
	}
	v.Tariff, v.Version = tariffLines(rows, v.Today), accreditation.TariffVersion(rows)
	v.Changed = f.Seen().Still(v.Version) != nil
	if v.Audit, err = d.auditLines(c, "tariff", maxShown); err != nil {
		return err
	}
	v.Fields = f.Filled(fieldFrom, fieldTariffKind(), fieldYen, fieldGrounds())
	if v.Changed {
		return d.Show(c, http.StatusConflict, "fees", pageTitles.fees, who, v)
	}
	return d.ShowForm(c, f, "fees", pageTitles.fees, who, v)
}

// feesMonth reads the month asked for; this month if there is none, or none
// that a calendar has.
func (d *desks) feesMonth(c echo.Context) time.Time {
	if m, ok := accreditation.ParseMonth(c.QueryParam("month")); ok {
		return m
	}
	y, m, _ := d.now().In(jpki.JST).Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, jpki.JST)
}

// feeMonths is how many months the page of the fees offers.
const feeMonths = 24

// months lists the months to choose from: the last ones, and the one shown.
func (d *desks) months(shown time.Time) []frame.Option {
	y, m, _ := d.now().In(jpki.JST).Date()
	latest := time.Date(y, m, 1, 0, 0, 0, 0, jpki.JST)
	list := make([]time.Time, 0, feeMonths+1)
	for i := range feeMonths {
		list = append(list, latest.AddDate(0, -i, 0))
	}
	switch {
	case shown.After(latest):
		list = append([]time.Time{shown}, list...)
	case shown.Before(list[feeMonths-1]):
		list = append(list, shown)
	}
	options := make([]frame.Option, 0, len(list))
	for _, t := range list {
		options = append(options, frame.Option{Value: t.Format("2006-01"), Text: ui.Month(t), Chosen: t.Equal(shown)})
	}
	return options
}

// sumsOf adds up a statement's days.
func sumsOf(s accreditation.Statement) []feeSum {
	var sums []feeSum
	for _, l := range s.Lines {
		i := slices.IndexFunc(sums, func(x feeSum) bool { return x.Kind == l.Kind && x.purpose == l.Purpose && x.Yen == l.Yen })
		if i < 0 {
			i = len(sums)
			sums = append(sums, feeSum{Kind: l.Kind, KindName: frame.KindName(l.Kind), Purpose: purposeName(l.Kind, l.Purpose), purpose: l.Purpose, Yen: l.Yen, First: l.Day})
		}
		sums[i].N, sums[i].Amount, sums[i].Last = sums[i].N+l.N, sums[i].Amount+l.Amount, l.Day
	}
	slices.SortStableFunc(sums, func(a, b feeSum) int { return int(a.Kind)*10 + int(a.purpose) - int(b.Kind)*10 - int(b.purpose) })
	return sums
}

func daysOf(s accreditation.Statement) []feeDay {
	days := make([]feeDay, 0, len(s.Lines))
	for _, l := range s.Lines {
		days = append(days, feeDay{l, daySpan(l.Day, l.Day), frame.KindName(l.Kind), purposeName(l.Kind, l.Purpose), thousands(l.N)})
	}
	return days
}

// tariffLines gives the tariff, the latest first, with what holds today.
func tariffLines(rows []accreditation.TariffRow, today string) []tariffLine {
	var lines []tariffLine
	holds := map[jpki.Kind]bool{}
	for _, r := range slices.Backward(rows) {
		l := tariffLine{TariffRow: r, Date: dayName(r.From), KindName: frame.KindName(r.Kind), Coming: r.From > today}
		if !l.Coming && !holds[r.Kind] {
			l.Holds, holds[r.Kind] = true, true
		}
		lines = append(lines, l)
	}
	return lines
}

// feesCSV gives the statements of a month as a table for a spreadsheet.
func (d *desks) feesCSV(c echo.Context, _ desk.Officer) error {
	all, err := d.ministry.Statements(c.Request().Context(), d.feesMonth(c).Format("2006-01"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return CSV(c, all)
}

// addTariff adds a price from a day on, or changes the one of that day.
func (d *desks) addTariff(c echo.Context, who desk.Officer) error {
	f := frame.Posted(c)
	row, err := accreditation.TariffRow{}, error(nil)
	f.Needed("from")
	if day := f.Day("from"); day.Known() {
		row.From = day.Gregorian()
	} else {
		f.Fail("from")
	}
	if row.Kind, err = jpki.ParseKind(f.Text("kind")); err != nil {
		f.Fail("kind")
	}
	if row.Yen, err = strconv.ParseInt(fold.Name(f.Text("yen")), 10, 32); err != nil || row.Yen < 0 || row.Yen > 1_000_000 {
		f.Fail("yen")
	}
	why := f.Needed("why")
	if f.Wrong() {
		return d.showFees(c, who, f)
	}
	_, err = d.ministry.SetPrice(c.Request().Context(), row, who.By(why).Having(f.Seen()))
	if f.Refused(err, func(string) string { return "from" }) || errors.Is(err, shown.ErrChanged) {
		return d.showFees(c, who, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/office/fees#tariff")
}

// CSV answers with statements as a table for a spreadsheet.
func CSV(c echo.Context, all []accreditation.Statement) error {
	table, err := accreditation.CSV(all)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="jpki-mock-fees.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", table)
}
