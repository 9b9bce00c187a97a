// Package latest is the bank's use of the latest four data service (最新の利用者情報（4情報）
// 提供サービス): a customer consents once, and when a confirmation later finds that their
// data have changed, the bank gets the new ones from the authority and asks for nothing.
package latest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	kit "example.jp/jpkimock/rp/latest"
)

// What a customer consents to.
const (
	Service     = "customers"
	ServiceName = "みほん銀行　お客さま情報の更新"
	Purpose     = "住所・氏名の変更届に代えて、お届けの内容を新しくするため"
)

// Items are what the bank asks for: what its records say of a customer, and can change.
func Items() []kit.Item { return []kit.Item{kit.Name, kit.Address} }

// Client is the authority's service; *latest.Client of the kit is one.
type Client interface {
	Consent(ctx context.Context, document, cms []byte) (kit.Consent, error)
	State(ctx context.Context, number string) (kit.Consent, error)
	Ask(ctx context.Context, service string, serial jpki.SerialNumber) (kit.Delivery, error)
}

// Consent is a customer's consent as the bank keeps it.
type Consent struct {
	Account     bank.AccountNumber
	Number      string
	GivenAt     time.Time
	From, Until time.Time
	// Ended is when the authority said that it no longer holds; zero while it does.
	Ended time.Time
	// AskedOn is the day, YYYY-MM-DD by Japanese civil time, on which the authority had
	// nothing new; it is asked again on another.
	AskedOn  string
	Document rp.Document
	CMS      []byte
}

// InForce reports whether the bank may ask, now or from the next midnight on.
func (c Consent) InForce(now time.Time) bool { return c.Ended.IsZero() && !now.After(c.Until) }

// Store keeps the consents; package db of the bank implements it.
type Store interface {
	// PutLatest keeps a consent in place of the account's former one.
	PutLatest(ctx context.Context, c Consent) error
	// Latest gives an account's consent; false for none.
	Latest(ctx context.Context, no bank.AccountNumber) (Consent, bool, error)
	// LatestDue gives the consents that hold of customers of whom a confirmation found that
	// only new data help (bank.Standing.Final), or that they may have changed unnoticed
	// (bank.Reissued), and that were not asked about on this day; at most limit, by account.
	LatestDue(ctx context.Context, day string, now time.Time, limit int) ([]Consent, error)
	// Amend is that of the bank's store.
	Amend(ctx context.Context, a bank.Amendment) error
}

// Errors, beside those of the kit and of the bank.
var (
	// ErrGiven: a consent that holds is not given again.
	ErrGiven = errors.New("bank: latest: the consent was given and holds")
	// ErrNotTaken: the authority has refused the consent.
	ErrNotTaken = errors.New("bank: latest: the authority has not taken the consent")
)

// Config is what a desk is made of. All members are required.
type Config struct {
	Bank     *bank.Bank
	Store    Store
	Client   Client
	Verifier rp.SignatureVerifier
	Now      func() time.Time
	Provider string // the bank's ID as a verifier
}

// Desk is where consents are given and used.
type Desk struct{ cfg Config }

// New returns a desk.
func New(cfg Config) (*Desk, error) {
	if cfg.Bank == nil || cfg.Store == nil || cfg.Client == nil || cfg.Verifier == nil || cfg.Now == nil || cfg.Provider == "" {
		return nil, errors.New("bank: latest: Config is not complete")
	}
	return &Desk{cfg}, nil
}

// Open returns a desk that asks the authority's service at an address, as the verifier of its
// key.
func Open(cfg Config, at rp.LinkageConfig) (*Desk, error) {
	client, err := kit.New(at)
	if err != nil {
		return nil, err
	}
	cfg.Client = client
	return New(cfg)
}

func (d *Desk) now() time.Time { return d.cfg.Now().UTC() }

// Draft writes the consent that a customer signs.
func (d *Desk) Draft(ctx context.Context, no bank.AccountNumber) (rp.Document, error) {
	held, ok, err := d.cfg.Store.Latest(ctx, no)
	if err != nil {
		return rp.Document{}, err
	}
	if ok && held.InForce(d.now()) {
		return rp.Document{}, ErrGiven
	}
	return kit.Application{Provider: d.cfg.Provider, Service: Service, ServiceName: ServiceName, Purpose: Purpose, Items: Items()}.Document(d.now())
}

// Give hands a signed consent to the authority, and keeps it. It must be signed by the
// account's holder.
func (d *Desk) Give(ctx context.Context, no bank.AccountNumber, draft rp.Document, cms []byte) (Consent, error) {
	now := d.now()
	signature, signed, err := draft.Accept(ctx, d.cfg.Verifier, cms, now)
	if err != nil {
		return Consent{}, err
	}
	customer, err := d.cfg.Bank.Customer(ctx, no)
	if err != nil {
		return Consent{}, err
	}
	if err := d.cfg.Bank.RefuseAnotherPerson(ctx, customer, signature); err != nil {
		return Consent{}, err
	}
	got, err := d.cfg.Client.Consent(ctx, []byte(draft.Content), cms)
	if _, refused := errors.AsType[*kit.RefusedError](err); refused {
		return Consent{}, fmt.Errorf("%w: %w", ErrNotTaken, err)
	}
	if err != nil {
		return Consent{}, err
	}
	c := Consent{Account: no, Number: got.Number, GivenAt: now, From: got.From.UTC(), Until: got.Until.UTC(), Document: signed.Document, CMS: cms}
	return c, d.cfg.Store.PutLatest(ctx, c)
}

