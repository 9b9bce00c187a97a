package gateway_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/db"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rptest"
)

const (
	ownOrigin  = "https://pay.example.jp"
	shopOrigin = "https://shop.example.jp"
)

// office is a gateway over a real database, with two merchants whose terminals are at one
// origin, and people with cards.
type office struct {
	*testing.T
	*rptest.World
	*gateway.Gateway
	path      string
	shop      *gateway.Merchant
	other     *gateway.Merchant
	delivered []string // to whom, and what
	deaf      bool     // no notice is taken
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, World: rptest.New(t), path: filepath.Join(t.TempDir(), "gateway.db")}
	o.shop = &gateway.Merchant{ID: "shop", Origin: shopOrigin, Hook: "https://shop.example.jp/hook", Verifier: o.Verifier(shopOrigin)}
	o.other = &gateway.Merchant{ID: "other", Origin: shopOrigin, Verifier: o.shop.Verifier}
	store, err := db.Open(o.path)
	webtest.Must(t, err)
	t.Cleanup(func() { _ = store.Close() })
	linkage, err := rp.NewLinkage(rp.LinkageConfig{AuthorityURL: o.URL(), Key: rptest.VerifierKey})
	webtest.Must(t, err)
	o.Gateway, err = gateway.New(gateway.Config{
		Verifier: o.Verifier(ownOrigin), Linkage: linkage, Store: store, Merchants: []*gateway.Merchant{o.shop, o.other}, PublicURL: ownOrigin, Now: o.Clock.Now,
		Deliver: func(_ context.Context, to *gateway.Merchant, body []byte) error {
			if o.deaf {
				return errors.New("nobody answers")
			}
			o.delivered = append(o.delivered, to.ID+" "+string(body))
			return nil
		},
	})
	webtest.Must(t, err)
	return o
}

// number finds a published test number.
func number(t *testing.T, outcome gateway.Outcome) string {
	t.Helper()
	for _, n := range gateway.TestNumbers() {
		if n.Outcome == outcome {
			return n.Number
		}
	}
	t.Fatalf("no number for %s", outcome)
	return ""
}

// registers registers a credit card for somebody.
func (o *office) registers(who string, outcome gateway.Outcome) gateway.Card {
	o.Helper()
	challenge, err := o.Gateway.Verifier.NewChallenge(o.Context())
	webtest.Must(o, err)
	holder, err := o.SignIn(o.Context(), o.World.Card(who).Authenticate(ownOrigin, challenge.Nonce), challenge.Nonce)
	webtest.Must(o, err)
	card, err := o.Register(o.Context(), holder, gateway.Details{Number: number(o.T, outcome), Ends: "12/30", Code: "123"})
	webtest.Must(o, err)
	return card
}

// touch is what a merchant sends when somebody has touched for an order.
func (o *office) touch(who string, at *gateway.Merchant, order string, amount int64) merchant.Charge {
	o.Helper()
	in := merchant.Charge{Order: order, Amount: amount, Return: shopOrigin + "/back"}
	var err error
	in.Nonce, err = o.Challenge(o.Context(), at, merchant.Order{Order: order, Amount: amount})
	webtest.Must(o, err)
	in.Token = o.World.Card(who).Authenticate(shopOrigin, in.Nonce)
	return in
}

