package accreditation

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/shown"
)

// VerifierState is the state of an accreditation (主務大臣の認定; 総務大臣の認定 in material of
// 2014).
type VerifierState string

// The states of an accreditation. A withdrawn one does not come back.
const (
	VerifierAccredited VerifierState = "accredited"
	VerifierSuspended  VerifierState = "suspended"
	VerifierWithdrawn  VerifierState = "withdrawn"
)

// Verifier is an accredited organisation: a signature verifier (署名検証者), a
// user authentication verifier (利用者証明検証者), or both, by its Kinds. Only
// the hash of its key is kept.
type Verifier struct {
	ID      string
	Name    string
	KeyHash [sha256.Size]byte
	Kinds   []jpki.Kind
	State   VerifierState
	Since   time.Time // since when it is in that state
	Why     string
	// Conditions are what the accreditation was given under, beside Kinds.
	Conditions string
}

// Version names what the register says of a verifier.
func (v Verifier) Version() shown.Version {
	return shown.Of(v.ID, v.Name, string(v.State), v.Since.String(), fmt.Sprint(v.Kinds), v.Conditions)
}

// Registration is an entry in the register of verifiers without an application,
// as at the beginning of the world.
type Registration struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Key   string      `json:"key"` // 16 to 128 of A-Z a-z 0-9 . _ ~ -, so that it fits a header and a path
	Kinds []jpki.Kind `json:"kinds"`
	desk.By
}

const minKey, maxKey = 16, 128

func (r Registration) check() error {
	return errors.Join(desk.CheckID("id", r.ID), desk.CheckLine("name", r.Name), CheckKey(r.Key), checkKinds(r.Kinds), r.By.Check())
}

// CheckKey refuses what cannot be a verifier's key.
func CheckKey(key string) error {
	if len(key) < minKey || len(key) > maxKey || !unreserved(key) {
		return desk.Invalid("key", "must be 16 to 128 of A-Z a-z 0-9 . _ ~ -")
	}
	return nil
}

// verifier gives the entry in the register.
func (r Registration) verifier(at time.Time) Verifier {
	return Verifier{
		ID: r.ID, Name: r.Name, KeyHash: sha256.Sum256([]byte(r.Key)), Kinds: slices.Clone(r.Kinds), State: VerifierAccredited, Since: at, Why: r.Why,
	}
}

// checkKinds wants one or both kinds, each once.
func checkKinds(kinds []jpki.Kind) error {
	if len(kinds) == 0 {
		return desk.Invalid("kinds", "must name at least one kind of certificate")
	}
	return desk.CheckKinds(kinds)
}

// unreserved reports whether s has only characters that need no escaping in a
// URL (RFC 3986 §2.3).
func unreserved(s string) bool {
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~') {
			return false
		}
	}
	return true
}

