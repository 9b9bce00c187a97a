package bank

import (
	"context"
	"errors"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
)

// DraftChange writes a change notice (変更届): what the bank has on record, and
// that the new data are those of the certificate that signs it. Somebody who
// has only named an account number is not known; their paper says nothing of
// what is on record, and not whether there is such an account.
func (b *Bank) DraftChange(ctx context.Context, no AccountNumber, known bool) (PaperDraft, error) {
	if !known {
		return b.draftPaper(PaperChange, "MC", Account{Number: no}, map[string]any{})
	}
	account, err := b.store.Account(ctx, no)
	if err != nil {
		return PaperDraft{}, err
	}
	customer, err := b.store.Customer(ctx, no)
	if err != nil {
		return PaperDraft{}, err
	}
	return b.draftPaper(PaperChange, "MC", account, map[string]any{
		"Name": folded(customer.BasicFour.CommonName), "Address": folded(customer.BasicFour.Address), "Serial": customer.Serial,
	})
}

// Changed is a change notice that was accepted.
type Changed struct {
	Account       Account
	Before, After Customer
	Number        ApplicationNumber
}

// NotifyChange accepts a change notice (変更届) that the customer has signed with
// the new digital signature certificate.
//
// The signature is the person's own and the certificate is valid, as at the
// opening; and the certificate is a later one of the very customer that the
// notice is about, which the authority vouches for: it has the same user
// authentication certificate as its pair, or it is the successor of the one on
// record, whether or not the bank has followed to it already. The new four basic data are the certificate's. What was on record
// goes into the history, and nothing that was asked of the customer waits any
// more.
func (b *Bank) NotifyChange(ctx context.Context, p SignedPaper) (Changed, error) {
	now := b.now().UTC()
	if now.After(p.Draft.At.Add(DraftLifetime)) {
		return Changed{}, rp.ErrDocumentExpired
	}
	signature, err := b.verifier.VerifySignature(ctx, []byte(p.Draft.Document.Content), p.CMS)
	if err != nil {
		return Changed{}, err
	}
	before, err := b.store.Customer(ctx, p.Draft.Account)
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
	after.BasicFour, after.Serial, after.Paired, after.Followed = signature.BasicFour, signature.Serial, signature.Paired, Followed{}
	if after.Paired.IsZero() {
		after.Paired = before.Paired
	}
	after.Certificate, after.CertificateExpires = signature.Certificate.Raw, signature.Certificate.NotAfter.UTC()
	after.Standing = Standing{State: rp.Unchanged, ConfirmedAt: now}
	err = b.store.Amend(ctx, Amendment{
		Before: before, After: after, Paper: paper(p, signature, now), Settles: true,
		Past:    Past{Customer: before.ID, At: now, Act: PastChanged, By: signature.Serial, Paper: p.Draft.Number, Former: before.former()},
		Receipt: &Notice{Customer: before.ID, Kind: NoticeAccepted, Serial: signature.Serial, At: now, ClosedAt: now},
	})
	if err != nil {
		return Changed{}, err
	}
	account, err := b.store.Account(ctx, p.Draft.Account)
	return Changed{Account: account, Before: before, After: after, Number: p.Draft.Number}, err
}

// sameHolder reports whether a certificate that has signed is one of a
// customer's own. It asks the authority unless the pair on record tells.
func (b *Bank) sameHolder(ctx context.Context, c Customer, s *rp.Signature) (bool, error) {
	if s.Serial == c.Serial || s.Serial == c.Followed.Serial || !s.Paired.IsZero() && s.Paired == c.Paired {
		return true, nil
	}
	if b.linkage == nil {
		return false, nil
	}
	next, err := b.linkage.Successor(ctx, jpki.DigitalSignature, c.Serial)
	return err == nil && next == s.Serial, err
}
