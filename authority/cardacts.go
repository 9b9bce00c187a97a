package authority

import (
	"context"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// renewalMonths is how long before its expiry a certificate can be renewed.
const renewalMonths = 3

// RenewableFrom gives the first moment at which a certificate that ends at
// notAfter can be renewed: three months before, at the beginning of the day by
// Japanese civil time.
func RenewableFrom(notAfter time.Time) time.Time {
	y, m, d := notAfter.In(jpki.JST).Date()
	from := time.Date(y, m-renewalMonths, d, 0, 0, 0, 0, jpki.JST)
	if want := (int(m)-renewalMonths+11)%12 + 1; int(from.Month()) != want { // 31 May less three months is the end of February
		from = time.Date(y, m-renewalMonths+1, 0, 0, 0, 0, 0, jpki.JST)
	}
	return from.UTC()
}

// planCardAct plans an act that needs the card's own work.
func (a *Authority) planCardAct(ctx context.Context, p *plan, n Notice, held []Certificate) error {
	if n.Event != CardIssue {
		switch {
		case p.Card.State != CardInUse:
			return ErrCardNotInUse
		case !p.Card.Expires.After(a.second()):
			return ErrCardExpired
		}
	}
	if n.Event == PINReset {
		return a.planPINReset(p, n)
	}
	if p.Before.Standing != StandingResident {
		return ErrNotRegistered
	}
	return a.planIssue(ctx, p, n, held)
}

// allowed gives the kinds a resident may be issued now.
func (a *Authority) allowed(r Resident) []jpki.Kind {
	if birth := r.BasicFour.DateOfBirth; birth.Year != 0 && birth.Age(a.second()) < MinSignatureAge {
		return []jpki.Kind{jpki.UserAuthentication}
	}
	return jpki.Kinds()
}

func (a *Authority) planIssue(ctx context.Context, p *plan, n Notice, held []Certificate) error {
	allowed := a.allowed(p.Before)
	p.Issues = allowed
	switch {
	case n.Event == Reissue && len(n.Kinds) == 0:
		p.Issues = []jpki.Kind{jpki.DigitalSignature}
	case len(n.Kinds) > 0:
		p.Issues = n.Kinds
	}
	for _, kind := range p.Issues {
		if kind.Valid() && !slices.Contains(allowed, kind) {
			return ErrTooYoung
		}
	}
	if n.Event == Renewal {
		if err := a.planRenewal(p, held); err != nil {
			return err
		}
	}
	o := order{Application: Application{PINs: n.PINs}, kinds: p.Issues}
	if err := o.checkKinds(); err != nil {
		return err
	}
	if !n.looking {
		if err := a.checkPINsFor(ctx, p, o); err != nil {
			return err
		}
	}
	for _, c := range held {
		if slices.Contains(p.Issues, c.Kind) {
			p.Effects = append(p.Effects, Effect{Certificate: c, Act: "revoked", Reason: jpki.Superseded})
		}
	}
	return nil
}

// checkPINsFor wants a PIN for each kind that the card never carried.
func (a *Authority) checkPINsFor(ctx context.Context, p *plan, o order) error {
	if p.Card == nil {
		return o.checkPINs()
	}
	carried, err := a.store.Certificates(ctx, CertificateQuery{CardID: p.Card.ID})
	if err != nil {
		return err
	}
	for _, kind := range o.kinds {
		o.known = slices.ContainsFunc(carried, func(c Certificate) bool { return c.Kind == kind && c.Delivered })
		one := o
		one.kinds = []jpki.Kind{kind}
		if err := one.checkPINs(); err != nil {
			return err
		}
	}
	return nil
}

// planRenewal refuses a renewal that comes too early: one of the certificates
// on the card must be in its last three months, or have expired, or be missing
// though its holder has come of age for it.
func (a *Authority) planRenewal(p *plan, held []Certificate) error {
	now := a.second()
	for _, c := range held {
		if c.CardID == p.Card.ID && slices.Contains(p.Issues, c.Kind) && now.Before(RenewableFrom(c.NotAfter)) {
			return ErrTooEarly
		}
	}
	return nil
}

func (a *Authority) planPINReset(p *plan, n Notice) error {
	if len(n.PINs) == 0 && !n.looking {
		return &InvalidError{"pins", "want a new PIN for at least one kind"}
	}
	p.Resets = sortedKinds(n.PINs)
	for _, kind := range p.Resets {
		switch {
		case !kind.Valid():
			return &InvalidError{"pins", "an unknown kind"}
		case !slices.Contains(a.allowed(p.Before), kind):
			return ErrTooYoung
		case !pinForm(kind, n.PINs[kind]):
			return &InvalidError{"pins." + kind.String(), pinRule(kind)}
		}
	}
	return nil
}
