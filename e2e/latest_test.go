package e2e

import (
	"testing"
	"time"

	"example.jp/jpkimock/internal/ui"
)

// Who has consented once is never asked for a new address: the bank gets it from the
// authority, for 20 yen. The citizen sees at the authority what was given, and withdraws;
// from then on the bank asks again.
func TestTaroConsentsAndIsAskedNoMore(t *testing.T) {
	t.Parallel()
	w := NewWorld(t)
	taro := w.As(t, "taro")
	number := taro.SignsIn()
	taro.Clicks("to-latest")
	taro.FindsNoBarrier()
	taro.Clicks("latest-about")
	taro.FindsNoBarrier()
	taro.Follows("← 同意の画面へ", "")
	taro.Clicks("latest-agree")
	taro.Reads("document", "<項目>住所</項目>", "")
	taro.FindsNoBarrier()
	taro.Signs()
	taro.Sees("latest-given")
	taro.Sees("latest-waits") // until midnight
	taro.FindsNoBarrier()
	consent := taro.Text("latest-number")

	officer := w.officer(t, "mado-1", ui.Japanese)
	officer.movesAndIsIssued("taro", "みなみ町１番")
	w.Advances(24 * time.Hour) // a new day: the bank looks by itself
	clerk := w.clerk(t, ui.Japanese)
	clerk.OpensTheRecordOf(number)
	clerk.Reads("record", "みなみ町１番", "")
	clerk.Reads("history", "機構から最新の氏名・住所の提供を受け", "")
	taro.SignsIn()
	taro.must(taro.expect(taro.found("notice-link")).ToHaveCount(0), "be asked nothing")
	taro.Goes("bank", "/inbox")
	taro.IsTold("お届けの内容を新しくしました", "")

	taro.Goes("authority", "/consents")
	taro.FindsNoBarrier()
	taro.inTheCardWindowOf("authority", "consents-signin", func() { taro.TypesPIN(taro.Card.AuthenticationPIN) })
	taro.Reads("consent-state", "有効", "")
	taro.Reads("delivered", "氏名、住所", "")
	taro.FindsNoBarrier()
	taro.Clicks("to-withdrawal")
	taro.Reads("document", consent, "")
	taro.FindsNoBarrier()
	taro.inTheCardWindowOf("authority", "sign-button", func() { taro.TypesPIN(taro.Card.SignaturePIN) })
	taro.Sees("withdrawn")
	taro.Reads("consent-state", "取り消しました", "")
	taro.FindsNoBarrier()
	ministry := w.officer(t, "mic-1", ui.Japanese)
	ministry.Goes("authority", "/office/fees")
	ministry.Reads("statement-mihon-bank", "最新の利用者情報の提供", "")

	officer.SignsInAtTheOffice("mado-1")
	officer.movesAndIsIssued("taro", "きた町２番")
	clerk.Sweeps()
	clerk.Counts(map[string]int{"asked": 1, "changed": 1})
	taro.Goes("bank", "/account")
	taro.Sees("notice-link")
	taro.Goes("bank", "/consent/latest")
	taro.Sees("latest-ended")
}

// movesAndIsIssued takes a move, and issues the certificate with the new address.
func (p *Person) movesAndIsIssued(id, address string) {
	p.t.Helper()
	p.Takes(id, act{event: "move-house", fields: map[string]string{"address": address}, effects: []string{signatureEnds, loginStays}})
	p.Clicks("next-reissue")
	reissue := act{event: "reissue", fields: map[string]string{"kinds": "digital-signature"}, effects: []string{signatureIssued, loginStays}}
	p.Prepares(reissue)
	p.Confirms(reissue)
}
