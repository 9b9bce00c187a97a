package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/mxschmitt/playwright-go"

	"example.jp/jpkimock/internal/ui"
)

// At the card desk a card is laid down by drag, by click and by keys; what is said to it shows
// by itself; and its keys are gone when somebody tries to read them.
func TestTheCardDesk(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	p := w.stranger(t, "engineer", ui.Japanese)
	p.resizes(projector.Width, projector.Height) // nothing scrolls while a card is dragged
	p.Goes("card", "/")
	p.Follows("カードデスク", "Card desk")
	p.drags(p.page.Locator("[data-card=card-hanako]").First(), p.found("slot-home"))
	p.Sees("laid-home")
	p.must(p.page.Locator("#choose-card-taro").Focus(), "go to a card")
	p.keys(" ")
	p.must(p.found("lay-tv").Focus(), "go to a reader")
	p.keys("Enter")
	p.Sees("laid-tv")
	p.drags(p.found("laid-tv"), p.page.Locator("#wallet"))
	p.Sees("lay-tv")
	p.must(p.expect(p.found("laid-tv")).ToHaveCount(0), "see it leave")
	p.Clicks("open-home")
	p.IsTold("まだ何もありません", "Nothing yet")
	w.authenticates("card-hanako", "1234")
	p.Reads("apdus", "COMPUTE DIGITAL SIGNATURE 利用者証明用秘密鍵", "COMPUTE DIGITAL SIGNATURE with user authentication key")
	p.Clicks("send")
	p.Reads("apdus", "VERIFY（残り回数の照会） 利用者証明用暗証番号（0018）：　残り3回", "3 tries left")
	p.Clicks("faults-toggle")
	p.Pictures("card-desk")

	english := w.stranger(t, "engineer", ui.English)
	english.Goes("card", "/desk?reader=home")
	english.Clicks("faults-toggle")
	english.Pictures("card-desk")
	english.Clicks("to-look")
	english.Pictures("card-look")
	english.Clicks("to-desk")
	english.Clicks("to-tamper")
	english.Pictures("card-tamper")
	p.Clicks("to-look")
	p.Types("face-pin", "1234")
	p.Clicks("read-holder")
	p.Reads("holder", "青＊　花＊", "青＊　花＊")
	p.Pictures("card-look")
	p.Clicks("to-desk")
	p.Clicks("to-tamper")
	p.Pictures("card-tamper")
	p.Clicks("tamper")
	p.Reads("destroyed", "窓口で再交付を受けてください", "Get a new card")
	p.Pictures("card-tampered")
	english.Clicks("tamper")
	english.Reads("destroyed", "窓口で再交付を受けてください", "Get a new card")
	p.Clicks("to-counter")
}

// drags moves something with the mouse, on a page that is whole.
func (p *Person) drags(what, to playwright.Locator) {
	p.t.Helper()
	p.must(p.page.WaitForLoadState(), "wait for the whole page")
	p.must(what.DragTo(to), "drag")
}

// authenticates has a script use a card.
func (w *World) authenticates(card, pin string) {
	w.t.Helper()
	body := `{"card":"` + card + `","pin":"` + pin + `","origin":"` + w.URL("bank") + `","nonce":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}`
	r, err := http.Post(w.URL("card")+"/v1/authenticate", "application/json", strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusOK {
		w.t.Fatalf("the card house answers %s", r.Status)
	}
}
