package jpki

import (
	"fmt"
	"time"
)

// JapaneseDay returns the day of t by Japanese civil time as an office prints it:
// 令和8年11月30日, 令和元年5月1日.
func JapaneseDay(t time.Time) string {
	t = t.In(JST)
	return DateOfBirthOn(t.Year(), t.Month(), t.Day()).Japanese()
}

// JapaneseTime returns the time of day of t by Japanese civil time as an office
// prints it, from 午前0時0分 to 午後11時59分.
func JapaneseTime(t time.Time) string {
	t = t.In(JST)
	half := "午前"
	if t.Hour() >= 12 {
		half = "午後"
	}
	return fmt.Sprintf("%s%d時%d分", half, t.Hour()%12, t.Minute())
}
