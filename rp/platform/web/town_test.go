package web_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"

	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/db"
	"example.jp/jpkimock/rp/platform/web"
	"example.jp/jpkimock/rp/rptest"
)

const (
	agentURL  = "http://agent.example.jp:8082"
	staffKey  = "staff-key"
	catv      = "http://catv.example.jp:8084"
	verifier1 = "a-verifier-of-the-service-0123456789-0123456789"
)

// byStaff is who keeps the register in these tests.
var byStaff = platform.By{Staff: "kiban-1", Why: "ためし"}

// town is a platform with its door open: a real database, a real listener, cards
// and an authority.
type town struct {
	*testing.T
	*rptest.World
	platform *platform.Platform
	reader   *reader
	url      string
	handler  http.Handler
	health   *service
	booking  *service
}

func newTown(t *testing.T) *town {
	t.Helper()
	w := rptest.New(t)
	store, err := db.Open(filepath.Join(t.TempDir(), "platform.db"))
	must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	server := httptest.NewUnstartedServer(nil)
	at := "http://" + server.Listener.Addr().String()
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.URL(), Key: rptest.VerifierKey})
	must(t, err)
	p, err := platform.New(t.Context(), platform.Config{Verifier: w.Verifier(at), Linkage: linkage, Store: store, Now: w.Clock.Now, PublicURL: at})
	must(t, err)
	set := newReader(t)
	handler, err := web.New(web.Config{Platform: p, Now: w.Clock.Now, AgentURL: agentURL, AgentPeer: set.URL, PublicURL: at, StaffKey: staffKey})
	must(t, err)
	server.Config.Handler = handler
	server.Start()
	t.Cleanup(server.Close)
	town := &town{T: t, World: w, platform: p, reader: set, url: at, handler: handler}
	town.health = town.registers("RP00000001", "みほんケーブル ヘルスケア", "/health/callback", platform.WindowFace, platform.TVFace, platform.KioskFace)
	town.booking = town.registers("RP00000002", "みほんケーブル 施設予約", "/booking/callback", platform.WindowFace)
	return town
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// reader stands for the card agent: it says whether a card still lies on the set.
type reader struct {
	*httptest.Server
	mu   sync.Mutex
	gone map[string]bool
}

func newReader(t *testing.T) *reader {
	r := &reader{gone: map[string]bool{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_ = json.NewEncoder(w).Encode(map[string]bool{"present": !r.gone[q.URL.Query().Get("token")]})
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *reader) takeAway(token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone[token] = true
}

// service is a service provider's server, made of an outside library.
type service struct {
	*town
	id       string
	key      *ecdsa.PrivateKey
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	provider *oidc.Provider
}

func (w *town) registers(id, name, callback string, faces ...platform.Face) *service {
	w.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(w, err)
	_, err = w.platform.Register(w.Context(), platform.ServiceProvider{
		ID: platform.ClientID(id), Name: name, NameEN: "Service " + id, RedirectURIs: []string{catv + callback}, Faces: faces,
		Keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: id + "-1", Algorithm: "ES256", Use: "sig"}}},
	}, byStaff)
	must(w, err)
	provider, err := oidc.NewProvider(w.Context(), w.url+"/api/realms/main")
	must(w, err)
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return &service{
		town: w, id: id, key: key, provider: provider,
		oauth:    oauth2.Config{ClientID: id, Endpoint: endpoint, RedirectURL: catv + callback, Scopes: []string{oidc.ScopeOpenID}},
		verifier: provider.Verifier(&oidc.Config{ClientID: id, Now: w.Clock.Now}),
	}
}

// assertion makes a client assertion; change spoils it.
func (s *service) assertion(change func(*jwt.Claims)) string {
	s.Helper()
	now := s.Clock.Now()
	claims := jwt.Claims{
		Issuer: s.id, Subject: s.id, Audience: jwt.Audience{s.oauth.Endpoint.TokenURL}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}
	if change != nil {
		change(&claims)
	}
	return s.signs(claims)
}

func (s *service) signs(claims any) string {
	s.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: s.key, KeyID: s.id + "-1"}}, nil)
	must(s, err)
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	must(s, err)
	return text
}

