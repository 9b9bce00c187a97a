package payment_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/gateway"
	gatewaydb "example.jp/jpkimock/medical/gateway/db"
	"example.jp/jpkimock/medical/gateway/merchant"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/rp"
)

// People who pay: by the certificate's serial number, which their touch says here.
const (
	approved = "approved"
	careful  = "confirm"
)

const back = "https://hospital.example.jp/back"

// day is a cashier and a gateway over real databases, with a line between them that can be
// cut, and either of which can be killed.
type day struct {
	*testing.T
	now     time.Time
	cashier *payment.Cashier
	gateway *gateway.Gateway
	shop    *gateway.Merchant
	bill    payment.Store
	store   gateway.Store
	// left is how many points are passed until the one at which it happens; below zero never.
	left  int
	rand  *rand.Rand
	close func()
}

// noon is when a day begins.
var noon = time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)

// killed is the end of a process.
type killed struct{ who string }

var errCut = errors.New("the line is cut")

func newDay(t *testing.T, seed uint64) *day {
	t.Helper()
	d := newDayIn(t, t.TempDir(), seed)
	t.Cleanup(d.close)
	return d
}

// newDayIn opens a day over the databases in a folder.
func newDayIn(t *testing.T, dir string, seed uint64) *day {
	t.Helper()
	d := &day{T: t, now: noon, left: -1, rand: rand.New(rand.NewPCG(seed, 1))}
	visits, err := db.OpenReception(filepath.Join(dir, "hospital.db"))
	webtest.Must(t, err)
	store, err := gatewaydb.Open(filepath.Join(dir, "gateway.db"))
	webtest.Must(t, err)
	d.close = func() { _, _ = visits.Close(), store.Close() }
	d.bill, d.store = visits.Bills(), store
	d.shop = &gateway.Merchant{ID: "hospital", Origin: "https://hospital.example.jp", Verifier: believer{}}
	for who, outcome := range map[string]gateway.Outcome{approved: gateway.Approved, careful: gateway.Confirm, "poor": gateway.Insufficient} {
		webtest.Must(t, store.Keep(t.Context(), gateway.Card{Token: who, Serial: jpki.SerialNumber(who), Brand: "MIHON", Last4: "0003", Ends: "2030-12", Test: outcome}))
	}
	d.opensGateway()
	d.opensCashier()
	return d
}

func (d *day) clock() time.Time { return d.now }

func (d *day) opensCashier() {
	d.cashier = &payment.Cashier{Gateway: line{d}, Store: bills{d.bill, d}, Now: d.clock}
}

func (d *day) opensGateway() {
	var err error
	d.gateway, err = gateway.New(gateway.Config{
		Verifier: believer{}, Linkage: strangers{}, Store: ledger{d.store, d}, Merchants: []*gateway.Merchant{d.shop}, PublicURL: "https://pay.example.jp", Now: d.clock,
		Deliver: func(context.Context, *gateway.Merchant, []byte) error { return nil },
	})
	webtest.Must(d, err)
}

// believer takes what a token says for the serial number of a certificate: the kit is tested
// at the gateway.
type believer struct{}

func (believer) NewChallenge(context.Context) (rp.Challenge, error) {
	return rp.Challenge{Nonce: fmt.Sprint(rand.Uint64())}, nil
}

func (believer) VerifyAuthentication(_ context.Context, token []byte, _ string) (*rp.Authentication, error) {
	return &rp.Authentication{Serial: jpki.SerialNumber(strings.Trim(string(token), `"`))}, nil
}

// strangers know no other certificates of anybody.
type strangers struct{}

func (strangers) Pair(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", nil
}

func (strangers) Successor(context.Context, jpki.Kind, jpki.SerialNumber) (jpki.SerialNumber, error) {
	return "", nil
}

func (strangers) Predecessors(context.Context, jpki.Kind, jpki.SerialNumber) ([]jpki.SerialNumber, error) {
	return nil, nil
}

// passes a point, and says whether it happens there.
func (d *day) happens() bool {
	d.left--
	return d.left == -1
}

// bills are the cashier's, which can be killed before and after every commit.
type bills struct {
	payment.Store
	d *day
}

func (b bills) Change(ctx context.Context, visit int64, change func(*payment.Bill) error) (payment.Bill, error) {
	if b.d.happens() {
		panic(killed{"cashier"})
	}
	done, err := b.Store.Change(ctx, visit, change)
	if b.d.happens() {
		panic(killed{"cashier"})
	}
	return done, err
}

