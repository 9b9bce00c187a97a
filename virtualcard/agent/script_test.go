package agent_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// members makes a JSON object of a good request with some members changed; a
// nil takes a member out.
func members(t *testing.T, base map[string]any, changes map[string]any) string {
	t.Helper()
	m := map[string]any{}
	for k, v := range base {
		m[k] = v
	}
	for k, v := range changes {
		if v == nil {
			delete(m, k)
			continue
		}
		m[k] = v
	}
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func authentication() map[string]any {
	return map[string]any{"card": hanako, "pin": "1234", "origin": bank, "nonce": nonce}
}

func signature() map[string]any {
	return map[string]any{"card": hanako, "pin": "HANAKO123", "origin": bank, "document": document("申込書\n")}
}

func document(text string) map[string]any {
	return map[string]any{"name": "申込書.txt", "mediaType": "text/plain; charset=utf-8", "content": b64(text)}
}

func TestScriptGetsATokenOverOriginAndNonce(t *testing.T) {
	w := newTown(t)
	a := w.script("POST", "/v1/authenticate", members(t, authentication(), nil))
	if a.status != http.StatusOK || a.json["format"] != "web-eid:1.0" || a.json["algorithm"] != "RS256" {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	der, err := base64.StdEncoding.DecodeString(a.json["unverifiedCertificate"].(string))
	w.do(err)
	cert, err := x509.ParseCertificate(der)
	w.do(err)
	sig, err := base64.StdEncoding.DecodeString(a.json["signature"].(string))
	w.do(err)
	o, n := sha256.Sum256([]byte(bank)), sha256.Sum256([]byte(nonce))
	digest := sha256.Sum256(append(o[:], n[:]...))
	if err := rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, digest[:], sig); err != nil {
		t.Error(err)
	}
	if a.header.Get("Cache-Control") != "no-store" {
		t.Error("the token may be cached")
	}
}

func TestScriptGetsASignatureThatOpenSSLAccepts(t *testing.T) {
	w := newTown(t)
	a := w.script("POST", "/v1/sign", members(t, signature(), nil))
	if a.status != http.StatusOK {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	cms, err := base64.StdEncoding.DecodeString(a.json["cms"].(string))
	w.do(err)
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip("no openssl here")
	}
	dir := t.TempDir()
	w.do(os.WriteFile(filepath.Join(dir, "doc"), []byte("申込書\n"), 0o600))
	w.do(os.WriteFile(filepath.Join(dir, "cms"), cms, 0o600))
	out, err := exec.CommandContext(t.Context(), "openssl", "cms", "-verify", "-noverify", "-binary", "-inform", "DER",
		"-in", filepath.Join(dir, "cms"), "-content", filepath.Join(dir, "doc"), "-out", filepath.Join(dir, "out")).CombinedOutput()
	if err != nil {
		t.Errorf("openssl cms -verify: %v\n%s", err, out)
	}
}

func TestScriptIsToldWhatTheCardRefused(t *testing.T) {
	w := newTown(t)
	for _, c := range []struct {
		name, path string
		base       map[string]any
		change     map[string]any
		status     int
		code       string
		left       any
	}{
		{"wrong PIN", "/v1/authenticate", authentication(), map[string]any{"pin": "9999"}, 403, "wrong_pin", 2.0},
		{"wrong password", "/v1/sign", signature(), map[string]any{"pin": "WRONG000"}, 403, "wrong_pin", 4.0},
		{"the last try", "/v1/authenticate", authentication(), map[string]any{"card": naoko, "pin": "9999"}, 403, "pin_blocked", 0.0},
		{"the last try of a password", "/v1/sign", signature(), map[string]any{"card": naoko, "pin": "WRONG000"}, 403, "pin_blocked", 0.0},
		{"blocked, with the right PIN", "/v1/authenticate", authentication(), map[string]any{"card": makoto, "pin": "0123"}, 403, "pin_blocked", 0.0},
		{"blocked password", "/v1/sign", signature(), map[string]any{"card": makoto, "pin": "MAKOTO88"}, 403, "pin_blocked", 0.0},
		{"a child signs", "/v1/sign", signature(), map[string]any{"card": haruto, "pin": "HARUTO12"}, 409, "no_certificate", nil},
		{"a dead chip", "/v1/authenticate", authentication(), map[string]any{"card": minoru, "pin": "5790"}, 409, "dead_card", nil},
		{"no such card", "/v1/authenticate", authentication(), map[string]any{"card": "card-nobody"}, 404, "no_card", nil},
		{"no card number", "/v1/sign", signature(), map[string]any{"card": "../Hanako"}, 404, "no_card", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.script("POST", c.path, members(t, c.base, c.change))
			if a.status != c.status || a.json["code"] != c.code || a.json["triesLeft"] != c.left {
				t.Errorf("answered %d %s", a.status, a.body)
			}
			if got := a.header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type is %s", got)
			}
		})
	}
}

