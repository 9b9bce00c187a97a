package jpki_test

import (
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

func TestParseDateOfBirth(t *testing.T) {
	for _, c := range []struct{ in, gregorian, japanese string }{
		{"319800217", "1980-02-17", "昭和55年2月17日"},
		{"118991201", "1899-12-01", "明治32年12月1日"},
		{"219120730", "1912-07-30", "大正元年7月30日"},
		{"319261225", "1926-12-25", "昭和元年12月25日"},
		{"419890108", "1989-01-08", "平成元年1月8日"},
		{"520190501", "2019-05-01", "令和元年5月1日"},
		{"419960229", "1996-02-29", "平成8年2月29日"},
		{"000000000", "0000-00-00", "年不明月不明日不明"},
		{"319450000", "1945-00-00", "昭和20年月不明日不明"},
		{"319450800", "1945-08-00", "昭和20年8月日不明"},
		{"019800217", "1980-02-17", "1980年2月17日"},
		{"319800200", "1980-02-00", "昭和55年2月日不明"},
		{"320000000", "", ""}, {"319890000", "1989-00-00", "昭和64年月不明日不明"}, {"419890100", "1989-01-00", "平成元年1月日不明"},
		{"319260000", "1926-00-00", "昭和元年月不明日不明"}, {"319261200", "1926-12-00", "昭和元年12月日不明"}, {"319890100", "1989-01-00", "昭和64年1月日不明"},
		{"319261100", "", ""}, {"319250000", "", ""}, {"319890200", "", ""}, {"319900000", "", ""},
		// Not in the era: before its first day, after its last, or in no year.
		{"519800217", "", ""}, {"420190501", "", ""}, {"319890108", "", ""}, {"520190430", "", ""}, {"119800217", "", ""}, {"300000000", "", ""},
		{"319800010", "", ""}, {"000000230", "", ""}, {"000000031", "", ""}, {"000000100", "0000-01-00", "年不明1月日不明"},
		{"419970229", "", ""}, {"319801301", "", ""}, {"319800132", "", ""}, {"319800431", "", ""},
		{"619800217", "", ""}, {"31980021", "", ""}, {"3198002171", "", ""}, {"31980021x", "", ""}, {"", "", ""}, {"-19800217", "", ""}, {"３１９８０", "", ""},
	} {
		d, err := jpki.ParseDateOfBirth(c.in)
		if (err == nil) != (c.gregorian != "") {
			t.Errorf("%q: %+v, %v", c.in, d, err)
			continue
		}
		if err == nil && (d.Gregorian() != c.gregorian || d.Japanese() != c.japanese || d.String() != c.in) {
			t.Errorf("%q: %s %s %s", c.in, d, d.Gregorian(), d.Japanese())
		}
	}
}

func TestWhatIsNoBirthChangesNone(t *testing.T) {
	d := jpki.DateOfBirthOn(1980, 2, 17)
	if err := d.UnmarshalText([]byte("319801301")); err == nil || d.String() != "319800217" {
		t.Errorf("became %s, %v", d, err)
	}
}

func TestDateOfBirthOn(t *testing.T) {
	for want, day := range map[string]time.Time{
		"319800217": time.Date(1980, 2, 17, 0, 0, 0, 0, time.UTC),
		"119120729": time.Date(1912, 7, 29, 0, 0, 0, 0, time.UTC), "219120730": time.Date(1912, 7, 30, 0, 0, 0, 0, time.UTC),
		"219261224": time.Date(1926, 12, 24, 0, 0, 0, 0, time.UTC), "319261225": time.Date(1926, 12, 25, 0, 0, 0, 0, time.UTC),
		"319890107": time.Date(1989, 1, 7, 0, 0, 0, 0, time.UTC), "419890108": time.Date(1989, 1, 8, 0, 0, 0, 0, time.UTC),
		"420190430": time.Date(2019, 4, 30, 0, 0, 0, 0, time.UTC), "520190501": time.Date(2019, 5, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got := jpki.DateOfBirthOn(day.Year(), day.Month(), day.Day()); got.String() != want || !got.Known() {
			t.Errorf("%v: %s, want %s", day, got, want)
		}
	}
}

func TestABirthIsKnownWithAllItsParts(t *testing.T) {
	for d, want := range map[jpki.DateOfBirth]bool{
		{Year: 1980, Month: 2, Day: 17}: true, {Month: 2, Day: 17}: false, {Year: 1980, Day: 17}: false, {Year: 1980, Month: 2}: false,
	} {
		if d.Known() != want {
			t.Errorf("%+v: %t", d, d.Known())
		}
	}
}

func TestNobodyIsBornInTheFuture(t *testing.T) {
	now := time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC) // 2 April in Japan
	for digits, want := range map[string]bool{
		"520260402": false, "520260403": true, "520260400": false, "520260500": true, "520260000": false, "520270000": true,
		"599991231": true, "000000000": false, "319800217": false,
	} {
		d, err := jpki.ParseDateOfBirth(digits)
		if err != nil || d.Future(now) != want {
			t.Errorf("%s: %v, %v", digits, d.Future(now), err)
		}
	}
}

func TestAge(t *testing.T) {
	at := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 0, 0, 0, jpki.JST) }
	born := jpki.DateOfBirthOn(2011, 4, 2)
	for _, c := range []struct {
		birth jpki.DateOfBirth
		now   time.Time
		want  int
	}{
		{born, at(2026, 4, 1, 23), 14}, {born, at(2026, 4, 2, 0), 15}, {born, at(2026, 12, 31, 0), 15}, {born, at(2026, 1, 1, 0), 14},
		{born, time.Date(2026, 4, 1, 15, 0, 0, 0, time.UTC), 15}, // 2 April in Japan
		{jpki.DateOfBirth{}, at(2026, 4, 1, 0), -1},
		{jpki.DateOfBirth{Era: jpki.Showa, Year: 1945}, at(2026, 1, 1, 0), 81},
	} {
		if got := c.birth.Age(c.now); got != c.want {
			t.Errorf("born %s, on %v: %d, want %d", c.birth, c.now, got, c.want)
		}
	}
}

// FuzzParseDateOfBirth: whatever is read writes back as itself.
func FuzzParseDateOfBirth(f *testing.F) {
	for _, s := range []string{"319800217", "000000000", "319450800", "419970229", "99999999", "-19800217", "５２０１９０５０１"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		d, err := jpki.ParseDateOfBirth(in)
		if err != nil {
			return
		}
		if d.String() != in {
			t.Errorf("%q reads as %q", in, d)
		}
		if d.Known() && time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Day() != d.Day {
			t.Errorf("%q is on no calendar", in)
		}
		if d.Japanese() == "" || len(d.Gregorian()) != 10 {
			t.Errorf("%q: %q %q", in, d.Japanese(), d.Gregorian())
		}
	})
}
