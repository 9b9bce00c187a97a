package web_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/attributes"
	"example.jp/jpkimock/rp/platform/db"
	"example.jp/jpkimock/rp/platform/tester"
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
	reader   *webtest.Reader
	url      string
	handler  http.Handler
	software *ecdsa.PrivateKey // of the client software
	keyless  bool              // it does not answer
	cardless bool              // the card house is silent
	health   *service
	booking  *service
}

func newTown(t *testing.T) *town {
	t.Helper()
	return openTown(t, false)
}

// openTown opens a town with the tester's screen or without.
func openTown(t *testing.T, tested bool) *town {
	t.Helper()
	w := rptest.New(t)
	store, err := db.Open(filepath.Join(t.TempDir(), "platform.db"))
	webtest.Must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: w.URL(), Key: rptest.VerifierKey})
	webtest.Must(t, err)
	town := &town{T: t, World: w, reader: webtest.NewReader(t)}
	town.url = webtest.Serve(t, func(at string) http.Handler {
		var kit platform.Verifier = w.Verifier(at)
		if tested {
			kit = tester.Verifier{Verifier: kit}
		}
		town.platform, err = platform.New(t.Context(), platform.Config{Verifier: kit, Linkage: linkage, Attributes: town.reads(at), Store: store, Now: w.Clock.Now, PublicURL: at})
		webtest.Must(t, err)
		cfg := web.Config{Platform: town.platform, Now: w.Clock.Now, AgentURL: agentURL, AgentPeer: town.reader.URL, PublicURL: at, StaffKey: staffKey}
		if tested {
			cfg.Tester = tester.New(town.platform, at, testPeople, &testCards{town: town})
		}
		town.handler, err = web.New(cfg)
		webtest.Must(t, err)
		return town.handler
	})
	town.health = town.registers("RP00000001", "みほんケーブル ヘルスケア", "/health/callback", platform.WindowFace, platform.TVFace, platform.KioskFace)
	town.booking = town.registers("RP00000002", "みほんケーブル 施設予約", "/booking/callback", platform.WindowFace)
	return town
}

// reads is the reader of what the town's client software vouches for.
func (w *town) reads(origin string) *attributes.Reader {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	webtest.Must(w, err)
	w.software = key
	return &attributes.Reader{Origin: origin, Now: w.Clock.Now, Keys: func(context.Context) (json.RawMessage, error) {
		if w.keyless {
			return nil, errors.New("no answer")
		}
		return json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "software", Algorithm: "ES256", Use: "sig"}}})
	}}
}

// vouches adds to a card's answer what the client software tells of the holder.
func (w *town) vouches(token []byte, nonce string, told map[string]string, change func(claims map[string]any)) []byte {
	w.Helper()
	var answer map[string]any
	webtest.Must(w, json.Unmarshal(token, &answer))
	hash := sha256.Sum256([]byte(answer["signature"].(string)))
	claims := map[string]any{
		"aud": w.url, "nonce": nonce, "token_hash": base64.RawURLEncoding.EncodeToString(hash[:]), "attributes": told,
		"iat": w.Clock.Now().Unix(), "exp": w.Clock.Now().Add(time.Minute).Unix(),
	}
	if change != nil {
		change(claims)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: w.software, KeyID: "software"}}, (&jose.SignerOptions{}).WithType("jpkimock-attributes+jwt"))
	webtest.Must(w, err)
	answer["attributes"], err = jwt.Signed(signer).Claims(claims).Serialize()
	webtest.Must(w, err)
	text, err := json.Marshal(answer)
	webtest.Must(w, err)
	return text
}

// service is a service provider's server, made of an outside library.
type service struct {
	*town
	id       string
	key      crypto.Signer // EC P-256 or RSA
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	provider *oidc.Provider
}