// Each of these is refused before the card is asked: no try is spent.
func TestScriptRefusedChangesNothing(t *testing.T) {
	w := newTown(t)
	good := members(t, authentication(), map[string]any{"pin": "9999"}) // would spend a try
	goodSign := members(t, signature(), map[string]any{"pin": "WRONG000"})
	auth := func(change map[string]any) string {
		change["pin"] = "9999"
		return members(t, authentication(), change)
	}
	sign := func(change map[string]any) string {
		change["pin"] = "WRONG000"
		return members(t, signature(), change)
	}
	doc := func(change map[string]any) string {
		return sign(map[string]any{"document": json.RawMessage(members(t, document("申込書"), change))})
	}
	const a, s = "/v1/authenticate", "/v1/sign"
	cases := []struct {
		name, path, body string
		status           int
		code             string
		headers          []string
	}{
		{"from a foreign page", a, good, 403, "foreign_page", []string{"Origin", "http://evil.example"}},
		{"from a foreign page, by fetch metadata", a, good, 403, "foreign_page", []string{"Sec-Fetch-Site", "cross-site"}},
		{"from the agent's own page", a, good, 403, "browser_refused", []string{"Sec-Fetch-Site", "same-origin"}},
		{"typed into the address bar", a, good, 403, "browser_refused", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}},
		{"under a name of another's", a, good, 421, "foreign_host", []string{"Host", "rebound.example"}},
		{"a form", a, good, 415, "not_json", []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{"plain text", a, good, 415, "not_json", []string{"Content-Type", "text/plain"}},
		{"no media type", a, good, 415, "not_json", []string{"Content-Type", ""}},
		{"nothing", a, "", 400, "malformed", nil},
		{"half of it", a, good[:len(good)-9], 400, "malformed", nil},
		{"two at once", a, good + good, 400, "malformed", nil},
		{"a list", a, "[" + good + "]", 400, "malformed", nil},
		{"null", a, "null", 400, "malformed", nil},
		{"a string", a, `"x"`, 400, "malformed", nil},
		{"not UTF-8", a, strings.Replace(good, "9999", "99\xff9", 1), 400, "malformed", nil},
		{"nested without end", a, strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000), 400, "malformed", nil},
		{"an unknown member", a, auth(map[string]any{"admin": true}), 400, "malformed", nil},
		{"a member twice", a, strings.Replace(good, `{`, `{"pin":"1234",`, 1), 400, "malformed", nil},
		{"a member twice, in capitals", a, strings.Replace(good, `{`, `{"PIN":"1234",`, 1), 400, "malformed", nil},
		{"a PIN that is a number", a, members(t, authentication(), map[string]any{"pin": 9999}), 400, "malformed", nil},
		{"a card that is a list", a, auth(map[string]any{"card": []string{"card-hanako"}}), 400, "malformed", nil},
		{"no card", a, auth(map[string]any{"card": nil}), 400, "malformed", nil},
		{"no origin", a, auth(map[string]any{"origin": nil}), 400, "malformed", nil},
		{"an origin with a path", a, auth(map[string]any{"origin": bank + "/"}), 400, "malformed", nil},
		{"a null origin", a, auth(map[string]any{"origin": "null"}), 400, "malformed", nil},
		{"no nonce", a, auth(map[string]any{"nonce": nil}), 400, "malformed", nil},
		{"a short nonce", a, auth(map[string]any{"nonce": nonce[:40]}), 400, "malformed", nil},
		{"a long nonce", a, auth(map[string]any{"nonce": strings.Repeat("AAAA", 33)}), 400, "malformed", nil},
		{"a nonce that is no base64", a, auth(map[string]any{"nonce": strings.Repeat("!", 44)}), 400, "malformed", nil},
		{"a nonce of another alphabet", a, auth(map[string]any{"nonce": strings.Repeat("_", 44)}), 400, "malformed", nil},
		{"a nonce with a line break", a, auth(map[string]any{"nonce": nonce[:20] + "\n" + nonce[20:]}), 400, "malformed", nil},
		{"a document too many", a, auth(map[string]any{"document": document("x")}), 400, "malformed", nil},
		{"oversized", a, auth(map[string]any{"nonce": strings.Repeat("A", 20<<10)}), 413, "too_large", nil},
		{"huge", a, auth(map[string]any{"nonce": strings.Repeat("A", 2<<20)}), 413, "too_large", nil},
		{"a PIN of three digits", a, members(t, authentication(), map[string]any{"pin": "999"}), 400, "bad_pin_format", nil},
		{"a PIN of letters", a, members(t, authentication(), map[string]any{"pin": "ABCD"}), 400, "bad_pin_format", nil},
		{"no PIN", a, members(t, authentication(), map[string]any{"pin": nil}), 400, "bad_pin_format", nil},
		{"full-width digits", a, members(t, authentication(), map[string]any{"pin": "９９９９"}), 400, "bad_pin_format", nil},
		{"a password in small letters", s, members(t, signature(), map[string]any{"pin": "wrong000"}), 400, "bad_pin_format", nil},
		{"a password too short", s, members(t, signature(), map[string]any{"pin": "ABC12"}), 400, "bad_pin_format", nil},
		{"a password too long", s, members(t, signature(), map[string]any{"pin": "ABCDEFGH123456789"}), 400, "bad_pin_format", nil},
		{"a signature from a foreign page", s, goodSign, 403, "foreign_page", []string{"Origin", "http://evil.example"}},
		{"no document", s, sign(map[string]any{"document": nil}), 400, "malformed", nil},
		{"a nameless document", s, doc(map[string]any{"name": nil}), 400, "malformed", nil},
		{"a name with a line break", s, doc(map[string]any{"name": "a\nb"}), 400, "malformed", nil},
		{"a name that turns around", s, doc(map[string]any{"name": "a\u202etxt.exe"}), 400, "malformed", nil},
		{"a very long name", s, doc(map[string]any{"name": strings.Repeat("名", 201)}), 400, "malformed", nil},
		{"no media type of the document", s, doc(map[string]any{"mediaType": nil}), 415, "unsupported_document", nil},
		{"a PDF", s, doc(map[string]any{"mediaType": "application/pdf"}), 415, "unsupported_document", nil},
		{"HTML", s, doc(map[string]any{"mediaType": "text/html; charset=utf-8"}), 415, "unsupported_document", nil},
		{"another character set", s, doc(map[string]any{"mediaType": "text/plain; charset=shift_jis"}), 415, "unsupported_document", nil},
		{"another parameter", s, doc(map[string]any{"mediaType": "text/plain; format=flowed"}), 415, "unsupported_document", nil},
		{"octets that are no UTF-8", s, doc(map[string]any{"content": b64("\x93\xfa\x96\x7b")}), 415, "unsupported_document", nil},
		{"a NUL", s, doc(map[string]any{"content": b64("100円\x00")}), 415, "unsupported_document", nil},
		{"an escape sequence", s, doc(map[string]any{"content": b64("\x1b[8m100万円")}), 415, "unsupported_document", nil},
		{"text that turns around", s, doc(map[string]any{"content": b64("振込 \u202e0001")}), 415, "unsupported_document", nil},
		{"an invisible space", s, doc(map[string]any{"content": b64("100\u200b000円")}), 415, "unsupported_document", nil},
		{"nothing to sign", s, doc(map[string]any{"content": ""}), 400, "malformed", nil},
		{"only spaces to sign", s, doc(map[string]any{"content": b64(" \n　")}), 400, "malformed", nil},
		{"content that is no base64", s, doc(map[string]any{"content": "申込書"}), 400, "malformed", nil},
		{"content with loose bits", s, doc(map[string]any{"content": "QR=="}), 400, "malformed", nil},
		{"one octet too much", s, doc(map[string]any{"content": b64(strings.Repeat("a", 256<<10+1))}), 413, "too_large", nil},
		{"much too much", s, doc(map[string]any{"content": b64(strings.Repeat("a", 400<<10))}), 413, "too_large", nil},
		{"an unknown member of the document", s, doc(map[string]any{"href": "http://evil.example"}), 400, "malformed", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := w.script("POST", c.path, c.body, c.headers...)
			if got.status != c.status || got.json["code"] != c.code {
				t.Errorf("answered %d %s, want %d %s", got.status, got.body, c.status, c.code)
			}
			for _, leak := range []string{"9999", "WRONG000", "agent.", "Go struct"} {
				if strings.Contains(got.body, leak) {
					t.Errorf("the answer repeats %q: %s", leak, got.body)
				}
			}
		})
	}
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v after refused requests: want all", got)
	}
}

