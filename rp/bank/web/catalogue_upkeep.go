package web

import (
	"strconv"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// deskSite is what the layout says on the pages of staff.
func deskSite(lobby string, now func() time.Time) ui.Site {
	return ui.Site{
		House: "bank", Lobby: lobby, Now: now,
		Name:    ui.Text{JA: "みほん銀行 行内", EN: "Mihon Bank staff"},
		Tagline: ui.Text{JA: "行員用の画面です。お客さまには見せないでください。", EN: "For staff. Not for customers' eyes."},
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

// fourNames are the names of the four basic data, in the order of fourOf.
var fourNames = [4]ui.Text{{JA: "氏名", EN: "Name"}, {JA: "住所", EN: "Address"}, {JA: "生年月日", EN: "Date of birth"}, {JA: "性別", EN: "Gender"}}

var serialName = ui.Text{JA: "署名用電子証明書の発行の番号", EN: "Serial number for signature"}

// eraDay gives a day as a letter writes it: 令和8年11月3日.
func eraDay(t time.Time) ui.Text {
	t = t.In(jpki.JST)
	return ui.Text{JA: jpki.DateOfBirthOn(t.Year(), t.Month(), t.Day()).Japanese(), EN: ui.Day(t).EN}
}

// noticeWords are the messages. {reason} and {since} are filled in.
var noticeWords = map[bank.NoticeKind]struct{ short, title, body, do ui.Text }{
	bank.NoticeChanged: {
		ui.Text{JA: "異動", EN: "Changed"},
		ui.Text{JA: "ご住所・お名前などの変更届のお願い", EN: "Please tell us of your new address or name"},
		ui.Text{JA: "お客さまの署名用電子証明書が、{since}に失効していることを確認しました（失効の事由：{reason}）。お引越しや改姓の届出をされると、それまでの署名用電子証明書は失効します。", EN: "We have found that your digital signature certificate was revoked at {since}: {reason}. This happens when a move or a change of name is reported to the municipality."},
		ui.Text{JA: "市区町村の窓口で新しい署名用電子証明書の発行を受けてから、そのカードで変更届に署名してください。新しいご住所などの入力は要りません。", EN: "Have a new digital signature certificate written to your card at the municipal counter, then sign the change notice with it. You need not type your new address."},
	},
	bank.NoticeRenewed: {
		ui.Text{JA: "更新", EN: "Renewed"},
		ui.Text{JA: "新しい電子証明書のお届けのお願い", EN: "Please register your new certificate"},
		ui.Text{JA: "お客さまの署名用電子証明書が、{since}に新しい電子証明書に改められていることを確認しました。ただし、いま有効な新しい電子証明書は確認できていません。ご住所・お名前の変更とは取り扱っていません。", EN: "Your digital signature certificate was replaced by a newer one at {since}, but we have found no newer one that is valid now. We do not take this for a move."},
		ui.Text{JA: "新しい電子証明書をお持ちのときは、そのカードで変更届に署名してください。お心当たりのないときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "If you have a newer certificate, sign the change notice with it. If this surprises you, ask at your municipal counter."},
	},
	bank.NoticeReissued: {
		ui.Text{JA: "再発行", EN: "Re-issued"},
		ui.Text{JA: "再発行された電子証明書のお届けのお願い", EN: "Please register your re-issued certificate"},
		ui.Text{JA: "お客さまに新しい署名用電子証明書が発行されていることを確認しました。カードの紛失や有効期間の満了などにより、前の電子証明書から続けて確認できなかった期間がありますので、その間にご住所・お名前の変更があったかどうかは、当行では分かりません。", EN: "We have found that a new digital signature certificate was issued to you. The one before had ended, as with a lost card or at the end of its validity, so we cannot tell whether your address or name changed in between."},
		ui.Text{JA: "新しい電子証明書で変更届に署名してください。変更がない場合も同じお手続きで、ご住所などの入力は要りません。", EN: "Sign the change notice with the new certificate, also if nothing has changed. You need not type your address."},
	},
	bank.NoticeRevoked: {
		ui.Text{JA: "失効", EN: "Revoked"},
		ui.Text{JA: "電子証明書の失効についてのご照会", EN: "Your certificate has been revoked"},
		ui.Text{JA: "お客さまの署名用電子証明書が、{since}に失効していることを確認しました（失効の事由：{reason}）。", EN: "Your digital signature certificate was revoked at {since}: {reason}."},
		ui.Text{JA: "カードの再交付を受けられたときは、新しいカードで変更届に署名してください。お心当たりのないときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "When you have your new card, sign the change notice with it. If this surprises you, ask at your municipal counter."},
	},
	bank.NoticeExpired: {
		ui.Text{JA: "期間満了", EN: "Expired"},
		ui.Text{JA: "電子証明書の更新のお願い", EN: "Please renew your certificate"},
		ui.Text{JA: "お客さまの署名用電子証明書の有効期間が満了しています。当行では、お届けの内容に変更がないことを確かめられなくなりました。", EN: "Your digital signature certificate has expired, so we can no longer tell that your data are unchanged."},
		ui.Text{JA: "お住まいの市区町村の窓口で電子証明書を更新（無料）のうえ、次に当行をご利用の際に、変更届に署名してください。", EN: "Renew it at your municipal counter, free of charge, and sign the change notice when you next come to us."},
	},
	bank.NoticeSuspended: {
		ui.Text{JA: "一時停止", EN: "Suspended"},
		ui.Text{JA: "カードの一時停止を確認しました", EN: "Your card is suspended"},
		ui.Text{JA: "お客さまの署名用電子証明書が、{since}から一時停止（一時保留）されています。カードの紛失などのお届けによるものと存じます。ご住所・お名前の変更とは取り扱っていませんので、変更届は要りません。", EN: "Your digital signature certificate has been suspended since {since}, as happens when a card is reported lost. We do not take this for a move; no change notice is needed."},
		ui.Text{JA: "カードが見つかったときは、お住まいの市区町村の窓口で一時停止の解除を申請してください。一時停止にお心当たりのないときも、同じ窓口にお問い合わせください。", EN: "If you find the card, apply at your municipal counter to end the suspension. If you did not ask for it, please ask there too."},
	},
	bank.NoticeUnknown: {
		short: ui.Text{JA: "発行記録なし", EN: "Unknown"},
		title: ui.Text{JA: "発行の記録がない電子証明書", EN: "A certificate that the authority does not know"},
	},
	bank.NoticeAccepted: {
		ui.Text{JA: "受付", EN: "Accepted"},
		ui.Text{JA: "変更届を受け付けました", EN: "Your change notice was accepted"},
		ui.Text{JA: "新しい署名用電子証明書を確認し、お届けの内容を改めました。変更前の内容は、記録として保存しています。", EN: "We have verified your new certificate and brought your record up to date. What it said before is kept in its history."},
		ui.Text{JA: "お客さまにしていただくことはありません。", EN: "There is nothing you need to do."},
	},
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
	return badge{tone, noticeWords[k].short}
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
	bank.ActFollowed:         {JA: "更新された署名用電子証明書を確認し、以後の変更確認の対象とした", EN: "Renewed digital signature certificate found; it is watched from now on"},
	bank.ActReissued:         {JA: "再発行された署名用電子証明書を確認し、以後の変更確認の対象とした（それまでの異動の有無は未確認）", EN: "Re-issued digital signature certificate found; it is watched from now on (changes until then are not known)"},
	bank.ActTouched:          {JA: "店頭窓口でカードがかざされた", EN: "Card touched at a branch counter"},
	bank.ActRecordOpened:     {JA: "行員が記録を開いた", EN: "Record opened by staff"},
}

// failureWords say why a confirmation failed.
var failureWords = map[bank.Failure]ui.Text{
	bank.FailedNotAccredited: {JA: "地方公共団体情報システム機構が、当行への失効情報の提供を断りました（検証者としての認定の状況によるものです）。", EN: "The authority refuses to give us revocation information, for reasons of our accreditation as a verifier."},
	bank.FailedUnavailable:   {JA: "地方公共団体情報システム機構から回答がありませんでした。", EN: "The authority did not answer."},
	bank.FailedAnswer:        {JA: "回答が照会の内容と一致しませんでした。この回答は用いません。", EN: "The answers were not to our questions. We do not use them."},
	bank.FailedOtherwise:     {JA: "当行の処理の途中で障害がありました。", EN: "Something went wrong at the bank."},
}

// wayWords are the words of one of the two ways.
type wayWords struct{ name, how ui.Text }

var (
	wayPost = wayWords{
		ui.Text{JA: "従来：全員に郵便で現況確認", EN: "Before: a letter to everybody"},
		ui.Text{JA: "お客さまの数 × 郵送料 ＋ 人件費（回答のないときは実地調査）", EN: "Customers × postage + labour (and a visit where nobody answers)"},
	}
	wayCertificate = wayWords{
		ui.Text{JA: "公的個人認証：電子証明書をオンラインで確認", EN: "With the certificate: one question online"},
		ui.Text{JA: "失効情報提供手数料 ＋ 異動のあった人への照会", EN: "Fees for revocation information + asking those who changed"},
	}
)

// partWords are the words and the colour of each part of a cost.
var partWords = map[string]struct {
	label  ui.Text
	colour string
}{
	"postage":   {ui.Text{JA: "郵送料", EN: "Postage"}, "#a33a00"},
	"labour":    {ui.Text{JA: "人件費", EN: "Labour"}, "#d97a1e"},
	"visits":    {ui.Text{JA: "実地調査", EN: "Visits"}, "#7a5a3a"},
	"fees":      {ui.Text{JA: "失効情報提供手数料", EN: "Fees"}, "#0017c1"},
	"inquiries": {ui.Text{JA: "異動のあった人への照会", EN: "Asking those who changed"}, "#4979f5"},
}

// timesText writes how often a part of a cost comes in a year.
func timesText(n int64) ui.Text {
	s := ui.Thousands(strconv.FormatInt(n, 10))
	return ui.Text{JA: s + "件", EN: s}
}

// priceWords are the fields of the comparison.
var priceWords = map[string]struct{ label, unit ui.Text }{
	"customers":  {ui.Text{JA: "お客さまの数", EN: "Customers"}, ui.Text{JA: "人", EN: "people"}},
	"times":      {ui.Text{JA: "確認の回数", EN: "Change confirmations"}, ui.Text{JA: "回／年", EN: "a year"}},
	"postage":    {ui.Text{JA: "郵送料（往復）", EN: "Postage, out and back"}, ui.Text{JA: "円／通", EN: "yen each"}},
	"labour":     {ui.Text{JA: "人件費（発送・入力）", EN: "Labour for a letter"}, ui.Text{JA: "円／通", EN: "yen each"}},
	"unanswered": {ui.Text{JA: "回答のない割合", EN: "Letters not answered"}, ui.Text{JA: "％", EN: "percent"}},
	"visit":      {ui.Text{JA: "実地調査", EN: "Visit"}, ui.Text{JA: "円／件", EN: "yen each"}},
	"fee":        {ui.Text{JA: "失効情報提供手数料", EN: "Fee for an answer"}, ui.Text{JA: "円／件", EN: "yen each"}},
	"changed":    {ui.Text{JA: "異動のあった割合", EN: "Customers who changed"}, ui.Text{JA: "％", EN: "percent"}},
	"inquiry":    {ui.Text{JA: "異動のあった人への照会", EN: "Asking one who changed"}, ui.Text{JA: "円／人", EN: "yen each"}},
}
