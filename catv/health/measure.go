package health

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/catv"
)

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

// limits of a reading that somebody types in, of both its values.
func (m Measure) limits() (first, second RangeError) {
	switch m {
	case Weight:
		return RangeError{both("体重", "the weight"), "kg", 2, 250}, RangeError{}
	case Steps:
		return RangeError{both("歩数", "the number of steps"), "", 0, 100_000}, RangeError{}
	}
	return RangeError{both("血圧の上", "the upper pressure"), "mmHg", 50, 260}, RangeError{both("血圧の下", "the lower pressure"), "mmHg", 30, 180}
}

// has reports that a value is in the range. NaN is not.
func (e RangeError) has(v float64) bool { return v >= e.Low && v <= e.High }

// Reading is a value that was typed in (by the nurse): it stands for that day in
// place of what the devices sent. Second is the diastolic pressure.
type Reading struct {
	Viewer        catv.ViewerID
	Day           catv.Day
	Measure       Measure
	Value, Second float64
	By            string
	At            time.Time
}

// EnterReading keeps a reading that the nurse typed in.
func (s *Service) EnterReading(ctx context.Context, r Reading) error {
	if !slices.Contains(Measures(), r.Measure) {
		return ErrMeasure
	}
	if today := s.today(); r.Day > today || r.Day < today-365 {
		return ErrNotInTheDay
	}
	first, second := r.Measure.limits()
	if !first.has(r.Value) {
		return &first
	}
	if r.Measure == Pressure && !second.has(r.Second) {
		return &second
	}
	if r.Measure == Pressure && r.Second >= r.Value {
		second.High = r.Value - 1 // the heart at rest presses less
		return &second
	}
	if _, err := s.household.Viewer(ctx, r.Viewer); err != nil {
		return err
	}
	r.At = s.now().UTC()
	return s.store.PutReading(ctx, r)
}
