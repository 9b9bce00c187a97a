package authoritytest

import (
	"testing"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/latest"
	"example.jp/jpkimock/rp"
	kit "example.jp/jpkimock/rp/latest"
)

// LatestStore is what the latest four data service keeps, and what the ledger does.
type LatestStore interface {
	latest.Store
	accreditation.Store
}

// LatestSuite is what every latest.Store must do. open gives an empty store.
func LatestSuite(t *testing.T, open func(*testing.T) LatestStore) {
	t.Run("consents come back, the latest first", func(t *testing.T) { consents(t, open(t)) })
	t.Run("a delivery is made and charged once", func(t *testing.T) { deliveries(t, open(t)) })
}

// verified is the record of a signature.
var verified = rp.Record{Kind: jpki.DigitalSignature}

func consentOf(number, resident, verifier, service string, at time.Time) latest.Consent {
	c := latest.Consent{
		Consent:    kit.Consent{Number: number, Service: service, ServiceName: "試験", Items: []kit.Item{kit.Name, kit.Address}},
		ResidentID: resident, VerifierID: verifier, Verifier: "試験銀行", Serial: "0705D990", ReceivedAt: at, Purpose: "試験のため",
		Signed: rp.SignedDocument{Document: rp.Document{Number: number, Content: "<x/>"}, CMS: []byte{1, 2}, Serial: "0705D990", Record: verified},
	}
	c.From, c.Until = kit.Period(at)
	return c
}

func consents(t *testing.T, s LatestStore) {
	ctx := t.Context()
	first, second := consentOf("LK-1", "hanako", "bank", "a", noon), consentOf("LK-2", "hanako", "bank", "a", noon.Add(time.Second))
	others := []latest.Consent{consentOf("LK-3", "hanako", "bank", "b", noon), consentOf("LK-4", "hanako", "cable", "a", noon), consentOf("LK-5", "taro", "bank", "a", noon)}
	must(t, s.CommitLatest(ctx, latest.Change{Consents: append([]latest.Consent{first, second}, others...)}))
	found := func(q latest.Query) (numbers []string) {
		t.Helper()
		all, err := s.Consents(ctx, q)
		must(t, err)
		for _, c := range all {
			numbers = append(numbers, c.Number)
		}
		return numbers
	}
	same(t, "of a holder to a service", found(latest.Query{ResidentID: "hanako", VerifierID: "bank", Service: "a"}), []string{"LK-2", "LK-1"})
	same(t, "of a verifier", len(found(latest.Query{VerifierID: "bank"})), 4)
	same(t, "by number", found(latest.Query{Number: "LK-3"}), []string{"LK-3"})
	same(t, "another's", found(latest.Query{Number: "LK-3", ResidentID: "taro"}), []string(nil))
	same(t, "all", len(found(latest.Query{})), 5)

	withdrawal := rp.SignedDocument{Document: rp.Document{Number: "LT-1"}, CMS: []byte{3}, Record: verified}
	second.WithdrawnAt, second.Withdrawal = noon.Add(time.Hour), &withdrawal
	must(t, s.CommitLatest(ctx, latest.Change{Consents: []latest.Consent{second}}))
	all, err := s.Consents(ctx, latest.Query{Number: "LK-2"})
	must(t, err)
	same(t, "withdrawn", all, []latest.Consent{second})
}

func deliveries(t *testing.T, s LatestStore) {
	ctx := t.Context()
	fee := []accreditation.FeeCount{{VerifierID: "bank", Kind: jpki.DigitalSignature, Purpose: accreditation.LatestData, Day: "2026-04-01", N: 1}}
	d := latest.Delivery{Consent: "LK-1", ResidentID: "hanako", OldSerial: "01", NewSerial: "02", Items: []kit.Item{kit.Address}, At: noon, Fee: 20}
	later := d
	later.NewSerial, later.At = "03", noon.Add(time.Second)
	for _, made := range []latest.Delivery{d, later} {
		must(t, s.CommitLatest(ctx, latest.Change{Deliveries: []latest.Delivery{made}, Fees: fee}))
	}
	if err := s.CommitLatest(ctx, latest.Change{Deliveries: []latest.Delivery{d}, Fees: fee}); err == nil {
		t.Error("the same delivery is made twice")
	}
	all, err := s.Deliveries(ctx, "hanako")
	must(t, err)
	same(t, "deliveries", all, []latest.Delivery{later, d})
	none, err := s.Deliveries(ctx, "taro")
	must(t, err)
	same(t, "another's", len(none), 0)
	got, ok, err := s.Delivered(ctx, "LK-1", "01", "02")
	must(t, err)
	same(t, "one of them", got, d)
	same(t, "found", ok, true)
	for _, x := range [][3]jpki.SerialNumber{{"LK-2", "01", "02"}, {"LK-1", "02", "02"}, {"LK-1", "01", "04"}} {
		if _, ok, err := s.Delivered(ctx, string(x[0]), x[1], x[2]); ok || err != nil {
			t.Errorf("%v was never made: %t, %v", x, ok, err)
		}
	}
	counted, err := s.Fees(ctx, "bank", "2026-04-01", "2026-04-30")
	must(t, err)
	if len(counted) != 1 || counted[0].N != 2 {
		t.Errorf("on the bill: %+v", counted)
	}
}
