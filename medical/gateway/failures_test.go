package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/rp"
)

// outOfOrder is a store, and unsteady a kit, of which one call fails.
type (
	outOfOrder struct {
		gateway.Store
		*fuse.Fuse
	}
	unsteady struct {
		gateway.Verifier
		*fuse.Fuse
	}
)

func (u unsteady) NewChallenge(ctx context.Context) (rp.Challenge, error) {
	return fuse.Call(u.Fuse, func() (rp.Challenge, error) { return u.Verifier.NewChallenge(ctx) })
}

// Answered has three results.
func (o outOfOrder) Answered(ctx context.Context, r gateway.Request) (p merchant.Payment, done bool, err error) {
	err = o.Do(func() (err error) { p, done, err = o.Store.Answered(ctx, r); return err })
	return p, done, err
}

func (o outOfOrder) Card(ctx context.Context, serial jpki.SerialNumber) (gateway.Card, error) {
	return fuse.Call(o.Fuse, func() (gateway.Card, error) { return o.Store.Card(ctx, serial) })
}

func (o outOfOrder) Keep(ctx context.Context, c gateway.Card) error {
	return o.Do(func() error { return o.Store.Keep(ctx, c) })
}

func (o outOfOrder) Move(ctx context.Context, token string, to jpki.SerialNumber) error {
	return o.Do(func() error { return o.Store.Move(ctx, token, to) })
}

func (o outOfOrder) Remove(ctx context.Context, serial jpki.SerialNumber) error {
	return o.Do(func() error { return o.Store.Remove(ctx, serial) })
}

func (o outOfOrder) Act(ctx context.Context, r gateway.Request, at time.Time, change func(*gateway.Payment) error) (merchant.Payment, error) {
	return fuse.Call(o.Fuse, func() (merchant.Payment, error) { return o.Store.Act(ctx, r, at, change) })
}

func (o outOfOrder) Order(ctx context.Context, merchant, order string) (gateway.Payment, error) {
	return fuse.Call(o.Fuse, func() (gateway.Payment, error) { return o.Store.Order(ctx, merchant, order) })
}

func (o outOfOrder) Named(ctx context.Context, name string) (gateway.Payment, error) {
	return fuse.Call(o.Fuse, func() (gateway.Payment, error) { return o.Store.Named(ctx, name) })
}

func (o outOfOrder) Payments(ctx context.Context, limit int) ([]gateway.Payment, error) {
	return fuse.Call(o.Fuse, func() ([]gateway.Payment, error) { return o.Store.Payments(ctx, limit) })
}

func (o outOfOrder) Confirming(ctx context.Context, before time.Time, limit int) ([]gateway.Payment, error) {
	return fuse.Call(o.Fuse, func() ([]gateway.Payment, error) { return o.Store.Confirming(ctx, before, limit) })
}

func (o outOfOrder) Waiting(ctx context.Context, until time.Time, limit int) ([]gateway.Notice, error) {
	return fuse.Call(o.Fuse, func() ([]gateway.Notice, error) { return o.Store.Waiting(ctx, until, limit) })
}

func (o outOfOrder) Delivered(ctx context.Context, id int64) error {
	return o.Do(func() error { return o.Store.Delivered(ctx, id) })
}

func (o outOfOrder) Later(ctx context.Context, id int64, next time.Time) error {
	return o.Do(func() error { return o.Store.Later(ctx, id, next) })
}

func (o outOfOrder) Forget(ctx context.Context, before time.Time) error {
	return o.Do(func() error { return o.Store.Forget(ctx, before) })
}

func (o outOfOrder) Ping() error {
	return o.Do(func() error { return o.Store.Ping() })
}

