package payment_test

import (
	"errors"
	"testing"

	"example.jp/jpkimock/medical/payment"
)

// The share is rounded to ten yen: under five down, from five up.
func TestDueIsRoundedToTenYen(t *testing.T) {
	for _, c := range []struct {
		points, share int
		want          int64
	}{
		{0, 30, 0}, {1, 30, 0}, {2, 30, 10}, // 3 yen and 6 yen
		{288, 30, 860}, {291, 30, 870}, // 864 and 873
		{73, 30, 220}, {15, 30, 50}, {5, 30, 20}, // 219, 45, 15
		{288, 20, 580}, {291, 20, 580}, {2, 20, 0}, {3, 20, 10}, // 576, 582, 4, 6
		{288, 10, 290}, {4, 10, 0}, {5, 10, 10}, {14, 10, 10}, // 288, 4, 5, 14
		{288, 100, 2880}, {1, 100, 10},
		{1_000_000, 30, 3_000_000},
	} {
		if got := payment.Due(c.points, c.share); got != c.want {
			t.Errorf("%d points at %d %%: %d yen, want %d", c.points, c.share, got, c.want)
		}
	}
}

// A bill has acts of the table, each once, and a share that there is.
func TestABillIsOfTheTable(t *testing.T) {
	d := newDay(t, 1)
	for i, c := range []struct {
		lines []payment.Line
		share int
		good  bool
	}{
		{[]payment.Line{{"A1", 1}, {"D1", 2}}, 30, true},
		{nil, 30, false},
		{[]payment.Line{{"Z9", 1}}, 30, false},
		{[]payment.Line{{"A1", 0}}, 30, false},
		{[]payment.Line{{"A1", -1}}, 30, false},
		{[]payment.Line{{"A1", 100}}, 30, false},
		{[]payment.Line{{"A1", 1}, {"A1", 1}}, 30, false},
		{[]payment.Line{{"A1", 1}}, 25, false},
		{[]payment.Line{{"A1", 1}}, 0, false},
	} {
		err := d.cashier.Make(t.Context(), payment.Bill{Visit: int64(i + 1), No: i + 1, Day: "2026-04-01", Lines: c.lines, Share: c.share})
		if c.good != (err == nil) || !c.good && !errors.Is(err, payment.ErrLines) {
			t.Errorf("bill %d: %v", i, err)
		}
	}
	if err := d.cashier.Make(t.Context(), payment.Bill{Visit: 1, Lines: []payment.Line{{"A1", 1}}, Share: 30}); !errors.Is(err, payment.ErrExists) {
		t.Errorf("a second bill of a visit: %v", err)
	}
}

// Cash, and what is too much when the share was confirmed later: it goes back as it came.
func TestInFullAndGivenBackLater(t *testing.T) {
	d := newDay(t, 2)
	ctx := t.Context()
	b := d.bills(7, 100)
	if b.State() != payment.Owed || b.Due() != 2880 {
		t.Fatalf("%s %d", b.State(), b.Due())
	}
	d.touches(7, approved)
	if _, err := d.cashier.TakeCash(ctx, 7); !errors.Is(err, payment.ErrState) {
		t.Errorf("paid twice: %v", err)
	}
	b, err := d.cashier.Correct(ctx, 7, b.Lines, 30)
	if err != nil || b.State() != payment.Overpaid {
		t.Fatalf("%s, %v", b.State(), err)
	}
	if b, err = d.cashier.Refund(ctx, 7); err != nil || b.State() != payment.Paid || b.Paid() != 860 {
		t.Fatalf("%s %d, %v", b.State(), b.Paid(), err)
	}
	if p := d.asks(b.Movements[0].ID); p.Amount != 2880 || p.Refunded() != 2020 {
		t.Errorf("the gateway has %+v", p)
	}
	// The rest is given up: nothing was done after all.
	if _, err = d.cashier.Correct(ctx, 7, nil, 30); err != nil {
		t.Fatal(err)
	}
	if b, err = d.cashier.Refund(ctx, 7); err != nil || b.Paid() != 0 || b.State() != payment.Paid {
		t.Errorf("%s %d, %v", b.State(), b.Paid(), err)
	}
	d.bills(8, 30)
	if b, err = d.cashier.TakeCash(ctx, 8); err != nil || b.State() != payment.Paid || b.Movements[0].Way != payment.Cash {
		t.Errorf("cash: %+v, %v", b, err)
	}
}

