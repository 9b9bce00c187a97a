// Package gateway is the payment gateway of a card company (決済代行): a cardholder
// registers a credit card once, by a touch of the individual number card, and pays at a
// merchant's terminal by another touch. The number of a credit card is typed on the
// gateway's own page only and is not kept (card.go). A merchant passes the answer of the
// individual number card, an amount and a number of its order, and learns whether it is
// paid (payment.go); what for, the gateway does not learn.
//
// It verifies by itself, with an accreditation of its own.
package gateway

import (
	"context"
	"errors"
	"hash/maphash"
	"sync"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/rp"
)

// Rules that a request can break. What the card or its certificate breaks is an error of
// the kit.
var (
	ErrNumber  = errors.New("gateway: not the number of a credit card")
	ErrNotTest = errors.New("gateway: not one of the published test numbers")
	ErrDetails = errors.New("gateway: a credit card has a month until which it is valid, and a security code of three digits")
	ErrNoCard  = errors.New("gateway: the holder has registered no credit card")
	ErrOrder   = errors.New("gateway: an order has a number, an amount, and a page of the merchant's to return to")
	ErrNoOrder = errors.New("gateway: there is no such order")
	ErrState   = errors.New("gateway: the payment is not in a state for this")
	ErrAmount  = errors.New("gateway: no more than what was charged can be given back")
	ErrNoKey   = errors.New("gateway: an idempotency key of 1 to 64 characters is needed")
	ErrReused  = errors.New("gateway: the idempotency key was used for something else")
)

// Merchant is a shop that may charge credit cards (加盟店).
type Merchant struct {
	ID, Name, NameEN string
	Key              string // opens the interface
	Origin           string // of its terminals, over which the individual number card signs
	Hook, Secret     string // where its notices go, and what they are signed under
	// Verifier has Origin for its own.
	Verifier Verifier
}

// Payment is a payment as the gateway keeps it.
type Payment struct {
	merchant.Payment
	Merchant string `json:"merchant"`
	Name     string `json:"name,omitempty"`   // of the page at which it is confirmed
	Return   string `json:"return,omitempty"` // the merchant's page to go on to
}

// Request is something that a merchant wants done once. The zero Key is an act of the
// gateway's own.
type Request struct{ Merchant, Order, Key, Digest string }

// Notice is a notice to a merchant that waits to be delivered.
type Notice struct {
	ID       int64
	Merchant string
	Body     []byte // a merchant.Payment in JSON
	At, Next time.Time
	Tries    int
}

// Store keeps cards, payments and notices. What a method has returned without an error is
// committed.
type Store interface {
	// Card gives the credit card of the holder of a certificate, or ErrNoCard.
	Card(ctx context.Context, serial jpki.SerialNumber) (Card, error)
	// Keep keeps a card in place of the holder's earlier one.
	Keep(ctx context.Context, c Card) error
	// Move gives a card to a later certificate of its holder.
	Move(ctx context.Context, token string, to jpki.SerialNumber) error
	Remove(ctx context.Context, serial jpki.SerialNumber) error

	// Answered gives what a request was answered, and false if it was not; ErrReused.
	Answered(ctx context.Context, r Request) (merchant.Payment, bool, error)
	// Act changes a payment, which has no State if there is none of this order, and in the
	// same transaction keeps the answer and a notice. What was answered before is answered
	// again and changes nothing; ErrReused.
	Act(ctx context.Context, r Request, at time.Time, change func(*Payment) error) (merchant.Payment, error)
	// Order and Named give ErrNoOrder.
	Order(ctx context.Context, merchant, order string) (Payment, error)
	Named(ctx context.Context, name string) (Payment, error)
	// Payments gives the latest.
	Payments(ctx context.Context, limit int) ([]Payment, error)
	// Confirming gives those that wait for their holder since before a time.
	Confirming(ctx context.Context, before time.Time, limit int) ([]Payment, error)

	// Waiting gives notices that are due until a time, the oldest first.
	Waiting(ctx context.Context, until time.Time, limit int) ([]Notice, error)
	Delivered(ctx context.Context, id int64) error
	Later(ctx context.Context, id int64, next time.Time) error
	// Forget drops the answers to requests before a time.
	Forget(ctx context.Context, before time.Time) error
	Ping() error
}

// Verifier is what the gateway needs of the kit; *rp.Verifier is one.
type Verifier interface {
	NewChallenge(ctx context.Context) (rp.Challenge, error)
	VerifyAuthentication(ctx context.Context, token []byte, nonce string) (*rp.Authentication, error)
}

// Config is what a gateway is made of; all fields are required.
type Config struct {
	Verifier  Verifier // for the gateway's own page
	Linkage   rp.Links
	Store     Store
	Merchants []*Merchant
	PublicURL string
	Now       func() time.Time
	// Deliver posts a notice to a merchant.
	Deliver func(ctx context.Context, to *Merchant, body []byte) error
}

// Gateway is the gateway at work.
type Gateway struct {
	Config
	asked *held.Box[asked]
	seed  maphash.Seed
	locks [64]sync.Mutex
}

// asked is what a challenge was made for.
type asked struct {
	merchant string
	order    merchant.Order
}

// New opens a gateway over what its store holds.
func New(cfg Config) (*Gateway, error) {
	if cfg.Verifier == nil || cfg.Linkage == nil || cfg.Store == nil || cfg.PublicURL == "" || cfg.Now == nil || cfg.Deliver == nil {
		return nil, errors.New("gateway: a field of the config is missing")
	}
	return &Gateway{Config: cfg, seed: maphash.MakeSeed(), asked: held.New(held.Config[asked]{
		Now: cfg.Now, Life: rp.DefaultChallengeLifetime, Max: 20_000, Yields: func(asked) bool { return true },
	})}, nil
}

// lock lets one request with a key through at a time: of two that are the same, the second
// finds the first's answer.
func (g *Gateway) lock(r Request) (unlock func()) {
	m := &g.locks[maphash.String(g.seed, r.Merchant+" "+r.Key)%uint64(len(g.locks))]
	m.Lock()
	return m.Unlock
}

// Ping reports whether the records can be reached.
func (g *Gateway) Ping() error { return g.Store.Ping() }
