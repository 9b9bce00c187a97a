package bank

import (
	"context"
	"errors"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// minAge is the age from which customers open an account in their own name. From
// the same age on there are digital signature certificates.
const minAge = 15

// Choices is what an applicant decides. Everything else in the application is
// the bank's wording or comes from the certificate.
type Choices struct {
	Purpose string // a Purpose's ID
	Branch  string // a Branch's code; empty means the internet branch
}

// ApplicationDraft is an application (口座開設申込書) that waits for its signature.
// The caller keeps it, in a session for instance; the bank keeps nothing of it.
type ApplicationDraft struct {
	Document rp.Document
	Purpose  Purpose
	Branch   Branch
}

// Application is a signed application as the bank keeps it (申込書の控え).
type Application struct {
	rp.SignedDocument
	Purpose Purpose
	Branch  Branch
}

// DraftApplication writes an application with a number of its own.
func (b *Bank) DraftApplication(choices Choices) (ApplicationDraft, error) {
	purpose, ok := PurposeByID(choices.Purpose)
	if !ok {
		return ApplicationDraft{}, ErrPurpose
	}
	if choices.Branch == "" {
		choices.Branch = InternetBranch
	}
	branch, ok := BranchByCode(choices.Branch)
	if !ok {
		return ApplicationDraft{}, ErrBranch
	}
	document, err := b.fillIn("application", "MB", map[string]any{"Purpose": purpose, "Branch": branch})
	return ApplicationDraft{Document: document, Purpose: purpose, Branch: branch}, err
}

// OpenAccount opens an account (口座開設) with an application and its signature, a
// detached CMS SignedData in DER.
//
// These are the steps of every relying party. Check that the signature is the
// person's own and that the certificate is valid (①電子署名が本人のものであり、②電子
// 証明書が有効であることを確認). Then keep the certificate's serial number with the
// customer's data (発行番号を顧客情報とともに保存・管理): by it the bank later
// recognises the customer and notices a change. The account is committed, and
// usable, when OpenAccount returns (申込み後、即利用可能).
func (b *Bank) OpenAccount(ctx context.Context, draft ApplicationDraft, cms []byte) (Account, error) {
	now := b.now()
	signature, signed, err := draft.Document.Accept(ctx, b.verifier, cms, now)
	if err != nil {
		return Account{}, err
	}
	if age := signature.BasicFour.DateOfBirth.Age(now); age >= 0 && age < minAge {
		return Account{}, ErrTooYoung
	}
	if err := b.refuseExistingCustomer(ctx, signature.Serial); err != nil {
		return Account{}, err
	}
	return b.store.CreateAccount(ctx, Opening{
		Customer:    newCustomer(signature, draft.Document, now),
		Application: Application{SignedDocument: signed, Purpose: draft.Purpose, Branch: draft.Branch},
		Gift:        Entry{At: now, Kind: EntryGift, Amount: OpeningGift, Balance: OpeningGift, OtherName: giftName, Memo: giftMemo},
	})
}

// Application returns the signed application with which an account was opened.
func (b *Bank) Application(ctx context.Context, no AccountNumber) (Application, error) {
	return b.store.Application(ctx, no)
}

// newCustomer puts the signer of an application on record.
func newCustomer(s *rp.Signature, application rp.Document, now time.Time) Customer {
	c := Customer{Paired: s.Paired, Since: now, Consent: Consent{Document: application.Number, GivenAt: now}}
	c.setCertificate(s)
	return c
}

// Opening is everything that an account opening writes, in one transaction.
type Opening struct {
	Customer    Customer
	Application Application
	Gift        Entry // the store fills in the account number
}

// refuseExistingCustomer refuses a second account to somebody whom the bank knows
// by another certificate. After a move and a renewal neither the four basic data
// nor the serial numbers are those on record, so the authority is asked.
func (b *Bank) refuseExistingCustomer(ctx context.Context, signature jpki.SerialNumber) error {
	if b.linkage == nil {
		return nil
	}
	account, err := b.accountOfHolder(ctx, jpki.DigitalSignature, signature)
	switch {
	case err == nil:
		return &AlreadyCustomerError{Account: account.Number, Since: account.OpenedAt}
	case errors.Is(err, ErrUnknownHolder):
		return nil
	}
	return err
}
