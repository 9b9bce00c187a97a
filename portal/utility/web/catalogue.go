package web

import (
	"net/http"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/portal/utility"
)

// site is what the layout says of the house.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "utility", Lobby: lobby, Now: now, Name: ui.Text{JA: "みほん市のくらしの会社", EN: "Businesses of Mihon"},
		Tagline: ui.Text{JA: "電力・ガス・水道・携帯電話・保険", EN: "Power, gas, water, mobile phone, insurance"},
	}
}

// titles are the titles of the pages.
var titles = struct{ front, desk, application ui.Text }{
	front:       ui.Text{JA: "くらしの会社", EN: "Businesses of daily life"},
	desk:        ui.Text{JA: "変更手続の担当", EN: "Changes desk"},
	application: ui.Text{JA: "変更の申請", EN: "Application"},
}

// refusals is what the desks refuse. All of it leads back to the list.
var refusals = rpweb.Table[ui.Link]{Own: []rpweb.Refusal[ui.Link]{
	{Is: utility.ErrNoCase, Status: http.StatusNotFound, Code: "no_application", Say: sayNothing},
	{Is: utility.ErrNoCustomer, Status: http.StatusConflict, Code: "no_customer", Say: sayNothing},
	{Is: utility.ErrExists, Status: http.StatusConflict, Code: "exists", Say: sayExists},
	{Is: utility.ErrCustomer, Status: http.StatusUnprocessableEntity, Code: "customer", Say: sayCustomer},
	{Is: utility.ErrFinal, Status: http.StatusConflict, Code: "final", Say: sayFinal},
	{Is: utility.ErrWhy, Status: http.StatusUnprocessableEntity, Code: "why", Say: sayWhy},
}}

// words explain the errors of the desks.
var words = rpweb.Words{
	Match: refusals.Match,
	Fill:  func(err error) ui.Blanks { return rpweb.Blanks(err, jpki.DigitalSignature, titles.front) },
}

// What the desks say no to.
var (
	sayNothing = rpweb.Say(
		ui.Text{JA: "お探しのものは見つかりません", EN: "There is no such application or customer"},
		ui.Text{JA: "この番号の申請又はお客さまはありません。", EN: "Nothing is registered under this number."},
		ui.Text{JA: "一覧からお選びください。", EN: "Choose one from the list."},
	)
	sayExists = rpweb.Say(
		ui.Text{JA: "このお客さま番号は使われています", EN: "The customer number is taken"},
		ui.Text{JA: "同じ番号のお客さまが登録されています。", EN: "A customer of this number is registered."},
		ui.Text{JA: "番号をお確かめください。", EN: "Check the number."},
	)
	sayCustomer = rpweb.Say(
		ui.Text{JA: "お客さまの登録内容をご確認ください", EN: "Please check the customer’s data"},
		ui.Text{JA: "番号、氏名、生年月日、住所のすべてが必要です。", EN: "Number, name, date of birth and address are required."},
		ui.Text{JA: "番号は20桁までの数字です。", EN: "A number has up to 20 digits."},
	)
	sayFinal = rpweb.Say(
		ui.Text{JA: "この申請は処理済みです", EN: "This application is decided"},
		ui.Text{JA: "完了又は不受理とした申請は、変えられません。", EN: "What was done or rejected cannot be changed."},
		ui.Text{JA: "一覧で状況をお確かめください。", EN: "Check the state in the list."},
	)
	sayWhy = rpweb.Say(
		ui.Text{JA: "理由又は質問を入力してください", EN: "Enter a reason or a question"},
		ui.Text{JA: "お客さまに示す文を、1行で入力します。", EN: "It is shown to the customer, in one line."},
		ui.Text{JA: "入力して、もう一度送信してください。", EN: "Enter it and send again."},
	)
)
