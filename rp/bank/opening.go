package bank

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// minAge is the age, in years, from which customers open an account in their own name.
// Digital signature certificates are issued from the same age.
const minAge = 15

// OpeningGift is what every new account starts with (開設記念). The mock has no cash
// desk, so this is where money comes from.
const OpeningGift Yen = 10_000

// Choices is what an applicant decides. Everything else in the application is
// the bank's wording or comes from the certificate.
type Choices struct {
	Purpose string // a Purpose's ID
	Branch  string // a Branch's code; empty means the internet branch
}

// ApplicationDraft is an application (口座開設申込書) that waits for its signature.
// The caller keeps it, in a session for instance; the bank does not keep it.
type ApplicationDraft struct {
	Document rp.Document
	Purpose  Purpose
	Branch   Branch
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
	document, err := b.fillIn("application", applicationPrefix, map[string]any{"Purpose": purpose, "Branch": branch})
	return ApplicationDraft{Document: document, Purpose: purpose, Branch: branch}, err
}

// Application is a signed application as the bank keeps it (申込書の控え).
type Application struct {
	rp.SignedDocument
	Purpose Purpose
	Branch  Branch
}

// Opening is everything that an account opening writes, in one transaction. The
// store assigns the customer's ID and the account number.
type Opening struct {
	Customer    Customer
	Application Application
	Gift        Entry
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
//
// A person who already has an account gets an *AlreadyCustomerError. Errors of the
// signature and its certificate are those of rp.Document.Accept.
func (b *Bank) OpenAccount(ctx context.Context, draft ApplicationDraft, cms []byte) (Account, error) {
	now := b.now()
	signature, signed, err := draft.Document.Accept(ctx, b.verifier, cms, now)
	if err != nil {
		return Account{}, err
	}
	// An unknown age is -1, and no reason to refuse.
	if age := signature.BasicFour.DateOfBirth.Age(now); age >= 0 && age < minAge {
		return Account{}, ErrTooYoung
	}
	if err := b.refuseExistingCustomer(ctx, signature.Serial); err != nil {
		return Account{}, err
	}
	customer := Customer{
		Paired: signature.Paired, Since: now,
		Consent: Consent{Document: draft.Document.Number, GivenAt: now}, // the application includes it
	}
	customer.setCertificate(signature)
	return b.store.CreateAccount(ctx, Opening{
		Customer:    customer,
		Application: Application{SignedDocument: signed, Purpose: draft.Purpose, Branch: draft.Branch},
		Gift:        Entry{At: now, Kind: EntryGift, Amount: OpeningGift, Balance: OpeningGift, OtherName: giftName, Memo: giftMemo},
	})
}

// refuseExistingCustomer refuses a second account to a person whom the bank knows
// by another certificate. After a move and a renewal neither the four basic data
// nor the serial numbers are those on record, so the authority is asked about the
// certificate that signed. Whoever still has those on record is refused by
// Store.CreateAccount. Without a Linkage nobody can be asked.
func (b *Bank) refuseExistingCustomer(ctx context.Context, serial jpki.SerialNumber) error {
	if b.linkage == nil {
		return nil
	}
	account, err := b.accountOfHolder(ctx, jpki.DigitalSignature, serial)
	switch {
	case err == nil:
		return &AlreadyCustomerError{Account: account.Number, Since: account.OpenedAt}
	case errors.Is(err, ErrUnknownHolder):
		return nil
	}
	return err
}

// Application returns the signed application with which an account was opened.
func (b *Bank) Application(ctx context.Context, no AccountNumber) (Application, error) {
	return b.store.Application(ctx, no)
}
