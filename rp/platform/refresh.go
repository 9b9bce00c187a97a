package platform

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// RefreshToken is a refresh token (RFC 6749 1.5) as it is kept. It is good once: a second use
// takes back everything that its sign-in came to (RFC 9700 4.14.2).
type RefreshToken struct {
	Digest   Digest
	Client   ClientID
	Holder   HolderID
	Serial   jpki.SerialNumber // of the certificate that signed in
	AuthTime time.Time
	// ExpiresAt is RefreshLifetime after it was given, and RefreshLongest after the sign-in at
	// the latest.
	ExpiresAt time.Time
}

// given is what an exchange gives to a service.
type given struct {
	p       *Platform
	now     time.Time
	secrets struct{ access, refresh string }
	Access  AccessToken
	Refresh RefreshToken
}

func (p *Platform) given() *given {
	g := &given{p: p, now: p.cfg.Now()}
	g.secrets.access, g.secrets.refresh = rand.Text()+rand.Text(), rand.Text()+rand.Text()
	return g
}

func (g *given) access(client ClientID, holder HolderID, scopes []string) {
	g.Access = AccessToken{Digest: digestOf(g.secrets.access), Client: client, Holder: holder, Scopes: scopes, ExpiresAt: g.now.Add(TokenLifetime)}
}

func (g *given) refresh(client ClientID, holder HolderID, serial jpki.SerialNumber, since time.Time) {
	ends := g.now.Add(RefreshLifetime)
	if last := since.Add(RefreshLongest); last.Before(ends) {
		ends = last
	}
	g.Refresh = RefreshToken{Digest: digestOf(g.secrets.refresh), Client: client, Holder: holder, Serial: serial, AuthTime: since, ExpiresAt: ends}
}

// tokens writes what was given, with an ID token about a code's sign-in.
func (g *given) tokens(sp ServiceProvider, c Code) (Tokens, error) {
	id, err := g.p.idToken(sp, c, g.secrets.access)
	if err != nil {
		return Tokens{}, err
	}
	return Tokens{
		AccessToken: g.secrets.access, IDToken: id, RefreshToken: g.secrets.refresh, ExpiresIn: TokenLifetime,
		RefreshExpiresIn: g.Refresh.ExpiresAt.Sub(g.now), Scopes: g.Access.Scopes,
	}, nil
}

// Renew gives new tokens for a refresh token (RFC 6749 6), to the service that Authenticate has let
// in, if the certificate that signed in is good still: the authority is asked. What the card said
// of its holder is not kept so long: the new access token has the scope openid alone.
func (p *Platform) Renew(ctx context.Context, sp ServiceProvider, refresh string) (Tokens, error) {
	digest := digestOf(refresh)
	kept, err := p.cfg.Store.RefreshToken(ctx, sp.ID, digest)
	if err == nil && p.cfg.Now().Before(kept.ExpiresAt) {
		err = p.stillGood(ctx, kept)
	}
	if err != nil && !errors.Is(err, ErrRefresh) {
		return Tokens{}, err
	}
	given := p.given()
	err = p.cfg.Store.Renew(ctx, sp.ID, digest, given.now, func(t RefreshToken) (AccessToken, RefreshToken, error) {
		if !given.now.Before(t.ExpiresAt) || given.now.Before(t.AuthTime) {
			return AccessToken{}, RefreshToken{}, refused(InvalidGrant, "refresh_token: expired")
		}
		given.access(t.Client, t.Holder, []string{ScopeOpenID})
		given.refresh(t.Client, t.Holder, t.Serial, t.AuthTime)
		kept = t
		return given.Access, given.Refresh, nil
	})
	switch {
	case errors.Is(err, ErrRefresh):
		return Tokens{}, &OAuthError{Code: InvalidGrant, Description: "refresh_token: unknown, taken back, or given to another client", Err: err}
	case errors.Is(err, ErrRefreshUsed):
		return Tokens{}, &OAuthError{Code: InvalidGrant, Description: "refresh_token: already used; what its sign-in came to is revoked", Err: err}
	case err != nil:
		return Tokens{}, err
	}
	return given.tokens(sp, Code{Client: sp.ID, Holder: kept.Holder, Scopes: given.Access.Scopes, AuthTime: kept.AuthTime})
}

// stillGood asks the authority about the certificate that signed in. Without an answer nothing is
// given, and the refresh token stays as it is; of a certificate that is not good any longer it ends
// with all that its sign-in came to.
func (p *Platform) stillGood(ctx context.Context, t RefreshToken) error {
	statuses, err := p.cfg.Verifier.CheckStatus(ctx, jpki.UserAuthentication, t.Serial)
	if err != nil {
		return &OAuthError{Code: TemporarilyUnavailable, Description: "the certificate's status is not known now: try again later", Err: err}
	}
	if len(statuses) == 1 && statuses[0].State == rp.Unchanged {
		return nil
	}
	if err := p.cfg.Store.TakeBack(ctx, t.Digest); err != nil {
		return err
	}
	return refused(InvalidGrant, "refresh_token: the certificate that signed in is not good any longer")
}
