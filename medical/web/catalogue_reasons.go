package web

import (
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/reception"
)

// reasonWords say why nothing was confirmed: in a word, to the patient, and to the staff,
// with the way by paper to try first.
type reasonWords struct {
	Short, Title, Patient, Staff ui.Text
	Way                          reception.Way
	Again                        bool // trying again may help
}

// reasonFor gives the words of a code; what is not listed is the card's affair.
func reasonFor(code string) reasonWords {
	if code == "" {
		return reasonWords{}
	}
	switch code {
	case "status_responder", "status_missing", "status_stale", "status_nonce", "not_accredited":
		code = "status_unavailable"
	case "challenge_used", "challenge_expired", "no_challenge", medical.NoInquiry:
		code = "late"
	}
	if said, ok := reasons[code]; ok {
		return said
	}
	return reasons["card_error"]
}

// reasons are the words by code.
var reasons = map[string]reasonWords{
	// What the insurers answered.
	reception.ReasonInvalid: {
		Short:   ui.Text{JA: "資格（無効）", EN: "Invalid"},
		Title:   ui.Text{JA: "保険の資格がなくなっています", EN: "Your insurance has ended"},
		Patient: ui.Text{JA: "登録されている保険の資格は、すでに喪失しています。新しい保険に入った方は、職員にお知らせください。", EN: "The insurance linked with your card has ended. If you have a new one, please tell the staff."},
		Staff:   ui.Text{JA: "喪失日を確かめ、新しい保険の「資格情報のお知らせ」をお持ちでないかを尋ねてください。お持ちでなければ、申立書又は全額の支払いです。", EN: "Check the day of loss and ask for a notice of the new insurer. Without one: the declaration, or payment in full."},
		Way:     reception.ByNotice,
	},
	reception.ReasonNotNewer: {
		Short:   ui.Text{JA: "資格（無効）新しい保険者が未登録", EN: "Invalid: new insurer has not registered"},
		Title:   ui.Text{JA: "新しい保険の登録が、まだ終わっていません", EN: "Your new insurance is not registered yet"},
		Patient: ui.Text{JA: "前の保険の資格は喪失していますが、新しい保険者の登録がまだです。いったん全額をお支払いいただくことがあります。差額は、後日、新しい保険者から払い戻されます。", EN: "Your former insurance has ended, and the new insurer has not registered you yet. You may have to pay in full today; the new insurer refunds the difference."},
		Staff:   ui.Text{JA: "他資格による喪失です。新しい保険の「資格情報のお知らせ」があれば番号を写し、なければ申立書又は全額（10割）で受け付けます。登録後に照会して精算します。", EN: "Lost to another insurance. With a notice of the new insurer copy its numbers; otherwise the declaration, or payment in full. Settle once it is registered."},
		Way:     reception.InFull,
	},
	reception.ReasonNone: {
		Short:   ui.Text{JA: "資格情報なし", EN: "None found"},
		Title:   ui.Text{JA: "カードと保険の資格が、まだひもづいていません", EN: "Your card is not linked with an insurance yet"},
		Patient: ui.Text{JA: "はじめての方は、「資格情報のお知らせ」の番号を入力すると、このカードで受付できるようになります。", EN: "If this is the first time, enter the numbers of your notice of eligibility, and this card will do from now on."},
		Staff:   ui.Text{JA: "端末で番号を入力していただくか、「資格情報のお知らせ」で受け付けます。", EN: "Let the patient enter the numbers at the terminal, or take the notice."},
		Way:     reception.ByNotice,
	},
	reception.ReasonSeveral: {
		Short:   ui.Text{JA: "複数該当", EN: "Several found"},
		Title:   ui.Text{JA: "二つの保険者に資格があります", EN: "Two insurers insure you"},
		Patient: ui.Text{JA: "脱退の届出がまだの保険が残っています。どちらを使うか、職員がおたずねします。", EN: "An insurance that you have left is still registered. The staff will ask which one to use."},
		Staff:   ui.Text{JA: "どちらの保険を使うかを患者に確かめ、その番号で受け付けます。もう一方の保険者に脱退の届出をするようご案内ください。", EN: "Ask which insurance to use, and take its numbers. Advise the patient to leave the other."},
		Way:     reception.ByNotice,
	},
	reception.ReasonReplaced: {
		Short:   ui.Text{JA: "資格（無効・新資格あり）", EN: "Invalid: insured elsewhere"},
		Title:   ui.Text{JA: "この番号の資格はなくなり、新しい資格があります", EN: "These numbers have ended; there is a new insurance"},
		Patient: ui.Text{JA: "お知らせは前の保険のものです。カードをお使いいただくと、新しい資格を確認できます。", EN: "The notice is that of your former insurance. Your card finds the new one."},
		Staff:   ui.Text{JA: "新しい保険の番号を尋ねるか、カードで受付し直してください。", EN: "Ask for the numbers of the new insurance, or check in again by card."},
		Way:     reception.ByNotice,
	},
	reception.ReasonNotMe: {
		Short:   ui.Text{JA: "ほかの人のカード", EN: "Somebody else’s card"},
		Title:   ui.Text{JA: "ご本人のカードで受付してください", EN: "Please use your own card"},
		Patient: ui.Text{JA: "ほかの方のカードが置かれました。表示した内容は消しました。ご自分のカードでやり直すか、職員にお声がけください。", EN: "The card was somebody else’s. What was shown has been deleted. Start again with your own card, or ask the staff."},
		Staff:   ui.Text{JA: "カードの持ち主を確かめてください。ご家族のカードとの取り違えが多くあります。この受付には、持ち主の情報は残っていません。", EN: "See whose card it is; families often mix them up. Nothing about its holder was kept."},
		Way:     reception.ByWord, Again: true,
	},

	// The first use.
	medical.NoMember: {
		Short:   ui.Text{JA: "該当する被保険者なし", EN: "Nobody has these numbers"},
		Title:   ui.Text{JA: "番号に合う方が見つかりません", EN: "Nobody has these numbers"},
		Patient: ui.Text{JA: "保険者に、その番号と生年月日の方はいませんでした。お知らせを見ながら、もう一度入力してください。", EN: "The insurer knows nobody with these numbers and this date of birth. Please enter them again as the notice prints them."},
		Staff:   ui.Text{JA: "お知らせの番号と生年月日を一緒に確かめてください。", EN: "Compare the numbers and the date of birth with the notice."},
		Way:     reception.ByNotice,
	},
	medical.UnknownInsurer: {
		Short:   ui.Text{JA: "参加していない保険者", EN: "Insurer not connected"},
		Title:   ui.Text{JA: "この保険者には、まだ照会できません", EN: "This insurer cannot be asked yet"},
		Patient: ui.Text{JA: "入力された保険者は、この共通プラットフォームに参加していません。職員がお手続きします。", EN: "This insurer is not connected to the common platform. The staff will see to it."},
		Staff:   ui.Text{JA: "「資格情報のお知らせ」で受け付けてください。保険者番号の入力誤りでないことも確かめてください。", EN: "Take the notice, and make sure that the insurer’s number was entered correctly."},
		Way:     reception.ByNotice,
	},
	medical.LinkedElsewhere: {
		Short:   ui.Text{JA: "ひもづけの重複", EN: "Linked already"},
		Title:   ui.Text{JA: "別の方と、すでにひもづいています", EN: "It is linked with somebody else"},
		Patient: ui.Text{JA: "このカード、又はこの番号は、すでに別のカードや別の方とひもづいています。安全のため、ひもづけを行いませんでした。", EN: "This card, or these numbers, are linked with another person or card. For safety nothing was linked."},
		Staff:   ui.Text{JA: "本人のカードと番号かを確かめ、違いがなければ保険者に誤ったひもづけの解除を依頼してください。", EN: "See that card and numbers are the patient’s own. If so, ask the insurer to undo the wrong link."},
		Way:     reception.ByNotice,
	},
	medical.TooManyTries: {
		Short:   ui.Text{JA: "番号の誤りが続いた", EN: "Too many wrong numbers"},
		Title:   ui.Text{JA: "番号の入力を、いったん終わります", EN: "No more numbers are taken"},
		Patient: ui.Text{JA: "誤った番号が続いたため、入力を止めました。職員がお手続きします。", EN: "Too many wrong numbers were entered. The staff will see to it."},
		Staff:   ui.Text{JA: "ほかの人の番号を試していないかを確かめてください。", EN: "Make sure that nobody tries out other people’s numbers."},
		Way:     reception.ByDeclaration,
	},

	// What the authority says of the certificate.
	"revoked": {
		Short:   ui.Text{JA: "電子証明書の失効", EN: "Certificate revoked"},
		Title:   ui.Text{JA: "このカードの電子証明書は失効しています", EN: "This card’s certificate has been revoked"},
		Patient: ui.Text{JA: "紛失の届出や再交付などにより、このカードは使えなくなっています。新しいカードをお持ちの方は、そちらをお使いください。", EN: "After a loss, a re-issue or the like this card no longer works. If you have a new card, please use that one."},
		Staff:   ui.Text{JA: "失効したカードです。持ち主以外の人が使っていないかに注意し、初診は申立書、再診は口頭で確かめます。", EN: "A revoked card: mind that it is the holder who uses it. At a first visit take the declaration, at a revisit the patient’s word."},
		Way:     reception.ByDeclaration,
	},
	"suspended": {
		Short:   ui.Text{JA: "電子証明書の一時停止", EN: "Certificate suspended"},
		Title:   ui.Text{JA: "このカードの電子証明書は一時停止されています", EN: "This card’s certificate is suspended"},
		Patient: ui.Text{JA: "紛失などの申出により停止されています。カードが見つかった方は、市区町村の窓口で一時停止の解除をお願いします。", EN: "It was suspended, as after a loss. If you have found your card, have that lifted at your municipal counter."},
		Staff:   ui.Text{JA: "窓口での解除が済むまで、カードでは確認できません。再診は口頭、初診は申立書で受け付けます。", EN: "Until the counter lifts it the card does not work. At a revisit take the patient’s word, at a first visit the declaration."},
		Way:     reception.ByDeclaration,
	},
	"expired": {
		Short:   ui.Text{JA: "電子証明書の期限切れ（3か月超）", EN: "Certificate expired too long ago"},
		Title:   ui.Text{JA: "電子証明書の有効期限から3か月を過ぎています", EN: "The certificate expired more than three months ago"},
		Patient: ui.Text{JA: "有効期限が切れてから3か月を過ぎたため、資格を確認できません。市区町村の窓口で更新してください（無料）。", EN: "It can no longer confirm your eligibility. Please renew it at your municipal counter, free of charge."},
		Staff:   ui.Text{JA: "資格確認書が届いているはずです。お持ちでなければ、お知らせ又は申立書で受け付けます。", EN: "An eligibility certificate (資格確認書) should have been sent. Without it take the notice or the declaration."},
		Way:     reception.ByNotice,
	},
	"status_unavailable": {
		Short:   ui.Text{JA: "機構の応答なし", EN: "Authority silent"},
		Title:   ui.Text{JA: "ただいま電子証明書を確認できません", EN: "Certificates cannot be checked at present"},
		Patient: ui.Text{JA: "地方公共団体情報システム機構が応答していません。あなたのカードに問題はありません。職員がお手続きします。", EN: "The authority does not answer. Nothing is wrong with your card. The staff will see to it."},
		Staff:   ui.Text{JA: "③の回答がありません。紙の方法で受け付け、復旧後に番号で照会して精算します。", EN: "There was no answer ③. Take the patient by paper, and settle by numbers once it is back."},
		Way:     reception.ByNotice, Again: true,
	},
	medical.InsurerSilent: {
		Short:   ui.Text{JA: "保険者の応答なし", EN: "Insurer silent"},
		Title:   ui.Text{JA: "ただいま保険者が応答しません", EN: "The insurer does not answer"},
		Patient: ui.Text{JA: "保険者のシステムが応答していません。あなたのカードに問題はありません。職員がお手続きします。", EN: "The insurer’s system does not answer. Nothing is wrong with your card. The staff will see to it."},
		Staff:   ui.Text{JA: "①で止まっています。紙の方法で受け付け、復旧後に番号で照会して精算します。", EN: "It stopped at ①. Take the patient by paper, and settle by numbers once it is back."},
		Way:     reception.ByNotice, Again: true,
	},
	medical.PlatformSilent: {
		Short:   ui.Text{JA: "共通PFの応答なし", EN: "Platform silent"},
		Title:   ui.Text{JA: "ただいま資格を確認できません", EN: "Eligibility cannot be confirmed at present"},
		Patient: ui.Text{JA: "ネットワーク又は共通プラットフォームが応答していません。カードは使わずに、職員にお声がけください。", EN: "The network or the common platform does not answer. Please ask the staff; your card is not needed now."},
		Staff:   ui.Text{JA: "照会は届いていません。紙の方法で受け付け、復旧後に番号で照会して精算します。", EN: "No inquiry was made. Take the patient by paper, and settle by numbers once it is back."},
		Way:     reception.ByNotice, Again: true,
	},

	// The card.
	"pin_blocked": {
		Short:   ui.Text{JA: "暗証番号のロック", EN: "PIN blocked"},
		Title:   ui.Text{JA: "暗証番号がロックされています", EN: "Your PIN is blocked"},
		Patient: ui.Text{JA: "続けて3回間違えたため、使えなくなりました。市区町村の窓口で再設定してください。きょうの受付は、職員がお手続きします。", EN: "After three mistakes in a row it is blocked. Have it reset at your municipal counter. The staff will check you in today."},
		Staff:   ui.Text{JA: "暗証番号を尋ねたり、代わりに入力したりしないでください。カードの券面で本人を確かめ、お知らせ、口頭（再診）又は申立書（初診）で受け付けます。", EN: "Never ask for the PIN nor type it. See the card’s face, and take the notice, the patient’s word (revisit) or the declaration (first visit)."},
		Way:     reception.ByWord,
	},
	"dead_card": {
		Short:   ui.Text{JA: "カードの故障", EN: "Broken card"},
		Title:   ui.Text{JA: "カードのICチップを読み取れません", EN: "The card’s chip does not answer"},
		Patient: ui.Text{JA: "カードが壊れているようです。市区町村の窓口で再交付を受けてください。きょうの受付は、職員がお手続きします。", EN: "The card seems to be broken. Please have a new one issued. The staff will check you in today."},
		Staff:   ui.Text{JA: "カードの券面で本人を確かめ、お知らせ、口頭（再診）又は申立書（初診）で受け付けます。", EN: "See the card’s face, and take the notice, the patient’s word (revisit) or the declaration (first visit)."},
		Way:     reception.ByDeclaration,
	},
	"no_card": {
		Short:   ui.Text{JA: "カードなし", EN: "No card"},
		Title:   ui.Text{JA: "カードをお持ちでない方の受付", EN: "Check-in without a card"},
		Patient: ui.Text{JA: "職員がお手続きします。資格確認書又は「資格情報のお知らせ」をお持ちの方は、ご用意ください。", EN: "The staff will see to it. Please have your eligibility certificate or notice ready."},
		Staff:   ui.Text{JA: "資格確認書があれば番号を写します。なければ、再診は口頭、初診は申立書です。", EN: "Copy the numbers of an eligibility certificate. Without one: at a revisit the patient’s word, at a first visit the declaration."},
		Way:     reception.ByNotice,
	},
	"no_certificate": {
		Short:   ui.Text{JA: "電子証明書なし", EN: "No certificate"},
		Title:   ui.Text{JA: "このカードには利用者証明用電子証明書がありません", EN: "This card has no authentication certificate"},
		Patient: ui.Text{JA: "電子証明書のないカードでは受付できません。職員がお手続きします。", EN: "A card without it cannot check you in. The staff will see to it."},
		Staff:   ui.Text{JA: "資格確認書又はお知らせで受け付けます。", EN: "Take the eligibility certificate or the notice."},
		Way:     reception.ByNotice,
	},
	"not_jpki": {
		Short:   ui.Text{JA: "別の種類のカード", EN: "Another kind of card"},
		Title:   ui.Text{JA: "マイナンバーカードではありません", EN: "This is not an Individual Number Card"},
		Patient: ui.Text{JA: "置かれたのは、別の種類のカードです。マイナンバーカードを置いてください。", EN: "Another kind of card was laid. Please lay your Individual Number Card."},
		Staff:   ui.Text{JA: "マイナンバーカードをお持ちかを尋ねてください。", EN: "Ask for the Individual Number Card."},
		Way:     reception.ByNotice, Again: true,
	},
	"late": {
		Short:   ui.Text{JA: "時間切れ", EN: "Too late"},
		Title:   ui.Text{JA: "時間がたったため、受付を止めました", EN: "It took too long"},
		Patient: ui.Text{JA: "カードの確認から時間がたちました。もう一度、はじめからお願いします。", EN: "Too much time has passed since your card answered. Please start again."},
		Staff:   ui.Text{JA: "端末でやり直していただいてください。", EN: "Let the patient start again at the terminal."},
		Way:     reception.ByWord, Again: true,
	},
	"card_error": {
		Short:   ui.Text{JA: "カードを確認できず", EN: "Card not verified"},
		Title:   ui.Text{JA: "カードを確認できませんでした", EN: "The card could not be verified"},
		Patient: ui.Text{JA: "カードの回答を確認できませんでした。もう一度お試しいただくか、職員にお声がけください。", EN: "What the card answered could not be verified. Try again, or ask the staff."},
		Staff:   ui.Text{JA: "続くときは、別の端末で試すか、紙の方法で受け付けてください。", EN: "If it goes on, try another terminal or take the patient by paper."},
		Way:     reception.ByWord, Again: true,
	},
}
