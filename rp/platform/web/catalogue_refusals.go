package web

import "example.jp/jpkimock/internal/ui"

// saying is what a refusal says to people: what happened, why, what to do.
// {at} and {reason} are filled in.
type saying struct{ title, why, do ui.Text }

// askCounter is what to do about most certificates.
var askCounter = ui.Text{JA: "お住まいの市区町村の窓口で、利用者証明用電子証明書の発行を受けてください。", EN: "Please have a user authentication certificate issued at your municipal counter."}

// tryLater is what to do when it is not the person's card.
var tryLater = ui.Text{JA: "サインインは行われていません。しばらくしてから、もう一度お試しください。", EN: "You were not signed in. Please try again in a while."}

// What the authority says of the certificate.
var (
	sayRevoked = saying{
		ui.Text{JA: "電子証明書が失効しています", EN: "Your certificate has been revoked"},
		ui.Text{JA: "このカードの利用者証明用電子証明書は、{at}に失効しています。失効の事由：{reason}。", EN: "The user authentication certificate on this card was revoked at {at}: {reason}."}, askCounter,
	}
	saySuspended = saying{
		ui.Text{JA: "電子証明書が一時停止されています", EN: "Your certificate is suspended"},
		ui.Text{JA: "このカードの利用者証明用電子証明書は、{at}から一時停止（一時保留）されています。", EN: "The user authentication certificate on this card has been suspended since {at}."},
		ui.Text{JA: "カードが見つかったときは、お住まいの市区町村の窓口で一時停止の解除を申請してください。見つからないときは、再交付の手続きをお願いします。", EN: "If you have found your card, apply at your municipal counter to end the suspension; if not, apply there for a new card."},
	}
	sayExpired = saying{
		ui.Text{JA: "電子証明書の有効期間が過ぎています", EN: "Your certificate has expired"},
		ui.Text{JA: "電子証明書の有効期間は、発行の日から5回目の誕生日（又はカードの有効期限）までです。", EN: "A certificate is valid until the fifth birthday after its issue, or until the card expires."},
		ui.Text{JA: "お住まいの市区町村の窓口で更新してください。更新のあとも、これまでのサービスをそのままご利用いただけます。", EN: "Please renew it at your municipal counter. Your services will know you as before."},
	}
	sayNotYetValid = saying{
		ui.Text{JA: "電子証明書の有効期間が始まっていません", EN: "Your certificate is not valid yet"},
		ui.Text{JA: "このカードの利用者証明用電子証明書の有効期間は、まだ始まっていません。", EN: "The validity of the certificate on this card has not begun."}, tryLater,
	}
	sayStatusUnknown = saying{
		ui.Text{JA: "電子証明書の発行を確認できません", EN: "The authority does not know this certificate"},
		ui.Text{JA: "地方公共団体情報システム機構に、この発行の番号の記録がありませんでした。", EN: "The authority has no record of issuing a certificate with this serial number."}, askCounter,
	}
	sayNotAccredited = saying{
		ui.Text{JA: "当基盤の都合により、ただいま確認ができません", EN: "We are not able to check certificates at present"},
		ui.Text{JA: "当基盤は、現在、失効情報の提供を受けることができません（認定の状況によるものです）。お客さまのカードに問題があるわけではありません。", EN: "The authority does not give us revocation information at present, for reasons of our accreditation. Nothing is wrong with your card."}, tryLater,
	}
	sayStatusUnavailable = saying{
		ui.Text{JA: "電子証明書の有効性を確認できませんでした", EN: "We could not check your certificate"},
		ui.Text{JA: "地方公共団体情報システム機構への照会に、回答がありませんでした。", EN: "The authority did not answer."}, tryLater,
	}
	sayStatusDoubtful = saying{
		ui.Text{JA: "失効情報の回答を用いることができませんでした", EN: "The authority's answer could not be used"},
		ui.Text{JA: "電子証明書の有効性の照会への回答が、機構のものか、この照会への現在の回答かを確認できませんでした。", EN: "The answer about your certificate could not be shown to be the authority's, of now, and to our question."}, tryLater,
	}
)