// The published numbers have the check digit, and no issuer's first digit; all others are
// refused, and so is what is not printed on any card.
func TestOnlyPublishedNumbersAreTaken(t *testing.T) {
	o := newOffice(t)
	for _, n := range gateway.TestNumbers() {
		card, err := o.Register(t.Context(), "1", gateway.Details{Number: n.Number[:4] + " " + n.Number[4:], Ends: "04/26", Code: "000"})
		if err != nil || card.Last4 != n.Number[12:] || card.Test != n.Outcome || !strings.HasPrefix(n.Number, "9") {
			t.Errorf("%s: %+v, %v", n.Number, card, err)
		}
	}
	good := number(t, gateway.Approved)
	for _, c := range []struct {
		gateway.Details
		err error
	}{
		{gateway.Details{Number: good[:15] + "0", Ends: "12/30", Code: "123"}, gateway.ErrNumber},
		{gateway.Details{Number: good[:15], Ends: "12/30", Code: "123"}, gateway.ErrNumber},
		{gateway.Details{Number: "９" + good[1:], Ends: "12/30", Code: "123"}, gateway.ErrNumber},
		{gateway.Details{Number: "9999999999999995", Ends: "12/30", Code: "123"}, gateway.ErrNotTest},
		{gateway.Details{Number: good, Ends: "03/26", Code: "123"}, gateway.ErrDetails}, // ended yesterday
		{gateway.Details{Number: good, Ends: "13/30", Code: "123"}, gateway.ErrDetails},
		{gateway.Details{Number: good, Ends: "12/30", Code: "12"}, gateway.ErrDetails},
		{gateway.Details{Number: good, Ends: "12/30", Code: "12a"}, gateway.ErrDetails},
	} {
		if _, err := o.Register(t.Context(), "2", c.Details); !errors.Is(err, c.err) {
			t.Errorf("%+v: %v, want %v", c.Details, err, c.err)
		}
	}
	if _, err := o.Gateway.Card(t.Context(), "2"); !errors.Is(err, gateway.ErrNoCard) {
		t.Errorf("a refused card was kept: %v", err)
	}
}

// A payment is reserved, charged and given back, in parts; each step has its state, and what
// the issuer says is in it.
func TestAPaymentFromTouchToRefund(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	if _, err := o.Authorise(ctx, o.shop, "k", o.touch("hanako", o.shop, "0", 870)); !errors.Is(err, gateway.ErrNoCard) {
		t.Errorf("without a registered card: %v", err)
	}
	o.registers("hanako", gateway.Approved)
	p, err := o.Authorise(ctx, o.shop, "k1", o.touch("hanako", o.shop, "1", 870))
	if err != nil || p.State != merchant.Authorised || p.Last4 != "0003" || p.Amount != 870 {
		t.Fatalf("authorised: %+v, %v", p, err)
	}
	if _, err := o.Refund(ctx, o.shop, "k2", merchant.Reversal{Order: "1", Refund: "r", Amount: 10}); !errors.Is(err, gateway.ErrState) {
		t.Errorf("a refund before the charge: %v", err)
	}
	if p, err = o.Capture(ctx, o.shop, "k3", merchant.Order{Order: "1"}); err != nil || p.State != merchant.Captured {
		t.Fatalf("captured: %+v, %v", p, err)
	}
	if _, err := o.Cancel(ctx, o.shop, "k4", merchant.Order{Order: "1"}); !errors.Is(err, gateway.ErrState) {
		t.Errorf("a charge is cancelled: %v", err)
	}
	for i, c := range []struct {
		id     string
		amount int64
		err    error
	}{{"r1", 300, nil}, {"r1", 300, gateway.ErrState}, {"r2", 571, gateway.ErrAmount}, {"r2", 0, gateway.ErrAmount}, {"r2", 570, nil}, {"r3", 1, gateway.ErrAmount}} {
		if _, err := o.Refund(ctx, o.shop, "r"+string(rune('a'+i)), merchant.Reversal{Order: "1", Refund: c.id, Amount: c.amount}); !errors.Is(err, c.err) {
			t.Errorf("refund %d: %v, want %v", i, err, c.err)
		}
	}
	if _, err := o.Capture(ctx, o.other, "k5", merchant.Order{Order: "1"}); !errors.Is(err, gateway.ErrNoOrder) {
		t.Errorf("another merchant's order: %v", err)
	}
	for outcome, state := range map[gateway.Outcome]merchant.State{gateway.Insufficient: merchant.Declined, gateway.Lost: merchant.Declined, gateway.Confirm: merchant.Confirming} {
		o.registers("hanako", outcome)
		p, err := o.Authorise(ctx, o.shop, string(outcome), o.touch("hanako", o.shop, string(outcome), 100))
		if err != nil || p.State != state || state == merchant.Declined && p.Decline != string(outcome) {
			t.Errorf("%s: %+v, %v", outcome, p, err)
		}
	}
	o.registers("hanako", gateway.Approved)
	o.Clock.Advance(5 * 365 * 24 * time.Hour) // the credit card ends in December 2030; the individual number card lasts
	if p, err = o.Authorise(ctx, o.shop, "late", o.touch("hanako", o.shop, "late", 100)); err == nil && p.Decline != string(gateway.Expired) {
		t.Errorf("after its end: %+v, %v", p, err)
	}
}

