package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/platform"
)

func TestACertificateThatIsNoLongerValidIsRefusedInWords(t *testing.T) {
	for what, tc := range map[string]struct {
		do     func(*town)
		status int
		words  string
	}{
		"suspended": {func(w *town) { w.Suspend("hanako", jpki.UserAuthentication) }, 403, "一時停止されています"},
		"revoked":   {func(w *town) { w.Revoke("hanako", jpki.UserAuthentication, jpki.CessationOfOperation) }, 403, "失効しています"},
		"expired":   {func(w *town) { w.Clock.Set(time.Date(2031, time.March, 1, 12, 0, 0, 0, jpki.JST)) }, 403, "有効期間が過ぎています"},
		"silence":   {func(w *town) { w.TamperOCSP(func(_, _ []byte) []byte { return nil }) }, 503, "有効性を確認できませんでした"},
	} {
		t.Run(what, func(t *testing.T) {
			w := newTown(t)
			w.Card("hanako")
			tc.do(w)
			b := w.browser()
			p := b.Visits(w.health.asks())
			no := b.answers(p, "hanako").Says(tc.status, tc.words, `class="refusal"`, "元のサービスに戻る", "error=access_denied", "state=state-1")
			if again := strings.Contains(no.Body, "もう一度試す"); again != (what == "silence") {
				t.Errorf("offers to try again: %v", again)
			}
			if strings.Contains(no.Body, "見本") || b.Visits("/logins").Path() != "/signin" {
				t.Error("something was given away")
			}
		})
	}
}

func TestOnTheSetAndAtTheTerminalTheAnswerIsHandedOver(t *testing.T) {
	w := newTown(t)
	for _, face := range []string{"tv", "kiosk"} {
		b := w.browser()
		p := b.Visits(w.health.asks("jpki_face", face, "ui_locales", "en-GB ja")).Says(200, "Sign in with your card", `face-`+face)
		if p.Attribute("data-jpki-face") != face || !strings.Contains(p.Header.Get("Content-Security-Policy"), agentURL) {
			t.Errorf("%s: the page does not lead to the agent", face)
		}
		token := string(w.Card("hanako").Authenticate(w.url, p.Attribute("data-jpki-nonce")))
		back := strings.TrimPrefix(p.Attribute("data-jpki-return"), w.url)
		agent := []string{"Content-Type", "application/x-www-form-urlencoded", "Origin", agentURL, "Sec-Fetch-Site", "cross-site"}

		// The post comes without the cookie; nothing is looked at until the
		// browser that began comes for it.
		stranger := w.browser()
		stranger.Sends(http.MethodPost, back, form("token", token, "presence", "P"), agent...).Says(409, "このサインインの手続きは終わっています")
		p = b.Visits(back)
		if face == "tv" {
			p.Says(200, "What the service will be told", "face-tv", `data-tv-key="blue"`)
			p = b.Fills(p.Path())
			id := w.claims(w.health.returned(p).Get("code"))
			if id["jpki_presence"] != "P" {
				t.Errorf("the service cannot see the card leave: %v", id)
			}
			continue
		}
		p.Says(200, `data-testid="returning"`)
		if to := p.Header.Get("Refresh"); !strings.HasPrefix(to, "0; url="+catv+"/health/callback?") {
			t.Errorf("goes on to %q", to)
		}
	}
}

