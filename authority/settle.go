package authority

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"sync"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// busy keeps acts that write a resident's cards apart: one at a time. The card's
// own work takes seconds, so that a second one is refused and not kept waiting.
type busy struct {
	mu        sync.Mutex
	residents map[string]bool
}

// begin gives ErrChangedMeanwhile while another act writes a card of the resident;
// else end must be called.
func (b *busy) begin(resident string) (end func(), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.residents[resident] {
		return nil, ErrChangedMeanwhile
	}
	if b.residents == nil {
		b.residents = map[string]bool{}
	}
	b.residents[resident] = true
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.residents, resident)
	}, nil
}

// beginWriting starts an act that writes a card of a resident. An earlier one
// whose end is not known is settled first.
func (a *Authority) beginWriting(ctx context.Context, resident string) (end func(), err error) {
	if a.writer == nil {
		return nil, ErrNoCardWriter
	}
	if end, err = a.busy.begin(resident); err != nil {
		return nil, err
	}
	if err := a.settle(ctx, resident); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

// Settle finds out about certificates that were issued and of which nobody knows
// whether their card has them, after a crash or a silence of the card house: the
// card is read. What it carries was handed over; the rest is revoked as discarded
// (交付前破棄). It is called now and then; a card that cannot be read is tried again.
func (a *Authority) Settle(ctx context.Context) error {
	if a.writer == nil {
		return nil
	}
	left, err := a.store.Certificates(ctx, CertificateQuery{Undelivered: true})
	if err != nil {
		return err
	}
	var residents []string
	for _, c := range left {
		if c.Status.State != register.Revoked && !slices.Contains(residents, c.ResidentID) {
			residents = append(residents, c.ResidentID)
		}
	}
	var errs []error
	for _, r := range residents {
		end, err := a.busy.begin(r)
		if err != nil {
			continue // it is being written just now
		}
		errs = append(errs, a.settle(ctx, r))
		end()
	}
	return errors.Join(errs...)
}

// settle settles the certificates of one resident, whose cards nobody writes.
func (a *Authority) settle(ctx context.Context, resident string) error {
	left, err := a.store.Certificates(ctx, CertificateQuery{Undelivered: true, ResidentID: resident})
	if err != nil {
		return err
	}
	byCard := map[string][]register.Certificate{}
	for _, c := range left {
		if c.Status.State != register.Revoked {
			byCard[c.CardID] = append(byCard[c.CardID], c)
		}
	}
	by := author{By: desk.By{Why: "settled after an interruption"}}
	for card, certificates := range byCard {
		carried, err := a.writer.Carried(ctx, card)
		if err != nil && !errors.Is(err, register.ErrNoCard) {
			return cardError("read", err)
		}
		written := !slices.ContainsFunc(certificates, func(c register.Certificate) bool { return carried[c.Kind] != c.Serial })
		untrue := certificates
		if written {
			// An error says nothing about the card: it is tried again.
			if untrue, err = a.completed(ctx, card, certificates, by); err != nil {
				return err
			}
		}
		if err := a.discard(ctx, untrue, by); err != nil {
			return err
		}
	}
	return nil
}

// certified gives the four basic data that a certificate says.
func certified(c register.Certificate) (jpki.BasicFour, error) {
	cert, err := x509.ParseCertificate(c.DER)
	if err != nil {
		return jpki.BasicFour{}, err
	}
	return jpki.BasicFourOf(cert)
}

// completed hands over those of the certificates that a card was found to carry that
// still say the truth, and gives the others: after a move the user authentication
// certificate beside them stays good.
func (a *Authority) completed(ctx context.Context, id string, certificates []register.Certificate, by author) (untrue []register.Certificate, err error) {
	card, err := a.store.Card(ctx, id)
	if err != nil {
		return nil, err
	}
	r, err := a.store.Resident(ctx, card.ResidentID)
	if err != nil {
		return nil, err
	}
	if r.Standing != register.StandingResident || card.State != register.CardInUse {
		return certificates, nil
	}
	o := order{
		Application: Application{ResidentID: r.ID, CardID: id, By: by.By},
		resident:    r, card: card, known: true, at: a.second(), cause: by.cause,
	}
	var still []register.Certificate
	for _, c := range certificates {
		if four, err := certified(c); c.Kind == jpki.DigitalSignature && (err != nil || four != r.BasicFour) {
			untrue = append(untrue, c)
			continue
		}
		o.kinds, still = append(o.kinds, c.Kind), append(still, c)
	}
	if len(still) == 0 {
		return untrue, nil
	}
	if _, err = a.handOver(ctx, o, still); errors.Is(err, ErrChangedMeanwhile) {
		return certificates, nil
	}
	return untrue, err
}
