package web

import (
	"time"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// site is what the layout says on the pages of staff.
func site(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "bank", Lobby: lobby, Now: now,
		Name:    ui.Text{JA: "みほん銀行 行内", EN: "Mihon Bank staff"},
		Tagline: ui.Text{JA: "行員用の画面です。お客さまには見せないでください。", EN: "For staff only."},
		Nav: []ui.Link{
			{Text: ui.Text{JA: "業務のトップ", EN: "Desk"}, Href: "/staff"},
			{Text: ui.Text{JA: "変更確認", EN: "Change confirmations"}, Href: "/staff/sweeps"},
			{Text: ui.Text{JA: "お客さま", EN: "Customers"}, Href: "/staff/customers"},
			{Text: ui.Text{JA: "照会状", EN: "Letters"}, Href: "/staff/letters"},
			{Text: ui.Text{JA: "店頭窓口", EN: "Branch counter"}, Href: "/branch"},
			{Text: ui.Text{JA: "費用の比較", EN: "Costs compared"}, Href: "/staff/comparison"},
		},
	}
}

var staffName = ui.Text{JA: "行員", EN: "Staff"}

// titles are the titles of the pages.
var titles = struct {
	front, customers, record, confirmations, confirmation, waiting, letters, letter, branch, visitor ui.Text
}{
	front:         ui.Text{JA: "業務のトップ", EN: "Desk"},
	customers:     ui.Text{JA: "お客さまの一覧", EN: "Customers"},
	record:        ui.Text{JA: "お客さまの記録", EN: "Customer record"},
	confirmations: ui.Text{JA: "変更確認", EN: "Change confirmations"},
	waiting:       ui.Text{JA: "お手続き待ちのお客さま", EN: "Customers awaiting reply"},
	confirmation:  ui.Text{JA: "変更確認の結果", EN: "Result of the change confirmation"},
	letters:       ui.Text{JA: "照会状", EN: "Letters"},
	letter:        ui.Text{JA: "照会状", EN: "Letter"},
	branch:        ui.Text{JA: "店頭窓口", EN: "Branch counter"},
	visitor:       ui.Text{JA: "店頭窓口 - お客さま", EN: "Branch counter: customer"},
}

// links lead on from a refusal.
var links = struct {
	customers, confirmations, letters, branch, opening, change ui.Link
}{
	customers:     ui.Link{Text: ui.Text{JA: "お客さまの一覧へ", EN: "Customers"}, Href: "/staff/customers"},
	confirmations: ui.Link{Text: ui.Text{JA: "変更確認の一覧へ", EN: "Change confirmations"}, Href: "/staff/sweeps"},
	letters:       ui.Link{Text: ui.Text{JA: "照会状の一覧へ", EN: "Letters"}, Href: "/staff/letters"},
	branch:        ui.Link{Text: ui.Text{JA: "店頭窓口の画面へ", EN: "Branch counter"}, Href: "/branch"},
	opening:       ui.Link{Text: ui.Text{JA: "口座の開設をご案内する", EN: "Offer to open an account"}, Href: "/accounts/new"},
	change:        ui.Link{Text: ui.Text{JA: "変更届をご案内する", EN: "Offer the change notice"}, Href: "/changes/new"},
}

// badge is what is known of a customer, in a word and a colour of the shared
// style sheet.
type badge struct {
	Tone string
	Text ui.Text
}

// withheld is the choice of the list for those who have withdrawn.
const withheld = "withheld"

