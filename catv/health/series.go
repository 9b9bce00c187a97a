package health

import (
	"context"
	"math"
	"slices"
	"time"

	"example.jp/jpkimock/catv"
)

// Point is a day, or in a chart of a year a week, of a series.
type Point struct {
	Day           catv.Day
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
	Measured        bool
	Latest, Average Point
	Low, High       float64
	Before          Point // the average of as many days before; None if there is none
	// The good band: GoodLow to GoodHigh, and up to SecondTop for the second value;
	// 0 for an open end.
	GoodLow, GoodHigh, SecondTop float64
	// BMILow and BMIHigh are what the good band of the weight is made of.
	BMILow, BMIHigh float64
}

// Chart gives the series of a viewer that me may see: one's own, or one that is
// shared. Anything else is ErrNotYours.
func (s *Service) Chart(ctx context.Context, me, of catv.ViewerID, m Measure, span int) (Series, error) {
	if !slices.Contains(Spans(), span) {
		return Series{}, ErrSpan
	}
	if !slices.Contains(Measures(), m) {
		return Series{}, ErrMeasure
	}
	if err := s.mayRead(ctx, me, of); err != nil {
		return Series{}, err
	}
	place, err := s.household.PlaceOf(ctx, of)
	if err != nil {
		return Series{}, err
	}
	today := s.today()
	first := today - catv.Day(2*span) + 1
	typed, err := s.store.Readings(ctx, of, first, today)
	if err != nil {
		return Series{}, err
	}
	return series(place, m, span, today, s.now(), typed), nil
}

// Latest gives what was last measured of each measure.
func (s *Service) Latest(ctx context.Context, me, of catv.ViewerID) (map[Measure]Series, error) {
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

// series puts days together: the last span days, and the average of those before.
func series(place catv.Place, m Measure, span int, today catv.Day, now time.Time, typed []Reading) Series {
	by := map[catv.Day]Reading{}
	for _, r := range typed {
		if r.Measure == m {
			by[r.Day] = r
		}
	}
	day := func(d catv.Day) Point {
		if r, ok := by[d]; ok {
			return Point{Day: d, Value: r.Value, Second: r.Second}
		}
		return sent(place, m, d, now)
	}
	all := make([]Point, 2*span)
	for i := range all {
		all[i] = day(today - catv.Day(2*span) + 1 + catv.Day(i))
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
	out.mark(place.Profile, today)
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

// mark sets the band that the chart marks: the weight for the body mass index to
// aim at, the steps that the programme recommends for the age, and a blood
// pressure at home below 135 over 85 (日本高血圧学会).
func (s *Series) mark(p catv.Profile, today catv.Day) {
	age := today.Year() - p.Born
	switch s.Measure {
	case Weight:
		s.BMILow, s.BMIHigh = BMITarget(age)
		square := p.HeightCM * p.HeightCM / 10_000
		s.GoodLow, s.GoodHigh = round(s.BMILow*square, 1), round(s.BMIHigh*square, 1)
	case Steps:
		s.GoodLow = 8000
		if age >= 65 {
			s.GoodLow = 6000
		}
	case Pressure:
		s.GoodHigh, s.SecondTop = 135, 85
	}
}
