// Package latest is the authority's latest four data service (最新の利用者情報（4情報）
// 提供サービス): it keeps holders' consents (利用者同意), gives a service the consented items
// and the new serial number when a certificate was revoked and another one issued, and ends
// a consent when its holder withdraws it (同意の取消し).
//
// Consents and withdrawals are signed with the digital signature certificate; the holder
// looks at them with the user authentication certificate. The authority verifies both with
// the kit, as every relying party does.
package latest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/rp"
	kit "example.jp/jpkimock/rp/latest"
)

// Consent is a consent as it is kept, with what was signed.
type Consent struct {
	kit.Consent
	Purpose    string
	ResidentID string
	VerifierID string
	Verifier   string            // its name when the consent was given
	Serial     jpki.SerialNumber // of the certificate that signed
	ReceivedAt time.Time
	Signed     rp.SignedDocument
	// Withdrawal is what ended it, if its holder has.
	Withdrawal *rp.SignedDocument
}

// State says how a consent stands at a time: the error for which nothing is given, or nil.
func (c Consent) State(at time.Time) error {
	switch {
	case !c.WithdrawnAt.IsZero():
		return kit.ErrWithdrawn
	case at.Before(c.From):
		return kit.ErrNotYet
	case at.After(c.Until):
		return kit.ErrExpired
	}
	return nil
}

// Delivery is a line of the holder's log: what was given to whom, and when. The data
// themselves are not kept.
type Delivery struct {
	Consent              string
	ResidentID           string
	OldSerial, NewSerial jpki.SerialNumber
	Items                []kit.Item
	At                   time.Time
	Fee                  int64 // yen
}

// Query selects consents; empty members select all.
type Query struct {
	Number, ResidentID, VerifierID, Service string
}

// Change is what one act writes, all of it or none.
type Change struct {
	Consents   []Consent // entered, or replaced by number
	Deliveries []Delivery
	Fees       []accreditation.FeeCount
}

// Store keeps consents and deliveries.
type Store interface {
	// CommitLatest writes a change. A delivery of the same consent and serial numbers as
	// another is an error: each is charged once.
	CommitLatest(ctx context.Context, c Change) error
	// Consents gives the selected ones, the latest first.
	Consents(ctx context.Context, q Query) ([]Consent, error)
	// Deliveries gives those to services of a resident's, the latest first.
	Deliveries(ctx context.Context, residentID string) ([]Delivery, error)
	// Delivered gives a delivery; false if it was never made.
	Delivered(ctx context.Context, consent string, old, next jpki.SerialNumber) (Delivery, bool, error)
}

// Register is what the service asks the authority; *authority.Authority is one.
type Register interface {
	Certificate(ctx context.Context, kind jpki.Kind, serial jpki.SerialNumber) (register.Certificate, error)
	Resident(ctx context.Context, id string) (register.Resident, error)
	// Successor gives the newest valid certificate of the same holder, or
	// authority.ErrNoSuccessor.
	Successor(ctx context.Context, verifierKey string, kind jpki.Kind, serial jpki.SerialNumber) (jpki.SerialNumber, error)
}

// Config is what the service is made of. All members are required.
type Config struct {
	Now      func() time.Time
	Register Register
	Ministry *accreditation.Ministry
	Store    Store
	// Verifier verifies what holders sign, and with what they show themselves.
	Verifier interface {
		rp.SignatureVerifier
		NewChallenge(ctx context.Context) (rp.Challenge, error)
		VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
	}
}

// Service is the service. Its methods may be called from any goroutine. What a method has
// acknowledged is on the disk.
type Service struct {
	cfg Config
	// changing is held from the reading that a change rests on until it is written.
	changing sync.Mutex
}

// New gives the service over its store.
func New(cfg Config) (*Service, error) {
	if cfg.Now == nil || cfg.Register == nil || cfg.Ministry == nil || cfg.Store == nil || cfg.Verifier == nil {
		return nil, errors.New("authority/latest: Config is not complete")
	}
	return &Service{cfg: cfg}, nil
}

func (s *Service) now() time.Time { return s.cfg.Now().UTC().Truncate(time.Second) }

