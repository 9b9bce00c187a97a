package rphttp_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rphttp"
	"example.jp/jpkimock/rp/rptest"
)

const origin = "https://bank.example.jp"

// shop is a relying party with the two exchanges.
type shop struct {
	*rptest.World
	*httptest.Server
}

func open(t *testing.T, secure bool) shop {
	t.Helper()
	w := rptest.New(t)
	in := rphttp.SignIn{Verifier: w.Verifier(origin), Secure: secure}
	mux := http.NewServeMux()
	mux.HandleFunc("/signin/challenge", in.Challenge)
	mux.HandleFunc("POST /signin", func(rw http.ResponseWriter, r *http.Request) {
		who, err := in.Verify(rw, r)
		if err != nil {
			rphttp.WriteProblem(rw, err)
			return
		}
		fmt.Fprint(rw, who.Serial)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return shop{w, s}
}

// newBrowser keeps cookies.
func newBrowser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func (s shop) challenge(t *testing.T, b *http.Client) rp.Challenge {
	t.Helper()
	resp, err := b.Post(s.Server.URL+"/signin/challenge", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var c rp.Challenge
	if err := json.NewDecoder(resp.Body).Decode(&c); err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%v: %v", resp.Status, err)
	}
	return c
}

// answers posts what the card says, and returns the serial number, or the problem.
func (s shop) answers(t *testing.T, b *http.Client, contentType, body string) (string, rphttp.Problem) {
	t.Helper()
	resp, err := b.Post(s.Server.URL+"/signin", contentType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode == http.StatusOK {
		return string(said), rphttp.Problem{}
	}
	var p rphttp.Problem
	if err := json.Unmarshal(said, &p); err != nil || p.Status != resp.StatusCode || p.Title == "" || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%v: %s: %v", resp.Status, said, err)
	}
	return "", p
}

const asJSON, asForm = "application/json; charset=utf-8", "application/x-www-form-urlencoded"

func TestSignInByJSONAndByForm(t *testing.T) {
	s := open(t, false)
	hanako := s.Card("hanako")
	for _, contentType := range []string{asJSON, asForm} {
		b := newBrowser(t)
		token := hanako.Authenticate(origin, s.challenge(t, b).Nonce)
		body := `{"token":` + string(token) + `}`
		if contentType == asForm {
			body = url.Values{"token": {string(token)}}.Encode()
		}
		if serial, p := s.answers(t, b, contentType, body); serial != hanako.Serial(jpki.UserAuthentication).String() {
			t.Errorf("%s: %s %+v", contentType, serial, p)
		}
		if _, p := s.answers(t, b, contentType, body); p.Code != "challenge_used" || p.Status != http.StatusConflict {
			t.Errorf("a second time: %+v", p)
		}
	}
}

// A challenge is the browser's that asked for it: an answer that somebody else brings is worth
// nothing, and neither is their browser with the answer to its own challenge replaced.
func TestAChallengeIsBoundToItsBrowser(t *testing.T) {
	s := open(t, false)
	victim, attacker := newBrowser(t), newBrowser(t)
	s.challenge(t, victim)
	foreign := s.Card("taro").Authenticate(origin, s.challenge(t, attacker).Nonce)
	if _, p := s.answers(t, victim, asJSON, `{"token":`+string(foreign)+`}`); p.Code != "origin" {
		t.Errorf("another's answer: %+v", p)
	}
	if _, p := s.answers(t, newBrowser(t), asJSON, `{"token":`+string(foreign)+`}`); p.Code != "challenge_used" || p.Retryable {
		t.Errorf("without a cookie: %+v", p)
	}
}

func TestTheCookieOverHTTPS(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := open(t, secure)
		resp, err := http.Post(s.Server.URL+"/signin/challenge", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		c := resp.Cookies()[0]
		name := rphttp.Cookie
		if secure {
			name = rphttp.HostCookie
		}
		if c.Name != name || c.Secure != secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 {
			t.Errorf("%+v", c)
		}
		if resp, err = http.Get(s.Server.URL + "/signin/challenge"); err != nil || resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("GET: %v %v", resp, err)
		}
		_ = resp.Body.Close()
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	s := open(t, false)
	for name, c := range map[string]struct {
		contentType, body, code string
	}{
		"no type":     {"", "{}", "malformed"},
		"text":        {"text/plain", "{}", "malformed"},
		"not JSON":    {asJSON, "token", "malformed"},
		"no token":    {asJSON, "{}", "malformed"},
		"two objects": {asJSON, `{"token":{}} {}`, "malformed"},
		"no field":    {asForm, "tok=1", "malformed"},
		"two fields":  {asForm, "token=1&token=2", "malformed"},
		"not a form":  {asForm, "token=%zz", "malformed"},
		"too long":    {asJSON, `{"token":"` + strings.Repeat("x", 3*rp.MaxToken) + `"}`, "too_large"},
	} {
		b := newBrowser(t)
		s.challenge(t, b)
		if _, p := s.answers(t, b, c.contentType, c.body); p.Code != c.code || p.Check != "form" || p.Status/100 != 4 {
			t.Errorf("%s: %+v", name, p)
		}
		if _, p := s.answers(t, b, asJSON, `{"token":{}}`); p.Code != "challenge_used" {
			t.Errorf("%s: the challenge was kept: %+v", name, p)
		}
	}
}

func TestReadCMS(t *testing.T) {
	der := []byte{0x30, 0x03, 0x02, 0x01, 0x05}
	b64 := base64.StdEncoding.EncodeToString(der)
	for body, ok := range map[string]bool{
		`{"cms":"` + b64 + `"}`: true, url.Values{"cms": {b64}}.Encode(): true,
		`{"cms":""}`: false, `{"cms":"` + b64 + `="}`: false, `{}`: false, "cms=": false, `{"cms":5}`: false,
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", asForm)
		if body[0] == '{' {
			r.Header.Set("Content-Type", asJSON)
		}
		got, err := rphttp.ReadCMS(r)
		if ok != (err == nil) || ok && !bytes.Equal(got, der) || !ok && !errors.Is(err, rp.ErrMalformed) {
			t.Errorf("%s: %x %v", body, got, err)
		}
	}
}

// The other fields of a form are there before and after the answer is read.
func TestTheOtherFieldsOfAForm(t *testing.T) {
	post := func() *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/apply?step=2", strings.NewReader("number=A-1&cms=AQID&token=%7B%7D"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	for name, read := range map[string]func(*http.Request) error{
		"a signature": func(r *http.Request) error { _, err := rphttp.ReadCMS(r); return err },
		"a token":     func(r *http.Request) error { _, err := rphttp.ReadToken(r); return err },
		"both": func(r *http.Request) error {
			_, err := rphttp.ReadToken(r)
			_, more := rphttp.ReadCMS(r)
			return errors.Join(err, more)
		},
	} {
		after, before := post(), post()
		if err := read(after); err != nil || after.FormValue("number") != "A-1" || after.FormValue("step") != "2" || after.PostFormValue("step") != "" {
			t.Errorf("after %s: %v, %q", name, err, after.Form)
		}
		if before.FormValue("number") != "A-1" {
			t.Fatal("no form")
		}
		if err := read(before); err != nil {
			t.Errorf("before %s: %v", name, err)
		}
	}
	twice := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("cms=AQID&cms=AQID"))
	twice.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := twice.ParseForm(); err != nil {
		t.Fatal(err)
	}
	if _, err := rphttp.ReadCMS(twice); err == nil {
		t.Error("a field twice")
	}
}

