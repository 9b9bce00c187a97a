package bank

import "context"

// WithdrawConsent withdraws the permission to check the certificate
// (利用許諾の撤回). Confirmations no longer ask about this customer.
func (b *Bank) WithdrawConsent(ctx context.Context, no AccountNumber) error {
	before, err := b.store.Customer(ctx, no)
	if err != nil {
		return err
	}
	if !before.Consent.InForce() {
		return ErrConsentWithdrawn
	}
	after, now := before, b.now()
	after.Consent.WithdrawnAt = now
	return b.store.Amend(ctx, Amendment{
		Before: before, After: after,
		History: HistoryEntry{Customer: before.ID, At: now, Act: ActConsentWithdrawn, Document: before.Consent.Document},
	})
}

// DraftConsentForm writes the form that gives the permission again (利用許諾書).
func (b *Bank) DraftConsentForm(ctx context.Context, no AccountNumber) (FormDraft, error) {
	account, err := b.store.Account(ctx, no)
	if err != nil {
		return FormDraft{}, err
	}
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return FormDraft{}, err
	}
	if customer.Consent.InForce() {
		return FormDraft{}, ErrConsentInForce
	}
	return b.draftForm(ConsentForm, consentPrefix, account, map[string]any{"Serial": customer.WatchedSerial()})
}

// GiveConsent gives the permission again, by a signature with the certificate that
// is watched. Customers with a newer certificate send a change form first.
func (b *Bank) GiveConsent(ctx context.Context, draft FormDraft, cms []byte) error {
	now := b.now()
	signature, signed, err := draft.Document.Accept(ctx, b.verifier, cms, now)
	if err != nil {
		return err
	}
	before, err := b.store.Customer(ctx, draft.Account)
	if err != nil {
		return err
	}
	if before.WatchedSerial() != signature.Serial {
		if err := b.RefuseAnotherPerson(ctx, before, signature); err != nil {
			return err
		}
		return ErrOtherCertificate
	}
	after := before
	after.Consent = Consent{Document: draft.Document.Number, GivenAt: now}
	return b.store.Amend(ctx, Amendment{
		Before: before, After: after, Form: &SignedForm{signed, draft.Kind, draft.Account},
		History: HistoryEntry{Customer: before.ID, At: now, Act: ActConsentGiven, By: signature.Serial, Document: draft.Document.Number},
	})
}
