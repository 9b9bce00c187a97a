package authority

import (
	"context"
	"crypto/rsa"
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
)

// Application is an application at the municipal counter (窓口) for
// certificates on a card.
type Application struct {
	ResidentID string
	// CardID is the card: one of the resident's to write further certificates
	// onto, or a new one's ID. Empty takes a fresh blank card.
	CardID string
	// PINs are set on the card and kept nowhere else. A card's first
	// certificates need one for each kind.
	PINs map[jpki.Kind]string
	// Kinds are the kinds applied for. Empty means every kind the resident may
	// have: a child under 15 gets no digital signature certificate.
	Kinds []jpki.Kind
	// CardExpires is the last day of a new card; zero means the tenth birthday
	// from now, the fifth for a person under 18. Certificates end with the card.
	CardExpires time.Time
	// Variant is the make of a new card.
	Variant jpki.CardVariant
	By      desk.By
}

// Issued is what came of an application.
type Issued struct {
	Card         register.Card
	Certificates map[jpki.Kind]register.Certificate
}

// Issue is the one path by which a certificate comes into being: the card
// makes its keys, the authority issues, the card is written. Certificates of
// the same kinds that the resident had before are then revoked as superseded.
// If the card cannot be written, or if the resident's entry or the card has
// changed meanwhile, what was issued is revoked as discarded: no certificate
// says what is no longer true.
//
// Acts that write a resident's cards come one after the other: while one is under
// way another gives ErrChangedMeanwhile before it touches the card.
func (a *Authority) Issue(ctx context.Context, app Application) (Issued, error) {
	if err := a.lapse(ctx); err != nil {
		return Issued{}, err
	}
	end, err := a.beginWriting(ctx, app.ResidentID)
	if err != nil {
		return Issued{}, err
	}
	defer end()
	return a.issue(ctx, app, "")
}

// issue does the same as a part of the counter's act, if cause names one. The
// caller has begun writing.
func (a *Authority) issue(ctx context.Context, app Application, cause register.LifeEvent) (Issued, error) {
	order, err := a.accept(ctx, app)
	order.cause = cause
	if err != nil {
		return Issued{}, err
	}
	keys, err := a.cardKeys(ctx, &order)
	if err != nil {
		return Issued{}, err
	}
	certificates, err := a.issueAll(order, keys)
	if err != nil {
		return Issued{}, err
	}
	if err := a.enter(ctx, order, certificates); err != nil {
		return Issued{}, err
	}
	order.was = order.card.State
	// From here on a caller who goes away must not leave a card half written.
	ctx = context.WithoutCancel(ctx)
	if err := a.writer.Write(ctx, order.card.ID, a.personalization(order, certificates)); err != nil {
		// The card may have been written all the same: it is read to find out.
		return Issued{}, errors.Join(&CardError{"write", err}, a.settle(ctx, order.ResidentID))
	}
	issued, err := a.handOver(ctx, order, certificates)
	switch {
	case errors.Is(err, ErrChangedMeanwhile):
		err = errors.Join(err, a.discard(ctx, certificates, order.author()))
	case err != nil: // the commit may have been made all the same
		err = errors.Join(err, a.settle(ctx, order.ResidentID))
	}
	return issued, err
}

// order is an application that was accepted.
type order struct {
	Application
	resident register.Resident
	card     register.Card
	known    bool               // the card is one that was made before
	again    bool               // known, and never handed over: it begins anew
	was      register.CardState // of a known card, in the register
	kinds    []jpki.Kind
	carried  []register.Certificate // valid, on the card before
	at       time.Time
	cause    register.LifeEvent
}

func (o order) author() author { return author{o.By, o.cause} }

