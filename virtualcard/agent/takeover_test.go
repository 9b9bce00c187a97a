package agent_test

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

const back = bank + "/signin/card?state=a%26b&x=1"

// pairs makes a form of names and values.
func pairs(all ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(all); i += 2 {
		v.Add(all[i], all[i+1])
	}
	return v
}

func authForm(change ...string) url.Values {
	return changed(pairs("action", "authenticate", "nonce", nonce, "return", back), change)
}

func signForm(change ...string) url.Values {
	return changed(pairs("action", "sign", "documentName", "口座開設申込書.txt", "mediaType", "text/plain; charset=utf-8", "document", b64(text), "return", back), change)
}

// changed sets fields; an empty value takes the field out.
func changed(v url.Values, change []string) url.Values {
	for i := 0; i < len(change); i += 2 {
		v.Del(change[i])
		if change[i+1] != "" {
			v.Set(change[i], change[i+1])
		}
	}
	return v
}

// handsOver posts a form as a page of origin does.
func (b *browser) handsOver(face, origin string, v url.Values, headers ...string) answered {
	b.w.t.Helper()
	return b.request(http.MethodPost, "/"+face+"/requests", "application/x-www-form-urlencoded", v.Encode(),
		append([]string{"Origin", origin, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "document"}, headers...)...)
}

// takenOver opens a request at a face and gives its page's path.
func (b *browser) takenOver(face string, v url.Values) string {
	b.w.t.Helper()
	a := b.handsOver(face, bank, v)
	if a.Status != http.StatusOK || !strings.HasPrefix(a.URL.Path, "/"+face+"/requests/") {
		b.w.t.Fatalf("the request was answered %d %s at %s", a.Status, a.Body, a.URL)
	}
	return a.URL.Path
}

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]*)" data-handover`)
	hidden     = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// posted gives the form by which a page hands an answer back.
func (a answered) posted(t *testing.T) (action string, fields map[string]string) {
	t.Helper()
	m := formAction.FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("the page (%d) hands nothing back: %s", a.Status, a.Body)
	}
	fields = map[string]string{}
	for _, f := range hidden.FindAllStringSubmatch(a.Body, -1) {
		fields[f[1]] = html.UnescapeString(f[2])
	}
	return html.UnescapeString(m[1]), fields
}

func TestAPatientAtTheReception(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	page := b.takenOver("kiosk", authForm("lang", "ja"))
	b.get(page).shows(t, "face-kiosk", ">"+bank+"<", "カードをここに置いてください", "職員には見えません", "氏名や住所は渡りません", `data-card="card-hanako"`, `data-testid="cancel"`)
	b.post(page+"/reader", "card", string(hanako)).shows(t, `data-testid="reader-card" data-card="card-hanako"`, `data-testid="pin-pad"`, `type="password"`, "あと3回まで入力できます", `aria-current="step"`)
	b.types(page, "0000").shows(t, `data-code="wrong_pin"`, "利用者証明用暗証番号が違います", "あと2回まで入力できます")
	done := b.types(page, "1234")
	done.shows(t, `data-testid="result" data-code="ok"`, "/assets/handover.js", bank)
	to, fields := done.posted(t)
	var token map[string]any
	if err := json.Unmarshal([]byte(fields["token"]), &token); err != nil || token["format"] != "web-eid:1.0" || to != back || len(fields["presence"]) < 26 || len(fields) != 2 {
		t.Errorf("handed back to %s: %v", to, fields)
	}
	if csp := done.Header.Get("Content-Security-Policy"); !strings.HasSuffix(csp, "; form-action "+bank) || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("the page may post by %s", csp)
	}
	if done.Header.Get("Cache-Control") != "no-store" || done.Header.Get("Referrer-Policy") != "strict-origin" || strings.Contains(done.Body, "1234") || done.URL.RawQuery != "" {
		t.Errorf("%s %v", done.URL, done.Header)
	}
	again := b.get(page)
	again.shows(t, "すでに元のサイトに渡してあります", `href="`+bank+`/"`)
	if strings.Contains(again.Body, "web-eid") || strings.Contains(again.Body, "handover.js") {
		t.Error("the answer is given twice")
	}
}

