package agent_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/virtualcard/agent"
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
	if a.Status != http.StatusOK || a.Member("format") != "web-eid:1.0" || a.Member("algorithm") != "RS256" {
		t.Fatalf("answered %d %s", a.Status, a.Body)
	}
	der, err := base64.StdEncoding.DecodeString(a.Member("unverifiedCertificate").(string))
	w.do(err)
	cert, err := x509.ParseCertificate(der)
	w.do(err)
	sig, err := base64.StdEncoding.DecodeString(a.Member("signature").(string))
	w.do(err)
	o, n := sha256.Sum256([]byte(bank)), sha256.Sum256([]byte(nonce))
	digest := sha256.Sum256(append(o[:], n[:]...))
	if err := rsa.VerifyPKCS1v15(cert.PublicKey.(*rsa.PublicKey), crypto.SHA256, digest[:], sig); err != nil {
		t.Error(err)
	}
	if a.Header.Get("Cache-Control") != "no-store" {
		t.Error("the token may be cached")
	}
}

func TestScriptGetsASignatureThatOpenSSLAccepts(t *testing.T) {
	w := newTown(t)
	a := w.script("POST", "/v1/sign", members(t, signature(), nil))
	if a.Status != http.StatusOK {
		t.Fatalf("answered %d %s", a.Status, a.Body)
	}
	cms, err := base64.StdEncoding.DecodeString(a.Member("cms").(string))
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
		{"a transit card", "/v1/authenticate", authentication(), map[string]any{"card": "card-transit", "pin": "1234"}, 409, "not_jpki", nil},
		{"a transit card, to sign", "/v1/sign", signature(), map[string]any{"card": "card-transit", "pin": "ABC123"}, 409, "not_jpki", nil},
		{"no such card", "/v1/authenticate", authentication(), map[string]any{"card": "card-nobody"}, 404, "no_card", nil},
		{"no card number", "/v1/sign", signature(), map[string]any{"card": "../Hanako"}, 404, "no_card", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := w.script("POST", c.path, members(t, c.base, c.change))
			if a.Status != c.status || a.Member("code") != c.code || a.Member("triesLeft") != c.left {
				t.Errorf("answered %d %s", a.Status, a.Body)
			}
			if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("Content-Type is %s", got)
			}
		})
	}
}