// Whichever call fails, what was asked fails with it, and works when it is asked again.
func TestNoFailureOfTheGatewayIsSwallowed(t *testing.T) {
	o, f := newOffice(t), &fuse.Fuse{}
	ctx := t.Context()
	o.Gateway.Store = outOfOrder{o.Gateway.Store, f}
	o.shop.Verifier = unsteady{o.shop.Verifier, f}
	try := func(what string, act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error { return act })
	}
	try("register", func() error {
		_, err := o.Register(ctx, o.World.Card("hanako").Serial(jpki.UserAuthentication), gateway.Details{Number: number(t, gateway.Approved), Ends: "12/30", Code: "123"})
		return err
	})
	f.Everywhere(t, "sign in", func() func() error {
		c, err := o.Gateway.Verifier.NewChallenge(ctx)
		webtest.Must(t, err)
		token := o.World.Card("hanako").Authenticate(ownOrigin, c.Nonce)
		return func() error { _, err := o.SignIn(ctx, token, c.Nonce); return err }
	})
	try("challenge", func() error {
		_, err := o.Challenge(ctx, o.shop, merchant.Order{Order: "1", Amount: 870})
		return err
	})
	authorises := func(what, order string) {
		t.Helper()
		f.Everywhere(t, what, func() func() error {
			in := o.touch("hanako", o.shop, order, 870)
			return func() error { _, err := o.Authorise(ctx, o.shop, "a"+in.Nonce[:8], in); return err }
		})
	}
	authorises("authorise", "1")
	o.Renew("hanako")
	authorises("authorise with a renewed card", "2")
	try("capture", func() error { _, err := o.Capture(ctx, o.shop, "c", merchant.Order{Order: "1"}); return err })
	try("refund", func() error {
		_, err := o.Refund(ctx, o.shop, "r", merchant.Reversal{Order: "1", Refund: "r", Amount: 1})
		return err
	})
	try("cancel", func() error { _, err := o.Cancel(ctx, o.shop, "x", merchant.Order{Order: "2"}); return err })
	o.registers("hanako", gateway.Confirm)
	var names []string
	for _, order := range []string{"3", "4"} {
		p, err := o.Authorise(ctx, o.shop, order, o.touch("hanako", o.shop, order, 100))
		webtest.Must(t, err)
		names = append(names, strings.TrimPrefix(p.Confirm, ownOrigin+"/confirm/"))
	}
	try("confirm", func() error { _, err := o.Confirmed(ctx, names[0], true); return err })
	try("ledger", func() error { _, _, err := o.Ledger(ctx); return err })
	o.Clock.Advance(gateway.ConfirmTime)
	for i, deaf := range []bool{true, false} { // each time there is a new notice
		o.deaf = deaf
		order := 0
		f.Everywhere(t, fmt.Sprintf("sweep, deaf %t", deaf), func() func() error {
			order++
			name := fmt.Sprintf("sweep-%d-%d", i, order)
			_, err := o.Cancel(ctx, o.shop, name, merchant.Order{Order: name})
			webtest.Must(t, err)
			return func() error { return o.Sweep(ctx) }
		})
	}
	if p, err := o.Confirmed(ctx, names[1], true); !errors.Is(err, gateway.ErrState) {
		t.Errorf("after the sweep: %+v, %v", p, err)
	}
	try("ping", o.Ping)
}

// What a gateway is not opened without.
func TestWhatAGatewayNeeds(t *testing.T) {
	o := newOffice(t)
	for name, without := range map[string]func(*gateway.Config){
		"verifier": func(c *gateway.Config) { c.Verifier = nil }, "linkage": func(c *gateway.Config) { c.Linkage = nil }, "store": func(c *gateway.Config) { c.Store = nil },
		"address": func(c *gateway.Config) { c.PublicURL = "" }, "clock": func(c *gateway.Config) { c.Now = nil }, "delivery": func(c *gateway.Config) { c.Deliver = nil },
	} {
		cfg := o.Gateway.Config
		without(&cfg)
		if _, err := gateway.New(cfg); err == nil {
			t.Errorf("opened without %s", name)
		}
	}
}