// ledger is the gateway's.
type ledger struct {
	gateway.Store
	d *day
}

func (l ledger) Act(ctx context.Context, r gateway.Request, at time.Time, change func(*gateway.Payment) error) (merchant.Payment, error) {
	if l.d.happens() {
		panic(killed{"gateway"})
	}
	done, err := l.Store.Act(ctx, r, at, change)
	if l.d.happens() {
		panic(killed{"gateway"})
	}
	return done, err
}

// line is the way between them: a question or an answer can be lost, and the cashier can be
// killed while it waits.
type line struct{ d *day }

func ask[T any](d *day, do func() (T, error)) (out T, err error) {
	lost := func() bool {
		if !d.happens() {
			return false
		}
		if d.rand.IntN(2) == 0 {
			panic(killed{"cashier"})
		}
		return true
	}
	if lost() {
		return out, errCut
	}
	func() {
		defer func() {
			if who, ok := recover().(killed); ok {
				d.opensGateway()
				err = fmt.Errorf("%s is gone: %w", who.who, errCut)
			}
		}()
		out, err = do()
	}()
	if lost() {
		var none T
		return none, errCut
	}
	for is, code := range map[error]string{gateway.ErrNoOrder: merchant.NoOrder, gateway.ErrState: "state", gateway.ErrNoCard: "no_credit_card", rp.ErrChallenge: "challenge"} {
		if errors.Is(err, is) {
			err = &merchant.Refused{Code: code}
		}
	}
	return out, err
}

func (l line) Challenge(ctx context.Context, o merchant.Order) (string, error) {
	return ask(l.d, func() (string, error) { return l.d.gateway.Challenge(ctx, l.d.shop, o) })
}

func (l line) Authorise(ctx context.Context, in merchant.Charge) (merchant.Payment, error) {
	return ask(l.d, func() (merchant.Payment, error) {
		return l.d.gateway.Authorise(ctx, l.d.shop, "authorise "+in.Order, in)
	})
}

func (l line) Capture(ctx context.Context, order string) (merchant.Payment, error) {
	return ask(l.d, func() (merchant.Payment, error) {
		return l.d.gateway.Capture(ctx, l.d.shop, "capture "+order, merchant.Order{Order: order})
	})
}

func (l line) Cancel(ctx context.Context, order string) (merchant.Payment, error) {
	return ask(l.d, func() (merchant.Payment, error) {
		return l.d.gateway.Cancel(ctx, l.d.shop, "cancel "+order, merchant.Order{Order: order})
	})
}

func (l line) Refund(ctx context.Context, in merchant.Reversal) (merchant.Payment, error) {
	return ask(l.d, func() (merchant.Payment, error) {
		return l.d.gateway.Refund(ctx, l.d.shop, "refund "+in.Refund, in)
	})
}

func (l line) Order(ctx context.Context, order string) (merchant.Payment, error) {
	return ask(l.d, func() (merchant.Payment, error) {
		p, err := l.d.gateway.Store.Order(ctx, l.d.shop.ID, order)
		return p.Payment, err
	})
}

// bills makes the bill of a first visit.
func (d *day) bills(visit int64, share int) payment.Bill {
	d.Helper()
	b := payment.Bill{Visit: visit, No: int(visit), Day: medical.DateOf(d.now), Lines: []payment.Line{{Code: "A1", Count: 1}}, Share: share}
	webtest.Must(d, d.cashier.Make(d.Context(), b))
	return b
}

// touches lets somebody pay at the terminal.
func (d *day) touches(visit int64, who string) payment.Bill {
	d.Helper()
	m, nonce, err := d.cashier.Begin(d.Context(), visit)
	webtest.Must(d, err)
	b, err := d.cashier.Charge(d.Context(), m.ID, nonce, []byte(`"`+who+`"`), back)
	webtest.Must(d, err)
	return b
}

func (d *day) confirms(m payment.Movement, yes bool) {
	d.Helper()
	_, err := d.gateway.Confirmed(d.Context(), strings.TrimPrefix(m.Confirm, "https://pay.example.jp/confirm/"), yes)
	webtest.Must(d, err)
}

// asks the gateway by its own interface; without an order there is no charge.
func (d *day) asks(order string) merchant.Payment {
	d.Helper()
	p, err := d.store.Order(d.Context(), d.shop.ID, order)
	if err != nil && !errors.Is(err, gateway.ErrNoOrder) {
		d.Fatal(err)
	}
	return p.Payment
}