// What the certificate is, and what the card answered.
var (
	sayKind = saying{
		ui.Text{JA: "電子証明書の種別が違います", EN: "This is the wrong kind of certificate"},
		ui.Text{JA: "サインインには利用者証明用電子証明書を使いますが、署名用電子証明書が送られました。", EN: "Signing in takes the user authentication certificate, but the one for signature was sent."},
		ui.Text{JA: "画面の案内に従って、もう一度お試しください。", EN: "Please follow the page once more."},
	}
	sayChain = saying{
		ui.Text{JA: "公的個人認証サービスの電子証明書ではありません", EN: "This certificate is not from the JPKI"},
		ui.Text{JA: "送られた電子証明書は、当基盤が信頼する認証局が発行したものではありません。", EN: "The certificate was not issued by a certification authority that we trust."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードをお使いください。", EN: "Please use the Individual Number Card that your municipality gave you."},
	}
	sayProfile = saying{
		ui.Text{JA: "この電子証明書はサインインに使えません", EN: "This certificate cannot be used to sign in"},
		ui.Text{JA: "送られた電子証明書は、利用者証明用電子証明書の決まりどおりのものではありませんでした。", EN: "The certificate does not have the form that a user authentication certificate has."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードで、もう一度お試しください。", EN: "Please try again with the card that your municipality gave you."},
	}
	sayOrigin = saying{
		ui.Text{JA: "この画面への回答ではありません", EN: "The answer was not made for this page"},
		ui.Text{JA: "カードの回答は、別のサイト又は別の画面のために作られたものでした。偽のサイトを経由した可能性があります。", EN: "The card's answer was made for another site or another page. A false site may be in between."},
		ui.Text{JA: "ブラウザーのアドレスをお確かめのうえ、もう一度お試しください。", EN: "Please check the address in your browser, and try again."},
	}
	sayAnswer = saying{
		ui.Text{JA: "カードの回答を確認できませんでした", EN: "The card's answer could not be verified"},
		ui.Text{JA: "送られた回答は、このカードの正しい回答ではありませんでした。", EN: "What was sent is not a sound answer of this card."},
		ui.Text{JA: "もう一度お試しください。", EN: "Please try again."},
	}
	sayChallengeExpired = saying{
		ui.Text{JA: "画面の有効時間が過ぎました", EN: "The page has expired"},
		ui.Text{JA: "カードの回答をいただくまでに、5分を過ぎました。", EN: "The card's answer came more than five minutes after the page."},
		ui.Text{JA: "もう一度お試しください。", EN: "Please try again."},
	}
	sayChallenge = saying{
		ui.Text{JA: "この画面の回答は、すでに受け取りました", EN: "This page has been answered already"},
		ui.Text{JA: "カードの回答は、1つの画面につき1回だけ受け付けます。", EN: "A card's answer is taken once for each page."},
		ui.Text{JA: "もう一度、画面を開いてお試しください。", EN: "Please open the page again."},
	}
	sayBusy = saying{
		ui.Text{JA: "ただいま混み合っています", EN: "We are busy"},
		ui.Text{JA: "多くの方がご利用のため、受け付けられませんでした。", EN: "Too many people are signing in at this moment."}, tryLater,
	}
)

// The platform's own rules.
var (
	sayNoLogin = saying{
		ui.Text{JA: "このサインインの手続きは終わっています", EN: "This sign-in is over"},
		ui.Text{JA: "手続きが完了したか、10分の有効時間が過ぎたか、別のブラウザーで始められた手続きです。", EN: "It was completed, or its ten minutes are up, or it began in another browser."},
		ui.Text{JA: "ご利用のサービスの画面から、もう一度サインインしてください。", EN: "Please begin again at the service that you want to use."},
	}
	sayNotVerified = saying{
		ui.Text{JA: "先にカードでサインインしてください", EN: "Please use your card first"},
		ui.Text{JA: "この手続きでは、まだカードの確認が済んでいません。", EN: "No card has been checked for this sign-in yet."},
		ui.Text{JA: "サインインの画面に戻って、カードをお使いください。", EN: "Go back and use your card."},
	}
	sayNoConsent = saying{
		ui.Text{JA: "取り消す同意がありません", EN: "There is no consent to withdraw"},
		ui.Text{JA: "このサービスへの情報提供の同意は、すでに取り消されています。", EN: "Your consent to this service has been withdrawn already."},
		ui.Text{JA: "ご利用の記録でお確かめください。", EN: "Please see your records."},
	}
	sayAsked = saying{
		ui.Text{JA: "サービスからの依頼を受け付けられません", EN: "The service's request cannot be accepted"},
		ui.Text{JA: "依頼したサービスが当基盤に登録されていないか、依頼の内容が登録と一致しません。偽のサービスの可能性もあるため、元のサイトには戻りません。", EN: "The service is not registered here, or its request does not match the register. Since it may be a false one, we do not send you back to it."},
		ui.Text{JA: "サービスのアドレスをお確かめのうえ、そのサービスの窓口にお問い合わせください。", EN: "Please check the service's address, and ask the service."},
	}
	sayNoProvider = saying{
		ui.Text{JA: "登録がありません", EN: "Not in the register"},
		ui.Text{JA: "このクライアントIDのサービスプロバイダ事業者は登録されていません。", EN: "No service provider is registered under this client_id."},
		ui.Text{JA: "登録簿でお確かめください。", EN: "Please see the register."},
	}
	sayField = saying{
		ui.Text{JA: "登録の内容に誤りがあります", EN: "The entry is not right"},
		ui.Text{JA: "入力された値を受け付けられませんでした。", EN: "A value was not accepted."},
		ui.Text{JA: "入力の画面に戻って直してください。", EN: "Please go back and correct it."},
	}
)

// agentSays gives the words for what the card agent handed back in place of an
// answer. A code that it does not have is told as one that it has for the like.
func agentSays(code string) (string, saying) {
	same := func(ja, en string) ui.Text { return ui.Text{JA: ja, EN: en} }
	switch code {
	case "pin_blocked":
		return code, saying{same("暗証番号がロックされています", "Your PIN is blocked"),
			same("暗証番号（数字4桁）を続けて3回間違えたため、このカードではサインインできません。", "The PIN (4 digits) was wrong three times in a row, so this card cannot sign you in."),
			same("お住まいの市区町村の窓口で、暗証番号の再設定（初期化）を申請してください。", "Apply at your municipal counter to have it set anew.")}
	case "cancelled":
		return code, saying{same("サインインを中止しました", "You stopped signing in"),
			same("カードの画面で「中止」が選ばれました。", "Cancel was chosen on the card's page."), same("続けるときは、もう一度お試しください。", "Try again if you want to go on.")}
	case "no_card":
		return code, saying{same("カードがありません", "There is no card"),
			same("リーダーにカードが置かれていませんでした。", "No card lay on the reader."), same("カードを置いて、もう一度お試しください。", "Lay your card on it, and try again.")}
	case "no_certificate":
		return code, saying{same("このカードではサインインできません", "This card cannot sign you in"),
			same("このカードには、利用者証明用電子証明書がありません。", "It has no user authentication certificate."), askCounter}
	case "dead_card":
		return code, saying{same("カードのICチップが応答しません", "The chip of the card does not answer"),
			same("ICチップが壊れているか、使えなくなっています。", "It is broken, or of no use any more."), same("お住まいの市区町村の窓口で再交付を申請してください。", "Apply at your municipal counter for a new card.")}
	case "wrong_pin":
		return code, saying{same("暗証番号が違います", "The PIN was wrong"),
			same("続けて3回間違えると、ロックされます。", "After three wrong tries in a row it is blocked."), same("暗証番号をお確かめのうえ、もう一度お試しください。", "Make sure of it, and try again.")}
	case "expired":
		return code, saying{same("カードの画面の有効時間が過ぎました", "The card's page has expired"),
			same("5分のあいだ、カードの操作がありませんでした。", "Nothing was done for five minutes."), same("もう一度お試しください。", "Please try again.")}
	}
	return "card_trouble", saying{same("カードを読み取れませんでした", "The card could not be read"),
		same("カードとのやり取りが正しく行われませんでした。", "The exchange with the card went wrong."), same("カードを置き直して、もう一度お試しください。", "Lay the card down anew, and try again.")}
}
