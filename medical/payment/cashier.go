package payment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/gateway/merchant"
)

// Gateway is the card company's gateway as the cashier reaches it. An error that is a
// *merchant.Refused says that nothing was done; after any other nobody knows.
type Gateway interface {
	Challenge(ctx context.Context, o merchant.Order) (nonce string, err error)
	Authorise(ctx context.Context, in merchant.Charge) (merchant.Payment, error)
	Capture(ctx context.Context, order string) (merchant.Payment, error)
	Cancel(ctx context.Context, order string) (merchant.Payment, error)
	Refund(ctx context.Context, in merchant.Reversal) (merchant.Payment, error)
	Order(ctx context.Context, order string) (merchant.Payment, error)
}

// Store keeps the bills. What a method has returned without an error is committed.
type Store interface {
	// Add gives ErrExists for a visit that has a bill.
	Add(ctx context.Context, b Bill) error
	// Change changes a bill, unless change says no. ErrNoBill.
	Change(ctx context.Context, visit int64, change func(*Bill) error) (Bill, error)
	Bill(ctx context.Context, visit int64) (Bill, error)
	// Ticket gives the bill of a ticket's number of a day.
	Ticket(ctx context.Context, day medical.Date, no int) (Bill, error)
	// Open gives bills of any day that are not paid, and Day those of a day.
	Open(ctx context.Context, limit int) ([]Bill, error)
	Day(ctx context.Context, day medical.Date) ([]Bill, error)
}

// Cashier is a cashier at work. All fields are required.
type Cashier struct {
	Gateway Gateway
	Store   Store
	Now     func() time.Time
}

// shown is how many open bills are listed, or settled at once.
const shown = 200

// maxMovements bounds how often a bill may be tried to be paid by credit card, which anybody
// can do at a terminal; cash is taken after that, too.
const maxMovements = 100

// patience is how long after sending an answer may still come by itself.
const patience = time.Minute

// Make makes the bill of a visit.
func (c *Cashier) Make(ctx context.Context, b Bill) error {
	if err := b.check(); err != nil || len(b.Lines) == 0 {
		return ErrLines
	}
	return c.Store.Add(ctx, b)
}

// Correct corrects a bill: what was done, or the share that was confirmed later. What is
// too much then is given back by Refund.
func (c *Cashier) Correct(ctx context.Context, visit int64, lines []Line, share int) (Bill, error) {
	return c.change(ctx, visit, func(b *Bill) error {
		b.Lines, b.Share = lines, share
		return b.check()
	})
}

// change changes a bill of which nothing is pending. What has only begun is gone then:
// nobody was told of it but the terminal, which cannot send it any more.
func (c *Cashier) change(ctx context.Context, visit int64, change func(*Bill) error) (Bill, error) {
	return c.Store.Change(ctx, visit, func(b *Bill) error {
		if b.busy() {
			return ErrState
		}
		b.Movements = slices.DeleteFunc(b.Movements, func(m Movement) bool { return m.Progress == Begun })
		return change(b)
	})
}

// add adds a movement.
func (c *Cashier) add(b *Bill, m Movement) {
	m.ID, m.At = fmt.Sprintf("%d-%d", b.Visit, len(b.Movements)+1), c.Now().UTC()
	b.Movements = append(b.Movements, m)
}

// visitOf gives the visit of a movement; 0, which none has, for what numbers no movement.
func visitOf(id string) int64 {
	before, _, _ := strings.Cut(id, "-")
	visit, err := strconv.ParseInt(before, 10, 64)
	if err != nil {
		return 0
	}
	return visit
}

// TakeCash notes that the rest was paid in cash.
func (c *Cashier) TakeCash(ctx context.Context, visit int64) (Bill, error) {
	return c.take(ctx, visit, Movement{Way: Cash, Progress: Done})
}

// take adds a movement of all that is owed.
func (c *Cashier) take(ctx context.Context, visit int64, m Movement) (Bill, error) {
	return c.change(ctx, visit, func(b *Bill) error {
		if m.Amount = b.Due() - b.Paid(); m.Amount <= 0 || m.Way == Credit && len(b.Movements) >= maxMovements {
			return ErrState
		}
		c.add(b, m)
		return nil
	})
}

// Begin begins to take the rest by credit card, and gives the challenge for the patient's
// individual number card.
func (c *Cashier) Begin(ctx context.Context, visit int64) (Movement, string, error) {
	b, err := c.take(ctx, visit, Movement{Way: Credit, Progress: Begun})
	if err != nil {
		return Movement{}, "", err
	}
	m := b.Movements[len(b.Movements)-1]
	nonce, err := c.Gateway.Challenge(ctx, merchant.Order{Order: m.ID, Amount: m.Amount})
	return m, nonce, err
}

// Charge sends the card's answer to the gateway. That it is on its way is written down
// before: a movement is sent once.
func (c *Cashier) Charge(ctx context.Context, id, nonce string, token []byte, back string) (Bill, error) {
	var m Movement
	_, err := c.Store.Change(ctx, visitOf(id), func(b *Bill) error {
		at := b.Find(id)
		if at == nil || at.Progress != Begun {
			return ErrState
		}
		at.Progress, at.At = Sent, c.Now().UTC()
		m = *at
		return nil
	})
	if err != nil {
		return Bill{}, err
	}
	p, err := c.Gateway.Authorise(ctx, merchant.Charge{
		Order: id, Amount: m.Amount, Nonce: nonce, Token: token, Return: back,
	})
	if refused, ok := errors.AsType[*merchant.Refused](err); ok {
		p, err = merchant.Payment{State: merchant.Declined, Decline: refused.Code}, nil
	}
	return c.follow(ctx, id, p, err)
}

