// Package mockclock lets a relying party in a process of its own live by the clock of the
// mock's town, which a demonstration or a test moves. Production code has no use for it:
// there, time is the wall clock's.
//
//	clock, err := mockclock.Follow(ctx, nil, "http://localhost:8081")
//	verifier, err := rp.NewVerifier(rp.Config{Now: clock.Now, …})
package mockclock

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"example.jp/jpkimock/rp/internal/outgoing"
)

// every is how often the authority is asked. Who has just moved the clock calls Sync.
const every = time.Second

// maxState bounds the answer of GET /clock.
const maxState = 16 << 10

// Clock shows the time of a town. Its methods may be called from any goroutine.
type Clock struct {
	url    string
	client *http.Client

	asking sync.Mutex // held while the town is asked: who asks later hears of it later

	mu     sync.Mutex
	shown  time.Time // by the town
	at     time.Time // by this machine, when it was read
	frozen bool
}

// Follow reads the clock at authorityURL/clock, and again every second until ctx ends. While
// the authority does not answer, the clock runs on from what it showed last.
func Follow(ctx context.Context, client *http.Client, authorityURL string) (*Clock, error) {
	if err := outgoing.CheckAddress(authorityURL); err != nil {
		return nil, fmt.Errorf("mockclock: %w", err)
	}
	c := &Clock{url: strings.TrimRight(authorityURL, "/") + "/clock", client: outgoing.Client(client, 5*time.Second)}
	if err := c.Sync(ctx); err != nil {
		return nil, err
	}
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = c.Sync(ctx) // it runs on
			case <-ctx.Done():
				return
			}
		}
	}()
	return c, nil
}

// Now returns the town's time, as Config.Now of a verifier wants it.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.frozen {
		return c.shown
	}
	return c.shown.Add(time.Since(c.at))
}

// Sync reads the clock now.
func (c *Clock) Sync(ctx context.Context) error {
	c.asking.Lock()
	defer c.asking.Unlock()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url, nil)
	if err != nil {
		return fmt.Errorf("mockclock: %w", err)
	}
	resp, err := c.client.Do(req)
	if err != nil {
		return fmt.Errorf("mockclock: %w", err)
	}
	defer resp.Body.Close()
	at := time.Now()
	body, err := outgoing.Read(resp.Body, maxState)
	if err != nil {
		return fmt.Errorf("mockclock: %w", err)
	}
	var state struct {
		Now    time.Time `json:"now"`
		Frozen bool      `json:"frozen"`
	}
	if resp.StatusCode != http.StatusOK || json.Unmarshal(body, &state) != nil || state.Now.IsZero() {
		return fmt.Errorf("mockclock: %s answered %s and no time", c.url, resp.Status)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shown, c.at, c.frozen = state.Now, at, state.Frozen
	return nil
}
