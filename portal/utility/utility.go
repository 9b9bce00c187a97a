// Package utility is the small businesses of daily life that the portal delivers to:
// みほん電力, みほんガス, みほん水道, みほんモバイル and みほん損害保険. Each is an Office
// with customers and a store of its own; it keeps the portal's contract, package
// partner, and its staff decide what does not go by itself.
package utility

import (
	"context"
	"errors"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/jpki/fold"
	"example.jp/jpkimock/portal/partner"
)

// Trade is what a business does with an application.
type Trade struct {
	ID, Name, NameEN string
	// Served is how an address begins to which it supplies; empty for anywhere.
	Served string
	// ByStaff: somebody decides. Otherwise it is done After it was received.
	ByStaff bool
	After   time.Duration
	// Question is the ID of the question that must be answered; empty for none. Asked is
	// what is asked back where it was not.
	Question, Asked string
}

// Trades lists the businesses.
func Trades() []Trade {
	return []Trade{
		{ID: "denryoku", Name: "みほん電力", NameEN: "Mihon Electric Power"},
		{ID: "gas", Name: "みほんガス", NameEN: "Mihon Gas", Question: "opening", Asked: "開栓の立会いの希望日をお知らせください。"},
		{ID: "suido", Name: "みほん水道", NameEN: "Mihon Waterworks", Served: "青葉県みほん市", After: 24 * time.Hour},
		{ID: "mobile", Name: "みほんモバイル", NameEN: "Mihon Mobile"},
		{ID: "songai", Name: "みほん損害保険", NameEN: "Mihon Insurance", ByStaff: true},
	}
}

// Customer is somebody in a business's register.
type Customer struct {
	No, Name, Address string
	DateOfBirth       jpki.DateOfBirth
	Connection        *partner.Connection // nil while not connected
	Changes           int                 // how often an application has changed the entry
	ChangedAt         time.Time
}

// Case is an application at a business.
type Case struct {
	ID, Digest, Customer string
	Box                  string // of the customer, for the result notice
	Name, Address        string // the new ones, from the certificate
	Before               string // the address that was registered
	Serial               jpki.SerialNumber
	ChangedOn            string
	Document             string
	CMS                  []byte
	Answer               string
	State                partner.State
	Reason, Question     string
	Received, At         time.Time
	Due                  time.Time // when it is done by itself; zero if staff decide
	Notice               string
}

func (c Case) receipt() partner.Receipt {
	return partner.Receipt{ID: c.ID, State: c.State, At: c.At, Reason: c.Reason, Question: c.Question, Notice: c.Notice}
}

// What an office refuses to its staff.
var (
	ErrNoCustomer = partner.ErrNoCustomer
	ErrNoCase     = partner.ErrNoApplication
	ErrExists     = errors.New("utility: the customer number is taken")
	ErrCustomer   = errors.New("utility: customer number, name, date of birth and address are required")
	ErrFinal      = errors.New("utility: the application is decided")
	ErrWhy        = errors.New("utility: a reason or a question is required")
)

// Records is the part of a store that the desk shows as it is kept.
type Records interface {
	Customers(ctx context.Context) ([]Customer, error)    // by number
	Cases(ctx context.Context, limit int) ([]Case, error) // the newest
	Case(ctx context.Context, id string) (Case, error)
	Ping() error // whether the store answers
}

// Store keeps an office's records. Change functions run in the transaction that
// commits what they change; their errors leave everything as it was.
type Store interface {
	Records
	AddCustomer(ctx context.Context, c Customer) error // ErrExists
	Customer(ctx context.Context, no string) (Customer, error)
	ChangeCustomer(ctx context.Context, no string, change func(*Customer) error) error
	// AddCase adds a case after settle has had it, unless one with its ID is there: then
	// it gives that one.
	AddCase(ctx context.Context, c Case, settle func(*Case, *Customer) error) (Case, error)
	ChangeCase(ctx context.Context, id string, change func(*Case, *Customer) error) (Case, error)
	// Due names the open cases that are due.
	Due(ctx context.Context, now time.Time) ([]string, error)
	// Key gives the private key, PKCS #8, which make makes once.
	Key(ctx context.Context, make func() ([]byte, error)) ([]byte, error)
}

// Office is a business that is open.
type Office struct {
	Trade
	Records
	store  Store
	now    func() time.Time
	sealer *partner.Sealer
}

var _ partner.Business = (*Office)(nil)

// Open opens the office of a trade over what its store already holds.
func Open(ctx context.Context, t Trade, store Store, now func() time.Time) (*Office, error) {
	key, err := store.Key(ctx, partner.NewKey)
	if err != nil {
		return nil, err
	}
	sealer, err := partner.NewSealer(t.ID, key)
	return &Office{Trade: t, Records: store, store: store, now: func() time.Time { return now().UTC().Truncate(time.Second) }, sealer: sealer}, err
}

// KeySet gives the JWK Set by which the office's notices are verified.
func (o *Office) KeySet() []byte { return o.sealer.KeySet() }

// Enter enters a customer in the register.
func (o *Office) Enter(ctx context.Context, c Customer) error {
	if c.No == "" || strings.Trim(c.No, "0123456789-") != "" || len(c.No) > 20 || !c.DateOfBirth.Known() ||
		jpki.CheckLine(c.Name, jpki.MaxAddress) != nil || jpki.CheckLine(c.Address, jpki.MaxAddress) != nil {
		return ErrCustomer
	}
	c.Connection = nil
	return o.store.AddCustomer(ctx, c)
}

// Connect keeps a customer's consent to be served by the portal.
func (o *Office) Connect(ctx context.Context, c partner.Connection) error {
	return o.store.ChangeCustomer(ctx, c.Customer, func(cu *Customer) error {
		if fold.Name(cu.Name) != fold.Name(c.Name) || cu.DateOfBirth != c.DateOfBirth {
			return ErrNoCustomer
		}
		cu.Connection = &c
		return nil
	})
}

// Disconnect forgets a connection.
func (o *Office) Disconnect(ctx context.Context, no string) error {
	err := o.store.ChangeCustomer(ctx, no, func(cu *Customer) error {
		cu.Connection = nil
		return nil
	})
	if errors.Is(err, ErrNoCustomer) {
		return nil
	}
	return err
}

// Connected gives a customer's connection.
func (o *Office) Connected(ctx context.Context, no string) (partner.Connection, error) {
	cu, err := o.store.Customer(ctx, no)
	if err != nil {
		return partner.Connection{}, err
	}
	if cu.Connection == nil {
		return partner.Connection{}, ErrNoCustomer
	}
	return *cu.Connection, nil
}

// SameAddress compares an address with the registered one as an office compares them.
func (o *Office) SameAddress(ctx context.Context, no, address string) (bool, error) {
	cu, err := o.store.Customer(ctx, no)
	return err == nil && fold.Address(cu.Address) == fold.Address(address), err
}
