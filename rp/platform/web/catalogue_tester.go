package web

import (
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform/tester"
)

// personStates say what a test person is good for showing.
var personStates = map[string]ui.Text{
	"normal":       {JA: "有効なカード", EN: "valid card"},
	"child":        {JA: "こどものカード", EN: "child's card"},
	"expired":      {JA: "有効期間満了", EN: "expired"},
	"revoked":      {JA: "署名用だけ失効", EN: "signature certificate revoked"},
	"suspended":    {JA: "一時停止中", EN: "suspended"},
	"one-try-left": {JA: "残り1回でロック", EN: "one try left"},
	"blocked":      {JA: "暗証番号ロック", EN: "PIN blocked"},
	"lost":         {JA: "紛失の届出", EN: "reported lost"},
	"dead-card":    {JA: "ICチップ故障", EN: "broken chip"},
}

// outcomeGroups name the steps of a sign-in.
var outcomeGroups = map[string]ui.Text{
	"person":      {JA: "カードの操作での異常", EN: "At the card"},
	"answer":      {JA: "カードの回答の異常", EN: "In the card's answer"},
	"certificate": {JA: "電子証明書の異常", EN: "In the certificate"},
}

// outcomeNames name the outcomes.
var outcomeNames = map[tester.Outcome]ui.Text{
	tester.Declined:    {JA: "サインインしないで戻る", EN: "Goes back without signing in"},
	tester.CardLeft:    {JA: "途中でカードを取り外す", EN: "Takes the card away"},
	tester.Cancelled:   {JA: "カードの画面で中止する", EN: "Cancels at the card"},
	tester.TimedOut:    {JA: "カードの画面の時間切れ", EN: "Times out at the card"},
	tester.NoCard:      {JA: "カードを置かない", EN: "Lays no card"},
	tester.WrongPIN:    {JA: "暗証番号の誤り", EN: "Types a wrong PIN"},
	tester.Blocked:     {JA: "暗証番号のロック", EN: "PIN is blocked"},
	tester.OtherNonce:  {JA: "別のチャレンジへの回答", EN: "Answers another challenge"},
	tester.OtherOrigin: {JA: "別のサイトへの回答", EN: "Answers another site"},
	tester.Altered:     {JA: "署名値の改ざん", EN: "Signature changed on its way"},
	tester.Revoked:     {JA: "失効している", EN: "Revoked"},
	tester.Suspended:   {JA: "一時停止（一時保留）", EN: "Suspended"},
	tester.Expired:     {JA: "有効期間が過ぎている", EN: "Expired"},
	tester.Unknown:     {JA: "発行の記録がない", EN: "Unknown to the authority"},
	tester.Unavailable: {JA: "有効性を確認できない", EN: "Authority does not answer"},
}

// The refusals of the tester's screen.
var (
	sayNoTester = rpweb.Say(
		ui.Text{JA: "試験用の画面は使えません", EN: "The test page is switched off"},
		ui.Text{JA: "この基盤は、試験用の画面を使わない設定で動いています。", EN: "This platform runs without it."},
		ui.Text{JA: "カードでサインインしてください。試すときは --tester を付けて起動してください。", EN: "Please use your card. To test without one, start jpkimock with --tester."},
	)
	sayNoTestPerson = rpweb.Say(
		ui.Text{JA: "試験用の人物を選んでください", EN: "Choose a test person"},
		ui.Text{JA: "選ばれた人物は、この町の試験用の人物ではありません。", EN: "The person chosen is not one of this town's test persons."},
		ui.Text{JA: "試験用の画面に戻って、選び直してください。", EN: "Go back to the test page and choose again."},
	)
	sayNoOutcome = rpweb.Say(
		ui.Text{JA: "結果を選んでください", EN: "Choose an outcome"},
		ui.Text{JA: "選ばれた結果は、試験用の画面にありません。", EN: "The outcome chosen is not on the test page."},
		ui.Text{JA: "試験用の画面に戻って、選び直してください。", EN: "Go back to the test page and choose again."},
	)
	sayTesterSilent = rpweb.Say(
		ui.Text{JA: "試験用のカードが応答しません", EN: "The test person's card does not answer"},
		ui.Text{JA: "カードの窓口（利用者クライアントソフト）に接続できませんでした。", EN: "The card house could not be reached."},
		ui.Text{JA: "しばらくしてから、もう一度お試しください。", EN: "Please try again in a while."},
	)
	sayTesterLastTry = rpweb.Say(
		ui.Text{JA: "このカードでは暗証番号の誤りを試せません", EN: "A wrong PIN cannot be tried with this card"},
		ui.Text{JA: "残り1回の誤りで、カードがロックされるためです。", EN: "One more wrong PIN would block it."},
		ui.Text{JA: "別の人物を選ぶか、「暗証番号のロック」を選んでください。", EN: "Choose another person, or “PIN is blocked”."},
	)
)
