package ui

import (
	"strconv"
	"time"
)

// Day gives a day by Japanese civil time: 2026年4月1日, or 1 April 2026; a dash
// for none.
func Day(t time.Time) Text {
	if t.IsZero() {
		return Text{JA: noDay, EN: noDay}
	}
	t = t.In(jst)
	return Text{JA: t.Format(dayJA), EN: t.Format(dayEN)}
}

// Minute gives a day and a time of day as an office says it: 2026年4月1日
// 午前9時30分, or 09:30 on 1 April 2026.
func Minute(t time.Time) Text {
	day := Day(t)
	if t.IsZero() {
		return day
	}
	t = t.In(jst)
	half := forenoonJA
	if t.Hour() >= 12 {
		half = afternoonJA
	}
	return Text{
		JA: day.JA + " " + half + strconv.Itoa(t.Hour()%12) + hourJA + strconv.Itoa(t.Minute()) + minuteJA,
		EN: t.Format(timeEN) + " on " + day.EN,
	}
}
