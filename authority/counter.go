package authority

import (
	"context"
	"crypto/rsa"
	"errors"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// MinSignatureAge is the age from which a digital signature certificate is
// issued.
const MinSignatureAge = 15

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
	By          By
}

// Issued is what came of an application.
type Issued struct {
	Card         Card
	Certificates map[jpki.Kind]Certificate
}

// Issue is the one path by which a certificate comes into being: the card
// makes its keys, the authority issues, the card is written. Certificates of
// the same kinds that the resident had before are then revoked as superseded.
// If the card cannot be written, or if the resident's entry or the card has
// changed meanwhile, what was issued is revoked as discarded: no certificate
// says what is not true any more.
func (a *Authority) Issue(ctx context.Context, app Application) (Issued, error) {
	if a.writer == nil {
		return Issued{}, ErrNoCardWriter
	}
	order, err := a.accept(ctx, app)
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
	// From here on a caller who goes away must not leave a card half written.
	ctx = context.WithoutCancel(ctx)
	if err := a.writer.Write(ctx, order.card.ID, a.personalization(order, certificates)); err != nil {
		return Issued{}, errors.Join(&CardError{"write", err}, a.discard(ctx, certificates, app.By))
	}
	issued, err := a.handOver(ctx, order, certificates)
	if err != nil {
		return Issued{}, errors.Join(err, a.discard(ctx, certificates, app.By))
	}
	return issued, nil
}

// order is an application that was accepted.
type order struct {
	Application
	resident Resident
	card     Card
	known    bool // the card is one the authority has written before
	kinds    []jpki.Kind
	at       time.Time
}

// accept checks an application against the registers; nothing has happened yet.
func (a *Authority) accept(ctx context.Context, app Application) (order, error) {
	o := order{Application: app, at: a.second(), kinds: app.Kinds}
	if err := app.By.check(); err != nil {
		return o, err
	}
	var err error
	if o.resident, err = a.store.Resident(ctx, app.ResidentID); err != nil {
		return o, err
	}
	if err := app.By.within(o.resident.Municipality); err != nil {
		return o, err
	}
	tooYoung := o.resident.BasicFour.DateOfBirth.Age(o.at) < MinSignatureAge && o.resident.BasicFour.DateOfBirth.Year != 0
	switch {
	case len(o.kinds) == 0 && tooYoung:
		o.kinds = []jpki.Kind{jpki.UserAuthentication}
	case len(o.kinds) == 0:
		o.kinds = jpki.Kinds()
	case tooYoung && slices.Contains(o.kinds, jpki.DigitalSignature):
		return o, ErrTooYoung
	}
	if o.resident.Standing != StandingResident {
		return o, ErrNotRegistered
	}
	if err := o.checkKinds(); err != nil {
		return o, err
	}
	if o.at.Before(caNotBefore) || o.at.After(caNotAfter) {
		return o, ErrOutsideCAValidity
	}
	if err := a.acceptCard(ctx, &o); err != nil {
		return o, err
	}
	return o, o.checkPINs()
}

// checkKinds refuses what no card has.
func (o *order) checkKinds() error {
	for i, k := range o.kinds {
		if !k.Valid() || slices.Contains(o.kinds[:i], k) {
			return &InvalidError{"kinds", "an unknown kind, or one that comes twice"}
		}
	}
	return nil
}

// acceptCard finds the card of an application, or plans a new one.
func (a *Authority) acceptCard(ctx context.Context, o *order) error {
	if o.CardID != "" {
		if !idForm.MatchString(o.CardID) {
			return &InvalidError{"card", "want 1 to 63 of a-z 0-9 . _ -"}
		}
		card, err := a.store.Card(ctx, o.CardID)
		switch {
		case err == nil && card.ResidentID != o.ResidentID:
			return ErrCardExists
		case err == nil && card.State != CardInUse:
			return ErrCardNotInUse
		case err == nil:
			o.card, o.known = card, true
		case !errors.Is(err, ErrNoCard):
			return err
		}
	}
	if !o.known {
		o.card = Card{ID: o.CardID, ResidentID: o.ResidentID, IssuedAt: o.at, Expires: cardExpiry(o.resident.BasicFour.DateOfBirth, o.at)}
		if !o.CardExpires.IsZero() {
			o.card.Expires = endOfDay(o.CardExpires)
		}
	}
	if !o.card.Expires.After(o.at) {
		return ErrCardExpired
	}
	return nil
}

// checkPINs refuses what the card would refuse, before a certificate exists. A
// card that carries nothing yet needs a PIN for each kind.
func (o *order) checkPINs() error {
	for _, kind := range o.kinds {
		pin, given := o.PINs[kind]
		if !given && o.known {
			continue
		}
		if !pinForm(kind, pin) {
			return &InvalidError{"pins." + kind.String(), pinRule(kind)}
		}
	}
	return nil
}

func pinRule(kind jpki.Kind) string {
	if kind == jpki.DigitalSignature {
		return "want 6 to 16 of A-Z 0-9"
	}
	return "want exactly 4 digits"
}

func pinForm(kind jpki.Kind, pin string) bool {
	for _, c := range []byte(pin) {
		digit := c >= '0' && c <= '9'
		if !digit && !(kind == jpki.DigitalSignature && c >= 'A' && c <= 'Z') {
			return false
		}
	}
	if kind == jpki.DigitalSignature {
		return len(pin) >= 6 && len(pin) <= 16
	}
	return len(pin) == 4
}