// The bounds of an order, of a key and of a refund.
func TestTheBoundsOfAnOrder(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	o.registers("hanako", gateway.Approved)
	long := strings.Repeat("x", 64)
	for _, c := range []struct {
		merchant.Order
		want error
	}{
		{merchant.Order{Order: "1", Amount: 1}, nil}, {merchant.Order{Order: "1", Amount: 0}, gateway.ErrOrder}, {merchant.Order{Order: "1", Amount: -1}, gateway.ErrOrder},
		{merchant.Order{Order: "1", Amount: 10_000_000}, nil}, {merchant.Order{Order: "1", Amount: 10_000_001}, gateway.ErrOrder},
		{merchant.Order{Order: long, Amount: 1}, nil}, {merchant.Order{Order: long + "x", Amount: 1}, gateway.ErrOrder},
		{merchant.Order{Amount: 1}, gateway.ErrOrder}, {merchant.Order{Order: "a\nb", Amount: 1}, gateway.ErrOrder}, {merchant.Order{Order: strings.Repeat("あ", 22), Amount: 1}, gateway.ErrOrder},
	} {
		if _, err := o.Challenge(ctx, o.shop, c.Order); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.Order, err, c.want)
		}
	}
	for key, want := range map[string]error{"": gateway.ErrNoKey, long: nil, long + "x": gateway.ErrNoKey} {
		if _, err := o.Cancel(ctx, o.shop, key, merchant.Order{Order: "cancelled"}); !errors.Is(err, want) {
			t.Errorf("a key of %d: %v, want %v", len(key), err, want)
		}
	}
	if _, err := o.Cancel(ctx, o.shop, "k", merchant.Order{Order: long + "x"}); !errors.Is(err, gateway.ErrOrder) {
		t.Errorf("an order that is none: %v", err)
	}
	_, err := o.Authorise(ctx, o.shop, "k1", o.touch("hanako", o.shop, "many", 200))
	webtest.Must(t, err)
	_, err = o.Capture(ctx, o.shop, "k2", merchant.Order{Order: "many"})
	webtest.Must(t, err)
	for i := range 101 {
		want := map[bool]error{true: gateway.ErrState}[i == 100]
		id := fmt.Sprintf("r%d", i)
		if _, err := o.Refund(ctx, o.shop, id, merchant.Reversal{Order: "many", Refund: id, Amount: 1}); !errors.Is(err, want) {
			t.Fatalf("refund %d: %v, want %v", i, err, want)
		}
	}
	if _, err := o.Refund(ctx, o.shop, "none", merchant.Reversal{Order: "none", Refund: "r", Amount: 1}); !errors.Is(err, gateway.ErrNoOrder) {
		t.Errorf("a refund of no order: %v", err)
	}
	_, err = o.Authorise(ctx, o.shop, "k3", o.touch("hanako", o.shop, "few", 200))
	webtest.Must(t, err)
	_, err = o.Capture(ctx, o.shop, "k4", merchant.Order{Order: "few"})
	webtest.Must(t, err)
	for i, c := range []struct {
		id     string
		amount int64
	}{{"", 1}, {long + "x", 1}, {"r", -1}, {"r", 0}, {"r", 201}} {
		if _, err := o.Refund(ctx, o.shop, fmt.Sprintf("b%d", i), merchant.Reversal{Order: "few", Refund: c.id, Amount: c.amount}); !errors.Is(err, gateway.ErrAmount) {
			t.Errorf("refund %+v: %v", c, err)
		}
	}
}