// Every code of the kit has a status of its own meaning, and what is to be tried again is 503.
func TestEveryCodeHasAStatus(t *testing.T) {
	for _, code := range rp.Codes() {
		err := rp.Rule(code)
		p := rphttp.ProblemOf(err)
		if p.Code != code || p.Status == http.StatusInternalServerError || p.Detail == "" {
			t.Errorf("%s: %+v", code, p)
		}
		if retry := rp.Retryable(err); p.Retryable != retry || retry && p.Status != http.StatusServiceUnavailable {
			t.Errorf("%s: to be tried again %v, status %d", code, retry, p.Status)
		}
	}
	if p := rphttp.ProblemOf(errors.New("the database of hanako is down")); p != (rphttp.Problem{Type: "about:blank", Title: "Internal Server Error", Status: 500, Code: "internal"}) {
		t.Errorf("an error of the house: %+v", p)
	}
}

// A refusal says which check, and of a revocation why and since when.
func TestARefusalSaysWhatWasFound(t *testing.T) {
	s := open(t, false)
	hanako := s.Card("hanako")
	s.Revoke("hanako", jpki.UserAuthentication, jpki.KeyCompromise)
	b := newBrowser(t)
	token := hanako.Authenticate(origin, s.challenge(t, b).Nonce)
	_, p := s.answers(t, b, asJSON, `{"token":`+string(token)+`}`)
	if p.Code != "revoked" || p.Status != 403 || p.Check != "status" || p.Reason != jpki.KeyCompromise.String() || p.At == "" || p.Serial != hanako.Serial(jpki.UserAuthentication).String() {
		t.Errorf("%+v", p)
	}
	_, err := s.Verifier(origin).VerifyAuthentication(t.Context(), token, "nonce")
	said, jerr := json.Marshal(err)
	if jerr != nil || !strings.HasPrefix(string(said), `{"code":"challenge_used","check":"challenge","kind":"user-authentication","expected":{"code":`) || !strings.HasSuffix(string(said), `"retryable":false}`) {
		t.Errorf("%s %v", said, jerr)
	}
}