// badges are the words for the states of a customer's certificate.
var badges = map[rp.State]badge{
	"":            {"neutral", ui.Text{JA: "未確認", EN: "Not asked yet"}},
	rp.Unchanged:  {"good", ui.Text{JA: "異動なし", EN: "Unchanged"}},
	rp.Changed:    {"bad", ui.Text{JA: "異動あり", EN: "Changed"}},
	rp.Revoked:    {"bad", ui.Text{JA: "失効", EN: "Revoked"}},
	bank.Reissued: {"wait", ui.Text{JA: "再発行（未確認）", EN: "Re-issued, unconfirmed"}},
	rp.Suspended:  {"wait", ui.Text{JA: "一時停止", EN: "Suspended"}},
	rp.Expired:    {"wait", ui.Text{JA: "期間満了", EN: "Expired"}},
	rp.Unknown:    {"bad", ui.Text{JA: "発行記録なし", EN: "Unknown"}},
	rp.State("-"): {"neutral", ui.Text{JA: "許諾の撤回", EN: "Withdrawn"}},
}

func badgeOf(withdrawn bool, s bank.Standing) badge {
	if withdrawn {
		return badges["-"]
	}
	return badges[s.State]
}

func badgeOfNotice(k bank.NoticeKind) badge {
	tone := "bad"
	if k == bank.NoticeSuspended || k == bank.NoticeExpired || k == bank.NoticeRenewed || k == bank.NoticeReissued {
		tone = "wait"
	}
	return badge{tone, room.ShortName(k)}
}

// stateChoices are the choices of the list of customers.
var stateChoices = []stateChoice{
	{"", ui.Text{JA: "すべて", EN: "All"}},
	{string(rp.Unchanged), badges[rp.Unchanged].Text}, {string(rp.Changed), badges[rp.Changed].Text},
	{string(rp.Revoked), badges[rp.Revoked].Text}, {string(bank.Reissued), badges[bank.Reissued].Text}, {string(rp.Suspended), badges[rp.Suspended].Text},
	{string(rp.Expired), badges[rp.Expired].Text}, {string(rp.Unknown), badges[rp.Unknown].Text}, {withheld, badges["-"].Text},
}

// actWords say what an entry of a history tells.
var actWords = map[bank.Act]ui.Text{
	bank.ActChanged:          {JA: "変更届を受け付けた", EN: "Change notice accepted"},
	bank.ActConsentWithdrawn: {JA: "利用許諾が撤回された", EN: "Consent withdrawn"},
	bank.ActConsentGiven:     {JA: "利用許諾が改めて与えられた", EN: "Consent given again"},
	bank.ActPaired:           {JA: "新しい利用者証明用電子証明書（更新・再発行）を確認し、記録を改めた", EN: "New user authentication certificate recognised"},
	bank.ActDelivered:        {JA: "お客さまの同意により、機構から最新の氏名・住所の提供を受け、記録を改めた", EN: "Latest name and address delivered by the authority, as the customer had consented"},
	bank.ActFollowed:         {JA: "更新された署名用電子証明書を確認し、以後の変更確認の対象とした", EN: "Renewed digital signature certificate found; it is watched from now on"},
	bank.ActReissued:         {JA: "再発行された署名用電子証明書を確認し、以後の変更確認の対象とした（それまでの異動の有無は未確認）", EN: "Re-issued digital signature certificate found; it is watched from now on (changes until then are not known)"},
	bank.ActTouched:          {JA: "店頭窓口でカードがかざされた", EN: "Card touched at a branch counter"},
	bank.ActRecordOpened:     {JA: "行員が記録を開いた", EN: "Record opened by staff"},
}

// failureWords say why a confirmation failed.
var failureWords = map[bank.Failure]ui.Text{
	bank.FailedNotAccredited: {JA: "地方公共団体情報システム機構が、当行への失効情報の提供を断りました（検証者としての認定の状況によるものです）。", EN: "The authority refuses to give us revocation information, for reasons of our accreditation as a verifier."},
	bank.FailedUnavailable:   {JA: "地方公共団体情報システム機構から回答がありませんでした。", EN: "The authority did not answer."},
	bank.FailedAnswer:        {JA: "回答が照会の内容と一致しませんでした。この回答は用いません。", EN: "The answers did not match our questions, so we did not use them."},
	bank.FailedOtherwise:     {JA: "当行の処理の途中で障害がありました。", EN: "Something went wrong at the bank."},
}
