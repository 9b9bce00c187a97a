package web

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
)

// issuerPath is where the common platform's issuer is, as at デジタル認証アプリ.
const issuerPath = "/api/realms/main"

// discoveryTime is how long a discovery may take, with its repetitions.
const discoveryTime = 5 * time.Second

// assertionLife is how long a client assertion can be used.
const assertionLife = time.Minute

var (
	errNoPlatform = errors.New("catv: web: the common platform does not answer")
	errTampered   = errors.New("catv: web: the common platform's answer does not verify")
)

// platform is the common platform as its clients see it. It is discovered when
// it is first needed, and again while it could not be.
type platform struct {
	issuer string
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex
	found *oidc.Provider
}

func newPlatform(cfg Config) *platform {
	client := *cfg.HTTP
	client.Transport = &nearby{public: cfg.PlatformURL, peer: cfg.PlatformPeer, next: cfg.HTTP.Transport}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &platform{issuer: cfg.PlatformURL + issuerPath, client: &client, now: cfg.Now}
}

// nearby sends what is addressed to the platform's public origin to the address
// by which this server reaches it.
type nearby struct {
	public, peer string
	next         http.RoundTripper
}

// RoundTrip sends a request.
func (n *nearby) RoundTrip(r *http.Request) (*http.Response, error) {
	next := n.next
	if next == nil {
		next = http.DefaultTransport
	}
	address := r.URL.String()
	if rest, ok := strings.CutPrefix(address, n.public+"/"); ok && n.peer != n.public {
		to, err := url.Parse(n.peer + "/" + rest)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Host = r.URL.Host // the platform knows itself by its public name
		r.URL = to
	}
	return next.RoundTrip(r)
}

// context makes the libraries use the platform's client.
func (p *platform) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// discover finds the platform's addresses and keys, or tries again.
func (p *platform) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), discoveryTime)
	defer cancel()
	var err error
	for range 3 {
		var found *oidc.Provider
		if found, err = oidc.NewProvider(p.context(ctx), p.issuer); err == nil {
			p.found = found
			return found, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", errNoPlatform, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
	return nil, fmt.Errorf("%w: %w", errNoPlatform, err)
}

// service is one client at the platform.
type service struct {
	*platform
	Client
	redirect string
}

func (s service) config(provider *oidc.Provider) oauth2.Config {
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return oauth2.Config{ClientID: s.ID, Endpoint: endpoint, RedirectURL: s.redirect, Scopes: []string{oidc.ScopeOpenID}}
}

// start gives the address at which the viewer signs in, at the set's reader.
func (s service) start(ctx context.Context, l login, lang string) (string, error) {
	provider, err := s.discover(ctx)
	if err != nil {
		return "", err
	}
	cfg := s.config(provider)
	return cfg.AuthCodeURL(l.State, oidc.Nonce(l.Nonce), oauth2.S256ChallengeOption(l.Verifier),
		oauth2.SetAuthURLParam("jpki_face", "tv"), oauth2.SetAuthURLParam("ui_locales", lang)), nil
}

// named is what the platform says of who signed in.
type named struct {
	Sub string
	// Presence is the card client's word for the card that answered there.
	Presence string
}

// finish redeems a code, and gives what the verified ID token says.
func (s service) finish(ctx context.Context, l login, code string) (named, error) {
	provider, err := s.discover(ctx)
	if err != nil {
		return named{}, err
	}
	cfg := s.config(provider)
	assertion, err := s.assertion(cfg.Endpoint.TokenURL)
	if err != nil {
		return named{}, err
	}
	ctx = s.context(ctx)
	token, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(l.Verifier),
		oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
		oauth2.SetAuthURLParam("client_assertion", assertion))
	if answer, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
		return named{}, &platformError{Code: answer.ErrorCode}
	}
	if err != nil {
		return named{}, fmt.Errorf("%w: %w", errNoPlatform, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: s.ID, SupportedSigningAlgs: []string{oidc.ES256}, Now: s.now}).Verify(ctx, raw)
	if err != nil {
		return named{}, fmt.Errorf("%w: %w", errTampered, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(l.Nonce)) != 1 || id.Subject == "" {
		return named{}, fmt.Errorf("%w: of another sign-in", errTampered)
	}
	var beside struct {
		Presence string `json:"jpki_presence"`
	}
	if err := id.Claims(&beside); err != nil {
		return named{}, fmt.Errorf("%w: %w", errTampered, err)
	}
	return named{id.Subject, beside.Presence}, nil
}

// assertion proves to the token endpoint which client asks (RFC 7523).
func (s service) assertion(tokenURL string) (string, error) {
	if s.Key == nil || s.Key.Curve != elliptic.P256() {
		return "", fmt.Errorf("catv: web: client %s has no P-256 key", s.ID)
	}
	kid := s.KeyID
	if kid == "" {
		var err error
		if kid, err = thumbprint(s.Key); err != nil {
			return "", err
		}
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: s.Key},
		(&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", kid))
	if err != nil {
		return "", err
	}
	now := s.now()
	claims, err := json.Marshal(map[string]any{
		"iss": s.ID, "sub": s.ID, "aud": []string{tokenURL, s.issuer}, "jti": rand.Text(),
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(claims)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// thumbprint names a key (RFC 7638).
func thumbprint(key *ecdsa.PrivateKey) (string, error) {
	sum, err := (&jose.JSONWebKey{Key: &key.PublicKey}).Thumbprint(crypto.SHA256)
	return base64.RawURLEncoding.EncodeToString(sum), err
}