// follow follows what the gateway says of a charge to its end. After its silence the
// movement stays as it is.
func (c *Cashier) follow(ctx context.Context, id string, p merchant.Payment, err error) (Bill, error) {
	if err == nil && p.State == merchant.Authorised {
		p, err = c.Gateway.Capture(ctx, id)
	}
	return c.Store.Change(ctx, visitOf(id), func(b *Bill) error {
		m := b.Find(id)
		if err != nil || m == nil || !m.pending() {
			return nil
		}
		m.Brand, m.Last4, m.Confirm, m.Code = p.Brand, p.Last4, p.Confirm, p.Decline
		switch p.State {
		case merchant.Captured:
			m.Progress = Done
		case merchant.Confirming:
			m.Progress = Confirming
		case merchant.Cancelled:
			m.Progress = Void
		case merchant.Declined:
			m.Progress = Declined
		}
		return nil
	})
}

// Settle asks the gateway how a pending movement ended, and brings it to its end. A charge
// of which the gateway has not heard is cancelled there, so that it cannot come late.
func (c *Cashier) Settle(ctx context.Context, id string) (Bill, error) {
	b, err := c.Store.Bill(ctx, visitOf(id))
	if err != nil {
		return Bill{}, err
	}
	m := b.Find(id)
	switch {
	case m == nil:
		return Bill{}, ErrNoBill
	case !m.pending():
		return b, nil
	case m.Of != "":
		return c.giveBack(ctx, *m)
	}
	p, err := c.Gateway.Order(ctx, id)
	if refused, ok := errors.AsType[*merchant.Refused](err); ok && refused.Code == merchant.NoOrder {
		p, err = c.Gateway.Cancel(ctx, id)
	}
	return c.follow(ctx, id, p, err)
}

// Refund gives back what was paid too much, on the way on which it came, the latest first.
func (c *Cashier) Refund(ctx context.Context, visit int64) (Bill, error) {
	b, err := c.change(ctx, visit, func(b *Bill) error {
		rest := b.Paid() - b.Due()
		if rest <= 0 {
			return ErrState
		}
		for _, m := range slices.Backward(slices.Clone(b.Movements)) {
			if give := min(rest, b.left(m)); give > 0 {
				back := Movement{Of: m.ID, Way: m.Way, Amount: give, Progress: Done, Brand: m.Brand, Last4: m.Last4}
				if m.Way == Credit {
					back.Progress = Sent
				}
				c.add(b, back)
				rest -= give
			}
		}
		return nil
	})
	for _, m := range b.Movements {
		if err == nil && m.Of != "" && m.pending() {
			b, err = c.giveBack(ctx, m)
		}
	}
	return b, err
}

// left is how much of a charge was not given back.
func (b Bill) left(charge Movement) int64 {
	if charge.Of != "" || charge.Progress != Done {
		return 0
	}
	left := charge.Amount
	for _, m := range b.Movements {
		if m.Of == charge.ID && m.Progress != Declined {
			left -= m.Amount
		}
	}
	return left
}

// giveBack sends a refund. It may be sent again: the gateway does it once.
func (c *Cashier) giveBack(ctx context.Context, m Movement) (Bill, error) {
	p, err := c.Gateway.Refund(ctx, merchant.Reversal{Order: m.Of, Refund: m.ID, Amount: m.Amount})
	refused, no := errors.AsType[*merchant.Refused](err)
	if no {
		p, err = c.Gateway.Order(ctx, m.Of)
	}
	done := slices.ContainsFunc(p.Refunds, func(r merchant.Refund) bool { return r.ID == m.ID })
	return c.Store.Change(ctx, visitOf(m.ID), func(b *Bill) error {
		at := b.Find(m.ID)
		switch {
		case err != nil || !at.pending():
		case done:
			at.Progress = Done
		case no:
			at.Progress, at.Code = Declined, refused.Code
		}
		return nil
	})
}

// Ask asks the gateway about everything of a bill that is pending.
func (c *Cashier) Ask(ctx context.Context, visit int64) (Bill, error) {
	b, err := c.Store.Bill(ctx, visit)
	for _, m := range b.Movements {
		if err == nil && m.pending() {
			b, err = c.Settle(ctx, m.ID)
		}
	}
	return b, err
}

// Sweep settles what has been pending for a while (突合).
func (c *Cashier) Sweep(ctx context.Context) error {
	all, err := c.Store.Open(ctx, shown)
	for _, b := range all {
		for _, m := range b.Movements {
			if m.pending() && c.Now().Sub(m.At) >= patience {
				_, failed := c.Settle(ctx, m.ID)
				err = errors.Join(err, failed)
			}
		}
	}
	return err
}

// Bills gives those of a day, and those of former days that are not paid.
func (c *Cashier) Bills(ctx context.Context, day medical.Date) ([]Bill, error) {
	all, err := c.Store.Day(ctx, day)
	if err != nil {
		return nil, err
	}
	open, err := c.Store.Open(ctx, shown)
	return append(all, slices.DeleteFunc(open, func(b Bill) bool { return b.Day == day })...), err
}
