package e2e

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/seed"
)

// patience is how long, in milliseconds, a person waits for something to
// appear. It is long because two cores may be busy; nothing ever waits it out
// in a passing story but the check that something stays away.
const patience = 20_000

// outDir takes what stories leave: traces of failures, pictures.
const outDir = "out"

// Person is somebody in front of a browser of their own: cookies, tabs and
// language are theirs alone.
type Person struct {
	t       *testing.T
	who     string
	lang    ui.Lang
	context playwright.BrowserContext
	// page is the tab or window the person looks at.
	page playwright.Page
	// cardWindow was opened last; window closes with it.
	cardWindow playwright.Page
	window     <-chan struct{}
	// hand is a tab on the reader's page, for what a hand does beside a set.
	hand playwright.Page
	// world is where the person lives; nil for a visitor from nowhere.
	world *World
	seed.Persona
	takesPictures bool

	mu         sync.Mutex
	complaints []string
}

// newPerson gives somebody a fresh browser in a language.
func newPerson(t *testing.T, who string, lang ui.Lang) *Person {
	t.Helper()
	locale := map[ui.Lang]string{ui.Japanese: "ja-JP", ui.English: "en-GB"}[lang]
	context, err := browser(t).NewContext(playwright.BrowserNewContextOptions{
		Locale: playwright.String(locale), TimezoneId: playwright.String("Asia/Tokyo"),
		ReducedMotion: playwright.ReducedMotionReduce,
		Viewport:      &between,
	})
	if err != nil {
		t.Fatalf("%s gets no browser: %v", who, err)
	}
	p := &Person{t: t, who: who, lang: lang, context: context, takesPictures: wantsPictures()}
	context.SetDefaultTimeout(patience)
	context.SetDefaultNavigationTimeout(patience)
	context.OnConsole(p.heardConsole)
	context.OnWebError(func(e playwright.WebError) { p.complain("script error: %v", e.Error()) })
	context.OnRequest(p.sawRequest)
	if wantsTraces() {
		p.must(context.Tracing().Start(playwright.TracingStartOptions{Snapshots: playwright.Bool(true)}), "start a trace")
	}
	t.Cleanup(p.leaves)
	p.page, err = context.NewPage()
	p.must(err, "open a tab")
	return p
}

// wantsTraces: to record every step of every story costs a fifth of the time
// of all of them.
func wantsTraces() bool { return os.Getenv("E2E_TRACE") == "true" }

// leaves closes the browser. A failed story keeps what was seen last, as a picture
// and as a page, and its trace if there is one.
func (p *Person) leaves() {
	p.mu.Lock()
	for _, c := range p.complaints {
		p.t.Errorf("%s: %s", p.who, c)
	}
	p.mu.Unlock()
	if p.t.Failed() {
		p.remembers()
	}
	if err := p.context.Close(); err != nil {
		p.t.Errorf("%s cannot close the browser: %v", p.who, err)
	}
}

// remembers keeps what the person saw when the story failed.
func (p *Person) remembers() {
	name := filepath.Join(makeOut(p.t, "failed"), fileName(p.t.Name()+"-"+p.who))
	for i, page := range p.context.Pages() {
		path := fmt.Sprintf("%s-%d", name, i+1)
		p.t.Logf("%s was looking at %s: e2e/%s.png, .html", p.who, page.URL(), path)
		_, _ = page.Screenshot(playwright.PageScreenshotOptions{Path: playwright.String(path + ".png"), FullPage: playwright.Bool(true)})
		if text, err := page.Content(); err == nil {
			_ = os.WriteFile(path+".html", []byte(text), 0o644)
		}
	}
	if !wantsTraces() {
		p.t.Log("for a trace of every step: E2E_TRACE=true")
	} else if err := p.context.Tracing().Stop(name + ".zip"); err == nil {
		p.t.Logf("trace: e2e/%s.zip", name)
	}
}

func (p *Person) complain(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.complaints = append(p.complaints, fmt.Sprintf(format, args...))
}

// heardConsole takes every error a page logs as a failure: a refused script, a
// blocked style. That a page's own status is 4xx is told apart by the stories.
func (p *Person) heardConsole(m playwright.ConsoleMessage) {
	if m.Type() != "error" || strings.HasPrefix(m.Text(), "Failed to load resource") {
		return
	}
	p.complain("console: %s (%s)", m.Text(), m.Location().URL)
}

