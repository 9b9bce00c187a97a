package web

import (
	"math"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
)

// clock shows the simulated time.
func (h *house) clock(echo.Context) (any, error) {
	return clockView{h.cfg.Clock.Now(), h.cfg.Clock.Offset().Seconds()}, nil
}

type clockView struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offsetSeconds"`
}

// moveRequest has exactly one of its members.
type moveRequest struct {
	OffsetSeconds  *float64   `json:"offsetSeconds"`
	Now            *time.Time `json:"now"`
	AdvanceSeconds *float64   `json:"advanceSeconds"`
}

// maxSeconds bounds a move, to what a time.Duration can hold.
const maxSeconds = 100 * 365 * 24 * 60 * 60

// target gives the time the clock is to show.
func (r moveRequest) target(now time.Time, offset time.Duration) (time.Time, bool) {
	given := 0
	var to time.Time
	shift := func(s float64, from time.Time) {
		given++
		if math.Abs(s) <= maxSeconds {
			to = from.Add(time.Duration(s * float64(time.Second)))
		}
	}
	if r.OffsetSeconds != nil {
		shift(*r.OffsetSeconds, now.Add(-offset))
	}
	if r.AdvanceSeconds != nil {
		shift(*r.AdvanceSeconds, now)
	}
	if r.Now != nil {
		given++
		to = *r.Now
	}
	return to, given == 1
}

// moveClock moves the clock of the whole world, within the validity of the CA
// certificates: outside it nothing here could be valid.
func (h *house) moveClock(c echo.Context, r moveRequest) (any, error) {
	now, offset := h.cfg.Clock.Now(), h.cfg.Clock.Offset()
	to, ok := r.target(now, offset)
	if !ok {
		return nil, malformed("exactly one of offsetSeconds, now and advanceSeconds must be given")
	}
	for _, kind := range jpki.Kinds() {
		if ca := h.cert(kind); to.Before(ca.NotBefore) || to.After(ca.NotAfter) {
			return nil, malformed("the clock stays within the validity of the CA certificates")
		}
	}
	switch {
	case r.OffsetSeconds != nil:
		h.cfg.Clock.SetOffset(time.Duration(*r.OffsetSeconds * float64(time.Second)))
	case r.AdvanceSeconds != nil:
		h.cfg.Clock.Advance(time.Duration(*r.AdvanceSeconds * float64(time.Second)))
	default:
		h.cfg.Clock.Set(*r.Now)
	}
	return h.clock(c)
}
