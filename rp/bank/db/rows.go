package db

import (
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/dbopen"
	"example.jp/jpkimock/rp/bank"
)

// customerRow is a customer. Person, Serial, Paired and Followed are each unique: one
// person has one account. Person is the fingerprint of the four basic data.
// NameSubstitutes and AddressSubstitutes are the certificate's substitute characters
// (代替文字). ConsentApplication is the number of the application or, later, of the
// consent form.
type customerRow struct {
	ID                 int64  `gorm:"primaryKey"`
	Person             string `gorm:"uniqueIndex;not null"`
	Name               string
	DateOfBirth        string
	Gender             string
	Address            string
	NameSubstitutes    string
	AddressSubstitutes string
	Serial             string  `gorm:"uniqueIndex;not null"`
	Paired             *string `gorm:"uniqueIndex"`
	Certificate        []byte  // DER
	CertificateExpires time.Time
	// Followed is the certificate that is watched in place of Serial.
	Followed           *string `gorm:"uniqueIndex"`
	Unproven           bool    `gorm:"not null;default:false"`
	Since              time.Time
	ConsentApplication string
	ConsentGivenAt     time.Time
	Standing           standingColumns `gorm:"embedded"`
}

func (customerRow) TableName() string { return "customers" }

func customerToRow(c bank.Customer) customerRow {
	f := c.BasicFour
	return customerRow{
		ID: int64(c.ID), Person: c.Fingerprint(), Name: f.CommonName, DateOfBirth: f.DateOfBirth.String(),
		Gender: string(f.Gender), Address: f.Address,
		NameSubstitutes: f.SubstituteCharacterOfCommonName, AddressSubstitutes: f.SubstituteCharacterOfAddress,
		Serial: c.Serial.String(), Paired: dbopen.Optional(c.Paired),
		Certificate: c.Certificate, CertificateExpires: c.CertificateExpires.UTC(), Since: c.Since.UTC(),
		Followed: dbopen.Optional(c.Followed.Serial), Unproven: c.Followed.Unproven,
		ConsentApplication: c.Consent.Document, ConsentGivenAt: c.Consent.GivenAt.UTC(),
		Standing: standingColumns{
			ConsentWithdrawnAt: dbopen.OptionalTime(c.Consent.WithdrawnAt),
			State:              string(c.Standing.State), Reason: int(c.Standing.Reason), StateSince: dbopen.OptionalTime(c.Standing.Since),
			Final: c.Standing.Final(), ConfirmedAt: dbopen.OptionalTime(c.Standing.ConfirmedAt),
		},
	}
}

func (r customerRow) customer(last coverage) (bank.Customer, error) {
	birth, err := jpki.ParseDateOfBirth(r.DateOfBirth)
	return bank.Customer{
		ID: bank.CustomerID(r.ID),
		BasicFour: jpki.BasicFour{
			CommonName: r.Name, DateOfBirth: birth, Gender: jpki.Gender(r.Gender), Address: r.Address,
			SubstituteCharacterOfCommonName: r.NameSubstitutes, SubstituteCharacterOfAddress: r.AddressSubstitutes,
		},
		Serial: jpki.SerialNumber(r.Serial), Paired: dbopen.TextOf[jpki.SerialNumber](r.Paired),
		Certificate: r.Certificate, CertificateExpires: r.CertificateExpires.UTC(), Since: r.Since.UTC(),
		Followed: r.followed(),
		Consent: bank.Consent{
			Document: r.ConsentApplication, GivenAt: r.ConsentGivenAt.UTC(), WithdrawnAt: dbopen.TimeOf(r.Standing.ConsentWithdrawnAt),
		},
		Standing: r.Standing.standing(last),
	}, err
}

func (r customerRow) followed() bank.Followed {
	return bank.Followed{Serial: dbopen.TextOf[jpki.SerialNumber](r.Followed), Unproven: r.Unproven}
}

