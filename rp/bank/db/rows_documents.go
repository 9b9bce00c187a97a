package db

import (
	"encoding/json"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// documentColumns is a signed document. Record is the kit's record as JSON.
type documentColumns struct {
	Number       string `gorm:"primaryKey"`
	WrittenAt    time.Time
	DocumentName string
	MediaType    string
	Content      string
	CMS          []byte
	Certificate  []byte
	Serial       string
	Paired       string
	SignedAt     *time.Time
	ReceivedAt   time.Time
	Record       []byte
}

func documentToColumns(s rp.SignedDocument) (documentColumns, error) {
	record, err := json.Marshal(s.Record)
	d := s.Document
	return documentColumns{
		Number: d.Number, WrittenAt: d.WrittenAt.UTC(), DocumentName: d.Name, MediaType: d.MediaType, Content: d.Content,
		CMS: s.CMS, Certificate: s.Certificate, Serial: s.Serial.String(), Paired: s.Paired.String(),
		SignedAt: dbopen.OptionalTime(s.SignedAt), ReceivedAt: s.ReceivedAt.UTC(), Record: record,
	}, err
}

func (c documentColumns) document() (rp.SignedDocument, error) {
	s := rp.SignedDocument{
		Document: rp.Document{Number: c.Number, WrittenAt: c.WrittenAt.UTC(), Name: c.DocumentName, MediaType: c.MediaType, Content: c.Content},
		CMS:      c.CMS, Certificate: c.Certificate, Serial: jpki.SerialNumber(c.Serial), Paired: jpki.SerialNumber(c.Paired),
		SignedAt: dbopen.TimeOf(c.SignedAt), ReceivedAt: c.ReceivedAt.UTC(),
	}
	return s, json.Unmarshal(c.Record, &s.Record)
}

// applicationRow is a signed application.
type applicationRow struct {
	Document   documentColumns `gorm:"embedded"`
	CustomerID int64           `gorm:"index;not null"`
	Purpose    string
	Branch     string
}

func (applicationRow) TableName() string { return "applications" }

func applicationToRow(a bank.Application, customer int64) (applicationRow, error) {
	document, err := documentToColumns(a.SignedDocument)
	return applicationRow{Document: document, CustomerID: customer, Purpose: a.Purpose.ID, Branch: a.Branch.Code}, err
}

func (r applicationRow) application() (bank.Application, error) {
	purpose, _ := bank.PurposeByID(r.Purpose)
	branch, _ := bank.BranchByCode(r.Branch)
	document, err := r.Document.document()
	return bank.Application{SignedDocument: document, Purpose: purpose, Branch: branch}, err
}

// formRow is a form that a customer has signed.
type formRow struct {
	Document   documentColumns `gorm:"embedded"`
	CustomerID int64           `gorm:"index;not null"`
	Kind       string
	Account    string
}

func (formRow) TableName() string { return "forms" }

// Formerly tells the table's name in earlier versions.
func (formRow) Formerly() (string, map[string]string) { return "papers", nil }

func formToRow(f bank.SignedForm, customer bank.CustomerID) (formRow, error) {
	document, err := documentToColumns(f.SignedDocument)
	return formRow{Document: document, CustomerID: int64(customer), Kind: string(f.Kind), Account: string(f.Account)}, err
}
