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

// standingColumns is what is known about a customer. Nothing is written about a
// customer whom a confirmation finds unchanged: that follows from its report.
//
// The report of a confirmation that did not fail covers the customers whose consent
// is in force, whose State is empty or unchanged, and whose FirstReport is not later.
// FirstReport is set whenever the record, the consent or the State changes: to the
// next report, since one that is under way may have read the customer before. At the
// same time State and ConfirmedAt are set to what the reports said until then.
type standingColumns struct {
	ConsentWithdrawnAt *time.Time `gorm:"index:idx_customers_known,priority:3"`
	State              string     `gorm:"index:idx_customers_known,priority:1;not null;default:''"`
	Reason             int
	StateSince         *time.Time
	Final              bool `gorm:"not null;default:false"` // nothing more to ask
	ConfirmedAt        *time.Time
	FirstReport        int64 `gorm:"index:idx_customers_known,priority:2;not null;default:1"`
}

// coverage is the newest report of a confirmation that did not fail; the zero value
// means none.
type coverage struct {
	ID int64
	At time.Time
}

// lastCoverage returns the newest report of a confirmation that did not fail.
func lastCoverage(g *gorm.DB) (coverage, error) {
	var last coverage
	err := g.Model(&reportRow{}).Select("id", "at").Where("finished_at IS NOT NULL AND failure = ''").Order("id DESC").Limit(1).Take(&last).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return coverage{}, nil
	}
	return last, err
}

// nextReport returns the ID of the first report that covers what is written now.
func nextReport(tx *gorm.DB) (next int64, err error) {
	return next, tx.Model(&reportRow{}).Select("COALESCE(MAX(id), 0) + 1").Scan(&next).Error
}

// covered selects the customers whom a report covers.
const covered = "consent_withdrawn_at IS NULL AND state IN ('', 'unchanged') AND first_report <= ?"

// written returns what the columns say.
func (c standingColumns) written() bank.Standing {
	return bank.Standing{State: rp.State(c.State), Reason: jpki.Reason(c.Reason), Since: dbopen.TimeOf(c.StateSince), ConfirmedAt: dbopen.TimeOf(c.ConfirmedAt)}
}

// standing returns what the columns say and what follows from the last report.
func (c standingColumns) standing(last coverage) bank.Standing {
	s := c.written()
	if c.ConsentWithdrawnAt == nil && (s.State == "" || s.State == rp.Unchanged) && c.FirstReport <= last.ID {
		s.State, s.ConfirmedAt = rp.Unchanged, last.At.UTC()
	}
	return s
}
