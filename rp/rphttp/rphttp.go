// Package rphttp is the kit over plain net/http, for a relying party that has no framework of
// its own: a challenge that is bound to the browser that asked for it, the card's answers read
// from a request, and refusals as application/problem+json (RFC 9457). It needs the standard
// library alone. What it does, the functions of package rp do without it.
package rphttp

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Cookie is the name of the cookie that holds the nonce until the card has answered. Over
// https it is HostCookie, which no other host can set.
const (
	Cookie     = "jpki-challenge"
	HostCookie = "__Host-jpki-challenge"
)

// SignIn signs people in by card, for pages of the verifier's origin.
type SignIn struct {
	Verifier *rp.Verifier
	// Secure says that the pages are reached by https.
	Secure bool
}

func (s SignIn) cookie(nonce string, maxAge int) *http.Cookie {
	name := Cookie
	if s.Secure {
		name = HostCookie
	}
	return &http.Cookie{Name: name, Value: nonce, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteStrictMode}
}

// New makes a challenge and binds it to the browser that is answered, for a page that hands
// its Nonce to the card at once (data-jpki-nonce of card.js).
func (s SignIn) New(w http.ResponseWriter, r *http.Request) (rp.Challenge, error) {
	challenge, err := s.Verifier.NewChallenge(r.Context())
	if err != nil {
		return rp.Challenge{}, err
	}
	// The verifier knows when the challenge expires; the cookie only must not go before.
	http.SetCookie(w, s.cookie(challenge.Nonce, int((24*time.Hour).Seconds())))
	w.Header().Set("Cache-Control", "no-store")
	return challenge, nil
}

// Challenge answers a POST with New's challenge as JSON, for scripts of a page.
func (s SignIn) Challenge(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	challenge, err := s.New(w, r)
	if err != nil {
		WriteProblem(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(challenge) // fails if the browser has gone
}

// ErrNoChallenge says that this browser asked for no challenge, or has used it up.
var ErrNoChallenge = fmt.Errorf("rphttp: this browser was given no challenge: %w", rp.ErrChallenge)

// Verify reads the card's answer to the challenge of this browser, and verifies it. The
// challenge is used up, whatever comes of it. Start a new session before saying who signed in.
func (s SignIn) Verify(w http.ResponseWriter, r *http.Request) (*rp.Authentication, error) {
	asked, err := r.Cookie(s.cookie("", 0).Name)
	http.SetCookie(w, s.cookie("", -1))
	if err != nil || asked.Value == "" {
		return nil, ErrNoChallenge
	}
	token, err := ReadToken(r)
	if err != nil {
		return nil, err
	}
	return s.Verifier.VerifyAuthentication(r.Context(), token, asked.Value)
}

// ReadToken reads the card's answer for VerifyAuthentication: the member token of a JSON
// object, or the field token of a form, as card.js sends it. It is not verified. The form's
// other fields are read by FormValue, before or after.
func ReadToken(r *http.Request) ([]byte, error) {
	var in struct{ Token json.RawMessage }
	if field, err := read(r, "token", 2*rp.MaxToken, &in); err != nil || field != "" {
		return []byte(field), err
	}
	if len(in.Token) == 0 {
		return nil, malformed(jpki.UserAuthentication, "a token")
	}
	return in.Token, nil
}

// ReadCMS reads a signature for VerifySignature: the member or field cms, DER in base64. It
// is not verified. The form's other fields are read by FormValue, before or after.
func ReadCMS(r *http.Request) ([]byte, error) {
	var in struct{ CMS string }
	field, err := read(r, "cms", 2*rp.MaxCMS, &in)
	if err != nil {
		return nil, err
	}
	if field == "" {
		field = in.CMS
	}
	der, err := base64.StdEncoding.Strict().DecodeString(field)
	if err != nil || len(der) == 0 {
		return nil, malformed(jpki.DigitalSignature, "a signature in base64")
	}
	return der, nil
}

// read reads a body of at most max octets: the field of a form is returned, JSON goes into
// in. The other fields of a form are where net/http has them, whoever read it first.
func read(r *http.Request, name string, max int, in any) (field string, err error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && kind != "application/x-www-form-urlencoded" {
		return "", malformed(0, "a body of application/json or application/x-www-form-urlencoded")
	}
	if kind != "application/json" && r.PostForm != nil {
		return only(r.PostForm, name)
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, int64(max)))
	if err != nil {
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			return "", &rp.CheckError{Check: rp.FormCheck, Err: rp.ErrTooLarge, Expected: stated(fmt.Sprintf("at most %d octets", max)), Found: stated("more")}
		}
		return "", malformed(0, "a whole body")
	}
	if kind == "application/json" {
		d := json.NewDecoder(strings.NewReader(string(body)))
		if d.Decode(in) != nil || d.More() {
			return "", malformed(0, "one JSON object with "+name)
		}
		return "", nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return "", malformed(0, "one field "+name)
	}
	r.PostForm, r.Form = form, nil // ParseForm goes on from there
	return only(form, name)
}

// only gives the one value of a field.
func only(form url.Values, name string) (string, error) {
	if len(form[name]) != 1 || form.Get(name) == "" {
		return "", malformed(0, "one field "+name)
	}
	return form.Get(name), nil
}

func stated(s string) rp.Fact { return rp.Fact{Code: rp.FactText, Args: []string{s}} }

func malformed(kind jpki.Kind, wanted string) error {
	return &rp.CheckError{Check: rp.FormCheck, Kind: kind, Err: rp.ErrMalformed, Expected: stated(wanted), Found: rp.Fact{Code: "none"}}
}
