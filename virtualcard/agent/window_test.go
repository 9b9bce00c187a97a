package agent_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	authAsk = `{"origin":"` + bank + `","request":{"action":"authenticate","nonce":"` + nonce + `"}}`
	text    = "\n口座開設申込書\n\n氏名　青葉　花子\n<b>目的</b>　生活費の管理\n"
)

func signAsk() string {
	return `{"origin":"` + bank + `","request":{"action":"sign","document":{"name":"口座開設申込書.txt","mediaType":"text/plain; charset=utf-8","content":"` + b64(text) + `"}}}`
}

// answer takes the answer as the final page's script does.
func (b *browser) answer(page string) answered { return b.fetch(page+"/answer", "") }

func TestHanakoAuthenticatesInTheWindow(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/window?lang=ja").shows(t, "元のページからの依頼を待っています", "/assets/window.js", "face-bare")
	page := b.asked(authAsk)
	b.get(page).shows(t, `data-testid="asking-origin"`, ">"+bank+"<", `data-code="no_card"`, "カードリーダーにカードがありません", `data-card="card-hanako"`, `data-testid="cancel"`)
	laid := b.post(page+"/reader", "card", string(hanako))
	laid.shows(t, `data-testid="reader-card" data-card="card-hanako"`, "青葉　花子", `data-testid="pin-input"`, `inputmode="numeric"`, `autocomplete="off"`, "残り3回", `data-tries="3"`, "data-pin-pad")
	done := b.types(page, "1234")
	done.shows(t, `data-testid="result"`, `data-code="ok"`, "本人であることを証明しました", bank)
	if done.URL.RawQuery != "" || strings.Contains(done.Body, "1234") {
		t.Errorf("the PIN stands in the page or its address: %s\n%s", done.URL, done.Body)
	}
	a := b.answer(page)
	token, _ := a.Member("answer").(map[string]any)["token"].(map[string]any)
	if a.Status != http.StatusOK || a.Member("origin") != bank || token["format"] != "web-eid:1.0" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if a := b.answer(page); a.Status != http.StatusGone || a.Member("code") != "taken" {
		t.Errorf("a second time it answered %d %s", a.Status, a.Body)
	}
	if again := b.post(page+"/pin", "turn", "1", "pin", "9999"); w.tries(hanako)[1] != 3 || !strings.Contains(again.Body, `data-code="ok"`) {
		t.Errorf("a finished request still asks the card: %v", w.tries(hanako))
	}
}

func TestHanakoReadsBeforeSheSigns(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako").shows(t, `data-testid="laid"`, "青葉　花子")
	page := b.asked(signAsk())
	b.get(page).shows(t, `data-testid="document-text"`, "\n口座開設申込書\n\n氏名　青葉　花子\n&lt;b&gt;目的&lt;/b&gt;　生活費の管理\n", "口座開設申込書.txt", "残り5回", `maxlength="16"`, `type="password"`)
	b.get(page+"?lang=en").shows(t, "Document to sign", "5 tries left", "Sign a document")
	b.types(page, "hａnako１23").shows(t, `data-code="ok"`, "Signed") // small and full-width letters are what a Japanese keyboard gives
	a := b.answer(page)
	cms, err := base64.StdEncoding.DecodeString(a.Member("answer").(map[string]any)["cms"].(string))
	if err != nil || len(cms) < 500 {
		t.Errorf("answered %d %s, %v", a.Status, a.Body, err)
	}
}

func TestWrongPINUntilBlocked(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	b.types(page, "12").shows(t, `data-code="bad_pin_format"`, "数字4桁で入力してください", `data-tries="3"`)
	b.types(page, "0000").shows(t, `data-code="wrong_pin"`, "利用者証明用暗証番号が違います", "あと2回間違えるとロック", `data-tries="2"`, `aria-invalid="true"`)
	b.types(page, "0001").shows(t, "あと1回間違えるとロックされ", "last-try", `data-tries="1"`)
	blocked := b.types(page, "0002")
	blocked.shows(t, `data-code="pin_blocked"`, "利用者証明用暗証番号がロックされています", "市区町村の窓口", "中止して元のページに戻る", "別のカードに替える")
	if strings.Contains(blocked.Body, `data-testid="pin-input"`) {
		t.Error("a blocked PIN can still be typed")
	}
	b.post(page+"/cancel").shows(t, `data-testid="result"`, `data-code="pin_blocked"`)
	e, _ := b.answer(page).Member("answer").(map[string]any)["error"].(map[string]any)
	if e["code"] != "pin_blocked" || e["triesLeft"] != 0.0 || !strings.Contains(e["message"].(string), "ロック") {
		t.Errorf("the page is told %v", e)
	}
	if got := w.tries(hanako); got != [2]int{5, 0} {
		t.Errorf("tries left %v", got)
	}
}