// asks gives the address of an authorization request in order; pairs replace
// parameters, and "" drops one.
func (s *service) asks(pairs ...string) string {
	s.Helper()
	u, err := url.Parse(s.oauth.AuthCodeURL("state-1", oidc.Nonce("nonce-1"), oauth2.S256ChallengeOption(verifier1)))
	must(s, err)
	q := u.Query()
	for i := 0; i < len(pairs); i += 2 {
		if q.Del(pairs[i]); pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	u.RawQuery = q.Encode()
	return strings.TrimPrefix(u.String(), s.url)
}

// exchange redeems a code with the outside library.
func (s *service) exchange(code string) (*oauth2.Token, error) {
	return s.exchangeWith(code, s.assertion(nil), verifier1)
}

func (s *service) exchangeWith(code, assertion, verifier string) (*oauth2.Token, error) {
	return s.oauth.Exchange(context.Background(), code, oauth2.VerifierOption(verifier),
		oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
		oauth2.SetAuthURLParam("client_assertion", assertion))
}

// signsIn goes all the way, and gives the sub that the service learns.
func (s *service) signsIn(who string) string {
	s.Helper()
	back := s.browser().signsIn(s, who)
	token, err := s.exchange(back.Get("code"))
	must(s, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := s.verifier.Verify(s.Context(), raw)
	must(s, err)
	return id.Subject
}

// browser is somebody's browser: it keeps cookies and follows redirects, but not
// out of the platform.
type browser struct {
	*town
	http.Client
}

func (w *town) browser() *browser {
	jar, err := cookiejar.New(nil)
	must(w, err)
	here := strings.TrimPrefix(w.url, "http://")
	return &browser{w, http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host != here {
			return http.ErrUseLastResponse
		}
		return nil
	}}}
}

// page is an answer: its status, where the redirects led, and its text.
type page struct {
	t      *testing.T
	status int
	path   string
	header http.Header
	body   string
}

func (b *browser) send(method, path, body string, headers ...string) page {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, b.url+path, strings.NewReader(body))
	must(b, err)
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := b.Do(r)
	must(b, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	must(b, err)
	return page{b.T, resp.StatusCode, resp.Request.URL.RequestURI(), resp.Header, string(text)}
}

func (b *browser) visits(path string) page { b.Helper(); return b.send(http.MethodGet, path, "") }

// fills sends a form; pairs are names and values.
func (b *browser) fills(path string, pairs ...string) page {
	b.Helper()
	return b.send(http.MethodPost, path, form(pairs...), "Content-Type", "application/x-www-form-urlencoded")
}

func form(pairs ...string) string {
	f := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		f.Add(pairs[i], pairs[i+1])
	}
	return f.Encode()
}

// answers plays card.js and the card on a sign-in page.
func (b *browser) answers(p page, who string) page {
	b.Helper()
	token := b.Card(who).Authenticate(b.url, p.attribute("data-jpki-nonce"))
	return b.fills(p.attribute("action"), "token", string(token))
}

// signsIn signs in to a service, agreeing if asked, and gives what the service's
// redirect URI is told.
func (b *browser) signsIn(s *service, who string) url.Values {
	b.Helper()
	p := b.answers(b.visits(s.asks()).says(200, `data-testid="login"`), who)
	if strings.HasSuffix(p.path, "/consent") {
		p = b.fills(p.says(200, "同意").path)
	}
	return p.returns(s)
}

// returns gives the query that a redirect URI of the service got.
func (p page) returns(s *service) url.Values {
	p.t.Helper()
	u, err := url.Parse(p.header.Get("Location"))
	must(p.t, err)
	if p.status != http.StatusSeeOther || u.Scheme+"://"+u.Host+u.Path != s.oauth.RedirectURL {
		p.t.Fatalf("%s: %d %q is not the way back to the service: %s", p.path, p.status, u, p.body)
	}
	if u.Query().Get("iss") != s.url+"/api/realms/main" {
		p.t.Errorf("iss is %q", u.Query().Get("iss"))
	}
	return u.Query()
}

// says fails the test unless the page has the status and all the texts.
func (p page) says(status int, texts ...string) page {
	p.t.Helper()
	text := html.UnescapeString(p.body)
	if p.status != status {
		p.t.Fatalf("%s: status %d (want %d): %s", p.path, p.status, status, text)
	}
	for _, want := range texts {
		if !strings.Contains(text, want) {
			p.t.Fatalf("%s does not say %q: %s", p.path, want, text)
		}
	}
	return p
}

// attribute gives the value of an attribute of the page's main part.
func (p page) attribute(name string) string {
	p.t.Helper()
	_, main, _ := strings.Cut(p.body, "<main")
	m := regexp.MustCompile(`\b` + name + `="([^"]*)"`).FindStringSubmatch(main)
	if m == nil {
		p.t.Fatalf("%s has no attribute %s: %s", p.path, name, p.body)
	}
	return html.UnescapeString(m[1])
}

// json reads the answer.
func (p page) json(into any) page {
	p.t.Helper()
	if err := json.Unmarshal([]byte(p.body), into); err != nil {
		p.t.Fatalf("%s: %v: %s", p.path, err, p.body)
	}
	return p
}
