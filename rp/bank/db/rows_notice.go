package db

import (
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
	// Addressee and SentTo are the customer's name and address before the record changed;
	// nil while those on record are the ones the message was written to.
	Addressee, SentTo *string
}

func (noticeRow) TableName() string { return "notices" }

func noticeToRow(n bank.Notice) noticeRow {
	return noticeRow{
		CustomerID: int64(n.Customer), Kind: string(n.Kind), Serial: n.Serial.String(), Reason: int(n.Reason),
		Since: dbopen.OptionalTime(n.Since), At: n.At.UTC(), ClosedAt: dbopen.OptionalTime(n.ClosedAt), PrintedAt: dbopen.OptionalTime(n.PrintedAt), Letter: n.Letter,
	}
}

// addressedRow is a message with its addressee, as Notices selects it.
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
