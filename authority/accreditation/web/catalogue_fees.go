package web

import (
	"strconv"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
)

// dayName gives a day that is written YYYY-MM-DD.
func dayName(day string) ui.Text {
	t, err := time.ParseInLocation(time.DateOnly, day, jpki.JST)
	if err != nil {
		return ui.Text{JA: day, EN: day}
	}
	return ui.Day(t)
}

// daySpan gives the days of one month from the first to the last, both written
// YYYY-MM-DD: 11月1日 〜 11月23日.
func daySpan(first, last string) ui.Text {
	from, err := time.ParseInLocation(time.DateOnly, first, jpki.JST)
	to, wrong := time.ParseInLocation(time.DateOnly, last, jpki.JST)
	switch {
	case err != nil || wrong != nil:
		return ui.Text{JA: first, EN: first}
	case first == last:
		return ui.Text{JA: from.Format("1月2日"), EN: from.Format("2 January")}
	}
	return ui.Text{JA: from.Format("1月2日") + " 〜 " + to.Format("1月2日"), EN: from.Format("2") + " – " + to.Format("2 January")}
}

// thousands gives a number with its thousands set apart.
func thousands(n int64) ui.Text {
	s := ui.Thousands(strconv.FormatInt(n, 10))
	return ui.Text{JA: s, EN: s}
}

// answers gives a number of answers with its unit.
func answers(n int64) ui.Text {
	s := thousands(n).JA
	if n == 1 {
		return ui.Text{JA: s + "件", EN: s + " answer"}
	}
	return ui.Text{JA: s + "件", EN: s + " answers"}
}
