package web

import (
	"math/rand/v2"
	"testing"

	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/cost"
)

// TestTheBarsAreAsLongAsTheirParts draws many prices: parts stand one beside the
// other, whatever costs anything is seen, and no bar is longer than the longest.
func TestTheBarsAreAsLongAsTheirParts(t *testing.T) {
	random := rand.New(rand.NewPCG(10_000, 137))
	draws := []cost.Prices{
		cost.Example(),
		{Customers: 1, Times: 1}, // nothing costs anything
		{Customers: 1_000_000, Times: 1, Postage: 1, Labour: 100_000, Unanswered: 1, Visit: 1, Fee: 1, Changed: 1, Inquiry: 1},
		{Customers: 1000, Times: 1, Postage: 333, Labour: 333, Unanswered: 10_000, Visit: 334, Fee: 1, Changed: 10_000, Inquiry: 999},
	}
	for range 5000 {
		p := cost.Example()
		amount := func() bank.Yen { return bank.Yen(random.Int64N(1 << random.IntN(17))) }
		p.Customers = 1 + random.Int64N(1<<random.IntN(26))
		p.Postage, p.Labour, p.Visit, p.Fee, p.Inquiry = amount(), amount(), amount(), amount(), amount()
		p.Unanswered, p.Changed = cost.Share(random.Int64N(10_001)), cost.Share(random.Int64N(10_001))
		draws = append(draws, p)
	}
	for _, p := range draws {
		page := comparisonPage{Prices: p}
		page.draw()
		longest := int64(0)
		for _, method := range page.Methods {
			end := int64(0)
			for _, part := range method.Parts {
				if part.X != end || part.Width < 0 || (part.Sum > 0) != (part.Width >= leastWidth) || part.Sum == 0 && part.Width != 0 {
					t.Fatalf("%+v: %s from %d, %d wide, costs %d", p, part.Name, part.X, part.Width, part.Sum)
				}
				end += part.Width
			}
			longest = max(longest, end)
			if end > barWidth {
				t.Fatalf("%+v: a bar of %d", p, end)
			}
		}
		if total := page.Methods[0].Sum + page.Methods[1].Sum; total > 0 && longest != barWidth {
			t.Fatalf("%+v: the longest bar is %d", p, longest)
		}
	}
}
