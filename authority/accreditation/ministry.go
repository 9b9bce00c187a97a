package accreditation

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"example.jp/jpkimock/authority/desk"
)

// Config is what a ministry is made of; all members are required.
type Config struct {
	Now   func() time.Time
	Store Store
	// Log is told of fees that could not be written.
	Log *slog.Logger
}

// Ministry keeps the register of verifiers, the tariff and the ledger. Its
// methods may be called from any goroutine. What a method has acknowledged is
// on the disk and holds for every inquiry that begins afterwards.
type Ministry struct {
	now    func() time.Time
	store  Store
	list   *list
	ledger *ledger

	// changing is held from the reading that a decision rests on until its
	// change is in the store and in memory.
	changing sync.Mutex
}

// Open opens the ministry on its store.
func Open(ctx context.Context, cfg Config) (*Ministry, error) {
	verifiers, err := cfg.Store.Verifiers(ctx)
	if err != nil {
		return nil, err
	}
	return &Ministry{now: cfg.Now, store: cfg.Store, list: newList(verifiers), ledger: newLedger(cfg.Now, cfg.Store, cfg.Log)}, nil
}

// Close takes no more counts and writes those taken: it must come before the
// store is closed.
func (m *Ministry) Close() error { return m.ledger.close() }

// second gives the clock's time in whole seconds, as everything here is kept.
func (m *Ministry) second() time.Time { return m.now().UTC().Truncate(time.Second) }

// Change is what one decision writes. All of it is on the disk when it is
// committed, or none of it.
type Change struct {
	Verifiers    []Verifier    // entered, or replaced by ID
	Applications []Application // entered, or replaced by ID
	Audits       []Audit
	Fees         []FeeCount  // added to what was counted before
	Tariff       []TariffRow // replaces the tariff; nil leaves it
}

// Store keeps what the ministry must not forget.
type Store interface {
	// CommitAccreditation writes a change, all of it or none.
	CommitAccreditation(ctx context.Context, c Change) error
	// Verifiers gives all, by ID.
	Verifiers(ctx context.Context) ([]Verifier, error)
	// Applications gives all, the latest first.
	Applications(ctx context.Context) ([]Application, error)
	// Audits gives the lines about a subject, or all for an empty one, the
	// latest first; at most limit.
	Audits(ctx context.Context, subject string, limit int) ([]Audit, error)
	// Fees gives what was counted from one day to another, both included, by
	// verifier, day, kind and purpose; of all verifiers for an empty one.
	Fees(ctx context.Context, verifierID, from, to string) ([]FeeCount, error)
	// Tariff gives the last one committed; nil before the first.
	Tariff(ctx context.Context) ([]TariffRow, error)
}

// Errors of the ministry. Each names the rule that was broken.
var (
	// ErrNoVerifier: the register knows no such verifier.
	ErrNoVerifier = errors.New("authority: no such verifier")
	// ErrVerifierExists: the ID or the key is another verifier's.
	ErrVerifierExists = errors.New("authority: the verifier's ID or key is already registered")
	// ErrVerifierWithdrawn: a withdrawn accreditation does not come back.
	ErrVerifierWithdrawn = errors.New("authority: the accreditation was withdrawn, which is final")
	// ErrNoApplication: no such application for accreditation was made.
	ErrNoApplication = errors.New("authority: no such application")
	// ErrApplicationDecided: a decision on an application is final.
	ErrApplicationDecided = errors.New("authority: the application has already been decided")
	// ErrTooManyApplications: too many applications wait for a decision.
	ErrTooManyApplications = errors.New("authority: too many pending applications")
)

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

func audit(at time.Time, subject, act string, by desk.By) Audit {
	return Audit{At: at, Subject: subject, Act: act, Officer: by.Officer, Why: by.Why}
}

// Audit gives the log of a verifier, an application, or "tariff"; of
// everything for an empty subject. The latest line first, at most limit (0
// means 100).
func (m *Ministry) Audit(ctx context.Context, subject string, limit int) ([]Audit, error) {
	if limit <= 0 {
		limit = 100
	}
	return m.store.Audits(ctx, subject, min(limit, 10000))
}
