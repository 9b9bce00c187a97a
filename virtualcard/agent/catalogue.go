package agent

import (
	"fmt"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
)

// explanation is what a person reads when something stands in the way: what
// happened, and what to do.
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

// text formats a sentence in both languages, with one value for each.
func text(ja, en string, v ui.Text) ui.Text {
	return ui.Text{JA: fmt.Sprintf(ja, v.JA), EN: fmt.Sprintf(en, v.EN)}
}

// explain returns the explanation of a failure.
func explain(f *failure) explanation {
	switch f.Code {
	case codeWrongPIN, codePINBlocked, codeBadPINFormat:
		return pinExplanation(f)
	case codeNoCertificate:
		return noCertificate(f.Kind)
	}
	if e, known := explanations[f.Code]; known {
		return e
	}
	return explanations[codeMalformed]
}

// explanations are those that the code alone decides. A code without one, which only who makes a
// page sees, has that of codeMalformed.
var explanations = map[code]explanation{
	codeNoCard: {
		ui.Text{JA: "カードリーダーにカードがありません", EN: "There is no card on the reader"},
		ui.Text{JA: "手続に使うカードを選んで、カードリーダーに置いてください。", EN: "Choose the card to use and place it on the reader."},
	},
	codeDeadCard: {
		ui.Text{JA: "カードのICチップが応答しません", EN: "The card's chip does not answer"},
		ui.Text{JA: "カードが壊れている可能性があります。お住まいの市区町村の窓口で、カードの再交付をご相談ください。別のカードがあれば、カードを替えて続けられます。",
			EN: "The card may be broken. Ask the municipal counter for a new one, or use another card here."},
	},
	codeTampered: {
		ui.Text{JA: "このカードの鍵は失われています", EN: "This card has destroyed its keys"},
		ui.Text{JA: "秘密鍵を無理に読み出そうとしたため、ICチップが鍵を消去しました。もとには戻りません。お住まいの市区町村の窓口で再交付を受けてください。別のカードがあれば、カードを替えて続けられます。",
			EN: "Somebody tried to read its private keys by force, so the chip destroyed them for good. Get a new card at the municipal counter, or use another card here."},
	},
	codeNotJPKI: {
		ui.Text{JA: "このカードでは手続できません", EN: "This card cannot be used here"},
		ui.Text{JA: "公的個人認証サービスに対応したカードではありません。マイナンバーカードに替えてください。", EN: "It has no JPKI application. Use an Individual Number Card."},
	},
	codeCardBusy: {
		ui.Text{JA: "カードはほかのソフトで使用中です", EN: "Another program is using the card"},
		ui.Text{JA: "ほかのソフトでの操作を終えてから、もう一度お試しください。暗証番号の入力回数は減っていません。", EN: "Finish there, then try again. Your number of tries has not changed."},
	},
	codeCardError: {
		ui.Text{JA: "カードを読み取れませんでした", EN: "The card could not be read"},
		ui.Text{JA: "カードを置き直して、もう一度お試しください。続く場合は、カードが壊れている可能性があります。", EN: "Remove the card, place it again and retry. If this continues, the card may be broken."},
	},
	codeTextPIN: {
		ui.Text{JA: "券面事項入力補助用の暗証番号を確認できませんでした", EN: "The PIN for your name and address was not accepted"},
		ui.Text{JA: "この手続では、利用者証明用と券面事項入力補助用の暗証番号が同じである必要があります。違う番号にしたときやロックされたときは、お住まいの市区町村の窓口で再設定してください。",
			EN: "Here the card-face text PIN has to be the same as your user authentication PIN. If it is another one or is blocked, the municipal counter can reset it."},
	},
	codeNoAttributes: {
		ui.Text{JA: "このカードからは氏名や住所を読み取れません", EN: "Your name and address cannot be read from this card"},
		ui.Text{JA: "券面事項入力補助の機能がないか、内容を確かめられませんでした。マイナンバーカードに替えてください。", EN: "It has no card-face text application, or its content could not be verified. Use an Individual Number Card."},
	},
	codeUnconfirmed: {
		ui.Text{JA: "実物のカードかもしれません", EN: "This may be a real card"},
		ui.Text{JA: "このパソコンのカードリーダーにあるカードには、まだ何も送っていません。実物のマイナンバーカードは、この模擬環境では本人確認に使えません。" +
			"電子証明書を発行した認証局が違うため、どのサイトも受け付けません。続けると、カードにコマンドを送ります。",
			EN: "Nothing has been sent yet to the card in this computer's reader. A real Individual Number Card is of no use in this mock: every site refuses it, " +
				"because no mock authority issued its certificates. If you continue, commands are sent to the card."},
	},
	codePINRefused: {
		ui.Text{JA: "暗証番号を含むコマンドは送っていません", EN: "Commands with a PIN were not sent"},
		ui.Text{JA: "実物かもしれないカードには、まだ何も送っていません。暗証番号を間違えると入力回数が減ります。承知のうえで送るときは、そのことを選んでから送ってください。",
			EN: "Nothing was sent to the card, which may be real: a wrong PIN uses up a try. If you accept that, say so and send again."},
	},
	codeLastTry: {
		ui.Text{JA: "暗証番号は、カードに送っていません", EN: "Your PIN was not sent to the card"},
		ui.Text{JA: "入力できるのは、あと1回です。間違えるとロックされ、実物のカードなら市区町村の窓口での手続が必要になります。承知のうえで続けるときだけ、もう一度入力してください。",
			EN: "One try is left. One more mistake blocks the PIN, and a real card has to be taken to the municipal counter. Enter it again only if you accept that."},
	},
	codeNoReader: {
		ui.Text{JA: "カードリーダーを使えません", EN: "The card reader cannot be used"},
		ui.Text{JA: "リーダーが外れているか、PC/SCサービス（pcscd）が動いていません。リーダーをつなぎ直し、サービスを起動してから、もう一度お試しください。",
			EN: "The reader is unplugged, or the PC/SC service (pcscd) does not run. Connect the reader, start the service and try again."},
	},
	codeExpired: {
		ui.Text{JA: "受付時間が過ぎました", EN: "This request has expired"},
		ui.Text{JA: "安全のため、依頼は5分で終了します。元のページに戻り、もう一度最初から操作してください。カードは使われていません。", EN: "For safety, a request ends after five minutes. Go back to the page and start again. The card was not used."},
	},
	codeCancelled: {
		ui.Text{JA: "手続を中止しました", EN: "Cancelled"},
		ui.Text{JA: "カードは使われていません。元のページに戻ります。", EN: "The card was not used. Going back to the page."},
	},
	codeUnsupported: {
		ui.Text{JA: "この文書には署名できません", EN: "This document cannot be signed"},
		ui.Text{JA: "内容をこの画面にすべて表示できない文書には署名しません。", EN: "A document that cannot be shown in full is not signed."},
	},
	codeDigestOrigin: {
		ui.Text{JA: "このサイトからの署名の依頼は受け付けません", EN: "This site may not ask for such a signature"},
		ui.Text{JA: "内容を表示できない文書への署名は、共通認証基盤からの依頼に限っています。カードは使われていません。", EN: "Only the common platform may ask you to sign a document that cannot be shown here. The card was not used."},
	},
	codeTooLarge: {
		ui.Text{JA: "この文書には署名できません", EN: "This document cannot be signed"},
		ui.Text{JA: "文書が大きすぎます（上限は256キロバイトです）。", EN: "It is too large. The limit is 256 KiB."},
	},
	codeMalformed: {
		ui.Text{JA: "依頼の形式が正しくありません", EN: "The request is malformed"},
		ui.Text{JA: "元のページからの依頼を読み取れませんでした。カードは使われていません。", EN: "The page's request could not be read. The card was not used."},
	},
}

