package web

import (
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/ui"
)

// actWords are what the counter says of an act: its name, what it does in a
// few words, and what to ask for at the counter.
type actWords struct {
	Name, Does, Ask ui.Text
	Whys            []ui.Text // proposals for the reason
}

// eventWords gives the words of an act.
func eventWords(e register.LifeEvent) actWords {
	w := actTable[e]
	w.Name.JA = e.Japanese()
	return w
}

var (
	doesSignature = ui.Text{JA: "署名用が失効します", EN: "revokes the signature certificate"}
	doesBoth      = ui.Text{JA: "両方が失効します", EN: "revokes both certificates"}
)

var actTable = map[register.LifeEvent]actWords{
	register.CardIssue: {
		ui.Text{EN: "Issue a card"}, ui.Text{JA: "新しいカードと電子証明書", EN: "a new card with its certificates"},
		ui.Text{JA: "本人確認書類と交付通知書を確認してください。これまでのカードがあるときは、回収して返納の手続を行います。", EN: "Check the applicant’s identity. If there is an old card, collect it and record its return."},
		[]ui.Text{{JA: "初回交付", EN: "First issue"}, {JA: "有効期限満了による再交付", EN: "Card expiring"}, {JA: "紛失による再交付", EN: "Card lost"}, {JA: "追記欄の余白がなくなったことによる再交付", EN: "No space left on the card"}},
	},
	register.Renewal: {
		ui.Text{EN: "Renew the certificates"}, ui.Text{JA: "満了日の3か月前の翌日から", EN: "with less than three months left"},
		ui.Text{JA: "カードを預かり、端末に置いてください。カードの中で新しい鍵が作られ、これまでの電子証明書は更新により失効します。", EN: "Place the card on the terminal. The card generates new keys, and the old certificates are superseded."},
		[]ui.Text{{JA: "有効期間満了に伴う更新", EN: "Certificates expiring"}, {JA: "有効期限通知書による更新", EN: "Notice of expiry received"}},
	},
	register.Reissue: {
		ui.Text{EN: "Reissue a certificate"}, ui.Text{JA: "異動のあと、同じカードに", EN: "onto the same card, after a change"},
		ui.Text{JA: "転居・氏名の変更などで失効した署名用電子証明書を、新しい記載事項で同じカードに発行します。", EN: "Issues a new signature certificate with the new data onto the same card, after a move or a change of name."},
		[]ui.Text{{JA: "転居に伴う署名用電子証明書の再発行", EN: "After a move"}, {JA: "氏名の変更に伴う再発行", EN: "After a change of name"}, {JA: "本人の申請", EN: "At the holder’s request"}},
	},
	register.PINReset: {
		ui.Text{EN: "Reset or unblock PINs"}, ui.Text{JA: "電子証明書は変わりません", EN: "certificates do not change"},
		ui.Text{JA: "本人確認のうえ、カードを端末に置いてください。新しい暗証番号は、次の画面で本人が入力します。", EN: "Check the holder’s identity and place the card on the terminal. The holder enters the new PINs on the next page."},
		[]ui.Text{{JA: "暗証番号の失念", EN: "PIN forgotten"}, {JA: "入力誤りによるロックの解除", EN: "Blocked after wrong entries"}, {JA: "本人の申出による変更", EN: "At the holder’s request"}},
	},
	register.CardReturn: {
		ui.Text{EN: "Return a card"}, ui.Text{JA: "両方が失効、カードは使えなくなります", EN: "revokes both and disables the card"},
		ui.Text{JA: "カードを回収してください。ICチップの機能も停止します。", EN: "Collect the card. Its chip is disabled."},
		[]ui.Text{{JA: "本人の申出による返納", EN: "At the holder’s request"}, {JA: "国外転出に伴う返納", EN: "Moving abroad"}, {JA: "新しいカードの交付に伴う返納", EN: "A new card is issued"}, {JA: "死亡に伴う家族からの返納", EN: "Returned by the family after death"}},
	},
	register.MoveHouse: {
		ui.Text{EN: "Move within the municipality"}, doesSignature,
		ui.Text{JA: "同じ市区町村の中で住所が変わったときの届出です。カードの追記欄にも新しい住所を記載します。", EN: "A new address in the same municipality."},
		[]ui.Text{{JA: "転居届", EN: "Notification of a move"}, {JA: "転居届（世帯主からの届出）", EN: "Notification by the head of household"}},
	},
	register.MoveOut: {
		ui.Text{EN: "Move out"}, doesSignature,
		ui.Text{JA: "ほかの市区町村へ移るときの届出です。転入先で転入届を受け付けるまで、新しい署名用電子証明書は発行できません。", EN: "The person is leaving for another municipality. The new municipality records the move in."},
		[]ui.Text{{JA: "転出届", EN: "Notification of moving out"}, {JA: "転出届（郵送）", EN: "Notification by post"}, {JA: "転出届（マイナポータル）", EN: "Notification on the portal"}},
	},
	register.MoveIn: {
		ui.Text{EN: "Move in"}, doesSignature,
		ui.Text{JA: "ほかの市区町村から移ってきたときの届出です。まだ有効な署名用電子証明書があれば、失効します。", EN: "The person is arriving from another municipality. A signature certificate that is still valid is revoked."},
		[]ui.Text{{JA: "転入届", EN: "Notification of moving in"}, {JA: "国外からの転入", EN: "From abroad"}, {JA: "特例転入", EN: "Move in with the card"}},
	},
	register.TakeOn: {
		ui.Text{EN: "Take the card on in use"}, ui.Text{JA: "転入から90日以内", EN: "within 90 days of moving in"},
		ui.Text{JA: "カードを預かり、本人と暗証番号を確認してください。手続をしないまま期限を過ぎると、カードと電子証明書は失効します。", EN: "Check the card and the holder’s PIN. Without this the card and its certificates lapse when the deadline is over."},
		[]ui.Text{{JA: "転入に伴う継続利用", EN: "After a move in"}, {JA: "国外からの転入に伴う継続利用", EN: "After a return from abroad"}},
	},
	register.NameChange: {
		ui.Text{EN: "Change a name (marriage etc.)"}, doesSignature,
		ui.Text{JA: "婚姻・離婚・養子縁組などによる氏名の変更です。旧氏を住民票に残すことができます。", EN: "The former surname can be kept in the register."},
		[]ui.Text{{JA: "婚姻による氏の変更", EN: "Marriage"}, {JA: "離婚による氏の変更", EN: "Divorce"}, {JA: "養子縁組による氏の変更", EN: "Adoption"}, {JA: "家庭裁判所の許可による名の変更", EN: "Family court permission"}},
	},
	register.Correction: {
		ui.Text{EN: "Correct an entry"}, ui.Text{JA: "4情報が変われば署名用が失効します", EN: "revokes the signature certificate if it contains the error"},
		ui.Text{JA: "住民票の記載に誤りがあったときの訂正です。訂正するところだけを入力してください。", EN: "Enter only what was wrong."},
		[]ui.Text{{JA: "氏名の誤記の訂正", EN: "The name was wrong"}, {JA: "生年月日の誤記の訂正", EN: "The date of birth was wrong"}, {JA: "性別の記載の訂正", EN: "The gender was wrong"}, {JA: "職権による記載の訂正", EN: "At the municipality’s own initiative"}},
	},
	register.Death: {
		ui.Text{EN: "Death"}, doesBoth,
		ui.Text{JA: "死亡届を確認してください。住民票を除き、カードを廃止します。", EN: "The entry ends and the card becomes void."},
		[]ui.Text{{JA: "死亡届", EN: "Notification of death"}, {JA: "戸籍届出の通知による", EN: "Notice from the family register"}},
	},
	register.MoveAbroad: {
		ui.Text{EN: "Move abroad"}, ui.Text{JA: "署名用が失効、継続利用しなければ両方", EN: "revokes the signature certificate, or both if the card is not kept"},
		ui.Text{JA: "国外への転出です。住民票を除き、カードを廃止します。日本国籍の方は、前日までの申出により、カードと利用者証明用を国外で継続利用できます。", EN: "The entry ends and the card becomes void. Japanese nationals can keep the card and the authentication certificate if they ask before."},
		[]ui.Text{{JA: "国外転出届", EN: "Notification of moving abroad"}, {JA: "国外転出届（継続利用の申出あり）", EN: "Moving abroad, keeping the card"}},
	},
	register.Removal: {
		ui.Text{EN: "Remove from the register"}, doesBoth,
		ui.Text{JA: "実態調査などにより住民票を職権で消除します。", EN: "The municipality removes the entry at its own initiative, for example after an inspection."},
		[]ui.Text{{JA: "実態調査による職権消除", EN: "After an inspection"}, {JA: "在留資格の喪失", EN: "Status of residence lost"}},
	},
	register.Loss: {
		ui.Text{EN: "Report a loss"}, ui.Text{JA: "両方が一時停止します", EN: "suspends both certificates"},
		ui.Text{JA: "警察への届出（受理番号）を確認してください。カードが見つかれば、利用者証明用の一時停止を解除し、署名用を再発行します。", EN: "Ask for the police report number. If the card is found, authentication resumes and the signature certificate is reissued."},
		[]ui.Text{{JA: "紛失の届出", EN: "Loss reported"}, {JA: "盗難の届出", EN: "Theft reported"}, {JA: "自宅で所在不明", EN: "Mislaid at home"}},
	},
	register.Found: {
		ui.Text{EN: "Card found: lift suspension"}, ui.Text{JA: "利用者証明用の一時停止を解除します", EN: "authentication resumes"},
		ui.Text{JA: "見つかったカードの現物と本人を確認してください。署名用電子証明書は解除できません。続けて再発行を受け付けてください。", EN: "Check the card and the holder’s identity. The signature certificate does not resume: reissue it next."},
		[]ui.Text{{JA: "カードの発見", EN: "Card found"}, {JA: "拾得物として返還", EN: "Returned as lost property"}},
	},
	register.LossFinal: {
		ui.Text{EN: "Revoke a lost card"}, ui.Text{JA: "一時停止のまま両方が失効します", EN: "revokes both permanently"},
		ui.Text{JA: "カードが見つからないときの手続です。失効は取り消せません。", EN: "Use this if the card has not been found. Revocation is final."},
		[]ui.Text{{JA: "カードが見つからないため失効", EN: "Card not found"}, {JA: "盗難のため失効", EN: "Card stolen"}},
	},
}

