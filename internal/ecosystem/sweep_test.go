package ecosystem

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/crowd"
	"example.jp/jpkimock/internal/ecosystem/moving"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
)

// A bank of ten thousand customers, of whom few have moved.
const (
	customers = 10000
	changed   = 137
)

func TestTheSweepFindsExactlyThoseWhoChanged(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, jpki.JST)
	e := town(t, Config{Customers: customers, At: at, Seed: "none", SweepEvery: -1})
	admit(t, e)
	teller := webtest.NewBrowser(t, "")
	send(t, teller, e.Peer("bank")+"/staff/signin", "", map[string]string{"key": e.key(bankStaffKey)}, nil)
	type report struct {
		Failure                                         string
		Customers, Unchanged, Changed, Asked, Questions int
	}
	finds := func(want report) {
		t.Helper()
		var got struct{ Report report }
		send(t, teller, e.Peer("bank")+"/staff/sweeps", "", nil, &got)
		if got.Report != want {
			t.Errorf("report %+v: want %+v", got.Report, want)
		}
	}
	finds(report{Customers: customers, Changed: changed, Asked: changed, Unchanged: customers - changed, Questions: customers})
	// Three more move. Those who moved before are not asked about again.
	for i := range 3 {
		path := fmt.Sprintf("/counter/v1/certificates/%s/%s/revoke", jpki.DigitalSignature, crowd.Serial(i*71))
		send(t, webtest.NewBrowser(t, ""), e.Peer("authority")+path, e.key(officerKey), map[string]any{"reason": jpki.AffiliationChanged, "why": "転居"}, nil)
	}
	finds(report{Customers: customers, Changed: changed + 3, Asked: 3, Unchanged: customers - changed - 3, Questions: customers - changed})
}

// TestACrowdNeedsAnEmptyFolder, and all houses in one process.
func TestACrowdNeedsAnEmptyFolder(t *testing.T) {
	t.Parallel()
	alone(t)
	dir := t.TempDir()
	count := func(n int) int {
		e := town(t, Config{DataDir: dir, Customers: n, Seed: "none"})
		defer e.Close()
		records, err := bankdb.Open(e.database("bank"))
		if err != nil {
			t.Fatal(err)
		}
		defer records.Close()
		_, all, err := records.Customers(t.Context(), bank.CustomerQuery{})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for i, n := range []int{60, 0, 90} {
		if got := count(n); got != 60 {
			t.Errorf("start %d: %d customers: want 60", i, got)
		}
	}
	for name, cfg := range map[string]Config{
		"too many": {Customers: crowd.Max + 1}, "fewer than none": {Customers: -1},
		"too many insured": {Insured: crowd.Max + 1}, "insured of a house alone": {Insured: 1, Only: []string{"medical"}},
		"a house alone": {Customers: 1, Only: []string{"bank"}},
	} {
		if e, err := Start(t.Context(), cfg); err == nil {
			t.Errorf("%s: started", name)
			_ = e.Close()
		}
	}
}

// admit registers the bank as a verifier in an empty world.
func admit(t testing.TB, e *Ecosystem) {
	t.Helper()
	for id, key := range map[string]string{"mihon-bank": bankKey, "mihon-portal": moving.PortalKey} {
		send(t, webtest.NewBrowser(t, ""), e.Peer("authority")+"/counter/v1/verifiers", e.key(officerKey),
			map[string]any{"id": id, "name": id, "key": e.key(key), "kinds": jpki.Kinds()}, nil)
	}
}

// The portal's watch finds exactly those who have moved of ten thousand, by one question
// about each, as the fees say; the next day it asks about nobody of whom it knows.
func TestTheWatchFindsExactlyThoseWhoMoved(t *testing.T) {
	const enrolled, moved = 10_000, 500
	e := town(t, Config{Enrolled: enrolled, At: time.Date(2026, 4, 1, 9, 0, 0, 0, jpki.JST), Seed: "none", SweepEvery: -1})
	admit(t, e)
	operator := webtest.NewBrowser(t, e.Peer("portal"))
	operator.Calls(http.MethodPost, "/staff/signin", map[string]string{"key": e.key(moving.PortalStaffKey)}, nil)
	type report struct{ Asked, Moved, Renewed, Ready int }
	asked := 0
	for _, want := range []report{{Asked: enrolled, Moved: moved}, {Asked: enrolled - moved}} {
		var got report
		operator.Calls(http.MethodPost, "/staff/watch", map[string]any{}, &got).Says(http.StatusOK)
		if asked += want.Asked; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	bill := webtest.NewBrowser(t, e.Peer("authority")).Calls(http.MethodGet, "/verifier/v1/statement", nil, nil, webtest.Bearer(e.key(moving.PortalKey))...)
	bill.Says(http.StatusOK, fmt.Sprintf(`"lines":[{"verifier":"mihon-portal","kind":"digital-signature","purpose":"current-status","day":"2026-04-01","count":%d,`, asked))
}

// send posts JSON and fails unless the answer is 2xx.
func send(t testing.TB, b *webtest.Browser, url, key string, in, out any) {
	t.Helper()
	var headers []string
	if key != "" {
		headers = webtest.Bearer(key)
	}
	if p := b.Calls(http.MethodPost, url, in, out, headers...); p.Status/100 != 2 {
		t.Fatalf("POST %s: %d %s", url, p.Status, p.Body)
	}
}

// BenchmarkConfirmation asks about all customers in one change confirmation, and
// one by one over OCSP. Both figures are per customer.
func BenchmarkConfirmation(b *testing.B) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, jpki.JST)
	e := town(b, Config{Customers: customers, At: at, Seed: "none", SweepEvery: -1})
	admit(b, e)
	ctx := context.Background()
	kit, err := e.kit(ctx, "bank", bankKey)
	if err != nil {
		b.Fatal(err)
	}
	var serials []jpki.SerialNumber
	for i := range customers {
		serials = append(serials, crowd.Serial(i))
	}
	b.Run("together", func(b *testing.B) {
		for b.Loop() {
			if _, err := kit.verifier.CheckStatus(ctx, jpki.DigitalSignature, serials...); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/customers, "ns/customer")
	})
	b.Run("one-by-one", func(b *testing.B) {
		i := 0
		for b.Loop() {
			if _, err := kit.verifier.CheckStatus(ctx, jpki.DigitalSignature, serials[i%customers]); err != nil {
				b.Fatal(err)
			}
			i++
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/customer")
	})
}