// The holder's step: yes, no, too late, twice; and a return to nobody else's page.
func TestTheHolderConfirms(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	o.registers("hanako", gateway.Confirm)
	ask := func(order string) string {
		t.Helper()
		p, err := o.Authorise(ctx, o.shop, order, o.touch("hanako", o.shop, order, 100))
		webtest.Must(t, err)
		return strings.TrimPrefix(p.Confirm, ownOrigin+"/confirm/")
	}
	name := ask("yes")
	if p, err := o.Confirmed(ctx, name, true); err != nil || p.State != merchant.Authorised || p.Return != shopOrigin+"/back" {
		t.Errorf("yes: %+v, %v", p, err)
	}
	if _, err := o.Confirmed(ctx, name, false); !errors.Is(err, gateway.ErrState) {
		t.Errorf("twice: %v", err)
	}
	if p, err := o.Confirmed(ctx, ask("no"), false); err != nil || p.State != merchant.Declined || p.Decline != gateway.NotConfirmed {
		t.Errorf("no: %+v, %v", p, err)
	}
	late, never := ask("late"), ask("never")
	o.Clock.Advance(gateway.ConfirmTime)
	if p, err := o.Confirmed(ctx, late, true); err != nil || p.Decline != gateway.TooLate {
		t.Errorf("late: %+v, %v", p, err)
	}
	webtest.Must(t, o.Sweep(ctx))
	if _, err := o.Confirmed(ctx, never, true); !errors.Is(err, gateway.ErrState) {
		t.Errorf("after the sweep: %v", err)
	}
	away := o.touch("hanako", o.shop, "away", 100)
	away.Return = "https://shop.example.jp.evil.example/back"
	if _, err := o.Authorise(ctx, o.shop, "away", away); !errors.Is(err, gateway.ErrOrder) {
		t.Errorf("a return elsewhere: %v", err)
	}
}

// A key answers the same body the same way, and no other body; also at once.
func TestAKeyIsUsedForOneThing(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	o.registers("hanako", gateway.Approved)
	in := o.touch("hanako", o.shop, "1", 870)
	var wait sync.WaitGroup
	answers := make([]merchant.Payment, 20)
	for i := range answers {
		wait.Go(func() {
			var err error
			if answers[i], err = o.Authorise(ctx, o.shop, "same", in); err != nil {
				t.Errorf("request %d: %v", i, err)
			}
		})
	}
	wait.Wait()
	for _, p := range answers {
		if p.State != merchant.Authorised || p.At != answers[0].At {
			t.Errorf("%+v is not %+v", p, answers[0])
		}
	}
	other := in
	other.Amount = 880
	if _, err := o.Authorise(ctx, o.shop, "same", other); !errors.Is(err, gateway.ErrReused) {
		t.Errorf("another body: %v", err)
	}
	if _, err := o.Capture(ctx, o.shop, "same", merchant.Order{Order: "1"}); !errors.Is(err, gateway.ErrReused) {
		t.Errorf("another act: %v", err)
	}
	if _, err := o.Authorise(ctx, o.shop, "", in); !errors.Is(err, gateway.ErrNoKey) {
		t.Errorf("no key: %v", err)
	}
	_, err := o.Authorise(ctx, o.other, "same", in)
	if !errors.Is(err, rp.ErrChallenge) {
		t.Errorf("another merchant: %v", err) // its keys are its own, and the touch is not for it
	}
	var captured sync.WaitGroup
	failed := make(chan error, 20)
	for i := range 20 {
		captured.Go(func() {
			if _, err := o.Capture(ctx, o.shop, "capture "+string(rune('a'+i)), merchant.Order{Order: "1"}); err != nil {
				failed <- err
			}
		})
	}
	captured.Wait()
	if len(failed) != 19 {
		t.Errorf("%d of 20 captures failed", len(failed))
	}
}