func TestScriptSignsTheLargestDocument(t *testing.T) {
	w := newTown(t)
	doc := document(strings.Repeat("a", 256<<10))
	doc["name"] = strings.Repeat("名", 200)
	a := w.script("POST", "/v1/sign", members(t, signature(), map[string]any{"document": doc}))
	if a.status != http.StatusOK {
		t.Errorf("answered %d %s", a.status, a.body)
	}
}

func TestScriptMeetsABusyCard(t *testing.T) {
	w := newTown(t)
	conn, err := w.cabinet.Connect(t.Context(), hanako)
	w.do(err)
	a := w.script("POST", "/v1/authenticate", members(t, authentication(), map[string]any{"pin": "9999"}))
	w.do(conn.Close())
	if a.status != http.StatusConflict || a.json["code"] != "card_busy" {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v", got)
	}
}

func TestScriptLooksAtTheCards(t *testing.T) {
	w := newTown(t)
	a := w.script("GET", "/v1/cards", "")
	if cards, ok := a.json["cards"].([]any); a.status != http.StatusOK || !ok || len(cards) != 5 {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	a = w.script("GET", "/v1/cards/card-haruto", "")
	want := jpki.SerialNumber("0705D992")
	certs, _ := a.json["certificates"].(map[string]any)
	if a.status != http.StatusOK || len(certs) != 1 || certs["user-authentication"] != string(want) || a.json["dead"] != false {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	if a := w.script("GET", "/v1/cards/card-minoru", ""); a.json["dead"] != true {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	if a := w.script("GET", "/v1/cards/card-nobody", ""); a.status != http.StatusNotFound || a.json["code"] != "no_card" {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	if a := w.script("GET", "/v1/cards", "", "Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"); a.status != http.StatusForbidden {
		t.Errorf("a page was answered %d", a.status)
	}
	if a := w.script("GET", "/v1/cards", "", "Host", "card:8082"); a.status != http.StatusOK {
		t.Errorf("under its configured name it answered %d", a.status)
	}
}

func TestWriterMakesACardThatWorks(t *testing.T) {
	w := newTown(t)
	key := []string{"Authorization", "Bearer " + writerKey}
	a := w.script("POST", "/writer/v1/cards", `{"card":"card-new"}`, key...)
	pub, _ := a.json["publicKeys"].(map[string]any)
	if a.status != http.StatusCreated || a.json["card"] != "card-new" || len(pub) != 2 {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	der, err := base64.StdEncoding.DecodeString(pub["digital-signature"].(string))
	w.do(err)
	if p, err := x509.ParsePKIXPublicKey(der); err != nil || !keys()[jpki.DigitalSignature].PublicKey.Equal(p) {
		t.Errorf("the public key is %v, %v", p, err)
	}
	body := members(t, map[string]any{
		"face": map[string]any{"name": "新井　新", "expires": "2036-04-01T00:00:00+09:00"},
		"pins": map[string]string{"user-authentication": "4321"}, "certificates": map[string][]byte{"user-authentication": certificate(t, jpki.UserAuthentication)},
		"caCertificates": map[string][]byte{"user-authentication": certificate(t, jpki.UserAuthentication)},
	}, nil)
	if a := w.script("PUT", "/writer/v1/cards/card-new", body, key...); a.status != http.StatusNoContent {
		t.Fatalf("answered %d %s", a.status, a.body)
	}
	mine := map[string]any{"card": "card-new", "pin": "4321"}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), mine)); a.status != http.StatusOK {
		t.Errorf("the new card was answered %d %s", a.status, a.body)
	}
	if a := w.script("POST", "/writer/v1/cards/card-new/keys", `{"kind":"digital-signature"}`, key...); a.status != http.StatusOK || a.json["publicKey"] == nil {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	if a := w.script("POST", "/writer/v1/cards/card-makoto/unblock", `{"kind":"user-authentication","pin":"1111"}`, key...); a.status != http.StatusNoContent {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	mine = map[string]any{"card": makoto, "pin": "1111"}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), mine)); a.status != http.StatusOK {
		t.Errorf("the unblocked card was answered %d %s", a.status, a.body)
	}
	if a := w.script("POST", "/writer/v1/cards/card-new/kill", "", key...); a.status != http.StatusNoContent {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	mine = map[string]any{"card": "card-new", "pin": "4321"}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), mine)); a.json["code"] != "dead_card" {
		t.Errorf("the killed card was answered %d %s", a.status, a.body)
	}
	if a := w.script("POST", "/writer/v1/cards", `{"card":""}`, key...); a.status != http.StatusCreated || a.json["card"] == "" {
		t.Errorf("without a number: %d %s", a.status, a.body)
	}
}

