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
	Unchanged      ConfirmedState = "unchanged"
	Changed        ConfirmedState = "changed"
	HeldNow        ConfirmedState = "suspended"
	ExpiredState   ConfirmedState = "expired"
	UnknownToUs    ConfirmedState = "unknown"
	NotConfirmable ConfirmedState = "" // the verifier may not ask about this kind
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

// Confirmation is one verifier's change confirmation of many certificates. It
// is for one goroutine. Close counts what was answered.
type Confirmation struct{}

// Confirm begins a change confirmation. The verifier must be accredited for at
// least one kind, else *NotAccreditedError.
func (a *Authority) Confirm(ctx context.Context, verifierKey string, purpose Purpose) (*Confirmation, error) {
	return nil, errNotYet
}

// Answer answers one question, with a *NotAccreditedError if the verifier may
// not, or no longer, ask about its kind.
func (c *Confirmation) Answer(q Question) (Confirmed, error) { return Confirmed{}, errNotYet }

// All answers many, in their order. It ends at the first error.
func (c *Confirmation) All(questions iter.Seq[Question]) iter.Seq2[Confirmed, error] { return nil }

// Close enters what was answered into the ledger.
func (c *Confirmation) Close() {}
