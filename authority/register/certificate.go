package register

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// State is what the authority says of a certificate, its validity period
// aside.
type State int

// The states. Revoked is final; Held ends by resumption or revocation.
const (
	Good    State = iota + 1 // 有効
	Held                     // 一時保留
	Revoked                  // 失効
)

// String gives "good", "suspended" or "revoked".
func (s State) String() string {
	switch s {
	case Good:
		return "good"
	case Held:
		return "suspended"
	case Revoked:
		return "revoked"
	}
	return "unknown"
}

// Status is the part of a certificate that changes: its state, and since when
// and for which reason. Reason counts only for Held and Revoked.
type Status struct {
	State  State
	Reason jpki.Reason
	Since  time.Time // whole seconds; the issue for Good
}

// What an act does to an entry or a certificate, as the journal says it.
const (
	ActEntered    = "entered" // 住民票の記載: a resident's first entry
	ActLapsed     = "lapsed"  // 失効: a card that was not taken on in use in time
	ActIssued     = "issued"
	ActHandedOver = "handed over"
	ActDiscarded  = "discarded"
	ActRevoked    = "revoked"
	ActSuspended  = "suspended"
	ActResumed    = "resumed"
)

// Certificate is an issued certificate.
type Certificate struct {
	Kind       jpki.Kind
	Serial     jpki.SerialNumber
	CardID     string
	ResidentID string
	DER        []byte
	NotBefore  time.Time
	NotAfter   time.Time
	Status     Status
	// Delivered is false until the card has taken the certificate. What is
	// found undelivered at a start is revoked as discarded before hand-over
	// (交付前破棄).
	Delivered bool
}

// Live reports whether a certificate is on a card and can still change: it is
// neither revoked nor expired.
func (c Certificate) Live(at time.Time) bool {
	return c.Delivered && c.Status.State != Revoked && !at.After(c.NotAfter)
}

// Event is one line of the journal: who did what to which certificate, when,
// and why.
type Event struct {
	ID         int64 // given by the store, ascending
	At         time.Time
	Act        string // ActEntered, ActIssued and so on, or a LifeEvent
	Kind       jpki.Kind
	Serial     jpki.SerialNumber
	CardID     string
	ResidentID string
	Reason     jpki.Reason
	Officer    string
	Why        string
	// Cause is the counter's act that this line is a part of, if there is one.
	Cause LifeEvent
}
