package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
)

const cardBody = `{"card":"hanako","pins":{"digital-signature":"ABC123","user-authentication":"1234"},"cardExpires":"2036-02-17","officer":"みほん市","why":"初回交付"}`

// TestTheCounter is a day at the municipal counter, from an empty register.
func TestTheCounter(t *testing.T) {
	tn := open(t)
	resident := jsonOf(t, authoritytest.Hanako())
	tn.want(tn.officer("POST", "/residents", resident), 201, "")
	tn.want(tn.officer("POST", "/residents", resident), 409, "resident_exists")
	r := tn.officer("POST", "/residents/hanako/cards", cardBody)
	tn.want(r, 201, "")
	if r.member("card") != "hanako" || !strings.HasPrefix(r.member("cardExpires").(string), "2036-02-17T14:59:59Z") {
		t.Error(r.text())
	}
	certificates := r.member("certificates").(map[string]any)
	s := certificates["digital-signature"].(map[string]any)["serial"].(string)
	path := "/certificates/digital-signature/" + s

	tn.want(tn.officer("POST", path+"/suspend", `{"why":"紛失の届出"}`), 200, "")
	tn.want(tn.officer("POST", path+"/suspend", `{"why":"紛失の届出"}`), 409, "already_suspended")
	tn.want(tn.officer("POST", path+"/resume", `{"why":"発見"}`), 200, "")
	tn.want(tn.officer("POST", path+"/resume", `{"why":"発見"}`), 409, "not_suspended")
	revoked := tn.officer("POST", path+"/revoke", `{"reason":"affiliationChanged","why":"転居"}`)
	tn.want(revoked, 200, "")
	if revoked.member("state") != "revoked" || revoked.member("reason") != "affiliationChanged" {
		t.Error(revoked.text())
	}
	tn.want(tn.officer("POST", path+"/revoke", `{"reason":"affiliationChanged","why":"転居"}`), 409, "already_revoked")
	tn.want(tn.officer("POST", "/certificates/digital-signature/7FFFFFFF/revoke", `{"reason":"superseded"}`), 404, "unknown_certificate")

	tn.want(tn.officer("POST", "/residents/hanako/cards", `{"card":"hanako","kinds":["digital-signature"]}`), 201, "")
	history := tn.officer("GET", "/residents/hanako", "")
	tn.want(history, 200, "")
	if n := len(history.member("certificates").([]any)); n != 3 {
		t.Errorf("%d certificates: %s", n, history.text())
	}
	contains(t, "the register", tn.officer("GET", "/residents", "").text(), `"id":"hanako"`, "見本　花子")
	tn.want(tn.officer("GET", "/residents/nobody", ""), 404, "unknown_resident")
	for _, secret := range []string{"ABC123", `"1234"`} {
		if strings.Contains(history.text()+r.text(), secret) {
			t.Errorf("a PIN is in an answer")
		}
	}
}

func TestTheVerifiersRegister(t *testing.T) {
	tn := open(t)
	made := tn.officer("POST", "/verifiers", `{"id":"clinic","name":"みほん診療所","key":"key-of-the-clinic-01","kinds":["user-authentication"]}`)
	tn.want(made, 201, "")
	if strings.Contains(made.text(), "key-of-the-clinic") {
		t.Error("the answer has the key in it")
	}
	tn.want(tn.officer("POST", "/verifiers", `{"id":"clinic","name":"x","key":"key-of-the-clinic-02","kinds":["user-authentication"]}`), 409, "verifier_exists")
	tn.want(tn.officer("POST", "/verifiers", `{"id":"c2","name":"x","key":"short","kinds":["user-authentication"]}`), 400, "invalid")
	crl := func() reply {
		return tn.do("GET", "/crl/user-authentication.crl", nil, "Authorization", "Bearer key-of-the-clinic-01")
	}
	tn.want(crl(), 200, "")
	tn.want(tn.officer("POST", "/verifiers/clinic/state", `{"state":"suspended","why":"監査"}`), 200, "")
	if r := crl(); r.StatusCode != 403 || r.member("reason") != "suspended" {
		t.Error(r.text())
	}
	tn.want(tn.officer("POST", "/verifiers/clinic/state", `{"state":"withdrawn"}`), 200, "")
	tn.want(tn.officer("POST", "/verifiers/clinic/state", `{"state":"accredited"}`), 409, "accreditation_withdrawn")
	tn.want(tn.officer("POST", "/verifiers/clinic/state", `{"state":"happy"}`), 400, "invalid")
	tn.want(tn.officer("POST", "/verifiers/nobody/state", `{"state":"suspended"}`), 404, "unknown_verifier")
	contains(t, "the register", tn.officer("GET", "/verifiers", "").text(), `"state":"withdrawn"`, `"id":"test-bank"`)
}

