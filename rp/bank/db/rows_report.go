package db

import (
	"time"

	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
)

// reportRow is the report of a confirmation.
type reportRow struct {
	ID         int64 `gorm:"primaryKey"`
	Cause      string
	At         time.Time
	FinishedAt *time.Time // nil while the confirmation runs, and for good if it was interrupted
	Questions  int
	Asked      int
	Followed   int `gorm:"not null;default:0"`
	Failure    string
	Tally      tallyColumns `gorm:"embedded;embeddedPrefix:tally_"`
}

func (reportRow) TableName() string { return "reports" }

// tallyColumns counts customers.
type tallyColumns struct {
	Customers, Withheld, Never                               int
	Unchanged, Changed, Revoked, Suspended, Expired, Unknown int
	Reissued                                                 int `gorm:"not null;default:0"`
}

func reportToRow(r bank.Report) reportRow {
	return reportRow{
		ID: r.ID, Cause: string(r.Trigger), At: r.At.UTC(), FinishedAt: dbopen.OptionalTime(r.Finished), Questions: r.Questions,
		Asked: r.Asked, Followed: r.Followed, Failure: string(r.Failure), Tally: tallyColumns(r.Tally),
	}
}

func (r reportRow) report() bank.Report {
	return bank.Report{
		ID: r.ID, Trigger: bank.Trigger(r.Cause), At: r.At.UTC(), Finished: dbopen.TimeOf(r.FinishedAt), Questions: r.Questions,
		Asked: r.Asked, Followed: r.Followed, Failure: bank.Failure(r.Failure), Tally: bank.Tally(r.Tally),
	}
}
