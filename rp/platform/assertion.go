package platform

import (
	"context"
	"errors"

	"example.jp/jpkimock/rp/platform/assertion"
)

// Authenticate lets a service in at the token endpoint (private_key_jwt, OpenID
// Connect Core 9, RFC 7523): the assertion is signed with a key of its register
// entry, names the service as iss and sub and this platform as aud, is of this
// time, and was never used before. client is the request's client_id, which may
// be missing. Whatever is wrong is an *OAuthError invalid_client.
func (p *Platform) Authenticate(ctx context.Context, text string, client ClientID) (ServiceProvider, error) {
	wrong := func(err error) error { return refused(InvalidClient, "client_assertion: %v", err) }
	read, err := assertion.Parse(text)
	if err != nil {
		return ServiceProvider{}, wrong(err)
	}
	if client != "" && string(client) != read.Issuer {
		return ServiceProvider{}, refused(InvalidClient, "client_assertion: made by another client than client_id")
	}
	sp, err := p.cfg.Store.ServiceProvider(ctx, ClientID(read.Issuer))
	switch {
	case errors.Is(err, ErrNoServiceProvider):
		return ServiceProvider{}, refused(InvalidClient, "client_assertion: iss is not in the register")
	case err != nil:
		return ServiceProvider{}, err
	case sp.Suspended:
		return ServiceProvider{}, refused(InvalidClient, "the service is suspended")
	}
	claims, err := read.Verify(sp.Keys, string(sp.ID), p.cfg.Now(), p.Endpoint(TokenPath), p.issuer)
	if err != nil {
		return ServiceProvider{}, wrong(err)
	}
	err = p.cfg.Store.UseAssertion(ctx, sp.ID, claims.ID, claims.Expiry.Time().Add(AssertionSkew), p.cfg.Now())
	if errors.Is(err, ErrAssertionUsed) {
		return ServiceProvider{}, &OAuthError{Code: InvalidClient, Description: "client_assertion: its jti was used before", Err: err}
	}
	return sp, err
}
