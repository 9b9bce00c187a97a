// Package oidctest is an OpenID provider of a few lines for tests of its clients:
// it signs in whom the test names, and is strict with those who ask.
package oidctest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"example.jp/jpkimock/internal/oidcclient"
)

// Origin is the provider's public origin, at which nobody answers: servers reach
// it at its URL. Issuer is its issuer identifier.
const (
	Origin = "http://platform.invalid"
	Issuer = Origin + "/api/realms/main"
)

// Provider is the provider. Its URL is the peer address.
type Provider struct {
	*httptest.Server
	t   testing.TB
	now func() time.Time
	key *ecdsa.PrivateKey

	mu      sync.Mutex
	clients map[string]*ecdsa.PrivateKey
	asked   map[string]url.Values // by code
	who     map[string]string
	last    url.Values
	spoil   func(claims map[string]any)
	down    bool
}

// New starts a provider for a test.
func New(t testing.TB, now func() time.Time) *Provider {
	t.Helper()
	p := &Provider{t: t, now: now, key: newKey(t), clients: map[string]*ecdsa.PrivateKey{}, asked: map[string]url.Values{}, who: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/realms/main/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET /api/realms/main/protocol/openid-connect/certs", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /api/realms/main/protocol/openid-connect/token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (p *Provider) discovery(w http.ResponseWriter, _ *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		http.Error(w, "no", http.StatusServiceUnavailable)
		return
	}
	base := Issuer + "/protocol/openid-connect"
	reply(w, http.StatusOK, map[string]any{
		"issuer": Issuer, "authorization_endpoint": base + "/auth", "token_endpoint": base + "/token", "jwks_uri": base + "/certs",
		"id_token_signing_alg_values_supported": []string{"ES256"},
	})
}

// Register makes a client's registration.
func (p *Provider) Register(id string) oidcclient.Registration {
	key := newKey(p.t)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clients[id] = key
	return oidcclient.Registration{ID: id, Key: key, KeyID: id + "-1"}
}

// Down stops the provider's answers to discovery, or starts them.
func (p *Provider) Down(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

// Spoil changes the claims of every ID token from now on; nil ends that.
func (p *Provider) Spoil(spoil func(claims map[string]any)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spoil = spoil
}

// Last gives the last authorization request.
func (p *Provider) Last() url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// Authorize answers the authorization request at an address for somebody, and
// gives the path to which the browser is sent back. The request must have what
// want says beside what every one must have.
func (p *Provider) Authorize(person, address string, want map[string]string) string {
	p.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	q := u.Query()
	for name, value := range map[string]string{"response_type": "code", "code_challenge_method": "S256"} {
		if q.Get(name) != value {
			p.t.Errorf("authorization request: %s is %q", name, q.Get(name))
		}
	}
	for name, value := range want {
		if q.Get(name) != value {
			p.t.Errorf("authorization request: %s is %q", name, q.Get(name))
		}
	}
	if len(q.Get("state")) < 20 || len(q.Get("nonce")) < 20 {
		p.t.Errorf("authorization request: state %q, nonce %q", q.Get("state"), q.Get("nonce"))
	}
	code := rand.Text()
	p.mu.Lock()
	p.asked[code], p.who[code], p.last = q, person, q
	p.mu.Unlock()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil {
		p.t.Fatal(err)
	}
	return back.Path + "?" + url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {Issuer}}.Encode()
}

// token redeems a code once, from its client, with its verifier.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	code := r.PostFormValue("code")
	q, who := p.asked[code], p.who[code]
	delete(p.asked, code)
	id := r.PostFormValue("client_id")
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	switch {
	case q == nil || q.Get("client_id") != id || q.Get("redirect_uri") != r.PostFormValue("redirect_uri"),
		q.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(challenge[:]):
		reply(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	case r.PostFormValue("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || !p.asserts(id, r.PostFormValue("client_assertion")):
		reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	reply(w, http.StatusOK, map[string]any{
		"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 60, "id_token": p.idToken(id, who, q.Get("nonce")),
	})
}

// idToken says who signed in, as a test has spoilt it. The lock is held.
func (p *Provider) idToken(client, who, nonce string) string {
	now := p.now()
	claims := map[string]any{
		"iss": Issuer, "sub": client + "-" + who, "aud": []string{client}, "nonce": nonce, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"jpki_presence": "at the platform",
	}
	if p.spoil != nil {
		p.spoil(claims)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: p.key, KeyID: "k"}}, nil)
	if err != nil {
		p.t.Error(err)
		return ""
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		p.t.Error(err)
	}
	return token
}

// asserts judges a client assertion (RFC 7523 §3). The lock is held.
func (p *Provider) asserts(id, assertion string) bool {
	token, err := jwt.ParseSigned(assertion, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || p.clients[id] == nil || token.Headers[0].KeyID != id+"-1" {
		return false
	}
	var c jwt.Claims
	return token.Claims(p.clients[id].Public(), &c) == nil && c.ID != "" &&
		c.Validate(jwt.Expected{Issuer: id, Subject: id, AnyAudience: jwt.Audience{Issuer + "/protocol/openid-connect/token"}, Time: p.now()}) == nil
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