func TestWrongPINThenRight(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	b.types(page, "0000").shows(t, `data-code="wrong_pin"`)
	b.types(page, "1234").shows(t, `data-code="ok"`)
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v", got)
	}
}

func TestTheLastTryIsWarnedOfBeforehand(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-naoko")
	b.get(b.asked(authAsk)).shows(t, `data-testid="last-try"`, "あと1回です", `data-tries="1"`, `role="alert"`)
	b.get(b.asked(signAsk())+"?lang=en").shows(t, "You have one try left", "1 try left")
}

func TestCardsThatCannotDoIt(t *testing.T) {
	for _, c := range []struct {
		card, operation, code, says, en string
	}{
		{"card-haruto", signAsk(), "no_certificate", "このカードには署名用電子証明書がありません", "This card has no digital signature certificate"},
		{"card-makoto", authAsk, "pin_blocked", "利用者証明用暗証番号がロックされています", "The user authentication PIN is blocked"},
		{"card-makoto", signAsk(), "pin_blocked", "署名用パスワードがロックされています", "The signature password is blocked"},
		{"card-transit", authAsk, "not_jpki", "公的個人認証サービスに対応したカードではありません", "no JPKI application"},
		{"card-minoru", authAsk, "dead_card", "カードのICチップが応答しません", "The card&#39;s chip does not answer"},
	} {
		t.Run(c.card+" "+c.code, func(t *testing.T) {
			w := newTown(t)
			b := w.browser()
			b.get("/reader?card=" + c.card)
			page := b.asked(c.operation)
			shown := b.get(page)
			shown.shows(t, `data-code="`+c.code+`"`, c.says, "別のカードに替える", `data-testid="cancel"`)
			if strings.Contains(shown.Body, "pin-input") {
				t.Error("a PIN is asked for nothing")
			}
			b.get(page+"?lang=en").shows(t, c.en)
			b.post(page+"/cancel").shows(t, `data-code="`+c.code+`"`)
			if e := b.answer(page).Member("answer").(map[string]any)["error"].(map[string]any); e["code"] != c.code || !strings.Contains(e["message"].(string), ". ") {
				t.Errorf("the page is told %v", e)
			}
		})
	}
}

func TestAnotherCardIsLaidInTheMiddle(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-makoto")
	page := b.asked(signAsk())
	b.get(page).shows(t, `data-code="pin_blocked"`)
	b.post(page+"/reader", "card", "card-hanako").shows(t, `data-card="card-hanako"`, "残り5回")
	b.types(page, "WRONG000").shows(t, `data-code="wrong_pin"`)
	if naoko := b.post(page+"/reader", "card", "card-naoko"); strings.Contains(naoko.Body, "wrong_pin") {
		t.Error("another card's mistake stands beside this one")
	}
	b.post(page+"/reader", "card", "").shows(t, `data-code="no_card"`, "カードリーダーにカードがありません")
	if a := b.post(page+"/reader", "card", "card-nobody"); a.Status != http.StatusNotFound {
		t.Errorf("a card that there is not was answered %d", a.Status)
	}
}

func TestTheCardIsTakenAwayBeforeThePIN(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	b.get(page)
	b.post("/reader", "card", "").shows(t, `data-testid="reader-empty"`)
	b.post(page+"/pin", "turn", "0", "pin", "9999").shows(t, `data-code="no_card"`)
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v", got)
	}
}

func TestACardInAnotherReader(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	conn, err := w.cabinet.Connect(t.Context(), hanako)
	w.do(err)
	b.get(page).shows(t, `data-code="card_busy"`, "ほかのソフトで使用中", "もう一度試す")
	b.post(page+"/pin", "turn", "0", "pin", "9999").shows(t, `data-code="card_busy"`)
	w.do(conn.Close())
	b.types(page, "1234").shows(t, `data-code="ok"`)
}

