package web_test

import (
	"strings"
	"testing"

	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/payment"
)

// The day's paid bills are shown by pages of 25; what needs somebody stands on each of them.
func TestPaidBillsByPages(t *testing.T) {
	w := newTill(t)
	m, _ := w.insures("hanako", kenpo, nil)
	w.linked("hanako", m)
	desk := w.bill("1")
	today := medical.DateOf(w.Clock.Now())
	for visit := int64(2); visit <= 31; visit++ {
		w.checksIn("hanako")
		b := payment.Bill{Visit: visit, No: int(visit), Day: today, Share: 30, Lines: []payment.Line{{Code: "A1", Count: 1}}}
		b.Movements = []payment.Movement{{ID: "x", Way: payment.Cash, Amount: b.Due(), Progress: payment.Done, At: w.Clock.Now()}}
		if err := w.bills.Add(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	paid := func(page string) int {
		_, list, _ := strings.Cut(desk.Visits("/hospital/desk/cashier"+page).Says(200, "お支払い待ち").Body, `data-testid="paid-list"`)
		return strings.Count(list, `<tr data-state="paid"`)
	}
	for page, want := range map[string]int{"": 25, "?page=1": 25, "?page=2": 5, "?page=3": 0, "?page=-1": 25, "?page=x": 25} {
		if got := paid(page); got != want {
			t.Errorf("page %q shows %d: want %d", page, got, want)
		}
	}
	desk.Visits("/hospital/desk/cashier").Says(200, "1 / 2", "/hospital/desk/cashier?page=2")
	desk.Visits("/hospital/desk/cashier?page=2").Says(200, "2 / 2", "/hospital/desk/cashier?page=1")
}

// The reception's lists have pages of their own, so that a long one hides nothing of the other.
func TestTheQueueByPages(t *testing.T) {
	w := newTown(t)
	for range 30 {
		if _, err := w.desk.Trouble(t.Context(), "no_card"); err != nil {
			t.Fatal(err)
		}
	}
	desk := w.staff("/hospital/desk", "hospital-staff")
	rows := func(query string) int {
		return strings.Count(desk.Visits("/hospital/desk"+query).Says(200).Body, `<tr data-reason="no_card"`)
	}
	if first, second, other := rows(""), rows("?waiting=2"), rows("?done=2"); first != 25 || second != 5 || other != 25 {
		t.Errorf("the pages have %d, %d and %d", first, second, other)
	}
	desk.Visits("/hospital/desk").Says(200, `data-testid="waiting-count">30<`, "1 / 2", "/hospital/desk?waiting=2")
}
