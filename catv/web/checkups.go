package web

import (
	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/ui"
)

// checkupsPage is the check-ups beside one another, newest first.
type checkupsPage struct {
	Subject  subject
	Checkups []health.CheckupResult
	Rows     []checkupRow
}

type checkupRow struct {
	Item      health.Item
	Low, High float64
	Cells     []checkupCell // one for each check-up
}

type checkupCell struct {
	Value        string
	Above, Below bool
}

// checkups shows the results of check-ups with their reference ranges.
func (w *set) checkups(c echo.Context) error {
	s, err := w.subject(c)
	if err != nil {
		return err
	}
	all, err := w.health.Checkups(c.Request().Context(), me(c), s.Of)
	if err != nil {
		return err
	}
	return w.show(c, "checkups", titles.checkups, checkupsPage{Subject: s, Checkups: all, Rows: table(all)})
}

// table turns check-ups into rows by item.
func table(all []health.CheckupResult) []checkupRow {
	var rows []checkupRow
	for _, item := range health.Items() {
		row := checkupRow{Item: item, Cells: make([]checkupCell, len(all))}
		there := false
		for i, c := range all {
			for _, f := range c.Findings {
				if f.Item.ID != item.ID {
					continue
				}
				there, row.Low, row.High = true, f.Low, f.High
				row.Cells[i] = checkupCell{
					Value: number(f.Value, item.Places), Above: f.High != 0 && f.Value > f.High, Below: f.Low != 0 && f.Value < f.Low,
				}
			}
		}
		if there {
			rows = append(rows, row)
		}
	}
	return rows
}

// Range writes a reference range.
func (r checkupRow) Range() ui.Text {
	bound := func(v float64) string {
		if v == 0 {
			return ""
		}
		return number(v, r.Item.Places)
	}
	return rangeText(bound(r.Low), bound(r.High))
}
