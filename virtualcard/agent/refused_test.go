package agent_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// refusal is a request that is refused before the card is asked. Its PIN would
// spend a try.
type refusal struct {
	name, body string
	status     int
	code       string
	headers    []string
}

// refused sends each request to path and fails unless it is refused as it
// should be, without repeating what was sent, and without a change to the card.
func refused(t *testing.T, path string, cases []refusal) {
	t.Helper()
	w := newTown(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := w.script("POST", path, c.body, c.headers...)
			if got.Status != c.status || got.Member("code") != c.code {
				t.Errorf("answered %d %s, want %d %s", got.Status, got.Body, c.status, c.code)
			}
			for _, leak := range []string{"9999", "WRONG000", "agent.", "Go struct"} {
				if strings.Contains(got.Body, leak) {
					t.Errorf("the answer repeats %q: %s", leak, got.Body)
				}
			}
		})
	}
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v after refused requests: want all", got)
	}
}

func TestScriptRefusesWhatAPageCouldSend(t *testing.T) {
	good := members(t, authentication(), map[string]any{"pin": "9999"})
	refused(t, "/v1/authenticate", []refusal{
		{"from a foreign page", good, 403, "foreign_page", []string{"Origin", "http://evil.example"}},
		{"from a foreign page, by fetch metadata", good, 403, "foreign_page", []string{"Sec-Fetch-Site", "cross-site"}},
		{"from the agent's own page", good, 403, "browser_refused", []string{"Sec-Fetch-Site", "same-origin"}},
		{"typed into the address bar", good, 403, "browser_refused", []string{"Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"}},
		{"under a name of another's", good, 421, "foreign_host", []string{"Host", "rebound.example"}},
		{"a form", good, 415, "not_json", []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{"plain text", good, 415, "not_json", []string{"Content-Type", "text/plain"}},
		{"no media type", good, 415, "not_json", []string{"Content-Type", ""}},
	})
	good = members(t, signature(), map[string]any{"pin": "WRONG000"})
	refused(t, "/v1/sign", []refusal{
		{"a signature from a foreign page", good, 403, "foreign_page", []string{"Origin", "http://evil.example"}},
		{"a signature from the agent's own page", good, 403, "browser_refused", []string{"Sec-Fetch-Site", "same-origin"}},
		{"a signature under a name of another's", good, 421, "foreign_host", []string{"Host", "rebound.example"}},
	})
}

func TestScriptRefusesMalformedAuthentications(t *testing.T) {
	good := members(t, authentication(), map[string]any{"pin": "9999"})
	auth := func(change map[string]any) string {
		return members(t, authentication(), merged(map[string]any{"pin": "9999"}, change))
	}
	refused(t, "/v1/authenticate", []refusal{
		{"nothing", "", 400, "malformed", nil},
		{"half of it", good[:len(good)-9], 400, "malformed", nil},
		{"two at once", good + good, 400, "malformed", nil},
		{"a list", "[" + good + "]", 400, "malformed", nil},
		{"null", "null", 400, "malformed", nil},
		{"a string", `"x"`, 400, "malformed", nil},
		{"not UTF-8", strings.Replace(good, "9999", "99\xff9", 1), 400, "malformed", nil},
		{"nested without end", strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000), 400, "malformed", nil},
		{"an unknown member", auth(map[string]any{"admin": true}), 400, "malformed", nil},
		{"a member twice", strings.Replace(good, `{`, `{"pin":"1234",`, 1), 400, "malformed", nil},
		{"a member twice, in capitals", strings.Replace(good, `{`, `{"PIN":"1234",`, 1), 400, "malformed", nil},
		{"a PIN that is a number", auth(map[string]any{"pin": 9999}), 400, "malformed", nil},
		{"a card that is a list", auth(map[string]any{"card": []string{"card-hanako"}}), 400, "malformed", nil},
		{"no card", auth(map[string]any{"card": nil}), 400, "malformed", nil},
		{"no origin", auth(map[string]any{"origin": nil}), 400, "malformed", nil},
		{"an origin with a path", auth(map[string]any{"origin": bank + "/"}), 400, "malformed", nil},
		{"a null origin", auth(map[string]any{"origin": "null"}), 400, "malformed", nil},
		{"no nonce", auth(map[string]any{"nonce": nil}), 400, "malformed", nil},
		{"a short nonce", auth(map[string]any{"nonce": nonce[:40]}), 400, "malformed", nil},
		{"a long nonce", auth(map[string]any{"nonce": strings.Repeat("AAAA", 33)}), 400, "malformed", nil},
		{"a nonce that is no base64", auth(map[string]any{"nonce": strings.Repeat("!", 44)}), 400, "malformed", nil},
		{"a nonce of another alphabet", auth(map[string]any{"nonce": strings.Repeat("_", 44)}), 400, "malformed", nil},
		{"a nonce with a line break", auth(map[string]any{"nonce": nonce[:20] + "\n" + nonce[20:]}), 400, "malformed", nil},
		{"a document too many", auth(map[string]any{"document": document("x")}), 400, "malformed", nil},
		{"oversized", auth(map[string]any{"nonce": strings.Repeat("A", 20<<10)}), 413, "too_large", nil},
		{"huge", auth(map[string]any{"nonce": strings.Repeat("A", 2<<20)}), 413, "too_large", nil},
		{"a PIN of three digits", auth(map[string]any{"pin": "999"}), 400, "bad_pin_format", nil},
		{"a PIN of letters", auth(map[string]any{"pin": "ABCD"}), 400, "bad_pin_format", nil},
		{"no PIN", auth(map[string]any{"pin": nil}), 400, "bad_pin_format", nil},
		{"full-width digits", auth(map[string]any{"pin": "９９９９"}), 400, "bad_pin_format", nil},
	})
}

