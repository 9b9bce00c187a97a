package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/rp"
)

// Bounds of an order.
const (
	maxAmount  = 10_000_000 // yen
	maxText    = 64         // characters of a number or a key
	maxRefunds = 100
)

// ConfirmTime is how long a cardholder has to confirm.
const ConfirmTime = 15 * time.Minute

// text reports that s may number an order or a refund, or be a key.
func text(s string) bool { return s != "" && len(s) <= maxText && jpki.CheckLine(s, maxText) == nil }

// Challenge makes a challenge for the individual number card of whoever pays an order. An
// answer to it pays that order of that merchant, and nothing else.
func (g *Gateway) Challenge(ctx context.Context, m *Merchant, o merchant.Order) (string, error) {
	if !text(o.Order) || o.Amount <= 0 || o.Amount > maxAmount {
		return "", ErrOrder
	}
	c, err := m.Verifier.NewChallenge(ctx)
	if err != nil {
		return "", err
	}
	return c.Nonce, g.asked.Put(c.Nonce, asked{m.ID, o})
}

// request names what a merchant wants done, whose body makes it the same.
func request(m *Merchant, act, order, key string, body any) (Request, error) {
	if !text(key) {
		return Request{}, ErrNoKey
	}
	all, err := json.Marshal(body)
	sum := sha256.Sum256(append([]byte(act+" "), all...))
	return Request{m.ID, order, key, hex.EncodeToString(sum[:])}, err
}

// Authorise reserves the amount of an order on the credit card of whoever touched (与信),
// after the individual number card was verified with its status from the authority.
// That the card's issuer declines is a state of the payment, not an error; an error
// leaves no payment behind.
func (g *Gateway) Authorise(ctx context.Context, m *Merchant, key string, in merchant.Charge) (merchant.Payment, error) {
	r, err := request(m, "authorise", in.Order, key, in)
	if err != nil {
		return merchant.Payment{}, err
	}
	if !strings.HasPrefix(in.Return, m.Origin+"/") {
		return merchant.Payment{}, ErrOrder
	}
	defer g.lock(r)()
	if p, done, err := g.Store.Answered(ctx, r); done || err != nil {
		return p, err
	}
	_, err = g.asked.Take(in.Nonce, func(a asked) error {
		if a != (asked{m.ID, merchant.Order{Order: in.Order, Amount: in.Amount}}) {
			return rp.ErrChallenge
		}
		return nil
	})
	if err != nil {
		return merchant.Payment{}, rp.ErrChallenge
	}
	who, err := m.Verifier.VerifyAuthentication(ctx, in.Token, in.Nonce)
	if err != nil {
		return merchant.Payment{}, err
	}
	card, err := g.Card(ctx, who.Serial)
	if err != nil {
		return merchant.Payment{}, err
	}
	now := g.Now().UTC()
	return g.Store.Act(ctx, r, now, func(p *Payment) error {
		if p.State != "" {
			return ErrState
		}
		p.Order, p.Amount, p.Brand, p.Last4, p.At, p.Return = in.Order, in.Amount, card.Brand, card.Last4, now, in.Return
		g.decide(p, card)
		return nil
	})
}

// decide says what the card's issuer says.
func (g *Gateway) decide(p *Payment, card Card) {
	switch {
	case card.Ends < p.At.In(jpki.JST).Format("2006-01"):
		p.State, p.Decline = merchant.Declined, string(Expired)
	case card.Test == Approved:
		p.State = merchant.Authorised
	case card.Test == Confirm:
		p.State, p.Name = merchant.Confirming, held.Name()
		p.Confirm = g.PublicURL + "/confirm/" + p.Name
	default:
		p.State, p.Decline = merchant.Declined, string(card.Test)
	}
}

// Confirmed takes the holder's answer at the page of a payment that is to be confirmed.
func (g *Gateway) Confirmed(ctx context.Context, name string, yes bool) (Payment, error) {
	p, err := g.Store.Named(ctx, name)
	if err != nil {
		return p, err
	}
	code := NotConfirmed
	if !g.Now().Before(p.At.Add(ConfirmTime)) {
		yes, code = false, TooLate
	}
	p.Payment, err = g.Store.Act(ctx, Request{Merchant: p.Merchant, Order: p.Order}, g.Now(), func(p *Payment) error {
		switch {
		case p.State != merchant.Confirming:
			return ErrState
		case yes:
			p.State = merchant.Authorised
		default:
			p.State, p.Decline = merchant.Declined, code
		}
		p.Confirm = ""
		return nil
	})
	return p, err
}

