package e2e

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
)

// The card leaves the reader: in the middle of a page, before an open page, or
// because its holder fell asleep. Nothing of the holder stays behind.

// setIdle is how long a set waits for a key.
const setIdle = 5 * time.Minute

// watched is somebody at a set whose answers are looked at as they come.
type watched struct {
	*Person
	mu     sync.Mutex
	cached []string // answers that a cache may keep
	// nickname and figures are what only the holder may see.
	nickname string
	figures  []string
}

// atHealth seats a viewer, signed in, before their health information.
func (w *World) atHealth(t *testing.T, id, nickname string) *watched {
	t.Helper()
	p := &watched{Person: w.seat(t, id, ui.Japanese, hd), nickname: nickname}
	p.context.OnResponse(p.heardAnswer)
	p.laysWithAHand(id)
	p.asksForTheCard("pin-pad")
	p.enters(p.Card.AuthenticationPIN, "tile-signout")
	p.Reads("greeting", nickname, nickname)
	p.passesThePlatform("tile-health", "measure-weight")
	for _, m := range []string{"weight", "pressure"} {
		value, _, _ := strings.Cut(p.Text("value-"+m), "\n")
		p.figures = append(p.figures, strings.TrimRight(value, "Hgkm "))
	}
	return p
}

// secrets are what nobody else may find on the set.
func (p *watched) secrets() []string { return append([]string{p.nickname, p.Name}, p.figures...) }

// heardAnswer looks at an answer of the houses to the set. What everybody is
// given may be kept, and the hand's own page says nothing.
func (p *watched) heardAnswer(r playwright.Response) {
	address := r.URL()
	for _, known := range []string{"/ui/", "/assets/", "/card.js", "/reader"} {
		if strings.Contains(address, known) {
			return
		}
	}
	if kept, err := r.HeaderValue("cache-control"); err == nil && kept != "no-store" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.cached = append(p.cached, fmt.Sprintf("%s (%q)", address, kept))
	}
}

// leavesNothingBehind wants the home screen, and nothing of hers in the page, in
// the history, in a cache or in a storage of the browser.
func (p *watched) leavesNothingBehind(said string) {
	p.t.Helper()
	p.isShown("tile-signin")
	p.Reads("said", said, said)
	p.knowsNothingOf(p.secrets()...)
	kept, err := p.page.Evaluate(`async () => JSON.stringify([await caches.keys(), (await indexedDB.databases()).length, { ...sessionStorage },
  Object.entries(localStorage).filter(([name, value]) => !/^catv\.(sound|speak|remote)$/.test(name) || !/^(on|off)$/.test(value)), document.cookie, document.title, location.href])`)
	p.must(err, "look into the browser's storages")
	if want := fmt.Sprintf(`[[],0,{},[],"","ホーム | みほんケーブルテレビ",%q]`, p.world.URL("catv")+"/"); kept != want {
		p.t.Errorf("the browser keeps %v: want %s", kept, want)
	}
	for range 12 { // as far back as it goes
		before := p.page.URL()
		response, err := p.page.GoBack(playwright.PageGoBackOptions{Timeout: playwright.Float(5000)})
		if err == nil && response == nil && p.page.URL() == before {
			break
		}
		p.knowsNothingOf(p.secrets()...)
	}
	p.Goes("catv", "/health")
	p.isRefused("カードを置いてください", "")
	p.knowsNothingOf(p.secrets()...)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, address := range p.cached {
		p.t.Errorf("a cache may keep %s", address)
	}
}

// holds keeps requests to a path from going on until release is called; when
// late, the house has answered before. reached is closed when there is one.
func (p *watched) holds(path string, late bool) (reached <-chan struct{}, release func()) {
	p.t.Helper()
	come, gone, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	p.must(p.context.Route(p.world.URL("catv")+path, func(r playwright.Route) {
		defer close(done)
		if !late {
			close(come)
			<-gone
			_ = r.Continue() // the browser may not want it any more
			return
		}
		answer, err := r.Fetch()
		close(come)
		<-gone
		if err == nil {
			_ = r.Fulfill(playwright.RouteFulfillOptions{Response: answer})
		}
	}, 1), "hold %s", path)
	return come, func() { close(gone); p.within("what was held goes on", done) }
}

func TestACardTakenAwayLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	for _, c := range []struct {
		name, who, nickname, path string
		late                      bool
	}{
		{"before the house is asked", "hanako", "はなちゃん", "/health/checkups", false},
		{"while the answer is on its way", "taro", "たろうさん", "/health/checkups", true},
		{"before the page asks whose card it is", "misaki", "みさき", "/set", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := w.atHealth(t, c.who, c.nickname)
			reached, release := p.holds(c.path, c.late)
			p.steersTo(`[data-testid="to-checkups"]`)
			p.keys("Enter")
			p.within("the page asks", reached)
			if c.path == "/set" {
				p.isShown("checkups")
			}
			p.takesTheCard()
			if c.path == "/set" {
				release()
				release = func() {}
			}
			p.Sees("tile-signin")
			release()
			p.leavesNothingBehind("カードが取り外されたので")
		})
	}
	t.Run("while a page is read", func(t *testing.T) {
		t.Parallel()
		p := w.atHealth(t, "tatsu", "タツ")
		length := p.historyLength()
		p.opens("measure-pressure", "chart")
		p.opensThe(`[data-testid="span-365"]`, "chart")
		p.goesBack("measure-weight")
		p.opens("to-messages", "messages")
		if n := p.historyLength(); n != length {
			t.Errorf("the pages have left %d entries in the history", n-length)
		}
		p.takesTheCard()
		p.leavesNothingBehind("カードが取り外されたので")
	})
}

func (p *watched) historyLength() int {
	p.t.Helper()
	n, err := p.page.Evaluate(`() => history.length`)
	p.must(err, "count the history")
	return n.(int)
}

// A set without a key for a while is given back, by its page and by the house;
// keys keep it.
func TestWhoFallsAsleepIsSignedOut(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	p := w.atHealth(t, "hanako", "はなちゃん")
	p.must(p.page.Clock().Install(), "hold the set's clock")
	p.opens("to-checkups", "checkups")
	for range 4 {
		p.must(p.page.Clock().FastForward((setIdle - time.Minute).Milliseconds()), "wait")
		p.keys("ArrowDown")
	}
	p.isShown("checkups")
	p.must(p.page.Clock().FastForward((setIdle + 2*time.Second).Milliseconds()), "fall asleep")
	p.leavesNothingBehind("しばらく操作がなかったので")

	p.opensThe(".refusal .actions a", "card-button")
	p.opens("card-button", "pin-pad")
	p.enters(p.Card.AuthenticationPIN, "tile-signout")
	w.Advances(setIdle + time.Second)
	p.steersTo(`[data-testid="tile-health"]`)
	p.keys("Enter")
	p.isRefused("しばらく操作がなかったので、終わりました", "")
	p.looksOver("idle")
	p.photographs("refused-idle")
	p.knowsNothingOf(p.secrets()...)
}
