package e2e

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"
)

// client is a service provider at the common platform, made of libraries that
// have nothing to do with this project. Its front page begins a sign-in, at the
// face and with the prompt that the address names; its callback shows the sub.
type client struct {
	*httptest.Server
	t   *testing.T
	w   *World
	id  string
	key *ecdsa.PrivateKey
	enc *ecdsa.PrivateKey // to which signatures are encrypted

	mu    sync.Mutex
	flows map[string]flow // by state
}

// flow is a sign-in under way.
type flow struct{ nonce, verifier string }

func newClient(t *testing.T, w *World, id string) *client {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	enc, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &client{t: t, w: w, id: id, key: key, enc: enc, flows: map[string]flow{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.begin)
	mux.HandleFunc("GET /callback", s.callback)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// jwks is the client's public keys as the register wants them.
func (s *client) jwks() string {
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: s.id + "-1", Algorithm: "ES256", Use: "sig"}, {Key: s.enc.Public(), KeyID: s.id + "-2", Use: "enc"}}})
	if err != nil {
		s.t.Error(err)
	}
	return string(set)
}

// discovered is the platform as the library finds it.
func (s *client) discovered(r *http.Request) (*oidc.Provider, oauth2.Config, error) {
	provider, err := oidc.NewProvider(r.Context(), s.w.URL("platform")+"/api/realms/main")
	if err != nil {
		return nil, oauth2.Config{}, err
	}
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return provider, oauth2.Config{ClientID: s.id, Endpoint: endpoint, RedirectURL: s.URL + "/callback", Scopes: strings.Fields(cmp.Or(r.URL.Query().Get("scope"), oidc.ScopeOpenID))}, nil
}

func (s *client) begin(w http.ResponseWriter, r *http.Request) {
	_, config, err := s.discovered(r)
	if err != nil {
		s.fails(w, err)
		return
	}
	state, f := rand.Text(), flow{nonce: rand.Text(), verifier: oauth2.GenerateVerifier()}
	s.mu.Lock()
	s.flows[state] = f
	s.mu.Unlock()
	options := []oauth2.AuthCodeOption{oidc.Nonce(f.nonce), oauth2.S256ChallengeOption(f.verifier)}
	for name, as := range map[string]string{"face": "jpki_face", "prompt": "prompt", "lang": "ui_locales", "transaction": "sign_transaction_id"} {
		if v := r.URL.Query().Get(name); v != "" {
			options = append(options, oauth2.SetAuthURLParam(as, v))
		}
	}
	http.Redirect(w, r, config.AuthCodeURL(state, options...), http.StatusSeeOther)
}

func (s *client) callback(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	s.mu.Lock()
	f, known := s.flows[q.Get("state")]
	delete(s.flows, q.Get("state"))
	s.mu.Unlock()
	if !known {
		s.fails(w, fmt.Errorf("state %q was not asked for", q.Get("state")))
		return
	}
	told, id, more := "refused", q.Get("error"), map[string]any{}
	if id == "" {
		sub, claims, err := s.redeem(r, f, q.Get("code"))
		if err != nil {
			s.fails(w, err)
			return
		}
		told, id, more = "sub", sub, claims
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><title>service</title><main><h1>Service</h1><p data-testid="%s">%s</p><p data-testid="claims">%v</p></main>`, told, id, more)
}

// redeem redeems a code, and gives the sub of the verified ID token and what userinfo tells.
func (s *client) redeem(r *http.Request, f flow, code string) (sub string, claims map[string]any, err error) {
	provider, config, err := s.discovered(r)
	if err != nil {
		return "", nil, err
	}
	assertion, err := s.assertion(config.Endpoint.TokenURL)
	if err != nil {
		return "", nil, err
	}
	token, err := config.Exchange(r.Context(), code, oauth2.VerifierOption(f.verifier),
		oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
		oauth2.SetAuthURLParam("client_assertion", assertion))
	if err != nil {
		return "", nil, err
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: s.id, SupportedSigningAlgs: []string{oidc.ES256}, Now: s.w.Clock().Now}).Verify(r.Context(), raw)
	if err != nil {
		return "", nil, err
	}
	if id.Nonce != f.nonce {
		return "", nil, fmt.Errorf("nonce %q, not %q", id.Nonce, f.nonce)
	}
	info, err := provider.UserInfo(r.Context(), oauth2.StaticTokenSource(token))
	if err == nil {
		err = info.Claims(&claims)
	}
	return id.Subject, claims, err
}

func (s *client) assertion(audience string) (string, error) {
	now := s.w.Clock().Now()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: s.key, KeyID: s.id + "-1"}}, nil)
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: s.id, Subject: s.id, Audience: jwt.Audience{audience}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}).Serialize()
}

// fails shows an error to the person and to the story.
func (s *client) fails(w http.ResponseWriter, err error) {
	s.t.Errorf("the service: %v", err)
	http.Error(w, err.Error(), http.StatusBadGateway)
}