// Register enters an accredited verifier. A known ID or key gives
// ErrVerifierExists.
func (m *Ministry) Register(ctx context.Context, r Registration) (Verifier, error) {
	if err := r.check(); err != nil {
		return Verifier{}, err
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	v := r.verifier(m.second())
	if m.list.has(v.ID, v.KeyHash) {
		return Verifier{}, ErrVerifierExists
	}
	if err := m.enter(ctx, v, Change{Audits: []Audit{audit(v.Since, v.ID, "registered", r.By)}}); err != nil {
		return Verifier{}, err
	}
	return v, nil
}

// enter commits an entry of the verifiers' register with a further
// change. After a commit that failed the register in memory is what the store
// says; an accreditation that was to end counts as ended where the store cannot
// be read. The caller holds m.changing.
func (m *Ministry) enter(ctx context.Context, v Verifier, change Change) error {
	change.Verifiers = []Verifier{v}
	err := m.store.CommitAccreditation(ctx, change)
	if err == nil {
		m.list.put(v)
		return nil
	}
	stored, unread := m.store.Verifiers(context.WithoutCancel(ctx))
	if unread != nil && v.State != VerifierAccredited {
		stored = []Verifier{v}
	}
	for _, s := range stored {
		if s.ID == v.ID {
			m.list.put(s)
		}
	}
	return err
}

// SetState suspends, reinstates or withdraws an accreditation, with who and why
// in the log. It holds for every inquiry that begins after it returns.
func (m *Ministry) SetState(ctx context.Context, id string, s VerifierState, by desk.By) (Verifier, error) {
	if s != VerifierAccredited && s != VerifierSuspended && s != VerifierWithdrawn {
		return Verifier{}, desk.Invalid("state", "must be accredited, suspended or withdrawn")
	}
	return m.change(ctx, id, string(s), by, func(v *Verifier) {
		v.State, v.Since, v.Why = s, m.second(), by.Why
	})
}

// SetConditions changes what an accreditation covers.
func (m *Ministry) SetConditions(ctx context.Context, id string, kinds []jpki.Kind, conditions string, by desk.By) (Verifier, error) {
	if err := errors.Join(checkKinds(kinds), desk.CheckText("conditions", conditions)); err != nil {
		return Verifier{}, err
	}
	return m.change(ctx, id, "conditions", by, func(v *Verifier) {
		v.Kinds, v.Conditions = slices.Clone(kinds), conditions
	})
}

// SetKey gives a verifier another key. From then on the old one opens nothing. A key
// that it has already changes nothing; another verifier's gives ErrVerifierExists.
func (m *Ministry) SetKey(ctx context.Context, id, key string, by desk.By) (Verifier, error) {
	if err := CheckKey(key); err != nil {
		return Verifier{}, err
	}
	hash := sha256.Sum256([]byte(key))
	switch owner, ok := m.list.byKey(hash); {
	case ok && owner.ID == id:
		return owner, nil
	case ok:
		return Verifier{}, ErrVerifierExists
	}
	return m.change(ctx, id, "key", by, func(v *Verifier) { v.KeyHash = hash })
}

// change is the only place where an entry of the register changes.
func (m *Ministry) change(ctx context.Context, id, act string, by desk.By, change func(*Verifier)) (Verifier, error) {
	if err := by.Check(); err != nil {
		return Verifier{}, err
	}
	m.changing.Lock()
	defer m.changing.Unlock()
	v, ok := m.list.byID(id)
	switch {
	case !ok:
		return Verifier{}, ErrNoVerifier
	case v.State == VerifierWithdrawn && act != string(VerifierWithdrawn):
		return Verifier{}, ErrVerifierWithdrawn
	}
	if err := by.Seen.Still(v.Version()); err != nil {
		return Verifier{}, err
	}
	change(&v)
	if err := m.enter(ctx, v, Change{Audits: []Audit{audit(m.second(), id, act, by)}}); err != nil {
		return Verifier{}, err
	}
	return v, nil
}

// Verifiers gives the register of accredited verifiers, by ID.
func (m *Ministry) Verifiers() []Verifier { return m.list.all() }

// Version changes with every change of the register of verifiers, before that is
// acknowledged: what was found under one version holds as long as it is the same.
func (m *Ministry) Version() uint64 { return m.list.version.Load() }

// Why an inquiry is refused. The text is stable and for programs.
const (
	NoKey          = "no_key"           // the inquiry carries no verifier key
	UnknownKey     = "unknown_key"      // not the key of an accredited verifier
	Suspended      = "suspended"        // the accreditation is suspended
	Withdrawn      = "withdrawn"        // the accreditation was withdrawn
	KindNotCovered = "kind_not_covered" // the accreditation is for the other kind only
)

// NotAccreditedError is the refusal of somebody who may not ask for
// revocation information (失効情報). Reason is one of NoKey, UnknownKey, Suspended,
// Withdrawn, KindNotCovered.
type NotAccreditedError struct {
	Reason string
	Kind   jpki.Kind // 0 for a question that is about no kind
	// Verifier is the verifier's ID where the key was known.
	Verifier string
}

// Error names the reason and the kind that was asked for, if there is one.
func (e *NotAccreditedError) Error() string {
	if !e.Kind.Valid() {
		return "authority: not accredited: " + e.Reason
	}
	return fmt.Sprintf("authority: not accredited to ask about %v: %s", e.Kind, e.Reason)
}

// Accredited gives the verifier that a key belongs to, if it may ask about a
// kind now; else a *NotAccreditedError.
func (m *Ministry) Accredited(key string, kind jpki.Kind) (Verifier, error) {
	v, err := m.accredited(key, kind)
	if err == nil && !slices.Contains(v.Kinds, kind) {
		return Verifier{}, &NotAccreditedError{Reason: KindNotCovered, Kind: kind, Verifier: v.ID}
	}
	return v, err
}

// accredited gives the verifier that a key belongs to, if its accreditation
// holds now. The kind, or 0, is what the question was about.
func (m *Ministry) accredited(key string, kind jpki.Kind) (Verifier, error) {
	refuse := func(reason, id string) (Verifier, error) {
		return Verifier{}, &NotAccreditedError{Reason: reason, Kind: kind, Verifier: id}
	}
	if key == "" {
		return refuse(NoKey, "")
	}
	v, ok := m.list.byKey(sha256.Sum256([]byte(key)))
	switch {
	case !ok:
		return refuse(UnknownKey, "")
	case v.State == VerifierSuspended:
		return refuse(Suspended, v.ID)
	case v.State != VerifierAccredited:
		return refuse(Withdrawn, v.ID)
	}
	return v, nil
}

// Acknowledged gives the verifier that a key belongs to if it is accredited
// for any kind now; else a *NotAccreditedError of no kind.
func (m *Ministry) Acknowledged(key string) (Verifier, error) {
	return m.accredited(key, 0)
}
