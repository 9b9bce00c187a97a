package platform

import (
	"context"
	"errors"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform/transactions"
)

// asked has statuses learned as the service wants.
func (p *Platform) asked(ctx context.Context, ask Ask) context.Context {
	if ask.ACR.CRL {
		return rp.WithCRL(ctx, p.cfg.Verifier.FetchCRL)
	}
	return ctx
}

// NeedsSignature reports that nothing but the person's signature is missing.
func (l Login) NeedsSignature() bool {
	return l.who != nil && l.who.ready && l.Ask.Transaction != nil && !l.who.signed
}

// proceed asks for the signature that a request is for, and ends one that is for none.
func (p *Platform) proceed(ctx context.Context, id, ticket string, agreed bool) (Outcome, error) {
	l, err := p.update(id, ticket, func(l *Login) error {
		if l.who == nil {
			return ErrNotVerified
		}
		who := *l.who
		who.ready, who.agreed = true, who.agreed || agreed
		l.who = &who
		return nil
	})
	switch {
	case err != nil:
		return Outcome{}, err
	case l.NeedsSignature():
		return Outcome{NeedsSignature: true}, nil
	}
	return p.grant(ctx, id, ticket, l.who.agreed)
}

// Sign takes the person's signature, by the card that signed in or another one of the same person.
// The signature is on disk before the service's address is given.
func (p *Platform) Sign(ctx context.Context, id, ticket string, token []byte) (Outcome, error) {
	l, err := p.Login(id, ticket)
	switch {
	case err != nil:
		return Outcome{}, err
	case !l.NeedsSignature():
		return Outcome{}, ErrNotVerified
	}
	err = p.signs.Sign(p.asked(ctx, l.Ask), string(l.Ask.Client.ID), l.Ask.Transaction.ID, token, func(serial jpki.SerialNumber) error { return p.isOf(ctx, l.who.holder, serial) })
	if err != nil {
		return Outcome{}, err
	}
	_, err = p.update(id, ticket, func(now *Login) error {
		if now.who == nil || now.who.holder != l.who.holder || !now.NeedsSignature() {
			return ErrNotVerified
		}
		who := *now.who
		who.signed = true
		now.who = &who
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	return p.grant(ctx, id, ticket, l.who.agreed)
}

// isOf refuses a signature certificate that is not a holder's. The authority is asked about one that
// was not on the card when it was first seen.
func (p *Platform) isOf(ctx context.Context, h HolderID, serial jpki.SerialNumber) error {
	known, err := p.cfg.Store.HolderByPaired(ctx, serial)
	if errors.Is(err, ErrUnknownHolder) {
		var paired jpki.SerialNumber
		if paired, err = p.cfg.Linkage.Pair(ctx, jpki.DigitalSignature, serial); err == nil {
			known, err = p.cfg.Store.HolderByCertificate(ctx, paired)
		}
	}
	if errors.Is(err, ErrUnknownHolder) || err == nil && known != h {
		return ErrOtherCard
	}
	return err
}

// Credentials gives a service that may ask for signatures an access token of its own (RFC 6749 4.4).
func (p *Platform) Credentials(ctx context.Context, sp ServiceProvider, scopes []string) (Tokens, error) {
	switch {
	case !slices.Contains(sp.Scopes, ScopeSign):
		return Tokens{}, refused(UnauthorizedClient, `client_credentials: the service is not registered for the scope "sign"`)
	case slices.ContainsFunc(scopes, func(s string) bool { return s != ScopeSign }):
		return Tokens{}, refused(InvalidScope, `scope: client_credentials give "sign" alone`)
	}
	given := p.given()
	given.access(sp.ID, "", []string{ScopeSign})
	return Tokens{AccessToken: given.secrets.access, ExpiresIn: TokenLifetime, Scopes: given.Access.Scopes}, p.cfg.Store.AddAccessToken(ctx, given.Access)
}

// token gives an access token that is good, and its service.
func (p *Platform) token(ctx context.Context, access string) (AccessToken, ServiceProvider, error) {
	t, err := p.cfg.Store.AccessToken(ctx, digestOf(access))
	if errors.Is(err, ErrToken) || err == nil && !p.cfg.Now().Before(t.ExpiresAt) {
		err = &OAuthError{Code: InvalidToken, Description: "the access token is unknown, expired or revoked", Err: ErrToken}
	}
	if err != nil {
		return t, ServiceProvider{}, err
	}
	sp, err := p.cfg.Store.ServiceProvider(ctx, t.Client)
	if err == nil && sp.Suspended {
		err = &OAuthError{Code: InvalidToken, Description: "the service is suspended"}
	}
	return t, sp, err
}

// signer gives the service that an access token of its own is for.
func (p *Platform) signer(ctx context.Context, access string) (ServiceProvider, error) {
	t, sp, err := p.token(ctx, access)
	if err == nil && (t.Holder != "" || !slices.Contains(sp.Scopes, ScopeSign)) {
		err = &OAuthError{Code: InvalidToken, Description: `the access token is not one of client_credentials with the scope "sign"`}
	}
	return sp, err
}

// OpenTransaction begins a signature over a digest (package transactions) for the service of an access token.
func (p *Platform) OpenTransaction(ctx context.Context, access, digest string) (transactions.Transaction, error) {
	sp, err := p.signer(ctx, access)
	if err != nil {
		return transactions.Transaction{}, err
	}
	return p.signs.Open(ctx, string(sp.ID), digest)
}

// TakeResult gives the service of an access token the signature of its transaction as a JWE, once.
func (p *Platform) TakeResult(ctx context.Context, access, id string) (string, error) {
	sp, err := p.signer(ctx, access)
	if err != nil {
		return "", err
	}
	return p.signs.Result(ctx, string(sp.ID), id, sp.Keys)
}