// TestTheCounterRefuses is what an outsider, a browser's page or a bad program
// may send.
func TestTheCounterRefuses(t *testing.T) {
	tn := open(t)
	tn.want(tn.officer("POST", "/residents", jsonOf(t, authoritytest.Hanako())), 201, "")
	key, asJSON := []string{"Authorization", "Bearer " + officerKey}, []string{"Content-Type", "application/json"}
	both := append(append([]string{}, key...), asJSON...)
	post := func(path, body string, headers ...string) reply {
		return tn.do("POST", "/counter/v1"+path, []byte(body), headers...)
	}
	tn.want(post("/residents", "{}", asJSON...), 401, "no_key")
	tn.want(post("/residents", "{}", append([]string{"Authorization", "Bearer x"}, asJSON...)...), 401, "wrong_key")
	tn.want(post("/residents", "{}", append([]string{"Authorization", "Bearer " + authoritytest.Key}, asJSON...)...), 401, "wrong_key")
	tn.want(post("/residents", "{}", append([]string{"Origin", tn.url}, both...)...), 403, "browser_refused")
	tn.want(post("/residents", "{}", append([]string{"Sec-Fetch-Site", "none"}, both...)...), 403, "browser_refused")
	tn.want(post("/residents", "{}", append([]string{"Host", "evil.example"}, both...)...), 421, "foreign_host")
	tn.want(post("/residents", "{}", append([]string{"Content-Type", "text/plain"}, key...)...), 415, "not_json")
	card := "/residents/hanako/cards"
	for name, c := range map[string]struct {
		path, body string
		status     int
		code       string
	}{
		"nothing":             {card, "", 400, "malformed"},
		"null":                {card, "null", 400, "malformed"},
		"an array":            {card, "[]", 400, "malformed"},
		"two objects":         {card, "{}{}", 400, "malformed"},
		"not UTF-8":           {card, "{\"card\":\"\xff\"}", 400, "malformed"},
		"an unknown member":   {card, `{"cards":"x"}`, 400, "malformed"},
		"a number for a PIN":  {card, `{"pins":{"user-authentication":1234}}`, 400, "malformed"},
		"an unknown kind":     {card, `{"pins":{"seal":"1234"}}`, 400, "malformed"},
		"no PINs":             {card, `{}`, 400, "invalid"},
		"a bad PIN":           {card, `{"pins":{"digital-signature":"ABC123","user-authentication":"99999"}}`, 400, "invalid"},
		"a day of no month":   {card, `{"cardExpires":"2036-02-30"}`, 400, "malformed"},
		"a make of no card":   {card, `{"variant":"wooden"}`, 400, "malformed"},
		"a card that expired": {card, `{"cardExpires":"2000-01-01"}`, 409, "card_expired"},
		"nobody":              {"/residents/nobody/cards", cardBody, 404, "unknown_resident"},
		"too large":           {card, `{"card":"` + strings.Repeat("x", 65<<10) + `"}`, 413, "too_large"},
		"no reason":           {"/certificates/digital-signature/01/revoke", `{}`, 400, "malformed"},
		"no such reason":      {"/certificates/digital-signature/01/revoke", `{"reason":"boredom"}`, 400, "malformed"},
		"hold as revocation":  {"/certificates/digital-signature/01/revoke", `{"reason":"certificateHold"}`, 400, "invalid"},
		"no such kind":        {"/certificates/seal/01/revoke", `{"reason":"superseded"}`, 404, "unknown_kind"},
		"no serial number":    {"/certificates/digital-signature/zz/suspend", `{}`, 400, "malformed"},
		"a bad date of birth": {"/residents", `{"id":"x","basicFour":{"dateOfBirth":"999999999"}}`, 400, "malformed"},
		"an empty resident":   {"/residents", `{}`, 400, "invalid"},
		"nesting":             {"/residents", strings.Repeat(`{"a":`, 20000), 413, "too_large"},
	} {
		r := post(c.path, c.body, both...)
		if r.StatusCode != c.status || r.member("code") != c.code || r.Header.Get("Content-Type") != "application/problem+json" || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %s, want %d %s", name, r.StatusCode, r.text(), c.status, c.code)
		}
		if strings.Contains(r.text(), "99999") || strings.Contains(r.text(), "1234") {
			t.Errorf("%s: what was sent comes back: %s", name, r.text())
		}
	}
	if n := len(tn.Cards.Writes); n != 0 {
		t.Errorf("%d cards were written", n)
	}
	if tn.Count(jpki.UserAuthentication) != 0 {
		t.Error("a certificate was issued")
	}
}

