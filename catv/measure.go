package catv

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Profile is what the municipality's health programme knows of a participant at
// the start. What the scales, the pedometer and the blood pressure monitor send
// each day is made of it: the same for the same person and day, every time.
type Profile struct {
	Born      int         `json:"born"` // year
	Sex       jpki.Gender `json:"sex"`
	HeightCM  float64     `json:"heightCM"`
	WeightKG  float64     `json:"weightKG"`
	Steps     int         `json:"steps"` // on a usual day
	Systolic  int         `json:"systolic"`
	Diastolic int         `json:"diastolic"`
}

func (p Profile) valid() bool {
	return p.Born > 1900 && p.Born < 2200 && p.HeightCM > 40 && p.HeightCM < 230 && p.WeightKG > 2 && p.WeightKG < 250 &&
		p.Steps >= 0 && p.Steps < 60000 && p.Systolic > 60 && p.Systolic < 230 && p.Diastolic > 30 && p.Diastolic < p.Systolic
}

// Measure is something that is measured day by day.
type Measure string

// The measures.
const (
	Weight   Measure = "weight"   // 体重, kg
	Steps    Measure = "steps"    // 歩数
	Pressure Measure = "pressure" // 血圧, mmHg: first the systolic, second the diastolic
)

// Measures lists them in the order of the screen.
func Measures() []Measure { return []Measure{Weight, Steps, Pressure} }

// Spans are the days that a chart may cover.
func Spans() []int { return []int{7, 30, 365} }

// limits of a reading that somebody types in.
func (m Measure) limits() (low, high float64) {
	switch m {
	case Weight:
		return 2, 250
	case Steps:
		return 0, 100_000
	}
	return 30, 260
}

// Reading is a value that was typed in (by the nurse): it stands for that day in
// place of what the devices sent. Second is the diastolic pressure.
type Reading struct {
	Viewer        ViewerID
	Day           Day
	Measure       Measure
	Value, Second float64
	By            string
	At            time.Time
}

// Point is a day, or in a chart of a year a week, of a series.
type Point struct {
	Day           Day
	Value, Second float64
	// None: nothing was measured.
	None bool
}

// Series is what a chart shows.
type Series struct {
	Measure Measure
	Span    int
	// Days between two points: 1, or 7 in a chart of a year.
	Step   int
	Points []Point
	// Latest, Average, Low and High leave out days without measurement; Measured
	// is false if there is none at all. The average of steps leaves out today.
	Measured             bool
	Latest, Average      Point
	Low, High            float64
	Before               Point // the average of as many days before; None if there is none
	GoodLow, GoodHigh    float64
	SecondLow, SecondTop float64 // the good band of the second value; 0, 0 for none
}

// Chart gives the series of a viewer that me may see: one's own, or one that is
// shared. Anything else is ErrNotYours.
func (s *Station) Chart(ctx context.Context, me, of ViewerID, m Measure, span int) (Series, error) {
	if !slices.Contains(Spans(), span) {
		return Series{}, ErrSpan
	}
	if !slices.Contains(Measures(), m) {
		return Series{}, ErrMeasure
	}
	if err := s.mayRead(ctx, me, of); err != nil {
		return Series{}, err
	}
	place, err := s.store.PlaceOf(ctx, of)
	if err != nil {
		return Series{}, err
	}
	today := s.today()
	first := today - Day(2*span) + 1
	typed, err := s.store.Readings(ctx, of, first, today)
	if err != nil {
		return Series{}, err
	}
	return series(place, m, span, today, s.now(), typed), nil
}

// Latest gives what was last measured of each measure.
func (s *Station) Latest(ctx context.Context, me, of ViewerID) (map[Measure]Series, error) {
	all := map[Measure]Series{}
	for _, m := range Measures() {
		series, err := s.Chart(ctx, me, of, m, 7)
		if err != nil {
			return nil, err
		}
		all[m] = series
	}
	return all, nil
}

// EnterReading keeps a reading that the nurse typed in.
func (s *Station) EnterReading(ctx context.Context, r Reading) error {
	if !slices.Contains(Measures(), r.Measure) {
		return ErrMeasure
	}
	if today := s.today(); r.Day > today || r.Day < today-365 {
		return ErrNotInTheDay
	}
	low, high := r.Measure.limits()
	if math.IsNaN(r.Value) || r.Value < low || r.Value > high {
		return ErrReading
	}
	if r.Measure == Pressure && (math.IsNaN(r.Second) || r.Second < low || r.Second >= r.Value) {
		return ErrReading
	}
	if _, err := s.store.Viewer(ctx, r.Viewer); err != nil {
		return err
	}
	r.At = s.now().UTC()
	return s.store.PutReading(ctx, r)
}

