package payment_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"example.jp/jpkimock/internal/fuse"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/medical/payment"
)

// outOfOrder is a store of which one call fails.
type outOfOrder struct {
	payment.Store
	*fuse.Fuse
}

func (o outOfOrder) Add(ctx context.Context, b payment.Bill) error {
	return o.Do(func() error { return o.Store.Add(ctx, b) })
}

func (o outOfOrder) Change(ctx context.Context, visit int64, change func(*payment.Bill) error) (payment.Bill, error) {
	return fuse.Call(o.Fuse, func() (payment.Bill, error) { return o.Store.Change(ctx, visit, change) })
}

func (o outOfOrder) Bill(ctx context.Context, visit int64) (payment.Bill, error) {
	return fuse.Call(o.Fuse, func() (payment.Bill, error) { return o.Store.Bill(ctx, visit) })
}

func (o outOfOrder) Ticket(ctx context.Context, day medical.Date, no int) (payment.Bill, error) {
	return fuse.Call(o.Fuse, func() (payment.Bill, error) { return o.Store.Ticket(ctx, day, no) })
}

func (o outOfOrder) Open(ctx context.Context, limit int) ([]payment.Bill, error) {
	return fuse.Call(o.Fuse, func() ([]payment.Bill, error) { return o.Store.Open(ctx, limit) })
}

func (o outOfOrder) Day(ctx context.Context, day medical.Date) ([]payment.Bill, error) {
	return fuse.Call(o.Fuse, func() ([]payment.Bill, error) { return o.Store.Day(ctx, day) })
}

// Whichever call of the store fails, the act fails with it; asked again the bill is what it
// would have been.
func TestNoFailureOfTheCashierIsSwallowed(t *testing.T) {
	d, f := newDay(t, 11), &fuse.Fuse{}
	ctx := t.Context()
	c := d.cashier
	c.Store = outOfOrder{c.Store, f}
	visit := int64(100)
	// each try has a bill of its own, in the state that the act needs
	try := func(what string, prepare func(), act func() error) {
		t.Helper()
		f.Everywhere(t, what, func() func() error {
			visit++
			d.bills(visit, 100)
			prepare()
			return act
		})
	}
	nothing := func() {}
	paid := func() { d.touches(visit, approved) }
	overpaid := func() {
		paid()
		_, err := c.Correct(ctx, visit, []payment.Line{{Code: "A1", Count: 1}}, 30)
		webtest.Must(t, err)
	}
	var m payment.Movement
	sent := func() { m = d.touches(visit, careful).Movements[0] }
	try("make", nothing, func() error {
		visit++
		return c.Make(ctx, payment.Bill{Visit: visit, No: int(visit), Day: "2026-04-01", Lines: []payment.Line{{Code: "A1", Count: 1}}, Share: 30})
	})
	try("correct", nothing, func() error { _, err := c.Correct(ctx, visit, []payment.Line{{Code: "A2", Count: 1}}, 30); return err })
	try("cash", nothing, func() error { _, err := c.TakeCash(ctx, visit); return err })
	try("begin", nothing, func() error { _, _, err := c.Begin(ctx, visit); return err })
	try("refund", overpaid, func() error { _, err := c.Refund(ctx, visit); return err })
	try("settle", sent, func() error { _, err := c.Settle(ctx, m.ID); return err })
	try("ask", sent, func() error { _, err := c.Ask(ctx, visit); return err })
	try("bills", nothing, func() error { _, err := c.Bills(ctx, "2026-04-01"); return err })
	f.Arm(0)
	d.now = d.now.Add(time.Hour)
	f.Everywhere(t, "sweep", func() func() error { return func() error { return c.Sweep(ctx) } })
	// A charge whose outcome cannot be written is in doubt, and settled later.
	for at := 1; at <= 2; at++ {
		visit++
		d.bills(visit, 30)
		m, nonce, err := c.Begin(ctx, visit)
		webtest.Must(t, err)
		f.Arm(at)
		_, err = c.Charge(ctx, m.ID, nonce, []byte(`"approved"`), back)
		f.Arm(0)
		if !errors.Is(err, fuse.ErrBlown) {
			t.Errorf("charge, call %d out of order: %v", at, err)
		}
		b, err := c.Ask(ctx, visit)
		if want := map[int]payment.State{1: payment.Owed, 2: payment.Paid}[at]; err != nil || b.State() != want {
			t.Errorf("charge, call %d out of order: then %s, %v", at, b.State(), err)
		}
	}
}