func TestASignatureAtTheCounter(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.takenOver("kiosk", signForm("lang", "en"))
	b.get(page+"?lang=en").shows(t, `data-testid="document-text"`, "&lt;b&gt;目的&lt;/b&gt;", "口座開設申込書.txt", `data-key="Z"`, "You have 5 tries", "states your name, address", "Staff cannot see")
	_, fields := b.types(page, "hanako123").posted(t)
	cms, err := base64.StdEncoding.DecodeString(fields["cms"])
	if err != nil || len(cms) < 500 || len(fields) != 1 {
		t.Errorf("handed back %v, %v", fields, err)
	}
}

func TestHanakoOnTheSofa(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	page := b.takenOver("tv", authForm())
	empty := b.get(page)
	empty.shows(t, "face-tv", "/ui/tv.js", "/ui/tv.css", "カードをリーダーに置いてください", "data-tv-back", `data-card="card-naoko"`)
	if strings.Contains(empty.Body, "pin-input") {
		t.Error("a PIN is asked for before there is a card")
	}
	b.get("/reader?card=card-naoko") // in another tab
	laid := b.get(page)
	laid.shows(t, "カードを読み取りました", `data-card="card-naoko"`, `data-tv-key="7"`, "data-keys-only", "あと1回です", "間違えるとロック")
	if strings.Contains(laid.Body, "宮本") {
		t.Error("a name is on the screen of a room")
	}
	_, fields := b.types(page, "8901").posted(t)
	if fields["token"] == "" || len(fields["presence"]) < 26 || len(fields) != 2 {
		t.Errorf("handed back %v", fields)
	}
}

func TestWhatASetAndATerminalHandBackInsteadOfAnAnswer(t *testing.T) {
	for _, face := range []string{"kiosk", "tv"} {
		for _, c := range []struct {
			name, card, code, message string
			form                      url.Values
		}{
			{"given up", "card-hanako", "cancelled", "手続を中止しました", authForm()},
			{"blocked", "card-makoto", "pin_blocked", "ロックされています", authForm()},
			{"a child's", "card-haruto", "no_certificate", "署名用電子証明書がありません", signForm()},
			{"another kind", "card-transit", "not_jpki", "マイナンバーカードに替えて", authForm()},
			{"broken", "card-minoru", "dead_card", "応答しません", authForm()},
			{"left alone", "card-hanako", "expired", "受付時間が過ぎました", authForm()},
		} {
			t.Run(face+" "+c.name, func(t *testing.T) {
				w := newTown(t)
				b := w.browser()
				b.get("/reader?card=" + c.card)
				page := b.takenOver(face, c.form)
				var last answered
				switch c.name {
				case "given up":
					last = b.post(page + "/cancel")
				case "left alone":
					w.pass(5 * time.Minute)
					last = b.get(page)
				default:
					b.get(page).shows(t, `data-code="`+c.code+`"`, c.message, `data-testid="cancel"`)
					last = b.post(page + "/cancel")
				}
				to, fields := last.posted(t)
				if to != back || fields["error"] != c.code || !strings.Contains(fields["message"], c.message) || len(fields) != 2 {
					t.Errorf("handed back to %s: %v", to, fields)
				}
			})
		}
	}
}

// What is typed for one card never reaches another that was laid on meanwhile.
func TestThePINIsForTheCardThatWasThere(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.takenOver("tv", authForm())
	turn := turnField.FindStringSubmatch(b.get(page).Body)[1]
	b.get("/reader?card=card-naoko")
	b.post(page+"/pin", "turn", turn, "placement", "1", "pin", "9999").shows(t, `data-card="card-naoko"`, `data-tries="1"`)
	if got := w.tries(naoko); got != [2]int{1, 1} {
		t.Errorf("tries left %v", got)
	}
	b.post(page+"/pin", "turn", turn, "placement", "2", "pin", "8901").posted(t)
}

