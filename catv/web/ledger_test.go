package web_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/rptest"
)

// ledger is what the authority counted for the house this month (失効情報提供手数料),
// by "kind purpose".
func (r *room) ledger() map[string]int {
	r.Helper()
	q, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.World.URL()+"/verifier/v1/statement?month="+r.Clock.Now().In(jpki.JST).Format("2006-01"), nil)
	webtest.Must(r, err)
	q.Header.Set("Authorization", "Bearer "+rptest.VerifierKey)
	resp, err := http.DefaultClient.Do(q)
	webtest.Must(r, err)
	defer resp.Body.Close()
	var bill struct {
		Lines []struct {
			Kind, Purpose string
			Count         int
		}
	}
	webtest.Must(r, json.NewDecoder(resp.Body).Decode(&bill))
	counted := map[string]int{}
	for _, l := range bill.Lines {
		counted[l.Kind+" "+l.Purpose] += l.Count
	}
	return counted
}

// costs wants what an act adds to the ledger, and nothing else.
func (r *room) costs(what string, want map[string]int, act func()) {
	r.Helper()
	before := r.ledger()
	act()
	got := r.ledger()
	for k, n := range before {
		if got[k] -= n; got[k] == 0 {
			delete(got, k)
		}
	}
	if !maps.Equal(got, want) {
		r.Errorf("%s: counted %v, want %v", what, got, want)
	}
}

// What somebody proves now is 署名検証; what is asked about certificates that are
// kept is 現況確認. Whose certificate is new costs nothing more to learn.
func TestTheLedgerCountsEachQuestionByItsPurpose(t *testing.T) {
	const (
		signatures  = "digital-signature signature-verification"
		signIns     = "user-authentication signature-verification"
		residencies = "digital-signature current-status"
		viewers     = "user-authentication current-status"
	)
	r := newRoom(t)
	one := func(kind string) map[string]int { return map[string]int{kind: 1} }
	hanako := r.browser()
	r.costs("two enrolments", map[string]int{signIns: 2}, func() { r.family() })
	r.costs("a sign-in", one(signIns), func() { r.browser().signsIn("hanako").Says(200) })
	r.Renew("hanako")
	r.costs("a sign-in with a renewed card", one(signIns), func() { hanako.signsIn("hanako").Says(200) })
	hanako.enters("booking")
	r.costs("a price without a proof", nil, func() { hanako.Visits("/booking/price").Says(200) })
	r.costs("an application", one(signatures), func() { r.browser().signs("hanako").Says(200) })
	r.costs("the price of a resident", one(residencies), func() { hanako.Visits("/booking/price").Says(200) })
	r.costs("a booking", one(residencies), func() { hanako.books(3, "800").Says(200) })
	r.costs("a look at a computer", map[string]int{signIns: 1, residencies: 1}, func() { r.browser().looks("hanako").Says(200) })
	confirm := func() {
		r.Clock.Advance(24 * time.Hour)
		_, _, err := r.booking.ConfirmResidents(t.Context())
		webtest.Must(t, err)
	}
	r.costs("the confirmation of a day", one(residencies), confirm)
	desk := r.staff("operator")
	r.costs("the operator looks at a household", map[string]int{viewers: 2}, func() { desk.Visits("/operator/contracts/100101").Says(200, "有効") })
	webtest.Must(t, r.booking.WithdrawResidency(t.Context(), 1))
	r.costs("the confirmation after a withdrawal", nil, confirm)
}
