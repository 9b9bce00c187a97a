package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
)

// Somebody on a sofa: a screen three metres away, a remote control, a card, and
// nothing else. What is done here is done with the keyboard.

// maxPresses is how many times an arrow is pressed on the way to something.
const maxPresses = 40

// inTheMorning moves the clock to half past nine in Japan, when the longest
// greeting is said.
func (w *World) inTheMorning() {
	now := w.Clock().Now().In(jpki.JST)
	day := time.Date(now.Year(), now.Month(), now.Day()+1, 9, 30, 0, 0, jpki.JST)
	w.Advances(day.Sub(now))
}

// seat puts somebody before a set of a size, at its home screen, with the sounds
// turned off.
func (w *World) seat(t *testing.T, id string, lang ui.Lang, size playwright.Size) *Person {
	t.Helper()
	p := w.stranger(t, id, lang)
	p.Persona = w.persona(id)
	if wantsTraces() { // a copy of the page at each key would take longer than the keys
		p.must(p.context.Tracing().Stop(), "end the trace")
		p.must(p.context.Tracing().Start(), "start a trace without copies of the pages")
	}
	p.resizes(size.Width, size.Height)
	p.Goes("catv", "/")
	p.isShown("tile-signin")
	p.keys("F3")
	p.must(p.expect(p.found("key-yellow")).ToHaveAttribute("aria-pressed", "false"), "turn the sounds off")
	return p
}

// look says what is wrong with the page of a set: something must have a focus
// that can be seen, everything must be in the picture and within reach of the
// arrow keys, and nothing may be scrolled.
const look = `async () => {
  while (document.readyState !== "complete" || !window.TV) await new Promise((r) => setTimeout(r, 5));
  const out = [], w = innerWidth, h = innerHeight;
  const name = (e) => e.tagName.toLowerCase() + "." + (e.dataset.testid || e.className.baseVal || e.className || e.textContent.trim().slice(0, 20));
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  if (at === document.body) out.push("nothing has the focus");
  else if (!at.matches(":focus-visible") || style.outlineStyle === "none" || parseFloat(style.outlineWidth) < h / 360) out.push("the focus is not seen on " + name(at));
  if (box.left < 0 || box.top < 0 || box.right > w || box.bottom > h) out.push("the focus is out of the picture: " + name(at));
  for (const e of [document.documentElement, document.body]) {
    if (e.scrollTop || e.scrollLeft || e.scrollHeight > h + 1 || e.scrollWidth > w + 1) out.push("the page is scrolled, or larger than the screen: " + [e.scrollWidth, e.scrollHeight]);
  }
  for (const e of TV.unreachable()) out.push("arrows do not reach " + name(e));
  return out.concat(%s).join("; ");
}`

// cut lists what the edge of the screen, or of a box that does not scroll, cuts
// off. A set may cut a twentieth off its picture.
const cut = `(() => {
  const tv = document.body.classList.contains("face-tv"), w = innerWidth, h = innerHeight, out = [];
  const x = tv ? w * 0.049 : 0, y = tv ? h * 0.049 : 0;
  const told = (e, b) => e.tagName + "." + (e.className.baseVal || e.className) + " " + [b.left, b.top, b.right, b.bottom].map(Math.round);
  for (const e of document.querySelectorAll("main *, .set-keys *")) {
    if (!e.checkVisibility() || e.classList.contains("sr-only") || e.closest("svg *, .tv-tray form, .document, .tray, .remote, .remote-toggle")) continue;
    const b = e.getBoundingClientRect();
    if (b.width === 0) continue;
    let around = e.parentElement, scrolls = false, frame = null;
    for (; around && around.tagName !== "BODY"; around = around.parentElement) {
      const s = getComputedStyle(around);
      if (/(auto|scroll)/.test(s.overflowY)) { scrolls = true; break; }
      if (s.overflowY === "hidden" && !frame) frame = around;
    }
    if (scrolls) continue;
    if (b.left < x - 1 || b.right > w - x + 1 || tv && (b.top < y - 1 || b.bottom > h - y + 1)) { out.push(told(e, b) + " is cut off"); continue; }
    if (!tv || e.closest(".clip")) continue;
    const f = frame && frame.getBoundingClientRect();
    if (f && !e.matches(":focus, :focus *") && !frame.matches(":focus, :focus *, .tile.channel") && (b.bottom > f.bottom + 2 || b.right > f.right + 2)) out.push(told(e, b) + " is cut off by " + told(frame, f));
    if (getComputedStyle(e).textOverflow === "ellipsis" && e.scrollWidth > e.clientWidth + 1) out.push(told(e, b) + " is shortened: " + e.textContent.trim());
  }
  return out;
})()`

// isShown waits for a page by an element that only it has, and looks it over.
func (p *Person) isShown(testID string) {
	p.t.Helper()
	p.Sees(testID)
	p.looksOver(testID)
}

// looksOver looks the page over, as it stands.
func (p *Person) looksOver(name string) {
	p.t.Helper()
	wrong, err := p.asks(fmt.Sprintf(look, cut))
	p.must(err, "look over the page of %q", name)
	if wrong != "" {
		size := p.page.ViewportSize()
		p.t.Errorf("%s, %s, %dx%d: %v", name, p.lang, size.Width, size.Height, wrong)
	}
}

// photographs takes a picture of the set as it stands, and looks for barriers.
func (p *Person) photographs(name string) {
	p.t.Helper()
	p.snaps(name)
	p.FindsNoBarrier()
}