func (w *town) registers(id, name, callback string, faces ...platform.Face) *service {
	w.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	webtest.Must(w, err)
	return w.enters(platform.ServiceProvider{ID: platform.ClientID(id), Name: name, RedirectURIs: []string{catv + callback}, Faces: faces}, key)
}

// enters writes an entry with this key into the register.
func (w *town) enters(sp platform.ServiceProvider, key crypto.Signer) *service {
	w.Helper()
	id := string(sp.ID)
	sp.NameEN = "Service " + id
	sp.Keys = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: id + "-1", Algorithm: string(algorithm(key)), Use: "sig"}}}
	_, err := w.platform.Register(w.Context(), sp, byStaff)
	webtest.Must(w, err)
	provider, err := oidc.NewProvider(w.Context(), w.url+"/api/realms/main")
	webtest.Must(w, err)
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return &service{
		town: w, id: id, key: key, provider: provider,
		oauth:    oauth2.Config{ClientID: id, Endpoint: endpoint, RedirectURL: sp.RedirectURIs[0], Scopes: []string{oidc.ScopeOpenID}},
		verifier: provider.Verifier(&oidc.Config{ClientID: id, Now: w.Clock.Now}),
	}
}

// algorithm is the one that a key is for.
func algorithm(key crypto.Signer) jose.SignatureAlgorithm {
	if _, ok := key.(*rsa.PrivateKey); ok {
		return jose.RS256
	}
	return jose.ES256
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
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm(s.key), Key: jose.JSONWebKey{Key: s.key, KeyID: s.id + "-1"}}, nil)
	webtest.Must(s, err)
	text, err := jwt.Signed(signer).Claims(claims).Serialize()
	webtest.Must(s, err)
	return text
}

// asks gives the address of an authorization request in order; pairs replace
// parameters, and "" drops one.
func (s *service) asks(pairs ...string) string {
	s.Helper()
	u, err := url.Parse(s.oauth.AuthCodeURL("state-1", oidc.Nonce("nonce-1"), oauth2.S256ChallengeOption(verifier1)))
	webtest.Must(s, err)
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
	webtest.Must(s, err)
	raw, _ := token.Extra("id_token").(string)
	id, err := s.verifier.Verify(s.Context(), raw)
	webtest.Must(s, err)
	return id.Subject
}

// browser is somebody's browser at the platform.
type browser struct {
	*town
	*webtest.Browser
}

func (w *town) browser() *browser { return &browser{w, webtest.NewBrowser(w, w.url)} }

func form(pairs ...string) string { return webtest.Form(pairs...).Encode() }

// answers plays card.js and the card on a sign-in page.
func (b *browser) answers(p webtest.Page, who string) webtest.Page {
	b.Helper()
	token := b.Card(who).Authenticate(b.url, p.Attribute("data-jpki-nonce"))
	return b.Fills(p.Attribute("action"), "token", string(token))
}

// signsIn signs in to a service, agreeing if asked, and gives what the service's
// redirect URI is told.
func (b *browser) signsIn(s *service, who string) url.Values {
	b.Helper()
	p := b.answers(b.Visits(s.asks()).Says(200, `data-testid="login"`), who)
	if strings.HasSuffix(p.Path(), "/consent") {
		p = b.Fills(p.Says(200, "同意").Path())
	}
	return s.returned(p)
}

// returned gives the query that the service's redirect URI is told.
func (s *service) returned(p webtest.Page) url.Values {
	s.Helper()
	u, err := url.Parse(p.Header.Get("Location"))
	webtest.Must(s, err)
	if p.Status != http.StatusSeeOther || u.Scheme+"://"+u.Host+u.Path != s.oauth.RedirectURL {
		s.Fatalf("%s: %d %q is not the way back to the service: %s", p.Path(), p.Status, u, p.Body)
	}
	if u.Query().Get("iss") != s.url+"/api/realms/main" {
		s.Errorf("iss is %q", u.Query().Get("iss"))
	}
	return u.Query()
}
