package oidc

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"example.jp/jpkimock/internal/conform"
)

var errNotAsked = errors.New("the start URL did not lead to the provider")

// Keys are a client's public keys: a JWK Set.
type Keys = jose.JSONWebKeySet

// longestKeys bounds a file of keys, in octets.
const longestKeys = 1 << 20

// ReadKeys reads a JWK Set; none without a path.
func ReadKeys(path string) (keys Keys, err error) {
	if path == "" {
		return keys, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return keys, err
	}
	defer f.Close()
	return keys, json.NewDecoder(io.LimitReader(f, longestKeys)).Decode(&keys)
}

// requests are the cases of what the client asks. A request is accepted that has nothing wrong.
func (c *Client) requests() []conform.Case {
	return []conform.Case{
		c.looks("OC-03", c.authorization),
		c.looks("OC-04", c.redemption),
		c.looks("OC-05", func() []string { return fresh("authorization", c.Provider.asked, "state", "nonce", "code_challenge") }),
		c.looks("OC-06", c.assertions),
	}
}

// looks makes a case of two sign-ins, and of what the provider was asked then.
func (c *Client) looks(id string, wrongs func() []string) conform.Case {
	return c.does(id, conform.Accept, func(ctx context.Context) (conform.Seen, error) {
		_, _, err := c.signsIn(ctx, wrong{})
		if err != nil {
			return conform.Seen{}, err
		}
		again, err := c.browser()
		if err != nil {
			return conform.Seen{}, err
		}
		_ = again.Goes(ctx, c.Start) // what it shows was looked at by the first case
		c.Provider.mu.Lock()
		defer c.Provider.mu.Unlock()
		if len(c.Provider.asked) < 2 || len(c.Provider.tokens) < 2 {
			return conform.Seen{Came: fmt.Sprintf("two sign-ins made %d authorization and %d token requests", len(c.Provider.asked), len(c.Provider.tokens))}, ctx.Err()
		}
		found := wrongs()
		if len(found) == 0 {
			return conform.Seen{Accepted: true, Came: "the requests have nothing wrong"}, nil
		}
		return conform.Seen{Came: strings.Join(found, "; ")}, nil
	})
}

// authorization says what is wrong with the authorization request.
func (c *Client) authorization() (wrongs []string) {
	asks := c.Provider.asked[0]
	for name, want := range map[string]string{"response_type": "code", "code_challenge_method": "S256"} {
		if asks.Get(name) != want {
			wrongs = append(wrongs, fmt.Sprintf("%s is %q, want %q", name, asks.Get(name), want))
		}
	}
	if !slices.Contains(strings.Fields(asks.Get("scope")), "openid") {
		wrongs = append(wrongs, fmt.Sprintf("scope is %q, want openid in it", asks.Get("scope")))
	}
	for _, name := range []string{"client_id", "redirect_uri", "state", "nonce", "code_challenge"} {
		if asks.Get(name) == "" {
			wrongs = append(wrongs, name+" is missing")
		}
	}
	slices.Sort(wrongs)
	return wrongs
}

// redemption says what is wrong with the token request.
func (c *Client) redemption() (wrongs []string) {
	asks, redeems := c.Provider.asked[0], c.Provider.tokens[0]
	if redeems.Get("grant_type") != "authorization_code" {
		wrongs = append(wrongs, fmt.Sprintf("grant_type is %q", redeems.Get("grant_type")))
	}
	if redeems.Get("redirect_uri") != asks.Get("redirect_uri") {
		wrongs = append(wrongs, fmt.Sprintf("redirect_uri is %q, and was %q", redeems.Get("redirect_uri"), asks.Get("redirect_uri")))
	}
	if digest := sha256.Sum256([]byte(redeems.Get("code_verifier"))); encode(digest[:]) != asks.Get("code_challenge") {
		wrongs = append(wrongs, "code_verifier is not that of the code_challenge")
	}
	return wrongs
}

// fresh says which parameters are the same in two requests.
func fresh(what string, asked []url.Values, names ...string) (wrongs []string) {
	for _, name := range names {
		if asked[0].Get(name) == asked[1].Get(name) {
			wrongs = append(wrongs, fmt.Sprintf("two %s requests have the same %s", what, name))
		}
	}
	return wrongs
}

// assertions says what is wrong with the client assertions (RFC 7523 §3).
func (c *Client) assertions() (wrongs []string) {
	const kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	var seen []string
	for _, redeems := range c.Provider.tokens {
		if redeems.Get("client_assertion_type") != kind {
			return []string{"client_assertion_type is not " + kind}
		}
		id, found := c.assertion(redeems.Get("client_assertion"), c.Provider.asked[0].Get("client_id"))
		if slices.Contains(seen, id) {
			found = append(found, "two assertions have the same jti")
		}
		seen = append(seen, id)
		wrongs = append(wrongs, found...)
	}
	return slices.Compact(wrongs)
}

// assertion says what is wrong with one assertion, and gives its jti.
func (c *Client) assertion(text, client string) (id string, wrongs []string) {
	signed, err := jose.ParseSigned(text, []jose.SignatureAlgorithm{jose.ES256, jose.RS256})
	if err != nil {
		return "", []string{"client_assertion: " + err.Error()}
	}
	payload := signed.UnsafePayloadWithoutVerification()
	if len(c.Keys.Keys) > 0 {
		if payload, err = signed.Verify(&c.Keys); err != nil {
			return "", []string{"client_assertion is not signed with a key of the client: " + err.Error()}
		}
	}
	var claims struct {
		Issuer   string `json:"iss"`
		Subject  string `json:"sub"`
		Audience any    `json:"aud"`
		ID       string `json:"jti"`
		Expires  int64  `json:"exp"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return "", []string{"client_assertion: " + err.Error()}
	}
	if claims.Issuer != client || claims.Subject != client {
		wrongs = append(wrongs, fmt.Sprintf("iss is %q and sub %q, want %q", claims.Issuer, claims.Subject, client))
	}
	audience := fmt.Sprint(claims.Audience)
	if !slices.Contains(strings.Fields(strings.Trim(audience, "[]")), c.Provider.Issuer) && !strings.Contains(audience, c.Provider.Issuer+"/token") {
		wrongs = append(wrongs, fmt.Sprintf("aud is %s, want the token endpoint or the issuer", audience))
	}
	if claims.ID == "" {
		wrongs = append(wrongs, "jti is missing")
	}
	if left := time.Unix(claims.Expires, 0).Sub(c.Provider.now()); left <= 0 || left > time.Hour {
		wrongs = append(wrongs, "exp is not within the next hour")
	}
	return claims.ID, wrongs
}