func TestHostilePagesTakeNothingOver(t *testing.T) {
	long := bank + "/" + strings.Repeat("a", 1023-len(bank))
	w := newTown(t)
	for _, c := range []struct {
		name, origin string
		form         url.Values
		status       int
		code         string
		headers      []string
	}{
		{"no Origin", "", authForm(), 403, "no_origin", nil},
		{"the origin of a file", "null", authForm(), 403, "no_origin", nil},
		{"an origin that is none", "HTTP://Bank", authForm(), 400, "malformed", nil},
		{"the origin of an extension", "chrome-extension://abc", authForm(), 400, "malformed", nil},
		{"a foreign origin", "http://evil.example", authForm(), 403, "foreign_return", nil},
		{"return to another origin", bank, authForm("return", "http://evil.example/"), 403, "foreign_return", nil},
		{"return to another port", bank, authForm("return", "http://localhost:8084/"), 403, "foreign_return", nil},
		{"return to another scheme", bank, authForm("return", "https://localhost:8083/"), 403, "foreign_return", nil},
		{"return to the agent", bank, authForm("return", "http://localhost:8082/reader"), 403, "foreign_return", nil},
		{"return to a longer host", bank, authForm("return", bank+".evil.example/"), 400, "malformed", nil},
		{"return with a user", bank, authForm("return", "http://bank@localhost:8083/"), 400, "malformed", nil},
		{"return in another spelling", bank, authForm("return", "http://LOCALHOST:8083/"), 403, "foreign_return", nil},
		{"return by a path", bank, authForm("return", "/signin"), 400, "malformed", nil},
		{"return by two slashes", bank, authForm("return", "//localhost:8083/"), 403, "foreign_return", nil},
		{"return to a script", bank, authForm("return", "javascript:alert(1)//"+bank), 400, "malformed", nil},
		{"return with a backslash", bank, authForm("return", bank+"\\@evil.example/"), 400, "malformed", nil},
		{"return with a fragment", bank, authForm("return", bank+"/#a"), 400, "malformed", nil},
		{"return with a line break", bank, authForm("return", bank+"/\r\nX: y"), 400, "malformed", nil},
		{"no return", bank, authForm("return", ""), 400, "malformed", nil},
		{"a return too long", bank, authForm("return", long+"a"), 400, "malformed", nil},
		{"no action", bank, authForm("action", ""), 400, "malformed", nil},
		{"another action", bank, authForm("action", "decrypt"), 400, "malformed", nil},
		{"both actions", bank, authForm("document", "YQ=="), 400, "malformed", nil},
		{"a nonce with a document", bank, signForm("nonce", nonce), 400, "malformed", nil},
		{"a short nonce", bank, authForm("nonce", nonce[:40]), 400, "malformed", nil},
		{"a greeting", bank, authForm("greeting", "花子"), 400, "malformed", nil},
		{"a PIN", bank, authForm("pin", "9999"), 400, "malformed", nil},
		{"another language", bank, authForm("lang", "fr"), 400, "malformed", nil},
		{"a picture", bank, signForm("mediaType", "image/png"), 415, "unsupported_document", nil},
		{"hidden text", bank, signForm("document", b64("a\u202eb")), 415, "unsupported_document", nil},
		{"a name that turns around", bank, signForm("documentName", "a\u202etxt"), 400, "malformed", nil},
		{"too large", bank, signForm("document", b64(strings.Repeat("a", 256<<10+1))), 413, "too_large", nil},
		{"oversized", bank, signForm("document", strings.Repeat("////", 75<<10)), 413, "too_large", nil},
		{"a field twice", bank, url.Values{"action": {"authenticate"}, "nonce": {nonce}, "return": {back, "http://evil.example/"}}, 400, "malformed", nil},
		{"by a script", bank, authForm(), 403, "not_a_page", []string{"Sec-Fetch-Dest", "empty"}},
		{"in a frame", bank, authForm(), 403, "not_a_page", []string{"Sec-Fetch-Dest", "iframe"}},
		{"as JSON", bank, authForm(), 415, "not_form", []string{"Content-Type", "application/json"}},
		{"as plain text", bank, authForm(), 415, "not_form", []string{"Content-Type", "text/plain"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := w.browser()
			for _, face := range []string{"kiosk", "tv"} {
				a := b.handsOver(face, c.origin, c.form, append([]string{"Accept", "*/*"}, c.headers...)...)
				if a.Status != c.status || a.Member("code") != c.code {
					t.Errorf("%s answered %d %s", face, a.Status, a.Body)
				}
				no := b.handsOver(face, c.origin, c.form, c.headers...)
				if no.Status != c.status || !strings.Contains(no.Body, "face-"+face) || strings.Contains(no.Body, "evil.example/\"") && c.origin != "http://evil.example" {
					t.Errorf("%s shows %d %s", face, no.Status, no.Body)
				}
			}
		})
	}
	if strings.Contains(w.log.String(), "9999") {
		t.Errorf("the log has a PIN: %s", w.log)
	}
	w.browser().takenOver("kiosk", authForm("return", long))
}

