package db

import (
	"errors"
	"time"

	"gorm.io/gorm"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// standingColumns is what is known of a customer. Nothing is written for who is
// unchanged: a confirmation that has not failed says so, by its report alone, of
// all whom it covers. It covers customers who permit it, of whom no other state
// is recorded, from the confirmation on that FirstReport names; that is later
// than any that was begun when the record, or the consent, became what it is. What
// is written in State and ConfirmedAt is what was known when such a report would
// no longer say so.
type standingColumns struct {
	ConsentWithdrawnAt *time.Time `gorm:"index:idx_customers_known,priority:3"`
	State              string     `gorm:"index:idx_customers_known,priority:1;not null;default:''"`
	Reason             int
	StateSince         *time.Time
	Final              bool `gorm:"not null;default:false"` // nothing more to ask
	ConfirmedAt        *time.Time
	FirstReport        int64 `gorm:"index:idx_customers_known,priority:2;not null;default:1"`
}

// coverage is the newest confirmation that has not failed; the zero value is
// none.
type coverage struct {
	ID int64
	At time.Time
}

// lastCoverage gives the newest confirmation that has not failed.
func lastCoverage(g *gorm.DB) (coverage, error) {
	var last coverage
	err := g.Model(&reportRow{}).Select("id", "at").Where("finished_at IS NOT NULL AND failure = ''").Order("id DESC").Limit(1).Take(&last).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return coverage{}, nil
	}
	return last, err
}

// nextReport gives the first confirmation that covers what is written now.
func nextReport(tx *gorm.DB) (next int64, err error) {
	return next, tx.Model(&reportRow{}).Select("COALESCE(MAX(id), 0) + 1").Scan(&next).Error
}

// covered selects the customers whom a confirmation covers.
const covered = "consent_withdrawn_at IS NULL AND state IN ('', 'unchanged') AND first_report <= ?"

// written gives what is written.
func (c standingColumns) written() bank.Standing {
	return bank.Standing{State: rp.State(c.State), Reason: jpki.Reason(c.Reason), Since: dbopen.TimeOf(c.StateSince), ConfirmedAt: dbopen.TimeOf(c.ConfirmedAt)}
}

// standing joins what is written with what follows from the last confirmation.
func (c standingColumns) standing(last coverage) bank.Standing {
	s := c.written()
	if c.ConsentWithdrawnAt == nil && (s.State == "" || s.State == rp.Unchanged) && c.FirstReport <= last.ID {
		s.State, s.ConfirmedAt = rp.Unchanged, last.At.UTC()
	}
	return s
}
