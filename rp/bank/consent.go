package bank

import (
	"context"

	"example.jp/jpkimock/rp"
)

// WithdrawConsent withdraws the permission to check the certificate
// (利用許諾の撤回). From then on no confirmation asks about this customer.
func (b *Bank) WithdrawConsent(ctx context.Context, no AccountNumber) error {
	before, err := b.store.Customer(ctx, no)
	if err != nil {
		return err
	}
	if !before.Consent.WithdrawnAt.IsZero() {
		return ErrConsentWithdrawn
	}
	after, now := before, b.now().UTC()
	after.Consent.WithdrawnAt = now
	return b.store.Amend(ctx, Amendment{
		Before: before, After: after,
		Past: Past{Customer: before.ID, At: now, Act: PastConsentWithdrawn, Paper: before.Consent.Application},
	})
}

// DraftConsent writes the paper by which the permission is given again
// (利用許諾書).
func (b *Bank) DraftConsent(ctx context.Context, no AccountNumber) (PaperDraft, error) {
	account, err := b.store.Account(ctx, no)
	if err != nil {
		return PaperDraft{}, err
	}
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return PaperDraft{}, err
	}
	if customer.Consent.WithdrawnAt.IsZero() {
		return PaperDraft{}, ErrConsentStands
	}
	return b.draftPaper(PaperConsent, "MK", account, map[string]any{"Serial": customer.Watches()})
}

// GiveConsent gives the permission again by a signature with the certificate
// on record or the one that was followed. A customer who has a newer certificate sends a change notice
// first.
func (b *Bank) GiveConsent(ctx context.Context, p SignedPaper) error {
	now := b.now().UTC()
	if now.After(p.Draft.At.Add(DraftLifetime)) {
		return rp.ErrDocumentExpired
	}
	signature, err := b.verifier.VerifySignature(ctx, []byte(p.Draft.Document.Content), p.CMS)
	if err != nil {
		return err
	}
	before, err := b.store.Customer(ctx, p.Draft.Account)
	if err != nil {
		return err
	}
	if before.Watches() != signature.Serial {
		same, err := b.sameHolder(ctx, before, signature)
		if err != nil {
			return err
		}
		if !same {
			return ErrAnotherPerson
		}
		return ErrOtherCertificate
	}
	after := before
	after.Consent = Consent{Application: p.Draft.Number, GivenAt: now}
	return b.store.Amend(ctx, Amendment{
		Before: before, After: after, Paper: paper(p, signature, now),
		Past: Past{Customer: before.ID, At: now, Act: PastConsentGiven, By: signature.Serial, Paper: p.Draft.Number},
	})
}
