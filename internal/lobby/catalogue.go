package lobby

import (
	"strconv"
	"time"

	"example.jp/jpkimock/internal/ui"
)

// offsetWords says how far the clock is from the real time, in its two largest units
// from minutes up; empty for less than half a minute.
func offsetWords(d time.Duration) ui.Text {
	ahead := d > 0
	d = d.Abs().Round(time.Minute)
	const day = 24 * time.Hour
	var ja, en string
	places := 0
	for _, unit := range []struct {
		of               time.Duration
		ja, one, several string
	}{{day, "日", " day", " days"}, {time.Hour, "時間", " hour", " hours"}, {time.Minute, "分", " minute", " minutes"}} {
		n := int64(d / unit.of)
		d %= unit.of
		if n > 0 && places < 2 {
			name := unit.several
			if n == 1 {
				name = unit.one
			}
			count := ui.Thousands(strconv.FormatInt(n, 10))
			ja, en = ja+count+unit.ja, join(en, count+name)
		}
		if n > 0 || places > 0 {
			places++
		}
	}
	switch {
	case ja == "":
		return ui.Text{}
	case ahead:
		return ui.Text{JA: "実際の時刻より" + ja + "進んでいます", EN: en + " ahead of the real time"}
	}
	return ui.Text{JA: "実際の時刻より" + ja + "遅れています", EN: en + " behind the real time"}
}

func join(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}