// cardKeys lets the card make the keys that are to be certified.
func (a *Authority) cardKeys(ctx context.Context, o *order) (map[jpki.Kind]*rsa.PublicKey, error) {
	if !o.known {
		blank, err := a.writer.Blank(ctx, o.CardID)
		if err != nil {
			return nil, cardError("blank", err)
		}
		if !idForm.MatchString(blank.ID) || o.CardID != "" && blank.ID != o.CardID {
			return nil, &CardError{"blank", errors.New("the card house answered with another card")}
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
	if errors.Is(err, ErrCardExists) || errors.Is(err, ErrNoCard) {
		return err
	}
	return &CardError{act, err}
}

// issueAll makes the certificates of an order.
func (a *Authority) issueAll(o order, keys map[jpki.Kind]*rsa.PublicKey) ([]Certificate, error) {
	var all []Certificate
	for _, kind := range o.kinds {
		key := keys[kind]
		if key == nil || key.N == nil || key.N.BitLen() != keyBits {
			return nil, &CardError{"keys", errors.New("the card gave no RSA-2048 key for " + kind.String())}
		}
		c, err := a.issueOne(o, kind, key)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (a *Authority) issueOne(o order, kind jpki.Kind, key *rsa.PublicKey) (Certificate, error) {
	issuer := a.cas[kind]
	n := issuer.table.reserve()
	p, err := a.holderProfile(kind, holder{resident: o.resident, serial: n, at: o.at, cardExpires: o.card.Expires, key: key})
	if err != nil {
		return Certificate{}, err
	}
	cert, err := issuer.sign(p)
	if err != nil {
		return Certificate{}, err
	}
	return Certificate{
		Kind: kind, Serial: jpki.SerialNumberOf(cert), CardID: o.card.ID, ResidentID: o.resident.ID,
		DER: cert.Raw, NotBefore: cert.NotBefore, NotAfter: cert.NotAfter,
		Standing: Standing{State: Good, Since: o.at},
	}, nil
}

// enter writes card and certificates into the registers before the card gets
// them, so that no card ever carries what the authority does not know.
func (a *Authority) enter(ctx context.Context, o order, certificates []Certificate) error {
	a.changing.Lock()
	defer a.changing.Unlock()
	if err := a.stillSo(ctx, o); err != nil {
		return err
	}
	change := Change{Certificates: certificates}
	if !o.known {
		change.Cards = []Card{o.card}
	}
	for _, c := range certificates {
		change.Events = append(change.Events, eventOf(c, "issued", o.at, o.By))
	}
	if err := a.store.Commit(ctx, change); err != nil {
		return err
	}
	for _, c := range certificates {
		if err := a.cas[c.Kind].know(c); err != nil {
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
	if err == nil && card.State != o.card.State {
		return ErrChangedMeanwhile
	}
	return err
}

func (a *Authority) personalization(o order, certificates []Certificate) Personalization {
	p := Personalization{
		Face: faceOf(o.resident, o.card.Expires), PINs: map[jpki.Kind]string{},
		Certificates: map[jpki.Kind][]byte{}, CACertificates: map[jpki.Kind][]byte{},
	}
	for _, c := range certificates {
		p.Certificates[c.Kind] = c.DER
		if pin, given := o.PINs[c.Kind]; given {
			p.PINs[c.Kind] = pin
		}
	}
	for _, kind := range jpki.Kinds() {
		p.CACertificates[kind] = a.cas[kind].cert.Raw
	}
	return p
}

// handOver records that the card has its certificates and revokes those that
// they replace, at once. A card that is left without a valid certificate by
// another one is replaced.
func (a *Authority) handOver(ctx context.Context, o order, certificates []Certificate) (Issued, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	if err := a.stillSo(ctx, o); err != nil {
		return Issued{}, err
	}
	result := Issued{Card: o.card, Certificates: map[jpki.Kind]Certificate{}}
	held, err := a.holding(ctx, o.ResidentID)
	if err != nil {
		return Issued{}, err
	}
	var changes []standingChange
	for _, c := range certificates {
		c.Delivered = true
		result.Certificates[c.Kind] = c
		for _, old := range held {
			if old.Kind == c.Kind && old.Serial != c.Serial {
				old.Standing = Standing{State: Revoked, Reason: jpki.Superseded, Since: o.at}
				changes = append(changes, standingChange{old, "revoked"})
			}
		}
		changes = append(changes, standingChange{c, "handed over"})
	}
	cards, err := a.store.Cards(ctx, o.ResidentID)
	if err != nil {
		return Issued{}, err
	}
	replaced := slices.DeleteFunc(cards, func(k Card) bool {
		return k.ID == o.card.ID || !slices.Contains(inUseOrLost, k.State) || slices.ContainsFunc(held, func(c Certificate) bool {
			return c.CardID == k.ID && !slices.Contains(o.kinds, c.Kind)
		})
	})
	for i := range replaced {
		replaced[i].State, replaced[i].Since = CardReplaced, o.at
	}
	return result, a.commitWith(ctx, Change{Cards: replaced}, changes, o.By)
}

// discard revokes what never reached its card (交付前破棄).
func (a *Authority) discard(ctx context.Context, certificates []Certificate, by By) error {
	a.changing.Lock()
	defer a.changing.Unlock()
	var changes []standingChange
	for _, c := range certificates {
		if c.Standing.State != Revoked {
			c.Standing = Standing{State: Revoked, Reason: jpki.Unspecified, Since: a.second()}
			changes = append(changes, standingChange{c, "discarded"})
		}
	}
	return a.commit(ctx, changes, by)
}

// discardUndelivered cleans up after an end between issuing and writing.
func (a *Authority) discardUndelivered(ctx context.Context) error {
	left, err := a.store.Certificates(ctx, CertificateQuery{Undelivered: true})
	if err != nil {
		return err
	}
	return a.discard(ctx, left, By{Why: "not written onto a card before the authority stopped"})
}
