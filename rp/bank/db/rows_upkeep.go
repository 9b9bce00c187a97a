package db

import (
	"encoding/json"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
)

// noticeRow is a message to a customer.
type noticeRow struct {
	ID         int64  `gorm:"primaryKey"`
	CustomerID int64  `gorm:"index;not null"`
	Kind       string `gorm:"not null"`
	Serial     string
	Reason     int
	Since      *time.Time
	At         time.Time
	ClosedAt   *time.Time `gorm:"index"`
	PrintedAt  *time.Time
	Letter     bool `gorm:"not null;default:false"`
	// Addressee and SentTo are the customer's name and address at the time, once the
	// record has changed; nil while they are those on record.
	Addressee, SentTo *string
}

func (noticeRow) TableName() string { return "notices" }

func noticeToRow(n bank.Notice) noticeRow {
	return noticeRow{
		CustomerID: int64(n.Customer), Kind: string(n.Kind), Serial: n.Serial.String(), Reason: int(n.Reason),
		Since: dbopen.OptionalTime(n.Since), At: n.At.UTC(), ClosedAt: dbopen.OptionalTime(n.ClosedAt), PrintedAt: dbopen.OptionalTime(n.PrintedAt), Letter: n.Letter,
	}
}

// addressedRow is a message with its addressee, as selected by a query.
type addressedRow struct {
	Row     noticeRow `gorm:"embedded"`
	Account string
	Branch  string
	Name    string
	Address string
}

func (r addressedRow) notice() bank.AddressedNotice {
	n := r.Row
	branch, _ := bank.BranchByCode(r.Branch)
	return bank.AddressedNotice{
		Notice: bank.Notice{
			ID: bank.NoticeID(n.ID), Customer: bank.CustomerID(n.CustomerID), Kind: bank.NoticeKind(n.Kind),
			Serial: jpki.SerialNumber(n.Serial), Reason: jpki.Reason(n.Reason), Since: dbopen.TimeOf(n.Since),
			At: n.At.UTC(), ClosedAt: dbopen.TimeOf(n.ClosedAt), PrintedAt: dbopen.TimeOf(n.PrintedAt), Letter: n.Letter,
		},
		Account: bank.AccountNumber(r.Account), Branch: branch, Name: r.Name, Address: r.Address,
	}
}

// historyRow is an entry of a customer's history. Former is JSON, or empty.
type historyRow struct {
	ID           int64 `gorm:"primaryKey"`
	CustomerID   int64 `gorm:"index;not null"`
	At           time.Time
	Act          string
	BySerial     string
	Document     string
	FormerRecord []byte
}

func (historyRow) TableName() string { return "histories" }

// Formerly tells what a column was called in earlier versions.
func (historyRow) Formerly() (string, map[string]string) {
	return "", map[string]string{"document": "paper"}
}

func historyToRow(p bank.HistoryEntry) (historyRow, error) {
	r := historyRow{CustomerID: int64(p.Customer), At: p.At.UTC(), Act: string(p.Act), BySerial: p.By.String(), Document: p.Document}
	if p.Former == nil {
		return r, nil
	}
	var err error
	r.FormerRecord, err = json.Marshal(p.Former)
	return r, err
}

func (r historyRow) entry() (bank.HistoryEntry, error) {
	p := bank.HistoryEntry{
		ID: r.ID, Customer: bank.CustomerID(r.CustomerID), At: r.At.UTC(), Act: bank.Act(r.Act),
		By: jpki.SerialNumber(r.BySerial), Document: r.Document,
	}
	if len(r.FormerRecord) == 0 {
		return p, nil
	}
	p.Former = &bank.FormerRecord{}
	return p, json.Unmarshal(r.FormerRecord, p.Former)
}

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
