package agent_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/virtualcard/agent"
)

// contract is what is signed, and sum its digest in base64.
const contract = "賃貸借契約書"

func sum() string {
	h := sha256.Sum256([]byte(contract))
	return base64.StdEncoding.EncodeToString(h[:])
}

func digestRequest() map[string]any {
	return map[string]any{"card": hanako, "pin": "HANAKO123", "origin": platform, "service": "みらい不動産", "digest": sum()}
}

// signsContract checks that a token is hanako's signature over the contract's digest.
func signsContract(t *testing.T, text string) {
	t.Helper()
	var token struct{ UnverifiedCertificate, Signature, Format string }
	if err := json.Unmarshal([]byte(text), &token); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	signature, err := base64.StdEncoding.DecodeString(token.Signature)
	h := sha256.Sum256([]byte(contract))
	if err != nil || rsa.VerifyPKCS1v15(&keys()[jpki.DigitalSignature].PublicKey, crypto.SHA256, h[:], signature) != nil {
		t.Errorf("not the signature of the digest: %s", text)
	}
	if token.Format != "jpki-digest:1" || token.UnverifiedCertificate == "" {
		t.Errorf("format %q, certificate %.20q", token.Format, token.UnverifiedCertificate)
	}
}

func TestAScriptHasADigestSigned(t *testing.T) {
	w := newTown(t)
	a := w.script("POST", "/v1/sign-digest", members(t, digestRequest(), nil))
	if a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	signsContract(t, a.Body)
	for code, change := range map[string]map[string]any{
		"digest_origin": {"origin": bank}, "malformed": {"digest": "AAAA"}, "no_certificate": {"card": haruto}, "wrong_pin": {"pin": "WRONG000"}, "no_card": {"card": "card-nobody"},
	} {
		if a := w.script("POST", "/v1/sign-digest", members(t, digestRequest(), change)); a.Member("code") != code {
			t.Errorf("%v: %d %s", change, a.Status, a.Body)
		}
	}
	for _, missing := range []string{"card", "origin", "service", "digest"} {
		if a := w.script("POST", "/v1/sign-digest", members(t, digestRequest(), map[string]any{missing: nil})); a.Status != http.StatusBadRequest {
			t.Errorf("without %s: %d %s", missing, a.Status, a.Body)
		}
	}
	if left := w.tries(hanako); left[0] != 4 {
		t.Errorf("only the wrong password costs a try: %v", left)
	}
}

func windowDigest(origin string, request map[string]any) string {
	b, _ := json.Marshal(map[string]any{"origin": origin, "request": request})
	return string(b)
}

// The window says for whom, that the document is not shown, and the digest; the answer goes to the
// platform's origin alone.
func TestTheWindowSignsADigest(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.get("/reader?card=" + string(hanako))
	ask := map[string]any{"action": "sign-digest", "service": "みらい不動産", "digest": sum()}
	at := b.asked(windowDigest(platform, ask))
	h := sha256.Sum256([]byte(contract))
	b.get(at).shows(t, "みらい不動産", "文書そのものは、この画面に表示できません", "署名用電子証明書と署名が、このサイトに渡ります", hex.EncodeToString(h[:4]))
	b.types(at, "HANAKO123").shows(t, "署名しました")
	answer := b.request(http.MethodPost, at+"/answer", "", "", "Origin", w.url, "Sec-Fetch-Site", "same-origin")
	var got struct {
		Origin string
		Answer struct{ Token json.RawMessage }
	}
	w.do(json.Unmarshal([]byte(answer.Body), &got))
	if got.Origin != platform {
		t.Errorf("for %s", got.Origin)
	}
	signsContract(t, string(got.Answer.Token))

	for code, body := range map[string]string{
		"digest_origin": windowDigest(bank, ask),
		"malformed":     windowDigest(platform, map[string]any{"action": "sign-digest", "service": "みらい不動産", "digest": sum(), "nonce": nonce}),
	} {
		if a := b.fetch("/window/requests", body); a.Member("code") != code {
			t.Errorf("%s: %d %s", code, a.Status, a.Body)
		}
	}
	for _, action := range []string{"authenticate", "sign"} {
		if a := b.fetch("/window/requests", windowDigest(platform, map[string]any{"action": action, "nonce": nonce, "digest": sum()})); a.Member("code") != "malformed" {
			t.Errorf("%s with a digest: %d %s", action, a.Status, a.Body)
		}
	}
}

func TestTheOtherFacesSignADigest(t *testing.T) {
	w := newTown(t)
	for _, face := range []string{"kiosk", "tv"} {
		b := w.browser()
		b.get("/reader?card=" + string(hanako))
		form := pairs("action", "sign-digest", "service", "みらい不動産", "digest", sum(), "return", platform+"/login/1/hand")
		a := b.handsOver(face, platform, form)
		if a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", face, a.Status, a.Body)
		}
		a.shows(t, "みらい不動産", "文書そのものは、この画面に表示できません")
		done := b.types(a.URL.Path, "HANAKO123")
		m := regexp.MustCompile(`name="token" value="([^"]*)"`).FindStringSubmatch(done.Body)
		if m == nil {
			t.Fatalf("%s: no token: %s", face, done.Body)
		}
		signsContract(t, html.UnescapeString(m[1]))
		done.shows(t, `name="presence"`)
		form.Set("return", bank+"/x")
		if a := b.handsOver(face, bank, form); a.Status != http.StatusForbidden {
			t.Errorf("%s: the bank was answered %d", face, a.Status)
		}
		form.Set("action", "authenticate")
		if a := b.handsOver(face, platform, form); a.Status != http.StatusBadRequest {
			t.Errorf("%s: an authentication with a digest was answered %d", face, a.Status)
		}
	}
}

// Without the setting no origin may.
func TestNobodyIsTrustedWithADigestByDefault(t *testing.T) {
	w := newTown(t)
	h, err := agent.New(agent.Config{Cabinet: w.cabinet, Now: w.Now})
	w.do(err)
	w.handler = h
	if a := serveJSON(t, h, "/v1/sign-digest", members(t, digestRequest(), nil)); a.Code != http.StatusForbidden {
		t.Errorf("%d %s", a.Code, a.Body)
	}
}

func serveJSON(t *testing.T, h http.Handler, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