// series puts days together: the last span days, and the average of those before.
func series(place Place, m Measure, span int, today Day, now time.Time, typed []Reading) Series {
	by := map[Day]Reading{}
	for _, r := range typed {
		if r.Measure == m {
			by[r.Day] = r
		}
	}
	day := func(d Day) Point {
		if r, ok := by[d]; ok {
			return Point{Day: d, Value: r.Value, Second: r.Second}
		}
		return place.sent(m, d, now)
	}
	all := make([]Point, 2*span)
	for i := range all {
		all[i] = day(today - Day(2*span) + 1 + Day(i))
	}
	out := Series{Measure: m, Span: span, Step: 1, Points: all[span:], Before: mean(all[:span])}
	over := out.Points
	if m == Steps {
		over = over[:span-1] // today's are not all walked yet
	}
	out.Average = mean(over)
	for _, p := range out.Points {
		if !p.None {
			out.Measured, out.Latest = true, p
		}
	}
	if span == 365 {
		out.Step, out.Points = 7, weeks(out.Points)
	}
	out.Low, out.High = extremes(out.Points)
	out.GoodLow, out.GoodHigh, out.SecondLow, out.SecondTop = place.Profile.good(m, today)
	return out
}

// weeks gives the mean of each seven days, the last of which ends today.
func weeks(days []Point) []Point {
	var all []Point
	for end := len(days); end > 0; end -= 7 {
		p := mean(days[max(0, end-7):end])
		p.Day = days[end-1].Day
		all = append(all, p)
	}
	slices.Reverse(all)
	return all
}

func mean(points []Point) Point {
	n, out := 0, Point{None: true}
	for _, p := range points {
		if !p.None {
			n++
			out.Value += p.Value
			out.Second += p.Second
		}
	}
	if n > 0 {
		out.None, out.Value, out.Second = false, out.Value/float64(n), out.Second/float64(n)
	}
	return out
}

func extremes(points []Point) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, p := range points {
		if p.None {
			continue
		}
		low, high = min(low, p.Value), max(high, p.Value)
		if p.Second > 0 {
			low = min(low, p.Second)
		}
	}
	return low, high
}

// sent is what the devices sent of a day. Nothing is there of a day that has not
// come, and of about one day in twelve, when nobody measured. Of today there is
// what the time of day allows.
func (p Place) sent(m Measure, d Day, now time.Time) Point {
	out := Point{Day: d}
	key := string(p.Contract) + "/" + string(p.Label.JA)
	rest := now.Sub(d.Time())
	if rest < 0 || chance(key, d, "missed "+string(m)) < -0.83 {
		out.None = true
		return out
	}
	year := 2 * math.Pi * float64(d) / 365.25
	week := chance(key, d/7, string(m)+" week")
	today := chance(key, d, string(m))
	switch m {
	case Weight:
		// A little heavier in winter, and slowly less under the nurse's eye.
		slope := 0.6 * math.Sin(float64(d)/210+float64(p.Profile.Born))
		out.Value = round(p.Profile.WeightKG*(1+0.008*math.Cos(year)+0.004*week+0.006*today)+slope, 1)
		out.None = rest < 7*time.Hour
	case Steps:
		weekend := 1.0
		if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
			weekend = 0.74
		}
		rain := 1.0
		if chance("weather", d, "rain") > 0.55 {
			rain = 0.62
		}
		full := float64(p.Profile.Steps) * weekend * rain * (1 + 0.12*week + 0.24*today)
		awake := min(max((rest-6*time.Hour).Hours()/16, 0), 1)
		out.Value = math.Round(full * awake)
	case Pressure:
		out.Value = math.Round(float64(p.Profile.Systolic) + 4*math.Cos(year) + 3*week + 6*today)
		out.Second = math.Round(float64(p.Profile.Diastolic) + 2*math.Cos(year) + 2*week + 4*chance(key, d, "second"))
		out.None = rest < 7*time.Hour
	}
	return out
}

// good is the band that the chart marks: the weight for a BMI of 18.5 to 24.9,
// the steps that the programme recommends for the age, and a blood pressure at
// home below 135 over 85 (日本高血圧学会).
func (p Profile) good(m Measure, today Day) (low, high, secondLow, secondHigh float64) {
	age := today.Year() - p.Born
	switch m {
	case Weight:
		if age < 18 {
			return 0, 0, 0, 0
		}
		square := p.HeightCM * p.HeightCM / 10_000
		return round(18.5*square, 1), round(24.9*square, 1), 0, 0
	case Steps:
		if age >= 65 {
			return 6000, 0, 0, 0
		}
		return 8000, 0, 0, 0
	}
	return 0, 135, 0, 85
}

// chance gives a number from -1 to 1 that is always the same for the same words
// and day.
func chance(key string, d Day, what string) float64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s|%d|%s", key, int(d), what)
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return float64(x>>11)/float64(1<<52) - 1
}

func round(x float64, places int) float64 {
	f := math.Pow10(places)
	return math.Round(x*f) / f
}
