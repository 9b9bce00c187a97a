package bank

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/rp"
)

// Trigger says what started a confirmation.
type Trigger string

// The triggers.
const (
	Scheduled Trigger = "scheduled" // 定時
	OnDemand  Trigger = "on-demand" // 行員の指示
)

// Tally counts customers by what is known about them. Each is counted in Customers and
// in one other field.
type Tally struct {
	Customers int // all
	Withheld  int // without consent: not asked about
	Never     int // with consent, but not asked about yet
	// The others, by the state in their Standing.
	Unchanged, Changed, Revoked, Suspended, Expired, Unknown, Reissued int
}

// Report is the report of a confirmation (変更確認の結果).
type Report struct {
	ID       int64
	Trigger  Trigger
	At       time.Time // when it started
	Finished time.Time
	// Questions is how many certificates were asked about; the authority counts
	// each. It includes certificates that replaced another, and excludes those
	// that were known to be revoked or expired.
	Questions int
	// Tally is what is known after the confirmation, including what was found
	// earlier.
	Tally Tally
	// Asked is how many messages were written. A customer is asked only once.
	Asked int
	// Followed is how many customers are unchanged although their certificate was
	// renewed (更新). The newer one is watched from then on.
	Followed int
	// Failure says why the confirmation failed. Unless it is FailedOtherwise, nothing
	// was recorded then.
	Failure Failure
}

// Failure says why a confirmation failed; it is empty if it did not.
type Failure string

// The failures.
const (
	FailedNotAccredited Failure = "not_accredited"     // the authority refuses this verifier
	FailedUnavailable   Failure = "status_unavailable" // the authority does not answer
	FailedAnswer        Failure = "answer"             // its answers do not match the questions
	FailedOtherwise     Failure = "failed"             // a fault of the bank
)

func failureOf(err error) Failure {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, rp.ErrNotAccredited):
		return FailedNotAccredited
	case errors.Is(err, rp.ErrStatusMissing):
		return FailedAnswer
	case errors.Is(err, rp.ErrStatusUnavailable):
		return FailedUnavailable
	}
	return FailedOtherwise
}

// Reports returns the newest reports of confirmations, at most limit.
func (b *Bank) Reports(ctx context.Context, limit int) ([]Report, error) {
	return b.store.Reports(ctx, limit)
}

// Report returns one report, or ErrNoReport.
func (b *Bank) Report(ctx context.Context, id int64) (Report, error) {
	return b.store.Report(ctx, id)
}
