package authority

import (
	"context"
	"iter"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// ConfirmedState is what a change confirmation (変更確認) says of a certificate.
type ConfirmedState string

// The states. Changed is any revocation: its reason tells a move from a lost
// card. A certificate that was revoked before it expired stays Changed.
const (
	Unchanged    ConfirmedState = "unchanged"
	Changed      ConfirmedState = "changed"
	HeldNow      ConfirmedState = "suspended"
	ExpiredState ConfirmedState = "expired"
	UnknownToUs  ConfirmedState = "unknown"
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
	Reason jpki.Reason // for Changed and HeldNow
	At     time.Time   // for Changed and HeldNow, whole seconds
}

// countEvery is how many answers a Confirmation gives before it enters them
// into the ledger, and looks whether the accreditation still stands.
const countEvery = 1024

// Confirmation is one verifier's change confirmation of many certificates, for
// one goroutine. Count enters what was answered into the ledger.
type Confirmation struct {
	a       *Authority
	key     string
	purpose Purpose
	id      string
	refused map[jpki.Kind]error // nil for a kind that may be asked about
	counts  [jpki.UserAuthentication + 1]int
	pending int
}

// Confirm begins a change confirmation. The verifier must be accredited for at
// least one kind, else *NotAccreditedError.
func (a *Authority) Confirm(ctx context.Context, verifierKey string, purpose Purpose) (*Confirmation, error) {
	if purpose != SignatureVerification && purpose != CurrentStatus {
		return nil, &InvalidError{"purpose", "want signature-verification or current-status"}
	}
	v, err := a.Acknowledged(ctx, verifierKey)
	if err != nil {
		return nil, err
	}
	c := &Confirmation{a: a, key: verifierKey, purpose: purpose, id: v.ID}
	c.look(ctx)
	return c, nil
}

// Verifier gives the ID of the verifier who asks.
func (c *Confirmation) Verifier() string { return c.id }

// look asks the register of verifiers again.
func (c *Confirmation) look(ctx context.Context) {
	c.refused = map[jpki.Kind]error{}
	for _, kind := range jpki.Kinds() {
		if _, err := c.a.Accredited(ctx, c.key, kind); err != nil {
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
		c.look(ctx)
	}
	issuer := c.a.cas[q.Kind]
	if issuer == nil {
		return Confirmed{}, ErrNoCertificate
	}
	if len(c.refused) > 0 && c.refused[q.Kind] != nil {
		return Confirmed{}, c.refused[q.Kind]
	}
	c.counts[q.Kind]++
	c.pending++
	n, ok := smallSerial(q.Serial)
	if !ok {
		return Confirmed{Question: q, State: UnknownToUs}, nil
	}
	return issuer.table.get(n).confirmed(q, c.a.now().Unix()), nil
}

// confirmed says what the table says, in the words of a change confirmation.
func (e statusEntry) confirmed(q Question, now int64) Confirmed {
	out := Confirmed{Question: q}
	switch {
	case e.state == 0:
		out.State = UnknownToUs
	case State(e.state) == Revoked:
		out.State, out.Reason, out.At = Changed, jpki.Reason(e.reason), e.time()
	case now > int64(e.notAfter):
		out.State = ExpiredState
	case State(e.state) == Held:
		out.State, out.Reason, out.At = HeldNow, jpki.Reason(e.reason), e.time()
	default:
		out.State = Unchanged
	}
	return out
}

// smallSerial gives a serial number as an integer, if it is one that this
// authority could have given.
func smallSerial(s jpki.SerialNumber) (uint64, bool) {
	var n uint64
	if len(s) == 0 || len(s) > 16 {
		return 0, false
	}
	for _, c := range []byte(s) {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | uint64(c-'0')
		case c >= 'A' && c <= 'F':
			n = n<<4 | uint64(c-'A'+10)
		default:
			return 0, false
		}
	}
	return n, true
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
		if !c.a.ledger.add(c.id, kind, c.purpose, c.a.now(), c.counts[kind]) {
			return errClosed
		}
	}
	c.counts, c.pending = [jpki.UserAuthentication + 1]int{}, 0
	return nil
}

// Count enters what was answered so far into the ledger. Whoever hands answers
// on calls it first.
func (c *Confirmation) Count() error { return c.enter() }
