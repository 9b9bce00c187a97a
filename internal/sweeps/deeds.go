package sweeps

import (
	"context"
	"slices"
)

// Deed is something that the sweeps of a house did, counted.
type Deed struct {
	No    int    `json:"no"` // ascending, in a process
	House string `json:"house"`
	N     int    `json:"n"`
	// JA and EN say it, with "{n}" for the number: "citizens invited: {n}".
	JA string `json:"ja"`
	EN string `json:"en"`
}

// mostDeeds bounds how many are kept: the latest.
const mostDeeds = 50

// sweeping is the sweep that a context is of.
type sweeping struct {
	rounds *Rounds
	house  string
}

type sweepingKey struct{}

// Did counts what the sweep of a context did, in words with "{n}" for the number. Nothing is
// counted of 0, or outside of a round.
func Did(ctx context.Context, n int, ja, en string) {
	of, ok := ctx.Value(sweepingKey{}).(sweeping)
	if !ok || n == 0 {
		return
	}
	s := of.rounds
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told++
	s.deeds = append(s.deeds, Deed{No: s.told, House: of.house, N: n, JA: ja, EN: en})
	if over := len(s.deeds) - mostDeeds; over > 0 {
		s.deeds = slices.Delete(s.deeds, 0, over)
	}
}
