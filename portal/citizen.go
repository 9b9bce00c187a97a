package portal

import (
	"context"
	"crypto/rand"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/portal/partner"
	"example.jp/jpkimock/rp"
)

// Standing is what the portal has learned of a citizen's certificate.
type Standing string

// The standings.
const (
	Holds            Standing = "holds"             // nothing has changed
	NeedsCertificate Standing = "needs-certificate" // moved; no new certificate is there yet
	Invited          Standing = "invited"           // moved, has a new certificate, may apply
	Left             Standing = "left"              // died, left the register or returned the card
)

// Moved reports that a change was noticed and is not applied for yet.
func (s Standing) Moved() bool { return s == NeedsCertificate || s == Invited }

// Citizen is somebody who is enrolled.
type Citizen struct {
	ID   int64
	Four jpki.BasicFour // as in the certificate that signed last
	Mail string
	// Signature is the digital signature certificate that the portal asks about, and
	// Authentication the user authentication certificate that signs in.
	Signature, Authentication jpki.SerialNumber
	EnrolledAt                time.Time
	Standing                  Standing
	MovedAt                   time.Time // when the authority recorded the change
	NoticedAt                 time.Time // when the portal learned of it
}

// Connection is a citizen's consent that the portal delivers to a partner.
type Connection struct {
	Citizen     int64
	Partner     string
	Customer    string
	Box         string // the address of the citizen's box, for this partner alone
	ConsentedAt time.Time
	// Same says whether the partner has the address that the portal has; nil while it is
	// not known.
	Same *bool
}

// Differs reports that the partner has another address.
func (k Connection) Differs() bool { return k.Same != nil && !*k.Same }

// ConnectionWith finds a citizen's connection with a partner or a sender; nil for none.
func ConnectionWith(partner string, all []Connection) *Connection {
	if i := slices.IndexFunc(all, func(k Connection) bool { return k.Partner == partner }); i >= 0 {
		return &all[i]
	}
	return nil
}

// Challenge makes the nonce for one sign-in.
func (p *Portal) Challenge(ctx context.Context) (rp.Challenge, error) {
	return p.cfg.Verifier.NewChallenge(ctx)
}

// Present is a card that has answered: whose it is, or that it is nobody's yet.
type Present struct {
	Card    jpki.SerialNumber
	Citizen *Citizen // nil for a card with which nobody is enrolled
}

// SignIn recognises a citizen by the card, also by a new one (更新, 再発行). At each
// sign-in it is asked whether the citizen has moved, so that an invitation is there.
func (p *Portal) SignIn(ctx context.Context, token []byte, nonce string) (Present, error) {
	who, err := p.cfg.Verifier.VerifyAuthentication(ctx, token, nonce)
	if err != nil {
		return Present{}, err
	}
	c, err := p.cfg.Store.CitizenByCertificate(ctx, jpki.UserAuthentication, who.Serial)
	if errors.Is(err, ErrUnknownHolder) {
		c, err = p.recognise(ctx, jpki.UserAuthentication, who.Serial)
	}
	if errors.Is(err, ErrUnknownHolder) {
		return Present{Card: who.Serial}, nil
	}
	if err != nil {
		return Present{}, err
	}
	if c.Authentication != who.Serial {
		if c, err = p.cfg.Store.ChangeCitizen(ctx, c.ID, func(c *Citizen) error { c.Authentication = who.Serial; return nil }); err != nil {
			return Present{}, err
		}
	}
	if err := p.look(ctx, c); err != nil {
		return Present{}, err
	}
	c, err = p.cfg.Store.Citizen(ctx, c.ID)
	return Present{Card: who.Serial, Citizen: &c}, err
}

