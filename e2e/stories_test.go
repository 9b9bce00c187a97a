package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
)

// presenter plays stories by what their pages say: one tab has the story, another the town.
type presenter struct {
	*Person
	script, town playwright.Page
	clicks       int
}

// clicks an element of the page being looked at.
func (p *presenter) click(testID string) {
	p.t.Helper()
	p.clicks++
	p.Clicks(testID)
}

// begins goes from the list of stories to the first step of one.
func (p *presenter) begins(story string) {
	p.t.Helper()
	p.page, p.clicks = p.script, 0
	p.Goes("lobby", "/stories")
	p.click("story-" + story)
	p.once("stage-opening", p.projected)
	p.click("begin")
	p.must(p.page.WaitForURL("**/stories/"+story+"/1"), "begin %s", story)
}

// does presses the button of a step, and comes to the next one.
func (p *presenter) does(then string) {
	p.t.Helper()
	p.page = p.script
	p.click("do")
	p.comesTo(then)
}

// comesTo waits until the story is at a step: by itself, since the one before is confirmed.
func (p *presenter) comesTo(step string) {
	p.t.Helper()
	p.must(p.script.WaitForURL("**/stories/*/"+step), "come to step %s", step)
}

// goes follows the link of a step into the town, and says what is to be typed there.
func (p *presenter) goes() (pins []string) {
	p.t.Helper()
	p.page = p.script
	pins, err := p.page.Locator(".pins code").AllTextContents()
	p.must(err, "read what is typed")
	p.once("stage-step", p.projected)
	if p.town != nil {
		to, err := p.found("go").GetAttribute("href")
		p.must(err, "read where the link leads")
		before := p.town.URL()
		p.click("go")
		if before != to { // else the page is there already
			p.must(p.town.WaitForURL(func(at string) bool { return at != before }), "leave %s for %s", before, to)
		}
		p.page = p.town
		return pins
	}
	p.town, err = p.page.ExpectPopup(func() error { p.clicks++; return p.found("go").Click() })
	p.must(err, "open the town in another tab")
	p.page = p.town
	return pins
}

// typed is what the step that is shown says to type.
func (p *presenter) typed() string {
	p.t.Helper()
	pin, err := p.script.Locator(".pins code").First().TextContent()
	p.must(err, "read what is typed")
	return pin
}

// inWindow answers in the card's window that a button opens. Enter sends what was typed.
func (p *presenter) inWindow(house, button, pin string) {
	p.t.Helper()
	p.clicks++
	p.inTheCardWindowOf(house, button, func() {
		p.Types("pin-input", pin)
		p.must(p.found("pin-input").Press("Enter"), "press Enter")
	})
}

// onTheSet types a PIN with the keys of a remote control.
func (p *presenter) onTheSet(pin string) {
	p.t.Helper()
	p.Sees("pin-input")
	p.keys(strings.Split(pin, "")...)
	p.click("pin-submit")
}

// ends wants the last step to be confirmed, and its record to be one sheet of paper.
func (p *presenter) ends() {
	p.t.Helper()
	p.page = p.script
	p.Sees("done")
	p.click("handout")
	p.Sees("handout-page")
	p.must(p.expect(p.page.Locator(".handout-steps tbody tr")).Not().ToHaveCount(0), "read the steps")
	p.Lacks("handout-page", "確認できていません", "not confirmed")
	p.printsOnOnePage()
	p.once("stage-handout", p.projected)
}

// Lacks wants an element not to say something.
func (p *Person) Lacks(testID, ja, en string) {
	p.t.Helper()
	p.must(p.expect(p.found(testID)).Not().ToContainText(ui.Text{JA: ja, EN: en}.In(p.lang)), "not to read %q", ja)
}

// projected takes a picture for a projector, of which nothing may need to be scrolled to
// the side, and looks for barriers.
func (p *Person) projected(name string) { p.faces(name, fullHD, hd) }

// today is the day by the town's clock, so many days later.
func (p *presenter) today(later int) string {
	return p.world.Clock().Now().In(time.FixedZone("JST", 9*60*60)).AddDate(0, 0, later).Format(time.DateOnly)
}

