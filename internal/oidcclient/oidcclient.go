// Package oidcclient signs people in at an OpenID provider, such as the common
// platform: the authorization code flow (OpenID Connect Core 1.0 §3.1) with PKCE
// (RFC 7636, S256), private_key_jwt (RFC 7523) and the issuer in the answer (RFC
// 9207).
//
// A house opens the provider once, and a client for each of its services. Start
// leads the browser there, and Finish reads what the browser brings back. Between
// the two the Login is kept in the browser's session, and leaves it before the
// answer is looked at:
//
//	provider := oidcclient.New(oidcclient.Config{Issuer: issuer, Now: clock.Now})
//	client := provider.Client(oidcclient.Registration{ID: "RP00000001", Key: key, Redirect: house + "/callback"})
//
//	login := oidcclient.NewLogin()
//	to, err := client.Start(ctx, login)                   // 303 to there
//	who, err := client.Finish(ctx, login, c.QueryParams()) // GET /callback
//
// Finish fails with ErrNotAsked, ErrAnswer, ErrUnavailable or a *RefusedError.
package oidcclient

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"example.jp/jpkimock/internal/tracing/carry"
)

var (
	// ErrUnavailable: the provider does not answer, or what it says of itself is
	// not what its issuer identifier promises.
	ErrUnavailable = errors.New("oidcclient: the provider does not answer")
	// ErrAnswer is an answer that does not verify.
	ErrAnswer = errors.New("oidcclient: the provider's answer does not verify")
	// ErrNotAsked is an answer to another sign-in, or to none.
	ErrNotAsked = errors.New("oidcclient: no sign-in waits for this answer")
)

// RefusedError is the provider's refusal, with its code (RFC 6749 §4.1.2.1, §5.2).
type RefusedError struct{ Code string }

func (e *RefusedError) Error() string { return "oidcclient: the provider refused: " + e.Code }

// Config says where the provider is. Issuer and Now are required.
type Config struct {
	// Issuer is the provider's issuer identifier, without a slash at the end.
	Issuer string
	// Public is the provider's origin as the issuer and the browsers have it, and
	// Peer the address by which this server reaches it; empty for the same.
	Public, Peer string
	Now          func() time.Time
	// HTTP makes the requests; nil for a client with a time limit.
	HTTP *http.Client
}

// Provider is an OpenID provider. Its addresses and keys are discovered when they
// are first needed, and again while that fails.
type Provider struct {
	issuer string
	http   *http.Client
	now    func() time.Time

	mu    sync.Mutex
	found *oidc.Provider
}

// New returns a provider that has not been asked yet.
func New(cfg Config) *Provider {
	client := http.Client{Timeout: 10 * time.Second}
	if cfg.HTTP != nil {
		client = *cfg.HTTP
	}
	if cfg.Peer != "" && cfg.Peer != cfg.Public {
		client.Transport = &peerTransport{public: cfg.Public, peer: cfg.Peer, next: client.Transport}
	}
	client.Transport = carry.Transport{Base: client.Transport}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Provider{issuer: cfg.Issuer, http: &client, now: cfg.Now}
}

// Discovery is tried so often, and takes so long at most.
const (
	discoveryTries = 3
	discoveryPause = 200 * time.Millisecond
	discoveryTime  = 5 * time.Second
)

// discover finds the provider's addresses and keys (OpenID Connect Discovery 1.0).
// That they are of another issuer is an error.
func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), discoveryTime)
	defer cancel()
	var err error
	for range discoveryTries {
		if p.found, err = oidc.NewProvider(p.context(ctx), p.issuer); err == nil {
			return p.found, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
		case <-time.After(discoveryPause):
		}
	}
	return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// context makes the libraries use the provider's HTTP client.
func (p *Provider) context(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.http)
}

// Registration is how a service is known at the provider.
type Registration struct {
	ID string // client_id
	// Key signs the client assertions: P-256, for ES256. KeyID names it in them;
	// empty for its thumbprint (RFC 7638).
	Key   *ecdsa.PrivateKey
	KeyID string
	// Redirect is the registered address that the answer comes to.
	Redirect string
	// Scopes are asked for beside openid.
	Scopes []string
}