// pays goes through everything that a patient and the staff do: a touch, perhaps the
// confirmation, and a refund of what was too much. Errors are what they are at a terminal:
// somebody reads them, and nothing more is done.
func (d *day) pays(visit int64, who string, yes bool) {
	ctx := d.Context()
	m, nonce, err := d.cashier.Begin(ctx, visit)
	if err != nil {
		return
	}
	b, err := d.cashier.Charge(ctx, m.ID, nonce, []byte(`"`+who+`"`), back)
	if err != nil {
		return
	}
	if m = *b.Find(m.ID); m.Confirm != "" {
		name := strings.TrimPrefix(m.Confirm, "https://pay.example.jp/confirm/")
		if _, err := d.gateway.Confirmed(ctx, name, yes); err != nil {
			return
		}
		if b, err = d.cashier.Settle(ctx, m.ID); err != nil {
			return
		}
	}
	if b.State() == payment.Paid {
		if _, err := d.cashier.Correct(ctx, visit, b.Lines, 30); err == nil {
			_, _ = d.cashier.Refund(ctx, visit)
		}
	}
}

// survives runs it until it ends or somebody is killed, and starts who was killed again.
func (d *day) survives(do func()) {
	defer func() {
		switch who := recover().(type) {
		case nil:
		case killed:
			d.opensCashier()
			d.opensGateway()
		default:
			panic(who)
		}
	}()
	do()
}

// Whatever is killed or cut off, before, while or after any step of a payment: after the
// restart and a reconciliation there is exactly one charge or none, and the books of the
// cashier and of the gateway agree.
func TestKilledAtEveryStep(t *testing.T) {
	reached := map[payment.State]int{}
	d := newDay(t, 4)
	for run := range int64(200) {
		visit := run + 1
		d.bills(visit, 100)
		who, yes := []string{approved, careful}[run%2], run%3 != 0
		d.left = d.rand.IntN(26)
		d.survives(func() { d.pays(visit, who, yes) })
		d.left = -1

		b, err := d.bill.Bill(t.Context(), visit)
		webtest.Must(t, err)
		reached[b.State()]++
		for range 2 {
			d.now = d.now.Add(gateway.ConfirmTime)
			webtest.Must(t, d.gateway.Sweep(t.Context()))
			webtest.Must(t, d.cashier.Sweep(t.Context()))
		}
		d.agrees(visit)
		// The patient comes back for what is still owed, and the staff give back the rest.
		if b, err = d.cashier.Correct(t.Context(), visit, b.Lines, 30); err != nil {
			t.Fatalf("visit %d: %v", visit, err)
		}
		switch b.State() {
		case payment.Overpaid:
			_, err = d.cashier.Refund(t.Context(), visit)
			webtest.Must(t, err)
		case payment.Owed, payment.Refused:
			d.touches(visit, approved)
		}
		if b = d.agrees(visit); b.State() != payment.Paid || b.Paid() != 860 {
			t.Errorf("visit %d ends as %s with %d yen", visit, b.State(), b.Paid())
		}
	}
	t.Logf("the cuts left the bills so: %v", reached)
	for _, state := range []payment.State{payment.InDoubt, payment.Owed, payment.Paid} {
		if reached[state] == 0 {
			t.Errorf("no cut left a bill %s: %v", state, reached)
		}
	}
}

// agrees compares the cashier's book with the gateway's answers.
func (d *day) agrees(visit int64) payment.Bill {
	d.Helper()
	b, err := d.bill.Bill(d.Context(), visit)
	webtest.Must(d, err)
	charges, net := 0, int64(0)
	for _, m := range b.Movements {
		if m.Of != "" {
			continue
		}
		p := d.asks(m.ID)
		charged := p.State == merchant.Captured
		if charged != (m.Progress == payment.Done) {
			d.Errorf("visit %d: the cashier has %+v, the gateway %+v", visit, m, p)
		}
		if charged {
			net += p.Amount - p.Refunded()
		}
		if charged && p.Refunded() < p.Amount {
			charges++
		}
	}
	if b.State() == payment.InDoubt || net != b.Paid() || charges > 1 {
		d.Errorf("visit %d: %s, %d charges, %d yen at the gateway and %d at the cashier: %+v", visit, b.State(), charges, net, b.Paid(), b.Movements)
	}
	return b
}
