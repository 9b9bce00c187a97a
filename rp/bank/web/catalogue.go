package web

import (
	"time"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

// site is what the layout says about the bank.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "bank", Lobby: lobby, Now: now,
		Name:    ui.Text{JA: "みほん銀行", EN: "Mihon Bank"},
		Tagline: ui.Text{JA: "カードが、通帳とはんこの代わりです。", EN: "Your card is your passbook and your seal."},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "口座開設", EN: "Open an account"}, Href: "/accounts/new"},
			{Text: ui.Text{JA: "サインイン", EN: "Sign in"}, Href: "/signin"},
			{Text: ui.Text{JA: "口座・明細", EN: "Account"}, Href: "/account"},
			{Text: ui.Text{JA: "振込", EN: "Transfer"}, Href: "/transfers/new"},
			{Text: ui.Text{JA: "お知らせ", EN: "Inbox"}, Href: "/inbox"},
			{Text: ui.Text{JA: "ご利用の手引き", EN: "Help"}, Href: "/help"},
		},
	}
}

// titles are the titles of the pages.
var titles = struct {
	home, help, open, draft, opened, signIn, signedOut, account, application, transfer, confirm, sent ui.Text
	inbox, notice, change, form, changed, consent, withdraw, latest, latestAbout, latestSign          ui.Text
}{
	home:        ui.Text{JA: "カードで、きょうから使える口座", EN: "An account you can use today"},
	help:        ui.Text{JA: "ご利用の手引き", EN: "Help"},
	open:        ui.Text{JA: "口座開設 - お申込み内容の入力", EN: "Open an account: your choices"},
	draft:       ui.Text{JA: "口座開設 - 内容の確認と署名", EN: "Open an account: read and sign"},
	opened:      ui.Text{JA: "口座開設 - 完了", EN: "Open an account: done"},
	signIn:      ui.Text{JA: "サインイン", EN: "Sign in"},
	signedOut:   ui.Text{JA: "サインアウトしました", EN: "Signed out"},
	account:     ui.Text{JA: "口座・入出金明細", EN: "Account and statement"},
	application: ui.Text{JA: "口座開設申込書の控え", EN: "Your signed application"},
	transfer:    ui.Text{JA: "振込 - 入力", EN: "Transfer"},
	confirm:     ui.Text{JA: "振込 - 内容の確認", EN: "Transfer: confirm"},
	sent:        ui.Text{JA: "振込 - 完了", EN: "Transfer: done"},

	inbox:       ui.Text{JA: "お知らせ", EN: "Inbox"},
	notice:      ui.Text{JA: "お知らせ", EN: "Message"},
	change:      ui.Text{JA: "変更届", EN: "Change notice"},
	form:        ui.Text{JA: "届出書の確認と署名", EN: "Read and sign"},
	changed:     ui.Text{JA: "変更届 - 完了", EN: "Change notice: done"},
	consent:     ui.Text{JA: "電子証明書の利用許諾", EN: "Consent to check your certificate"},
	latest:      ui.Text{JA: "最新の住所・氏名の提供への同意", EN: "Consent to get your latest details"},
	latestAbout: ui.Text{JA: "最新の住所・氏名の提供について", EN: "About getting your latest details"},
	latestSign:  ui.Text{JA: "同意の内容の確認と署名", EN: "Read and sign your consent"},
	withdraw:    ui.Text{JA: "許諾を撤回しますか", EN: "Withdraw your consent?"},
}

// links lead on from a refusal.
var links = struct {
	front, help, signIn, opening, startOver, transfer, account, change, consent, inbox, latest ui.Link
}{
	front:     ui.Link{Text: ui.Text{JA: "最初のページへ", EN: "Front page"}, Href: "/"},
	help:      ui.Link{Text: ui.Text{JA: "窓口とお手続きのご案内", EN: "Where to go and what to bring"}, Href: "/help"},
	signIn:    ui.Link{Text: ui.Text{JA: "サインインする", EN: "Sign in"}, Href: "/signin"},
	opening:   ui.Link{Text: ui.Text{JA: "口座を開設する", EN: "Open an account"}, Href: "/accounts/new"},
	startOver: ui.Link{Text: ui.Text{JA: "申込書を作り直す", EN: "Start the application again"}, Href: "/accounts/new"},
	transfer:  ui.Link{Text: ui.Text{JA: "振込の入力に戻る", EN: "Back to the transfer"}, Href: "/transfers/new"},
	account:   ui.Link{Text: ui.Text{JA: "口座の画面へ", EN: "Your account"}, Href: "/account"},
	change:    ui.Link{Text: ui.Text{JA: "サインインせずに変更届を出す", EN: "Send a change notice without signing in"}, Href: "/changes/new"},
	consent:   ui.Link{Text: ui.Text{JA: "利用許諾の画面へ", EN: "Your consent"}, Href: "/consent"},
	latest:    ui.Link{Text: ui.Text{JA: "同意の画面へ", EN: "Your consent"}, Href: "/consent/latest"},
	inbox:     ui.Link{Text: ui.Text{JA: "お知らせの一覧へ", EN: "Your inbox"}, Href: "/inbox"},
}

// again stands in a table for the link back to the act that was refused, which
// againAfter finds.
var again ui.Link

// The words for doing again what was refused.
var (
	signInAgain = ui.Text{JA: "もう一度サインインする", EN: "Sign in again"}
	signAgain   = ui.Text{JA: "もう一度署名する", EN: "Sign again"}
)

// fieldErrors are the errors of a transfer that are said beside a field.
var fieldErrors = []struct {
	is    error
	field string // the input's name
	say   ui.Text
}{
	{bank.ErrAccountNumber, "to", ui.Text{JA: "口座番号は7桁の数字で入力してください。", EN: "Enter the account number as seven digits."}},
	{bank.ErrNoAccount, "to", ui.Text{JA: "この口座番号の口座は、みほん銀行にありません。", EN: "Mihon Bank has no account with this number."}},
	{bank.ErrSameAccount, "to", ui.Text{JA: "ご自身の口座へは振り込めません。", EN: "You cannot transfer to your own account."}},
	{bank.ErrAmount, "amount", ui.Text{JA: "金額は1円以上100万円以下の整数で入力してください。", EN: "Enter a whole amount from ¥1 to ¥1,000,000."}},
	{bank.ErrInsufficientFunds, "amount", ui.Text{JA: "残高が不足しています。", EN: "Your balance does not cover this amount."}},
	{bank.ErrMemo, "memo", ui.Text{JA: "摘要は30文字までの1行で入力してください。", EN: "Enter a note of one line, at most 30 characters."}},
}