// A touch pays its own order, amount and merchant, and no other.
func TestATouchPaysItsOrder(t *testing.T) {
	o := newOffice(t)
	o.registers("hanako", gateway.Approved)
	for name, change := range map[string]func(*merchant.Charge){
		"another order": func(c *merchant.Charge) { c.Order = "2" }, "another amount": func(c *merchant.Charge) { c.Amount++ },
		"another challenge": func(c *merchant.Charge) { c.Nonce = "x" },
	} {
		in := o.touch("hanako", o.shop, "1", 100)
		change(&in)
		if p, err := o.Authorise(t.Context(), o.shop, name, in); !errors.Is(err, rp.ErrChallenge) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	in := o.touch("hanako", o.shop, "1", 100)
	in.Return = shopOrigin
	if _, err := o.Authorise(t.Context(), o.shop, "return", in); !errors.Is(err, gateway.ErrOrder) {
		t.Errorf("a page that is none: %v", err)
	}
}

// A confirmation is in time to its last instant, and a credit card to the end of its month.
func TestTheLastInstants(t *testing.T) {
	o := newOffice(t)
	at := time.Date(2026, 4, 30, 14, 59, 59, 0, time.UTC) // a second before May in Japan
	o.Clock.Set(at)
	o.Gateway.Now = func() time.Time { return at }
	ctx := t.Context()
	o.registers("hanako", gateway.Confirm)
	for late, want := range map[time.Duration]string{gateway.ConfirmTime - 1: "", gateway.ConfirmTime: gateway.TooLate} {
		p, err := o.Authorise(ctx, o.shop, late.String(), o.touch("hanako", o.shop, late.String(), 100))
		webtest.Must(t, err)
		began := at
		at = at.Add(late)
		done, err := o.Confirmed(ctx, strings.TrimPrefix(p.Confirm, ownOrigin+"/confirm/"), true)
		if err != nil || done.Decline != want || (done.State == merchant.Authorised) != (want == "") || done.Payment.Confirm != "" {
			t.Errorf("%s late: %+v, %v", late, done, err)
		}
		at = began
	}
	details := gateway.Details{Number: number(t, gateway.Approved), Ends: "04/26", Code: "123"}
	for late, want := range map[time.Duration]error{0: nil, time.Second: gateway.ErrDetails} {
		began := at
		at = at.Add(late)
		if _, err := o.Register(ctx, "1", details); !errors.Is(err, want) {
			t.Errorf("%s later: %v, want %v", late, err, want)
		}
		at = began
	}
	if _, err := o.Register(ctx, o.World.Card("hanako").Serial(jpki.UserAuthentication), details); err != nil {
		t.Fatal(err)
	}
	for late, want := range map[time.Duration]merchant.State{0: merchant.Authorised, time.Second: merchant.Declined} {
		began := at
		at = at.Add(late)
		order := "month " + late.String()
		if p, err := o.Authorise(ctx, o.shop, order, o.touch("hanako", o.shop, order, 100)); err != nil || p.State != want {
			t.Errorf("%s later: %+v, %v, want %s", late, p, err, want)
		}
		at = began
	}
	for _, strange := range []string{"/", ":", "a", "９"} { // whatever the check digit is
		for check := range 10 {
			d := details
			d.Number = strange + strings.Repeat("9", 15-len(strange)) + fmt.Sprint(check)
			if _, err := o.Register(ctx, "1", d); !errors.Is(err, gateway.ErrNumber) {
				t.Errorf("number %s: %v", d.Number, err)
			}
		}
	}
	if serial, err := o.SignIn(ctx, o.World.Card("hanako").Authenticate(ownOrigin, "x"), "x"); !errors.Is(err, rp.ErrChallenge) || serial != "" {
		t.Errorf("signed in without a challenge: %s, %v", serial, err)
	}
	for code, want := range map[string]error{"1234": gateway.ErrDetails, "12": gateway.ErrDetails, "": gateway.ErrDetails, "12x": gateway.ErrDetails, " 12": gateway.ErrDetails} {
		d := details
		d.Code = code
		if _, err := o.Register(ctx, "1", d); !errors.Is(err, want) {
			t.Errorf("code %q: %v", code, err)
		}
	}
}

// What each test number says to a charge.
func TestWhatEachTestNumberSays(t *testing.T) {
	o := newOffice(t)
	for i, n := range gateway.TestNumbers() {
		o.registers("hanako", n.Outcome)
		order := fmt.Sprint(i)
		p, err := o.Authorise(t.Context(), o.shop, order, o.touch("hanako", o.shop, order, 100))
		want, decline := merchant.Declined, string(n.Outcome)
		switch n.Outcome {
		case gateway.Approved:
			want, decline = merchant.Authorised, ""
		case gateway.Confirm:
			want, decline = merchant.Confirming, ""
		}
		if err != nil || p.State != want || p.Decline != decline || (p.Confirm != "") != (want == merchant.Confirming) {
			t.Errorf("%s: %+v, %v", n.Outcome, p, err)
		}
		cancelled, err := o.Cancel(t.Context(), o.shop, "c"+order, merchant.Order{Order: order})
		if want != merchant.Declined {
			want = merchant.Cancelled
		}
		if err != nil || cancelled.State != want || cancelled.Confirm != "" {
			t.Errorf("%s, cancelled: %+v, %v", n.Outcome, cancelled, err)
		}
		if _, err := o.Capture(t.Context(), o.shop, "x"+order, merchant.Order{Order: order}); !errors.Is(err, gateway.ErrState) {
			t.Errorf("%s, charged: %v", n.Outcome, err)
		}
	}
	if _, err := o.Capture(t.Context(), o.shop, "none", merchant.Order{Order: "none"}); !errors.Is(err, gateway.ErrNoOrder) {
		t.Errorf("no order charged: %v", err)
	}
}

// How long a notice waits for its next try: a minute, twice as long each time, an hour at
// most; after three days it is given up.
func TestHowOftenANoticeIsTried(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	at := o.Clock.Now().Truncate(time.Second)
	o.Gateway.Now = func() time.Time { return at }
	_, err := o.Cancel(ctx, o.shop, "k", merchant.Order{Order: "1"})
	webtest.Must(t, err)
	o.deaf = true
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
		webtest.Must(t, o.Notify(ctx, at))
		_, waiting, err := o.Ledger(ctx)
		webtest.Must(t, err)
		if len(waiting) != 1 || !waiting[0].Next.Equal(at.Add(wait*time.Minute)) {
			t.Fatalf("at %s: %+v, want the next in %s", at, waiting, wait*time.Minute)
		}
		at = waiting[0].Next
	}
	o.deaf = false
	webtest.Must(t, o.Notify(ctx, at.Add(-time.Second)))
	if len(o.delivered) != 0 {
		t.Errorf("delivered too early: %v", o.delivered)
	}
	webtest.Must(t, o.Notify(ctx, at))
	webtest.Must(t, o.Notify(ctx, at.Add(time.Hour)))
	if len(o.delivered) != 1 {
		t.Errorf("delivered %v", o.delivered)
	}
	_, err = o.Cancel(ctx, o.other, "k", merchant.Order{Order: "1"}) // which wants no notices
	webtest.Must(t, err)
	webtest.Must(t, o.Notify(ctx, at))
	if _, waiting, err := o.Ledger(ctx); err != nil || len(waiting) != 0 || len(o.delivered) != 1 {
		t.Errorf("a merchant without a hook: %+v, %v, %v", waiting, o.delivered, err)
	}
}
