package platform

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/platform/parameter"
)

// Digest is the SHA-256 of a code or token, in hexadecimal: the store never
// holds the thing itself.
type Digest string

func digestOf(secret string) Digest {
	sum := sha256.Sum256([]byte(secret))
	return Digest(hex.EncodeToString(sum[:]))
}

// Code is an authorization code as it is kept.
type Code struct {
	Digest                        Digest
	Client                        ClientID
	Holder                        HolderID
	Serial                        jpki.SerialNumber // of the certificate that signed in
	RedirectURI, Nonce, PKCE      string
	Scopes                        []string
	Presence                      string
	AuthTime, IssuedAt, ExpiresAt time.Time
}

// AccessToken is an access token as it is kept.
type AccessToken struct {
	Digest    Digest
	Client    ClientID
	Holder    HolderID
	Scopes    []string
	ExpiresAt time.Time
}

// Grant is what a login comes to, written in one commit: the visit, the code,
// and the consent if it was given just now.
type Grant struct {
	Code    Code
	Visit   Visit
	Consent *Consent
}

// grant ends a login with a code. The code is on disk before the service's
// address is given.
func (p *Platform) grant(ctx context.Context, id, ticket string, agreed bool) (Outcome, error) {
	l, err := p.take(id, ticket, func(l Login) error {
		if l.who == nil || l.NeedsSignature() {
			return ErrNotVerified
		}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	ask, now, secret := l.Ask, p.cfg.Now(), rand.Text()+rand.Text()
	g := Grant{
		Code: Code{
			Digest: digestOf(secret), Client: ask.Client.ID, Holder: l.who.holder, Serial: l.who.serial, RedirectURI: ask.RedirectURI, Nonce: ask.Nonce,
			PKCE: ask.Challenge, Scopes: ask.Scopes, Presence: l.who.presence, AuthTime: l.who.at, IssuedAt: now, ExpiresAt: now.Add(CodeLifetime),
		},
		Visit: l.visit(SignedIn),
	}
	g.Visit.At, g.Visit.Scopes = now, ask.Scopes
	if agreed {
		g.Consent = &Consent{Holder: l.who.holder, Client: ask.Client.ID, Scopes: ask.Scopes, GivenAt: now}
	}
	err = p.cfg.Store.Grant(ctx, g)
	if err != nil {
		p.putBack(l)
	}
	if errors.Is(err, ErrNoConsent) { // withdrawn a moment ago
		return Outcome{NeedsConsent: true}, nil
	}
	if err == nil {
		err = p.tells(g.Code.Digest, l.who.told)
	}
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{ReturnTo: p.answerURL(ask.RedirectURI, ask.State, "code", secret)}, nil
}

// Tokens are what a code or a refresh token is exchanged for.
type Tokens struct {
	AccessToken, IDToken, RefreshToken string
	ExpiresIn, RefreshExpiresIn        time.Duration
	Scopes                             []string
}

// Exchange gives tokens for a code (RFC 6749 4.1.3, RFC 7636 4.6), to the service
// that Authenticate has let in. A code works once: also a failed attempt of its
// own service uses it up, and a second attempt takes the first one's token back.
func (p *Platform) Exchange(ctx context.Context, sp ServiceProvider, code, redirectURI, verifier string) (Tokens, error) {
	now, given := p.cfg.Now(), p.given()
	var spent Code
	err := p.cfg.Store.Redeem(ctx, sp.ID, digestOf(code), now, func(c Code) (AccessToken, RefreshToken, error) {
		spent = c
		given.access(c.Client, c.Holder, c.Scopes)
		given.refresh(c.Client, c.Holder, c.Serial, c.AuthTime)
		return given.Access, given.Refresh, c.settle(now, redirectURI, verifier)
	})
	switch {
	case errors.Is(err, ErrCode):
		return Tokens{}, &OAuthError{Code: InvalidGrant, Description: "code: unknown, or given to another client", Err: err}
	case errors.Is(err, ErrCodeUsed):
		return Tokens{}, &OAuthError{Code: InvalidGrant, Description: "code: already used; what was given for it is revoked", Err: err}
	case err != nil:
		return Tokens{}, err
	}
	if err := p.passesOn(spent, given.Access.Digest); err != nil {
		return Tokens{}, err
	}
	return given.tokens(sp, spent)
}

// settle checks an exchange against what its code was given for.
func (c Code) settle(now time.Time, redirectURI, verifier string) error {
	switch {
	case !now.Before(c.ExpiresAt) || now.Before(c.IssuedAt):
		return refused(InvalidGrant, "code: expired")
	case redirectURI != c.RedirectURI:
		return refused(InvalidGrant, "redirect_uri: not the one that the code was sent to")
	}
	if err := parameter.Verifier(verifier, c.PKCE); err != nil {
		return refused(InvalidGrant, "%v", err)
	}
	return nil
}

// UserInfo gives the claims that an access token stands for: with the scope
// openid the sub, and with those of the four basic data what the card said.
func (p *Platform) UserInfo(ctx context.Context, access string) (map[string]any, error) {
	t, sp, err := p.token(ctx, access)
	if err != nil {
		return nil, err
	}
	if t.Holder == "" {
		return nil, &OAuthError{Code: InvalidToken, Description: "the access token is the service's own, about nobody"}
	}
	claims := map[string]any{"sub": p.subject(sp, t.Holder)}
	if len(Attributes(t.Scopes)) == 0 {
		return claims, nil
	}
	told, err := p.told.Look(string(t.Digest))
	if err != nil {
		return nil, &OAuthError{Code: InvalidToken, Description: "what the card said is not kept any longer: let the person sign in again", Err: err}
	}
	maps.Copy(claims, told)
	return claims, nil
}
