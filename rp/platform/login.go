package platform

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
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
	// held is what a face that took the page's place has handed back.
	held *handed
	// who is set when a card has answered.
	who *verified
}

// handed is an answer that waits for the browser that holds the ticket.
type handed struct{ token, trouble, presence string }

// verified is whose card answered.
type verified struct {
	holder   HolderID
	serial   jpki.SerialNumber
	at       time.Time
	record   rp.Record
	presence string
}

// waiting keeps the logins: at most MaxLogins, each for LoginLifetime.
type waiting struct {
	now func() time.Time
	mu  sync.Mutex
	all map[string]*Login
}

func newWaiting(now func() time.Time) *waiting {
	return &waiting{now: now, all: map[string]*Login{}}
}

func (w *waiting) over(l *Login) bool {
	age := w.now().Sub(l.Begun)
	return age < 0 || age >= LoginLifetime
}

// drop forgets what nobody came back to, and gives what it forgot.
func (w *waiting) drop() []Login {
	w.mu.Lock()
	defer w.mu.Unlock()
	var over []Login
	for id, l := range w.all {
		if w.over(l) {
			delete(w.all, id)
			over = append(over, *l)
		}
	}
	return over
}

// full reports whether there is no room for one more.
func (w *waiting) full() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.all) >= MaxLogins
}

// add keeps a login. When all places are taken, the oldest that no card has
// answered makes room; one that a card has answered is never pushed out, and if
// all are such it is ErrBusy.
func (w *waiting) add(l *Login) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.all) >= MaxLogins {
		oldest := w.oldestOpen()
		if oldest == nil {
			return ErrBusy
		}
		delete(w.all, oldest.ID)
	}
	w.all[l.ID] = l
	return nil
}

// oldestOpen finds the oldest login that no card has answered; nil for none.
func (w *waiting) oldestOpen() *Login {
	var oldest *Login
	for _, l := range w.all {
		if l.who == nil && (oldest == nil || l.Begun.Before(oldest.Begun)) {
			oldest = l
		}
	}
	return oldest
}

// update changes a login under the lock and gives it as it is then.
func (w *waiting) update(id string, mayUse func(*Login) bool, change func(*Login) error) (Login, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.all[id]
	if l == nil || w.over(l) || !mayUse(l) {
		return Login{}, ErrNoLogin
	}
	err := change(l)
	return *l, err
}

// take removes a login, so that of two decisions only one counts.
func (w *waiting) take(id, ticket string, ripe func(*Login) error) (Login, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := w.all[id]
	if l == nil || w.over(l) || !holds(ticket)(l) {
		return Login{}, ErrNoLogin
	}
	if err := ripe(l); err != nil {
		return Login{}, err
	}
	delete(w.all, id)
	return *l, nil
}

func (w *waiting) putBack(l Login) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all[l.ID] = &l
}

func holds(ticket string) func(*Login) bool {
	return func(l *Login) bool { return subtle.ConstantTimeCompare([]byte(ticket), []byte(l.Ticket)) == 1 }
}

// Begin keeps an authorization request until its person has decided.
func (p *Platform) Begin(ctx context.Context, ask Ask) (Login, error) {
	l := &Login{ID: rand.Text(), Ticket: rand.Text(), Ask: ask, Begun: p.cfg.Now()}
	if p.logins.full() {
		if err := p.forget(ctx); err != nil {
			return Login{}, &OAuthError{Code: ServerError, Description: "the platform's records cannot be written", ReturnTo: ask.RedirectURI, State: ask.State, Err: err}
		}
	}
	if err := p.logins.add(l); err != nil {
		return Login{}, &OAuthError{Code: TemporarilyUnavailable, Description: "too many requests wait for their person",
			ReturnTo: ask.RedirectURI, State: ask.State, Err: err}
	}
	return *l, nil
}

// Login gives a request that waits, to the browser that brought it.
func (p *Platform) Login(id, ticket string) (Login, error) {
	return p.logins.update(id, holds(ticket), func(*Login) error { return nil })
}

// Verified reports whether a card has answered the request.
func (l Login) Verified() bool { return l.who != nil }

// Handed reports whether an answer waits to be looked at.
func (l Login) Handed() bool { return l.held != nil }