func TestTheClock(t *testing.T) {
	tn := open(t)
	put := func(body string) reply {
		return tn.do("PUT", "/clock", []byte(body), "Content-Type", "application/json")
	}
	shows := func(want time.Time) {
		t.Helper()
		r := tn.do("GET", "/clock", nil)
		now, err := time.Parse(time.RFC3339Nano, r.member("now").(string))
		if err != nil || now.Sub(want).Abs() > time.Minute {
			t.Errorf("the clock shows %v, want %v", now, want)
		}
	}
	real := tn.clock.Now()
	shows(real)
	tn.want(put(`{"advanceSeconds":86400}`), 200, "")
	shows(real.Add(24 * time.Hour))
	tn.want(put(`{"advanceSeconds":86400}`), 200, "")
	shows(real.Add(48 * time.Hour))
	tn.want(put(`{"offsetSeconds":-3600}`), 200, "")
	shows(real.Add(-time.Hour))
	tn.want(put(`{"now":"2031-02-18T00:00:00+09:00"}`), 200, "")
	at := time.Date(2031, 2, 17, 15, 0, 0, 0, time.UTC)
	shows(at)
	tn.want(put(`{"advance":{"years":5,"days":1},"frozen":true}`), 200, "")
	still := time.Date(2036, 2, 18, 15, 0, 0, 0, time.UTC) // five years by the calendar of Japan, and a day
	shows(still)
	if a, b := tn.do("GET", "/clock", nil), tn.do("GET", "/clock", nil); a.member("now") != b.member("now") || a.member("frozen") != true {
		t.Errorf("a clock that stands still shows %v and %v", a.member("now"), b.member("now"))
	}
	tn.want(put(`{"now":"2031-02-18T00:00:00+09:00"}`), 200, "")
	tn.want(put(`{"frozen":false}`), 200, "")
	for _, bad := range []string{`{"advance":{"years":200}}`, `{"advance":{"years":1},"advanceSeconds":1}`, `{"advance":{"weeks":1}}`, `{}`, `{"now":"tomorrow"}`, `{"offsetSeconds":0,"advanceSeconds":0}`, `{"advanceSeconds":1e30}`, `{"now":"2017-01-01T00:00:00Z"}`, `{"now":"2049-01-01T00:00:00Z"}`, `{"speed":2}`, ``} {
		tn.want(put(bad), 400, "malformed")
	}
	tn.want(tn.do("PUT", "/clock", []byte(`{"offsetSeconds":0}`), "Content-Type", "application/json", "Origin", tn.url), 403, "browser_refused")
	shows(at)
	tn.want(put(`{"offsetSeconds":0}`), 200, "")
	shows(real)
}

func TestFrontPage(t *testing.T) {
	tn := open(t)
	tn.Settle(authoritytest.Hanako())
	ja := tn.do("GET", "/", nil, "Accept", "text/html")
	tn.want(ja, http.StatusOK, "")
	contains(t, "the Japanese page", ja.text(), "公的個人認証サービス 認証局のご案内", "実在の機構ではありません", "O=JPKI-MOCK", "署名用電子証明書", `href="/ca/user-authentication.cer"`, tn.url+"/ocsp/{kind}", "1 枚")
	out, ok := openssl(t, "x509", "-noout", "-fingerprint", "-sha256", "-in", tn.file("ca.pem", tn.do("GET", "/ca/digital-signature.pem", nil).body))
	_, fingerprint, _ := strings.Cut(strings.TrimSpace(out), "=")
	if !ok || len(fingerprint) != 95 {
		t.Fatal(out)
	}
	contains(t, "the Japanese page", ja.text(), fingerprint)
	en := tn.do("GET", "/?lang=en", nil, "Accept", "text/html")
	contains(t, "the English page", en.text(), "The certification authorities of the JPKI", "This is not the real agency", fingerprint)
	if strings.Contains(ja.text()+en.text(), "style=") || strings.Contains(ja.text(), "<script>") {
		t.Error("an inline style or script")
	}
	tn.want(tn.do("GET", "/nowhere", nil), 404, "not_found")
	tn.want(tn.do("GET", "/healthz", nil), 200, "")
}
