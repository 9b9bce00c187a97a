package agent

import (
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
)

// sentence is what a person reads when something stands in the way: what
// happened, and the way out.
type explanation struct {
	Title ui.Text
	Body  ui.Text
}

// pinName is what a citizen calls the secret of a kind.
func pinName(k jpki.Kind) ui.Text {
	if k == jpki.DigitalSignature {
		return ui.Text{JA: "署名用パスワード", EN: "signature password"}
	}
	return ui.Text{JA: "利用者証明用暗証番号", EN: "user authentication PIN"}
}

// certificateName is what a citizen calls the certificate of a kind.
func certificateName(k jpki.Kind) ui.Text {
	if k == jpki.DigitalSignature {
		return ui.Text{JA: "署名用電子証明書", EN: "digital signature certificate"}
	}
	return ui.Text{JA: "利用者証明用電子証明書", EN: "user authentication certificate"}
}

// text writes a sentence in both languages with one value for each.
func text(ja, en string, v ui.Text) ui.Text {
	return ui.Text{JA: fmt.Sprintf(ja, v.JA), EN: fmt.Sprintf(en, v.EN)}
}

// sentenceOf gives the sentence of a trouble.
func explain(t *failure) explanation {
	switch t.Code {
	case codeWrongPIN, codePINBlocked, codeBadPINFormat:
		return pinSentence(t)
	case codeNoCard:
		return explanation{
			ui.Text{JA: "カードリーダーにカードがありません", EN: "There is no card on the reader"},
			ui.Text{JA: "手続に使うカードを選んで、カードリーダーに置いてください。", EN: "Choose the card to use and lay it on the reader."},
		}
	case codeNoCertificate:
		return noCertificateSentence(t.Kind)
	case codeDeadCard:
		return explanation{
			ui.Text{JA: "カードのICチップが応答しません", EN: "The card's chip does not answer"},
			ui.Text{JA: "カードが壊れている可能性があります。お住まいの市区町村の窓口で、カードの再交付をご相談ください。別のカードがあれば、カードを替えて続けられます。",
				EN: "The card may be broken. Ask the municipal counter for a new one. With another card you can go on here."},
		}
	case codeNotJPKI:
		return explanation{
			ui.Text{JA: "このカードでは手続できません", EN: "This card cannot be used here"},
			ui.Text{JA: "公的個人認証サービスに対応したカードではありません。マイナンバーカードに替えてください。", EN: "It has no JPKI application. Use an Individual Number Card."},
		}
	case codeCardBusy:
		return explanation{
			ui.Text{JA: "カードはほかのソフトで使用中です", EN: "Another program is using the card"},
			ui.Text{JA: "ほかのソフトでの操作を終えてから、もう一度お試しください。暗証番号の入力回数は減っていません。", EN: "Finish there, then try again. No try was spent."},
		}
	case codeCardError:
		return explanation{
			ui.Text{JA: "カードを読み取れませんでした", EN: "The card could not be read"},
			ui.Text{JA: "カードを置き直して、もう一度お試しください。続く場合は、カードが壊れている可能性があります。", EN: "Take the card off, lay it down again and retry. If it goes on, the card may be broken."},
		}
	}
	return requestSentence(t)
}

// pinSentence speaks of a PIN that was not accepted.
func pinSentence(t *failure) explanation {
	name := pinName(t.Kind)
	switch {
	case t.Code == codeBadPINFormat && t.Kind == jpki.DigitalSignature:
		return explanation{
			ui.Text{JA: "署名用パスワードの形式が違います", EN: "That cannot be a signature password"},
			ui.Text{JA: "英字と数字を組み合わせた6文字以上16文字以下で入力してください。入力回数は減っていません。", EN: "It has 6 to 16 letters and digits. No try was spent."},
		}
	case t.Code == codeBadPINFormat:
		return explanation{
			ui.Text{JA: "暗証番号の形式が違います", EN: "That cannot be a PIN"},
			ui.Text{JA: "数字4桁で入力してください。入力回数は減っていません。", EN: "It has four digits. No try was spent."},
		}
	case t.Code == codePINBlocked:
		return explanation{
			text("%sがロックされています", "The %s is blocked", name),
			text("間違いが続いたため、%sは使えなくなりました。お住まいの市区町村の窓口で、ロックの解除（初期化）を申請してください。",
				"It was mistyped too often, so the %s can no longer be used. The municipal counter can reset it.", name),
		}
	case t.TriesLeft == 1:
		return explanation{
			text("%sが違います", "Wrong %s", name),
			ui.Text{JA: "あと1回間違えるとロックされ、市区町村の窓口での手続が必要になります。確かでないときは、入力せずに中止してください。",
				EN: "One more mistake blocks it, and only the municipal counter can help then. If you are not sure, stop here."},
		}
	}
	return explanation{
		text("%sが違います", "Wrong %s", name),
		ui.Text{JA: fmt.Sprintf("もう一度入力してください。あと%d回間違えるとロックされます。", t.TriesLeft), EN: fmt.Sprintf("Please try again. %d more mistakes block it.", t.TriesLeft)},
	}
}

// noCertificateSentence speaks of a card without the certificate; a child's
// card is the usual one.
func noCertificateSentence(k jpki.Kind) explanation {
	s := explanation{Title: text("このカードには%sがありません", "This card holds no %s", certificateName(k))}
	s.Body = ui.Text{JA: "お住まいの市区町村の窓口で発行を申請できます。別のカードがあれば、カードを替えて続けられます。", EN: "The municipal counter can issue one. With another card you can go on here."}
	if k == jpki.DigitalSignature {
		s.Body = ui.Text{
			JA: "15歳未満の方などのカードには、署名用電子証明書が入っていません。署名が必要なこの手続は、このカードではできません。詳しくは、お住まいの市区町村の窓口でご確認ください。",
			EN: "Cards of people under 15, among others, hold none. What needs a signature cannot be done with this card. The municipal counter can tell more.",
		}
	}
	return s
}

// requestSentence speaks of the request itself.
func requestSentence(t *failure) explanation {
	switch t.Code {
	case codeExpired:
		return explanation{
			ui.Text{JA: "受付時間が過ぎました", EN: "The time for this request is up"},
			ui.Text{JA: "安全のため、依頼は5分で終了します。元のページに戻り、もう一度最初から操作してください。カードは使われていません。", EN: "A request ends after five minutes, for safety. Go back to the page and start again. The card was not used."},
		}
	case codeCancelled:
		return explanation{
			ui.Text{JA: "手続を中止しました", EN: "Cancelled"},
			ui.Text{JA: "カードは使われていません。元のページに戻ります。", EN: "The card was not used. Going back to the page."},
		}
	case codeUnsupported:
		return explanation{
			ui.Text{JA: "この文書には署名できません", EN: "This document cannot be signed"},
			ui.Text{JA: "内容をこの画面にすべて表示できない文書には署名しません。", EN: "What cannot be shown in full is not signed."},
		}
	case codeTooLarge:
		return explanation{
			ui.Text{JA: "この文書には署名できません", EN: "This document cannot be signed"},
			ui.Text{JA: "文書が大きすぎます（上限は256キロバイトです）。", EN: "It is too large; the limit is 256 KiB."},
		}
	}
	return explanation{
		ui.Text{JA: "依頼の形式が正しくありません", EN: "The request is not well formed"},
		ui.Text{JA: "元のページからの依頼を読み取れませんでした。カードは使われていません。", EN: "What the page asked could not be read. The card was not used."},
	}
}
