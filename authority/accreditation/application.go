package accreditation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/desk"
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

// Application is an organisation's application for accreditation
// (認定の申請). Anybody may make one.
type Application struct {
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
	desk.By
}

// maxOpenApplications bounds the applications that wait; anybody may
// make one.
const maxOpenApplications = 200

func (app Application) check() error {
	return errors.Join(desk.CheckLine("name", app.Name), desk.CheckText("contact", app.Contact), desk.CheckText("use", app.Use), checkKinds(app.Kinds))
}

// Apply takes an application. Of what is given only Name, Contact, Use and
// Kinds count. At most 200 wait at a time (ErrTooManyApplications).
func (m *Ministry) Apply(ctx context.Context, app Application) (Application, error) {
	if err := app.check(); err != nil {
		return Application{}, err
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	all, err := m.store.Applications(ctx)
	if err != nil {
		return Application{}, err
	}
	open := 0
	for _, other := range all {
		if other.State == ApplicationOpen {
			open++
		}
	}
	if open >= maxOpenApplications {
		return Application{}, ErrTooManyApplications
	}
	entry := Application{
		ID: fmt.Sprintf("application-%06d", len(all)+1), Name: strings.TrimSpace(app.Name), Contact: app.Contact, Use: app.Use,
		Kinds: slices.Clone(app.Kinds), State: ApplicationOpen, At: m.second(),
	}
	return entry, m.decide(ctx, entry, audit(entry.At, entry.ID, "applied", desk.By{}))
}

// decide writes an application with its line in the log.
func (m *Ministry) decide(ctx context.Context, app Application, line Audit) error {
	return m.store.CommitAccreditation(ctx, Change{Applications: []Application{app}, Audits: []Audit{line}})
}

// openApplication finds an application that waits for its decision.
func (m *Ministry) openApplication(ctx context.Context, id string) (Application, error) {
	all, err := m.store.Applications(ctx)
	if err != nil {
		return Application{}, err
	}
	for _, app := range all {
		switch {
		case app.ID == id && app.State != ApplicationOpen:
			return app, ErrApplicationDecided
		case app.ID == id:
			return app, nil
		}
	}
	return Application{}, ErrNoApplication
}

// Approve accredits the applicant under conditions and gives the key, this
// once: only its hash is kept.
func (m *Ministry) Approve(ctx context.Context, applicationID string, a Approval) (v Verifier, key string, err error) {
	if err := a.Check(); err != nil {
		return v, "", err
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	app, err := m.openApplication(ctx, applicationID)
	if err != nil {
		return v, "", err
	}
	if len(a.Kinds) == 0 {
		a.Kinds = app.Kinds
	}
	for _, k := range a.Kinds {
		if !slices.Contains(app.Kinds, k) {
			return v, "", desk.Invalid("kinds", "must be among those applied for")
		}
	}
	r := Registration{ID: a.VerifierID, Name: app.Name, Key: rand.Text(), Kinds: a.Kinds}
	if err := errors.Join(desk.CheckText("conditions", a.Conditions), r.check()); err != nil {
		return v, "", err
	}
	v = r.verifier(m.second())
	v.Why, v.Conditions = a.Why, a.Conditions
	if m.list.has(v.ID, v.KeyHash) {
		return Verifier{}, "", ErrVerifierExists
	}
	app.State, app.Decided, app.Verifier = ApplicationApproved, v.Since, v.ID
	change := Change{Applications: []Application{app}, Audits: []Audit{
		audit(v.Since, app.ID, "approved", a.By), audit(v.Since, v.ID, "accredited", a.By),
	}}
	if err := m.enter(ctx, v, change); err != nil {
		return Verifier{}, "", err
	}
	return v, r.Key, nil
}

// Reject refuses an application.
func (m *Ministry) Reject(ctx context.Context, applicationID string, by desk.By) (Application, error) {
	if err := by.Check(); err != nil {
		return Application{}, err
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	app, err := m.openApplication(ctx, applicationID)
	if err != nil {
		return Application{}, err
	}
	app.State, app.Decided = ApplicationRejected, m.second()
	return app, m.decide(ctx, app, audit(app.Decided, app.ID, "rejected", by))
}

// Applications gives all applications, the latest first.
func (m *Ministry) Applications(ctx context.Context) ([]Application, error) {
	return m.store.Applications(ctx)
}
