package authority

import (
	"context"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// NewStatus changes the status of one certificate; Deliver also marks it as
// taken by its card.
type NewStatus struct {
	Kind    jpki.Kind
	Serial  jpki.SerialNumber
	Status  register.Status
	Deliver bool
}

// Change is what one act writes. All of it is on the disk when Commit returns,
// or none of it.
type Change struct {
	Residents     []register.Resident // entered, or replaced by ID
	Cards         []register.Card     // entered, or replaced by ID
	Certificates  []register.Certificate
	Statuses      []NewStatus
	Events        []register.Event
	FormerEntries []register.FormerEntry
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
	Since      time.Time // written then or later
	Limit      int       // the latest so many; 0 means 100
}

// Store keeps what the authority must not forget. One authority uses a store
// at a time; it serialises its own changes. Times come back in UTC, in whole
// seconds.
type Store interface {
	accreditation.Store
	ca.Store

	// Commit writes a change, all of it or none.
	Commit(ctx context.Context, c Change) error
	// Resident gives register.ErrNoResident for an unknown ID.
	Resident(ctx context.Context, id string) (register.Resident, error)
	// Residents gives all, by ID.
	Residents(ctx context.Context) ([]register.Resident, error)
	// ResidentsBorn gives those whose date of birth reads so, YYYY-MM-DD, by ID;
	// at most limit.
	ResidentsBorn(ctx context.Context, day string, limit int) ([]register.Resident, error)
	// FormerEntries gives a resident's, the latest first.
	FormerEntries(ctx context.Context, residentID string) ([]register.FormerEntry, error)
	// Card gives register.ErrNoCard for an unknown ID.
	Card(ctx context.Context, id string) (register.Card, error)
	// Cards gives a resident's cards, in the order of their issue.
	Cards(ctx context.Context, residentID string) ([]register.Card, error)
	// Lapsing gives the cards in use or lost that have a deadline, the earliest
	// first.
	Lapsing(ctx context.Context) ([]register.Card, error)
	// Certificate gives register.ErrNoCertificate for an unknown one.
	Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (register.Certificate, error)
	// Certificates gives the selected ones by kind, in the order of their serial
	// numbers, which is that of their issue.
	Certificates(ctx context.Context, q CertificateQuery) ([]register.Certificate, error)
	// Expired counts the certificates on cards that were good until they ended, at from or
	// later and before to.
	Expired(ctx context.Context, from, to time.Time) (int, error)
	// Events gives the selected lines, the latest first.
	Events(ctx context.Context, q EventQuery) ([]register.Event, error)
}