// Client is a service at the provider.
type Client struct {
	*Provider
	Registration
}

// Client gives a service's client.
func (p *Provider) Client(r Registration) *Client { return &Client{p, r} }

func (c *Client) config(provider *oidc.Provider) oauth2.Config {
	endpoint := provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams
	return oauth2.Config{ClientID: c.ID, Endpoint: endpoint, RedirectURL: c.Redirect, Scopes: append([]string{oidc.ScopeOpenID}, c.Scopes...)}
}

// Login is a sign-in under way: three secrets that bind the answer to the session
// that keeps them.
type Login struct{ State, Nonce, Verifier string }

// NewLogin makes the secrets of a sign-in.
func NewLogin() Login {
	return Login{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
}

// Param is a parameter of the authorization request beside those of the flow.
type Param struct{ Name, Value string }

// Start gives the address at the provider where the person signs in.
func (c *Client) Start(ctx context.Context, l Login, more ...Param) (string, error) {
	provider, err := c.discover(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(l.Nonce), oauth2.S256ChallengeOption(l.Verifier)}
	for _, p := range more {
		options = append(options, oauth2.SetAuthURLParam(p.Name, p.Value))
	}
	cfg := c.config(provider)
	return cfg.AuthCodeURL(l.State, options...), nil
}

// Identity is what the verified ID token says of who signed in.
type Identity struct {
	// Subject is what the provider calls the person at this service.
	Subject string
	claims  func(into any) error
}

// Claims reads further claims of the ID token into a struct.
func (i Identity) Claims(into any) error {
	if err := i.claims(into); err != nil {
		return fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	return nil
}

// Finish takes the parameters with which the provider sent the browser back,
// redeems the code, and verifies the ID token.
func (c *Client) Finish(ctx context.Context, l Login, answer url.Values) (Identity, error) {
	switch refused := answer.Get("error"); {
	case l.State == "" || !same(l.State, answer.Get("state")):
		return Identity{}, ErrNotAsked
	case answer.Get("iss") != c.issuer: // RFC 9207 §2.4: none is as bad as another's
		return Identity{}, fmt.Errorf("%w: of another issuer", ErrAnswer)
	case refused != "":
		return Identity{}, &RefusedError{Code: refused}
	}
	provider, err := c.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx = c.context(ctx)
	token, err := c.redeem(ctx, c.config(provider), l, answer.Get("code"))
	if err != nil {
		return Identity{}, err
	}
	raw, _ := token.Extra("id_token").(string)
	check := &oidc.Config{ClientID: c.ID, SupportedSigningAlgs: []string{oidc.ES256}, Now: c.now}
	id, err := provider.Verifier(check).Verify(ctx, raw)
	if err != nil {
		return Identity{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if !same(id.Nonce, l.Nonce) || id.Subject == "" {
		return Identity{}, fmt.Errorf("%w: of another sign-in", ErrAnswer)
	}
	return Identity{Subject: id.Subject, claims: id.Claims}, nil
}

// redeem exchanges a code for tokens.
func (c *Client) redeem(ctx context.Context, cfg oauth2.Config, l Login, code string) (*oauth2.Token, error) {
	assertion, err := c.assertion(cfg.Endpoint.TokenURL)
	if err != nil {
		return nil, err
	}
	token, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(l.Verifier),
		oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
		oauth2.SetAuthURLParam("client_assertion", assertion))
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return nil, &RefusedError{Code: refused.ErrorCode}
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return token, nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// peerTransport sends what is addressed to the provider's public origin to the
// address by which this server reaches it.
type peerTransport struct {
	public, peer string
	next         http.RoundTripper
}

// RoundTrip sends a request.
func (t *peerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	if rest, ok := strings.CutPrefix(r.URL.String(), t.public+"/"); ok {
		to, err := url.Parse(t.peer + "/" + rest)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.Host = r.URL.Host // the provider knows itself by its public name
		r.URL = to
	}
	return next.RoundTrip(r)
}