func TestARequestLivesFiveMinutes(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	first, second := b.asked(authAsk), b.asked(signAsk())
	w.pass(5*time.Minute - time.Second)
	b.types(first, "0000").shows(t, `data-code="wrong_pin"`)
	w.pass(time.Second)
	b.post(first+"/pin", "turn", "1", "pin", "9999").shows(t, `data-code="expired"`, "受付時間が過ぎました")
	if a := b.get(second); !strings.Contains(a.Body, `data-code="expired"`) || strings.Contains(a.Body, "生活費の管理") {
		t.Errorf("an expired request shows %s", a.Body)
	}
	if got := w.tries(hanako); got != [2]int{5, 2} {
		t.Errorf("tries left %v", got)
	}
	if e := b.answer(second).Member("answer").(map[string]any)["error"].(map[string]any); e["code"] != "expired" {
		t.Errorf("the page is told %v", e)
	}
}

func TestACancelledRequest(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	if a := b.answer(page); a.Status != http.StatusConflict || a.Member("code") != "unfinished" {
		t.Errorf("before the end it answered %d %s", a.Status, a.Body)
	}
	b.post(page+"/cancel").shows(t, `data-code="cancelled"`, "手続を中止しました")
	b.post(page+"/pin", "turn", "0", "pin", "1234").shows(t, `data-code="cancelled"`)
	if e := b.answer(page).Member("answer").(map[string]any)["error"].(map[string]any); e["code"] != "cancelled" {
		t.Errorf("the page is told %v", e)
	}
}

// A form sent twice, by a double click or the back button, spends one try.
func TestAStaleFormSpendsNothing(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	for range 3 {
		b.post(page+"/pin", "turn", "0", "pin", "9999")
	}
	if got := w.tries(hanako); got != [2]int{5, 2} {
		t.Errorf("tries left %v", got)
	}
}

func TestARequestIsItsBrowsersOwn(t *testing.T) {
	w := newTown(t)
	b, thief := w.browser(), w.browser()
	b.get("/reader?card=card-hanako")
	thief.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	for _, a := range []answered{
		thief.get(page), thief.post(page+"/pin", "turn", "0", "pin", "9999"), thief.post(page + "/cancel"),
		thief.post(page+"/reader", "card", "card-naoko"), thief.answer(page), w.browser().get(page), b.get("/window/requests/NOSUCH"),
	} {
		if a.Status != http.StatusNotFound || strings.Contains(a.Body, bank) {
			t.Errorf("another browser was answered %d %s", a.Status, a.Body)
		}
	}
	b.types(page, "1234").shows(t, `data-code="ok"`)
	if a := thief.answer(page); a.Status != http.StatusNotFound {
		t.Errorf("the answer went to another browser: %d %s", a.Status, a.Body)
	}
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v", got)
	}
}

func TestTheWindowRefusesWhatItCannotShow(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	sign := func(document string) string {
		return `{"origin":"` + bank + `","request":{"action":"sign","document":` + document + `}}`
	}
	for _, c := range []struct {
		name, body string
		status     int
		code       string
	}{
		{"nothing", ``, 400, "malformed"},
		{"no request", `{"origin":"` + bank + `"}`, 400, "malformed"},
		{"a request that is null", `{"origin":"` + bank + `","request":null}`, 400, "malformed"},
		{"a request that is a text", `{"origin":"` + bank + `","request":"sign"}`, 400, "malformed"},
		{"another action", `{"origin":"` + bank + `","request":{"action":"decrypt","nonce":"` + nonce + `"}}`, 400, "malformed"},
		{"the origin of a file", strings.Replace(authAsk, bank, "null", 1), 400, "malformed"},
		{"the origin of an extension", strings.Replace(authAsk, bank, "chrome-extension://abc", 1), 400, "malformed"},
		{"both actions", `{"origin":"` + bank + `","request":{"action":"authenticate","nonce":"` + nonce + `","document":{"name":"a","mediaType":"text/plain","content":"YQ=="}}}`, 400, "malformed"},
		{"a nonce with a document", `{"origin":"` + bank + `","request":{"action":"sign","nonce":"` + nonce + `","document":{"name":"a","mediaType":"text/plain","content":"YQ=="}}}`, 400, "malformed"},
		{"a hash to sign", `{"origin":"` + bank + `","request":{"action":"sign","hash":"YQ=="}}`, 400, "malformed"},
		{"no document", sign("null"), 400, "malformed"},
		{"a picture", sign(`{"name":"a.png","mediaType":"image/png","content":"YQ=="}`), 415, "unsupported_document"},
		{"hidden text", sign(`{"name":"a.txt","mediaType":"text/plain","content":"` + b64("a\u202eb") + `"}`), 415, "unsupported_document"},
		{"too large", sign(`{"name":"a.txt","mediaType":"text/plain","content":"` + b64(strings.Repeat("a", 256<<10+1)) + `"}`), 413, "too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := b.fetch("/window/requests", c.body)
			if a.Status != c.status || a.Member("code") != c.code || a.Member("message") == nil {
				t.Errorf("answered %d %s", a.Status, a.Body)
			}
		})
	}
	if a := b.request("POST", "/window/requests", "text/plain", authAsk); a.Status != http.StatusUnsupportedMediaType {
		t.Errorf("plain text was answered %d", a.Status)
	}
	if a := b.fetch("/window/requests", authAsk); a.Status != http.StatusCreated {
		t.Errorf("a good one was answered %d %s", a.Status, a.Body)
	}
}

