package health

import (
	"context"
	"math"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
)

// ItemID names an item of a check-up.
type ItemID string

// Item is an item of a check-up (健診項目) with its reference range (基準範囲), for
// men and women where they differ. A zero bound is none.
type Item struct {
	ID     ItemID
	Name   catv.Name
	Unit   string
	Places int // decimals shown
	// Low and High bound the reference range; LowF and HighF do so for women if
	// they are not zero.
	Low, High, LowF, HighF float64
	// Least and Most are what a reading can be at all.
	Least, Most float64
}

// bmiItem is the body mass index.
const bmiItem ItemID = "bmi"

// BMITarget gives the body mass index to aim at by age (日本人の食事摂取基準 2025年版):
// who is old may well weigh more. 0, 0 for children, whom it does not concern.
func BMITarget(age int) (low, high float64) {
	switch {
	case age < 18:
		return 0, 0
	case age < 50:
		return 18.5, 24.9
	case age < 65:
		return 20, 24.9
	}
	return 21.5, 24.9
}

// Range gives the reference range for a participant in a year.
func (i Item) Range(p catv.Profile, year int) (low, high float64) {
	if i.ID == bmiItem {
		return BMITarget(year - p.Born)
	}
	low, high = i.Low, i.High
	if p.Sex == jpki.Female {
		if i.LowF != 0 {
			low = i.LowF
		}
		if i.HighF != 0 {
			high = i.HighF
		}
	}
	return low, high
}

// Finding is one item of a check-up with what it means.
type Finding struct {
	Item      Item
	Value     float64
	Low, High float64 // the reference range; 0 for an open end
}

// Outside reports that the value is out of its reference range.
func (f Finding) Outside() bool {
	return f.Low != 0 && f.Value < f.Low || f.High != 0 && f.Value > f.High
}

// Checkup is a check-up (健診) of one day.
type Checkup struct {
	Viewer catv.ViewerID
	Day    catv.Day
	Values map[ItemID]float64
	// By is who typed it in; empty for one that the clinic sent.
	By string
	At time.Time
}

// CheckupResult is a check-up as it is shown.
type CheckupResult struct {
	Day      catv.Day
	By       string
	Findings []Finding
}

// Outside counts the findings out of range.
func (c CheckupResult) Outside() int {
	n := 0
	for _, f := range c.Findings {
		if f.Outside() {
			n++
		}
	}
	return n
}

// keptYears is how many yearly check-ups are shown.
const keptYears = 3

// Checkups gives the check-ups of a viewer that me may see, newest first.
// Children have none.
func (s *Service) Checkups(ctx context.Context, me, of catv.ViewerID) ([]CheckupResult, error) {
	if err := s.mayRead(ctx, me, of); err != nil {
		return nil, err
	}
	place, err := s.household.PlaceOf(ctx, of)
	if err != nil {
		return nil, err
	}
	typed, err := s.store.Checkups(ctx, of)
	if err != nil {
		return nil, err
	}
	all := append(typed, clinic(place, s.today())...)
	slices.SortStableFunc(all, func(a, b Checkup) int { return int(b.Day - a.Day) })
	results := make([]CheckupResult, 0, len(all))
	for _, c := range all {
		if len(results) > 0 && results[len(results)-1].Day == c.Day {
			continue // what was typed in stands for what the clinic sent
		}
		results = append(results, c.result(place.Profile))
	}
	return results[:min(len(results), keptYears)], nil
}

// EnterCheckup keeps a check-up that the nurse typed in.
func (s *Service) EnterCheckup(ctx context.Context, c Checkup) error {
	if today := s.today(); c.Day > today || c.Day < today-3*365 {
		return ErrNotInTheDay
	}
	if len(c.Values) == 0 {
		return ErrReading
	}
	for id, v := range c.Values {
		i := slices.IndexFunc(Items(), func(i Item) bool { return i.ID == id })
		if i < 0 {
			return ErrReading
		}
		item := Items()[i]
		if at := (RangeError{item.Name, item.Unit, item.Least, item.Most}); !at.has(v) {
			return &at
		}
	}
	if _, err := s.household.Viewer(ctx, c.Viewer); err != nil {
		return err
	}
	c.At = s.now().UTC()
	return s.store.PutCheckup(ctx, c)
}

func (c Checkup) result(p catv.Profile) CheckupResult {
	r := CheckupResult{Day: c.Day, By: c.By}
	for _, i := range Items() {
		if v, ok := c.Values[i.ID]; ok {
			low, high := i.Range(p, c.Day.Year())
			r.Findings = append(r.Findings, Finding{Item: i, Value: v, Low: low, High: high})
		}
	}
	return r
}

// clinic gives the yearly check-ups that the clinic sent: of each June, from the
// age of 20.
func clinic(p catv.Place, today catv.Day) []Checkup {
	var all []Checkup
	for year := today.Year(); year > today.Year()-keptYears-1; year-- {
		key := string(p.Contract) + "/" + p.Label.JA
		june := catv.DayOf(time.Date(year, time.June, 1, 0, 0, 0, 0, jpki.JST))
		d := june + catv.Day(14*(1+chance(key, june, "date")))
		for d.Weekday() == time.Sunday || d.Weekday() == time.Saturday {
			d++
		}
		if d+14 > today || year-p.Profile.Born < 20 {
			continue
		}
		all = append(all, Checkup{Day: d, Values: values(p.Profile, key, d)})
	}
	return all
}

// values makes a check-up of a profile: who is heavy, or old, or has a high
// blood pressure shows it elsewhere too.
func values(f catv.Profile, key string, d catv.Day) map[ItemID]float64 {
	age := float64(d.Year() - f.Born)
	bmi := f.WeightKG / (f.HeightCM * f.HeightCM / 10_000)
	over := max(bmi-22, 0)
	vary := func(what string, by float64) float64 { return by * chance(key, d, what) }
	fixed := func(what string, by float64) float64 { return by * chance(key, 0, what) }
	waist := 40 + 1.9*bmi
	if f.Sex == jpki.Female {
		waist -= 3
	}
	return map[ItemID]float64{
		bmiItem:         round(bmi+vary("bmi", 0.3), 1),
		"waist":         round(waist+fixed("waist", 3)+vary("waist", 1), 1),
		"systolic":      math.Round(float64(f.Systolic) + vary("systolic", 5)),
		"diastolic":     math.Round(float64(f.Diastolic) + vary("diastolic", 4)),
		"ldl":           math.Round(98 + 0.3*min(age, 60) + 5*over + fixed("ldl", 18) + vary("ldl", 7)),
		"hdl":           math.Round(66 - 2.2*over + fixed("hdl", 9) + vary("hdl", 3)),
		"triglycerides": math.Round(78 + 13*over + fixed("tg", 18) + vary("tg", 14)),
		"glucose":       math.Round(86 + 0.14*age + 2*over + fixed("glucose", 5) + vary("glucose", 3)),
		"hba1c":         round(5.1+0.006*age+0.07*over+fixed("a1c", 0.15)+vary("a1c", 0.08), 1),
		"ast":           math.Round(20 + 1.3*over + fixed("ast", 4) + vary("ast", 3)),
		"alt":           math.Round(17 + 2.6*over + fixed("alt", 4) + vary("alt", 3)),
		"ggt":           math.Round(23 + 3.5*over + fixed("ggt", 8) + vary("ggt", 4)),
	}
}
