package health

import (
	"context"
	"math"
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
	low, high := r.Measure.limits()
	if math.IsNaN(r.Value) || r.Value < low || r.Value > high {
		return ErrReading
	}
	if r.Measure == Pressure && (math.IsNaN(r.Second) || r.Second < low || r.Second >= r.Value) {
		return ErrReading
	}
	if _, err := s.household.Viewer(ctx, r.Viewer); err != nil {
		return err
	}
	r.At = s.now().UTC()
	return s.store.PutReading(ctx, r)
}
