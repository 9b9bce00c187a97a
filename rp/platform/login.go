package platform

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform/attributes"
)

// Login is an authorization request that waits for its person. It lives in
// memory: after a restart the person begins anew at the service.
type Login struct {
	ID string
	// Ticket is known to the one browser that brought the request.
	Ticket string
	Ask    Ask
	Begun  time.Time
	// nonce is what the card is to answer; answered, it is empty.
	nonce string
	// who is set when a card has answered.
	who *verified
}

// verified is whose card answered.
type verified struct {
	holder   HolderID
	serial   jpki.SerialNumber
	at       time.Time
	record   rp.Record
	presence string
	face     Face              // at which it answered
	told     attributes.Claims // that the service asked for
	// ready: nothing but a signature is missing; agreed: the person has said yes just now.
	ready, agreed, signed bool
}

// newLogins returns a box for the requests that wait. When all places are taken,
// the oldest that no card has answered makes room; one that a card has answered
// is never pushed out, and how it ends is recorded. An address of the network with
// more than a quarter of them makes room among its own.
func newLogins(now func() time.Time) *held.Box[Login] {
	return held.New(held.Config[Login]{
		Now: now, Life: LoginLifetime, Max: MaxLogins, Swept: true, Yields: func(l Login) bool { return l.who == nil },
		From: func(l Login) string { return l.Ask.From },
	})
}

// update changes a login of the browser that holds the ticket, and gives it as it
// is then.
func (p *Platform) update(id, ticket string, change func(*Login) error) (Login, error) {
	l, err := p.logins.Update(id, func(l *Login) error {
		if !l.isOf(ticket) {
			return ErrNoLogin
		}
		return change(l)
	})
	return l, noLogin(err)
}

// take removes a login, so that of two decisions only one counts.
func (p *Platform) take(id, ticket string, ripe func(Login) error) (Login, error) {
	l, err := p.logins.Take(id, func(l Login) error {
		if !l.isOf(ticket) {
			return ErrNoLogin
		}
		return ripe(l)
	})
	return l, noLogin(err)
}

// putBack returns a login whose end could not be written.
func (p *Platform) putBack(l Login) { p.logins.PutBack(l.ID, l, l.Begun) }

func (l Login) isOf(ticket string) bool {
	return subtle.ConstantTimeCompare([]byte(ticket), []byte(l.Ticket)) == 1
}

func noLogin(err error) error {
	if errors.Is(err, held.ErrGone) {
		return ErrNoLogin
	}
	return err
}

// Begin keeps an authorization request until its person has decided.
func (p *Platform) Begin(ctx context.Context, ask Ask) (Login, error) {
	l := Login{ID: held.Name(), Ticket: held.Name(), Ask: ask, Begun: p.cfg.Now()}
	if p.logins.Full() {
		if err := p.forget(ctx); err != nil {
			return Login{}, &OAuthError{Code: ServerError, Description: "the platform's records cannot be written", ReturnTo: ask.RedirectURI, State: ask.State, Err: err}
		}
	}
	if err := p.logins.Put(l.ID, l); err != nil {
		return Login{}, &OAuthError{Code: TemporarilyUnavailable, Description: "too many pending logins", ReturnTo: ask.RedirectURI, State: ask.State, Err: err}
	}
	return l, nil
}

// Login gives a request that waits, to the browser that brought it.
func (p *Platform) Login(id, ticket string) (Login, error) {
	return p.update(id, ticket, func(*Login) error { return nil })
}

// Verified reports whether a card has answered the request.
func (l Login) Verified() bool { return l.who != nil }

// Told gives what the service will be told of what the card that answered says.
func (l Login) Told() attributes.Claims {
	if l.who == nil {
		return nil
	}
	return l.who.told
}

// Presence is the card agent's word for the card that answered at the set, by
// which it tells whether the card still lies there. It is empty before a card has
// answered, and elsewhere.
func (l Login) Presence() string {
	if l.who == nil {
		return ""
	}
	return l.who.presence
}

// Face is the face at which a card answered; before, that which the service asked for.
func (l Login) Face() Face {
	if l.who == nil {
		return l.Ask.Face
	}
	return l.who.face
}

// Challenge gives the nonce that the card is to answer for this request, a new
// one each time.
func (p *Platform) Challenge(ctx context.Context, id, ticket string) (string, error) {
	c, err := p.cfg.Verifier.NewChallenge(ctx)
	if err != nil {
		return "", err
	}
	_, err = p.update(id, ticket, func(l *Login) error { l.nonce = c.Nonce; return nil })
	return c.Nonce, err
}

// Outcome is what follows a card's answer or a decision: the address of the
// service to go on to, the question for the person's consent, or what is to be signed.
type Outcome struct {
	NeedsConsent, NeedsSignature bool
	ReturnTo                     string
}

// Answer takes the card's answer to a request's challenge (資格確認): the
// certificate is valid now, and its serial number says which holder is there.
// Who has consented before goes on to the service at once. presence is the card
// agent's word for a card at the set; elsewhere it is empty.
func (p *Platform) Answer(ctx context.Context, id, ticket string, token []byte, presence string) (Outcome, error) {
	return p.answer(ctx, id, ticket, token, verified{presence: presence})
}

