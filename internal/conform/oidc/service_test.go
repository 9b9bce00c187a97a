package oidc_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// service is a small client that no library has written, and what it has forgotten to check.
type service struct {
	issuer, origin string
	key            *ecdsa.PrivateKey

	mu      sync.Mutex
	forgets string
	logins  map[string]login // by cookie
	found   bool             // it knows the provider
	named   string           // as the provider calls itself
	keys    map[string]*ecdsa.PublicKey
}

type login struct{ state, nonce, verifier string }

const clientID = "RP-SMALL"

func newService(issuer, origin string) *service {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return &service{issuer: issuer, origin: origin, key: key}
}

// forget plants a fault, and begins anew.
func (s *service) forget(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgets, s.logins, s.keys, s.found = what, map[string]login{}, nil, false
}

// check is one rule; the service that forgets it goes on.
func (s *service) check(what string, holds bool) error {
	if holds || s.forgets == what {
		return nil
	}
	return errors.New(what)
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock() // one visitor at a time
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Path == "/start" {
		if err := s.discover(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		s.start(w, r)
		return
	}
	if err := s.finish(r); err != nil {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, "<h1>%s</h1>", html.EscapeString(err.Error()))
		return
	}
	fmt.Fprint(w, "<h1>Welcome</h1>")
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// discover looks at the provider's document, once.
func (s *service) discover() error {
	if s.found {
		return nil
	}
	answer, err := http.Get(s.issuer + "/.well-known/openid-configuration")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var document struct{ Issuer string }
	if err := json.NewDecoder(answer.Body).Decode(&document); err != nil {
		return err
	}
	s.named = document.Issuer
	if err := s.check("discovery", s.forgets == "issuer" || document.Issuer == s.issuer); err != nil {
		return err
	}
	s.found = true
	return nil
}

func (s *service) start(w http.ResponseWriter, r *http.Request) {
	id, l := rand.Text(), login{rand.Text(), rand.Text(), rand.Text() + rand.Text()}
	if s.forgets == "fresh" {
		l = login{"state", "nonce", strings.Repeat("v", 43)}
	}
	s.logins[id] = l
	http.SetCookie(w, &http.Cookie{Name: "visit", Value: id, Path: "/"})
	digest := sha256.Sum256([]byte(l.verifier))
	asks := url.Values{
		"response_type": {"code"}, "client_id": {clientID}, "redirect_uri": {s.origin + "/callback"}, "scope": {"openid"}, "state": {l.state}, "nonce": {l.nonce},
		"code_challenge": {encode(digest[:])}, "code_challenge_method": {"S256"},
	}
	if s.forgets == "pkce" {
		asks.Set("code_challenge", "plain-"+l.verifier)
		asks.Set("code_challenge_method", "plain")
	}
	http.Redirect(w, r, s.issuer+"/auth?"+asks.Encode(), http.StatusSeeOther)
}

// mine is the sign-in that this browser has begun. Who forgets that takes any that waits.
func (s *service) mine(r *http.Request) (l login, err error) {
	visit, err := r.Cookie("visit")
	if err != nil && s.forgets == "browser" {
		for _, l = range s.logins {
			if l.state == r.URL.Query().Get("state") {
				return l, nil
			}
		}
	}
	if err != nil {
		return l, err
	}
	l, known := s.logins[visit.Value]
	if s.forgets != "once" {
		delete(s.logins, visit.Value)
	}
	return l, s.check("begun", known)
}

func (s *service) finish(r *http.Request) error {
	l, err := s.mine(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	if refused := q.Get("error"); refused != "" {
		return s.check("error", false)
	}
	if err := errors.Join(s.check("state", q.Get("state") == l.state), s.check("answer iss", q.Get("iss") == s.expected())); err != nil {
		return err
	}
	var tokens struct {
		AccessToken string `json:"access_token"`
		IDToken     string `json:"id_token"`
	}
	if err := s.redeem(q.Get("code"), l.verifier, &tokens); err != nil || tokens.IDToken == "" {
		return s.check("failure", false)
	}
	subject, err := s.identify(tokens.IDToken, l.nonce)
	if err != nil {
		return err
	}
	return s.userinfo(tokens.AccessToken, subject)
}

func (s *service) redeem(code, verifier string, into any) error {
	now := time.Now()
	claims := map[string]any{"iss": clientID, "sub": clientID, "aud": s.issuer + "/token", "jti": rand.Text(), "exp": now.Add(time.Minute).Unix()}
	if s.forgets == "assertion" {
		claims["aud"] = s.origin
	}
	answer, err := http.PostForm(s.issuer+"/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {s.origin + "/callback"}, "code_verifier": {verifier}, "client_id": {clientID},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {s.sign(claims)},
	})
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

func (s *service) sign(claims map[string]any) string {
	text, _ := json.Marshal(claims) // strings and numbers
	input := encode([]byte(`{"alg":"ES256"}`)) + "." + encode(text)
	digest := sha256.Sum256([]byte(input))
	r, v, err := ecdsa.Sign(rand.Reader, s.key, digest[:])
	if err != nil {
		panic(err)
	}
	raw := make([]byte, 64)
	r.FillBytes(raw[:32])
	v.FillBytes(raw[32:])
	return input + "." + encode(raw)
}

func part(text string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// expected is the issuer whose answers count. Who forgets which one is configured believes the
// provider's document.
func (s *service) expected() string {
	if s.forgets == "issuer" {
		return s.named
	}
	return s.issuer
}

// identify verifies an ID token, and gives its subject.
func (s *service) identify(token, nonce string) (string, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return "", errors.New("not a token")
	}
	var header struct{ Alg, Kid string }
	var claims struct {
		Iss, Sub, Nonce string
		Aud             any
		Exp             int64
	}
	if err := errors.Join(part(parts[0], &header), part(parts[1], &claims)); err != nil {
		return "", err
	}
	if header.Alg != "none" || s.forgets != "none" {
		if err := s.verify(parts, header.Alg, header.Kid); err != nil {
			return "", err
		}
	}
	return claims.Sub, errors.Join(
		s.check("iss", claims.Iss == s.expected()), s.check("aud", claims.Aud == clientID), s.check("nonce", claims.Nonce == nonce),
		s.check("exp", claims.Exp > time.Now().Unix()), s.check("sub", claims.Sub != ""),
	)
}

func (s *service) verify(parts []string, alg, kid string) error {
	key := s.keys[kid]
	if key == nil && (s.keys == nil || s.forgets != "rotation") {
		if err := s.fetch(); err != nil {
			return err
		}
		key = s.keys[kid]
	}
	if key == nil {
		return s.check("kid", false)
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || alg == "none" || len(raw) != 64 {
		return errors.Join(s.check("signature", false), s.check("alg", alg != "none"))
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	good := ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:]))
	return s.check("signature", good)
}

func (s *service) fetch() error {
	answer, err := http.Get(s.issuer + "/keys")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var set struct {
		Keys []struct{ Kid, X, Y string }
	}
	if err := json.NewDecoder(answer.Body).Decode(&set); err != nil {
		return err
	}
	s.keys = map[string]*ecdsa.PublicKey{}
	for _, k := range set.Keys {
		x, xErr := base64.RawURLEncoding.DecodeString(k.X)
		y, yErr := base64.RawURLEncoding.DecodeString(k.Y)
		key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), slices.Concat([]byte{4}, x, y))
		if err := errors.Join(xErr, yErr, err); err != nil {
			return err
		}
		s.keys[k.Kid] = key
	}
	return nil
}

func (s *service) userinfo(access, subject string) error {
	r, err := http.NewRequest(http.MethodGet, s.issuer+"/userinfo", bytes.NewReader(nil))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+access)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var who struct{ Sub string }
	if err := json.NewDecoder(answer.Body).Decode(&who); err != nil {
		return err
	}
	return s.check("userinfo", who.Sub == subject || subject == "")
}
