package web

import (
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

// payTitles are the titles of the cashier's pages and of those at which patients pay.
var payTitles = struct{ cashier, bill, receipt, statement, pay ui.Text }{
	cashier:   ui.Text{JA: "会計", EN: "Cashier"},
	bill:      ui.Text{JA: "会計の内容", EN: "Bill"},
	receipt:   ui.Text{JA: "領収書", EN: "Receipt"},
	statement: ui.Text{JA: "診療明細書", EN: "Itemised statement"},
	pay:       ui.Text{JA: "会計（お支払い）", EN: "Pay"},
}

// gatewaySilent is the code for a gateway that gave no challenge: nothing was sent.
const gatewaySilent = "gateway_silent"

var sayLines = rpweb.Say(
	ui.Text{JA: "会計の内容をお確かめください", EN: "Please check the bill"},
	ui.Text{JA: "行った診療を選んでください。資格の確認が済むまで、会計は作れません。", EN: "Choose what was done. There is no bill before the eligibility is settled, or taken by paper."},
	ui.Text{JA: "選び直してください。", EN: "Please choose again."})