// Errors of the service, beside those of the kit's package latest.
var (
	// ErrProvider: the application names another verifier than the one who hands it over.
	ErrProvider = errors.New("authority: the consent names another verifier")
	// ErrNumberUsed: another application with this number was received.
	ErrNumberUsed = errors.New("authority: the consent's number was used for another one")
	// ErrNoSuchConsent: there is none with this number, or it is another's.
	ErrNoSuchConsent = errors.New("authority: no such consent")
	// ErrAnotherHolder: the signature is not the holder's who gave the consent.
	ErrAnotherHolder = errors.New("authority: signed by another person than the consent")
	// ErrAlreadyWithdrawn: a consent is withdrawn once.
	ErrAlreadyWithdrawn = errors.New("authority: the consent was already withdrawn")
	// ErrOver: a consent that has expired needs no withdrawal.
	ErrOver = errors.New("authority: the consent has expired")
)

// Give takes a signed consent from the verifier for whose service it is. The document was
// written at most rp.DocumentLifetime ago. The same document again is the same consent.
func (s *Service) Give(ctx context.Context, verifierKey string, document, cms []byte) (Consent, error) {
	v, err := s.cfg.Ministry.Accredited(verifierKey, jpki.DigitalSignature)
	if err != nil {
		return Consent{}, err
	}
	a, err := kit.Parse(document)
	if err != nil {
		return Consent{}, err
	}
	now := s.now()
	if a.Provider != v.ID {
		return Consent{}, ErrProvider
	}
	if before, ok, err := s.received(ctx, a.Number, document); ok || err != nil {
		return before, err
	}
	if a.WrittenAt.After(now.Add(rp.DefaultClockSkew)) {
		return Consent{}, rp.ErrDocumentExpired
	}
	d := rp.Document{Number: a.Number, WrittenAt: a.WrittenAt, Name: a.Number + ".xml", MediaType: "application/xml", Content: string(document)}
	signature, signed, err := d.Accept(ctx, s.cfg.Verifier, cms, now)
	if err != nil {
		return Consent{}, err
	}
	holder, err := s.cfg.Register.Certificate(ctx, jpki.DigitalSignature, signature.Serial)
	if err != nil {
		return Consent{}, err
	}
	c := Consent{
		Consent: kit.Consent{Number: a.Number, Service: a.Service, ServiceName: a.ServiceName, Items: a.Items},
		Purpose: a.Purpose, ResidentID: holder.ResidentID, VerifierID: v.ID, Verifier: v.Name, Serial: signature.Serial, ReceivedAt: now, Signed: signed,
	}
	c.From, c.Until = kit.Period(now)
	s.changing.Lock()
	defer s.changing.Unlock()
	if before, ok, err := s.received(ctx, a.Number, document); ok || err != nil {
		return before, err
	}
	return c, s.cfg.Store.CommitLatest(ctx, Change{Consents: []Consent{c}})
}

// received finds a consent that was handed over before. A number that stands for another
// document is refused.
func (s *Service) received(ctx context.Context, number string, document []byte) (Consent, bool, error) {
	all, err := s.cfg.Store.Consents(ctx, Query{Number: number})
	switch {
	case err != nil || len(all) == 0:
		return Consent{}, false, err
	case all[0].Signed.Document.Content != string(document):
		return Consent{}, false, ErrNumberUsed
	}
	return all[0], true, nil
}

// ConsentOf gives a consent to the verifier who received it.
func (s *Service) ConsentOf(ctx context.Context, verifierKey, number string) (Consent, error) {
	v, err := s.cfg.Ministry.Accredited(verifierKey, jpki.DigitalSignature)
	if err != nil {
		return Consent{}, err
	}
	all, err := s.cfg.Store.Consents(ctx, Query{Number: number, VerifierID: v.ID})
	if err != nil || number == "" || len(all) == 0 {
		return Consent{}, errors.Join(err, ErrNoSuchConsent)
	}
	return all[0], nil
}