// Capture charges what was reserved (売上).
func (g *Gateway) Capture(ctx context.Context, m *Merchant, key string, in merchant.Order) (merchant.Payment, error) {
	return g.act(ctx, m, "capture", key, in.Order, in, func(p *Payment) error {
		if p.State != merchant.Authorised {
			return stateOf(p)
		}
		p.State = merchant.Captured
		return nil
	})
}

// Cancel sees to it that an order is not charged (取消). One that the gateway has not heard
// of is cancelled beforehand: what comes late finds it so.
func (g *Gateway) Cancel(ctx context.Context, m *Merchant, key string, in merchant.Order) (merchant.Payment, error) {
	if !text(in.Order) {
		return merchant.Payment{}, ErrOrder
	}
	return g.act(ctx, m, "cancel", key, in.Order, in, func(p *Payment) error {
		switch p.State {
		case merchant.Captured:
			return ErrState
		case merchant.Declined:
			return nil
		case "":
			p.Order, p.At = in.Order, g.Now().UTC()
		}
		p.State, p.Confirm = merchant.Cancelled, ""
		return nil
	})
}

// Refund gives some or all of an order back (返金).
func (g *Gateway) Refund(ctx context.Context, m *Merchant, key string, in merchant.Reversal) (merchant.Payment, error) {
	return g.act(ctx, m, "refund", key, in.Order, in, func(p *Payment) error {
		taken := slices.ContainsFunc(p.Refunds, func(r merchant.Refund) bool { return r.ID == in.Refund })
		switch {
		case p.State != merchant.Captured || taken || len(p.Refunds) == maxRefunds:
			return stateOf(p)
		case !text(in.Refund) || in.Amount <= 0 || in.Amount > p.Amount-p.Refunded():
			return ErrAmount
		}
		p.Refunds = append(p.Refunds, merchant.Refund{ID: in.Refund, Amount: in.Amount, At: g.Now().UTC()})
		return nil
	})
}

func (g *Gateway) act(ctx context.Context, m *Merchant, act, key, order string, body any, change func(*Payment) error) (merchant.Payment, error) {
	r, err := request(m, act, order, key, body)
	if err != nil {
		return merchant.Payment{}, err
	}
	return g.Store.Act(ctx, r, g.Now().UTC(), change)
}

// stateOf is why a payment is in no state for something.
func stateOf(p *Payment) error {
	if p.State == "" {
		return ErrNoOrder
	}
	return ErrState
}

// Sweep ends confirmations that took too long, delivers notices that are due, and forgets
// old requests.
func (g *Gateway) Sweep(ctx context.Context) error {
	now := g.Now()
	late, err := g.Store.Confirming(ctx, now.Add(-ConfirmTime), shown)
	for _, p := range late {
		if _, failed := g.Confirmed(ctx, p.Name, false); !errors.Is(failed, ErrState) {
			err = errors.Join(err, failed)
		}
	}
	return errors.Join(err, g.Notify(ctx, now), g.Store.Forget(ctx, now.AddDate(0, 0, -keptDays)))
}

// shown is how many payments or notices are listed, or worked on, at once; keptDays is for
// how long an idempotency key is remembered.
const (
	shown    = 100
	keptDays = 30
)

// givenUp is for how long a notice is tried.
const givenUp = 72 * time.Hour

// Notify delivers the notices that are due until a time. One that cannot be delivered is
// tried again after twice as long each time, an hour at most.
func (g *Gateway) Notify(ctx context.Context, until time.Time) error {
	due, err := g.Store.Waiting(ctx, until, shown)
	for _, n := range due {
		i := slices.IndexFunc(g.Merchants, func(m *Merchant) bool { return m.ID == n.Merchant && m.Hook != "" })
		if i < 0 || g.Now().After(n.At.Add(givenUp)) || g.Deliver(ctx, g.Merchants[i], n.Body) == nil {
			err = errors.Join(err, g.Store.Delivered(ctx, n.ID))
			continue
		}
		wait := min(time.Minute<<min(n.Tries, 6), time.Hour)
		err = errors.Join(err, g.Store.Later(ctx, n.ID, g.Now().Add(wait).UTC()))
	}
	return err
}

// Ledger is what the gateway's staff see: the latest payments, and notices that wait.
func (g *Gateway) Ledger(ctx context.Context) (payments []Payment, waiting []Notice, err error) {
	payments, err = g.Store.Payments(ctx, shown)
	if err == nil {
		waiting, err = g.Store.Waiting(ctx, g.Now().Add(givenUp), shown)
	}
	return payments, waiting, err
}