// recognise finds the citizen who holds a certificate that the portal has never seen.
func (p *Portal) recognise(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (Citizen, error) {
	var c Citizen
	known := func(ctx context.Context, k jpki.Kind, n jpki.SerialNumber) (bool, error) {
		var err error
		c, err = p.cfg.Store.CitizenByCertificate(ctx, k, n)
		if errors.Is(err, ErrUnknownHolder) {
			return false, nil
		}
		return err == nil, err
	}
	holder, err := rp.Recognise(ctx, p.cfg.Linkage, kind, serial, known)
	if err == nil && !holder.Known() {
		err = ErrUnknownHolder
	}
	return c, err
}

// Enrolment is an application to use the portal (利用申込書) that waits for its
// signature.
type Enrolment struct {
	Document rp.Document
	Mail     string
}

// DraftEnrolment writes an application to use the portal.
func (p *Portal) DraftEnrolment(address string) (Enrolment, error) {
	a, err := mail.ParseAddress(address)
	if err != nil || a.Name != "" || a.Address != strings.TrimSpace(address) || len(a.Address) > 254 || jpki.CheckLine(a.Address, 254) != nil {
		return Enrolment{}, ErrMail
	}
	document, err := p.fillIn("enrolment", "PE", map[string]any{"Mail": a.Address})
	return Enrolment{Document: document, Mail: a.Address}, err
}

// Enrol enrols who has signed the application, with the card that signed in.
func (p *Portal) Enrol(ctx context.Context, card jpki.SerialNumber, e Enrolment, cms []byte) (Citizen, error) {
	now := p.now()
	s, signed, err := e.Document.Accept(ctx, p.cfg.Verifier, cms, now)
	if err != nil {
		return Citizen{}, err
	}
	if card.IsZero() || s.Paired != card {
		return Citizen{}, ErrAnotherPerson
	}
	if _, err := p.recognise(ctx, jpki.DigitalSignature, s.Serial); err == nil {
		return Citizen{}, ErrEnrolled
	} else if !errors.Is(err, ErrUnknownHolder) {
		return Citizen{}, err
	}
	return p.cfg.Store.AddCitizen(ctx, Citizen{
		Four: s.BasicFour, Mail: e.Mail, Signature: s.Serial, Authentication: card, EnrolledAt: now, Standing: Holds,
	}, signed)
}

// Connect connects a citizen with a partner (連携の同意). The partner must have the
// customer number under the citizen's name and date of birth.
func (p *Portal) Connect(ctx context.Context, citizen int64, id, customer string) error {
	one, ok := p.partners[id]
	if !ok {
		return p.letWrite(ctx, citizen, id)
	}
	c, err := p.cfg.Store.Citizen(ctx, citizen)
	if err != nil {
		return err
	}
	customer = strings.TrimSpace(customer)
	k := Connection{Citizen: citizen, Partner: id, Customer: customer, Box: rand.Text(), ConsentedAt: p.now()}
	before, err := p.cfg.Store.Connections(ctx, citizen)
	if err != nil {
		return err
	}
	if b := ConnectionWith(id, before); b != nil {
		k.Box = b.Box // a notice may be on its way there
	}
	if one.ByCard {
		k.Customer = k.Box
	}
	err = one.Line.Connect(ctx, partner.Connection{
		Customer: k.Customer, Name: c.Four.CommonName, DateOfBirth: c.Four.DateOfBirth, Certificate: c.Signature, Box: k.Box,
	})
	if err := refusedOr(err, ErrCustomer); err != nil {
		return err
	}
	if same, err := one.Line.SameAddress(ctx, k.Customer, c.Four.Address); err == nil {
		k.Same = &same
	}
	return p.cfg.Store.Connect(ctx, k)
}

// letWrite lets a registered sender write to a citizen's box. The citizen gives it the
// address.
func (p *Portal) letWrite(ctx context.Context, citizen int64, id string) error {
	all, err := p.cfg.Store.Senders(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(s Registered) bool { return s.ID == id }) {
		return ErrNoPartner
	}
	return p.cfg.Store.Connect(ctx, Connection{Citizen: citizen, Partner: id, Box: rand.Text(), ConsentedAt: p.now()})
}

// refusedOr turns what a partner answered into the portal's refusal as, or ErrPartnerSilent.
func refusedOr(err, as error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*partner.Refused](err); ok {
		return as
	}
	return errors.Join(ErrPartnerSilent, err)
}

// Withdraw ends a citizen's consent (連携の解除). While an application is being delivered
// to the partner, it cannot be ended.
func (p *Portal) Withdraw(ctx context.Context, citizen int64, id string) error {
	k, err := p.cfg.Store.Withdraw(ctx, citizen, id)
	if err != nil {
		return err
	}
	one, ok := p.partners[id]
	if !ok {
		return nil // a sender: what it sends is refused from now on
	}
	if err := one.Line.Disconnect(ctx, k.Customer); err != nil {
		p.cfg.Log.Warn("partner was not told that a consent was withdrawn", "partner", id, "error", err) // it asks no more: nothing is delivered
	}
	return nil
}