// accept checks an application against the registers; nothing has happened yet.
func (a *Authority) accept(ctx context.Context, app Application) (order, error) {
	o := order{Application: app, at: a.second(), kinds: app.Kinds}
	if err := app.By.Check(); err != nil {
		return o, err
	}
	var err error
	if o.resident, err = a.store.Resident(ctx, app.ResidentID); err != nil {
		return o, err
	}
	if err := app.By.Serves(o.resident.Municipality); err != nil {
		return o, err
	}
	switch {
	case len(o.kinds) == 0:
		o.kinds = o.resident.Kinds(o.at)
	case o.resident.TooYoung(o.at) && slices.Contains(o.kinds, jpki.DigitalSignature):
		return o, register.ErrTooYoung
	}
	if o.resident.Standing != register.StandingResident {
		return o, register.ErrNotRegistered
	}
	if err := desk.CheckKinds(o.kinds); err != nil {
		return o, err
	}
	if err := ca.CheckValidity(o.at); err != nil {
		return o, err
	}
	if err := a.acceptCard(ctx, &o); err != nil {
		return o, err
	}
	return o, o.checkPINs()
}

// acceptCard finds the card of an application, or plans a new one.
func (a *Authority) acceptCard(ctx context.Context, o *order) error {
	if o.CardID != "" {
		if err := desk.CheckID("card", o.CardID); err != nil {
			return err
		}
		card, err := a.store.Card(ctx, o.CardID)
		switch {
		case err == nil && card.ResidentID != o.ResidentID:
			return register.ErrCardExists
		case err == nil:
			o.card, o.known, o.was = card, true, card.State
			if o.again, err = a.neverHandedOver(ctx, card); err != nil {
				return err
			}
			if !o.again && card.State != register.CardInUse {
				return register.ErrCardNotInUse
			}
			if o.carried, err = a.carried(ctx, card, o.at); err != nil {
				return err
			}
		case !errors.Is(err, register.ErrNoCard):
			return err
		}
	}
	if !o.known || o.again {
		birth := o.resident.BasicFour.DateOfBirth
		o.card = register.Card{ID: o.CardID, ResidentID: o.ResidentID, IssuedAt: o.at, Expires: register.CardExpiry(birth, o.at)}
		if !o.CardExpires.IsZero() {
			o.card.Expires = register.EndOfDay(o.CardExpires)
		}
	}
	if !o.card.Expires.After(o.at) { // in its last second too: a certificate of no length cannot be issued
		return register.ErrCardExpired
	}
	return nil
}

