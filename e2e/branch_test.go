package e2e

import (
	"testing"
	"time"

	"example.jp/jpkimock/internal/ui"
)

// At the branch a touch finds the customer, without a customer card; the
// teller sees what the touch allows, for as long as it allows it.
func TestATouchAtTheBranchFindsTheCustomer(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	number := w.accountOf(t, "taro")
	teller := w.clerk(t, ui.Japanese)
	teller.touches("taro")
	teller.Sees("branch-customer")
	teller.Reads("branch-customer", "若葉　太郎", "")
	if got := teller.Text("branch-account"); got != number {
		t.Errorf("the touch finds account %s: want %s", got, number)
	}
	for _, hidden := range []string{"10,000", "みどり台", "昭和", w.persona("taro").Card.AuthenticationPIN} {
		teller.must(teller.expect(teller.page.Locator("main")).Not().ToContainText(hidden), "be spared %q", hidden)
	}
	w.Advances(6 * time.Minute)
	teller.Goes("bank", "/branch/customer")
	teller.isRefused("", "")
	teller.must(teller.expect(teller.page.Locator("main")).Not().ToContainText(number), "see the account no more")

	for _, c := range []struct{ id, told string }{
		{"akira", "このカードは一時停止されています"},
		{"kaoru", "このカードは使えません（失効）"},
		{"hanako", ""}, // a good card, and nobody's at this bank
	} {
		teller.touches(c.id)
		teller.isRefused(c.told, "")
		teller.must(teller.expect(teller.page.Locator("main")).Not().ToContainText(w.persona(c.id).Name), "be told no name")
	}
	visitor := w.stranger(t, "visitor", ui.Japanese)
	visitor.Goes("bank", "/branch/customer")
	visitor.Sees("staff-signin")
}

// touches has a visitor touch the terminal with a card and type the PIN.
func (p *Person) touches(id string) {
	p.t.Helper()
	p.Goes("card", "/reader?card=card-"+id)
	p.Sees("laid")
	p.Goes("bank", "/branch")
	p.Clicks("branch-begin")
	p.Clicks("branch-touch-button")
	p.Reads("asking-origin", p.world.URL("bank"), p.world.URL("bank"))
	p.TypesPIN(p.world.persona(id).Card.AuthenticationPIN)
	p.must(p.page.WaitForURL(p.world.URL("bank")+"/branch/customer"), "come back to the branch")
}

// The picture of the two costs is drawn anew with every price.
func TestThePictureOfTheCostsFollowsThePrices(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	p := w.stranger(t, "director", ui.Japanese)
	p.Goes("bank", "/comparison")
	post, certificate := p.bars()
	if post != 1000 || certificate > 500 {
		t.Errorf("the bars are %v and %v of 1000: want the post's the longest by far", post, certificate)
	}
	saved := p.Text("compare-saved")
	p.Types("price-fee", "10")
	p.Clicks("compare-recalculate")
	p.must(p.expect(p.found("compare-saved")).Not().ToHaveText(saved), "see another difference")
	if _, less := p.bars(); less >= certificate {
		t.Errorf("with half the fee the bar has %v of 1000: it had %v", less, certificate)
	}
	p.Types("price-fee", "2000")
	p.Clicks("compare-recalculate")
	p.Reads("compare-chart", "郵便のほうが安くなります", "")
	if post, certificate := p.bars(); certificate < 1000 || post >= certificate {
		t.Errorf("with a dear fee the bars are %v and %v of 1000", post, certificate)
	}
}

// bars gives how far each of the two bars reaches, of 1000.
func (p *Person) bars() (post, certificate float64) {
	p.t.Helper()
	said, err := p.page.Locator("svg.compare-bar").EvaluateAll(`all => all.map((e) => Math.max(...[...e.querySelectorAll("rect")].slice(1).map((r) => Number(r.getAttribute("x")) + Number(r.getAttribute("width")))))`)
	p.must(err, "measure the bars")
	ends := said.([]any)
	if len(ends) != 2 {
		p.t.Fatalf("there are %d bars", len(ends))
	}
	return number(ends[0]), number(ends[1])
}

func number(v any) float64 {
	switch n := v.(type) {
	case int:
		return float64(n)
	case float64:
		return n
	}
	return 0
}
