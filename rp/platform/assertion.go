package platform

import (
	"context"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// Authenticate lets a service in at the token endpoint (private_key_jwt, OpenID
// Connect Core 9, RFC 7523): the assertion is signed with a key of its register
// entry, names the service as iss and sub and this platform as aud, is of this
// time, and was never used before. client is the request's client_id, which may
// be missing. Whatever is wrong is an *OAuthError invalid_client.
func (p *Platform) Authenticate(ctx context.Context, assertion string, client ClientID) (ServiceProvider, error) {
	if len(assertion) > MaxAssertion {
		return ServiceProvider{}, refused(InvalidClient, "client_assertion: too long")
	}
	token, err := jwt.ParseSigned(assertion, Algorithms())
	if err != nil || len(token.Headers) != 1 {
		return ServiceProvider{}, refused(InvalidClient, "client_assertion: no JWT signed with ES256 or RS256")
	}
	var claimed jwt.Claims
	if err := token.UnsafeClaimsWithoutVerification(&claimed); err != nil {
		return ServiceProvider{}, refused(InvalidClient, "client_assertion: its claims cannot be read")
	}
	if client != "" && string(client) != claimed.Issuer {
		return ServiceProvider{}, refused(InvalidClient, "client_assertion: made by another client than client_id")
	}
	sp, err := p.cfg.Store.ServiceProvider(ctx, ClientID(claimed.Issuer))
	switch {
	case errors.Is(err, ErrNoServiceProvider):
		return ServiceProvider{}, refused(InvalidClient, "client_assertion: iss is not in the register")
	case err != nil:
		return ServiceProvider{}, err
	case sp.Suspended:
		return ServiceProvider{}, refused(InvalidClient, "the service is suspended")
	}
	claims, no := verifyAssertion(sp, token)
	if no == nil {
		no = p.checkAssertion(sp, claims)
	}
	if no != nil {
		return ServiceProvider{}, no
	}
	err = p.cfg.Store.UseAssertion(ctx, sp.ID, claims.ID, claims.Expiry.Time().Add(AssertionSkew), p.cfg.Now())
	if errors.Is(err, ErrAssertionUsed) {
		return ServiceProvider{}, &OAuthError{Code: InvalidClient, Description: "client_assertion: its jti was used before", Err: err}
	}
	return sp, err
}

// verifyAssertion tries the key that the header names, or, where it names none,
// the only one there is.
func verifyAssertion(sp ServiceProvider, token *jwt.JSONWebToken) (jwt.Claims, *OAuthError) {
	keys := sp.Keys.Keys
	if kid := token.Headers[0].KeyID; kid != "" {
		keys = sp.Keys.Key(kid)
	}
	if len(keys) != 1 {
		return jwt.Claims{}, refused(InvalidClient, "client_assertion: kid names no key of the register entry")
	}
	var claims jwt.Claims
	if err := token.Claims(keys[0].Key, &claims); err != nil {
		return jwt.Claims{}, refused(InvalidClient, "client_assertion: the signature is not by the registered key")
	}
	return claims, nil
}

func (p *Platform) checkAssertion(sp ServiceProvider, c jwt.Claims) *OAuthError {
	now := p.cfg.Now()
	after := func(d *jwt.NumericDate, t time.Time) bool { return d != nil && d.Time().After(t) }
	switch {
	case c.Issuer != string(sp.ID) || c.Subject != string(sp.ID):
		return refused(InvalidClient, "client_assertion: iss and sub must be the client_id")
	case !c.Audience.Contains(p.Endpoint(TokenPath)) && !c.Audience.Contains(p.issuer):
		return refused(InvalidClient, "client_assertion: aud must be %s", p.Endpoint(TokenPath))
	case c.Expiry == nil || !now.Before(c.Expiry.Time().Add(AssertionSkew)):
		return refused(InvalidClient, "client_assertion: exp is missing or past: the simulated clock here shows %s", now.UTC().Format(time.RFC3339))
	case after(c.Expiry, now.Add(AssertionAhead)):
		return refused(InvalidClient, "client_assertion: exp is more than an hour ahead: the simulated clock here shows %s", now.UTC().Format(time.RFC3339))
	case after(c.IssuedAt, now.Add(AssertionSkew)) || after(c.NotBefore, now.Add(AssertionSkew)):
		return refused(InvalidClient, "client_assertion: iat or nbf is ahead of time: the simulated clock here shows %s", now.UTC().Format(time.RFC3339))
	case c.ID == "" || !isVSCHAR(c.ID):
		return refused(InvalidClient, "client_assertion: jti must be 1 to 255 printable ASCII characters")
	}
	return nil
}
