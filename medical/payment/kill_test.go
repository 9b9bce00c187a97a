package payment_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/medical/db"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/merchant"
	gatewayweb "example.jp/jpkimock/medical/gateway/web"
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
		var said map[int64]string
		said, last = heard(t, last, webtest.Killed(t, "TestChildDay", killedDay, strconv.FormatInt(last, 10)+" "+dir, 1+rand.IntN(3), 40*time.Millisecond))
		left[comesBack(t, dir, said)]++
	}
	t.Logf("the kills left the last bill so: %v", left)
}

// heard reads what a killed process has said: the model, how each payment ended, "" if
// nobody heard; and the last visit that it began.
func heard(t *testing.T, last int64, lines []string) (map[int64]string, int64) {
	t.Helper()
	said := map[int64]string{}
	for _, line := range lines {
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
	return said, last
}

// comesBack opens what a killed process left, reconciles it, and compares it with what the
// process had said. It gives how the payment stood in which it died.
func comesBack(t *testing.T, dir string, said map[int64]string) (died payment.State) {
	t.Helper()
	d := newDayIn(t, dir, 1)
	defer d.close()
	died = d.stands(said)
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

// stands wants what a killed process had said to stand in the bills, and forgets what it
// had not begun to write. It gives how the payment stood in which it died.
func (d *day) stands(said map[int64]string) (died payment.State) {
	d.Helper()
	t := d.T
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
	return died
}

// killedHospital names the gateway, the folder and the visit of a hospital that is killed.
const killedHospital = "JPKIMOCK_TEST_KILLED_HOSPITAL"

// TestChildHospital is a cashier alone, which asks the gateway of another process.
func TestChildHospital(t *testing.T) {
	at := os.Getenv(killedHospital)
	if at == "" {
		t.Skip("plays the process that is killed")
	}
	var url, dir string
	var visit int64
	if _, err := fmt.Sscan(at, &visit, &url, &dir); err != nil {
		t.Fatal(err)
	}
	visits, err := db.OpenReception(filepath.Join(dir, "hospital.db"))
	webtest.Must(t, err)
	d := &day{T: t, now: noon, bill: visits.Bills()}
	d.cashier = &payment.Cashier{Gateway: merchant.Client{URL: url, Key: "shop"}, Store: d.bill, Now: d.clock}
	for {
		visit++
		fmt.Println("begins", visit)
		d.bills(visit, 30)
		b := d.touches(visit, approved)
		fmt.Println("ended", visit, b.State(), b.Paid())
	}
}

// The hospital dies alone, and the gateway goes on: it may finish a charge whose answer
// nobody hears. The hospital asks when it comes back, and there is one charge or none.
func TestPaymentsSurviveTheEndOfTheHospitalAlone(t *testing.T) {
	dir, last := t.TempDir(), int64(0)
	d := newDayIn(t, dir, 1)
	t.Cleanup(d.close)
	d.shop.Key = "shop"
	url := webtest.Serve(t, func(at string) http.Handler {
		pages, err := gatewayweb.New(gatewayweb.Config{Gateway: d.gateway, PublicURL: at, Now: d.clock})
		webtest.Must(t, err)
		return pages
	})
	left := map[payment.State]int{}
	for range webtest.KillsOf(t, 5) {
		var said map[int64]string
		said, last = heard(t, last, webtest.Killed(t, "TestChildHospital", killedHospital, fmt.Sprint(last, " ", url, " ", dir), 1+rand.IntN(3), 40*time.Millisecond))
		left[d.stands(said)]++
		for visit := range said {
			_, err := d.cashier.Ask(t.Context(), visit)
			webtest.Must(t, err)
			d.agrees(visit)
		}
	}
	t.Logf("the kills left the last bill so: %v", left)
}