// A request is of the browser that brought it, at the face where it was brought.
func TestATakenOverRequestIsItsBrowsersOwn(t *testing.T) {
	w := newTown(t)
	b, thief := w.browser(), w.browser()
	thief.get("/reader?card=card-hanako")
	page := b.takenOver("kiosk", authForm())
	id := page[len("/kiosk/requests/"):]
	b.get("/reader?card=card-hanako")
	for _, a := range []answered{
		thief.get(page), thief.post(page+"/pin", "turn", "0", "pin", "9999"), thief.post(page + "/cancel"), thief.post(page+"/reader", "card", "card-naoko"),
		thief.get(page, "Cookie", "jpkimock_card_ticket=AAAA"), b.get("/tv/requests/" + id), b.get("/window/requests/" + id), b.answer("/window/requests/" + id),
		b.post("/tv/requests/"+id+"/pin", "turn", "0", "pin", "9999"), b.get("/kiosk/requests/NOSUCH"),
	} {
		if a.Status != http.StatusNotFound || strings.Contains(a.Body, bank) {
			t.Errorf("answered %d %s", a.Status, a.Body)
		}
	}
	b.types(page, "1234").posted(t)
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v", got)
	}
}

// The ticket that binds a request to its browser is good for that request, once,
// and for nobody who only knows the address.
func TestTheAddressOfARequestIsNotEnough(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a := b.handsOver("tv", bank, authForm())
	page := a.Header.Get("Location")
	cookie := a.Header.Get("Set-Cookie")
	if a.Status != http.StatusSeeOther || !strings.Contains(cookie, "HttpOnly; SameSite=Lax") || !strings.Contains(cookie, "Path="+page) {
		t.Fatalf("answered %d %v", a.Status, a.Header)
	}
	thief := w.browser()
	if a := thief.get(page); a.Status != http.StatusNotFound {
		t.Errorf("whoever knows the address is shown %d", a.Status)
	}
	if a := b.get(page); a.Status != http.StatusOK {
		t.Errorf("its own browser is shown %d %s", a.Status, a.Body)
	}
	ticket, _, _ := strings.Cut(cookie, ";")
	if a := thief.get(page, "Cookie", ticket); a.Status != http.StatusNotFound {
		t.Errorf("a ticket is good twice: %d", a.Status)
	}
}

// HEAD asks about the page; it is not the page.
func TestAHeadDoesNotTakeTheAnswer(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.takenOver("kiosk", authForm())
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	b.types(page, "1234")
	b.request(http.MethodHead, page, "", "")
	b.get(page).posted(t)
}

func TestForeignPagesMoveNothingAtTheOtherFaces(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=card-hanako")
	for _, face := range []string{"kiosk", "tv"} {
		page := b.takenOver(face, authForm())
		for path, body := range map[string]string{page + "/pin": "turn=0&pin=9999", page + "/cancel": "", page + "/reader": "card="} {
			if a := b.request("POST", path, "application/x-www-form-urlencoded", body, "Origin", bank, "Sec-Fetch-Site", "cross-site"); a.Status != http.StatusForbidden {
				t.Errorf("%s from a foreign page was answered %d", path, a.Status)
			}
		}
		b.get(page).shows(t, `data-tries="3"`)
	}
}