// What a declined card leaves owed is paid by another way; a card that nobody registered is
// declined as well.
func TestADeclinedCardLeavesTheBillOpen(t *testing.T) {
	d := newDay(t, 3)
	d.bills(1, 30)
	for _, c := range []struct{ who, code string }{{"poor", "insufficient_funds"}, {"nobody", "no_credit_card"}} {
		b := d.touches(1, c.who)
		if last := b.Movements[len(b.Movements)-1]; b.State() != payment.Refused || last.Code != c.code {
			t.Errorf("%s: %s %+v", c.who, b.State(), last)
		}
	}
	if b, err := d.cashier.TakeCash(t.Context(), 1); err != nil || b.State() != payment.Paid {
		t.Errorf("%s, %v", b.State(), err)
	}
	d.bills(2, 30)
	b := d.touches(2, careful)
	m := b.Movements[0]
	if b.State() != payment.InDoubt || m.Progress != payment.Confirming || m.Confirm == "" {
		t.Fatalf("%s %+v", b.State(), m)
	}
	if _, _, err := d.cashier.Begin(t.Context(), 2); !errors.Is(err, payment.ErrState) {
		t.Errorf("a second charge while one is confirmed: %v", err)
	}
	d.confirms(m, true)
	if b, err := d.cashier.Settle(t.Context(), m.ID); err != nil || b.State() != payment.Paid {
		t.Errorf("%s, %v", b.State(), err)
	}
}

// Whoever lays wrong cards again and again does not keep the patient from paying.
func TestCashIsTakenAfterManyDeclines(t *testing.T) {
	d := newDay(t, 6)
	ctx := t.Context()
	d.bills(1, 30)
	for range 100 {
		m, nonce, err := d.cashier.Begin(ctx, 1)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := d.cashier.Charge(ctx, m.ID, nonce, []byte(`"nobody"`), back); err != nil || b.State() != payment.Refused {
			t.Fatalf("%s, %v", b.State(), err)
		}
	}
	if _, _, err := d.cashier.Begin(ctx, 1); !errors.Is(err, payment.ErrState) {
		t.Errorf("one more by card: %v", err)
	}
	if b, err := d.cashier.TakeCash(ctx, 1); err != nil || b.State() != payment.Paid {
		t.Errorf("%s, %v", b.State(), err)
	}
}

// What was begun and never sent leaves nothing: whoever asks again and again for a card does
// not make the bill longer, and of two terminals one charges.
func TestWhatHasOnlyBegunLeavesNothing(t *testing.T) {
	d := newDay(t, 5)
	ctx := t.Context()
	d.bills(1, 30)
	first, nonce, err := d.cashier.Begin(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	var second payment.Movement
	for range 300 {
		if second, _, err = d.cashier.Begin(ctx, 1); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := d.bill.Bill(ctx, 1); err != nil || len(b.Movements) != 1 || first.ID != second.ID {
		t.Errorf("%+v, %v", b.Movements, err)
	}
	if b, err := d.cashier.Charge(ctx, first.ID, nonce, []byte(`"approved"`), back); err != nil || b.State() != payment.Paid {
		t.Errorf("%s, %v", b.State(), err)
	}
	if _, err := d.cashier.Charge(ctx, second.ID, nonce, []byte(`"approved"`), back); !errors.Is(err, payment.ErrState) {
		t.Errorf("the other terminal: %v", err)
	}
}