// snaps takes a picture of the set as it stands into e2e/out/tv (make
// screenshots).
func (p *Person) snaps(name string) {
	p.t.Helper()
	size := p.page.ViewportSize()
	path := filepath.Join(makeOut(p.t, "tv"), fmt.Sprintf("%s-%s-%dx%d.png", name, p.lang, size.Width, size.Height))
	p.keepsPicture(path, false)
}

// where is what somebody sees who looks for a thing: the box of what has the
// focus, and that of the thing. Moved changes with each key that did something.
type where struct {
	There    bool
	Now, To  struct{ Left, Top, Right, Bottom float64 }
	Moved    string
	Together bool
}

const seek = `(selector) => {
  const shown = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
  const now = document.activeElement, to = shown[0];
  const box = (e) => { const b = e.getBoundingClientRect(); return { Left: b.left, Top: b.top, Right: b.right, Bottom: b.bottom }; };
  let scrolled = 0;
  for (let e = now; e; e = e.parentElement) scrolled += e.scrollTop;
  if (!to) return JSON.stringify({ There: false });
  const b = box(now);
  return JSON.stringify({ There: true, Together: now === to, Now: b, To: box(to), Moved: [b.Left, b.Top, b.Right, scrolled].map(Math.round).join(" ") });
}`

// steersTo presses arrow keys until what a selector finds has the focus, going by
// nothing but where the two are on the screen.
func (p *Person) steersTo(selector string) {
	p.t.Helper()
	sideways, stuck, before := false, "", ""
	for range maxPresses {
		at := p.seeks(selector)
		if at.Together {
			return
		}
		if at.Moved == before {
			stuck, sideways = at.Moved, !sideways
		} else if stuck != "" && at.Moved != stuck {
			stuck = ""
		}
		before = at.Moved
		p.keys(at.arrow(&sideways, stuck != ""))
	}
	p.t.Fatalf("%s does not come to %s with %d presses of the arrow keys (%s)", p.who, selector, maxPresses, p.page.URL())
}

func (p *Person) seeks(selector string) (at where) {
	p.t.Helper()
	found, err := p.asks(seek, selector)
	p.must(err, "look for %s", selector)
	p.must(json.Unmarshal([]byte(found.(string)), &at), "understand where %s is", selector)
	if !at.There {
		p.t.Fatalf("%s does not see %s at %s", p.who, selector, p.page.URL())
	}
	return at
}

// arrow chooses a key: along the line that both are on, else up or down first,
// unless that did nothing before.
func (at where) arrow(sideways *bool, stuck bool) string {
	column := at.To.Left < at.Now.Right && at.Now.Left < at.To.Right
	row := at.To.Top < at.Now.Bottom && at.Now.Top < at.To.Bottom
	if !stuck {
		*sideways = row && !column
	}
	if *sideways {
		if at.To.Left+at.To.Right < at.Now.Left+at.Now.Right {
			return "ArrowLeft"
		}
		return "ArrowRight"
	}
	if at.To.Top+at.To.Bottom < at.Now.Top+at.Now.Bottom {
		return "ArrowUp"
	}
	return "ArrowDown"
}

// opens goes to the thing with a test id, presses 決定 on it, and comes to the page
// that has another.
func (p *Person) opens(testID, page string) {
	p.t.Helper()
	p.opensThe(`[data-testid="`+testID+`"]`, page)
}

func (p *Person) opensThe(selector, page string) {
	p.t.Helper()
	p.steersTo(selector)
	p.keys("Enter")
	p.isShown(page)
}

// goesBack presses 戻る and comes to the page that has a test id.
func (p *Person) goesBack(page string) {
	p.t.Helper()
	p.keys("Escape")
	p.isShown(page)
}

// enters types the PIN at the set, and comes to the page that has a test id.
func (p *Person) enters(pin, page string) {
	p.t.Helper()
	p.digits(pin)
	p.keys("Enter")
	p.isShown(page)
}

// digits presses the digits of a number.
func (p *Person) digits(number string) {
	p.t.Helper()
	p.must(p.page.Keyboard().Type(number), "press %d digits", len(number))
}

// laysTheCardOf chooses somebody's card of those beside the set, and comes to what
// has a test id.
func (p *Person) laysTheCardOf(id, page string) {
	p.t.Helper()
	p.isShown("tray")
	p.opensThe(`[data-testid="tray-card"][data-card="card-`+id+`"]`, page)
}

// takesTheCard takes it off the set's reader, as a hand would: on the reader's
// page, beside the set.
func (p *Person) takesTheCard() {
	p.t.Helper()
	p.withAHand(func() {
		p.Goes("card", "/reader")
		p.must(p.found("take-away").Press("Enter"), "take the card")
		p.Sees("reader-empty")
	})
}

// laysWithAHand lays somebody's card on the set's reader, in place of what lies
// there.
func (p *Person) laysWithAHand(id string) {
	p.t.Helper()
	p.withAHand(func() { p.Lays(id) })
}

// withAHand does something at the reader, and looks at the set again. The tab
// stays open until the evening's end.
func (p *Person) withAHand(act func()) {
	p.t.Helper()
	set := p.page
	if p.hand == nil {
		tab, err := p.context.NewPage()
		p.must(err, "reach out")
		p.hand = tab
	}
	p.page = p.hand
	act()
	p.page = set
}
