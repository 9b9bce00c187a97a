package ecosystem

import (
	"cmp"
	"context"
	"time"

	"example.jp/jpkimock/internal/sweeps"
)

// sweepTime is the default of Config.SweepEvery.
const sweepTime = time.Minute

// keepSweeping runs the houses' sweeps at intervals and whenever the clock is moved,
// behind whoever moves it.
func (e *Ecosystem) keepSweeping(ctx context.Context) {
	rounds := e.sweeps
	e.done.Go(func() {
		rounds.Run(ctx, func(w sweeps.Sweep, err error) {
			e.cfg.Log.Warn("sweep failed", "house", w.House, "sweep", w.Name, "error", err)
		})
	})
	e.clock.OnMove(func(time.Time) { rounds.Ask() })
	every := cmp.Or(e.cfg.SweepEvery, sweepTime)
	if every < 0 {
		return
	}
	e.done.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				rounds.Ask()
			}
		}
	})
}

// Settled waits until the houses of this process have done what fell due by the moves
// of the clock so far.
func (e *Ecosystem) Settled(ctx context.Context) error { return e.now().sweeps.Settled(ctx) }

// atSweep registers what a house does at intervals and whenever the clock is moved.
func (e *Ecosystem) atSweep(house, name string, do func(context.Context) error) {
	e.sweeps.Add(sweeps.Sweep{House: house, Name: name, Do: do})
}