// The bounds of a bill.
func TestTheBoundsOfABill(t *testing.T) {
	d := newDay(t, 12)
	all := make([]payment.Line, 0, 9)
	for _, a := range payment.Acts() {
		all = append(all, payment.Line{Code: a.Code, Count: 99})
	}
	for i, c := range []struct {
		lines []payment.Line
		share int
		want  error
	}{
		{all, 10, nil}, {all, 20, nil}, {all, 100, nil}, {append(all, payment.Line{Code: "Z1", Count: 1}), 10, payment.ErrLines},
		{[]payment.Line{{Code: "A1", Count: 99}}, 30, nil}, {[]payment.Line{{Code: "A1", Count: 100}}, 30, payment.ErrLines}, {[]payment.Line{{Code: "A1", Count: 0}}, 30, payment.ErrLines},
		{nil, 30, payment.ErrLines}, {all, 40, payment.ErrLines}, {all, 9, payment.ErrLines},
	} {
		visit := int64(i + 1)
		bill := payment.Bill{Visit: visit, No: i + 1, Day: "2026-04-01", Lines: c.lines, Share: c.share}
		if err := d.cashier.Make(t.Context(), bill); !errors.Is(err, c.want) || (err == nil) != (c.want == nil) {
			t.Errorf("bill %d: %v, want %v", i, err, c.want)
		}
		if act := (payment.Line{Code: "Z1", Count: 3}); act.Points() != 0 || act.Act().Code != "Z1" {
			t.Errorf("an act that is not in the table: %+v", act.Act())
		}
	}
	if _, err := d.cashier.Correct(t.Context(), 1, nil, 25); !errors.Is(err, payment.ErrLines) {
		t.Errorf("corrected to a share that there is not: %v", err)
	}
	for name, err := range map[string]error{
		"correct": second(d.cashier.Correct(t.Context(), 99, nil, 30)), "cash": second(d.cashier.TakeCash(t.Context(), 99)),
		"refund": second(d.cashier.Refund(t.Context(), 99)), "ask": second(d.cashier.Ask(t.Context(), 99)),
		"settle": second(d.cashier.Settle(t.Context(), "99-1")), "settle no number": second(d.cashier.Settle(t.Context(), "x")), "settle no movement": second(d.cashier.Settle(t.Context(), "1-9")),
	} {
		if !errors.Is(err, payment.ErrNoBill) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.cashier.Refund(t.Context(), 1); !errors.Is(err, payment.ErrState) {
		t.Errorf("nothing to give back: %v", err)
	}
	if b, err := d.cashier.TakeCash(t.Context(), 1); err != nil || b.Movements[0].ID != "1-1" || !b.Movements[0].At.Equal(d.now) {
		t.Errorf("%+v, %v", b.Movements, err)
	}
	if _, err := d.cashier.Refund(t.Context(), 1); !errors.Is(err, payment.ErrState) {
		t.Errorf("paid, and nothing too much: %v", err)
	}
	if _, err := d.cashier.Charge(t.Context(), "1-1", "nonce", nil, back); !errors.Is(err, payment.ErrState) {
		t.Errorf("cash is charged: %v", err)
	}
	if _, err := d.cashier.Charge(t.Context(), "1-9", "nonce", nil, back); !errors.Is(err, payment.ErrState) {
		t.Errorf("no movement is charged: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// How a bill stands, by what has gone and come.
func TestHowABillStands(t *testing.T) {
	movement := func(p payment.Progress, amount int64, of string) payment.Movement {
		return payment.Movement{ID: fmt.Sprint(amount), Of: of, Way: payment.Credit, Amount: amount, Progress: p}
	}
	for name, c := range map[string]struct {
		movements []payment.Movement
		state     payment.State
		paid      int64
	}{
		"nothing":                         {nil, payment.Owed, 0},
		"begun":                           {[]payment.Movement{movement(payment.Begun, 860, "")}, payment.Owed, 0},
		"sent":                            {[]payment.Movement{movement(payment.Sent, 860, "")}, payment.InDoubt, 0},
		"confirming":                      {[]payment.Movement{movement(payment.Confirming, 860, "")}, payment.InDoubt, 0},
		"done":                            {[]payment.Movement{movement(payment.Done, 860, "")}, payment.Paid, 860},
		"a yen short":                     {[]payment.Movement{movement(payment.Done, 859, "")}, payment.Owed, 859},
		"a yen too much":                  {[]payment.Movement{movement(payment.Done, 861, "")}, payment.Overpaid, 861},
		"declined":                        {[]payment.Movement{movement(payment.Declined, 860, "")}, payment.Refused, 0},
		"declined, then begun":            {[]payment.Movement{movement(payment.Declined, 860, ""), movement(payment.Begun, 860, "")}, payment.Refused, 0},
		"declined, then void":             {[]payment.Movement{movement(payment.Declined, 860, ""), movement(payment.Void, 860, "")}, payment.Owed, 0},
		"declined, then done":             {[]payment.Movement{movement(payment.Declined, 860, ""), movement(payment.Done, 860, "")}, payment.Paid, 860},
		"given back":                      {[]payment.Movement{movement(payment.Done, 900, ""), movement(payment.Done, 40, "900")}, payment.Paid, 860},
		"given back, and the line is cut": {[]payment.Movement{movement(payment.Done, 900, ""), movement(payment.Sent, 40, "900")}, payment.InDoubt, 900},
		"a refund is declined":            {[]payment.Movement{movement(payment.Done, 900, ""), movement(payment.Declined, 40, "900")}, payment.Overpaid, 900},
	} {
		b := payment.Bill{Visit: 1, Lines: []payment.Line{{Code: "A1", Count: 1}}, Share: 30, Movements: c.movements}
		if b.State() != c.state || b.Paid() != c.paid || b.Due() != 860 || b.Total() != 2880 {
			t.Errorf("%s: %s, %d paid, want %s, %d", name, b.State(), b.Paid(), c.state, c.paid)
		}
	}
}

// counted counts the questions to a gateway.
type counted struct {
	payment.Gateway
	asked *int
}

func (c counted) Order(ctx context.Context, order string) (merchant.Payment, error) {
	*c.asked++
	return c.Gateway.Order(ctx, order)
}

// The gateway is asked about what has been pending for a minute, and about nothing else.
func TestHowLongTheSweepWaits(t *testing.T) {
	d := newDay(t, 13)
	asked := 0
	d.cashier.Gateway = counted{d.cashier.Gateway, &asked}
	d.bills(1, 30)
	d.touches(1, careful)
	d.bills(2, 30)
	d.bills(3, 30)
	d.touches(3, approved)
	began := d.now
	for _, c := range []struct {
		late time.Duration
		want int
	}{{time.Minute - 1, 0}, {time.Minute, 1}} {
		d.now = began.Add(c.late)
		webtest.Must(t, d.cashier.Sweep(t.Context()))
		if asked != c.want {
			t.Errorf("after %s: asked %d times, want %d", c.late, asked, c.want)
		}
	}
}

// The list of a day has its bills, and after them what is open from other days, once.
func TestTheBillsOfADay(t *testing.T) {
	d := newDay(t, 14)
	for visit, day := range map[int64]medical.Date{1: "2026-03-31", 2: "2026-03-31", 3: "2026-04-01", 4: "2026-04-01"} {
		webtest.Must(t, d.cashier.Make(t.Context(), payment.Bill{Visit: visit, No: int(visit), Day: day, Lines: []payment.Line{{Code: "A1", Count: 1}}, Share: 30}))
	}
	for _, visit := range []int64{2, 4} {
		_, err := d.cashier.TakeCash(t.Context(), visit)
		webtest.Must(t, err)
	}
	all, err := d.cashier.Bills(t.Context(), "2026-04-01")
	webtest.Must(t, err)
	seen := map[int64]int{}
	for _, b := range all {
		seen[b.Visit]++
	}
	if len(all) != 3 || seen[1] != 1 || seen[3] != 1 || seen[4] != 1 || all[2].Visit != 1 {
		t.Errorf("%+v", all)
	}
}

// What is too much goes back from the latest payment first, and no more than is too much.
func TestWhatGoesBackFromSeveralPayments(t *testing.T) {
	d := newDay(t, 15)
	ctx := t.Context()
	b := d.bills(1, 30)
	for _, share := range []int{30, 100} {
		_, err := d.cashier.Correct(ctx, 1, b.Lines, share)
		webtest.Must(t, err)
		_, err = d.cashier.TakeCash(ctx, 1)
		webtest.Must(t, err)
	}
	_, err := d.cashier.Correct(ctx, 1, []payment.Line{{Code: "A2", Count: 1}}, 30)
	webtest.Must(t, err)
	b, err = d.cashier.Refund(ctx, 1)
	if err != nil || b.State() != payment.Paid || b.Paid() != 220 || len(b.Movements) != 4 {
		t.Fatalf("%s, %d paid, %+v, %v", b.State(), b.Paid(), b.Movements, err)
	}
	for i, want := range []struct {
		of     string
		amount int64
	}{{"", 860}, {"", 2020}, {"1-2", 2020}, {"1-1", 640}} {
		if m := b.Movements[i]; m.Of != want.of || m.Amount != want.amount || m.Way != payment.Cash || m.Progress != payment.Done {
			t.Errorf("movement %d is %+v, want %+v", i, m, want)
		}
	}
}

// late is a gateway after whose answer to a charge something happens before it is heard.
type late struct {
	payment.Gateway
	happens func(order string)
}

func (l late) Authorise(ctx context.Context, in merchant.Charge) (merchant.Payment, error) {
	p, err := l.Gateway.Authorise(ctx, in)
	l.happens(in.Order)
	return p, err
}

// An answer that comes after the movement was settled does not bring it back into doubt.
func TestAnAnswerThatComesLate(t *testing.T) {
	d := newDay(t, 16)
	d.cashier.Gateway = late{d.cashier.Gateway, func(order string) {
		d.confirms(payment.Movement{Confirm: d.asks(order).Confirm}, true)
		b, err := d.cashier.Settle(t.Context(), order)
		if webtest.Must(t, err); b.State() != payment.Paid {
			t.Errorf("settled: %s", b.State())
		}
	}}
	d.bills(1, 30)
	if b := d.touches(1, careful); b.State() != payment.Paid || b.Movements[0].Progress != payment.Done {
		t.Errorf("after the late answer: %s, %+v", b.State(), b.Movements)
	}
}
