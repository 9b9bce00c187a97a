package ecosystem

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"path/filepath"
	"testing"
	"time"

	"example.jp/jpkimock/authority"
	authoritydb "example.jp/jpkimock/authority/db"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/rp/bank"
	bankdb "example.jp/jpkimock/rp/bank/db"
)

// customers and changed are the seed document's picture in numbers: a bank of
// ten thousand, of whom few have moved.
const (
	customers = 10000
	changed   = 137
)

// serialOf gives the serial number of the i-th customer's certificate, counted
// from the first that the authority gives.
func serialOf(i int) jpki.SerialNumber {
	s, err := jpki.SerialNumberFrom(big.NewInt(0x0705D990 + int64(i)))
	if err != nil {
		panic(err) // a positive constant and an index
	}
	return s
}

// populate gives the authority certificates and the bank customers, without a
// key or a card for any of them.
func populate(t testing.TB, dir string, now time.Time) {
	t.Helper()
	ctx := context.Background()
	agency, err := authoritydb.Open(filepath.Join(dir, "authority.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer agency.Close()
	records, err := bankdb.Open(filepath.Join(dir, "bank.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	var change authority.Change
	var people []bank.Customer
	for i := range customers {
		change.Certificates = append(change.Certificates, authority.Certificate{
			Kind: jpki.DigitalSignature, Serial: serialOf(i), CardID: fmt.Sprintf("none-%d", i), ResidentID: fmt.Sprintf("none-%d", i),
			NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(4, 0, 0), Delivered: true,
			Standing: authority.Standing{State: authority.Good, Since: now.AddDate(-1, 0, 0)},
		})
		people = append(people, bank.Customer{
			BasicFour: jpki.NewBasicFour(fmt.Sprintf("架空　%d郎", i), jpki.DateOfBirthOn(1980, 1, 1), jpki.Male, fmt.Sprintf("青葉県みほん市仮町%d番地", i)),
			Serial:    serialOf(i), Since: now.AddDate(-1, 0, 0), Consent: bank.Consent{GivenAt: now.AddDate(-1, 0, 0)},
		})
	}
	if err := agency.Commit(ctx, change); err != nil {
		t.Fatal(err)
	}
	branch, _ := bank.BranchByCode("901")
	if err := records.Import(ctx, branch, people); err != nil {
		t.Fatal(err)
	}
}

func TestTheSweepFindsExactlyThoseWhoChanged(t *testing.T) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, jpki.JST)
	dir := t.TempDir()
	populate(t, dir, at)
	e := town(t, Config{DataDir: dir, At: at, Seed: "none"})
	admit(t, e)
	for i := range changed {
		path := fmt.Sprintf("/counter/v1/certificates/%s/%s/revoke", jpki.DigitalSignature, serialOf(i*71))
		send(t, http.DefaultClient, e.Peer("authority")+path, e.cfg.OfficerKey, map[string]any{"reason": jpki.AffiliationChanged, "why": "転居"}, nil)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	teller := &http.Client{Jar: jar}
	send(t, teller, e.Peer("bank")+"/staff/signin", "", map[string]string{"key": e.cfg.BankStaffKey}, nil)
	var got struct {
		Report struct {
			Failure                                         string
			Customers, Unchanged, Changed, Asked, Questions int
		} `json:"report"`
	}
	send(t, teller, e.Peer("bank")+"/staff/sweeps", "", nil, &got)
	r := got.Report
	if r.Failure != "" || r.Customers != customers || r.Changed != changed || r.Asked != changed || r.Unchanged != customers-changed || r.Questions != customers {
		t.Errorf("report %+v: want %d of %d changed and asked", r, changed, customers)
	}
}

// admit enters the bank in the register of verifiers of an empty world.
func admit(t testing.TB, e *Ecosystem) {
	t.Helper()
	send(t, http.DefaultClient, e.Peer("authority")+"/counter/v1/verifiers", e.cfg.OfficerKey,
		map[string]any{"id": "mihon-bank", "name": "みほん銀行", "key": e.cfg.BankKey, "kinds": jpki.Kinds()}, nil)
}

// send posts JSON and wants a 2xx.
func send(t testing.TB, c *http.Client, url, key string, in, out any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode/100 != 2 {
		t.Fatalf("POST %s: %d %s", url, resp.StatusCode, answer.String())
	}
	if out != nil {
		if err := json.Unmarshal(answer.Bytes(), out); err != nil {
			t.Fatalf("POST %s: %v: %s", url, err, answer.String())
		}
	}
}

// BenchmarkConfirmation asks about the customers of the seed document's bank:
// all in one change confirmation, and one by one over OCSP. Both figures are
// for one customer.
func BenchmarkConfirmation(b *testing.B) {
	at := time.Date(2026, 4, 1, 9, 0, 0, 0, jpki.JST)
	dir := b.TempDir()
	populate(b, dir, at)
	e := town(b, Config{DataDir: dir, At: at, Seed: "none"})
	admit(b, e)
	ctx := context.Background()
	v, err := e.verifier(ctx, "bank", e.cfg.BankKey)
	if err != nil {
		b.Fatal(err)
	}
	var serials []jpki.SerialNumber
	for i := range customers {
		serials = append(serials, serialOf(i))
	}
	b.Run("together", func(b *testing.B) {
		for b.Loop() {
			if _, err := v.CheckStatus(ctx, jpki.DigitalSignature, serials...); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/customers, "ns/customer")
	})
	b.Run("one-by-one", func(b *testing.B) {
		i := 0
		for b.Loop() {
			if _, err := v.CheckStatus(ctx, jpki.DigitalSignature, serials[i%customers]); err != nil {
				b.Fatal(err)
			}
			i++
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N), "ns/customer")
	})
}