// AnswerForTest is Answer where a test person's card answers in place of one that is laid
// (package tester): the log says so.
func (p *Platform) AnswerForTest(ctx context.Context, id, ticket string, token []byte) (Outcome, error) {
	return p.answer(ctx, id, ticket, token, verified{face: TesterFace})
}

func (p *Platform) answer(ctx context.Context, id, ticket string, token []byte, at verified) (Outcome, error) {
	nonce := ""
	login, err := p.update(id, ticket, func(l *Login) error {
		if nonce, l.nonce = l.nonce, ""; nonce == "" {
			return ErrNoChallenge
		}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	if at.face == "" {
		at.face = login.Ask.Face
	}
	ctx = p.asked(ctx, login.Ask)
	who, err := p.recognise(ctx, token, nonce, Visit{Client: login.Ask.Client.ID, Face: at.face})
	if err != nil {
		return Outcome{}, err
	}
	who.presence, who.face = at.presence, at.face
	if who.told, err = p.read(ctx, token, nonce, login.Ask.Scopes); err != nil {
		return Outcome{}, err
	}
	before := login
	if login, err = p.update(id, ticket, func(l *Login) error { before.who, l.who = l.who, who; return nil }); err != nil {
		return Outcome{}, err
	}
	if err := p.recordEnd(ctx, before, Unfinished); err != nil { // another card, before this one
		return Outcome{}, err
	}
	given, err := p.cfg.Store.Consent(ctx, who.holder, login.Ask.Client.ID)
	if err != nil {
		return Outcome{}, err
	}
	if login.Ask.AskAgain || !given.Covers(login.Ask.Scopes) {
		return Outcome{NeedsConsent: true}, nil
	}
	return p.proceed(ctx, id, ticket, false)
}

// recognise verifies a card's answer and finds its holder. at is where; if the
// card is known and its certificate is not valid any more, its holder's log says
// that it was tried.
func (p *Platform) recognise(ctx context.Context, token []byte, nonce string, at Visit) (*verified, error) {
	who, err := p.cfg.Verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		if kept := p.recordRefused(ctx, err, at); kept != nil {
			return nil, kept
		}
		return nil, err
	}
	holder, err := p.holder(ctx, who)
	if err != nil {
		return nil, err
	}
	return &verified{holder: holder, serial: who.Serial, at: p.cfg.Now(), record: who.Record}, nil
}

// recordRefused keeps that a card was tried whose certificate is revoked or
// suspended: it had answered the challenge, so the card and its PIN were there.
// The kit looks at the status last.
func (p *Platform) recordRefused(ctx context.Context, err error, at Visit) error {
	var revoked *rp.RevokedError
	if !errors.As(err, &revoked) {
		return nil
	}
	holder, unknown := p.cfg.Store.HolderByCertificate(ctx, revoked.Serial)
	if errors.Is(unknown, ErrUnknownHolder) {
		return nil
	}
	if unknown != nil {
		return unknown
	}
	at.Holder, at.Serial, at.At, at.Result, at.Reason = holder, revoked.Serial, p.cfg.Now(), Refused, revoked.Reason
	return p.cfg.Store.RecordVisit(ctx, at)
}

// Agree is the person's consent to what the service asked for.
func (p *Platform) Agree(ctx context.Context, id, ticket string) (Outcome, error) {
	return p.proceed(ctx, id, ticket, true)
}

// Decline ends a request by the person's will, at any step.
func (p *Platform) Decline(ctx context.Context, id, ticket string) (Outcome, error) {
	return p.end(ctx, id, ticket, Declined, "the person did not sign in")
}

// Leave ends a request whose card was taken away. Nothing of who answered is
// left.
func (p *Platform) Leave(ctx context.Context, id, ticket string) (Outcome, error) {
	return p.end(ctx, id, ticket, CardLeft, "the card was taken away")
}

func (p *Platform) end(ctx context.Context, id, ticket string, result Result, why string) (Outcome, error) {
	l, err := p.take(id, ticket, func(Login) error { return nil })
	if err != nil {
		return Outcome{}, err
	}
	if err := p.recordEnd(ctx, l, result); err != nil {
		p.putBack(l)
		return Outcome{}, err
	}
	no := l.Declined()
	no.Description = why
	return Outcome{ReturnTo: p.ErrorURL(no)}, nil
}

// recordEnd keeps how a request ended without a grant, if a card had answered it.
func (p *Platform) recordEnd(ctx context.Context, l Login, result Result) error {
	if l.who == nil {
		return nil
	}
	v := l.visit(result)
	v.At = p.cfg.Now()
	return p.cfg.Store.RecordVisit(ctx, v)
}

// visit is the request's line in the log of who answered it.
func (l Login) visit(result Result) Visit {
	return Visit{Holder: l.who.holder, Client: l.Ask.Client.ID, Serial: l.who.serial, Face: l.who.face, At: l.who.at, Result: result, Record: l.who.record}
}

// forget drops the requests that nobody came back to. One that cannot be written
// into the log is kept until the next time.
func (p *Platform) forget(ctx context.Context) error {
	return p.logins.Sweep(func(l Login) error { return p.recordEnd(ctx, l, Unfinished) })
}

// Declined is what the service is told when its person did not go on.
func (l Login) Declined() *OAuthError {
	return &OAuthError{Code: AccessDenied, Description: "the person did not sign in", ReturnTo: l.Ask.RedirectURI, State: l.Ask.State}
}