// Deliver gives the consented items of the holder of a certificate, and the serial number of
// the newest valid one after it. It costs the fee once: asked again about the same two
// certificates it gives the same. A holder's newest consent to a service is the one that
// counts.
func (s *Service) Deliver(ctx context.Context, verifierKey, service string, serial jpki.SerialNumber) (kit.Delivery, error) {
	v, err := s.cfg.Ministry.Accredited(verifierKey, jpki.DigitalSignature)
	if err != nil {
		return kit.Delivery{}, err
	}
	old, err := s.cfg.Register.Certificate(ctx, jpki.DigitalSignature, serial)
	if errors.Is(err, register.ErrNoCertificate) || err == nil && !old.Delivered {
		return kit.Delivery{}, register.ErrNoCertificate
	}
	if err != nil {
		return kit.Delivery{}, err
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	now := s.now()
	c, err := s.inForce(ctx, Query{ResidentID: old.ResidentID, VerifierID: v.ID, Service: service}, now)
	if err != nil {
		return kit.Delivery{}, err
	}
	next, err := s.cfg.Register.Successor(ctx, verifierKey, jpki.DigitalSignature, serial)
	if errors.Is(err, authority.ErrNoSuccessor) {
		return kit.Delivery{}, kit.ErrNothingNew
	}
	if err != nil {
		return kit.Delivery{}, err
	}
	data, err := s.data(ctx, c, next)
	if err != nil {
		return kit.Delivery{}, err
	}
	made, again, err := s.cfg.Store.Delivered(ctx, c.Number, serial, next)
	if err != nil {
		return kit.Delivery{}, err
	}
	if !again {
		made = Delivery{Consent: c.Number, ResidentID: c.ResidentID, OldSerial: serial, NewSerial: next, Items: c.Items, At: now, Fee: kit.Fee}
		fee := accreditation.FeeCount{VerifierID: v.ID, Kind: jpki.DigitalSignature, Purpose: accreditation.LatestData, Day: now.In(jpki.JST).Format(time.DateOnly), N: 1}
		if err := s.cfg.Store.CommitLatest(ctx, Change{Deliveries: []Delivery{made}, Fees: []accreditation.FeeCount{fee}}); err != nil {
			return kit.Delivery{}, err
		}
	}
	return kit.Delivery{
		Consent: c.Number, Service: c.Service, OldSerial: serial, NewSerial: next, At: made.At, Fee: made.Fee, Again: again, Data: data,
	}, nil
}

// inForce gives the newest consent of a holder to a service, if it holds.
func (s *Service) inForce(ctx context.Context, q Query, now time.Time) (Consent, error) {
	if q.ResidentID == "" || q.Service == "" {
		return Consent{}, kit.ErrNoConsent
	}
	all, err := s.cfg.Store.Consents(ctx, q)
	if err != nil || len(all) == 0 {
		return Consent{}, errors.Join(err, kit.ErrNoConsent)
	}
	return all[0], all[0].State(now)
}

// data gives the consented items as the new certificate and the register have them.
func (s *Service) data(ctx context.Context, c Consent, next jpki.SerialNumber) (d kit.Data, err error) {
	resident, err := s.cfg.Register.Resident(ctx, c.ResidentID)
	if err != nil {
		return d, err
	}
	four, err := s.four(ctx, next)
	if err != nil {
		return d, err
	}
	if slices.Contains(c.Items, kit.Name) {
		d.Name = &kit.NameData{
			CommonName: four.CommonName, SubstituteCharacterOfCommonName: four.SubstituteCharacterOfCommonName,
			Kana: resident.Kana, FormerSurname: resident.FormerSurname,
		}
	}
	if slices.Contains(c.Items, kit.Address) {
		d.Address = &kit.AddressData{Address: four.Address, SubstituteCharacterOfAddress: four.SubstituteCharacterOfAddress}
		if resident.Standing == register.StandingAbroad {
			d.Address.MovedAbroad = resident.StandingSince
		}
	}
	if slices.Contains(c.Items, kit.DateOfBirth) {
		d.DateOfBirth = &four.DateOfBirth
	}
	if slices.Contains(c.Items, kit.Gender) {
		d.Gender = &four.Gender
	}
	return d, nil
}
