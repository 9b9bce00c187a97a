package medical

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
)

// at is a moment of a day in November 2026, at noon.
func at(day int) time.Time { return time.Date(2026, time.November, day, 12, 0, 0, 0, jpki.JST) }

func order(times int, lines ...Line) Order {
	return Order{Institution: "みほん総合病院", Inquiry: "INQ", Patient: "青葉　花子", Birth: "1990-04-12", Share: 30, Times: times, Lines: lines}
}

func issued(times int, lines ...Line) Prescription {
	return Prescription{ID: "p", At: at(1), State: Waiting, Order: order(times, lines...), From: "2026-11-01", Until: "2026-11-04"}
}

func code(err error) string { return webtest.Code(err, func(no *Refused) string { return no.Code }) }

func TestDuplicatesContraindicationsAndDoses(t *testing.T) {
	pressure, pain, thin, sleep := Line{"101", 1, 28, true}, Line{"201", 3, 5, true}, Line{"301", 2, 28, false}, Line{"601", 1, 14, true}
	for name, c := range map[string]struct {
		order     Order
		elsewhere []string
		want      []Finding
	}{
		"nothing":                {order(1, pressure, pain), []string{"701"}, nil},
		"two of one class":       {order(1, pressure), []string{"102"}, []Finding{{Duplicate, "101", "pressure", "102", true}}},
		"the same again":         {order(1, pressure), []string{"101", "101"}, []Finding{{Duplicate, "101", "pressure", "101", true}}},
		"against one another":    {order(1, pain, thin), nil, []Finding{{Contraindicated, "301", "painkiller", "201", false}}},
		"against what there is":  {order(1, pain), []string{"301"}, []Finding{{Contraindicated, "201", "anticoagulant", "301", true}}},
		"said by the other side": {order(1, sleep), []string{"402"}, []Finding{{Contraindicated, "601", "antibiotic", "402", true}}},
		"too much":               {order(1, Line{"101", 3, 7, true}), nil, []Finding{{Overdose, "101", "pressure", "", false}}},
	} {
		if got := c.order.Findings(c.elsewhere, true); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	untold := order(1, pressure).Findings([]string{"102"}, false)
	if len(untold) != 1 || untold[0].With != "" || untold[0].Class != "pressure" {
		t.Errorf("without consent: %+v", untold)
	}
	o := order(1, pressure)
	o.Answered = []Answered{{untold[0], "切替のため、前の薬は中止"}}
	if open := o.Unanswered(untold); len(open) != 0 {
		t.Errorf("answered, and still open: %+v", open)
	}
	if text, err := o.Text(); err != nil || !strings.Contains(text, "重複投薬: ミホロール錠5mgと降圧薬") || !strings.Contains(text, "1日1錠　28日分（後発医薬品への変更可）") {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestWhatIsNoPrescription(t *testing.T) {
	good := Line{"101", 1, 7, true}
	if err := order(3, good).Check(); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Order{
		"no lines": order(1), "four times": order(4, good), "no times": order(0, good), "an unknown medicine": order(1, Line{"999", 1, 7, true}),
		"the same twice": order(1, good, good), "no dose": order(1, Line{"101", 0, 7, true}), "too long": order(1, Line{"101", 1, 91, true}),
		"six": order(1, good, Line{"102", 1, 1, true}, Line{"201", 1, 1, true}, Line{"301", 1, 1, true}, Line{"401", 1, 1, true}, Line{"501", 1, 1, true}),
	} {
		if err := o.Check(); !errors.Is(err, ErrOrder) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheLifeOfAPrescription(t *testing.T) {
	p := issued(1, Line{"101", 1, 7, true}, Line{"701", 1, 5, true})
	give := func(by string, day int, lines ...int) string {
		return code(p.Dispense(Dispensing{Key: "k", At: at(day), Pharmacy: by, Lines: lines}))
	}
	for i, got := range []string{
		give("mihon", 2, 0, 1), // nobody has taken it
		code(p.Accept("mihon", "2026-11-02")), code(p.Accept("mihon", "2026-11-02")),
		code(p.Accept("aoba", "2026-11-02")), give("aoba", 2, 0, 1), code(p.Release("aoba", "2026-11-02")), code(p.Cancel("2026-11-02")),
		code(p.Release("mihon", "2026-11-02")), code(p.Accept("aoba", "2026-11-02")),
		give("aoba", 2), give("aoba", 2, 0, 0), give("aoba", 2, 2), give("aoba", 2, 1), // a part
		code(p.Accept("mihon", "2026-11-04")), give("mihon", 4, 1), give("mihon", 4, 0),
		code(p.Accept("mihon", "2026-11-04")), code(p.Cancel("2026-11-04")),
	} {
		want := []string{PrescriptionStuck, "", "", PrescriptionTaken, PrescriptionTaken, PrescriptionTaken, PrescriptionTaken, "", "",
			PrescriptionStuck, PrescriptionStuck, PrescriptionStuck, "", "", PrescriptionStuck, "", PrescriptionUsed, PrescriptionUsed}[i]
		if got != want {
			t.Errorf("step %d: %q, want %q", i, got, want)
		}
	}
	if p.State != Dispensed || len(p.Dispensings) != 2 {
		t.Errorf("%+v", p)
	}
	if got := p.Medicines("2026-11-06"); !slices.Equal(got, []string{"101", "701"}) {
		t.Errorf("on the 6th the patient has %v", got)
	}
	if got := p.Medicines("2026-11-07"); !slices.Equal(got, []string{"101"}) {
		t.Errorf("on the 7th the patient has %v", got)
	}
}

func TestDays(t *testing.T) {
	p := issued(1, Line{"101", 1, 7, true})
	if got := p.StateOn("2026-11-04"); got != Waiting {
		t.Errorf("on the fourth day %s", got)
	}
	if got := code(p.Accept("mihon", "2026-11-05")); got != PrescriptionOver || p.StateOn("2026-11-05") != Expired || len(p.Medicines("2026-11-05")) != 0 {
		t.Errorf("on the fifth day %q", got)
	}
	if err := p.Cancel("2026-11-02"); err != nil || code(p.Accept("mihon", "2026-11-02")) != PrescriptionVoid {
		t.Errorf("cancelled: %v", err)
	}
	taken := issued(1, Line{"101", 1, 7, true})
	_ = taken.Accept("mihon", "2026-11-04")
	if err := taken.Dispense(Dispensing{At: at(5), Pharmacy: "mihon", Lines: []int{0}}); err != nil {
		t.Errorf("taken in time, dispensed on the next day: %v", err)
	}
}

// A further dispensing is due when the medicines end, seven days before and after.
func TestRefills(t *testing.T) {
	p := issued(3, Line{"101", 1, 28, true}, Line{"501", 1, 14, true})
	for i, c := range []struct {
		day        int // of November, on
		from, till Date
	}{{2, "2026-11-23", "2026-12-07"}, {23, "2026-12-14", "2026-12-28"}, {44, "", ""}} {
		when := at(c.day)
		if early := code(p.Accept("mihon", DateOf(when.AddDate(0, 0, -1)))); i > 0 && early != PrescriptionEarly {
			t.Errorf("a day too early: %q", early)
		}
		if done, left := p.Round(); done != i || len(left) != 2 {
			t.Errorf("time %d: %d done, %v left", i, done, left)
		}
		if err := p.Accept("mihon", DateOf(when)); err != nil {
			t.Fatal(err)
		}
		if err := p.Dispense(Dispensing{At: when, Pharmacy: "mihon", Lines: []int{0, 1}}); err != nil {
			t.Fatal(err)
		}
		if i < 2 && (p.From != c.from || p.Until != c.till || p.State != Waiting) {
			t.Errorf("after time %d: %s to %s, %s", i+1, p.From, p.Until, p.State)
		}
	}
	if p.State != Dispensed {
		t.Errorf("after three times it is %s", p.State)
	}
}
