package db

import (
	"encoding/json"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/bank"
)

// historyRow is an entry of a customer's history. FormerRecord is a bank.FormerRecord
// in JSON; empty if the act changed nothing.
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
