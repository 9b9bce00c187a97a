package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/rp/rptest"
)

// ledger is what the authority counted for the platform this month
// (失効情報提供手数料), by "kind purpose".
func (w *town) ledger() map[string]int {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), http.MethodGet, w.World.URL()+"/verifier/v1/statement?month="+w.Clock.Now().In(jpki.JST).Format("2006-01"), nil)
	webtest.Must(w, err)
	r.Header.Set("Authorization", "Bearer "+rptest.VerifierKey)
	resp, err := http.DefaultClient.Do(r)
	webtest.Must(w, err)
	defer resp.Body.Close()
	var bill struct {
		Lines []struct {
			Kind, Purpose string
			Count         int
		}
	}
	webtest.Must(w, json.NewDecoder(resp.Body).Decode(&bill))
	counted := map[string]int{}
	for _, l := range bill.Lines {
		counted[l.Kind+" "+l.Purpose] += l.Count
	}
	return counted
}

// A login is one question, whoever signs in: to find the holder of a new card
// costs nothing more, and nobody else's certificate is asked about.
func TestEachLoginIsOneLineOfTheLedger(t *testing.T) {
	w := newTown(t)
	const logins = "user-authentication signature-verification"
	count := 0
	counts := func(what string) {
		t.Helper()
		count++
		if got := w.ledger(); got[logins] != count || len(got) != 1 {
			t.Errorf("%s: %v, want %d logins and nothing else", what, got, count)
		}
	}
	for _, who := range []string{"hanako", "taro", "haruto", "hanako"} {
		w.health.signsIn(who)
		counts(who)
	}
	w.Renew("hanako")
	w.booking.signsIn("hanako")
	counts("a renewed card")
	b := w.browser()
	b.answers(b.Visits("/signin"), "hanako").Says(200)
	counts("a sign-in to the platform's own pages")
	b.Visits("/logins").Says(200)
	w.Revoke("taro", jpki.UserAuthentication, jpki.KeyCompromise)
	thief := w.browser()
	thief.answers(thief.Visits(w.health.asks()), "taro").Says(403)
	counts("a refused card")
}
