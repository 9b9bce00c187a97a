package ecosystem

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/ready"
	"example.jp/jpkimock/internal/simclock"
	"example.jp/jpkimock/internal/sweeps"
)

// clockHouse owns the clock: it alone answers PUT /clock, and the other processes
// follow it.
const clockHouse = "authority"

// ClockState is what every house answers to GET /clock.
type ClockState struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offsetSeconds"`
	// Town is the town that the house belongs to, the same at all its houses.
	Town string `json:"town"`
	// Sweeps is how far the houses of the process are since the clock was moved.
	Sweeps sweeps.State `json:"sweeps"`
}

// clockFile is a file in the data folder with the offset of the clock, so that what
// was issued or revoked at a simulated time is not in the future after a restart.
const clockFile = "clock"

// setClock sets the clock to Config.At, or to the offset in the data folder, and from
// then on saves every move before it is made. Only the process of the clock's house saves it;
// the others follow.
func (e *Ecosystem) setClock() error {
	keeps := e.cfg.DataDir != "" && e.cfg.opens(clockHouse)
	path := e.folder.Path(clockFile)
	if keeps && e.cfg.At.IsZero() {
		offset, err := simclock.ReadOffset(path)
		if err != nil {
			return err
		}
		if err := e.clock.SetOffset(offset); err != nil {
			return err
		}
	}
	if keeps {
		e.clock.Keep(func(offset time.Duration) error { return ready.WriteWhole(path, []byte(offset.String()+"\n")) })
	}
	at := e.cfg.At
	if at.IsZero() {
		at = e.clock.Now()
	}
	if ca.CheckValidity(at) != nil {
		return fmt.Errorf("ecosystem: the clock would show %s, and the CA certificates are valid from April 2018 to March 2048: give another --time", at.Format(time.DateOnly))
	}
	if !e.cfg.At.IsZero() {
		return e.clock.Set(e.cfg.At)
	}
	return nil
}

// withClock answers GET /clock in front of a house, so that a client that moved the
// clock can see when this house has followed, and what it still has to do.
func (e *Ecosystem) withClock(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/clock" || r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(ClockState{e.clock.Now(), e.clock.Offset().Seconds(), e.folder.Town(), e.sweeps.Now()})
	})
}

// followTime is how often a process asks for the time.
const followTime = 500 * time.Millisecond

// follow keeps this process's clock in step with the clock's house.
func (e *Ecosystem) follow(ctx context.Context) {
	client := &http.Client{Timeout: 2 * time.Second}
	e.done.Go(func() {
		tick := time.NewTicker(followTime)
		defer tick.Stop()
		for {
			if s, err := readClock(ctx, client, e.Peer(clockHouse)); err == nil {
				_ = e.clock.SetOffset(time.Duration(s.OffsetSeconds * float64(time.Second))) // nothing is kept here
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

func readClock(ctx context.Context, client *http.Client, base string) (s ClockState, err error) {
	house := peer.Peer{URL: base, HTTP: client, MaxAnswer: 4096}
	return s, house.Get(ctx, "/clock", &s)
}
