package web

import (
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/jpki/fold"
)

// OneLine reads a text field: spaces around it are dropped. It reports false for
// what no register takes.
func OneLine(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if desk.CheckText("", s) != nil {
		return "", false
	}
	return s, true
}

// eras gives the first year of each era, by the names an office writes.
var eras = []struct {
	letter string
	name   string
	first  int
}{{"m", "明治", 1868}, {"t", "大正", 1912}, {"s", "昭和", 1926}, {"h", "平成", 1989}, {"r", "令和", 2019}}

// ParseDay reads a day as it is written at a counter: 1990-04-12, 1990/4/12,
// 19900412, 1990年4月12日, 平成2年4月12日, H2.4.12. A month or day that is not
// known is 0 or 不明.
func ParseDay(s string) (jpki.DateOfBirth, bool) {
	if len(s) > 64 {
		return jpki.DateOfBirth{}, false
	}
	s = strings.NewReplacer("年", "-", "月", "-", "日", "", "/", "-", ".", "-", "元", "1", "不明", "0").Replace(fold.Reading(s))
	first := 1
	for _, era := range eras {
		if rest, ok := cutEra(s, era.letter, era.name); ok {
			s, first = rest, era.first
		}
	}
	parts := strings.Split(s, "-")
	if len(parts) == 1 && len(s) == 8 && first == 1 {
		parts = []string{s[:4], s[4:6], s[6:]}
	}
	if len(parts) != 3 {
		return jpki.DateOfBirth{}, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 14)
		if err != nil || len(p) > 4 {
			return jpki.DateOfBirth{}, false
		}
		n[i] = int(v)
	}
	n[0] += first - 1
	d := dayOf(n[0], n[1], n[2])
	_, err := jpki.ParseDateOfBirth(d.String())
	return d, err == nil && d.Year >= 1868 && d.Year <= 2200
}

func cutEra(s, letter, name string) (string, bool) {
	if rest, ok := strings.CutPrefix(s, name); ok {
		return rest, true
	}
	return strings.CutPrefix(s, letter)
}

// dayOf gives a date of birth with its era. A part that is not known counts as
// the first of the year.
func dayOf(year, month, day int) jpki.DateOfBirth {
	d := jpki.DateOfBirthOn(year, time.Month(max(month, 1)), max(day, 1))
	d.Month, d.Day = month, day
	return d
}
