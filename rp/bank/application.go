package bank

import (
	"context"
	"errors"
	"slices"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// minAge is the age from which the bank opens an account in one's own name; it
// is also that from which there is a digital signature certificate.
const minAge = 15

// Choices is what an applicant decides. Everything else in the application is
// the bank's wording or comes from the certificate.
type Choices struct {
	Purpose string // a Purpose's ID
	Branch  string // a Branch's code; empty is the internet branch
}

// ApplicationDraft is an application (口座開設申込書) that nobody has signed yet. The
// caller keeps it, in a session for instance; the bank keeps nothing of it.
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
	document, err := b.write("application", "MB", map[string]any{"Purpose": purpose, "Branch": branch})
	return ApplicationDraft{Document: document, Purpose: purpose, Branch: branch}, err
}

// write fills a form in. values is what the form names beside its number and its
// date.
func (b *Bank) write(form, prefix string, values map[string]any) (rp.Document, error) {
	return rp.WriteDocument(prefix, b.now(), func(d rp.Document) (string, error) {
		t := d.WrittenAt.In(jpki.JST)
		values["Number"] = d.Number
		values["Date"], values["Time"] = jpki.DateOfBirthOn(t.Year(), t.Month(), t.Day()).Japanese(), timeOfDay(t)
		var text strings.Builder
		err := b.forms.ExecuteTemplate(&text, form, values)
		return text.String(), err
	})
}

// OpenAccount opens an account (口座開設) with an application and its signature, a
// detached CMS SignedData in DER.
//
// It is the paragraph that every relying party follows. The signature is the
// person's own, and the certificate is valid (電子署名が本人のものであり、電子証明書
// が有効であることを確認). Then the certificate's serial number is kept with the
// customer's data (発行番号を顧客情報とともに保存・管理): by it the bank later
// recognises the customer and notices a change. The account is committed, and
// usable, when it returns.
func (b *Bank) OpenAccount(ctx context.Context, draft ApplicationDraft, cms []byte) (Account, error) {
	now := b.now()
	signature, signed, err := draft.Document.Accept(ctx, b.verifier, cms, now)
	if err != nil {
		return Account{}, err
	}
	if age := signature.BasicFour.DateOfBirth.Age(now); age >= 0 && age < minAge {
		return Account{}, ErrTooYoung
	}
	if err := b.refuseCustomer(ctx, signature.Serial); err != nil {
		return Account{}, err
	}
	return b.store.CreateAccount(ctx, Opening{
		Customer:    newCustomer(signature, draft.Document, now),
		Application: Application{SignedDocument: signed, Purpose: draft.Purpose, Branch: draft.Branch},
		Gift:        Entry{At: now, Kind: EntryGift, Amount: OpeningGift, Balance: OpeningGift, OtherName: giftName, Memo: giftMemo},
	})
}

// Opening is everything that an account opening writes, in one transaction.
type Opening struct {
	Customer    Customer
	Application Application
	Gift        Entry // the store fills in the account number
}

// refuseCustomer refuses a second account to somebody who is a customer by
// another certificate: after a move and a renewal neither the four basic data nor
// the serial numbers are those on record.
func (b *Bank) refuseCustomer(ctx context.Context, signature jpki.SerialNumber) error {
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

// PurposeByID gives a purpose of the list, or one without a name and false.
func PurposeByID(id string) (Purpose, bool) {
	all := Purposes()
	if i := slices.IndexFunc(all, func(p Purpose) bool { return p.ID == id }); i >= 0 {
		return all[i], true
	}
	return Purpose{ID: id}, false
}

// BranchByCode gives a branch of the list, or one without a name and false.
func BranchByCode(code string) (Branch, bool) {
	all := Branches()
	if i := slices.IndexFunc(all, func(b Branch) bool { return b.Code == code }); i >= 0 {
		return all[i], true
	}
	return Branch{Code: code}, false
}
