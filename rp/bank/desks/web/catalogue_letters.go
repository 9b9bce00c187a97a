package web

import (
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

// letterWords are a letter: its subject, its paragraphs between the opening and
// the closing words, and the items under 記. {day}, {since}, {reason}, {until}
// and {bank} are filled in.
type letterWords struct {
	Subject    ui.Text
	Paragraphs []ui.Text
	Items      []letterItem
}

// letterItem is an item under 記.
type letterItem struct{ Name, Text ui.Text }

// with fills in what the words leave open.
func (l letterWords) with(b ui.Blanks) letterWords {
	out := letterWords{Subject: b.Fill(l.Subject)}
	for _, p := range l.Paragraphs {
		out.Paragraphs = append(out.Paragraphs, b.Fill(p))
	}
	for _, i := range l.Items {
		out.Items = append(out.Items, letterItem{b.Fill(i.Name), b.Fill(i.Text)})
	}
	return out
}

// The items that letters share.
var (
	itemFirst = letterItem{
		ui.Text{JA: "はじめに", EN: "First"},
		ui.Text{JA: "お住まいの市区町村の窓口で、新しい署名用電子証明書の発行を受けてください。", EN: "Have a new digital signature certificate issued at the counter of the municipality where you live."},
	}
	itemHow = letterItem{
		ui.Text{JA: "お手続きの方法", EN: "How"},
		ui.Text{JA: "インターネットで {bank} を開き、マイナンバーカードでサインインのうえ、「お知らせ」から変更届をご提出ください。新しいご住所等のご記入は不要です。電子証明書の更新又はカードの再交付を受けられた場合も、新しいカードでそのままサインインしていただけます。", EN: "Open {bank}, sign in with your Individual Number Card, and send the change notice from your inbox. You need not write your new address. A renewed or re-issued card signs you in as before."},
	}
	itemNeed = letterItem{
		ui.Text{JA: "ご用意いただくもの", EN: "What you need"},
		ui.Text{JA: "新しい署名用電子証明書が格納されたマイナンバーカード及び署名用パスワード", EN: "Your Individual Number Card with the new digital signature certificate, and its PIN"},
	}
	itemUntil = letterItem{
		ui.Text{JA: "お手続きの期限", EN: "By"},
		ui.Text{JA: "{until}", EN: "{until}"},
	}
	itemBranch = letterItem{
		ui.Text{JA: "窓口でのお手続き", EN: "At a branch"},
		ui.Text{JA: "当行本支店の窓口でも承ります。マイナンバーカードをお持ちください。", EN: "You can also come to any branch with your card."},
	}
	itemsChange = []letterItem{itemFirst, itemHow, itemNeed, itemUntil, itemBranch}
)

// lettersByKind are the letters that go with messages of Notice.Letter.
var lettersByKind = map[bank.NoticeKind]letterWords{
	bank.NoticeChanged: {
		ui.Text{JA: "お届け内容のご確認（変更届ご提出のお願い）", EN: "Please confirm your registered address and name"},
		[]ui.Text{
			{JA: "さて、口座開設の際に利用をご許諾いただきましたお客さまの署名用電子証明書につきまして、{day}に有効性を確認いたしましたところ、{since}に失効していることが判明いたしました（失効の事由：{reason}）。ご転居、ご結婚等により、ご住所又はお名前に変更がございましたことと拝察いたします。", EN: "On {day} we checked the digital signature certificate that you permitted us to check when you opened your account. It was revoked on {since}: {reason}. We gather that your address or name has changed."},
			{JA: "つきましては、ご多用のところ誠に恐れ入りますが、下記のとおり変更届をご提出くださいますよう、お願い申し上げます。なお、本状と行き違いにお手続きがお済みの場合は、何卒ご容赦ください。", EN: "We kindly ask you to send a change notice as set out below. Please disregard this letter if you have done so already."},
		}, itemsChange,
	},
	bank.NoticeRevoked: {
		ui.Text{JA: "電子証明書の失効に関するご照会", EN: "Your certificate has been revoked"},
		[]ui.Text{
			{JA: "さて、お客さまの署名用電子証明書につきまして、{day}に有効性を確認いたしましたところ、{since}に失効していることが判明いたしました（失効の事由：{reason}）。", EN: "On {day} we checked your digital signature certificate. It was revoked on {since}: {reason}."},
			{JA: "カードの再交付を受けられましたら、新しいカードにより、下記のとおり変更届をご提出くださいますよう、お願い申し上げます。また、ご名義人さまにつきましてお取扱いの変更がございましたら、誠に恐れ入りますが、お取引店までご連絡くださいますよう、お願い申し上げます。", EN: "When you have received a new card, please send a change notice with it as set out below. If anything has happened to the holder of the account, we kindly ask the family to contact the branch."},
		}, []letterItem{itemHow, itemNeed, itemBranch},
	},
}
