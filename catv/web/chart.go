package web

import (
	"fmt"
	"math"
	"strings"

	"example.jp/jpkimock/catv/health"
	room "example.jp/jpkimock/catv/room/web"
	"example.jp/jpkimock/internal/ui"
)

// The picture of a chart, in its own units: letters of 30 of them are about 1.5
// times a set's usual text, so that they can be read from three metres.
const (
	chartWidth            = 1500 // by 700
	chartLeft, chartRight = 130, 1470
	chartTop, chartBottom = 30, 620
	// labelRoom keeps a label's middle from the right edge, so that all of it is
	// within the picture.
	labelRoom = 55
)

// chart is the geometry of a series.
type chart struct {
	Bars         []bar
	Lines        []line
	Band         *bar // the good band
	Limits       []tick
	YTicks       []tick
	XTicks       []tick
	Width, Right int
}

type bar struct {
	X, Y, Width, Height int
	Good                bool
}

// line is a line through points; where nothing was measured it is broken.
type line struct {
	Paths  []string // "x,y x,y …"
	Dots   []dot
	Second bool
}

type dot struct{ X, Y int }

type tick struct {
	At    int
	Label ui.Text
}

// scale maps values to the picture.
type scale struct{ low, high float64 }

func (s scale) y(v float64) int {
	return chartBottom - int(math.Round((v-s.low)/(s.high-s.low)*(chartBottom-chartTop)))
}

// x gives the middle of the place of point i of n.
func x(i, n int) int { return chartLeft + (2*i+1)*(chartRight-chartLeft)/(2*n) }

// drawn makes the picture of a series.
func drawn(s health.Series) chart {
	c := chart{Width: chartWidth, Right: chartRight}
	if !s.Measured {
		return c
	}
	to, step := scaleOf(s)
	for v := to.low; v <= to.high+step/2; v += step {
		label := room.Number(v, places(step))
		if s.Measure == health.Steps {
			label = room.Thousands(int64(math.Round(v)))
		}
		c.YTicks = append(c.YTicks, tick{to.y(v), ui.Text{JA: label, EN: label}})
	}
	c.Band, c.Limits = band(s, to)
	n := len(s.Points)
	if s.Measure == health.Steps {
		width := (chartRight - chartLeft) / n * 7 / 10
		for i, p := range s.Points {
			if !p.None {
				c.Bars = append(c.Bars, bar{x(i, n) - width/2, to.y(p.Value), width, chartBottom - to.y(p.Value), p.Value >= s.GoodLow})
			}
		}
	} else {
		c.Lines = append(c.Lines, through(s.Points, to, false))
		if s.Measure == health.Pressure {
			c.Lines = append(c.Lines, through(s.Points, to, true))
		}
	}
	c.XTicks = days(s)
	return c
}

// spark is a small picture: the line alone. Steps leave out today, the last day,
// which is not over.
func spark(s health.Series) chart {
	to, _ := scaleOf(s)
	points := s.Points
	if s.Measure == health.Steps {
		points = points[:len(points)-1]
	}
	return chart{Width: chartWidth, Lines: []line{through(points, to, false)}}
}

// scaleOf chooses the span of values, round at both ends, and the step of ticks.
func scaleOf(s health.Series) (scale, float64) {
	low, high := s.Low, s.High
	if s.Measure == health.Steps {
		low, high = 0, max(high, s.GoodLow*1.1)
	}
	if s.Measure == health.Pressure {
		low, high = min(low, s.SecondTop), max(high, s.GoodHigh)
	}
	if s.Measure == health.Weight {
		// A few hundred grams are no mountain.
		middle := (low + high) / 2
		low, high = min(low, middle-2), max(high, middle+2)
	}
	step := niceStep(max(high-low, 1) / 4)
	low, high = math.Floor(low/step)*step, math.Ceil(high/step)*step
	if high <= low {
		high = low + step
	}
	return scale{low, high}, step
}

// niceStep rounds up to 1, 2 or 5 times a power of ten.
func niceStep(x float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if x <= m*power {
			return m * power
		}
	}
	return 10 * power
}

func places(step float64) int {
	if step < 1 {
		return 1
	}
	return 0
}

// band marks the good values: an area between two bounds, lines where there is
// one only.
func band(s health.Series, to scale) (*bar, []tick) {
	if s.GoodLow != 0 && s.GoodHigh != 0 {
		low, high := max(s.GoodLow, to.low), min(s.GoodHigh, to.high)
		if low >= high {
			return nil, nil
		}
		return &bar{X: chartLeft, Y: to.y(high), Width: chartRight - chartLeft, Height: to.y(low) - to.y(high)}, nil
	}
	var limits []tick
	for _, v := range []float64{s.GoodLow, s.GoodHigh, s.SecondTop} {
		if v != 0 && v >= to.low && v <= to.high {
			label := room.Thousands(int64(v))
			limits = append(limits, tick{to.y(v), ui.Text{JA: label, EN: label}})
		}
	}
	return nil, limits
}

func through(points []health.Point, to scale, second bool) line {
	l := line{Second: second}
	var path []string
	end := func() {
		if len(path) > 1 {
			l.Paths = append(l.Paths, strings.Join(path, " "))
		}
		path = nil
	}
	for i, p := range points {
		if p.None {
			end()
			continue
		}
		v := p.Value
		if second {
			v = p.Second
		}
		at := dot{x(i, len(points)), to.y(v)}
		path = append(path, fmt.Sprintf("%d,%d", at.X, at.Y))
		l.Dots = append(l.Dots, at)
	}
	end()
	return l
}

// days labels about seven points: the weekday in a week, the day in a month, the
// month in a year.
func days(s health.Series) []tick {
	var ticks []tick
	n, last := len(s.Points), -1
	for i, p := range s.Points {
		t := p.Day.Time()
		var label ui.Text
		switch s.Span {
		case 7:
			label = ui.Text{JA: fmt.Sprintf("%d日(%s)", t.Day(), weekdayJA[t.Weekday()]), EN: t.Format("Mon 2")}
		case 30:
			if (n-1-i)%5 != 0 {
				continue
			}
			label = ui.Text{JA: t.Format("1/2"), EN: t.Format("2 Jan")}
		default:
			if int(t.Month()) == last || i == 0 {
				last = int(t.Month())
				continue
			}
			last = int(t.Month())
			if last%2 == 0 {
				continue
			}
			label = ui.Text{JA: fmt.Sprintf("%d月", last), EN: t.Format("Jan")}
		}
		ticks = append(ticks, tick{min(x(i, n), chartRight-labelRoom), label})
	}
	return ticks
}

// change writes the difference of the average to that of the days before.
func change(s health.Series) ui.Text {
	first := signed(s.Measure, s.Average.Value-s.Before.Value)
	if s.Measure == health.Pressure {
		return changeText(first, signed(s.Measure, s.Average.Second-s.Before.Second))
	}
	return changeText(first, "")
}

func signed(m health.Measure, d float64) string {
	size := room.Number(math.Abs(d), 0)
	switch m {
	case health.Weight:
		size = room.Number(math.Abs(d), 1)
	case health.Steps:
		size = room.Thousands(int64(math.Round(math.Abs(d))))
	}
	switch {
	case strings.Trim(size, "0.") == "":
		return "±0"
	case d < 0:
		return "−" + size
	}
	return "+" + size
}