// pinExplanation is about a PIN that was not accepted.
func pinExplanation(f *failure) explanation {
	name := pinName(f.Kind)
	switch {
	case f.Code == codeBadPINFormat && f.Kind == jpki.DigitalSignature:
		return explanation{
			ui.Text{JA: "署名用パスワードの形式が違います", EN: "Not a valid signature password"},
			ui.Text{JA: "英字と数字を組み合わせた6文字以上16文字以下で入力してください。入力回数は減っていません。", EN: "Enter 6 to 16 letters and digits. Your number of tries has not changed."},
		}
	case f.Code == codeBadPINFormat:
		return explanation{
			ui.Text{JA: "暗証番号の形式が違います", EN: "Not a valid PIN"},
			ui.Text{JA: "数字4桁で入力してください。入力回数は減っていません。", EN: "Enter four digits. Your number of tries has not changed."},
		}
	case f.Code == codePINBlocked:
		return explanation{
			text("%sがロックされています", "The %s is blocked", name),
			text("間違いが続いたため、%sは使えなくなりました。お住まいの市区町村の窓口で、ロックの解除（初期化）を申請してください。",
				"It was entered wrongly too often, so the %s can no longer be used. The municipal counter can reset it.", name),
		}
	case f.TriesLeft == 1:
		return explanation{
			text("%sが違います", "Wrong %s", name),
			ui.Text{JA: "あと1回間違えるとロックされ、市区町村の窓口での手続が必要になります。確かでないときは、入力せずに中止してください。",
				EN: "One more mistake blocks it, and only the municipal counter can unblock it. If you are not sure, stop here."},
		}
	}
	return explanation{
		text("%sが違います", "Wrong %s", name),
		ui.Text{JA: fmt.Sprintf("もう一度入力してください。あと%d回間違えるとロックされます。", f.TriesLeft), EN: fmt.Sprintf("Please try again. It is blocked after %d more mistakes.", f.TriesLeft)},
	}
}

// noCertificate is about a card without the certificate, usually a child's.
func noCertificate(k jpki.Kind) explanation {
	s := explanation{Title: text("このカードには%sがありません", "This card has no %s", certificateName(k))}
	s.Body = ui.Text{JA: "お住まいの市区町村の窓口で発行を申請できます。別のカードがあれば、カードを替えて続けられます。", EN: "The municipal counter can issue one. You can also use another card here."}
	if k == jpki.DigitalSignature {
		s.Body = ui.Text{
			JA: "15歳未満の方などのカードには、署名用電子証明書が入っていません。署名が必要なこの手続は、このカードではできません。詳しくは、お住まいの市区町村の窓口でご確認ください。",
			EN: "Cards of people under 15, among others, have none, so this card cannot sign. Ask the municipal counter for details.",
		}
	}
	return s
}
