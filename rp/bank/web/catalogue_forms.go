package web

import (
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

// Refusals about signed forms and messages.
var (
	sayAnotherPerson = rpweb.Say(
		ui.Text{JA: "口座の名義人ご本人のカードではありません", EN: "This is not the account holder's card"},
		ui.Text{JA: "署名された電子証明書が、この口座のお客さまの新しい電子証明書であることを確認できませんでした。ご家族であっても、ご本人以外の方のカードではお手続きできません。お届けの内容は変わっていません。", EN: "We could not confirm that the certificate that signed belongs to this account's holder. No one else's card can be used, not even a relative's. Nothing has been changed."},
		ui.Text{JA: "ご本人のカードをリーダーに置いて、もう一度署名してください。口座番号を入力された方は、番号をお確かめください。", EN: "Lay the holder's own card on the reader and sign again. If you typed an account number, please check it."},
	)
	sayNothingChanged = rpweb.Say(
		ui.Text{JA: "お届けの内容に変更はありません", EN: "Nothing has changed"},
		ui.Text{JA: "署名された電子証明書は、当行の記録にある電子証明書と同じものです。有効性も確認できましたので、変更届は要りません。", EN: "The certificate that signed is the one on record, and it is valid. No change notice is needed."},
		ui.Text{JA: "お引越しのあとのときは、市区町村の窓口で新しい署名用電子証明書の発行を受けてから、お手続きください。", EN: "After a move, have a new digital signature certificate issued at your municipal counter first."},
	)
	sayOtherCertificate = rpweb.Say(
		ui.Text{JA: "先に変更届をご提出ください", EN: "Please send a change notice first"},
		ui.Text{JA: "署名された電子証明書は、当行の記録にあるものより新しい電子証明書です。", EN: "The certificate that signed is newer than the one on record."},
		ui.Text{JA: "変更届に署名して新しい電子証明書をお届けいただいたのち、利用許諾をお手続きください。", EN: "Sign a change notice to register it, and then give your consent."},
	)
	sayRecordMoved = rpweb.Say(
		ui.Text{JA: "お手続きの間に、記録が変わりました", EN: "Your record has changed"},
		ui.Text{JA: "別の画面で、先にお手続きが完了しています。このお手続きでは、何も変更していません。", EN: "You completed another procedure in a different window first. This one changed nothing."},
		ui.Text{JA: "いまの内容をお確かめのうえ、必要なときは初めからお手続きください。", EN: "Please look at your record, and begin again if you need to."},
	)
	sayConsentStands = rpweb.Say(
		ui.Text{JA: "利用許諾は、すでにいただいています", EN: "You have already given your consent"},
		ui.Text{JA: "撤回されていないため、改めて許諾していただく必要はありません。", EN: "It has not been withdrawn, so you need not give it again."},
		ui.Text{JA: "現在の内容は、利用許諾の画面でご覧になれます。", EN: "See your consent page."},
	)
	sayConsentWithdrawn = rpweb.Say(
		ui.Text{JA: "利用許諾は、すでに撤回されています", EN: "Your consent has already been withdrawn"},
		ui.Text{JA: "当行は、お客さまの電子証明書の定期的な確認を行っていません。", EN: "We no longer check your certificate."},
		ui.Text{JA: "改めて許諾されるときは、利用許諾の画面からお手続きください。", EN: "To give it again, see your consent page."},
	)
	sayFormUsed = rpweb.Say(
		ui.Text{JA: "この届出書は、すでに受け付けています", EN: "This form has already been accepted"},
		ui.Text{JA: "一つの届出書で行えるお手続きは、1回だけです。", EN: "A form can be used once."},
		ui.Text{JA: "口座の画面で、いまの内容をお確かめください。", EN: "Please look at your account."},
	)
	sayFormExpired = rpweb.Say(
		ui.Text{JA: "届出書の有効時間が過ぎました", EN: "The form has timed out"},
		ui.Text{JA: "届出書は、作成から30分以内に署名していただく必要があります。", EN: "It must be signed within 30 minutes of being written."},
		ui.Text{JA: "お手数ですが、もう一度はじめからお手続きください。", EN: "Please begin again."},
	)
	sayTaken = rpweb.Say(
		ui.Text{JA: "この電子証明書は、別の口座に届け出られています", EN: "This certificate belongs to another account"},
		ui.Text{JA: "署名された電子証明書は、別のお客さまの口座の記録にあります。お届けの内容は変わっていません。", EN: "The certificate that signed is on another customer's record. Nothing has been changed."},
		ui.Text{JA: "ご本人のカードであるかをお確かめのうえ、当行の窓口にお問い合わせください。", EN: "Check that it is your own card, and ask at a branch."},
	)
	sayNoNotice = rpweb.Say(
		ui.Text{JA: "このお知らせは見つかりません", EN: "There is no such message"},
		ui.Text{JA: "お客さま宛てのお知らせに、この番号のものはありません。", EN: "You have no message with this number."},
		ui.Text{JA: "お知らせの一覧をご覧ください。", EN: "Please see your inbox."},
	)
	sayNoForm = rpweb.Say(
		ui.Text{JA: "署名をお待ちしている届出書がありません", EN: "There is no form to sign"},
		ui.Text{JA: "届出書がまだ作られていないか、お手続きが完了しています。", EN: "None has been written yet, or it has been accepted."},
		ui.Text{JA: "お手続きの画面から、届出書を作成してください。", EN: "Please begin from its page."},
	)
)
