package e2e

import (
	"strings"
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
)

// TestTheSetReadsItsPagesAloud: a page is read on arrival, from its heading to what
// the remote control would choose, and nothing of what surrounds it.
func TestTheSetReadsItsPagesAloud(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	p := w.seat(t, "tatsu", ui.Japanese, hd)
	p.must(p.context.AddInitScript(playwright.Script{Content: playwright.String(`
		speechSynthesis.speak = (u) => (window.heard = u.text); speechSynthesis.cancel = () => {};`)}), "listen")
	heard := func() string {
		t.Helper()
		_, err := p.page.WaitForFunction("() => window.heard", nil)
		p.must(err, "hear the page")
		said, err := p.page.Evaluate("() => window.heard")
		p.must(err, "hear the page")
		return said.(string)
	}
	p.Goes("catv", "/")
	p.keys("F2")
	if said := heard(); !strings.Contains(said, "お知らせ") || !strings.HasSuffix(said, "カードではじめる。") {
		t.Errorf("the first page: %q", said)
	}
	p.keys("Enter")
	p.isShown("back")
	said := heard()
	if !strings.HasPrefix(said, "カードではじめる。") || !strings.HasSuffix(said, "すすむ。") {
		t.Errorf("the way to the card: %q", said)
	}
	if strings.Contains(said, "。。") || strings.Contains(said, "模擬") {
		t.Errorf("more than the page says: %q", said)
	}
}
