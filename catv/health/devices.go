package health

import (
	"fmt"
	"hash/fnv"
	"math"
	"time"

	"example.jp/jpkimock/catv"
)

// sent is what the devices sent of a day. Nothing is there of a day that has not
// come, and of about one day in twelve, when nobody measured. Of today there is
// what the time of day allows.
func sent(p catv.Place, m Measure, d catv.Day, now time.Time) Point {
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

// chance gives a number from -1 to 1 that is always the same for the same words
// and day.
func chance(key string, d catv.Day, what string) float64 {
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
