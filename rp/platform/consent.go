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

// Result is how a visit ended.
type Result string

// The results.
const (
	SignedIn   Result = "signed-in"
	Declined   Result = "declined"   // the person said no
	CardLeft   Result = "card-left"  // the card was taken away first
	Unfinished Result = "unfinished" // nobody decided in time
	Refused    Result = "refused"    // the certificate is revoked or suspended
	Withdrew   Result = "withdrew"   // the person took a consent back
)

// Visit is a line of a person's log (ご利用の記録): to which service, by which
// certificate, at which face, what the service was given, and how it ended. Client
// is empty for a visit to the platform's own pages. There is one for each time
// that a card proved to be there, whatever came of it.
type Visit struct {
	Holder HolderID
	Client ClientID
	Serial jpki.SerialNumber // empty for Withdrew
	Face   Face
	At     time.Time
	Result Result
	// Scopes are what the service was given; none but for SignedIn.
	Scopes []string
	// Reason is why the certificate was refused.
	Reason jpki.Reason
	Record rp.Record // of what was verified; none for Refused and Withdrew
}

// Challenge and SignIn are for the platform's own pages.

// OwnChallenge makes the nonce for a sign-in to the platform itself.
func (p *Platform) OwnChallenge(ctx context.Context) (rp.Challenge, error) {
	return p.cfg.Verifier.NewChallenge(ctx)
}

// SignIn lets a person in who wants to see the records of their own.
func (p *Platform) SignIn(ctx context.Context, token []byte, nonce string) (HolderID, error) {
	who, err := p.recognise(ctx, token, nonce, Visit{Face: WindowFace})
	if err != nil {
		return "", err
	}
	err = p.cfg.Store.RecordVisit(ctx, Visit{Holder: who.holder, Serial: who.serial, Face: WindowFace, At: who.at, Result: SignedIn, Record: who.record})
	return who.holder, err
}

// Records are what the platform keeps of a person.
type Records struct {
	Consents []Consent
	Visits   []Visit // the newest HistoryLines, newest first
	// Services are those named in the two lists, and Numbers what each calls the
	// person (sub).
	Services map[ClientID]ServiceProvider
	Numbers  map[ClientID]string
}

// Records gives a person what is kept of them.
func (p *Platform) Records(ctx context.Context, h HolderID) (Records, error) {
	r := Records{Services: map[ClientID]ServiceProvider{}, Numbers: map[ClientID]string{}}
	all, err := p.cfg.Store.ServiceProviders(ctx)
	if err != nil {
		return r, err
	}
	for _, sp := range all {
		r.Services[sp.ID], r.Numbers[sp.ID] = sp, p.subject(sp, h)
	}
	if r.Consents, err = p.cfg.Store.Consents(ctx, h); err != nil {
		return r, err
	}
	r.Visits, err = p.cfg.Store.Visits(ctx, h, HistoryLines)
	return r, err
}

// Withdraw ends a consent, and the log says so. Codes and tokens of that service
// for that person are worth nothing from then on, and the next login asks again.
func (p *Platform) Withdraw(ctx context.Context, h HolderID, client ClientID) error {
	return p.cfg.Store.Withdraw(ctx, h, client, p.cfg.Now())
}
