package ecosystem

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ClockState is what every house says of the clock at GET /clock.
type ClockState struct {
	Now           time.Time `json:"now"`
	OffsetSeconds float64   `json:"offsetSeconds"`
}

// withClock answers GET /clock in front of a house, so that whoever moved the
// authority's clock can see that this house has followed. The authority
// answers for itself.
func (e *Ecosystem) withClock(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/clock" || r.Method != http.MethodGet {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(ClockState{e.clock.Now(), e.clock.Offset().Seconds()})
	})
}

// followTime is how often a house in another process asks for the time.
const followTime = 500 * time.Millisecond

// follow keeps this process's clock at the authority's.
func (e *Ecosystem) follow(ctx context.Context) {
	client := &http.Client{Timeout: 2 * time.Second}
	e.done.Go(func() {
		tick := time.NewTicker(followTime)
		defer tick.Stop()
		for {
			if s, err := readClock(ctx, client, e.Peer("authority")); err == nil {
				e.clock.SetOffset(time.Duration(s.OffsetSeconds * float64(time.Second)))
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

func readClock(ctx context.Context, client *http.Client, base string) (ClockState, error) {
	var s ClockState
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/clock", nil)
	if err != nil {
		return s, err
	}
	resp, err := client.Do(r)
	if err != nil {
		return s, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return s, fmt.Errorf("ecosystem: %s/clock: HTTP %d", base, resp.StatusCode)
	}
	return s, json.NewDecoder(io.LimitReader(resp.Body, 4096)).Decode(&s)
}
