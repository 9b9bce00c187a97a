package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/cost"
)

// Fees asks what an answer of the authority costs.
type Fees func(context.Context) (cost.Fees, error)

// Bounds of the authority's answer.
const (
	feesTime = 2 * time.Second
	maxFees  = 64 << 10
)

// Known asks for them. Where nobody is asked they are those of an example; unknown says
// that whoever was asked did not answer.
func (f Fees) Known(ctx context.Context) (fees cost.Fees, unknown bool) {
	if f == nil {
		return cost.ExampleFees(), false
	}
	fees, err := f(ctx)
	if err != nil {
		return cost.ExampleFees(), true
	}
	return fees, false
}

// FeesOf asks the authority at an address (GET /register/v1/tariff), which anybody
// may.
func FeesOf(authority string, client *http.Client) Fees {
	return func(ctx context.Context) (cost.Fees, error) {
		ctx, cancel := context.WithTimeout(ctx, feesTime)
		defer cancel()
		var tariff struct{ Today, Of2014 map[string]int64 }
		agency := peer.Peer{URL: authority, HTTP: client, MaxAnswer: maxFees}
		if err := agency.Get(ctx, "/register/v1/tariff", &tariff); err != nil {
			return cost.Fees{}, fmt.Errorf("bank: the authority's tariff: %w", err)
		}
		const kind = "digital-signature"
		return cost.Fees{Today: bank.Yen(tariff.Today[kind]), Of2014: bank.Yen(tariff.Of2014[kind])}, nil
	}
}