// sawRequest takes a request that leaves this machine as a failure.
func (p *Person) sawRequest(r playwright.Request) {
	u, err := url.Parse(r.URL())
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return
	}
	if ip := net.ParseIP(u.Hostname()); u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		p.complain("request to another machine: %s", r.URL())
	}
}

func (p *Person) must(err error, format string, args ...any) {
	p.t.Helper()
	if err != nil {
		at := ""
		if p.page != nil {
			at = " at " + p.page.URL()
		}
		p.t.Fatalf("%s cannot %s%s: %v", p.who, fmt.Sprintf(format, args...), at, err)
	}
}

// turnedPage is what the driver says of a script whose page was left while it ran.
const turnedPage = "Execution context was destroyed"

// asks runs a script in the page that is there. If the page is left meanwhile, it
// is asked again of the one that came: nobody reads a page that is gone.
func (p *Person) asks(script string, args ...any) (answer any, err error) {
	for range 5 {
		answer, err = p.page.Evaluate(script, args...)
		if err == nil || !strings.Contains(err.Error(), turnedPage) {
			break
		}
	}
	return answer, err
}

// GoesTo opens an address in the tab.
func (p *Person) GoesTo(address string) playwright.Response {
	p.t.Helper()
	response, err := p.page.Goto(address)
	p.must(err, "go to %s", address)
	return response
}

// found gives the element with a test id on the page being looked at.
func (p *Person) found(testID string) playwright.Locator { return p.page.GetByTestId(testID) }

// Clicks takes the element with a test id.
func (p *Person) Clicks(testID string) {
	p.t.Helper()
	p.must(p.found(testID).Click(), "click %q", testID)
}

// Presses takes the button that is called one of the names.
func (p *Person) Presses(ja, en string) {
	p.t.Helper()
	name := ui.Text{JA: ja, EN: en}.In(p.lang)
	p.must(p.page.GetByRole("button", playwright.PageGetByRoleOptions{Name: name}).Click(), "press %q", name)
}

// Follows takes the link that is called one of the names.
func (p *Person) Follows(ja, en string) {
	p.t.Helper()
	name := ui.Text{JA: ja, EN: en}.In(p.lang)
	p.must(p.page.GetByRole("link", playwright.PageGetByRoleOptions{Name: name}).First().Click(), "follow %q", name)
}

// Types fills in the element with a test id.
func (p *Person) Types(testID, text string) {
	p.t.Helper()
	p.must(p.found(testID).Fill(text), "type into %q", testID)
}

// Sees waits until the element with a test id shows.
func (p *Person) Sees(testID string) {
	p.t.Helper()
	p.must(p.expect(p.found(testID).First()).ToBeVisible(), "see %q", testID)
}

// Reads waits until the element with a test id says one of the sentences, or
// something that contains it.
func (p *Person) Reads(testID, ja, en string) {
	p.t.Helper()
	want := ui.Text{JA: ja, EN: en}.In(p.lang)
	p.must(p.expect(p.found(testID).First()).ToContainText(want), "read %q in %q", want, testID)
}

// IsTold waits until the page's main part says one of the sentences.
func (p *Person) IsTold(ja, en string) {
	p.t.Helper()
	want := ui.Text{JA: ja, EN: en}.In(p.lang)
	p.must(p.expect(p.page.Locator("main")).ToContainText(want), "read %q", want)
}

// Text gives what the element with a test id says, without space around it.
func (p *Person) Text(testID string) string {
	p.t.Helper()
	s, err := p.found(testID).First().InnerText()
	p.must(err, "read %q", testID)
	return strings.TrimSpace(s)
}

func (p *Person) expect(l playwright.Locator) playwright.LocatorAssertions {
	return playwright.NewPlaywrightAssertions(patience).Locator(l)
}

// fileName makes a name that is good on every file system.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| #`, r) {
			return '_'
		}
		return r
	}, s)
}

func makeOut(t *testing.T, names ...string) string {
	t.Helper()
	dir := filepath.Join(append([]string{outDir}, names...)...)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
