package citizen

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const (
	signIn    = `<form id="a" data-testid="top" action="/in" method="post" data-jpki="authenticate" data-jpki-nonce="n1"></form>`
	foot      = `<form id="foot" action="/in" method="post" data-jpki="authenticate" data-jpki-nonce="n1"></form>`
	otherSign = `<form id="b" action="/other" method="post" data-jpki="authenticate" data-jpki-nonce="n2"></form>`
	signs     = `<form data-jpki="sign" data-jpki-document="YQ=="></form>`
)

// shows returns a browser before a page.
func shows(t *testing.T, body string) *Browser {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	b, err := NewBrowser(nil)
	if err == nil {
		err = b.Goes(t.Context(), s.URL)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestWhichFormAsks: the only one, or the one that is named. What asks for something else is
// refused with what to do.
func TestWhichFormAsks(t *testing.T) {
	for _, c := range []struct {
		page, form string
		nonce      string
		err        error
	}{
		{page: signIn, nonce: "n1"},
		{page: signIn + signs, nonce: "n1"},
		{page: signIn + foot, nonce: "n1"}, // the same question twice
		{page: signIn + otherSign, err: ErrSeveralForms},
		{page: signIn + otherSign, form: "b", nonce: "n2"},
		{page: otherSign + signIn, form: "top", nonce: "n1"},
		{page: signIn + otherSign, form: "c", err: ErrOtherForm},
		{page: signIn, form: "c", err: ErrOtherForm},
		{page: signs, err: ErrSignatureAsked},
		{page: "<p>none</p>", err: ErrNoCardAsked},
	} {
		b := shows(t, c.page)
		b.Form = c.form
		q, err := b.Question()
		if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) || q.Nonce != c.nonce {
			t.Errorf("%s --form %q: %q, %v; want %q, %v", c.page, c.form, q.Nonce, err, c.nonce, c.err)
		}
	}
}

// service is a relying party that asks for a card, and the card's agent, which answers every question.
// A sign-in leads to the answers at /back.
func service(t *testing.T, back string, answer http.HandlerFunc) (address string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /signin", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, signIn)
	})
	mux.HandleFunc("POST /v1/authenticate", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	mux.HandleFunc("POST /in", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, back, http.StatusSeeOther) })
	mux.HandleFunc("GET /back", answer)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

// TestWhereASignInLedIsPrinted, and why it failed, whatever the service answers.
func TestWhereASignInLedIsPrinted(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	answers := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	const declined = "/back?error=access_denied&error_description=the+person+did+not+sign+in"
	for name, c := range map[string]struct {
		back    string
		answer  http.HandlerFunc
		refused bool
		fails   bool
		reason  string
	}{
		"an empty refusal":      {back: declined, answer: answers(401, "text/plain", ""), refused: true, fails: true, reason: "access_denied (the person did not sign in): HTTP 401 Unauthorized"},
		"a refusal in a page":   {back: declined, answer: answers(403, "text/html", "<h1>You did\x1b[2J not sign in</h1>"), refused: true, fails: true, reason: "access_denied (the person did not sign in): You did [2J not sign in"},
		"a page that goes on":   {back: declined, answer: answers(200, "text/html", "<h1>Try again</h1>"), reason: "access_denied (the person did not sign in)"},
		"an error without more": {back: "/back?error=login_required", answer: answers(400, "text/plain", "no\nsign-in"), refused: true, fails: true, reason: "login_required: HTTP 400 Bad Request: no sign-in"},
		"a problem":             {back: "/back?code=1", answer: answers(500, "application/problem+json", `{"title":"Broken","detail":"disk full"}`), refused: true, fails: true, reason: "HTTP 500 Internal Server Error: Broken disk full"},
		"a welcome":             {back: "/back?code=1", answer: answers(200, "text/plain", "hello")},
		"nobody there":          {back: gone.URL + "/back?code=1", fails: true},
	} {
		if c.answer == nil {
			c.answer = http.NotFound
		}
		at := service(t, c.back, c.answer)
		var out bytes.Buffer
		err := Run(t.Context(), []string{"login", "--agent", at, "--pin", "1234", at + "/signin"}, &out)
		var seen Seen
		if e := json.Unmarshal(out.Bytes(), &seen); e != nil {
			t.Errorf("%s: %v: %s, %v", name, e, &out, err)
		}
		if (err != nil) != c.fails || errors.Is(err, ErrRefused) != c.refused || seen.Refused != c.refused || seen.Reason != c.reason || !strings.HasSuffix(seen.URL, c.back) {
			t.Errorf("%s: %+v, %v; want %+v", name, seen, err, c)
		}
		if c.refused && !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
