package agent_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/agent"
)

// registered changes a town whose agent reads a register of verifiers: the bank is
// accredited, the shop was, and nothing is known of the others.
func (w *town) registered(household ...virtualcard.CardID) (asked *atomic.Int32, silent *atomic.Bool) {
	w.t.Helper()
	asked, silent = new(atomic.Int32), new(atomic.Bool)
	register := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if silent.Load() || r.URL.Path != "/register/v1/verifiers" {
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = rw.Write([]byte(`{"verifiers":[{"id":"mihon-bank","name":"みほん銀行","state":"accredited","kinds":[]},{"id":"shop","name":"よそのお店","state":"withdrawn"}]}`))
	}))
	w.t.Cleanup(register.Close)
	w.url = webtest.Serve(w.t, func(string) http.Handler {
		handler, err := agent.New(agent.Config{
			Cabinet: w.cabinet, Now: w.Now, PublicURL: "http://localhost:8082", CardWait: 50 * time.Millisecond,
			Register: register.URL, Household: household,
			Sites: []agent.Site{
				{Origin: bank, Verifier: "mihon-bank", NameEN: "Mihon Bank"},
				{Origin: "http://localhost:8084", Verifier: "nobody"}, {Origin: "https://shop.example", Verifier: "shop"},
			},
		})
		w.do(err)
		return handler
	})
	return asked, silent
}

func askOf(origin string) string { return strings.Replace(authAsk, bank, origin, 1) }

// The window says who asks by the name in the register of verifiers; a site that is
// not in it stays an address, with a warning.
func TestWhoAsks(t *testing.T) {
	w := newTown(t)
	w.registered()
	b := w.browser()
	b.get("/reader?card=card-hanako")
	known := b.asked(authAsk)
	b.get(known).shows(t, `data-testid="asking-name"`, ">みほん銀行<", "認定検証者の名簿に登録されています", `data-testid="asking-origin" translate="no">`+bank+"<")
	b.get(known+"?lang=en").shows(t, `<span lang="ja">みほん銀行</span>`, "Mihon Bank", "Registered as an accredited verifier")
	b.get("/?lang=ja")
	for origin, says := range map[string]string{
		"http://localhost:8085": "名簿で確認できないサイトです", "http://localhost:8084": "名簿で確認できないサイトです",
		"https://shop.example": "認定は、停止または取り消されています",
	} {
		page := b.get(b.asked(askOf(origin)))
		page.shows(t, `class="asker-origin" data-testid="asking-origin" translate="no">`+origin+"<", `data-testid="asking-unknown"`, says)
		if strings.Contains(page.Body, "asking-name") || strings.Contains(page.Body, "asking-registered") {
			t.Errorf("%s is shown by a name: %s", origin, page.Body)
		}
	}
	for _, face := range []string{"kiosk", "tv"} {
		b.get(b.takenOver(face, authForm())).shows(t, ">みほん銀行<", "名簿に登録されています", bank)
	}
	b.types(known, "1234").shows(t, ">みほん銀行<")
}

// What the register said last is believed while it is silent, and it is asked again
// after a minute, or soon if it does not answer.
func TestASilentRegister(t *testing.T) {
	w := newTown(t)
	asked, silent := w.registered()
	silent.Store(true)
	b := w.browser()
	page := b.asked(authAsk)
	name := func() bool { return strings.Contains(b.get(page).Body, "みほん銀行") }
	first, second := name(), name()
	if first || second || asked.Load() != 1 {
		t.Errorf("a name is shown, or the register was asked %d times", asked.Load())
	}
	silent.Store(false)
	w.pass(5 * time.Second)
	if !name() || asked.Load() != 2 {
		t.Errorf("no name is shown, or the register was asked %d times", asked.Load())
	}
	w.pass(time.Minute - time.Second)
	if !name() || asked.Load() != 2 {
		t.Errorf("within a minute the register was asked %d times", asked.Load())
	}
	silent.Store(true)
	w.pass(time.Second)
	first, second = name(), name()
	if !first || !second || asked.Load() != 3 {
		t.Errorf("the name is forgotten, or the register was asked %d times", asked.Load())
	}
}

// After a card is placed the reader offers the sites that wait for it, or those
// where it can be used.
func TestWhereToGoWithACard(t *testing.T) {
	w := newTown(t)
	w.registered()
	b := w.browser()
	b.get("/reader").shows(t, `data-testid="reader-empty"`)
	placed := b.get("/reader?card=card-hanako")
	placed.shows(t, `data-testid="sites"`, `href="`+bank+`/"`, "みほん銀行へ進む")
	if strings.Contains(placed.Body, "よそのお店") || strings.Contains(placed.Body, "shop.example") {
		t.Errorf("a site without accreditation is offered: %s", placed.Body)
	}
	b.asked(authAsk)
	set := b.takenOver("tv", authForm())
	waits := b.get("/reader")
	waits.shows(t, `data-testid="waiting"`, "みほん銀行", "ウィンドウに戻ってください", `href="`+set+`"`)
	if strings.Contains(waits.Body, `data-testid="sites"`) {
		t.Error("sites are offered beside those that wait")
	}
	if other := w.browser().get("/reader?card=card-naoko"); strings.Contains(other.Body, `data-testid="waiting"`) {
		t.Error("another browser is shown what waits")
	}
	w.pass(5 * time.Minute)
	b.get("/reader").shows(t, `data-testid="sites"`)
}

// The tray has the household's cards first, then the others by the reading of their
// names; cards without a reading come last.
func TestTheOrderOfTheTray(t *testing.T) {
	w := newTown(t)
	for id, kana := range map[virtualcard.CardID]string{hanako: "アオバ　ハナコ", haruto: "アオバ　ハルト", naoko: "ミヤモト　ナオコ", minoru: "アキヤマ　ミノル"} {
		if id != minoru {
			w.do(w.cabinet.Personalize(t.Context(), id, virtualcard.Personalization{Face: virtualcard.Face{Name: kana, Kana: kana}}))
		}
	}
	w.registered(makoto, naoko)
	b := w.browser()
	for _, page := range []string{"/reader", b.asked(authAsk), b.takenOver("tv", authForm())} {
		var got []string
		for _, m := range regexp.MustCompile(`data-testid="tray-card" data-card="([^"]*)"`).FindAllStringSubmatch(b.get(page).Body, -1) {
			got = append(got, m[1])
		}
		if want := []string{"card-makoto", "card-naoko", "card-hanako", "card-haruto", "card-minoru", "card-transit"}; !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", page, got, want)
		}
	}
}

// At the set the card can be taken away by the arrow keys, also while a PIN is
// asked for.
func TestTheCardIsTakenAtTheSet(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.takenOver("tv", authForm())
	b.get(page).shows(t, `form="take-away" name="card" value="" data-testid="take-away"`, `id="take-away" method="post" action="`+page+`/reader"`, `data-tv-key="green"`)
	b.post(page+"/reader", "card", "").shows(t, `data-code="no_card"`)
	b.get("/reader").shows(t, `data-testid="reader-empty"`)
}