// Consent gives an account's consent as it stands; false for none. The authority is asked,
// since the holder withdraws it there; unsure says that it did not answer.
func (d *Desk) Consent(ctx context.Context, no bank.AccountNumber) (c Consent, given, unsure bool, err error) {
	c, given, err = d.cfg.Store.Latest(ctx, no)
	if err != nil || !given || !c.InForce(d.now()) {
		return c, given, false, err
	}
	now, err := d.cfg.Client.State(ctx, c.Number)
	if err != nil {
		return c, true, true, nil
	}
	if !now.WithdrawnAt.IsZero() {
		c.Ended = now.WithdrawnAt.UTC()
		err = d.cfg.Store.PutLatest(ctx, c)
	}
	return c, true, false, err
}

// Updated is what an Update did.
type Updated struct {
	Customers int // whose records were brought up to date
	Ended     int // whose consents no longer hold
}

// atOnce is how many consents are read at once.
const atOnce = 100

// Update asks the authority about the customers whose data have changed, and brings their
// records up to date. One for whom there is nothing new is asked about again the next day.
// It ends at the first question that is not answered, for no other would be.
func (d *Desk) Update(ctx context.Context) (u Updated, err error) {
	now := d.now()
	today := now.In(jpki.JST).Format(time.DateOnly)
	for {
		due, err := d.cfg.Store.LatestDue(ctx, today, now, atOnce)
		if err != nil || len(due) == 0 {
			return u, err
		}
		for _, c := range due {
			if err := d.update(ctx, c, today, &u); err != nil {
				return u, err
			}
		}
	}
}

// update asks about one customer. What it leaves is not due on this day any more.
func (d *Desk) update(ctx context.Context, c Consent, today string, u *Updated) error {
	before, err := d.cfg.Bank.Customer(ctx, c.Account)
	if err != nil {
		return err
	}
	got, err := d.cfg.Client.Ask(ctx, Service, before.Serial)
	c.AskedOn = today
	switch {
	case errors.Is(err, kit.ErrWithdrawn), errors.Is(err, kit.ErrExpired), errors.Is(err, kit.ErrNoConsent):
		c.Ended = d.now()
		u.Ended++
	case errors.Is(err, kit.ErrNotYet), errors.Is(err, kit.ErrNothingNew), errors.Is(err, kit.ErrUnknown):
	case err != nil:
		return err
	default:
		err = d.record(ctx, before, got)
		if err == nil {
			c.AskedOn = ""
			u.Customers++
		} else if !errors.Is(err, bank.ErrAlreadyCustomer) && !errors.Is(err, bank.ErrRecordChanged) {
			return err // the two are for staff: the customer's message stays
		}
	}
	return d.cfg.Store.PutLatest(ctx, c)
}

// record brings a customer's record up to date with what was delivered. What was on record
// goes into the history, and open messages to the customer are closed.
func (d *Desk) record(ctx context.Context, before bank.Customer, got kit.Delivery) error {
	now, after := d.now(), before
	if n := got.Data.Name; n != nil {
		after.BasicFour.CommonName, after.BasicFour.SubstituteCharacterOfCommonName = n.CommonName, n.SubstituteCharacterOfCommonName
	}
	if a := got.Data.Address; a != nil {
		after.BasicFour.Address, after.BasicFour.SubstituteCharacterOfAddress = a.Address, a.SubstituteCharacterOfAddress
	}
	if err := after.BasicFour.Check(); err != nil {
		return fmt.Errorf("bank: latest: what was delivered: %w: %w", rp.ErrMalformed, err)
	}
	// The new certificate is known by its serial number alone.
	after.Serial, after.Followed, after.Certificate, after.CertificateExpires = got.NewSerial, bank.Followed{}, nil, time.Time{}
	after.Standing = bank.Standing{State: rp.Unchanged, ConfirmedAt: now}
	return d.cfg.Store.Amend(ctx, bank.Amendment{
		Before: before, After: after, ClosesNotices: true,
		History: bank.HistoryEntry{
			Customer: before.ID, At: now, Act: bank.ActDelivered, By: got.NewSerial, Document: got.Consent,
			Former: &bank.FormerRecord{BasicFour: before.BasicFour, Serial: before.Serial, Paired: before.Paired, Certificate: before.Certificate},
		},
		Receipt: &bank.Notice{Customer: before.ID, Kind: bank.NoticeDelivered, Serial: got.NewSerial, At: now, ClosedAt: now},
	})
}
