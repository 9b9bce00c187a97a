package ui

import (
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Day gives a day by Japanese civil time as an office prints it: 令和8年4月1日, or 1
// April 2026; a dash for none.
func Day(t time.Time) Text {
	if t.IsZero() {
		return Text{JA: noDay, EN: noDay}
	}
	return Text{JA: jpki.JapaneseDay(t), EN: t.In(jpki.JST).Format(dayEN)}
}

// Month gives a month by Japanese civil time: 令和8年4月, or April 2026.
func Month(t time.Time) Text {
	month, _, _ := strings.Cut(jpki.JapaneseDay(t), monthJA)
	return Text{JA: month + monthJA, EN: t.In(jpki.JST).Format(monthEN)}
}

// Minute gives a day and a time of day: 令和8年4月1日 午前9時30分, or 09:30 on 1 April
// 2026.
func Minute(t time.Time) Text {
	day := Day(t)
	if t.IsZero() {
		return day
	}
	return Text{JA: day.JA + " " + jpki.JapaneseTime(t), EN: t.In(jpki.JST).Format(timeEN) + " on " + day.EN}
}

// Second gives a day and a time of day to the second, for records: 令和8年4月1日
// 午前9時30分15秒, or 1 April 2026 09:30:15.
func Second(t time.Time) Text {
	day := Day(t)
	if t.IsZero() {
		return day
	}
	return Text{JA: Minute(t).JA + strconv.Itoa(t.Second()) + secondJA, EN: day.EN + " " + t.In(jpki.JST).Format(time.TimeOnly)}
}
