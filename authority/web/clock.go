package web

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/simclock"
)

// clock shows the simulated time.
func (h *house) clock(echo.Context) (any, error) {
	return clockView{h.cfg.Clock.Now(), h.cfg.Clock.Offset().Seconds()}, nil
}

type clockView struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offsetSeconds"`
}

// moveRequest has exactly one of its members beside Wait.
type moveRequest struct {
	OffsetSeconds  *float64   `json:"offsetSeconds"`
	Now            *time.Time `json:"now"`
	AdvanceSeconds *float64   `json:"advanceSeconds"`
	// Wait is for whoever needs to see what the houses do at the new time.
	Wait bool `json:"wait"`
}

// settleTime bounds Wait, so that the answer still arrives.
const settleTime = 50 * time.Second

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
	if err := r.move(h.cfg.Clock); err != nil {
		h.cfg.Log.Error("the clock could not be saved", "error", err)
		return nil, door.Problem{Status: http.StatusServiceUnavailable, Code: "clock_not_saved", Detail: "the move could not be saved: the clock is where it was"}
	}
	if r.Wait && h.cfg.Settled != nil {
		ctx, cancel := context.WithTimeout(c.Request().Context(), settleTime)
		defer cancel()
		if err := h.cfg.Settled(ctx); err != nil {
			return nil, door.Problem{Status: http.StatusGatewayTimeout, Code: "not_settled", Detail: "the clock was moved; what fell due is not done yet: see GET /clock"}
		}
	}
	return h.clock(c)
}

func (r moveRequest) move(clock *simclock.Clock) error {
	switch {
	case r.OffsetSeconds != nil:
		return clock.SetOffset(time.Duration(*r.OffsetSeconds * float64(time.Second)))
	case r.AdvanceSeconds != nil:
		return clock.Advance(time.Duration(*r.AdvanceSeconds * float64(time.Second)))
	default:
		return clock.Set(*r.Now)
	}
}
