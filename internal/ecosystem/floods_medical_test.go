package ecosystem

import (
	"net/http"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/seed"
)

// Strangers do at the medical house whatever nobody has to sign in for, at full speed, some
// from the very address of the patients. Who is at a terminal, has a card on its way or is
// signed in at a desk stays where they are, and the queue keeps its bounds.
func TestFloodsEndNobodysReception(t *testing.T) {
	e := town(t, Config{SweepEvery: -1})
	people := []func(){receptionist(t, e), atTheCard(t, e, "/hospital"), atTheCard(t, e, "/pharmacies/mihon"), receivedByPaper(t, e), ownPrescriptions(t, e)}
	medical := e.Peer("medical")
	for _, local := range []string{"127.0.0.1", "127.0.0.2"} {
		stranger := mob{TB: t, local: local}
		stranger.floods(floodSize/4, http.MethodGet, medical+"/hospital/card", "")
		stranger.floods(floodSize/8, http.MethodGet, medical+"/pharmacies/mihon/card", "")
		stranger.floods(floodSize/4, http.MethodPost, medical+"/hospital/nocard", "{}")
		stranger.floods(floodSize/8, http.MethodGet, medical+"/rx/mine", "")
		stranger.floods(floodSize/8, http.MethodPost, medical+"/hospital/pay", `{"no":"1"}`)
	}
	clinic := atTheCard(t, e, "/clinic")
	for range 60 {
		b := webtest.NewBrowser(t, medical)
		b.Fills(answerOf(e, b.Visits("/clinic/card").Says(200)), "token", "{}").Says(200)
	}
	webtest.NewBrowser(t, medical).Visits("/clinic/card").Says(429, "この端末では受付を続けられません")
	for _, still := range append(people, clinic) {
		still()
	}
	webtest.NewBrowser(t, medical).Fills("/hospital/nocard").Says(429, "この端末では受付を続けられません")
	webtest.NewBrowser(t, medical).Visits("/hospital/nocard?lang=en").Says(405)
}

// receptionist is signed in at the hospital's desk. In the end the queue is not longer than
// what two addresses may leave there.
func receptionist(t testing.TB, e *Ecosystem) func() {
	b := webtest.NewBrowser(t, e.Peer("medical"))
	b.Fills("/hospital/desk/signin", "key", seed.MedicalHospitalStaffKey).Says(200)
	before := strings.Count(b.Visits("/hospital/desk").Says(200).Words(), "（氏名なし）")
	return func() {
		p := b.Visits("/hospital/desk").Says(200, "対応が必要な受付")
		if n := strings.Count(p.Words(), "（氏名なし）") - before; n > 2*60 {
			t.Errorf("%d more visits of nobody", n)
		}
	}
}

// atTheCard is a patient at a terminal whose card is asked, and answers in the end.
func atTheCard(t testing.TB, e *Ecosystem, at string) func() {
	b := webtest.NewBrowser(t, e.Peer("medical"))
	p := b.Visits(at + "/card").Says(200)
	return func() {
		token := string(token(t, e, "medical", p.Attribute("data-jpki-nonce"), "card-taro", "2345"))
		b.Fills(answerOf(e, p), "token", token, "presence", "no card lies there").Says(200)
	}
}

// answerOf gives the path to which the card's answer goes.
func answerOf(e *Ecosystem, p webtest.Page) string {
	return strings.TrimPrefix(p.Attribute("action"), e.URL("medical"))
}

// receivedByPaper has told a terminal that there is no card.
func receivedByPaper(t testing.TB, e *Ecosystem) func() {
	b := webtest.NewBrowser(t, e.Peer("medical"))
	b.Fills("/hospital/nocard").Says(200, "カードをお持ちでない方の受付")
	return func() { b.Visits("/hospital/visit").Says(200, "カードをお持ちでない方の受付") }
}

// ownPrescriptions is a patient whose card is asked at the inquiry system's own page.
func ownPrescriptions(t testing.TB, e *Ecosystem) func() {
	b := webtest.NewBrowser(t, e.Peer("medical"))
	p := b.Visits("/rx/mine").Says(200)
	return func() {
		b.Fills("/rx/mine", "token", string(token(t, e, "medical", p.Attribute("data-jpki-nonce"), "card-taro", "2345"))).Says(200)
	}
}
