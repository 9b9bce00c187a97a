package authority

import (
	"context"
	"iter"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// ConfirmedState is what a change confirmation (変更確認) says of a certificate.
type ConfirmedState string

// The states. ConfirmedChanged is any revocation: its reason tells a move from a lost
// card. A certificate that was revoked before it expired stays ConfirmedChanged.
const (
	ConfirmedUnchanged ConfirmedState = "unchanged"
	ConfirmedChanged   ConfirmedState = "changed"
	ConfirmedSuspended ConfirmedState = "suspended"
	ConfirmedExpired   ConfirmedState = "expired"
	ConfirmedUnknown   ConfirmedState = "unknown"
)

// Question names a certificate to be confirmed.
type Question struct {
	Kind   jpki.Kind
	Serial jpki.SerialNumber
}

// Confirmed is the answer to a Question.
type Confirmed struct {
	Question
	State  ConfirmedState
	Reason jpki.Reason // for ConfirmedChanged and ConfirmedSuspended
	At     time.Time   // for ConfirmedChanged and ConfirmedSuspended, whole seconds
}

// countEvery is how many answers a Confirmation gives before it enters them
// into the ledger.
const countEvery = 1024

// Confirmation is one verifier's change confirmation of many certificates, for
// one goroutine. Count enters what was answered into the ledger.
type Confirmation struct {
	a       *Authority
	key     string
	purpose accreditation.Purpose
	id      string
	refused map[jpki.Kind]error // nil for a kind that may be asked about
	version uint64              // of the register of verifiers that refused is from
	counts  [jpki.UserAuthentication + 1]int
	pending int
}

// Confirm begins a change confirmation. The verifier must be accredited for at
// least one kind, else *NotAccreditedError.
func (a *Authority) Confirm(ctx context.Context, verifierKey string, purpose accreditation.Purpose) (*Confirmation, error) {
	if purpose != accreditation.SignatureVerification && purpose != accreditation.CurrentStatus {
		return nil, desk.Invalid("purpose", "must be signature-verification or current-status")
	}
	v, err := a.Ministry.Acknowledged(verifierKey)
	if err != nil {
		return nil, err
	}
	c := &Confirmation{a: a, key: verifierKey, purpose: purpose, id: v.ID}
	c.look()
	return c, nil
}

// Verifier gives the ID of the verifier who asks.
func (c *Confirmation) Verifier() string { return c.id }

// look asks the register of verifiers again.
func (c *Confirmation) look() {
	c.version = c.a.Ministry.Version()
	c.refused = map[jpki.Kind]error{}
	for _, kind := range jpki.Kinds() {
		if _, err := c.a.Ministry.Accredited(c.key, kind); err != nil {
			c.refused[kind] = err
		}
	}
}

// Answer answers one question, with a *NotAccreditedError if the verifier may
// not, or no longer, ask about its kind. Nothing acknowledged before the call
// is missing in the answer.
func (c *Confirmation) Answer(ctx context.Context, q Question) (Confirmed, error) {
	if c.pending == countEvery {
		if err := c.enter(); err != nil {
			return Confirmed{}, err
		}
	}
	if c.version != c.a.Ministry.Version() {
		c.look()
	}
	issuer := c.a.cas[q.Kind]
	if issuer == nil {
		return Confirmed{}, register.ErrNoCertificate
	}
	if len(c.refused) > 0 && c.refused[q.Kind] != nil {
		return Confirmed{}, c.refused[q.Kind]
	}
	if err := c.a.lapse(ctx); err != nil {
		return Confirmed{}, err
	}
	c.counts[q.Kind]++
	c.pending++
	status, notAfter, issued := issuer.Status(q.Serial)
	if !issued {
		return Confirmed{Question: q, State: ConfirmedUnknown}, nil
	}
	return confirmed(q, status, c.a.second().After(notAfter)), nil
}

// confirmed says what a CA says, in the words of a change confirmation.
func confirmed(q Question, s register.Status, expired bool) Confirmed {
	switch {
	case s.State == register.Revoked:
		return Confirmed{Question: q, State: ConfirmedChanged, Reason: s.Reason, At: s.Since}
	case expired:
		return Confirmed{Question: q, State: ConfirmedExpired}
	case s.State == register.Held:
		return Confirmed{Question: q, State: ConfirmedSuspended, Reason: s.Reason, At: s.Since}
	}
	return Confirmed{Question: q, State: ConfirmedUnchanged}
}

// All answers many, in their order. It ends at the first error.
func (c *Confirmation) All(ctx context.Context, questions iter.Seq[Question]) iter.Seq2[Confirmed, error] {
	return func(yield func(Confirmed, error) bool) {
		for q := range questions {
			answer, err := c.Answer(ctx, q)
			if !yield(answer, err) || err != nil {
				return
			}
		}
	}
}

// enter writes what was answered into the ledger.
func (c *Confirmation) enter() error {
	for _, kind := range jpki.Kinds() {
		if !c.a.Ministry.Count(c.id, kind, c.purpose, c.counts[kind]) {
			return errClosed
		}
	}
	c.counts, c.pending = [jpki.UserAuthentication + 1]int{}, 0
	return nil
}

// Count enters what was answered so far into the ledger. Call it before answers
// leave.
func (c *Confirmation) Count() error { return c.enter() }
