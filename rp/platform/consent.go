package platform

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// Consent is a person's yes to one service (同意). It stands until it is
// withdrawn.
type Consent struct {
	Holder      HolderID
	Client      ClientID
	Scopes      []string
	GivenAt     time.Time
	WithdrawnAt time.Time // zero while it stands
}

// Stands reports that the consent was given and not withdrawn.
func (c Consent) Stands() bool { return !c.GivenAt.IsZero() && c.WithdrawnAt.IsZero() }

// Covers reports that the consent stands for all these scopes.
func (c Consent) Covers(scopes []string) bool {
	return c.Stands() && !slices.ContainsFunc(scopes, func(s string) bool { return !slices.Contains(c.Scopes, s) })
}

// Visit is one login of a person, for that person to look up: to which service,
// by which certificate, at which face. Client is empty for a visit to the
// platform's own pages.
type Visit struct {
	Holder HolderID
	Client ClientID
	Serial jpki.SerialNumber
	Face   Face
	At     time.Time
	Record rp.Record
}

// Challenge and SignIn are for the platform's own pages.

// OwnChallenge makes the nonce for a sign-in to the platform itself.
func (p *Platform) OwnChallenge(ctx context.Context) (rp.Challenge, error) {
	return p.cfg.Verifier.NewChallenge(ctx)
}

// SignIn lets a person in who wants to see the records of their own.
func (p *Platform) SignIn(ctx context.Context, token []byte, nonce string) (HolderID, error) {
	who, err := p.recognise(ctx, token, nonce)
	if err != nil {
		return "", err
	}
	err = p.cfg.Store.RecordVisit(ctx, Visit{Holder: who.holder, Serial: who.serial, Face: WindowFace, At: who.at, Record: who.record})
	return who.holder, err
}

// Records are what the platform keeps of a person.
type Records struct {
	Consents []Consent
	Visits   []Visit // the newest HistoryLines, newest first
	// Services are those named in the two lists.
	Services map[ClientID]ServiceProvider
}

// Records gives a person what is kept of them.
func (p *Platform) Records(ctx context.Context, h HolderID) (Records, error) {
	r := Records{Services: map[ClientID]ServiceProvider{}}
	all, err := p.cfg.Store.ServiceProviders(ctx)
	if err != nil {
		return r, err
	}
	for _, sp := range all {
		r.Services[sp.ID] = sp
	}
	if r.Consents, err = p.cfg.Store.Consents(ctx, h); err != nil {
		return r, err
	}
	r.Visits, err = p.cfg.Store.Visits(ctx, h, HistoryLines)
	return r, err
}

// Withdraw ends a consent. Codes and tokens of that service for that person are
// worth nothing from then on, and the next login asks again.
func (p *Platform) Withdraw(ctx context.Context, h HolderID, client ClientID) error {
	return p.cfg.Store.Withdraw(ctx, h, client, p.cfg.Now())
}