// merged gives the members of both; the later wins.
func merged(a, b map[string]any) map[string]any {
	for k, v := range b {
		a[k] = v
	}
	return a
}

func TestScriptRefusesMalformedSignatures(t *testing.T) {
	sign := func(change map[string]any) string {
		return members(t, signature(), merged(map[string]any{"pin": "WRONG000"}, change))
	}
	doc := func(change map[string]any) string {
		return sign(map[string]any{"document": json.RawMessage(members(t, document("申込書"), change))})
	}
	refused(t, "/v1/sign", []refusal{
		{"a password in small letters", sign(map[string]any{"pin": "wrong000"}), 400, "bad_pin_format", nil},
		{"a password too short", sign(map[string]any{"pin": "ABC12"}), 400, "bad_pin_format", nil},
		{"a password too long", sign(map[string]any{"pin": "ABCDEFGH123456789"}), 400, "bad_pin_format", nil},
		{"no document", sign(map[string]any{"document": nil}), 400, "malformed", nil},
		{"a nameless document", doc(map[string]any{"name": nil}), 400, "malformed", nil},
		{"a name with a line break", doc(map[string]any{"name": "a\nb"}), 400, "malformed", nil},
		{"a name that turns around", doc(map[string]any{"name": "a\u202etxt.exe"}), 400, "malformed", nil},
		{"a very long name", doc(map[string]any{"name": strings.Repeat("名", 201)}), 400, "malformed", nil},
		{"no media type of the document", doc(map[string]any{"mediaType": nil}), 415, "unsupported_document", nil},
		{"a PDF", doc(map[string]any{"mediaType": "application/pdf"}), 415, "unsupported_document", nil},
		{"HTML", doc(map[string]any{"mediaType": "text/html; charset=utf-8"}), 415, "unsupported_document", nil},
		{"another character set", doc(map[string]any{"mediaType": "text/plain; charset=shift_jis"}), 415, "unsupported_document", nil},
		{"another parameter", doc(map[string]any{"mediaType": "text/plain; format=flowed"}), 415, "unsupported_document", nil},
		{"octets that are no UTF-8", doc(map[string]any{"content": b64("\x93\xfa\x96\x7b")}), 415, "unsupported_document", nil},
		{"a NUL", doc(map[string]any{"content": b64("100円\x00")}), 415, "unsupported_document", nil},
		{"an escape sequence", doc(map[string]any{"content": b64("\x1b[8m100万円")}), 415, "unsupported_document", nil},
		{"text that turns around", doc(map[string]any{"content": b64("振込 \u202e0001")}), 415, "unsupported_document", nil},
		{"an invisible space", doc(map[string]any{"content": b64("100\u200b000円")}), 415, "unsupported_document", nil},
		{"nothing to sign", doc(map[string]any{"content": ""}), 400, "malformed", nil},
		{"only spaces to sign", doc(map[string]any{"content": b64(" \n　")}), 400, "malformed", nil},
		{"content that is no base64", doc(map[string]any{"content": "申込書"}), 400, "malformed", nil},
		{"content with loose bits", doc(map[string]any{"content": "QR=="}), 400, "malformed", nil},
		{"one octet too much", doc(map[string]any{"content": b64(strings.Repeat("a", 256<<10+1))}), 413, "too_large", nil},
		{"much too much", doc(map[string]any{"content": b64(strings.Repeat("a", 400<<10))}), 413, "too_large", nil},
		{"an unknown member of the document", doc(map[string]any{"href": "http://evil.example"}), 400, "malformed", nil},
	})
}
