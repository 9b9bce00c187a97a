package web_test

import (
	"crypto/ecdsa"
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

	"example.jp/jpkimock/catv/web"
	"example.jp/jpkimock/internal/webtest"
)

const issuer = "http://platform.invalid/api/realms/main"

// stubPlatform is a common platform of a few lines: it names whoever's card lies
// on the browser's reader, and is strict with its clients. A test spoils what it
// says with spoil.
type stubPlatform struct {
	*httptest.Server
	t       *testing.T
	now     func() time.Time
	key     *ecdsa.PrivateKey
	clients map[string]*ecdsa.PrivateKey

	mu    sync.Mutex
	asked map[string]url.Values // by code
	who   map[string]string
	spoil func(claims map[string]any)
	down  bool
	last  url.Values // the last authorization request
}

func newStubPlatform(t *testing.T, now func() time.Time) *stubPlatform {
	p := &stubPlatform{t: t, now: now, key: newKey(t), clients: map[string]*ecdsa.PrivateKey{}, asked: map[string]url.Values{}, who: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/realms/main/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		if p.isDown() {
			http.Error(w, "no", http.StatusServiceUnavailable)
			return
		}
		base := issuer + "/protocol/openid-connect"
		p.reply(w, http.StatusOK, map[string]any{
			"issuer": issuer, "authorization_endpoint": base + "/auth", "token_endpoint": base + "/token", "jwks_uri": base + "/certs",
			"id_token_signing_alg_values_supported": []string{"ES256"},
		})
	})
	mux.HandleFunc("GET /api/realms/main/protocol/openid-connect/certs", func(w http.ResponseWriter, _ *http.Request) {
		p.reply(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /api/realms/main/protocol/openid-connect/token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func (p *stubPlatform) isDown() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.down
}

func (p *stubPlatform) set(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func (p *stubPlatform) client(id string) web.Client {
	p.clients[id] = newKey(p.t)
	return web.Client{ID: id, Key: p.clients[id], KeyID: id + "-1"}
}

// authorize answers an authorization request for whoever's card lies there, and
// gives the path of the redirect.
func (p *stubPlatform) authorize(b *browser, address string) string {
	p.t.Helper()
	u, err := url.Parse(address)
	webtest.Must(p.t, err)
	q := u.Query()
	for name, want := range map[string]string{"response_type": "code", "scope": "openid", "code_challenge_method": "S256", "jpki_face": "tv"} {
		if q.Get(name) != want {
			p.t.Errorf("authorization request: %s is %q", name, q.Get(name))
		}
	}
	if len(q.Get("state")) < 20 || len(q.Get("nonce")) < 20 {
		p.t.Errorf("authorization request: state %q, nonce %q", q.Get("state"), q.Get("nonce"))
	}
	code := rand.Text()
	p.set(func() { p.asked[code], p.who[code], p.last = q, b.card, q })
	back, err := url.Parse(q.Get("redirect_uri"))
	webtest.Must(p.t, err)
	return back.Path + "?" + url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {issuer}}.Encode()
}

// token redeems a code once, from its client, with its verifier.
func (p *stubPlatform) token(w http.ResponseWriter, r *http.Request) {
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
		p.reply(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	case r.PostFormValue("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || !p.asserts(id, r.PostFormValue("client_assertion")):
		p.reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	now := p.now()
	claims := map[string]any{
		"iss": issuer, "sub": id + "-" + who, "aud": []string{id}, "nonce": q.Get("nonce"), "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"jpki_presence": "at the platform",
	}
	if p.spoil != nil {
		p.spoil(claims)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: p.key, KeyID: "k"}}, nil)
	webtest.Must(p.t, err)
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	webtest.Must(p.t, err)
	p.reply(w, http.StatusOK, map[string]any{"access_token": rand.Text(), "token_type": "Bearer", "expires_in": 60, "id_token": token})
}

// asserts judges a client assertion (RFC 7523).
func (p *stubPlatform) asserts(id, assertion string) bool {
	token, err := jwt.ParseSigned(assertion, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || p.clients[id] == nil || token.Headers[0].KeyID != id+"-1" {
		return false
	}
	var c jwt.Claims
	return token.Claims(p.clients[id].Public(), &c) == nil && c.ID != "" &&
		c.Validate(jwt.Expected{Issuer: id, Subject: id, AnyAudience: jwt.Audience{issuer + "/protocol/openid-connect/token"}, Time: p.now()}) == nil
}

func (p *stubPlatform) reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