// claims redeems a code and gives the claims of its ID token.
func (w *town) claims(code string) map[string]any {
	w.Helper()
	token, err := w.health.exchange(code)
	webtest.Must(w, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := w.health.verifier.Verify(w.Context(), raw)
	webtest.Must(w, err)
	claims := map[string]any{}
	webtest.Must(w, id.Claims(&claims))
	return claims
}

func TestATroubleOfTheCardHasAPageOfItsOwn(t *testing.T) {
	w := newTown(t)
	for code, words := range map[string]string{
		"pin_blocked": "暗証番号がロックされています", "cancelled": "お手続きを中止しました", "no_certificate": "利用者証明用電子証明書がありません",
		"dead_card": "ICチップが応答しません", "expired": "有効時間が過ぎました", "<script>": "カードを読み取れませんでした",
	} {
		b := w.browser()
		p := b.Visits(w.health.asks("jpki_face", "kiosk"))
		back := strings.TrimPrefix(p.Attribute("data-jpki-return"), w.url)
		no := b.Fills(back, "error", code, "message", "<b>words of the agent</b>").Says(403, words, "元のサービスに戻る")
		if strings.Contains(no.Body, "words of the agent") || strings.Contains(no.Body, "<script>") {
			t.Errorf("%s: what was posted is on the page", code)
		}
		if again := strings.Contains(no.Body, "もう一度試す"); again == (code == "pin_blocked") {
			t.Errorf("%s: offers to try again: %v", code, again)
		}
		b.Visits(strings.TrimSuffix(back, "/hand")).Says(200, `data-testid="login"`)
	}
}

func TestARequestIsItsBrowsersAndIsAnsweredOnce(t *testing.T) {
	w := newTown(t)
	b, thief := w.browser(), w.browser()
	p := b.Visits(w.health.asks())
	thief.Visits(p.Path()).Says(409, "別のブラウザー")
	token := string(w.Card("hanako").Authenticate(w.url, p.Attribute("data-jpki-nonce")))
	thief.Fills(p.Path(), "token", token).Says(409)
	thief.Fills(p.Path() + "/consent").Says(409)
	thief.Fills(p.Path() + "/decline").Says(409)
	b.Fills(p.Path()+"/consent").Says(409, "先にカードで")
	consent := b.Fills(p.Path(), "token", token).Says(200, "同意")
	b.Fills(p.Path(), "token", token).Says(409, "すでに受け取りました")
	w.health.returned(b.Fills(consent.Path()))
	b.Fills(consent.Path()).Says(409, "手続きは終わっています")

	late := b.Visits(w.health.asks())
	w.Clock.Advance(platform.LoginLifetime)
	b.Visits(late.Path()).Says(409, "10分の有効時間")
	b.Fills("/login/none/hand", "token", "x").Says(409)
	b.Sends(http.MethodPost, late.Path(), form("token", "x"), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "cross-site").Says(403)
}

func TestAnAnswerMadeForAnotherPageIsWorthNothing(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	p := b.Visits(w.health.asks())
	phished := string(w.Card("hanako").Authenticate("http://evil.example.com", p.Attribute("data-jpki-nonce")))
	b.Fills(p.Path(), "token", phished).Says(403, "この画面への回答ではありません")
	p = b.Visits(p.Path())
	b.Fills(p.Path(), "token", strings.Repeat("x", 40<<10)).Says(413)
	p = b.Visits(p.Path())
	b.Fills(p.Path(), "token", "{}").Says(422)
	b.Fills("/signin", "token", "{}").Says(409)
}

func TestTheStaffKeepTheRegisterOnItsPages(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	if p := b.Visits("/register"); p.Path() != "/register/signin?next=%2Fregister" {
		t.Fatalf("the register is open: %s", p.Path())
	}
	b.Fills("/register", "clientId", "RP00000009")
	b.Fills("/register/signin", "staff", "kiban-1", "key", "wrong").Says(403, "サインインできません")
	b.Fills("/register/signin", "staff", "kiban-1", "key", staffKey).Says(200, "RP00000001", "RP00000002", catv+"/health/callback")
	keys := publicKeys(t, w.health)
	entry := func(pairs ...string) []string {
		return append([]string{"new", "1", "clientId", "RP00000009", "name", "みほん市立図書館", "redirectUris", "http://library.example.jp/callback\r\n", "jwks", keys, "face", "window", "face", "kiosk", "why", "申請書第3号"}, pairs...)
	}
	for _, wrong := range [][2]string{{"clientId", "RP 9"}, {"clientId", "RP00000001"}, {"name", ""}, {"redirectUris", "javascript:alert(1)"}, {"redirectUris", "http://a.example.jp/#x"}, {"jwks", "{}"}, {"jwks", privateKeys(t, w.health)}, {"sector", "a b"}, {"why", ""}} {
		pairs := entry()
		replaced := false
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == wrong[0] {
				pairs[i+1], replaced = wrong[1], true
			}
		}
		if !replaced {
			pairs = append(pairs, wrong[0], wrong[1])
		}
		b.Fills("/register", pairs...).Says(422, `data-field="`+wrong[0]+`"`)
	}
	b.Fills("/register", entry()...).Says(200, "RP00000009", "http://library.example.jp/callback")
	b.Visits("/register/RP00000009").Says(200, "みほん市立図書館", `"kty": "EC"`)
	b.Fills("/register", "clientId", "RP00000009", "name", "みほん市立図書館", "redirectUris", "http://library.example.jp/callback", "jwks", keys, "suspended", "1", "why", "届出").Says(200, "利用の停止")
	b.Visits("/register").Says(200, "停止中", `<span class="tag">パソコン</span>`)
	b.Visits("/register/RP7").Says(404, "登録がありません")
	w.browser().Visits("/").Says(200, "みほん市立図書館", "停止中", "主務大臣の認定")
}