// carried gives the valid certificates on a card.
func (a *Authority) carried(ctx context.Context, card register.Card, at time.Time) ([]register.Certificate, error) {
	h, err := a.holder(ctx, card.ResidentID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(h.Live(at), func(c register.Certificate) bool { return c.CardID != card.ID }), nil
}

// checkPINs refuses what the card would refuse, before a certificate exists. A
// card that was never handed over needs a PIN for each kind.
func (o *order) checkPINs() error {
	for _, kind := range o.kinds {
		pin, given := o.PINs[kind]
		if !given && o.known && !o.again {
			continue
		}
		if err := register.CheckPIN(kind, pin); err != nil {
			return err
		}
	}
	return nil
}

// cardKeys lets the card make the keys that are to be certified.
func (a *Authority) cardKeys(ctx context.Context, o *order) (map[jpki.Kind]*rsa.PublicKey, error) {
	if !o.known {
		blank, err := a.writer.Blank(ctx, o.CardID)
		if err != nil {
			return nil, cardError("blank", err)
		}
		if !desk.ID(blank.ID) || o.CardID != "" && blank.ID != o.CardID {
			return nil, &CardError{"blank", errors.New("the card house returned a different card")}
		}
		o.card.ID = blank.ID
		return blank.PublicKeys, nil
	}
	keys := map[jpki.Kind]*rsa.PublicKey{}
	for _, kind := range o.kinds {
		key, err := a.writer.NewKey(ctx, o.card.ID, kind)
		if err != nil {
			return nil, cardError("new key", err)
		}
		keys[kind] = key
	}
	return keys, nil
}

// cardError keeps a domain error of the card house and wraps the rest.
func cardError(act string, err error) error {
	if errors.Is(err, register.ErrCardExists) || errors.Is(err, register.ErrNoCard) {
		return err
	}
	return &CardError{act, err}
}

// issueAll makes the certificates of an order.
func (a *Authority) issueAll(o order, keys map[jpki.Kind]*rsa.PublicKey) ([]register.Certificate, error) {
	var all []register.Certificate
	ends := register.CertificateExpiries(o.resident, o.card, o.kinds, o.carried, o.at)
	for _, kind := range o.kinds {
		key := keys[kind]
		if key == nil || key.N == nil || key.N.BitLen() != ca.KeyBits {
			return nil, &CardError{"keys", errors.New("the card returned no RSA-2048 key for " + kind.String())}
		}
		c, err := a.cas[kind].Issue(ca.Request{Resident: o.resident, Card: o.card, Key: key, At: o.at, NotAfter: ends[kind]})
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// enter writes card and certificates into the registers before the card gets
// them, so that no card ever carries what the authority does not know.
func (a *Authority) enter(ctx context.Context, o order, certificates []register.Certificate) error {
	a.changing.Lock()
	defer a.changing.Unlock()
	if err := a.stillSo(ctx, o); err != nil {
		return err
	}
	change := Change{Certificates: certificates}
	if !o.known || o.again {
		change.Cards = []register.Card{o.card}
	}
	for _, c := range certificates {
		change.Events = append(change.Events, eventOf(c, register.ActIssued, o.at, o.author()))
	}
	if err := a.store.Commit(ctx, change); err != nil {
		return err
	}
	for _, c := range certificates {
		if err := a.cas[c.Kind].Record(c); err != nil {
			return err
		}
	}
	return nil
}

// stillSo refuses an order whose resident or card is not what it was when the
// order was accepted. The caller holds a.changing.
func (a *Authority) stillSo(ctx context.Context, o order) error {
	r, err := a.store.Resident(ctx, o.ResidentID)
	if err != nil {
		return err
	}
	if r != o.resident {
		return ErrChangedMeanwhile
	}
	if !o.known {
		return nil
	}
	card, err := a.store.Card(ctx, o.card.ID)
	if err == nil && card.State != o.was {
		return ErrChangedMeanwhile
	}
	return err
}

func (a *Authority) personalization(o order, certificates []register.Certificate) Personalization {
	p := Personalization{
		Face: faceOf(o.resident, o.card.Expires), Variant: o.Variant, PINs: map[jpki.Kind]string{},
		Certificates: map[jpki.Kind][]byte{}, CACertificates: map[jpki.Kind][]byte{},
	}
	for _, c := range certificates {
		p.Certificates[c.Kind] = c.DER
		if pin, given := o.PINs[c.Kind]; given {
			p.PINs[c.Kind] = pin
		}
	}
	for _, kind := range jpki.Kinds() {
		p.CACertificates[kind] = a.CACertificate(kind).Raw
	}
	return p
}

// handOver records that the card has its certificates and revokes those that
// they replace, at once. A card that is left without a valid certificate by
// another one is replaced.
func (a *Authority) handOver(ctx context.Context, o order, certificates []register.Certificate) (Issued, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	if err := a.stillSo(ctx, o); err != nil {
		return Issued{}, err
	}
	result := Issued{Card: o.card, Certificates: map[jpki.Kind]register.Certificate{}}
	h, err := a.holder(ctx, o.ResidentID)
	if err != nil {
		return Issued{}, err
	}
	live := h.Live(o.at)
	var changes []statusChange
	for _, c := range certificates {
		c.Delivered = true
		result.Certificates[c.Kind] = c
		for _, old := range live {
			if old.Kind == c.Kind && old.Serial != c.Serial {
				old.Status = register.Status{State: register.Revoked, Reason: jpki.Superseded, Since: o.at}
				changes = append(changes, statusChange{old, register.ActRevoked})
			}
		}
		changes = append(changes, statusChange{c, register.ActHandedOver})
	}
	replaced := slices.DeleteFunc(h.Cards, func(k register.Card) bool {
		inUse := k.State == register.CardInUse || k.State == register.CardLost
		return k.ID == o.card.ID || !inUse || slices.ContainsFunc(live, func(c register.Certificate) bool {
			return c.CardID == k.ID && !slices.Contains(o.kinds, c.Kind)
		})
	})
	for i := range replaced {
		replaced[i].State, replaced[i].Since = register.CardReplaced, o.at
	}
	if !o.card.Lapses.IsZero() { // it was brought to the counter, and goes on in use
		result.Card.Lapses = time.Time{}
		replaced = append(replaced, result.Card)
	}
	return result, a.commit(ctx, Change{Cards: replaced}, changes, o.author())
}
