package sweeps_test

import (
	"context"
	"testing"

	"example.jp/jpkimock/internal/sweeps"
)

// What sweeps did is counted, of the latest alone; nothing is counted outside of a round.
func TestWhatSweepsDidIsCounted(t *testing.T) {
	s := sweeps.New()
	s.Add(sweeps.Sweep{House: "bank", Name: "confirmation", Do: func(ctx context.Context) error {
		for n := range 60 {
			sweeps.Did(ctx, n, "{n}人", "{n} people")
		}
		return nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go s.Run(ctx, func(sweeps.Sweep, error) {})
	s.Ask()
	if err := s.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	sweeps.Did(t.Context(), 1, "一", "one")
	all := s.Now().Deeds
	if len(all) != 50 || all[49] != (sweeps.Deed{No: 59, House: "bank", N: 59, JA: "{n}人", EN: "{n} people"}) || all[0].No != 10 {
		t.Errorf("%d deeds: %+v", len(all), all)
	}
}
