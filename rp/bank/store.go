package bank

import (
	"context"
	"iter"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Store keeps the bank's records; package db implements it. What a method has
// returned without an error is committed.
type Store interface {
	// CreateAccount writes an opening in one transaction, under a new customer ID and
	// account number. It returns an *AlreadyCustomerError if a customer has the same
	// four basic data or one of the certificates, and ErrDocumentUsed if the
	// application's number was used before.
	CreateAccount(ctx context.Context, o Opening) (Account, error)
	// Account, Customer, Application and TransferMade return ErrNoAccount if there
	// is none. A transfer is found by the account that sent it.
	Account(ctx context.Context, no AccountNumber) (Account, error)
	Customer(ctx context.Context, holderOf AccountNumber) (Customer, error)
	Application(ctx context.Context, openedWith AccountNumber) (Application, error)
	TransferMade(ctx context.Context, from AccountNumber, reference string) (Transfer, error)
	// AccountByCertificate finds the account of the customer who is known by a
	// certificate: the user authentication certificate on record, or the digital
	// signature certificate on record or followed. If there is none, it returns an
	// *UnknownHolderError.
	AccountByCertificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (Account, error)
	// RecordSignIn keeps a sign-in and returns the time of the one before.
	RecordSignIn(ctx context.Context, s SignIn) (previous time.Time, err error)
	// ForgetSignIns drops the sign-ins before a time.
	ForgetSignIns(ctx context.Context, before time.Time) error
	// Statement returns the newest entries of an account, at most limit.
	Statement(ctx context.Context, no AccountNumber, limit int) ([]Entry, error)
	// Transfer locks both accounts, calls t.Settle and writes the outcome. If the
	// sender used the key before, it returns the transfer made then, or
	// ErrKeyReused if that was a different one.
	Transfer(ctx context.Context, t Transfer) (Transfer, error)
	Upkeep
	Ping() error
}

// Upkeep is the part of a Store that keeps customers' records up to date.
type Upkeep interface {
	// Watched reads the customers to ask about, by ID: those whose consent is in
	// force and whose Standing is not final. An error comes last. Customers are
	// read in batches, with no lock held between them.
	Watched(ctx context.Context) iter.Seq2[Watched, error]
	// RecordFindings writes findings in one transaction: the customer's Standing,
	// the certificate to watch next with its HistoryEntry, and the Notice, unless
	// the same one is open already or the customer was Reissued before. Open
	// messages that no longer apply are closed. A finding is left out if the
	// customer has withdrawn consent, or another certificate is watched by now.
	RecordFindings(ctx context.Context, at time.Time, findings []Finding) (Recorded, error)
	// Tally counts the customers.
	Tally(ctx context.Context) (Tally, error)
	// BeginReport assigns an ID to a report. FinishReport keeps the report, with
	// the tally at that time.
	//
	// A report without a Failure means that all customers who were Watched when it
	// began are unchanged, unless something else is recorded about them. Nothing
	// else says so: Standing and Tally derive it from the newest such report. A
	// report does not cover customers who have joined, given consent or put another
	// certificate on record since it began.
	BeginReport(ctx context.Context, r Report) (Report, error)
	FinishReport(ctx context.Context, r Report) (Report, error)
	// Reports returns the newest finished reports, at most limit. Report returns
	// ErrNoReport if there is none with this ID.
	Reports(ctx context.Context, limit int) ([]Report, error)
	Report(ctx context.Context, id int64) (Report, error)

	// Notices returns the selected messages, newest first.
	Notices(ctx context.Context, q NoticeQuery) ([]AddressedNotice, error)
	CountWaiting(ctx context.Context) (Waiting, error)
	MarkPrinted(ctx context.Context, id NoticeID, at time.Time) error

	// Amend writes a change of a record in one transaction. It returns
	// ErrRecordChanged if the record is no longer Before, ErrDocumentUsed if the
	// form was used before, and an *AlreadyCustomerError if the certificate or the
	// four basic data are another customer's.
	Amend(ctx context.Context, a Amendment) error
	// AddHistory adds an entry to a customer's history. History returns the
	// entries, newest first.
	AddHistory(ctx context.Context, e HistoryEntry) error
	History(ctx context.Context, id CustomerID) ([]HistoryEntry, error)
	// Customers returns a page of the customers selected, and how many are selected in
	// all. The page is 1 or more.
	Customers(ctx context.Context, q CustomerQuery) ([]CustomerLine, int, error)
	// Import adds customers who signed no application, such as those of package crowd,
	// in one transaction, each with an empty account at the branch.
	Import(ctx context.Context, branch Branch, customers []Customer) error
}

// Recorded counts what RecordFindings has led to.
type Recorded struct {
	Asked    int // messages written
	Followed int // unchanged customers whose renewed certificate is watched from now on
}
