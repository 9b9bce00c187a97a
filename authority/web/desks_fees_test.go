package web_test

import (
	"crypto"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/authoritytest"
	"example.jp/jpkimock/authority/jpki"
)

// prices gives the tariff as it stands.
func (tn *town) prices() []accreditation.TariffRow {
	tn.t.Helper()
	rows, err := tn.Ministry.Tariff(tn.t.Context())
	if err != nil {
		tn.t.Fatal(err)
	}
	return rows
}

// csvOf downloads a month's statements as a ministry officer does.
func (c *clerk) csvOf(month string) [][]string {
	c.t.Helper()
	resp := c.goes("GET", "/office/fees.csv?month="+month, nil).says(200)
	rows, err := csv.NewReader(strings.NewReader(resp.page)).ReadAll()
	if err != nil {
		c.t.Fatal(err)
	}
	return rows
}

// TestATariffLeadsToTheBill follows a price from the officer's form to page,
// CSV and the verifier's own statement: charged in 2022, waived from January
// 2023, charged again from a day in the middle of a month.
func TestATariffLeadsToTheBill(t *testing.T) {
	tn := open(t)
	at := func(y int, m time.Month, d, hour int) {
		tn.clock.Set(time.Date(y, m, d, hour, 0, 0, 0, jpki.JST))
	}
	at(2022, time.December, 30, 9)
	issued := tn.Settle(authoritytest.Hanako())
	ask := func(kind jpki.Kind, times int, headers ...string) {
		t.Helper()
		for range times {
			tn.do("POST", "/ocsp/"+kind.String(), tn.question(issued.Certificates[kind], crypto.SHA1), slices.Concat(asOCSP, headers)...)
		}
	}
	ask(sign, 2)
	ask(auth, 3)
	at(2022, time.December, 31, 23)
	ask(sign, 1, "JPKI-Purpose", "current-status")
	at(2023, time.January, 1, 0)
	ask(sign, 4) // waived from midnight in Japan, which is the afternoon of 31 December elsewhere

	at(2026, time.April, 10, 9)
	c := tn.at("mic-1")
	ask(sign, 5)
	c.visits("/office/fees").says(200, "令和8年4月", `data-testid="statement-total">0円`)
	price := func(from, yen, why string) *clerk {
		return c.fills("/office/fees/tariff", "from", from, "kind", "digital-signature", "yen", yen, "why", why)
	}
	before := tn.prices()
	price("2026-03-31", "30", "さかのぼる改定").says(422, "終わった月の手数料は、もう変えられません", `value="2026-03-31"`)
	if after := tn.prices(); !slices.Equal(before, after) {
		t.Errorf("a refused price has changed the tariff: %v", after)
	}
	price("2026-04-15", "30", "試行の終了").says(200, "今後適用", "mic-1 認定　四郎", "試行の終了")
	at(2026, time.April, 14, 23)
	ask(sign, 1)
	at(2026, time.April, 15, 0)
	ask(sign, 2)
	ask(auth, 7)

	c = tn.at("mic-1")
	c.visits("/office/fees").says(200, `data-testid="statement-count">15<`, `data-testid="statement-total">60円`, ">4月15日<", "適用中", "30円")
	c.visits("/office/fees?month=2022-12").says(200, `data-testid="statement-count">6<`, `data-testid="statement-total">66円`, "変更確認")
	c.visits("/office/fees?month=2023-01").says(200, `data-testid="statement-count">4<`, `data-testid="statement-total">0円`)
	wantRows(t, "April", c.csvOf("2026-04"), []string{
		"2026-04-10 digital-signature signature-verification 5 0 0", "2026-04-14 digital-signature signature-verification 1 0 0",
		"2026-04-15 digital-signature signature-verification 2 30 60", "2026-04-15 user-authentication signature-verification 7 0 0",
	})
	wantRows(t, "December", c.csvOf("2022-12"), []string{
		"2022-12-30 digital-signature signature-verification 2 20 40", "2022-12-30 user-authentication signature-verification 3 2 6",
		"2022-12-31 digital-signature current-status 1 20 20",
	})
	r := tn.do("GET", "/verifier/v1/statement?month=2026-04&format=csv", nil, bearer...)
	tn.want(r, 200, "")
	if got := r.Header.Get("Content-Disposition"); !strings.Contains(got, "attachment") || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("a download of %q, %q", r.Header.Get("Content-Type"), got)
	}
	own, err := csv.NewReader(strings.NewReader(r.text())).ReadAll()
	if err != nil || !slices.EqualFunc(own, c.csvOf("2026-04"), slices.Equal) {
		t.Errorf("the verifier is told %q, %v", own, err)
	}
	contains(t, "the verifier's statement", tn.do("GET", "/verifier/v1/statement?month=2026-04", nil, bearer...).text(), `"count":15,"amount":60`)

	at(2026, time.May, 1, 0)
	c = tn.at("mic-1")
	price("2026-04-15", "99", "4月の改定").says(422, "終わった月の手数料は、もう変えられません")
	c.visits("/office/fees?month=2026-04").says(200, `data-testid="statement-total">60円`)
}

// wantRows compares a downloaded statement of test-bank with its lines, "day kind
// purpose count yen amount".
func wantRows(t *testing.T, what string, rows [][]string, want []string) {
	t.Helper()
	var got []string
	for _, r := range rows[1:] {
		if r[1] != "test-bank" || r[2] != "試験銀行" || !strings.HasPrefix(r[3], r[0]) {
			t.Errorf("%s: %q", what, r)
		}
		got = append(got, strings.Join(r[3:], " "))
	}
	if head := fmt.Sprint(rows[0]); head != "[\uFEFFmonth verifier name day kind purpose count yen amount]" || !slices.Equal(got, want) {
		t.Errorf("%s: %s\n%q, want\n%q", what, head, got, want)
	}
}

// TestTheFeesOf2014: the page shows what the material of 2014 would have charged; the
// bill, and what programs are told, stay as they are.
func TestTheFeesOf2014(t *testing.T) {
	tn := open(t)
	issued := tn.Settle(authoritytest.Hanako())
	for _, kind := range jpki.Kinds() {
		tn.do("POST", "/ocsp/"+kind.String(), tn.question(issued.Certificates[kind], crypto.SHA1), asOCSP...)
	}
	tn.do("POST", confirmPath, []byte(line(sign, issued.Certificates[sign].Serial)), asLines...)
	c := tn.at("mic-1")
	c.visits("/office/fees").says(200, "署名の検証", "利用者証明の検証", "変更確認", `data-testid="statement-total">0円`).silent("現況確認", "参考の金額")
	month := tn.clock.Now().In(jpki.JST).Format("2006-01")
	c.visits("/office/fees?prices=2014").says(200, "2014年の資料の時代（20円・2円）", "参考の金額", `data-testid="statement-total">42円`, `href="/office/fees?month=`+month+`"`)
	c.visits("/office/fees?prices=2014&lang=en").says(200, "material of 2014", "¥42")
	if bill, err := tn.Ministry.Statement(t.Context(), "test-bank", month); err != nil || bill.Amount != 0 || bill.Count != 3 {
		t.Errorf("%+v, %v", bill, err)
	}
	contains(t, "the tariff", tn.do("GET", "/register/v1/tariff", nil).text(),
		`"today":{"digital-signature":0,"user-authentication":0}`, `"of2014":{"digital-signature":20,"user-authentication":2}`)
}
