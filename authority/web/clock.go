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
	state := h.cfg.Clock.State()
	return clockView{h.cfg.Clock.Now(), h.cfg.Clock.Offset().Seconds(), !state.Frozen.IsZero()}, nil
}

type clockView struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offsetSeconds"`
	Frozen        bool      `json:"frozen"`
}

// moveRequest has one of its first four members, or Frozen, or both.
type moveRequest struct {
	OffsetSeconds  *float64      `json:"offsetSeconds"`
	Now            *time.Time    `json:"now"`
	AdvanceSeconds *float64      `json:"advanceSeconds"`
	Advance        *calendarStep `json:"advance"`
	// Frozen stops the clock, after the move if there is one, or lets it run on.
	Frozen *bool `json:"frozen"`
	// Wait is for whoever needs to see what the houses do at the new time.
	Wait bool `json:"wait"`
}

// calendarStep is a distance by the calendar of Japan: five years from 29 February are
// 1 March.
type calendarStep struct {
	Years  int `json:"years"`
	Months int `json:"months"`
	Days   int `json:"days"`
}

// from gives the same time of day that many years, months and days on.
func (s calendarStep) from(now time.Time) time.Time {
	return now.In(jpki.JST).AddDate(s.Years, s.Months, s.Days)
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
	if r.Advance != nil {
		given++
		if s := *r.Advance; max(s.Years, -s.Years, s.Months/12, -s.Months/12, s.Days/365, -s.Days/365) <= 100 {
			to = s.from(now)
		}
	}
	if given == 0 && r.Frozen != nil {
		return now, true
	}
	return to, given == 1
}

// moveClock moves the clock of the whole world, within the validity of the CA
// certificates: outside it nothing here could be valid.
func (h *house) moveClock(c echo.Context, r moveRequest) (any, error) {
	now, offset := h.cfg.Clock.Now(), h.cfg.Clock.Offset()
	to, ok := r.target(now, offset)
	if !ok {
		return nil, malformed("exactly one of offsetSeconds, now, advanceSeconds and advance must be given, or frozen")
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

// move moves the clock, and stops it or lets it run on.
func (r moveRequest) move(clock *simclock.Clock) (err error) {
	switch {
	case r.OffsetSeconds != nil:
		err = clock.SetOffset(time.Duration(*r.OffsetSeconds * float64(time.Second)))
	case r.AdvanceSeconds != nil:
		err = clock.Advance(time.Duration(*r.AdvanceSeconds * float64(time.Second)))
	case r.Advance != nil:
		err = clock.Set(r.Advance.from(clock.Now()))
	case r.Now != nil:
		err = clock.Set(*r.Now)
	}
	switch {
	case err != nil || r.Frozen == nil:
		return err
	case *r.Frozen:
		return clock.Freeze()
	}
	return clock.Run()
}