// A guesser has five tries a minute, on the page and on the interface together.
func TestTheStaffKeyCannotBeGuessed(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	script := func(key string) webtest.Page {
		return b.Sends(http.MethodGet, "/register/v1/providers", "", "Accept", "application/json", "Authorization", "Bearer "+key)
	}
	for range 3 {
		b.Fills("/register/signin", "staff", "kiban-1", "key", "guess").Says(403, "サインインできません")
	}
	for range 2 {
		script("guess").Says(401)
	}
	if p := b.Fills("/register/signin", "staff", "kiban-1", "key", staffKey).Says(429, "鍵のまちがいが続いた", `href="/register/signin"`); p.Header.Get("Retry-After") == "" {
		t.Error("not told when to come back")
	}
	script(staffKey).Says(429, "too_many_attempts")
	w.Clock.Advance(time.Minute)
	script(staffKey).Says(200)
	b.Fills("/register/signin", "staff", "kiban-1", "key", staffKey).Says(200, "RP00000001")
}

func TestAnEntryShowsWhatWasDoneToItByWhomAndWhy(t *testing.T) {
	w := newTown(t)
	clerk := func(id string) *browser {
		b := w.browser()
		b.Fills("/register/signin", "staff", id, "key", staffKey).Says(200)
		return b
	}
	if p := w.browser().Fills("/register/signin", "staff", "somebody", "key", staffKey); p.Status != 403 {
		t.Errorf("a stranger with the key: %d", p.Status)
	}
	entry := []string{"clientId", "RP00000009", "name", "みほん市立図書館", "redirectUris", "http://library.example.jp/callback", "jwks", publicKeys(t, w.health), "face", "window", "why"}
	one := clerk("kiban-1")
	one.Fills("/register", append([]string{"new", "1"}, append(entry, "申請書第3号")...)...).Says(200, "登録担当　水野", "申請書第3号", "令和8年4月1日")
	w.Clock.Advance(24 * time.Hour)
	entry[7] = publicKeys(t, w.booking)
	one, two := clerk("kiban-1"), clerk("kiban-2")
	two.Fills("/register", append(entry, "鍵の<b>交換</b>", "suspended", "1")...).Says(200, "鍵の更新", "利用の停止", "登録担当　川原", "鍵の<b>交換</b>", "申請書第3号", "令和8年4月2日", "公開鍵")
	p := one.Visits("/register/RP00000009?lang=en").Says(200, "Keys replaced", "Kawahara", "Mizuno", "2 fields")
	if strings.Contains(p.Body, "<b>") || strings.Count(p.Body, `data-testid="log-line"`) != 2 {
		t.Errorf("the log is %s", p.Body)
	}
	one.Fills("/register", append(entry, "")...).Says(422, `data-field="why"`, "申請書第3号")
	var log struct {
		Log []struct {
			Staff, Why string
			Acts       []string
		}
	}
	w.browser().Sends(http.MethodGet, "/register/v1/providers/RP00000009/log", "", "Accept", "application/json", "Authorization", "Bearer "+staffKey).Says(200).JSON(&log)
	if len(log.Log) != 2 || log.Log[0].Staff != "kiban-2" || log.Log[1].Acts[0] != "registered" {
		t.Errorf("%+v", log)
	}
}

func publicKeys(t *testing.T, s *service) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: "1"}}})
	webtest.Must(t, err)
	return string(text)
}

func privateKeys(t *testing.T, s *service) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key, KeyID: "1"}}})
	webtest.Must(t, err)
	return string(text)
}

func TestAScriptKeepsTheRegister(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	const at = "/register/v1/providers/RP00000009"
	script := []string{"Accept", "application/json", "Content-Type", "application/json", "Authorization", "Bearer " + staffKey}
	entry := `{"name":"図書館","redirectUris":["http://library.example.jp/cb"],"staff":"script-7","why":"試験","jwks":` + publicKeys(t, w.health) + `}`
	b.Sends(http.MethodPut, at, entry, append(script, "Authorization", "Bearer wrong")...).Says(401, "wrong_key")
	b.Sends(http.MethodPut, at, entry, append(script, "Origin", w.url)...).Says(403, "browser_refused")
	b.Sends(http.MethodPut, at, `{"name":"x","nonsense":1}`, script...).Says(400, "malformed")
	b.Sends(http.MethodPut, at, strings.Replace(entry, "図書館", "", 1), script...).Says(422, `"field":"name"`)
	b.Sends(http.MethodPut, at, strings.Replace(entry, "試験", "", 1), script...).Says(422, `"field":"why"`)
	b.Sends(http.MethodPut, at, strings.Replace(entry, "script-7", "", 1), script...).Says(422, `"field":"staff"`)
	b.Sends(http.MethodGet, at+"/log", "", script...).Says(404)
	b.Sends(http.MethodPut, at, entry, script...).Says(200, `"sector":"RP00000009"`, `"faces":["window"]`, `"scopes":["openid"]`)
	b.Sends(http.MethodGet, "/register/v1/providers", "", script...).Says(200, "図書館", "RP00000001")
}

func TestThePagesAreInEnglishToo(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.Visits("/?lang=en").Says(200, "One card", "Service RP00000001", w.url+"/api/realms/main")
	b.Visits(w.health.asks()).Says(200, "Sign in with your card", "Service RP00000001")
}