func TestScriptSignsTheLargestDocument(t *testing.T) {
	w := newTown(t)
	doc := document(strings.Repeat("a", 256<<10))
	doc["name"] = strings.Repeat("名", 200)
	a := w.script("POST", "/v1/sign", members(t, signature(), map[string]any{"document": doc}))
	if a.Status != http.StatusOK {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
}

func TestScriptMeetsABusyCard(t *testing.T) {
	w := newTown(t)
	conn, err := w.cabinet.Connect(t.Context(), hanako)
	w.do(err)
	a := w.script("POST", "/v1/authenticate", members(t, authentication(), map[string]any{"pin": "9999"}))
	w.do(conn.Close())
	if a.Status != http.StatusConflict || a.Member("code") != "card_busy" {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if got := w.tries(hanako); got != [2]int{5, 3} {
		t.Errorf("tries left %v", got)
	}
}

func TestScriptLooksAtTheCards(t *testing.T) {
	w := newTown(t)
	a := w.script("GET", "/v1/cards", "")
	if cards, ok := a.Member("cards").([]any); a.Status != http.StatusOK || !ok || len(cards) != 5 {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	a = w.script("GET", "/v1/cards/card-haruto", "")
	want := jpki.SerialNumber("0705D992")
	certs, _ := a.Member("certificates").(map[string]any)
	if a.Status != http.StatusOK || len(certs) != 1 || certs["user-authentication"] != string(want) || a.Member("dead") != false {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if a := w.script("GET", "/v1/cards/card-minoru", ""); a.Member("dead") != true {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if a := w.script("GET", "/v1/cards/card-nobody", ""); a.Status != http.StatusNotFound || a.Member("code") != "no_card" {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if a := w.script("GET", "/v1/cards", "", "Sec-Fetch-Site", "none", "Sec-Fetch-Mode", "navigate"); a.Status != http.StatusForbidden {
		t.Errorf("a page was answered %d", a.Status)
	}
	if a := w.script("GET", "/v1/cards", "", "Host", "card:8082"); a.Status != http.StatusOK {
		t.Errorf("under its configured name it answered %d", a.Status)
	}
}

// Whoever reads a card's keys by force gets none and kills the card; its holder is sent to
// the municipal counter.
func TestAScriptThatReadsTheKeysKillsTheCard(t *testing.T) {
	w := newTown(t)
	a := w.script("POST", "/v1/cards/card-hanako/tamper", "")
	if a.Status != http.StatusOK || a.Member("dead") != true || a.Member("tampered") != true {
		t.Errorf("answered %d %s", a.Status, a.Body)
	}
	if a := w.script("POST", "/v1/authenticate", members(t, authentication(), nil)); a.Status != http.StatusConflict || a.Member("code") != "tampered_card" {
		t.Errorf("the card was answered %d %s", a.Status, a.Body)
	}
	b := w.browser()
	b.get("/reader?card=card-hanako")
	page := b.asked(authAsk)
	b.get(page).shows(t, `data-code="tampered_card"`, "このカードの鍵は失われています", "窓口で再交付を受けてください")
	b.get(page+"?lang=en").shows(t, "This card has destroyed its keys", "Get a new card at the municipal counter")
	if a := w.script("POST", "/v1/cards/card-nobody/tamper", ""); a.Status != http.StatusNotFound || a.Member("code") != "no_card" {
		t.Errorf("no card was answered %d %s", a.Status, a.Body)
	}
	if a := w.script("POST", "/v1/cards/card-transit/tamper", ""); a.Status != http.StatusNotFound {
		t.Errorf("the transit card was answered %d %s", a.Status, a.Body)
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

// A script lays cards in the virtual readers, swaps them and takes them out. Who signs
// uses the same card where no PC/SC program does.
func TestAScriptChangesTheCardInAReader(t *testing.T) {
	w := newTown(t)
	state := func(name, card string, dead bool) string {
		return fmt.Sprintf(`{"name":"%s","card":"%s","dead":%t,"connected":false}`, name, card, dead)
	}
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/v1/readers/home", ``, 200, state("home", "", false)},
		{"PUT", "/v1/readers/home", `{"card":"card-hanako"}`, 200, state("home", "card-hanako", false)},
		{"GET", "/v1/reader", ``, 200, state("home", "card-hanako", false)},
		{"PUT", "/v1/readers/home", `{"card":"card-nobody"}`, 404, `"no_card"`},
		{"PUT", "/v1/readers/home", `{}`, 400, `"malformed"`},
		{"PUT", "/v1/readers/home", ``, 400, `"malformed"`},
		{"PUT", "/v1/readers/home", `{"card":"card-haruto","slot":2}`, 400, `"malformed"`},
		{"GET", "/v1/readers/kitchen", ``, 404, `"no_reader"`},
		{"PUT", "/v1/readers/kitchen", `{"card":"card-haruto"}`, 404, `"no_reader"`},
		{"GET", "/v1/readers/home", ``, 200, state("home", "card-hanako", false)},
		{"PUT", "/v1/readers/reception", `{"card":"card-minoru"}`, 200, state("reception", "card-minoru", true)},
		{"GET", "/v1/readers", ``, 200, `{"readers":[` + state("home", "card-hanako", false) + "," + state("reception", "card-minoru", true) + `]}`},
		{"PUT", "/v1/readers/reception", `{"card":"card-transit"}`, 200, state("reception", "card-transit", false)},
		{"PUT", "/v1/readers/reception", `{"card":"card-hanako"}`, 200, state("reception", "card-hanako", false)},
		{"GET", "/v1/readers/home", ``, 200, state("home", "", false)}, // one card lies in one place
		{"POST", "/v1/authenticate", members(t, authentication(), nil), 200, `"web-eid:1.0"`},
		{"PUT", "/v1/readers/reception", `{"card":""}`, 200, state("reception", "", false)},
	} {
		if a := w.script(c.method, c.path, c.body); a.Status != c.status || !strings.Contains(a.Body, c.want) {
			t.Errorf("%s %s %s was answered %d %s, want %d %s", c.method, c.path, c.body, a.Status, a.Body, c.status, c.want)
		}
	}
}

func TestWithoutAVirtualReader(t *testing.T) {
	w := newTown(t)
	handler, err := agent.New(agent.Config{Cabinet: w.cabinet, Now: w.Now})
	w.do(err)
	url := webtest.Serve(t, func(string) http.Handler { return handler })
	for _, method := range []string{"GET", "PUT"} {
		webtest.NewBrowser(t, url).Calls(method, "/v1/reader", map[string]string{"card": ""}, nil).Refuses(404, "no_reader")
	}
}
