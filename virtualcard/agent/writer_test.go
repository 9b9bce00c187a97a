package agent_test

import (
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard"
)

func TestWriterMakesACardThatWorks(t *testing.T) {
	w := newTown(t)
	key := []string{"Authorization", "Bearer " + writerKey}
	a := w.script("POST", "/writer/v1/cards", `{"card":"card-new"}`, key...)
	pub, _ := a.Member("publicKeys").(map[string]any)
	if a.Status != http.StatusCreated || a.Member("card") != "card-new" || len(pub) != 2 {
		t.Fatalf("answered %d %s", a.Status, a.Body)
	}
	der, err := base64.StdEncoding.DecodeString(pub["digital-signature"].(string))
	w.do(err)
	if p, err := x509.ParsePKIXPublicKey(der); err != nil || !keys()[jpki.DigitalSignature].PublicKey.Equal(p) {
		t.Errorf("the public key is %v, %v", p, err)
	}
	body := members(t, map[string]any{
		"face": map[string]any{"name": "新井　新", "expires": "2036-04-01T00:00:00+09:00"}, "variant": "android-token",
		"pins": map[string]string{"user-authentication": "4321"}, "certificates": map[string][]byte{"user-authentication": certificate(t, jpki.UserAuthentication)},
		"caCertificates": map[string][]byte{"user-authentication": certificate(t, jpki.UserAuthentication)},
	}, nil)
	if a := w.script("PUT", "/writer/v1/cards/card-new", body, key...); a.Status != http.StatusNoContent {
		t.Fatalf("answered %d %s", a.Status, a.Body)
	}
	mine := map[string]any{"card": "card-new", "pin": "4321"}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), mine)); a.Status != http.StatusOK {
		t.Errorf("the new card was answered %d %s", a.Status, a.Body)
	}
	if a := w.script("GET", "/v1/cards/card-new", ""); a.Member("variant") != "android-token" {
		t.Errorf("the new card is told as %s", a.Body)
	}
	if a := w.script("POST", "/writer/v1/cards/card-makoto/unblock", `{"kind":"card-face-text","pin":"2222"}`, key...); a.Status != http.StatusNoContent {
		t.Errorf("the PIN of another application: %d %s", a.Status, a.Body)
	}
	if a := w.script("POST", "/writer/v1/cards/card-makoto/unblock", `{"kind":"card-face-a","pin":"2222"}`, key...); a.Status != http.StatusBadRequest {
		t.Errorf("a printed number: %d %s", a.Status, a.Body)
	}
	if a := w.script("POST", "/writer/v1/cards/card-new/keys", `{"kind":"digital-signature"}`, key...); a.Status != http.StatusOK || a.Member("publicKey") == nil {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if a := w.script("POST", "/writer/v1/cards/card-makoto/unblock", `{"kind":"user-authentication","pin":"1111"}`, key...); a.Status != http.StatusNoContent {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	mine = map[string]any{"card": makoto, "pin": "1111"}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), mine)); a.Status != http.StatusOK {
		t.Errorf("the unblocked card was answered %d %s", a.Status, a.Body)
	}
	if a := w.script("POST", "/writer/v1/cards/card-new/kill", "", key...); a.Status != http.StatusNoContent {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	mine = map[string]any{"card": "card-new", "pin": "4321"}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), mine)); a.Member("code") != "dead_card" {
		t.Errorf("the killed card was answered %d %s", a.Status, a.Body)
	}
	if a := w.script("POST", "/writer/v1/cards", `{"card":""}`, key...); a.Status != http.StatusCreated || a.Member("card") == "" {
		t.Errorf("without a number: %d %s", a.Status, a.Body)
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
		{"a card by the name of the transit card", "POST", "/writer/v1/cards", `{"card":"card-transit"}`, 400, "malformed", nil},
		{"an unblocking of a dead card", "POST", "/writer/v1/cards/card-minoru/unblock", `{"kind":"user-authentication","pin":"1111"}`, 409, "dead_card", nil},
		{"a killing of nobody's card", "POST", "/writer/v1/cards/card-nobody/kill", "", 404, "no_card", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			headers := append([]string{"Authorization", "Bearer " + writerKey}, c.headers...)
			a := w.script(c.method, c.path, c.body, headers...)
			if a.Status != c.status || a.Member("code") != c.code {
				t.Errorf("answered %d %s, want %d %s", a.Status, a.Body, c.status, c.code)
			}
			if strings.Contains(a.Body, "1111") {
				t.Errorf("the answer repeats a PIN: %s", a.Body)
			}
		})
	}
	for id, want := range map[virtualcard.CardID][2]int{hanako: {5, 3}, haruto: {0, 3}} {
		if got := w.tries(id); got != want {
			t.Errorf("tries left of %s: %v", id, got)
		}
	}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), nil)); a.Status != http.StatusOK {
		t.Errorf("the card does not do as before: %d %s", a.Status, a.Body)
	}
}
