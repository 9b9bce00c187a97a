package jpki

import (
	"cmp"
	"fmt"
	"strconv"
	"time"
)

// Era is the era digit of a date of birth (元号), as the profile codes it.
type Era int

// The era digits. EraUnknown is written when the year of birth is not known.
const (
	EraUnknown Era = 0
	Meiji      Era = 1
	Taisho     Era = 2
	Showa      Era = 3
	Heisei     Era = 4
	Reiwa      Era = 5
)

var eras = map[Era]struct {
	name  string
	first string // YYYYMMDD of its first day
	last  string
}{
	Meiji:  {"明治", "18680125", "19120729"},
	Taisho: {"大正", "19120730", "19261224"},
	Showa:  {"昭和", "19261225", "19890107"},
	Heisei: {"平成", "19890108", "20190430"},
	Reiwa:  {"令和", "20190501", "99991231"},
}

// DateOfBirth is the date of birth (生年月日) as the certificate writes it: an
// era digit, then the Gregorian year, month and day, nine digits in all
// ("319800217" is 昭和55年2月17日). Parts may be unknown and are then zero, so
// it is not a time.Time.
type DateOfBirth struct {
	Era              Era
	Year, Month, Day int
}

// DateOfBirthOn gives the date of birth of somebody born on a known day, with
// the era that day belongs to.
func DateOfBirthOn(year int, month time.Month, day int) DateOfBirth {
	d := DateOfBirth{Year: year, Month: int(month), Day: day}
	ymd := fmt.Sprintf("%04d%02d%02d", year, int(month), day)
	for e, s := range eras {
		if s.first <= ymd && ymd <= s.last {
			d.Era = e
		}
	}
	return d
}

// ParseDateOfBirth reads the nine digits of the certificate. Unknown parts are
// zeros. A day or month that no calendar has is refused, and so is an era that does
// not contain the date.
func ParseDateOfBirth(s string) (DateOfBirth, error) {
	if len(s) != 9 {
		return DateOfBirth{}, fmt.Errorf("jpki: date of birth has %d characters: it must be 9 digits EYYYYMMDD", len(s))
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return DateOfBirth{}, fmt.Errorf("jpki: date of birth has %q: it must be 9 digits EYYYYMMDD", r)
		}
	}
	n := func(t string) int { v, _ := strconv.Atoi(t); return v }
	d := DateOfBirth{Era: Era(n(s[:1])), Year: n(s[1:5]), Month: n(s[5:7]), Day: n(s[7:9])}
	if d.Era > Reiwa {
		return DateOfBirth{}, fmt.Errorf("jpki: date of birth has era %d: it must be 0 to 5", d.Era)
	}
	if !d.exists() {
		return DateOfBirth{}, fmt.Errorf("jpki: date of birth %s is on no calendar", s)
	}
	if !d.inEra() {
		return DateOfBirth{}, fmt.Errorf("jpki: date of birth %s is not in its era", s)
	}
	return d, nil
}

// exists reports whether a calendar has the date. The day of an unknown month is
// unknown too.
func (d DateOfBirth) exists() bool {
	if d.Month > 12 || d.Month == 0 && d.Day != 0 {
		return false
	}
	year := cmp.Or(d.Year, 2000) // a leap year, if it is not known
	return d.Day == 0 || time.Date(year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Day() == d.Day
}

// inEra reports whether some day of the date, of which parts may be unknown, is in
// its era. EraUnknown goes with any date, another era only with a year.
func (d DateOfBirth) inEra() bool {
	if d.Era == EraUnknown {
		return true
	}
	e := eras[d.Era]
	return d.digits(12, 31) >= e.first && d.digits(1, 1) <= e.last // an unknown year is before each era
}

// digits gives YYYYMMDD, with these for an unknown month and day.
func (d DateOfBirth) digits(month, day int) string {
	if d.Month != 0 {
		month = d.Month
	}
	if d.Day != 0 {
		day = d.Day
	}
	return fmt.Sprintf("%04d%02d%02d", d.Year, month, day)
}

// Future reports whether the date lies after the day of now, by Japanese civil
// time: nobody has been born then yet.
func (d DateOfBirth) Future(now time.Time) bool {
	return d.Year != 0 && d.digits(1, 1) > now.In(JST).Format("20060102")
}

// Known reports whether year, month and day are all known.
func (d DateOfBirth) Known() bool { return d.Year != 0 && d.Month != 0 && d.Day != 0 }

// String gives the nine digits of the certificate.
func (d DateOfBirth) String() string {
	return fmt.Sprintf("%d%04d%02d%02d", int(d.Era), d.Year, d.Month, d.Day)
}

// Japanese gives the date as an office writes it: 昭和55年2月17日, with 不明 for
// the parts that are not known.
func (d DateOfBirth) Japanese() string {
	year := "年不明"
	if n := d.EraYear(); n == 1 {
		year = eras[d.Era].name + "元年"
	} else if n > 1 {
		year = eras[d.Era].name + strconv.Itoa(n) + "年"
	} else if d.Year != 0 {
		year = strconv.Itoa(d.Year) + "年"
	}
	month, day := "月不明", "日不明"
	if d.Month != 0 {
		month = strconv.Itoa(d.Month) + "月"
	}
	if d.Day != 0 {
		day = strconv.Itoa(d.Day) + "日"
	}
	return year + month + day
}

// EraYear gives the year of the era, 55 for 昭和55年; 0 if year or era is not known.
func (d DateOfBirth) EraYear() int {
	e, ok := eras[d.Era]
	if !ok || d.Year == 0 {
		return 0
	}
	first, _ := strconv.Atoi(e.first[:4])
	return d.Year - first + 1
}

// Gregorian gives the date as YYYY-MM-DD, with zeros for unknown parts.
func (d DateOfBirth) Gregorian() string {
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Age gives the full years of somebody born on d at the moment now, by
// Japanese civil time. Someone whose year of birth is unknown has age -1.
//
// Source: the Act on Calculation of Ages counts a year as full on the day
// before the birthday ends; the registers use the birthday itself, and so does
// this.
func (d DateOfBirth) Age(now time.Time) int {
	if d.Year == 0 {
		return -1
	}
	t := now.In(JST)
	age := t.Year() - d.Year
	if int(t.Month()) < d.Month || int(t.Month()) == d.Month && t.Day() < d.Day {
		age--
	}
	return age
}

// JST is Japan Standard Time, UTC+9 without daylight saving. It is built in,
// so that no time zone database is needed.
var JST = time.FixedZone("JST", 9*60*60)

// MarshalText writes the nine digits.
func (d DateOfBirth) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Wanted says how a date of birth is written in a request.
func (DateOfBirth) Wanted() string {
	return "a date of birth in nine digits, the era (1 明治 to 5 令和) and YYYYMMDD"
}

// UnmarshalText reads the nine digits.
func (d *DateOfBirth) UnmarshalText(b []byte) error {
	p, err := ParseDateOfBirth(string(b))
	if err != nil {
		return err
	}
	*d = p
	return nil
}
