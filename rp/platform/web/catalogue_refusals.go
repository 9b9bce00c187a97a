package web

import (
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

// What all houses refuse, in words of the platform.
var (
	sayExpired = rpweb.Say(
		ui.Text{JA: "電子証明書の有効期間が過ぎています", EN: "Your certificate has expired"},
		ui.Text{JA: "電子証明書の有効期間は、発行の日から5回目の誕生日（又はカードの有効期限）までです。", EN: "A certificate is valid until the fifth birthday after its issue, or until the card expires."},
		ui.Text{JA: "お住まいの市区町村の窓口で更新してください。更新のあとも、これまでのサービスをそのままご利用いただけます。", EN: "Please renew it at your municipal counter. Your services will know you as before."},
	)
	sayChallenge = rpweb.Say(
		ui.Text{JA: "この画面の回答は、すでに受け取りました", EN: "This page has been answered already"},
		ui.Text{JA: "カードの回答は、1つの画面につき1回だけ受け付けます。", EN: "A card's answer is taken once for each page."},
		ui.Text{JA: "もう一度、画面を開いてお試しください。", EN: "Please open the page again."},
	)
)

// The platform's own rules.
var (
	sayNoLogin = rpweb.Say(
		ui.Text{JA: "このサインインの手続きは終わっています", EN: "This sign-in is over"},
		ui.Text{JA: "手続きが完了したか、10分の有効時間が過ぎたか、別のブラウザーで始められた手続きです。", EN: "It was completed, or its ten minutes are up, or it began in another browser."},
		ui.Text{JA: "ご利用のサービスの画面から、もう一度サインインしてください。", EN: "Please begin again at the service that you want to use."},
	)
	sayNotVerified = rpweb.Say(
		ui.Text{JA: "先にカードでサインインしてください", EN: "Please use your card first"},
		ui.Text{JA: "この手続きでは、まだカードの確認が済んでいません。", EN: "No card has been checked for this sign-in yet."},
		ui.Text{JA: "サインインの画面に戻って、カードをお使いください。", EN: "Go back and use your card."},
	)
	sayOtherCard = rpweb.Say(
		ui.Text{JA: "サインインした方と違う方のカードです", EN: "This is another person's card"},
		ui.Text{JA: "署名したカードは、先にサインインした方のものではありません。署名はサービスに渡していません。", EN: "The card that signed is not of the person who signed in. The service has not been given the signature."},
		ui.Text{JA: "ご本人のカードを置いて、もう一度署名してください。", EN: "Please sign again with your own card."},
	)
	sayBadSignature = rpweb.Say(
		ui.Text{JA: "署名を受け取れませんでした", EN: "The signature did not arrive"},
		ui.Text{JA: "カードの画面から届いた署名を読み取れませんでした。", EN: "What the card's window sent could not be read as a signature."},
		ui.Text{JA: "もう一度署名してください。サービスには何も伝わっていません。", EN: "Please sign again. The service has been told nothing."},
	)
	sayNoTransaction = rpweb.Say(
		ui.Text{JA: "この署名の依頼は終わっています", EN: "This request for a signature is over"},
		ui.Text{JA: "署名が済んだか、10分の有効時間が過ぎた依頼です。", EN: "It was signed, or its ten minutes are up."},
		ui.Text{JA: "ご利用のサービスの画面から、もう一度お申し込みください。", EN: "Please begin again at the service that you want to use."},
	)
	sayManyTransactions = rpweb.Say(
		ui.Text{JA: "署名の依頼が多すぎます", EN: "Too many requests for signatures"},
		ui.Text{JA: "このサービスの署名の依頼が、上限の1000件に達しています。", EN: "This service has a thousand of them, which is the most."},
		ui.Text{JA: "10分ほどたってから、もう一度お試しください。", EN: "Please try again in ten minutes."},
	)
	sayKeyStep = rpweb.Say(
		ui.Text{JA: "署名鍵の更新は、別の段階にあります", EN: "The rotation of keys is at another step"},
		ui.Text{JA: "鍵は、公開、切替え、公開終了の順に更新します。ほかの担当者が先に進めた可能性があります。", EN: "Keys are published, then used, then the old ones withdrawn. Somebody else may have gone on."},
		ui.Text{JA: "登録簿で、次に行うことをお確かめください。", EN: "Please see the register for what is next."},
	)
	sayNoAttributes = rpweb.Say(
		ui.Text{JA: "カードに記録された情報を受け取れませんでした", EN: "What the card says about you did not arrive"},
		ui.Text{JA: "このサービスは氏名や住所などの提供を求めていますが、カードの回答に含まれていませんでした。", EN: "This service asks for your name, address or other details, and the card's answer had none of them."},
		ui.Text{JA: "もう一度、カードの画面で暗証番号を入力してください。サービスには何も伝わっていません。", EN: "Please use your card again. The service has been told nothing."},
	)
	sayStatement = rpweb.Say(
		ui.Text{JA: "カードに記録された情報を確かめられませんでした", EN: "What the card says about you could not be verified"},
		ui.Text{JA: "受け取った情報が、今回のカードの回答に対するものと確認できませんでした。", EN: "The details that arrived do not belong to this answer of your card."},
		ui.Text{JA: "もう一度お試しください。サービスには何も伝わっていません。", EN: "Please try again. The service has been told nothing."},
	)
	sayKeys = rpweb.Say(
		ui.Text{JA: "いまは、カードに記録された情報を確かめられません", EN: "What the card says about you cannot be verified now"},
		ui.Text{JA: "確認に必要な、利用者クライアントソフトの鍵を取得できませんでした。", EN: "The keys of the card's software, which are needed for it, could not be had."},
		ui.Text{JA: "しばらくしてから、もう一度お試しください。サービスには何も伝わっていません。", EN: "Please try again in a while. The service has been told nothing."},
	)
	sayNoConsent = rpweb.Say(
		ui.Text{JA: "取り消す同意がありません", EN: "There is no consent to withdraw"},
		ui.Text{JA: "このサービスへの情報提供の同意は、すでに取り消されています。", EN: "Your consent to this service has been withdrawn already."},
		ui.Text{JA: "ご利用の記録でお確かめください。", EN: "Please see your records."},
	)
	sayAsked = rpweb.Say(
		ui.Text{JA: "サービスからの依頼を受け付けられません", EN: "The service's request cannot be accepted"},
		ui.Text{JA: "依頼したサービスが当基盤に登録されていないか、依頼の内容が登録と一致しません。偽のサービスの可能性もあるため、元のサイトには戻りません。", EN: "The service is not registered here, or its request does not match the register. Since it may be a false one, we do not send you back to it."},
		ui.Text{JA: "サービスのアドレスをお確かめのうえ、そのサービスの窓口にお問い合わせください。", EN: "Please check the service's address, and ask the service."},
	)
	sayNoProvider = rpweb.Say(
		ui.Text{JA: "登録がありません", EN: "Not in the register"},
		ui.Text{JA: "このクライアントIDのサービスプロバイダ事業者は登録されていません。", EN: "No service provider is registered under this client_id."},
		ui.Text{JA: "登録簿でお確かめください。", EN: "Please see the register."},
	)
	sayField = rpweb.Say(
		ui.Text{JA: "登録の内容に誤りがあります", EN: "The entry is not right"},
		ui.Text{JA: "入力された値を受け付けられませんでした。", EN: "A value was not accepted."},
		ui.Text{JA: "入力の画面に戻って直してください。", EN: "Please go back and correct it."},
	)
)
