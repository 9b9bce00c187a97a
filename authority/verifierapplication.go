package authority

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// ApplicationState is how far an application for accreditation has come.
type ApplicationState string

// The states of an application.
const (
	ApplicationOpen     ApplicationState = "open"
	ApplicationApproved ApplicationState = "approved"
	ApplicationRejected ApplicationState = "rejected"
)

// VerifierApplication is an organisation's application for accreditation
// (認定の申請). Anybody may hand one in.
type VerifierApplication struct {
	ID      string           `json:"id"` // given by the authority
	Name    string           `json:"name"`
	Contact string           `json:"contact,omitempty"`
	Use     string           `json:"use,omitempty"` // what the information is for
	Kinds   []jpki.Kind      `json:"kinds"`
	State   ApplicationState `json:"state"`
	At      time.Time        `json:"at"`
	// Decided and Verifier are set with the decision; Verifier only by approval.
	Decided  time.Time `json:"decided,omitzero"`
	Verifier string    `json:"verifier,omitempty"`
}

// Approval is the decision to accredit, and its conditions.
type Approval struct {
	VerifierID string      `json:"verifier"`
	Kinds      []jpki.Kind `json:"kinds"` // among those applied for; empty means all of them
	Conditions string      `json:"conditions,omitempty"`
	By
}

// Audit is one line of the ministry's log: who did what to a verifier, an
// application or the tariff.
type Audit struct {
	ID      int64     `json:"id"` // given by the store, ascending
	At      time.Time `json:"at"`
	Subject string    `json:"subject"` // a verifier's ID, an application's, or "tariff"
	Act     string    `json:"act"`
	Officer string    `json:"officer,omitempty"`
	Why     string    `json:"why,omitempty"`
}

// ApplyForAccreditation takes an application in. At most maxOpenApplications
// wait at a time (ErrTooManyApplications).
func (a *Authority) ApplyForAccreditation(ctx context.Context, app VerifierApplication) (VerifierApplication, error) {
	return VerifierApplication{}, errNotYet
}

// ApproveVerifier accredits the applicant under conditions and gives the key,
// this once: only its hash is kept.
func (a *Authority) ApproveVerifier(ctx context.Context, applicationID string, ap Approval) (v Verifier, key string, err error) {
	return Verifier{}, "", errNotYet
}

// RejectVerifier refuses an application.
func (a *Authority) RejectVerifier(ctx context.Context, applicationID string, by By) (VerifierApplication, error) {
	return VerifierApplication{}, errNotYet
}

// Applications gives all applications, the latest first.
func (a *Authority) Applications(ctx context.Context) ([]VerifierApplication, error) {
	return nil, errNotYet
}

// ChangeVerifier suspends, reinstates or withdraws an accreditation, with who
// and why in the audit log.
func (a *Authority) ChangeVerifier(ctx context.Context, id string, s VerifierState, by By) (Verifier, error) {
	return Verifier{}, errNotYet
}

// SetConditions changes what an accreditation covers.
func (a *Authority) SetConditions(ctx context.Context, id string, kinds []jpki.Kind, conditions string, by By) (Verifier, error) {
	return Verifier{}, errNotYet
}

// Audit gives the log of a verifier, an application, or "tariff"; of
// everything for an empty subject. The latest line first, at most limit (0
// means 100).
func (a *Authority) Audit(ctx context.Context, subject string, limit int) ([]Audit, error) {
	return nil, errNotYet
}
