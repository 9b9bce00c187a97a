package authority

import (
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// VerifierState is the state of an accreditation (総務大臣の認定).
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

// Accreditation is an application for registration in the verifiers' register.
type Accreditation struct {
	ID    string
	Name  string
	Key   string // 16 to 128 of A-Z a-z 0-9 . _ ~ -, so that it fits a header and a path
	Kinds []jpki.Kind
}

const minKey, maxKey = 16, 128

func (v Accreditation) check() error {
	switch {
	case !idForm.MatchString(v.ID):
		return &InvalidError{"id", "want 1 to 63 of a-z 0-9 . _ -"}
	case v.Name == "" || !text(v.Name):
		return &InvalidError{"name", "want 1 to 200 characters"}
	case len(v.Key) < minKey || len(v.Key) > maxKey || !unreserved(v.Key):
		return &InvalidError{"key", "want 16 to 128 of A-Z a-z 0-9 . _ ~ -"}
	case len(v.Kinds) == 0:
		return &InvalidError{"kinds", "want at least one kind of certificate"}
	}
	for i, k := range v.Kinds {
		if !k.Valid() || slices.Contains(v.Kinds[:i], k) {
			return &InvalidError{"kinds", "an unknown kind, or one that comes twice"}
		}
	}
	return nil
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

// RegisterVerifier enters an accredited verifier. A known ID or key gives
// ErrVerifierExists.
func (a *Authority) RegisterVerifier(ctx context.Context, v Accreditation) (Verifier, error) {
	if err := v.check(); err != nil {
		return Verifier{}, err
	}
	a.changing.Lock()
	defer a.changing.Unlock()
	entry := Verifier{
		ID: v.ID, Name: v.Name, KeyHash: sha256.Sum256([]byte(v.Key)), Kinds: slices.Clone(v.Kinds),
		State: VerifierAccredited, Since: a.second(),
	}
	if a.register.has(entry.ID, entry.KeyHash) {
		return Verifier{}, ErrVerifierExists
	}
	audit := Audit{At: entry.Since, Subject: entry.ID, Act: "registered"}
	if err := a.enterVerifier(ctx, entry, Change{Audits: []Audit{audit}}); err != nil {
		return Verifier{}, err
	}
	return entry, nil
}

// enterVerifier commits an entry of the verifiers' register with a further
// change. After a commit that failed the register in memory is what the store
// says; an accreditation that was to end counts as ended where the store cannot
// be read. The caller holds a.changing.
func (a *Authority) enterVerifier(ctx context.Context, v Verifier, change Change) error {
	change.Verifiers = []Verifier{v}
	err := a.store.Commit(ctx, change)
	if err == nil {
		a.register.put(v)
		return nil
	}
	stored, unread := a.store.Verifiers(context.WithoutCancel(ctx))
	if unread != nil && v.State != VerifierAccredited {
		stored = []Verifier{v}
	}
	for _, s := range stored {
		if s.ID == v.ID {
			a.register.put(s)
		}
	}
	return err
}

// SetVerifierState suspends, reinstates or withdraws an accreditation. It
// holds for every inquiry that begins after it returns.
func (a *Authority) SetVerifierState(ctx context.Context, id string, s VerifierState, why string) (Verifier, error) {
	return a.ChangeVerifier(ctx, id, s, By{Why: why})
}

// Verifiers gives the register of accredited verifiers, by ID.
func (a *Authority) Verifiers() []Verifier { return a.register.all() }

// Accredited gives the verifier that a key belongs to, if it may ask about a
// kind now; else a *NotAccreditedError.
func (a *Authority) Accredited(_ context.Context, key string, kind jpki.Kind) (Verifier, error) {
	v, err := a.accredited(key, kind)
	if err == nil && !slices.Contains(v.Kinds, kind) {
		return Verifier{}, &NotAccreditedError{Reason: KindNotCovered, Kind: kind, Verifier: v.ID}
	}
	return v, err
}

// accredited gives the verifier that a key belongs to, if its accreditation
// holds now. The kind, or 0, is what the question was about.
func (a *Authority) accredited(key string, kind jpki.Kind) (Verifier, error) {
	refuse := func(reason, id string) (Verifier, error) {
		return Verifier{}, &NotAccreditedError{Reason: reason, Kind: kind, Verifier: id}
	}
	if key == "" {
		return refuse(NoKey, "")
	}
	v, ok := a.register.byKey(sha256.Sum256([]byte(key)))
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
