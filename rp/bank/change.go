package bank

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// DraftChangeForm writes a change form (変更届): what the bank has on record, and
// that the new data are those of the certificate that signs it. signedIn is false
// for somebody who has only typed an account number: the form then says nothing
// about the record, nor whether there is such an account.
func (b *Bank) DraftChangeForm(ctx context.Context, no AccountNumber, signedIn bool) (FormDraft, error) {
	if !signedIn {
		return b.draftForm(ChangeForm, changePrefix, Account{Number: no}, map[string]any{})
	}
	account, err := b.store.Account(ctx, no)
	if err != nil {
		return FormDraft{}, err
	}
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return FormDraft{}, err
	}
	return b.draftForm(ChangeForm, changePrefix, account, map[string]any{
		"Name": wrap(customer.BasicFour.CommonName), "Address": wrap(customer.BasicFour.Address), "Serial": customer.Serial,
	})
}

// AcceptedChange is what an accepted change form has changed.
type AcceptedChange struct {
	Account       Account
	Before, After Customer
	Number        string // of the form
}

// NotifyChange accepts a change form (変更届) that the customer has signed with the
// new digital signature certificate.
//
// As at the opening, the signature must be the person's own and the certificate
// valid. The certificate must also belong to the customer whom the form is about.
// The new four basic data are the certificate's. What was on record goes into the
// history, and open messages to the customer are closed.
func (b *Bank) NotifyChange(ctx context.Context, draft FormDraft, cms []byte) (AcceptedChange, error) {
	now := b.now()
	signature, signed, err := draft.Document.Accept(ctx, b.verifier, cms, now)
	if err != nil {
		return AcceptedChange{}, err
	}
	return b.RecordChange(ctx, signature, SignedForm{signed, draft.Kind, draft.Account})
}

// RecordChange changes a customer's record as a form says whose signature was verified.
func (b *Bank) RecordChange(ctx context.Context, signature *rp.Signature, form SignedForm) (AcceptedChange, error) {
	now := b.now()
	before, err := b.store.Customer(ctx, form.Account)
	if errors.Is(err, ErrNoAccount) {
		return AcceptedChange{}, ErrAnotherPerson // a stranger must not learn which accounts exist
	}
	if err != nil {
		return AcceptedChange{}, err
	}
	if before.Serial == signature.Serial {
		return AcceptedChange{}, ErrNothingChanged
	}
	if err := b.RefuseAnotherPerson(ctx, before, signature); err != nil {
		return AcceptedChange{}, err
	}
	account, err := b.store.Account(ctx, form.Account) // now: what is read after the change could fail it
	if err != nil {
		return AcceptedChange{}, err
	}
	after := before
	after.setCertificate(signature)
	account.Holder = after.BasicFour.CommonName
	if !signature.Paired.IsZero() {
		after.Paired = signature.Paired
	}
	after.Standing = Standing{State: rp.Unchanged, ConfirmedAt: now}
	err = b.store.Amend(ctx, Amendment{
		Before: before, After: after, Form: &form, ClosesNotices: true,
		History: HistoryEntry{Customer: before.ID, At: now, Act: ActChanged, By: signature.Serial, Document: form.Document.Number, Former: before.former()},
		Receipt: &Notice{Customer: before.ID, Kind: NoticeAccepted, Serial: signature.Serial, At: now, ClosedAt: now},
	})
	if err != nil {
		return AcceptedChange{}, err
	}
	return AcceptedChange{Account: account, Before: before, After: after, Number: form.Document.Number}, nil
}

// RefuseAnotherPerson returns ErrAnotherPerson unless the certificate that signed is the
// customer's: the one on record, the one that is followed, one on the same card as the
// user authentication certificate on record, or, as the authority says, the newest one
// after the one on record.
func (b *Bank) RefuseAnotherPerson(ctx context.Context, c Customer, s *rp.Signature) error {
	if s.Serial == c.Serial || s.Serial == c.Followed.Serial || !s.Paired.IsZero() && s.Paired == c.Paired {
		return nil
	}
	if b.linkage == nil {
		return ErrAnotherPerson
	}
	newest, err := b.linkage.Successor(ctx, jpki.DigitalSignature, c.Serial)
	if err == nil && newest != s.Serial {
		err = ErrAnotherPerson
	}
	return err
}