// A touch pays the order and the amount that it was asked for; what the card or the
// authority refuses leaves no payment.
func TestATouchPaysWhatItWasAskedFor(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	o.registers("hanako", gateway.Approved)
	wants := func(name string, in merchant.Charge, want error) {
		t.Helper()
		if _, err := o.Authorise(ctx, o.shop, name, in); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		if _, err := o.Store.Order(ctx, "shop", in.Order); !errors.Is(err, gateway.ErrNoOrder) {
			t.Errorf("%s left a payment: %v", name, err)
		}
	}
	more := o.touch("hanako", o.shop, "more", 870)
	more.Amount = 8700
	wants("another amount", more, rp.ErrChallenge)
	another := o.touch("hanako", o.shop, "another", 870)
	another.Order = "else"
	wants("another order", another, rp.ErrChallenge)
	forged := o.touch("hanako", o.shop, "forged", 870)
	forged.Token = o.World.Card("hanako").Authenticate(ownOrigin, forged.Nonce)
	wants("another origin", forged, rp.ErrOrigin)
	silent := o.touch("hanako", o.shop, "silent", 870)
	o.TamperOCSP(func([]byte, []byte) []byte { return nil })
	wants("the authority is silent", silent, rp.ErrStatusUnavailable)
	o.TamperOCSP(nil)
	o.SuspendAccreditation()
	wants("not accredited", o.touch("hanako", o.shop, "accreditation", 870), rp.ErrNotAccredited)
	o.Reaccredit()
	o.Suspend("hanako", jpki.UserAuthentication)
	wants("suspended", o.touch("hanako", o.shop, "suspended", 870), rp.ErrSuspended)
	o.Resume("hanako", jpki.UserAuthentication)
	// What the gateway was told to cancel before it came is not charged when it comes.
	late := o.touch("hanako", o.shop, "late", 870)
	if p, err := o.Cancel(ctx, o.shop, "c", merchant.Order{Order: "late"}); err != nil || p.State != merchant.Cancelled {
		t.Errorf("cancelled beforehand: %+v, %v", p, err)
	}
	if _, err := o.Authorise(ctx, o.shop, "a", late); !errors.Is(err, gateway.ErrState) {
		t.Errorf("it came late: %v", err)
	}
	// A re-issued card pays by the credit card that was registered with the one before.
	o.Renew("hanako")
	if p, err := o.Authorise(ctx, o.shop, "renewed", o.touch("hanako", o.shop, "renewed", 870)); err != nil || p.State != merchant.Authorised {
		t.Errorf("after a renewal: %+v, %v", p, err)
	}
}

// Notices wait until they are taken, longer each time, and are given up after three days.
func TestNoticesAreDelivered(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	_, err := o.Cancel(ctx, o.shop, "k", merchant.Order{Order: "1"})
	webtest.Must(t, err)
	o.deaf = true
	webtest.Must(t, o.Sweep(ctx))
	o.deaf = false
	webtest.Must(t, o.Sweep(ctx))
	if len(o.delivered) != 0 {
		t.Errorf("tried again at once: %v", o.delivered)
	}
	o.Clock.Advance(time.Minute)
	webtest.Must(t, o.Sweep(ctx))
	if len(o.delivered) != 1 || !strings.Contains(o.delivered[0], `shop {"order":"1"`) {
		t.Errorf("delivered: %v", o.delivered)
	}
	_, err = o.Cancel(ctx, o.shop, "k2", merchant.Order{Order: "2"})
	webtest.Must(t, err)
	o.deaf = true
	for range 80 {
		webtest.Must(t, o.Sweep(ctx))
		o.Clock.Advance(time.Hour)
	}
	if _, waiting, err := o.Ledger(ctx); err != nil || len(waiting) != 0 {
		t.Errorf("after three days %d wait, %v", len(waiting), err)
	}
}
