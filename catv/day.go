package catv

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Day is a day of Japanese civil time, counted from 1 January 1970.
type Day int

// DayOf gives the day in Japan at a time.
func DayOf(t time.Time) Day {
	y, m, d := t.In(jpki.JST).Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDay reads YYYY-MM-DD; false for anything else.
func ParseDay(s string) (Day, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, false
	}
	return Day(t.Unix() / 86400), true
}

// At gives the time of that day's hour and minute in Japan.
func (d Day) At(hour, minute int) time.Time {
	t := d.utc()
	return time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, jpki.JST)
}

// Time gives the day's first moment.
func (d Day) Time() time.Time { return d.At(0, 0) }

// String gives YYYY-MM-DD.
func (d Day) String() string { return d.utc().Format(time.DateOnly) }

// Weekday gives the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// Year gives the calendar year.
func (d Day) Year() int { return d.utc().Year() }

func (d Day) utc() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }
