package bank

import (
	"context"
	"iter"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Store keeps the bank's records. What a method has returned without an error
// is committed. The room db has one.
type Store interface {
	// CreateAccount writes an opening as a whole, under new numbers. A person
	// who has an account by the same four basic data or the same certificates
	// gets an *AlreadyCustomerError; an application number that was used gets
	// ErrApplicationUsed.
	CreateAccount(ctx context.Context, o Opening) (Account, error)
	// Account gives an account, or ErrNoAccount. So do the next three.
	Account(ctx context.Context, no AccountNumber) (Account, error)
	Customer(ctx context.Context, holderOf AccountNumber) (Customer, error)
	Application(ctx context.Context, openedWith AccountNumber) (Application, error)
	// TransferMade gives a transfer that the account sent.
	TransferMade(ctx context.Context, from AccountNumber, reference string) (Transfer, error)
	// AccountByCertificate finds the account of the customer who is known by a
	// certificate: the user authentication certificate on record, or the digital
	// signature certificate on record or followed. It gives an
	// *UnknownHolderError if no customer is.
	AccountByCertificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (Account, error)
	// RecordSignIn keeps a sign-in, and gives the time of the one before.
	RecordSignIn(ctx context.Context, s SignIn) (previous time.Time, err error)
	// Statement gives at most limit lines, newest first.
	Statement(ctx context.Context, no AccountNumber, limit int) ([]Entry, error)
	// Transfer locks both accounts, calls t.Settle, and writes what it gives.
	// A key that the sender used before gives the transfer made then, or
	// ErrKeyReused if it was a different one.
	Transfer(ctx context.Context, t Transfer) (Transfer, error)
	Upkeep
	Ping() error
}

// Upkeep is the part of a Store that keeps customers' records true.
type Upkeep interface {
	// Watched gives the customers to ask about, by ID: those whose consent
	// holds, without those whose Standing is final. An error comes last. It reads
	// in batches, and holds no lock between them.
	Watched(ctx context.Context) iter.Seq2[Watched, error]
	// RecordFindings writes findings in one transaction: each customer's
	// standing, the certificate to watch next with its Finding.Past, and a
	// message for each Finding.Notice, unless one of that kind about that
	// certificate waits already, or the customer was Reissued before. Messages
	// that a finding has overtaken are closed. A finding about a certificate
	// that is not watched any more, or of a customer who has withdrawn, is left
	// out.
	RecordFindings(ctx context.Context, at time.Time, findings []Finding) (Recorded, error)
	// Tally counts the customers.
	Tally(ctx context.Context) (Tally, error)
	// BeginReport makes room for a report and gives it with its ID. FinishReport
	// keeps it, with the tally after it.
	//
	// A report without a Failure says that all who were Watched when it began are
	// Unchanged, but for those of whom something else is recorded. It is the only
	// record of that: Standing and Tally follow from the newest such report. It
	// says nothing about a customer who has joined, has given consent, or has put
	// another certificate on record since it began.
	BeginReport(ctx context.Context, r Report) (Report, error)
	FinishReport(ctx context.Context, r Report) (Report, error)
	// Reports gives at most limit that are finished, newest first; Report gives
	// ErrNoReport for an unknown one.
	Reports(ctx context.Context, limit int) ([]Report, error)
	Report(ctx context.Context, id int64) (Report, error)

	// Notices gives the selected messages, newest first.
	Notices(ctx context.Context, q NoticeQuery) ([]AddressedNotice, error)
	CountWaiting(ctx context.Context) (Waiting, error)
	MarkPrinted(ctx context.Context, id NoticeID, at time.Time) error

	// Amend writes a change of a record as a whole. It gives ErrRecordMoved if
	// the record is not Before any more, ErrApplicationUsed for a form that
	// was used, and ErrAlreadyCustomer if the certificate or the four basic
	// data are another customer's.
	Amend(ctx context.Context, a Amendment) error
	// AddPast adds a line to a customer's history; History gives it, newest
	// first.
	AddPast(ctx context.Context, p Past) error
	History(ctx context.Context, id CustomerID) ([]Past, error)
	// Customers gives a page of the list of customers, and how many there are.
	Customers(ctx context.Context, q CustomerQuery) ([]CustomerLine, int, error)
	// Import enters customers who came from elsewhere, each with an account of
	// a branch, in one transaction.
	Import(ctx context.Context, branch Branch, customers []Customer) error
}