func TestForeignPagesMoveNothing(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	form := "application/x-www-form-urlencoded"
	for _, c := range [][3]string{
		{"/window/requests", "application/json", authAsk},
		{page + "/pin", form, "turn=0&pin=9999"},
		{page + "/cancel", form, ""},
		{page + "/answer", form, ""},
		{page + "/reader", form, "card="},
		{"/reader", form, "card="},
	} {
		a := b.request("POST", c[0], c[1], c[2], "Origin", "http://evil.example", "Sec-Fetch-Site", "cross-site")
		if a.Status != http.StatusForbidden {
			t.Errorf("%s from a foreign page was answered %d", c[0], a.Status)
		}
	}
	if a := b.get("/reader?card=card-naoko", "Sec-Fetch-Dest", "image"); a.Status != http.StatusForbidden {
		t.Errorf("an image of another page was answered %d", a.Status)
	}
	b.get(page).shows(t, `data-card="card-hanako"`, `data-tries="3"`)
}

func TestHostileFormsChangeNothing(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	for name, c := range map[string]struct {
		query, body string
		status      int
	}{
		"no turn":              {"", "pin=9999", 400},
		"a turn that is none":  {"", "turn=x&pin=9999", 400},
		"a broken form":        {"", "turn=0&pin=%zz", 400},
		"a PIN in the address": {"?turn=0&pin=9999", "", 400},
		"oversized":            {"", "turn=0&pin=" + strings.Repeat("9", 20<<10), 413},
	} {
		if a := b.request("POST", page+"/pin"+c.query, "application/x-www-form-urlencoded", c.body); a.Status != c.status {
			t.Errorf("%s: answered %d", name, a.Status)
		}
	}
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v", got)
	}
	for _, pin := range []string{"9999"} {
		if strings.Contains(w.log.String(), pin) {
			t.Errorf("the log has a PIN: %s", w.log)
		}
	}
}

func TestEveryPageIsPrivateAndUnframed(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	for _, path := range []string{"/", "/reader", "/window", b.asked(authAsk), "/window/requests/NOSUCH"} {
		a := b.get(path)
		if a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %v", path, a.Header)
		}
	}
}

func TestTheReaderKeepsItsCardAcrossYears(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	w.pass(6 * 365 * 24 * time.Hour)
	b.get("/reader").shows(t, `data-testid="reader-card" data-card="card-hanako"`)
	if a := b.get("/reader?card=card-nobody"); a.Status != http.StatusNotFound || !strings.Contains(a.Body, "そのカードはありません") {
		t.Errorf("a card that there is not was answered %d", a.Status)
	}
	b.get("/").shows(t, `data-card="card-hanako"`)
}

func TestAFullTrayIsSearched(t *testing.T) {
	w := newTown(t)
	for i := range 70 {
		w.issueBlank("card-more-" + strings.Repeat("x", i%7+1) + string(rune('a'+i%26)) + string(rune('a'+i/26)))
	}
	b := w.browser()
	b.get("/reader").shows(t, "氏名でさがす", "ほかにもカードがあります")
	found := b.get("/reader?q=" + "直子")
	found.shows(t, `data-card="card-naoko"`)
	if strings.Contains(found.Body, `data-card="card-hanako"`) {
		t.Error("the search found somebody else")
	}
	b.get("/reader?q=nobody").shows(t, "この氏名のカードはありません")
}
