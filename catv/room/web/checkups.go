package web

import (
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/ui"
)

// CheckupRow is an item of check-ups that stand beside one another.
type CheckupRow struct {
	Item      health.Item
	Low, High float64
	Cells     []CheckupCell // one for each check-up
}

// CheckupCell is the value of an item at one check-up.
type CheckupCell struct {
	Value        string
	Above, Below bool
}

// CheckupTable turns check-ups into rows by item.
func CheckupTable(all []health.CheckupResult) []CheckupRow {
	var rows []CheckupRow
	for _, item := range health.Items() {
		row := CheckupRow{Item: item, Cells: make([]CheckupCell, len(all))}
		there := false
		for i, c := range all {
			for _, f := range c.Findings {
				if f.Item.ID != item.ID {
					continue
				}
				there, row.Low, row.High = true, f.Low, f.High
				row.Cells[i] = CheckupCell{
					Value: Number(f.Value, item.Places), Above: f.High != 0 && f.Value > f.High, Below: f.Low != 0 && f.Value < f.Low,
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
func (r CheckupRow) Range() ui.Text {
	bound := func(v float64) string {
		if v == 0 {
			return ""
		}
		return Number(v, r.Item.Places)
	}
	return rangeText(bound(r.Low), bound(r.High))
}
