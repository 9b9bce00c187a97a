package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

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

// FeesOf asks the authority at an address (GET /register/v1/tariff), which anybody
// may.
func FeesOf(authority string, client *http.Client) Fees {
	return func(ctx context.Context) (cost.Fees, error) {
		ctx, cancel := context.WithTimeout(ctx, feesTime)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, authority+"/register/v1/tariff", nil)
		if err != nil {
			return cost.Fees{}, err
		}
		resp, err := client.Do(r)
		if err != nil {
			return cost.Fees{}, err
		}
		defer resp.Body.Close()
		var tariff struct{ Today, Of2014 map[string]int64 }
		if err := json.NewDecoder(io.LimitReader(resp.Body, maxFees)).Decode(&tariff); err != nil || resp.StatusCode != http.StatusOK {
			return cost.Fees{}, fmt.Errorf("bank: the authority's tariff: HTTP %d, %v", resp.StatusCode, err)
		}
		const kind = "digital-signature"
		return cost.Fees{Today: bank.Yen(tariff.Today[kind]), Of2014: bank.Yen(tariff.Of2014[kind])}, nil
	}
}
