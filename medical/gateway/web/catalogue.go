package web

import (
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical/gateway"
	"example.jp/jpkimock/medical/gateway/merchant"
)

// names are what the pages call things.
var names = struct{ house, tagline, holder, front ui.Text }{
	house:   ui.Text{JA: "みほんカード決済", EN: "Mihon Card Payments"},
	tagline: ui.Text{JA: "かざして、お支払い。", EN: "Touch to pay."},
	holder:  ui.Text{JA: "ご登録の方", EN: "Cardholder"},
	front:   ui.Text{JA: "はじめのページへ", EN: "To the first page"},
}

// titles are the titles of the pages.
var titles = struct{ front, card, confirm, staff ui.Text }{
	front:   ui.Text{JA: "マイナンバーカードで、クレジット払い", EN: "Pay by credit card with your Individual Number Card"},
	card:    ui.Text{JA: "ご登録のクレジットカード", EN: "Your credit card"},
	confirm: ui.Text{JA: "お支払いを確認してください", EN: "Please confirm the payment"},
	staff:   ui.Text{JA: "取引と通知", EN: "Payments and notices"},
}

// signInFirst is an act of a cardholder whose session is over.
var signInFirst = door.Problem{Status: http.StatusUnauthorized, Code: "signed_out", Detail: "sign in with your card first"}

// say makes the words of a refusal. What to do is the same for all.
func say(titleJA, titleEN, whyJA, whyEN string) rpweb.Saying {
	return rpweb.Say(ui.Text{JA: titleJA, EN: titleEN}, ui.Text{JA: whyJA, EN: whyEN},
		ui.Text{JA: "内容をお確かめのうえ、はじめからやり直してください。", EN: "Please check, and begin again."})
}

// refusals is everything that the gateway refuses.
var refusals = rpweb.Table[ui.Link]{Own: []rpweb.Refusal[ui.Link]{
	{Is: gateway.ErrNumber, Status: 422, Code: "card_number", Say: say("カード番号をお確かめください", "Please check the number",
		"カード番号は16桁の数字です。入力された番号は、検査数字が合いません。", "A number has 16 digits. The check digit of this one is wrong.")},
	{Is: gateway.ErrNotTest, Status: 422, Code: "not_a_test_number", Say: say("この番号は登録できません", "This number is not taken",
		"ここで登録できるのは、下の表のテスト番号だけです。本物のカードの番号は入力しないでください。", "Only the test numbers below are taken. Never type the number of a real card.")},
	{Is: gateway.ErrDetails, Status: 422, Code: "card_details", Say: say("カードの情報をお確かめください", "Please check the details",
		"有効期限（月/年）は今月以降、セキュリティコードは3桁の数字です。", "The card must be valid this month (MM/YY), and the security code has three digits.")},
	{Is: gateway.ErrNoCard, Status: 422, Code: "no_credit_card", Say: say("クレジットカードの登録がありません", "No credit card is registered",
		"このマイナンバーカードには、クレジットカードが登録されていません。", "No credit card is registered with this Individual Number Card.")},
	{Is: gateway.ErrNoOrder, Status: 404, Code: merchant.NoOrder, Say: say("お支払いが見つかりません", "There is no such payment",
		"この画面の有効期間が過ぎたか、アドレスが正しくありません。", "This page is over, or its address is wrong.")},
	{Is: gateway.ErrState, Status: 409, Code: "state", Say: say("このお支払いは、すでに進んでいます", "This payment has gone on",
		"確認、取消、又は時間切れになったお支払いです。", "It was confirmed or cancelled, or has expired.")},
	{Is: gateway.ErrOrder, Status: 422, Code: "order", Say: say("注文を受け取れません", "The order is not taken",
		"注文番号、金額又は戻り先が正しくありません。", "The order’s number, amount or return address is wrong.")},
	{Is: gateway.ErrAmount, Status: 422, Code: "amount", Say: say("返金の額が正しくありません", "The refund’s amount is wrong",
		"返金できるのは、売上の額までです。", "No more than was charged can be given back.")},
	{Is: gateway.ErrNoKey, Status: 400, Code: "no_idempotency_key", Say: say("冪等キーがありません", "There is no idempotency key",
		"ヘッダー Idempotency-Key が必要です。", "The header Idempotency-Key is needed.")},
	{Is: gateway.ErrReused, Status: 409, Code: "idempotency_key_reused", Say: say("冪等キーが使用済みです", "The idempotency key was used",
		"この冪等キーは、別の内容に使われています。", "This key was used for something else.")},
}}

// words explain the refusals. Each leads back to the first page.
func words() rpweb.Words {
	return rpweb.Words{
		Match: func(err error) (rpweb.Refusal[ui.Link], bool) {
			r, ok := refusals.Match(err)
			r.Next = []ui.Link{{Text: names.front, Href: "/", Primary: true}}
			return r, ok
		},
		Fill: func(err error) ui.Blanks { return rpweb.Blanks(err, jpki.UserAuthentication, names.house) },
	}
}