// actGroup is a group of acts on the resident's page.
type actGroup struct {
	Name   ui.Text
	Events []register.LifeEvent
}

// actGroups lists the acts as the resident's page shows them.
func actGroups() []actGroup {
	return []actGroup{
		{ui.Text{JA: "カード・電子証明書", EN: "Card and certificates"}, []register.LifeEvent{
			register.CardIssue, register.Renewal, register.Reissue, register.TakeOn, register.PINReset, register.CardReturn}},
		{ui.Text{JA: "住民の異動・戸籍の届出", EN: "Life events"}, []register.LifeEvent{
			register.MoveHouse, register.MoveOut, register.MoveIn, register.NameChange, register.Correction, register.Death, register.MoveAbroad, register.Removal}},
		{ui.Text{JA: "紛失・一時停止", EN: "Loss and suspension"}, []register.LifeEvent{
			register.Loss, register.Found, register.LossFinal}},
	}
}

// tellHolder is what an officer tells the holder of new certificates.
func tellHolder(e register.LifeEvent, issued []certificateLine) []ui.Text {
	tell := []ui.Text{{JA: "新しい電子証明書は、いまから使えます。これまでのものは、もう使えません。", EN: "The new certificates can be used now. The old ones no longer work."}}
	if e == register.CardIssue {
		tell[0] = ui.Text{JA: "電子証明書は、いまから使えます。前のカードの電子証明書があれば、それはもう使えません。", EN: "The certificates can be used now. Those on an earlier card no longer work."}
	} else {
		tell = append(tell, ui.Text{JA: "暗証番号は、きょう設定し直したもののほかは変わっていません。", EN: "The PINs have not changed, except those reset today."})
	}
	for _, c := range issued {
		if c.Kind == jpki.DigitalSignature && e != register.CardIssue {
			tell = append(tell, ui.Text{JA: "銀行などに署名用電子証明書を届け出ている方は、それぞれに新しい電子証明書を届け出てください（変更届など）。", EN: "If you have registered your signature certificate with a bank or another organisation, register the new one there."})
		}
	}
	return append(tell, tellValidity(issued[0]))
}

