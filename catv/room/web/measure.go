package web

import (
	"math"
	"strconv"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/ui"
)

// Tile is what was last measured of a measure.
type Tile struct {
	Measure health.Measure
	Words   MeasureWords
	Value   string
	Good    bool // within the band
	// Off says how the values are off the band; empty if they are within.
	Off ui.Text
	// Note is what is said under the value, and Tone how: "good", "watch", or
	// empty while nothing can be said.
	Note ui.Text
	Tone string
}

// WordsOf gives the words of a measure.
func WordsOf(m health.Measure) MeasureWords { return measureNames[m] }

// NewTile says how the latest of a series stands.
func NewTile(s health.Series, now time.Time) Tile {
	t := Tile{Measure: s.Measure, Words: WordsOf(s.Measure), Value: "—", Good: true}
	if !s.Measured {
		return t
	}
	t.Value, t.Good = Reading(s.Measure, s.Latest), Within(s, s.Latest)
	if !t.Good {
		t.Off = t.Words.Low
		if s.GoodHigh != 0 && s.Latest.Value > s.GoodHigh || s.SecondTop != 0 && s.Latest.Second > s.SecondTop {
			t.Off = t.Words.High
		}
	}
	switch {
	case s.Measure == health.Steps:
		t.Note, t.Tone = stepsNote(s, now)
	case t.Good:
		t.Note, t.Tone = t.Words.Good, "good"
	default:
		t.Note, t.Tone = t.Off, "watch"
	}
	return t
}

// stepsNote says how the steps of the latest day stand to the goal. Today is not
// over, so that it is never a bad day.
func stepsNote(s health.Series, now time.Time) (ui.Text, string) {
	today := s.Latest.Day == catv.DayOf(now)
	switch left := s.GoodLow - s.Latest.Value; {
	case left <= 0:
		return WordsOf(health.Steps).Good, "good"
	case !today:
		return stepsLeft(left, false), "watch"
	case now.In(jpki.JST).Hour() < 12:
		return stepsBegun(s.GoodLow), ""
	default:
		return stepsLeft(left, true), ""
	}
}

// Within reports that a point is in the good band. Steps count for the average:
// today's are not over.
func Within(s health.Series, p health.Point) bool {
	if s.Measure == health.Steps {
		p = s.Average
	}
	return (s.GoodLow == 0 || p.Value >= s.GoodLow) && (s.GoodHigh == 0 || p.Value <= s.GoodHigh) &&
		(s.SecondTop == 0 || p.Second <= s.SecondTop)
}

// Reading writes a point as people say it.
func Reading(m health.Measure, p health.Point) string {
	switch m {
	case health.Weight:
		return Number(p.Value, 1)
	case health.Steps:
		return Thousands(int64(math.Round(p.Value)))
	}
	return Number(p.Value, 0) + "/" + Number(p.Second, 0)
}

// Number writes a number with so many decimals.
func Number(v float64, places int) string { return strconv.FormatFloat(v, 'f', places, 64) }

// Thousands writes a whole number with its thousands set apart.
func Thousands(n int64) string { return ui.Thousands(strconv.FormatInt(n, 10)) }
