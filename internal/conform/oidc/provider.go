package oidc

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Path is that of the issuer identifier, as the common platform has it.
const Path = "/api/realms/main"

// Person is the subject of every ID token that is not spoilt.
const Person = "3f0c5c1e-conformance"

// Provider is an OpenID provider that signs in one person at once, and is wrong as it is told.
type Provider struct {
	Issuer string
	now    func() time.Time
	mux    *http.ServeMux

	mu     sync.Mutex
	key    *key
	wrong  wrong
	asked  []url.Values      // authorization requests of this trial
	tokens []url.Values      // token requests of this trial
	codes  map[string]string // nonces, by code
	held   string            // where the browser would have been sent
	told   bool              // userinfo was asked
	found  bool              // the discovery document was asked for
}

// wrong is one fault. The zero value is none.
type wrong struct {
	answer   func(url.Values)                                  // changes what the browser brings back
	hold     bool                                              // the browser is not sent back
	claims   func(header, claims map[string]any)               // before the ID token is signed
	signed   func(p *Provider, input, signature string) string // another ID token from what was signed
	response func(map[string]any)                              // changes the token endpoint's answer
	token    func(http.ResponseWriter)                         // answers in place of the token endpoint
	subject  string                                            // of userinfo
	names    string                                            // the issuer that the discovery document names
}

// NewProvider returns a provider at an origin.
func NewProvider(origin string, now func() time.Time) (*Provider, error) {
	p := &Provider{Issuer: origin + Path, now: now, mux: http.NewServeMux(), codes: map[string]string{}}
	p.mux.HandleFunc("GET "+Path+"/.well-known/openid-configuration", p.discovery)
	p.mux.HandleFunc("GET "+Path+"/keys", p.keySet)
	p.mux.HandleFunc("GET "+Path+"/auth", p.authorize)
	p.mux.HandleFunc("POST "+Path+"/token", p.token)
	p.mux.HandleFunc(Path+"/userinfo", p.userinfo)
	_, err := p.rotate()
	return p, err
}

// Serve opens the provider on a port of the loopback interface, 0 for a free one.
func Serve(address string, now func() time.Time) (p *Provider, end func() error, err error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if p, err = NewProvider("http://localhost:"+port, now); err != nil {
		return nil, nil, err
	}
	server := &http.Server{Handler: p, ReadHeaderTimeout: 5 * time.Second}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) }) // ends when it is closed
	return p, func() error { defer serving.Wait(); return server.Close() }, nil
}

func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	p.mux.ServeHTTP(w, r)
}

// rotate makes a new signing key in place of the one before, which it gives.
func (p *Provider) rotate() (before *key, err error) {
	k, err := newKey()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	before, p.key = p.key, k
	return before, nil
}

// begin begins a trial with a fault.
func (p *Provider) begin(w wrong) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrong, p.asked, p.tokens, p.held, p.told, p.found = w, nil, nil, "", false, false
}

func write(w http.ResponseWriter, status int, what any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(what) // fails if the client has gone
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found = true
	write(w, http.StatusOK, map[string]any{
		"issuer": cmp.Or(p.wrong.names, p.Issuer), "authorization_endpoint": p.Issuer + "/auth", "token_endpoint": p.Issuer + "/token", "jwks_uri": p.Issuer + "/keys",
		"userinfo_endpoint": p.Issuer + "/userinfo", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"pairwise"},
		"scopes_supported": []string{"openid"}, "grant_types_supported": []string{"authorization_code"},
		"id_token_signing_alg_values_supported": []string{algorithm}, "code_challenge_methods_supported": []string{"S256"},
		"token_endpoint_auth_methods_supported":            []string{"private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": []string{"ES256", "RS256"},
		"authorization_response_iss_parameter_supported":   true,
	})
}

func (p *Provider) keySet(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	write(w, http.StatusOK, map[string]any{"keys": []any{p.key.public()}})
}

// authorize sends the browser back at once: the person has signed in and agreed.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	asks := r.URL.Query()
	back, err := url.Parse(asks.Get("redirect_uri"))
	if err != nil || back.Host == "" {
		http.Error(w, "redirect_uri is no address", http.StatusBadRequest)
		return
	}
	p.asked = append(p.asked, asks)
	code := rand.Text()
	p.codes[code] = asks.Get("nonce")
	answer := url.Values{"code": {code}, "iss": {p.Issuer}}
	if state := asks.Get("state"); state != "" {
		answer.Set("state", state)
	}
	if p.wrong.answer != nil {
		p.wrong.answer(answer)
	}
	query := back.Query()
	for name := range answer {
		query.Set(name, answer.Get(name))
	}
	back.RawQuery = query.Encode()
	p.held = back.String()
	if p.wrong.hold {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html><title>Held</title><h1>Held</h1>")) // fails if the browser has gone
		return
	}
	http.Redirect(w, r, p.held, http.StatusSeeOther)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		write(w, http.StatusBadRequest, map[string]string{"error": "invalid_request"})
		return
	}
	p.tokens = append(p.tokens, r.PostForm)
	if p.wrong.token != nil {
		p.wrong.token(w)
		return
	}
	nonce, known := p.codes[r.PostForm.Get("code")] // a code is taken again: that it is used once is the client's to see to here
	if !known {
		write(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	id, err := p.idToken(r.PostForm.Get("client_id"), nonce)
	if err != nil {
		write(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}
	answer := map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 300, "id_token": id}
	if p.wrong.response != nil {
		p.wrong.response(answer)
	}
	write(w, http.StatusOK, answer)
}

// idToken makes an ID token, as it is wrong.
func (p *Provider) idToken(client, nonce string) (string, error) {
	now := p.now()
	header := map[string]any{"alg": algorithm, "kid": p.key.id, "typ": "JWT"}
	claims := map[string]any{
		"iss": p.Issuer, "sub": Person, "aud": client, "exp": now.Add(5 * time.Minute).Unix(), "iat": now.Unix(), "auth_time": now.Unix(), "nonce": nonce,
	}
	if p.wrong.claims != nil {
		p.wrong.claims(header, claims)
	}
	input, err := parts(header, claims)
	if err != nil {
		return "", err
	}
	token := p.key.signs(input)
	if p.wrong.signed != nil {
		token = p.wrong.signed(p, input, strings.TrimPrefix(token, input+"."))
	}
	return token, nil
}

func (p *Provider) userinfo(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		write(w, http.StatusUnauthorized, map[string]string{"error": "invalid_token"})
		return
	}
	p.told = true
	subject := Person
	if p.wrong.subject != "" {
		subject = p.wrong.subject
	}
	write(w, http.StatusOK, map[string]string{"sub": subject})
}
