package bank

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// DraftChange writes a change notice (変更届): what the bank has on record, and
// that the new data are those of the certificate that signs it. Somebody who has
// only typed an account number is not known: their form says nothing about the
// record, nor whether there is such an account.
func (b *Bank) DraftChange(ctx context.Context, no AccountNumber, known bool) (FormDraft, error) {
	if !known {
		return b.draftForm(ChangeNotice, "MC", Account{Number: no}, map[string]any{})
	}
	account, err := b.store.Account(ctx, no)
	if err != nil {
		return FormDraft{}, err
	}
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return FormDraft{}, err
	}
	return b.draftForm(ChangeNotice, "MC", account, map[string]any{
		"Name": folded(customer.BasicFour.CommonName), "Address": folded(customer.BasicFour.Address), "Serial": customer.Serial,
	})
}

// Changed is a change notice that was accepted.
type Changed struct {
	Account       Account
	Before, After Customer
	Number        string // of the notice
}

// NotifyChange accepts a change notice (変更届) that the customer has signed with
// the new digital signature certificate.
//
// The signature is the person's own and the certificate is valid, as at the
// opening. Moreover the certificate is a later one of the very customer whom the
// notice is about, as the authority confirms. The new four basic data are the
// certificate's. What was on record goes into the history, and whatever the
// customer was asked for is settled.
func (b *Bank) NotifyChange(ctx context.Context, draft FormDraft, cms []byte) (Changed, error) {
	now := b.now().UTC()
	signature, signed, err := draft.Document.Accept(ctx, b.verifier, cms, now)
	if err != nil {
		return Changed{}, err
	}
	before, err := b.store.Customer(ctx, draft.Account)
	if errors.Is(err, ErrNoAccount) {
		return Changed{}, ErrAnotherPerson // a stranger does not learn which it is
	}
	if err != nil {
		return Changed{}, err
	}
	if before.Serial == signature.Serial {
		return Changed{}, ErrNothingChanged
	}
	same, err := b.sameHolder(ctx, before, signature)
	if err != nil {
		return Changed{}, err
	}
	if !same {
		return Changed{}, ErrAnotherPerson
	}
	after := before
	after.certify(signature)
	if !signature.Paired.IsZero() {
		after.Paired = signature.Paired
	}
	after.Standing = Standing{State: rp.Unchanged, ConfirmedAt: now}
	err = b.store.Amend(ctx, Amendment{
		Before: before, After: after, Form: &SignedForm{signed, draft.Kind, draft.Account}, Settles: true,
		Past:    Past{Customer: before.ID, At: now, Act: PastChanged, By: signature.Serial, Document: draft.Document.Number, Former: before.former()},
		Receipt: &Notice{Customer: before.ID, Kind: NoticeAccepted, Serial: signature.Serial, At: now, ClosedAt: now},
	})
	if err != nil {
		return Changed{}, err
	}
	account, err := b.store.Account(ctx, draft.Account)
	return Changed{Account: account, Before: before, After: after, Number: draft.Document.Number}, err
}

// sameHolder reports whether the certificate that signed is the customer's own:
// the one on record or the one that was followed, the other one on the card, or
// else, says the authority, the newest after the one on record.
func (b *Bank) sameHolder(ctx context.Context, c Customer, s *rp.Signature) (bool, error) {
	if s.Serial == c.Serial || s.Serial == c.Followed.Serial || !s.Paired.IsZero() && s.Paired == c.Paired {
		return true, nil
	}
	if b.linkage == nil {
		return false, nil
	}
	newest, err := b.linkage.Successor(ctx, jpki.DigitalSignature, c.Serial)
	return err == nil && newest == s.Serial, err
}