// tellValidity says until when a new certificate is good, and what then. One
// that ends with the card so soon that it could be renewed at once needs another
// card.
func tellValidity(c certificateLine) ui.Text {
	if !c.RenewableFrom.After(c.NotBefore) {
		return ui.Text{
			JA: "有効期間は、カードの有効期限の" + ui.Day(c.NotAfter).JA + "までです。引き続き使うには、新しいカードの交付を受けてください。",
			EN: "They are valid until " + ui.Day(c.NotAfter).EN + ", when the card expires. Apply for a new card to go on.",
		}
	}
	return ui.Text{
		JA: "有効期間は" + ui.Day(c.NotAfter).JA + "までです。" + ui.Day(c.RenewableFrom).JA + "から、この窓口で更新できます（無料）。",
		EN: "They are valid until " + ui.Day(c.NotAfter).EN + ", and can be renewed at this counter from " + ui.Day(c.RenewableFrom).EN + ", free of charge.",
	}
}

// consequence says what an effect on a certificate, or on a kind that has none yet,
// means for those who ask about it.
func consequence(act string, e register.LifeEvent, c register.Certificate) ui.Text {
	switch act {
	case "revoked":
		return ui.Text{JA: "銀行などの検証者が次に確認したとき、失効とその事由が伝わります。失効は取り消せません。", EN: "Verifiers see the revocation and its reason the next time they check. It is final."}
	case "suspended":
		if c.Kind == jpki.DigitalSignature {
			return ui.Text{JA: "直ちに使えなくなります。カードが見つかれば、窓口で再発行します。", EN: "It can no longer be used. The counter reissues it if the card is found."}
		}
		return ui.Text{JA: "直ちに使えなくなります。カードが見つかれば、窓口で解除できます。", EN: "It can no longer be used. The counter can lift the suspension if the card is found."}
	case "resumed":
		return ui.Text{JA: "再び使えるようになります。", EN: "It can be used again."}
	case "issued":
		return ui.Text{JA: "カードの中で新しい鍵を作り、新しい発行の番号で発行します。", EN: "The card generates a new key, and the certificate gets a new serial number."}
	}
	if c.Status.State == register.Held {
		return ui.Text{JA: "一時停止のままです。使うには、カードの発見の届出と、署名用の再発行が必要です。", EN: "It stays suspended. To use it again, report the card as found; the signature certificate is reissued."}
	}
	if e == register.PINReset {
		return ui.Text{JA: "電子証明書は変わりません。", EN: "The certificate does not change."}
	}
	return ui.Text{JA: "この届出では変わりません。引き続き使えます。", EN: "It does not change and can still be used."}
}
