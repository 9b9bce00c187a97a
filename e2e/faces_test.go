package e2e

import (
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
	cardjs "example.jp/jpkimock/rp/browser"
)

const (
	faceNonce    = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	faceDocument = "施設利用の資格の申請\n\n氏名　見本　花子\n\n私は、みほん市の住民として、市の施設を利用する資格の確認を申請します。\n\n1　利用する施設　　みほん市体育館、テニスコート、調理室、会議室\n2　利用する人　　　本人および同じ世帯の者\n3　有効期間　　　　市外へ転出するまで\n\n記載した内容に相違ありません。\n"
)

// counter is a relying party with a terminal or a set: one page that asks, one
// that takes the answer, under the headers that every house sends.
type counter struct {
	*httptest.Server
	from   chan string            // the Origin of each answer
	answer chan map[string]string // its fields
}

func newCounter(t *testing.T, agent, face string) *counter {
	t.Helper()
	s := &counter{from: make(chan string, 8), answer: make(chan map[string]string, 8)}
	mux := http.NewServeMux()
	mux.Handle("GET /card.js", cardjs.Handler())
	mux.HandleFunc("GET /watch.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, `const d = document.body.dataset;
if (d.presence) JPKICard.watch({ agent: d.agent, presence: d.presence, gone: () => { document.body.textContent = "GONE"; } });
document.addEventListener("keydown", (e) => { if (e.key === "r") JPKICard.takeAway({ agent: d.agent, presence: d.presence }); });`)
	})
	mux.HandleFunc("GET /{action}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="%s"><title>counter</title><form method="post" action="/answer?state=1" data-jpki="%s" data-jpki-face="%s" data-jpki-agent="%s" data-jpki-nonce="%s"
 data-jpki-document="%s" data-jpki-document-name="申請書.txt" data-jpki-media-type="text/plain; charset=utf-8"><button autofocus data-testid="ask">Go</button></form><script src="/card.js"></script>`,
			r.URL.Query().Get("lang"), r.PathValue("action"), face, agent, faceNonce, base64.StdEncoding.EncodeToString([]byte(faceDocument)))
	})
	mux.HandleFunc("POST /answer", func(w http.ResponseWriter, r *http.Request) {
		fields := map[string]string{}
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		for name := range r.PostForm {
			fields[name] = r.PostForm.Get(name)
		}
		s.from <- r.Header.Get("Origin")
		s.answer <- fields
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="ja"><title>answer</title><body data-agent="%s" data-presence="%s"><p data-testid="answered">%s</p><script src="/card.js"></script><script src="/watch.js"></script>`,
			agent, html.EscapeString(fields["presence"]), strings.Join(slices.Sorted(maps.Keys(fields)), " "))
	})
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'self'; img-src data:; form-action 'self' "+agent+"; connect-src 'self' "+agent)
		h.Set("Referrer-Policy", "same-origin")
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// IsHandedBack waits until the counter has an answer, from the agent's page.
func (p *Person) isHandedBack(s *counter, want ...string) map[string]string {
	p.t.Helper()
	p.Sees("answered")
	fields := <-s.answer
	if got := slices.Sorted(maps.Keys(fields)); !slices.Equal(got, want) {
		p.t.Errorf("handed back %v: want %v", got, want)
	}
	if from := <-s.from; from != p.world.URL("card") {
		p.t.Errorf("the answer came from %q", from)
	}
	return fields
}

// keys presses keys of a remote control, on a page that is whole.
func (p *Person) keys(all ...string) {
	p.t.Helper()
	p.must(p.page.WaitForLoadState(), "wait for the whole page")
	for _, k := range all {
		p.must(p.page.Keyboard().Press(k), "press %s", k)
	}
}

// resizes gives the person a screen of another size.
func (p *Person) resizes(width, height int) {
	p.t.Helper()
	if s := p.page.ViewportSize(); s != nil && s.Width == width && s.Height == height {
		return
	}
	p.must(p.page.SetViewportSize(width, height), "resize the screen")
}

// faces takes a picture at each size and looks for barriers and for what is cut
// off: at the side, and on a set, which cannot be scrolled, anywhere.
func (p *Person) faces(name string, sizes ...playwright.Size) {
	p.t.Helper()
	dir := makeOut(p.t, "faces")
	for _, s := range sizes {
		p.resizes(s.Width, s.Height)
		path := filepath.Join(dir, fmt.Sprintf("%s-%s-%dx%d.png", name, p.lang, s.Width, s.Height))
		p.keepsPicture(path, false)
		cut, err := p.page.Evaluate(`() => {
  const tv = document.body.classList.contains("face-tv");
  const w = innerWidth, h = innerHeight, out = [];
  for (const e of document.querySelectorAll("main *")) {
    if (!e.checkVisibility() || e.classList.contains("sr-only") || e.closest("svg, .tv-tray form, .document, .tray")) continue;
    const b = e.getBoundingClientRect();
    if (b.width === 0) continue;
    const x = tv ? w * 0.049 : 0, y = tv ? h * 0.049 : 0;
    if (b.left < x - 1 || b.right > w - x + 1 || tv && (b.top < y - 1 || b.bottom > h - y + 1)) out.push(e.tagName + "." + e.className + " " + [b.left, b.top, b.right, b.bottom].map(Math.round));
  }
  return out.join("; ");
}`)
		p.must(err, "measure")
		if cut != "" {
			p.t.Errorf("%s at %dx%d is cut off: %v", name, s.Width, s.Height, cut)
		}
	}
	p.FindsNoBarrier()
	if trap, err := p.page.Evaluate(`() => window.TV ? TV.unreachable().map((e) => e.outerHTML.slice(0, 80)).join("; ") : ""`); err != nil || trap != "" {
		p.t.Errorf("%s: arrows do not reach %v (%v)", name, trap, err)
	}
}

var (
	terminals = []playwright.Size{{Width: 1080, Height: 1920}, {Width: 1920, Height: 1080}}
	sets      = []playwright.Size{{Width: 1280, Height: 720}, {Width: 3840, Height: 2160}, {Width: 1920, Height: 1080}}
)

func TestATerminalTakesThePagesPlace(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		p := w.stranger(t, "patient", lang)
		s := newCounter(t, w.URL("card"), "kiosk") // at 127.0.0.1: to a browser, another site than localhost
		p.resizes(1920, 1080)
		p.GoesTo(s.URL + "/authenticate?lang=" + string(lang))
		p.Clicks("ask")
		p.Reads("asking-origin", s.URL, s.URL)
		p.faces("kiosk-place", terminals...)
		p.laysFromTheTray("tatsu")
		p.Sees("pin-input")
		p.faces("kiosk-pin", terminals...)
		for _, key := range []string{"0", "0", "0", "0"} {
			p.Presses(key, key)
		}
		p.Clicks("pin-submit")
		p.MeetsTrouble("wrong_pin")
		p.faces("kiosk-wrong", terminals...)
		p.TypesPIN(w.persona("tatsu").Card.AuthenticationPIN)
		p.isHandedBack(s, "presence", "token")
		if _, err := p.page.GoBack(); err != nil {
			t.Error(err)
		}
		p.Reads("result", "すでに元のサイトに渡してあります", "The site has the result already")
		p.faces("kiosk-taken", terminals...)
		p.GoesTo(s.URL + "/sign?lang=" + string(lang))
		p.Clicks("ask")
		p.Reads("document-text", "みほん市体育館", "みほん市体育館")
		p.faces("kiosk-sign", terminals...)
		p.Clicks("cancel")
		p.isHandedBack(s, "error", "message")
	}
}

func TestASetIsDrivenByARemoteAlone(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	for _, lang := range []ui.Lang{ui.Japanese, ui.English} {
		p := w.stranger(t, "viewer", lang)
		s := newCounter(t, w.URL("card"), "tv")
		p.resizes(1920, 1080)
		p.GoesTo(s.URL + "/authenticate?lang=" + string(lang))
		p.must(p.found("ask").Press("Enter"), "start")
		p.Sees("tray")
		p.faces("tv-place", sets...)
		p.keys("Enter") // the first card of the tray
		p.Sees("greeting")
		first, err := p.found("reader-card").GetAttribute("data-card")
		p.must(err, "see which card lies there")
		p.faces("tv-pin", sets...)
		p.keys("0", "0", "0", "0", "Enter")
		p.MeetsTrouble("wrong_pin")
		p.faces("tv-wrong", sets...)
		p.keys("Escape")
		p.isHandedBack(s, "error", "message")

		p.GoesTo(s.URL + "/sign?lang=" + string(lang))
		p.must(p.found("ask").Press("Enter"), "start")
		p.Sees("document-text")
		p.faces("tv-sign", sets...)
		p.keys("Backspace")
		p.isHandedBack(s, "error", "message")
		if first == "" {
			t.Error("the greeting is for nobody")
		}
	}
}

func TestACardThatIsTakenAwayEndsTheEveningOnTheSet(t *testing.T) {
	t.Parallel()
	w := CommonWorld(t)
	p := w.As(t, "hanako")
	s := newCounter(t, w.URL("card"), "tv")
	p.resizes(1920, 1080)
	for _, how := range []string{"on the page", "in another tab"} {
		p.Lays("hanako")
		p.GoesTo(s.URL + "/authenticate?lang=ja")
		p.must(p.found("ask").Press("Enter"), "start")
		p.Sees("pin-pad")
		p.keys("1", "2", "3", "4", "Enter")
		p.isHandedBack(s, "presence", "token")
		p.Sees("answered")
		page := p.page
		if how == "on the page" {
			p.keys("r")
		} else {
			tab, err := p.context.NewPage()
			p.must(err, "open a tab")
			p.page = tab
			p.GoesTo(w.URL("card") + "/reader")
			p.Clicks("take-away") // the tab stays open until the evening's end
		}
		p.page = page
		p.must(p.expect(p.page.Locator("body")).ToHaveText("GONE"), "see that the card is gone, %s", how)
	}
}

// The focus moves while the key is handled, before anything else is done. How long it
// takes until it is seen is reported; the machine has a part in that.
func TestTheFocusFollowsTheKeysAtOnce(t *testing.T) {
	w := NewWorld(t)
	p := w.As(t, "hanako")
	s := newCounter(t, w.URL("card"), "tv")
	p.resizes(1920, 1080)
	p.GoesTo(s.URL + "/sign?lang=ja")
	p.must(p.found("ask").Press("Enter"), "start")
	p.Sees("pin-pad")
	for range 5 {
		p.keys("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft")
	}
	moved, err := p.page.Evaluate(`() => ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"].filter((key) => {
  const before = document.activeElement;
  before.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return document.activeElement !== before;
}).length`)
	p.must(err, "press keys inside the page")
	if fmt.Sprint(moved) < "2" {
		t.Errorf("of four keys %v moved the focus at once", moved)
	}
	seen, err := p.page.Evaluate(`() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const all = performance.getEntriesByName("tv:move").map((m) => m.duration).sort((a, b) => a - b);
  done(all.length + " moves, median " + all[all.length >> 1].toFixed(1) + " ms, slowest " + all.at(-1).toFixed(1) + " ms");
})))`)
	p.must(err, "measure the keys")
	t.Log(seen)
	var moves int
	if _, err := fmt.Sscan(seen.(string), &moves); err != nil || moves < 10 {
		t.Errorf("measured: %v (%v)", seen, err)
	}
}
