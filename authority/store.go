package authority

import (
	"context"
	"errors"
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

// Standing is the part of a certificate that changes: its state, and since
// when and for which reason. Reason counts only for Held and Revoked.
type Standing struct {
	State  State
	Reason jpki.Reason
	Since  time.Time // whole seconds; the issue for Good
}

// Certificate is an issued certificate.
type Certificate struct {
	Kind       jpki.Kind
	Serial     jpki.SerialNumber
	CardID     string
	ResidentID string
	DER        []byte
	NotBefore  time.Time
	NotAfter   time.Time
	Standing   Standing
	// Delivered is false until the card has taken the certificate. What is
	// found undelivered at a start is revoked as discarded before hand-over
	// (交付前破棄).
	Delivered bool
}

// Card is a card the authority has written certificates for.
type Card struct {
	ID         string
	ResidentID string
	IssuedAt   time.Time
	Expires    time.Time // the end of its last day, Japanese civil time
	// State is what became of the card; empty is in use. Since says when, and
	// is zero for a card in use that never was anything else.
	State CardState
	Since time.Time
}

// CardState is what became of a card.
type CardState string

// The states of a card. All but CardInUse and CardLost are final.
const (
	CardInUse    CardState = ""
	CardLost     CardState = "lost"     // 紛失の届出中
	CardVoid     CardState = "void"     // 廃止: final revocation after loss, death, moving abroad
	CardReturned CardState = "returned" // 返納
	CardReplaced CardState = "replaced" // another card was issued
)

// Event is one line of the authority's journal: who did what to which
// certificate, when, and why.
type Event struct {
	ID         int64 // given by the store, ascending
	At         time.Time
	Act        string // "issued", "handed over", "discarded", "revoked", "suspended", "resumed"
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

// Publication is what is remembered of the last CRL of a kind.
type Publication struct {
	Kind       jpki.Kind
	Number     int64 // 0 means that none was published
	ThisUpdate time.Time
}

// StatusRow is what the status table needs of a certificate.
type StatusRow struct {
	Number   uint64 // the serial number
	NotAfter time.Time
	Standing Standing
}

// NewStanding changes the standing of one certificate; Deliver also marks it
// as taken by its card.
type NewStanding struct {
	Kind     jpki.Kind
	Serial   jpki.SerialNumber
	Standing Standing
	Deliver  bool
}

// Change is what one act writes. All of it is on the disk when Commit returns,
// or none of it.
type Change struct {
	Residents    []Resident // entered, or replaced by ID
	Cards        []Card     // entered, or replaced by ID
	Certificates []Certificate
	Standings    []NewStanding
	Events       []Event
	Verifiers    []Verifier // entered, or replaced by ID
	Publications []Publication
	Kept         map[string][]byte // keys and CA certificates, by name

	FormerEntries []FormerEntry
	Applications  []VerifierApplication // entered, or replaced by ID
	Audits        []Audit
	Fees          []FeeCount // added to what was counted before
}

// CertificateQuery selects certificates; empty members select all.
type CertificateQuery struct {
	Kind       jpki.Kind
	CardID     string
	ResidentID string
	// Undelivered selects those that no card has taken.
	Undelivered bool
}

// EventQuery selects lines of the journal; empty members select all.
type EventQuery struct {
	ResidentID string
	Kind       jpki.Kind
	Serial     jpki.SerialNumber
	Limit      int // the latest so many; 0 means 100
}

// ErrNotKept is returned by Store.Kept for a name under which nothing is kept.
var ErrNotKept = errors.New("authority: nothing is kept under that name")

// Store keeps what the authority must not forget. One authority uses a store
// at a time; it serialises its own changes. Times come back in UTC, in whole
// seconds.
type Store interface {
	// Commit writes a change, all of it or none.
	Commit(ctx context.Context, c Change) error
	// Kept gives what Change.Kept put there, or ErrNotKept.
	Kept(ctx context.Context, name string) ([]byte, error)
	// Resident gives ErrNoResident for an unknown ID.
	Resident(ctx context.Context, id string) (Resident, error)
	// Residents gives all, by ID.
	Residents(ctx context.Context) ([]Resident, error)
	// Card gives ErrNoCard for an unknown ID.
	Card(ctx context.Context, id string) (Card, error)
	// Certificate gives ErrNoCertificate for an unknown one.
	Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (Certificate, error)
	// Certificates gives the selected ones by kind, in the order of their serial
	// numbers, which is that of their issue.
	Certificates(ctx context.Context, q CertificateQuery) ([]Certificate, error)
	// EachStatus calls f for every certificate of a kind, in any order.
	EachStatus(ctx context.Context, kind jpki.Kind, f func(StatusRow) error) error
	// Events gives the selected lines, the latest first.
	Events(ctx context.Context, q EventQuery) ([]Event, error)
	// Verifiers gives all, by ID.
	Verifiers(ctx context.Context) ([]Verifier, error)
	// Publication gives the last CRL's; the zero value before the first.
	Publication(ctx context.Context, kind jpki.Kind) (Publication, error)

	// ResidentsBorn gives those whose date of birth reads so, YYYY-MM-DD, by ID;
	// at most limit.
	ResidentsBorn(ctx context.Context, day string, limit int) ([]Resident, error)
	// Cards gives a resident's cards, in the order of their issue.
	Cards(ctx context.Context, residentID string) ([]Card, error)
	// FormerEntries gives a resident's, the latest first.
	FormerEntries(ctx context.Context, residentID string) ([]FormerEntry, error)
	// Applications gives all, the latest first.
	Applications(ctx context.Context) ([]VerifierApplication, error)
	// Audits gives the lines about a subject, or all for an empty one, the
	// latest first; at most limit.
	Audits(ctx context.Context, subject string, limit int) ([]Audit, error)
	// Fees gives what was counted from one day to another, both included, by
	// verifier, day, kind and purpose; of all verifiers for an empty one.
	Fees(ctx context.Context, verifierID, from, to string) ([]FeeCount, error)
}
