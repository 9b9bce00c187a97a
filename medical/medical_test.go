package medical

import (
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

func TestInsurerNumber(t *testing.T) {
	for text, want := range map[string]InsurerNumber{
		"06990014": "06990014", "992016": "00992016", "00992016": "00992016",
		"06990015": "", "992017": "", "0699001": "", "０６９９００１４": "", "": "", "0699001a": "",
	} {
		got, err := ParseInsurerNumber(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v: want %q", text, got, err, want)
		}
	}
	if got := InsurerNumber("00992016").Printed(); got != "992016" {
		t.Errorf("printed %s", got)
	}
}

func TestMember(t *testing.T) {
	good := Member{Insurer: "992016", Symbol: "99", Number: "70031", Birth: "1998-11-03"}
	if m, err := good.Check(); err != nil || m.Insurer != "00992016" || m.Branch != "00" {
		t.Errorf("%+v, %v", m, err)
	}
	for name, change := range map[string]func(*Member){
		"insurer": func(m *Member) { m.Insurer = "1" }, "symbol": func(m *Member) { m.Symbol = "" }, "number": func(m *Member) { m.Number = "12345678901" },
		"branch": func(m *Member) { m.Branch = "1" }, "birth": func(m *Member) { m.Birth = "1998-02-30" }, "letters": func(m *Member) { m.Number = "7O" },
	} {
		m := good
		change(&m)
		if _, err := m.Check(); err == nil {
			t.Errorf("wrong %s is taken", name)
		}
	}
}

// The share goes by age: the first of April after the sixth birthday, and the month after
// the seventieth.
func TestShare(t *testing.T) {
	for _, c := range []struct {
		birth, day Date
		high       bool
		want       int
	}{
		{"2020-04-02", "2027-03-31", false, 20}, {"2020-04-02", "2027-04-01", false, 30},
		{"2020-04-01", "2026-03-31", false, 20}, {"2020-04-01", "2026-04-01", false, 30}, // six on 31 March, by the Act
		{"2020-03-31", "2026-03-31", false, 20}, {"2020-03-31", "2026-04-01", false, 30},
		{"1990-04-12", "2026-04-01", false, 30},
		{"1956-04-02", "2026-04-30", false, 30}, {"1956-04-02", "2026-05-01", false, 20}, {"1956-04-02", "2026-05-01", true, 30},
		{"1956-04-01", "2026-03-31", false, 30}, {"1956-04-01", "2026-04-01", false, 20},
	} {
		if got := Share(c.birth, c.day, c.high); got != c.want {
			t.Errorf("born %s, on %s, high income %v: %d: want %d", c.birth, c.day, c.high, got, c.want)
		}
	}
}

func TestHoldsOn(t *testing.T) {
	q := Qualification{QualifiedOn: "2026-04-01", LostOn: "2026-04-15"}
	for day, want := range map[Date]bool{"2026-03-31": false, "2026-04-01": true, "2026-04-14": true, "2026-04-15": false} {
		if q.HoldsOn(day) != want {
			t.Errorf("%s: want %v", day, want)
		}
	}
}

// 1 April to 31 July, as the ministry's example has it.
func TestGraceUntil(t *testing.T) {
	day := func(y int, m time.Month, d, h int) time.Time { return time.Date(y, m, d, h, 59, 59, 0, jpki.JST) }
	for _, c := range []struct{ ends, want time.Time }{
		{day(2026, time.April, 1, 23), day(2026, time.July, 31, 23)},
		{day(2026, time.November, 30, 23), day(2027, time.February, 28, 23)},
		{day(2026, time.October, 31, 23), day(2027, time.January, 31, 23)},
	} {
		if got := GraceUntil(c.ends.UTC()); !got.Equal(c.want) {
			t.Errorf("%v: %v: want %v", c.ends, got, c.want)
		}
	}
}