func TestWriterRefusedChangesNothing(t *testing.T) {
	w := newTown(t)
	cert := base64.StdEncoding.EncodeToString(certificate(t, jpki.UserAuthentication))
	const card = "/writer/v1/cards/card-hanako"
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		code                     string
		headers                  []string
	}{
		{"no key", "POST", card + "/kill", "", 401, "no_key", []string{"Authorization", ""}},
		{"no bearer", "POST", card + "/kill", "", 401, "no_key", []string{"Authorization", "Basic " + writerKey}},
		{"wrong key", "POST", card + "/kill", "", 401, "wrong_key", []string{"Authorization", "Bearer " + writerKey + "x"}},
		{"the first half of the key", "POST", card + "/kill", "", 401, "wrong_key", []string{"Authorization", "Bearer " + writerKey[:9]}},
		{"from a page", "POST", card + "/kill", "", 403, "browser_refused", []string{"Sec-Fetch-Site", "same-origin"}},
		{"from a foreign page", "POST", card + "/kill", "", 403, "foreign_page", []string{"Origin", "http://evil.example"}},
		{"under another's name", "POST", card + "/kill", "", 421, "foreign_host", []string{"Host", "rebound.example"}},
		{"a card that is there", "POST", "/writer/v1/cards", `{"card":"card-hanako"}`, 409, "card_exists", nil},
		{"no card number", "POST", "/writer/v1/cards", `{"card":"Hanako's"}`, 400, "malformed", nil},
		{"an unknown member", "POST", "/writer/v1/cards", `{"card":"x","privateKeys":true}`, 400, "malformed", nil},
		{"a wrong type", "POST", "/writer/v1/cards", `{"card":7}`, 400, "malformed", nil},
		{"an empty body", "POST", "/writer/v1/cards", ``, 400, "malformed", nil},
		{"an oversized body", "POST", "/writer/v1/cards", `{"card":"` + strings.Repeat("x", 20<<10) + `"}`, 413, "too_large", nil},
		{"not JSON", "PUT", card, `face=x`, 415, "not_json", []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{"an unknown kind", "PUT", card, `{"pins":{"both":"1111"}}`, 400, "malformed", nil},
		{"a PIN of letters", "PUT", card, `{"pins":{"user-authentication":"ABCD"}}`, 400, "bad_pin_format", nil},
		{"a certificate that is none", "PUT", card, `{"certificates":{"user-authentication":"MIIB"}}`, 400, "bad_certificate", nil},
		{"a certificate of another key", "PUT", card, `{"certificates":{"digital-signature":"` + cert + `"}}`, 409, "key_mismatch", nil},
		{"a certificate without a PIN", "PUT", "/writer/v1/cards/card-haruto", `{"certificates":{"digital-signature":"` + base64.StdEncoding.EncodeToString(certificate(t, jpki.DigitalSignature)) + `"}}`, 400, "no_pin", nil},
		{"a face that cannot be printed", "PUT", card, `{"face":{"name":"a\u0000b"}}`, 400, "bad_face", nil},
		{"no such card", "PUT", "/writer/v1/cards/card-nobody", `{}`, 404, "no_card", nil},
		{"a key of no kind", "POST", card + "/keys", `{}`, 400, "malformed", nil},
		{"a key for a card there is not", "POST", "/writer/v1/cards/card-nobody/keys", `{"kind":"digital-signature"}`, 404, "no_card", nil},
		{"an unblocking of no kind", "POST", card + "/unblock", `{"pin":"1111"}`, 400, "malformed", nil},
		{"an unblocking with a bad PIN", "POST", card + "/unblock", `{"kind":"user-authentication","pin":"11111"}`, 400, "bad_pin_format", nil},
		{"an unblocking of a dead card", "POST", "/writer/v1/cards/card-minoru/unblock", `{"kind":"user-authentication","pin":"1111"}`, 409, "dead_card", nil},
		{"a killing of nobody's card", "POST", "/writer/v1/cards/card-nobody/kill", "", 404, "no_card", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			headers := append([]string{"Authorization", "Bearer " + writerKey}, c.headers...)
			a := w.script(c.method, c.path, c.body, headers...)
			if a.status != c.status || a.json["code"] != c.code {
				t.Errorf("answered %d %s, want %d %s", a.status, a.body, c.status, c.code)
			}
			if strings.Contains(a.body, "1111") {
				t.Errorf("the answer repeats a PIN: %s", a.body)
			}
		})
	}
	for id, want := range map[virtualcard.CardID][2]int{hanako: {5, 3}, haruto: {0, 3}} {
		if got := w.tries(id); got != want {
			t.Errorf("tries left of %s: %v", id, got)
		}
	}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), nil)); a.status != http.StatusOK {
		t.Errorf("the card does not do as before: %d %s", a.status, a.body)
	}
}

func TestNoPINReachesTheLog(t *testing.T) {
	w := newTown(t)
	w.script("POST", "/v1/authenticate", members(t, authentication(), map[string]any{"pin": "9999"}))
	w.script("POST", "/v1/sign", members(t, signature(), nil))
	w.script("POST", "/v1/sign?pin=HANAKO123", "{")
	for _, pin := range []string{"9999", "HANAKO123"} {
		if strings.Contains(w.log.String(), pin) {
			t.Errorf("the log has a PIN: %s", w.log)
		}
	}
}
