package ecosystem

import (
	"encoding/json"
	"testing"

	"example.jp/jpkimock/internal/webtest"
)

// BenchmarkSignInUnwatched measures a sign-in over HTTP with the recorder before every house
// and nobody looking, next to one at the same houses with no recorder before them, in turn.
// It reports the ratio of the processor time of both: at most 1.02.
func BenchmarkSignInUnwatched(b *testing.B) {
	e := town(b, Config{SweepEvery: -1})
	bare := town(b, Config{SweepEvery: -1, unrecorded: true})
	var with, without cost
	signsIn := func(e *Ecosystem) func() {
		c := webtest.NewBrowser(b, "")
		return func() {
			var challenge struct {
				Nonce string `json:"nonce"`
			}
			send(b, c, e.Peer("bank")+"/signin/challenge", "", struct{}{}, &challenge)
			var token json.RawMessage
			send(b, c, e.Peer("card")+"/v1/authenticate", "", map[string]string{"card": "card-taro", "pin": "2345", "origin": e.URL("bank"), "nonce": challenge.Nonce}, &token)
			send(b, c, e.Peer("bank")+"/signin", "", map[string]any{"token": token}, nil)
		}
	}
	one, other := signsIn(e), signsIn(bare)
	for b.Loop() {
		with.add(one)
		without.add(other)
	}
	b.ReportMetric(float64(with.processor)/float64(without.processor), "x-processor")
	b.ReportMetric(float64(with.wall)/float64(without.wall), "x-wall")
}
