package e2e

import (
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/ui"
)

// A story fills a projector, one step a page: keys and a remote turn it, by itself it does
// what has a button, and it waits for what is done by hand.
func TestAStoryFillsTheProjector(t *testing.T) {
	t.Parallel()
	w := NewWorld(t, func(c *ecosystem.Config) { c.Manage = "127.0.0.1:0" }) // it can be put back
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		p := w.stranger(t, "presenter", lang)
		p.must(p.page.Clock().Install(), "have a clock that can be moved")
		p.Goes("lobby", "/stories/bank-move")
		p.Clicks("present")
		p.Sees("merits")
		p.projected("stage-comparison")
		p.keys("PageDown")
		p.Sees("caption-1")
		p.keys("ArrowRight")
		p.Sees("caption-2")
		p.keys("PageUp")
		p.Sees("caption-1")
		p.Clicks("auto") // by itself it lets somebody move, and goes on
		p.must(p.expect(p.found("auto")).ToHaveText(ui.Text{JA: "止める", EN: "Pause"}.In(lang)), "see how to stop it")
		p.must(p.page.Clock().RunFor(30_000), "let the audience read")
		p.must(p.expect(p.page.Locator("#s1").GetByTestId("done")).ToBeAttached(), "see that somebody moved")
		p.must(p.page.Clock().RunFor(10_000), "let the audience see it")
		p.Sees("caption-2")
		p.must(p.page.Clock().RunFor(60_000), "let the audience read")
		p.projected("stage-present")
		p.must(p.expect(p.page.Locator("#s2").GetByTestId("not-yet")).ToBeVisible(), "see that it waits for what is done by hand")
		p.keys("p")
		p.must(p.expect(p.found("auto")).ToHaveAttribute("aria-pressed", "false"), "pause")
		_, err := p.page.Reload()
		p.must(err, "load the page again in the middle")
		p.Sees("caption-2")
		p.must(p.expect(p.page.Locator("#s1").GetByTestId("done")).ToBeAttached(), "see that it is known what happened")
		p.keys("End")
		p.Sees("handout")
		p.projected("stage-recap")
		p.keys("Escape")
		p.must(p.page.WaitForURL("**/stories/bank-move"), "leave")
		p.presentsAgain()
	}
}

// presentsAgain has a page of the first presentation open while the town is put back, and
// presents the same story once more: nothing of before is on it.
func (p *Person) presentsAgain() {
	p.t.Helper()
	p.Goes("lobby", "/stories/bank-move/present#s1")
	p.must(p.expect(p.page.Locator("#s1").GetByTestId("done")).ToBeVisible(), "find the first presentation")
	first := p.page
	desk, err := first.Context().NewPage()
	p.must(err, "open another page")
	p.page = desk
	p.Goes("lobby", "/clock-room")
	p.Clicks("start-over")
	p.Reads("kept", "町を元に戻しました", "The town was put back")
	p.must(desk.Close(), "close it")
	p.page = first
	p.must(p.expect(first.Locator("#s1").GetByTestId("not-yet")).ToBeVisible(), "see that nothing has happened yet")
	p.keys("Home")
	p.Sees("merits")
	p.keys("ArrowRight")
	p.Sees("caption-1")
	p.must(first.Locator("#s1").GetByTestId("do").Click(), "let somebody move")
	p.must(p.expect(first.Locator("#s1").GetByTestId("done")).ToBeVisible(), "see that somebody moved once more")
	p.must(p.expect(first.Locator("#s2").GetByTestId("not-yet")).ToBeAttached(), "see that nobody was noticed yet")
}