// accountRow is an account with its balance in yen.
type accountRow struct {
	Number     string `gorm:"primaryKey"`
	Branch     string
	CustomerID int64 `gorm:"uniqueIndex;not null"`
	Balance    int64 `gorm:"not null;check:balance >= 0"`
	OpenedAt   time.Time
}

func (accountRow) TableName() string { return "accounts" }

// heldAccount is an account with its holder's name, as held selects it.
type heldAccount struct {
	Number     string
	Branch     string
	CustomerID int64
	Balance    int64
	OpenedAt   time.Time
	Holder     string
}

func (r heldAccount) account() bank.Account {
	branch, _ := bank.BranchByCode(r.Branch)
	return bank.Account{
		Number: bank.AccountNumber(r.Number), Branch: branch, Customer: bank.CustomerID(r.CustomerID),
		Holder: r.Holder, Balance: bank.Yen(r.Balance), OpenedAt: r.OpenedAt.UTC(),
	}
}

// entryRow is an entry of a statement; amounts in yen.
type entryRow struct {
	ID        int64  `gorm:"primaryKey"`
	Account   string `gorm:"index;not null"`
	At        time.Time
	Kind      string
	Amount    int64
	Balance   int64
	Other     string
	OtherName string
	Memo      string
	Transfer  string
}

func (entryRow) TableName() string { return "entries" }

func entryToRow(e bank.Entry) entryRow {
	return entryRow{
		Account: string(e.Account), At: e.At.UTC(), Kind: string(e.Kind), Amount: e.Amount.Int64(), Balance: e.Balance.Int64(),
		Other: string(e.Other), OtherName: e.OtherName, Memo: e.Memo, Transfer: e.Transfer,
	}
}

func (r entryRow) entry() bank.Entry {
	return bank.Entry{
		Account: bank.AccountNumber(r.Account), At: r.At.UTC(), Kind: bank.EntryKind(r.Kind),
		Amount: bank.Yen(r.Amount), Balance: bank.Yen(r.Balance),
		Other: bank.AccountNumber(r.Other), OtherName: r.OtherName, Memo: r.Memo, Transfer: r.Transfer,
	}
}

// transferRow is a transfer; amounts in yen. A sender uses a key only once.
type transferRow struct {
	Reference      string `gorm:"primaryKey"`
	Sender         string `gorm:"uniqueIndex:once;not null"`
	IdempotencyKey string `gorm:"uniqueIndex:once;not null"`
	Receiver       string
	Amount         int64
	Memo           string
	SenderName     string
	ReceiverName   string
	Balance        int64
	At             time.Time
}

func (transferRow) TableName() string { return "transfers" }

func transferToRow(t bank.Transfer) transferRow {
	return transferRow{
		Reference: t.Reference, Sender: string(t.From), IdempotencyKey: t.Key, Receiver: string(t.To),
		Amount: t.Amount.Int64(), Memo: t.Memo, SenderName: t.FromName, ReceiverName: t.ToName,
		Balance: t.Balance.Int64(), At: t.At.UTC(),
	}
}

func (r transferRow) transfer() bank.Transfer {
	return bank.Transfer{
		Order: bank.Order{
			From: bank.AccountNumber(r.Sender), To: bank.AccountNumber(r.Receiver),
			Amount: bank.Yen(r.Amount), Memo: r.Memo, Key: r.IdempotencyKey,
		},
		Reference: r.Reference, FromName: r.SenderName, ToName: r.ReceiverName,
		Balance: bank.Yen(r.Balance), At: r.At.UTC(),
	}
}

// signInRow is a successful sign-in. Record is the kit's record as JSON.
type signInRow struct {
	ID         int64 `gorm:"primaryKey"`
	CustomerID int64 `gorm:"index;not null"`
	Serial     string
	At         time.Time
	Record     []byte
}

func (signInRow) TableName() string { return "sign_ins" }