// somebody who has not seen the town presents every story by what the pages say, and each
// step is confirmed by what really happened.
func TestAPresenterPlaysEveryStory(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	someone := w.stranger(t, "presenter", ui.Japanese)
	p := &presenter{Person: someone, script: someone.page}
	p.resizes(1280, 720)
	for _, story := range []struct {
		id   string
		play func(*presenter)
	}{
		{"bank-open", opensAtOnce}, {"bank-move", isNoticed}, {"television", watches},
		{"pharmacy", getsMedicine}, {"cashier", paysByCard}, {"portal", movesEverything},
	} {
		p.begins(story.id)
		story.play(p)
		if story.id == "bank-open" && p.clicks > 8 {
			t.Errorf("%s takes %d clicks: at most 8", story.id, p.clicks)
		}
		p.ends()
	}
}

func opensAtOnce(p *presenter) {
	p.does("2")
	p.goes()
	p.click("draft-button")
	p.comesTo("3")
	p.inWindow("bank", "sign-button", p.typed())
	p.comesTo("4")
	pins := p.goes()
	p.inWindow("bank", "signin-button", pins[0])
}

func isNoticed(p *presenter) {
	p.does("2")
	p.goes()
	p.click("test-key")
	p.click("sweep-run")
	p.comesTo("3")
	p.does("4")
	p.does("5")
	pins := p.goes()
	p.inWindow("bank", "signin-button", pins[0])
	p.comesTo("6")
	pins = p.goes()
	p.click("change-notice-start")
	p.inWindow("bank", "sign-button", pins[0])
}

func watches(p *presenter) {
	p.does("2")
	pins := p.goes()
	p.click("tile-signin")
	p.click("card-button")
	p.onTheSet(pins[0])
	p.comesTo("3")
	p.click("tile-health")
	p.click("platform-login")
	p.click("login-button")
	p.onTheSet(p.typed())
	p.click("agree")
	p.comesTo("4")
	p.page = p.script
	p.click("do")
}

func getsMedicine(p *presenter) {
	p.does("2")
	pins := p.goes()
	p.click("begin")
	p.TypesPIN(pins[0])
	p.comesTo("3")
	p.click("me-yes")
	p.click("consent-none")
	p.does("4")
	pins = p.goes()
	p.click("test-key")
	p.must(p.page.GetByRole("link").Filter(playwright.LocatorFilterOptions{HasText: "若葉　太郎"}).First().Click(), "choose Taro")
	p.click("write")
	_, err := p.found("drug-0").SelectOption(playwright.SelectOptionValues{Labels: &[]string{"ソヨカゼジン錠10mg（抗アレルギー薬）"}})
	p.must(err, "choose a medicine")
	p.Types("dose-0", "1")
	p.Types("days-0", "7")
	p.click("check")
	p.inWindow("medical", "sign-button", pins[0])
	p.comesTo("5")
	p.does("6")
	pins = p.goes()
	p.click("begin")
	p.TypesPIN(pins[0])
	p.comesTo("7")
	p.page = p.script
	p.click("do")
}

func paysByCard(p *presenter) {
	p.does("2")
	pins := p.goes()
	p.click("begin")
	p.TypesPIN(pins[0])
	p.comesTo("3")
	p.click("me-yes")
	p.click("consent-none")
	ticket := p.Text("ticket")
	p.goes()
	p.click("test-key")
	p.must(p.page.GetByRole("link").Filter(playwright.LocatorFilterOptions{HasText: "受付番号 " + ticket}).First().Click(), "choose the ticket")
	_, err := p.found("act-A1").SelectOption(playwright.SelectOptionValues{Values: &[]string{"A1 1"}})
	p.must(err, "choose what was done")
	p.click("make-bill")
	p.comesTo("4")
	pins = p.goes()
	p.Types("ticket-no", ticket)
	p.click("find-bill")
	p.click("pay-card")
	p.TypesPIN(pins[0])
}

func movesEverything(p *presenter) {
	p.does("2")
	p.does("3")
	p.goes()
	p.click("test-key")
	p.click("watch")
	p.comesTo("4")
	p.does("5")
	pins := p.goes()
	p.inWindow("portal", "signin-button", pins[0])
	p.click("to-apply")
	p.Types("changed-on", p.today(0))
	p.Types("answer-gas", p.today(7))
	p.click("draft-button")
	p.inWindow("portal", "sign-button", pins[1])
	p.comesTo("6")
	p.goes()
}
