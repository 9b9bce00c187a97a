package ecosystem

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/internal/ecosystem/oneclock"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/simclock"
)

// clockHouse owns the clock: it alone answers PUT /clock, and the other processes
// follow it.
const clockHouse = "authority"

// clockFile is a file in the data folder with the offset of the clock, so that what
// was issued or revoked at a simulated time is not in the future after a restart.
const clockFile = "clock"

// setClock sets the clock to a time, or, if it is zero, to the state in the data folder, and
// from then on saves every move before it is made. Only the process of the clock's house saves it;
// the others follow.
func (e *Ecosystem) setClock(to time.Time) error {
	keeps := e.cfg.opens(clockHouse) && (e.cfg.DataDir != "" || e.cfg.Snapshots)
	path := e.folder.Path(clockFile)
	if keeps && to.IsZero() {
		state, err := simclock.ReadState(path)
		if err != nil {
			return err
		}
		if err := e.clock.Restore(state); err != nil {
			return err
		}
	}
	if keeps {
		e.clock.Keep(func(s simclock.State) error { return ready.WriteWhole(path, []byte(s.String()+"\n")) })
	}
	at := to
	if at.IsZero() {
		at = e.clock.Now()
	}
	if ca.CheckValidity(at) != nil {
		return fmt.Errorf("ecosystem: the clock would show %s, and the CA certificates are valid from April 2018 to March 2048: give another --time", at.Format(time.DateOnly))
	}
	if !to.IsZero() {
		return e.clock.Set(to)
	}
	return nil
}

// withClock answers GET /clock in front of a house.
func (e *Ecosystem) withClock(next http.Handler) http.Handler {
	return oneclock.Answer(next, func() oneclock.State {
		now := e.now()
		return oneclock.State{Time: oneclock.Of(now.clock), Town: e.folder.Town(), Age: now.age, Sweeps: now.sweeps.Now(), Watched: e.seen.Watched(), Failing: now.board.Report()}
	}, e.talk())
}

// follow keeps this process's clock in step with the clock's house.
func (e *Ecosystem) follow(ctx context.Context) {
	clock := e.clock
	e.done.Go(func() { oneclock.Follow(ctx, clock, e.Peer(clockHouse), e.talk()) })
}

// talk is what this process and others tell one another with the time.
func (e *Ecosystem) talk() oneclock.Talk {
	return oneclock.Talk{
		Look:    e.seen.Look(),
		Failing: func() fault.Report { return e.now().board.Own() }, Fails: func(r fault.Report) { e.now().board.Hear(r) },
	}
}
