package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
)

// axeVersion is the one e2e/setup.sh installs.
const axeVersion = "4.14.1"

// axeScript reads the accessibility rules from the user's cache.
var axeScript = sync.OnceValues(func() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	cache := filepath.Join(home, ".cache")
	if runtime.GOOS == "darwin" {
		cache = filepath.Join(home, "Library", "Caches")
	}
	b, err := os.ReadFile(filepath.Join(cache, "jpkimock", "axe-core-"+axeVersion, "axe.min.js"))
	return string(b), err
})

// runAxe asks for the rules of WCAG 2.2 up to AA, and axe's own good practice, if
// the page has the rules.
const runAxe = `async () => {
  if (typeof axe === "undefined") return "";
  const r = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    resultTypes: ["violations"],
  });
  return JSON.stringify(r.violations.map(v => ({
    id: v.id, impact: v.impact || "", help: v.help,
    nodes: v.nodes.map(n => n.html.slice(0, 200) + " — " + (n.failureSummary || "").replace(/\s+/g, " ")),
  })));
}`

// violation is one broken rule and where it is broken.
type violation struct {
	ID, Impact, Help string
	Nodes            []string
}

// barriers gives the accessibility rules that the page breaks.
func (p *Person) barriers() []violation {
	p.t.Helper()
	out, err := p.asks(runAxe)
	for n := 0; n < 5 && err == nil && out == ""; n++ { // again if the page is left meanwhile
		p.bringsAxe()
		out, err = p.asks(runAxe)
	}
	p.must(err, "run the accessibility rules")
	var found []violation
	p.must(json.Unmarshal([]byte(out.(string)), &found), "understand the accessibility rules' answer")
	return found
}

// looked are the pages that several stories pass, each with the language in which one of
// them has looked at it.
var looked sync.Map

// once looks at a page, as look does, unless another story has in this language.
func (p *Person) once(name string, look func(name string)) {
	p.t.Helper()
	if _, done := looked.LoadOrStore(name+" "+string(p.lang), true); !done {
		look(name)
	}
}

// alsoInTheOther looks at a page that can be asked for again in the other language, and
// comes back.
func (p *Person) alsoInTheOther(name string, look func(name string)) {
	p.t.Helper()
	mine, at := p.lang, p.page.URL()
	other := ui.English
	if mine == other {
		other = ui.Japanese
	}
	for _, lang := range []ui.Lang{other, mine} {
		p.lang = lang
		address, err := url.Parse(at)
		p.must(err, "read an address")
		query := address.Query()
		query.Set("lang", string(lang))
		address.RawQuery = query.Encode()
		p.GoesTo(address.String())
		p.once(name, look)
	}
}

// seesWithoutScrolling wants an element to be whole on a screen of 1280 by 720.
func (p *Person) seesWithoutScrolling(testID string) {
	p.t.Helper()
	before := p.page.ViewportSize()
	defer func() { p.resizes(before.Width, before.Height) }()
	p.resizes(1280, 720)
	box, err := p.found(testID).BoundingBox()
	p.must(err, "measure %q", testID)
	if box.Y < 0 || box.Y+box.Height > 720 {
		p.t.Errorf("%s stands at %v to %v of 720", testID, box.Y, box.Y+box.Height)
	}
}

// printsOnOnePage wants the page to be one sheet of A4 on paper.
func (p *Person) printsOnOnePage() {
	p.t.Helper()
	paper, err := p.page.PDF(playwright.PagePdfOptions{Format: playwright.String("A4"), PreferCSSPageSize: playwright.Bool(true)})
	p.must(err, "print")
	if !bytes.Contains(paper, []byte("/Count 1\n")) { // of the tree of pages
		p.t.Errorf("%s is more than one page on paper", p.page.URL())
	}
}

// bringsAxe brings the accessibility rules into the page that is shown, and into no
// other: as a script of the tab they would cost every later page, looked at or not,
// as much as all the rest of it.
func (p *Person) bringsAxe() {
	p.t.Helper()
	script, err := axeScript()
	if err != nil {
		unavailable(p.t, "no accessibility rules (make setup): %v", err)
	}
	_, err = p.asks(`() => { ` + script + ` }`)
	p.must(err, "bring the accessibility rules")
}

// FindsNoBarrier fails the story if the page cannot be used without a mouse,
// without seeing it, or with weak eyes.
func (p *Person) FindsNoBarrier() {
	p.t.Helper()
	for _, v := range p.barriers() {
		p.t.Errorf("accessibility of %s: %s (%s) %s\n\t%s", p.page.URL(), v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

// phone and projector are the screens on which every page is looked at. Between looks
// a window is as wide as a desk's and low: what is painted costs a quarter of a page.
var (
	phone     = playwright.Size{Width: 390, Height: 844}
	projector = playwright.Size{Width: 1920, Height: 1080}
	between   = playwright.Size{Width: 1280, Height: 480}
)

func screens() []playwright.Size { return []playwright.Size{phone, projector} }

// pictures are for people to look at (make screenshots), and take as long as
// everything else that is done to a page.
func wantsPictures() bool { return os.Getenv("E2E_PICTURES") == "true" }

// keepsPicture writes what the person sees into a file, the whole page or what
// is on the screen, if pictures are wanted.
func (p *Person) keepsPicture(path string, whole bool) {
	p.t.Helper()
	if !p.takesPictures {
		return
	}
	_, err := p.page.Screenshot(playwright.PageScreenshotOptions{Path: playwright.String(path), FullPage: playwright.Bool(whole)})
	p.must(err, "take a picture for %s", path)
}

// Pictures takes the page as it stands at both sizes into e2e/out/pages (make
// screenshots), checks that nothing sticks out to the side, and that there is no
// barrier: on the projector in Japanese, on the phone in English, since the
// rules take longer than all the rest. Afterwards the window is as it was.
func (p *Person) Pictures(name string) {
	p.t.Helper()
	dir := makeOut(p.t, "pages")
	before := p.page.ViewportSize()
	defer func() { p.resizes(before.Width, before.Height) }()
	for _, s := range screens() {
		p.resizes(s.Width, s.Height)
		path := filepath.Join(dir, fmt.Sprintf("%s-%s-%dx%d.png", fileName(name), p.lang, s.Width, s.Height))
		p.keepsPicture(path, true)
		wide, err := p.asks(`() => document.documentElement.scrollWidth - document.documentElement.clientWidth`)
		p.must(err, "measure %s", name)
		if n := fmt.Sprint(wide); n != "0" {
			p.t.Errorf("%s is %s pixels wider than a screen of %d", name, n, s.Width)
		}
		if (s.Width < 1000) == (p.lang == ui.English) {
			p.FindsNoBarrier()
		}
	}
}