// Presence is the card agent's word for the card that answered at the set, by
// which it tells whether the card still lies there. It is empty before a card has
// answered, and elsewhere.
func (l Login) Presence() string {
	switch {
	case l.who != nil:
		return l.who.presence
	case l.held != nil:
		return l.held.presence
	}
	return ""
}

// Challenge gives the nonce that the card is to answer for this request, a new
// one each time.
func (p *Platform) Challenge(ctx context.Context, id, ticket string) (string, error) {
	c, err := p.cfg.Verifier.NewChallenge(ctx)
	if err != nil {
		return "", err
	}
	_, err = p.logins.update(id, holds(ticket), func(l *Login) error { l.nonce = c.Nonce; return nil })
	return c.Nonce, err
}

// Hand keeps what a face that took the page's place hands back: the card's
// token, or the code of a trouble, and from the set what tells of the card's
// leaving, without which no card signs in there. The browser sends no cookie with such a post, so anybody who knows the
// request's number may; it is looked at when the ticket's holder asks for it.
func (p *Platform) Hand(id, token, trouble, presence string) error {
	if len(token) > maxCardAnswer || len(trouble) > 64 || len(presence) > 128 {
		return &CardError{rp.ErrTooLarge}
	}
	_, err := p.logins.update(id, func(l *Login) bool { return l.Ask.Face != WindowFace && l.nonce != "" }, func(l *Login) error {
		if l.Ask.Face == TVFace && token != "" && presence == "" {
			return ErrNoPresence
		}
		l.held = &handed{token, trouble, presence}
		return nil
	})
	return err
}

// Take looks at what Hand kept.
func (p *Platform) Take(ctx context.Context, id, ticket string) (Outcome, error) {
	var got handed
	_, err := p.logins.update(id, holds(ticket), func(l *Login) error {
		if l.held == nil {
			return ErrNoChallenge
		}
		got, l.held = *l.held, nil
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	if got.token == "" {
		return Outcome{}, &AgentError{got.trouble}
	}
	return p.answer(ctx, id, ticket, []byte(got.token), got.presence)
}

// Outcome is what follows a card's answer or a decision: the address of the
// service to go on to, or the question for the person's consent.
type Outcome struct {
	NeedsConsent bool
	ReturnTo     string
}

// Answer takes the card's answer to a request's challenge (資格確認): the
// certificate is valid now, and its serial number says which holder is there.
// Who has consented before goes on to the service at once.
func (p *Platform) Answer(ctx context.Context, id, ticket string, token []byte) (Outcome, error) {
	return p.answer(ctx, id, ticket, token, "")
}

func (p *Platform) answer(ctx context.Context, id, ticket string, token []byte, presence string) (Outcome, error) {
	nonce := ""
	login, err := p.logins.update(id, holds(ticket), func(l *Login) error {
		if nonce, l.nonce = l.nonce, ""; nonce == "" {
			return ErrNoChallenge
		}
		return nil
	})
	if err != nil {
		return Outcome{}, err
	}
	who, err := p.recognise(ctx, token, nonce, Visit{Client: login.Ask.Client.ID, Face: login.Ask.Face})
	if err != nil {
		return Outcome{}, err
	}
	who.presence = presence
	before := login
	if login, err = p.logins.update(id, holds(ticket), func(l *Login) error { before.who, l.who = l.who, who; return nil }); err != nil {
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
	return p.grant(ctx, id, ticket, false)
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
		return nil, &CardError{err}
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
	return p.grant(ctx, id, ticket, true)
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
	l, err := p.logins.take(id, ticket, func(*Login) error { return nil })
	if err != nil {
		return Outcome{}, err
	}
	if err := p.recordEnd(ctx, l, result); err != nil {
		p.logins.putBack(l)
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
	return Visit{Holder: l.who.holder, Client: l.Ask.Client.ID, Serial: l.who.serial, Face: l.Ask.Face, At: l.who.at, Result: result, Record: l.who.record}
}

// forget drops the requests that nobody came back to. One that cannot be written
// into the log is kept until the next time.
func (p *Platform) forget(ctx context.Context) error {
	var errs []error
	for _, l := range p.logins.drop() {
		if err := p.recordEnd(ctx, l, Unfinished); err != nil {
			p.logins.putBack(l)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Declined is what the service is told when its person did not go on.
func (l Login) Declined() *OAuthError {
	return &OAuthError{Code: AccessDenied, Description: "the person did not sign in", ReturnTo: l.Ask.RedirectURI, State: l.Ask.State}
}
