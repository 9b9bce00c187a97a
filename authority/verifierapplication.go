package authority

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
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

// maxOpenApplications bounds the applications that wait; anybody may hand one
// in.
const maxOpenApplications = 200

func (app VerifierApplication) check() error {
	switch {
	case strings.TrimSpace(app.Name) == "" || !text(app.Name):
		return &InvalidError{"name", "want 1 to 200 characters"}
	case !text(app.Contact):
		return &InvalidError{"contact", "want at most 200 characters"}
	case !text(app.Use):
		return &InvalidError{"use", "want at most 200 characters"}
	}
	return checkKinds(app.Kinds)
}

// checkKinds wants one or both kinds, each once.
func checkKinds(kinds []jpki.Kind) error {
	if len(kinds) == 0 {
		return &InvalidError{"kinds", "want at least one kind of certificate"}
	}
	for i, k := range kinds {
		if !k.Valid() || slices.Contains(kinds[:i], k) {
			return &InvalidError{"kinds", "an unknown kind, or one that comes twice"}
		}
	}
	return nil
}

// ApplyForAccreditation takes an application in. Of what is given only Name,
// Contact, Use and Kinds count. At most 200 wait at a time
// (ErrTooManyApplications).
func (a *Authority) ApplyForAccreditation(ctx context.Context, app VerifierApplication) (VerifierApplication, error) {
	if err := app.check(); err != nil {
		return VerifierApplication{}, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	all, err := a.store.Applications(ctx)
	if err != nil {
		return VerifierApplication{}, err
	}
	open := 0
	for _, other := range all {
		if other.State == ApplicationOpen {
			open++
		}
	}
	if open >= maxOpenApplications {
		return VerifierApplication{}, ErrTooManyApplications
	}
	entry := VerifierApplication{
		ID: fmt.Sprintf("application-%06d", len(all)+1), Name: strings.TrimSpace(app.Name), Contact: app.Contact, Use: app.Use,
		Kinds: slices.Clone(app.Kinds), State: ApplicationOpen, At: a.second(),
	}
	audit := Audit{At: entry.At, Subject: entry.ID, Act: "applied"}
	return entry, a.store.Commit(ctx, Change{Applications: []VerifierApplication{entry}, Audits: []Audit{audit}})
}

// openApplication finds an application that waits for its decision.
func (a *Authority) openApplication(ctx context.Context, id string) (VerifierApplication, error) {
	all, err := a.store.Applications(ctx)
	if err != nil {
		return VerifierApplication{}, err
	}
	for _, app := range all {
		switch {
		case app.ID == id && app.State != ApplicationOpen:
			return app, ErrApplicationDecided
		case app.ID == id:
			return app, nil
		}
	}
	return VerifierApplication{}, ErrNoApplication
}

// ApproveVerifier accredits the applicant under conditions and gives the key,
// this once: only its hash is kept.
func (a *Authority) ApproveVerifier(ctx context.Context, applicationID string, ap Approval) (v Verifier, key string, err error) {
	if err := ap.By.check(); err != nil {
		return v, "", err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	app, err := a.openApplication(ctx, applicationID)
	if err != nil {
		return v, "", err
	}
	kinds := ap.Kinds
	if len(kinds) == 0 {
		kinds = app.Kinds
	}
	for _, k := range kinds {
		if !slices.Contains(app.Kinds, k) {
			return v, "", &InvalidError{"kinds", "not among those applied for"}
		}
	}
	if !text(ap.Conditions) {
		return v, "", &InvalidError{"conditions", "want at most 200 characters"}
	}
	key = rand.Text()
	if err := (Accreditation{ID: ap.VerifierID, Name: app.Name, Key: key, Kinds: kinds}).check(); err != nil {
		return v, "", err
	}
	v = Verifier{
		ID: ap.VerifierID, Name: app.Name, KeyHash: sha256.Sum256([]byte(key)), Kinds: slices.Clone(kinds),
		State: VerifierAccredited, Since: a.second(), Why: ap.Why, Conditions: ap.Conditions,
	}
	if a.register.has(v.ID, v.KeyHash) {
		return Verifier{}, "", ErrVerifierExists
	}
	app.State, app.Decided, app.Verifier = ApplicationApproved, v.Since, v.ID
	change := Change{Applications: []VerifierApplication{app}, Audits: []Audit{
		{At: v.Since, Subject: app.ID, Act: "approved", Officer: ap.Officer, Why: ap.Why},
		{At: v.Since, Subject: v.ID, Act: "accredited", Officer: ap.Officer, Why: ap.Why},
	}}
	if err := a.enterVerifier(ctx, v, change); err != nil {
		return Verifier{}, "", err
	}
	return v, key, nil
}

// RejectVerifier refuses an application.
func (a *Authority) RejectVerifier(ctx context.Context, applicationID string, by By) (VerifierApplication, error) {
	if err := by.check(); err != nil {
		return VerifierApplication{}, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	app, err := a.openApplication(ctx, applicationID)
	if err != nil {
		return VerifierApplication{}, err
	}
	app.State, app.Decided = ApplicationRejected, a.second()
	audit := Audit{At: app.Decided, Subject: app.ID, Act: "rejected", Officer: by.Officer, Why: by.Why}
	return app, a.store.Commit(ctx, Change{Applications: []VerifierApplication{app}, Audits: []Audit{audit}})
}

// Applications gives all applications, the latest first.
func (a *Authority) Applications(ctx context.Context) ([]VerifierApplication, error) {
	return a.store.Applications(ctx)
}

// ChangeVerifier suspends, reinstates or withdraws an accreditation, with who
// and why in the audit log. It holds for every inquiry that begins after it
// returns.
func (a *Authority) ChangeVerifier(ctx context.Context, id string, s VerifierState, by By) (Verifier, error) {
	if s != VerifierAccredited && s != VerifierSuspended && s != VerifierWithdrawn {
		return Verifier{}, &InvalidError{"state", "want accredited, suspended or withdrawn"}
	}
	return a.changeVerifier(ctx, id, string(s), by, func(v *Verifier) {
		v.State, v.Since, v.Why = s, a.second(), by.Why
	})
}

// SetConditions changes what an accreditation covers.
func (a *Authority) SetConditions(ctx context.Context, id string, kinds []jpki.Kind, conditions string, by By) (Verifier, error) {
	if err := checkKinds(kinds); err != nil {
		return Verifier{}, err
	}
	if !text(conditions) {
		return Verifier{}, &InvalidError{"conditions", "want at most 200 characters"}
	}
	return a.changeVerifier(ctx, id, "conditions", by, func(v *Verifier) {
		v.Kinds, v.Conditions = slices.Clone(kinds), conditions
	})
}

// changeVerifier is the one way an entry of the verifiers' register changes.
func (a *Authority) changeVerifier(ctx context.Context, id, act string, by By, change func(*Verifier)) (Verifier, error) {
	if err := by.check(); err != nil {
		return Verifier{}, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	v, ok := a.register.byID(id)
	switch {
	case !ok:
		return Verifier{}, ErrNoVerifier
	case v.State == VerifierWithdrawn && act != string(VerifierWithdrawn):
		return Verifier{}, ErrVerifierWithdrawn
	}
	change(&v)
	audit := Audit{At: a.second(), Subject: id, Act: act, Officer: by.Officer, Why: by.Why}
	if err := a.enterVerifier(ctx, v, Change{Audits: []Audit{audit}}); err != nil {
		return Verifier{}, err
	}
	return v, nil
}

// Audit gives the log of a verifier, an application, or "tariff"; of
// everything for an empty subject. The latest line first, at most limit (0
// means 100).
func (a *Authority) Audit(ctx context.Context, subject string, limit int) ([]Audit, error) {
	if limit <= 0 {
		limit = 100
	}
	return a.store.Audits(ctx, subject, min(limit, 10000))
}

// Acknowledged gives the verifier that a key belongs to if it is accredited
// for any kind now; else a *NotAccreditedError of no kind.
func (a *Authority) Acknowledged(_ context.Context, key string) (Verifier, error) {
	return a.accredited(key, 0)
}
