package payment_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/payment"
)

// killedDay names the folder of the process that is killed, and the visit before its first.
const killedDay = "JPKIMOCK_TEST_KILLED_DAY"

// TestChildDay is a day at the cashier that goes on until somebody kills it.
func TestChildDay(t *testing.T) {
	at := os.Getenv(killedDay)
	if at == "" {
		t.Skip("plays the process that is killed")
	}
	var dir string
	var visit int64
	if _, err := fmt.Sscan(at, &visit, &dir); err != nil {
		t.Fatal(err)
	}
	d := newDayIn(t, dir, rand.Uint64())
	for {
		visit++
		fmt.Println("begins", visit)
		d.bills(visit, 100)
		d.pays(visit, []string{approved, careful}[visit%2], visit%3 != 0)
		b, err := d.bill.Bill(t.Context(), visit)
		webtest.Must(t, err)
		fmt.Println("ended", visit, b.State(), b.Paid())
	}
}

// The process of the cashier and the gateway is killed with SIGKILL at any instant, again and
// again over the same databases. Whatever it has said stands; of what it was about to do
// there is exactly one charge or none, and the books agree. JPKIMOCK_KILLS=200 kills more.
func TestPaymentsSurviveTheEndOfTheirProcess(t *testing.T) {
	dir, last := t.TempDir(), int64(0)
	left := map[payment.State]int{}
	for range webtest.KillsOf(t, 10) {
		said := map[int64]string{} // the model: how each payment ended, "" if nobody heard
		for _, line := range webtest.Killed(t, "TestChildDay", killedDay, strconv.FormatInt(last, 10)+" "+dir, 1+rand.IntN(3), 40*time.Millisecond) {
			var what, state string
			var visit, paid int64
			n, _ := fmt.Sscan(line, &what, &visit, &state, &paid)
			switch {
			case n == 2 && what == "begins":
				said[visit], last = "", visit
			case n == 4 && what == "ended":
				said[visit] = fmt.Sprint(state, " ", paid)
			default:
				t.Fatalf("it said %q", line)
			}
		}
		left[comesBack(t, dir, said)]++
	}
	t.Logf("the kills left the last bill so: %v", left)
}

// comesBack opens what a killed process left, reconciles it, and compares it with what the
// process had said. It gives how the payment stood in which it died.
func comesBack(t *testing.T, dir string, said map[int64]string) (died payment.State) {
	t.Helper()
	d := newDayIn(t, dir, 1)
	defer d.close()
	for visit, state := range said {
		b, err := d.bill.Bill(t.Context(), visit)
		switch {
		case errors.Is(err, payment.ErrNoBill) && state == "":
			delete(said, visit) // killed before there was a bill
			continue
		case err != nil:
			t.Fatalf("visit %d, %q: %v", visit, state, err)
		case state == "":
			died = b.State()
		case state != fmt.Sprint(b.State(), " ", b.Paid()):
			t.Errorf("visit %d: it had said %q, and there is %s %d", visit, state, b.State(), b.Paid())
		}
	}
	for range 2 {
		d.now = d.now.Add(gateway.ConfirmTime)
		webtest.Must(t, d.gateway.Sweep(t.Context()))
		webtest.Must(t, d.cashier.Sweep(t.Context()))
	}
	for visit := range said {
		d.agrees(visit)
	}
	return died
}
