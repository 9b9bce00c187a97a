package web

import (
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

// What the bank refuses of papers, messages and staff.
var (
	sayAnotherPerson = rpweb.Say(
		ui.Text{JA: "口座の名義人ご本人のカードではありません", EN: "This is not the account holder's card"},
		ui.Text{JA: "署名された電子証明書が、この口座のお客さまの新しい電子証明書であることを確認できませんでした。ご家族であっても、ご本人以外の方のカードではお手続きできません。お届けの内容は変わっていません。", EN: "We could not confirm that the certificate that signed is a later one of this account's holder. Nobody else's card can be used, not even a relative's. Nothing has been changed."},
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
		ui.Text{JA: "お手続きの間に、記録が変わりました", EN: "Your record changed meanwhile"},
		ui.Text{JA: "別の画面で、先にお手続きが完了しています。このお手続きでは、何も変更していません。", EN: "Another act of yours was completed first. This one has changed nothing."},
		ui.Text{JA: "いまの内容をお確かめのうえ、必要なときは初めからお手続きください。", EN: "Please look at your record, and begin again if need be."},
	)
	sayConsentStands = rpweb.Say(
		ui.Text{JA: "利用許諾は、すでにいただいています", EN: "Your consent stands"},
		ui.Text{JA: "撤回されていないため、改めて許諾していただく必要はありません。", EN: "It has not been withdrawn, so you need not give it again."},
		ui.Text{JA: "現在の内容は、利用許諾の画面でご覧になれます。", EN: "See the page of your consent."},
	)
	sayConsentWithdrawn = rpweb.Say(
		ui.Text{JA: "利用許諾は、すでに撤回されています", EN: "Your consent is withdrawn already"},
		ui.Text{JA: "当行は、お客さまの電子証明書の定期的な確認を行っていません。", EN: "We do not check your certificate any more."},
		ui.Text{JA: "改めて許諾されるときは、利用許諾の画面からお手続きください。", EN: "To give it again, see the page of your consent."},
	)
	sayPaperUsed = rpweb.Say(
		ui.Text{JA: "この届出書は、すでに受け付けています", EN: "This paper was accepted before"},
		ui.Text{JA: "一つの届出書で行えるお手続きは、1回だけです。", EN: "One paper is good once."},
		ui.Text{JA: "口座の画面で、いまの内容をお確かめください。", EN: "Please look at your account."},
	)
	sayPaperExpired = rpweb.Say(
		ui.Text{JA: "届出書の有効時間が過ぎました", EN: "The paper has timed out"},
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
		ui.Text{JA: "お客さま宛てのお知らせに、この番号のものはありません。", EN: "You have no message of this number."},
		ui.Text{JA: "お知らせの一覧をご覧ください。", EN: "Please see your inbox."},
	)
	sayNoPaper = rpweb.Say(
		ui.Text{JA: "署名をお待ちしている届出書がありません", EN: "No paper waits for a signature"},
		ui.Text{JA: "届出書がまだ作られていないか、お手続きが完了しています。", EN: "None has been written yet, or it has been accepted."},
		ui.Text{JA: "お手続きの画面から、届出書を作成してください。", EN: "Please begin from its page."},
	)
)

// What the bank refuses at its own desks.
var (
	sayStaffSignedOut = rpweb.Say(
		ui.Text{JA: "行員のサインインが必要です", EN: "Staff sign-in required"},
		ui.Text{JA: "この画面は、当行の行員だけが使えます。サインインしていないか、時間がたったため終了しました。", EN: "This page is for the bank's staff. Nobody is signed in, or the session has ended."},
		ui.Text{JA: "行員用の鍵でサインインしてください。", EN: "Sign in with the staff key."},
	)
	sayStaffKey = rpweb.Say(
		ui.Text{JA: "行員用の鍵が違います", EN: "Wrong staff key"},
		ui.Text{JA: "入力された鍵では、行員用の画面を開けません。", EN: "This key does not open the pages of staff."},
		ui.Text{JA: "鍵をお確かめください。", EN: "Please check it."},
	)
	sayStaffClosed = rpweb.Say(
		ui.Text{JA: "行員用の画面は閉じられています", EN: "The pages of staff are shut"},
		ui.Text{JA: "この模擬環境では、行員用の鍵が設定されていません。", EN: "No staff key is set in this mock."},
		ui.Text{JA: "環境を用意した方にお問い合わせください。", EN: "Ask whoever set it up."},
	)
	sayNoReport = rpweb.Say(
		ui.Text{JA: "この変更確認の記録はありません", EN: "There is no such report"},
		ui.Text{JA: "この番号の変更確認は、行われていません。", EN: "No confirmation has this number."},
		ui.Text{JA: "一覧からお選びください。", EN: "Choose one of the list."},
	)
	sayNoLetter = rpweb.Say(
		ui.Text{JA: "この照会状はありません", EN: "There is no such letter"},
		ui.Text{JA: "この番号のお知らせがないか、郵送しない種類のものです。", EN: "No message has this number, or it is of a kind that is not posted."},
		ui.Text{JA: "一覧からお選びください。", EN: "Choose one of the list."},
	)
	sayNoCustomer = rpweb.Say(
		ui.Text{JA: "この口座番号のお客さまはいません", EN: "No customer has this account number"},
		ui.Text{JA: "口座番号に該当する口座がありません。", EN: "There is no such account."},
		ui.Text{JA: "一覧からお選びください。", EN: "Choose one of the list."},
	)
	sayConfirmation = rpweb.Say(
		ui.Text{JA: "変更確認の結果を記録できませんでした", EN: "The confirmation could not be recorded"},
		ui.Text{JA: "当行の処理の途中で障害がありました。お客さまの記録には印を付けていません。", EN: "Something went wrong at the bank. Nobody was marked."},
		ui.Text{JA: "しばらくしてから、もう一度実行してください。", EN: "Please try again in a while."},
	)
)

// What a teller is told when a touch finds no customer.
var (
	sayCounterRevoked = rpweb.Say(
		ui.Text{JA: "このカードは使えません（失効）", EN: "This card cannot be used: revoked"},
		ui.Text{JA: "かざされたカードの利用者証明用電子証明書は、{at}に失効しています。失効の事由：{reason}。どなたのカードかは表示しません。", EN: "The user authentication certificate of this card was revoked at {at}: {reason}. Whose card it is, is not shown."},
		ui.Text{JA: "新しいカードをお持ちでないかをお伺いしてください。お持ちでないときは、市区町村の窓口をご案内し、本日は本人確認書類によりお取扱いください。", EN: "Ask whether there is a newer card. If not, send the visitor to the municipal counter, and go by other proof of identity today."},
	)
	sayCounterSuspended = rpweb.Say(
		ui.Text{JA: "このカードは一時停止されています", EN: "This card is suspended"},
		ui.Text{JA: "紛失・盗難などの届出により、{at}から一時停止されているカードです。お取引には使えません。", EN: "It has been suspended since {at}, as happens when a card is reported lost or stolen. It cannot be used."},
		ui.Text{JA: "見つかったカードであるときは、市区町村の窓口での解除をご案内してください。ご様子に不審な点があるときは、役席者に引き継いでください。", EN: "If the card was lost and found, the municipal counter can end the suspension. Call a supervisor if anything seems wrong."},
	)
	sayCounterExpired = rpweb.Say(
		ui.Text{JA: "このカードの電子証明書は、有効期間が過ぎています", EN: "This card's certificate has expired"},
		ui.Text{JA: "利用者証明用電子証明書の有効期間（発行の日から5回目の誕生日まで）が過ぎています。", EN: "The user authentication certificate is past its fifth birthday."},
		ui.Text{JA: "市区町村の窓口での更新（無料）をご案内してください。", EN: "Send the visitor to the municipal counter to renew it, free of charge."},
	)
	sayCounterUnknown = rpweb.Say(
		ui.Text{JA: "当行のお客さまではありません", EN: "Not a customer of ours"},
		ui.Text{JA: "カードは有効ですが、このカードで登録されている口座は見つかりませんでした。お名前などは、このカードの操作では当行に伝わりません。", EN: "The card is valid, but no account is registered with it. The touch does not tell us the visitor's name."},
		ui.Text{JA: "口座の開設をご希望かをお伺いしてください。口座をお持ちの方であるときは、別の方のカードでないかをお確かめいただき、ご本人のカードであれば変更届をご案内してください。", EN: "Offer to open an account. If the visitor has one, ask whether it is somebody else's card; if it is the visitor's own, offer the change notice."},
	)
	sayCounterCancelled = rpweb.Say(
		ui.Text{JA: "カードの確認は取り消されました", EN: "The touch was cancelled"},
		ui.Text{JA: "お客さまが操作を取りやめたか、時間内に操作がありませんでした。", EN: "The visitor stopped, or did nothing in time."},
		ui.Text{JA: "続けるときは、もう一度カードをかざしていただいてください。", EN: "To go on, ask for the card once more."},
	)
	sayCounterBlocked = rpweb.Say(
		ui.Text{JA: "暗証番号がロックされています", EN: "The PIN is blocked"},
		ui.Text{JA: "利用者証明用の暗証番号が続けて間違えられたため、カードが応答しません。", EN: "Too many wrong PINs were typed."},
		ui.Text{JA: "市区町村の窓口での暗証番号の再設定をご案内し、本日は本人確認書類によりお取扱いください。", EN: "Send the visitor to the municipal counter to have it set anew, and go by other proof of identity today."},
	)
	sayCounterPIN = rpweb.Say(
		ui.Text{JA: "暗証番号が違います", EN: "The PIN was wrong"},
		ui.Text{JA: "お客さまが入力された暗証番号では、カードの確認ができませんでした。", EN: "The card did not accept what the visitor typed."},
		ui.Text{JA: "数字4桁の暗証番号であることをお伝えし、もう一度お試しいただいてください。3回続けて間違えると、ロックされます。", EN: "It is the PIN of 4 digits. Three wrong tries in a row block it."},
	)
	sayCounterNoCard = rpweb.Say(
		ui.Text{JA: "カードを読み取れませんでした", EN: "The card could not be read"},
		ui.Text{JA: "カードがリーダーに置かれていないか、ICチップ又は電子証明書が読み取れない状態です。", EN: "No card lies on the reader, or its chip or certificate cannot be read."},
		ui.Text{JA: "置き直していただいても読み取れないときは、市区町村の窓口をご案内してください。", EN: "If it still fails when laid again, send the visitor to the municipal counter."},
	)
	sayCounterAuthority = rpweb.Say(
		ui.Text{JA: "電子証明書の有効性を確認できません", EN: "The certificate could not be checked"},
		ui.Text{JA: "地方公共団体情報システム機構の回答が得られないため、カードによるお取扱いはできません。どなたのカードかは表示しません。", EN: "Without the authority's answer the card cannot be relied on. Whose card it is, is not shown."},
		ui.Text{JA: "しばらくしてからもう一度お試しになるか、本人確認書類によりお取扱いください。", EN: "Try again in a while, or go by other proof of identity."},
	)
	sayCounterOther = rpweb.Say(
		ui.Text{JA: "カードによる確認ができませんでした", EN: "The card could not be verified"},
		ui.Text{JA: "カードの回答が、当行の求める確認を満たしませんでした。", EN: "What the card answered did not pass our checks."},
		ui.Text{JA: "もう一度お試しになり、続くときは本人確認書類によりお取扱いください。", EN: "Try once more, and go by other proof of identity if it goes on."},
	)
	sayNoTouch = rpweb.Say(
		ui.Text{JA: "このカードの回答は受け付けられません", EN: "This answer of a card is not accepted"},
		ui.Text{JA: "カードの回答は1回限り、5分以内に限り有効です。使用済みか、時間が過ぎています。", EN: "An answer is good once and for five minutes. It was used, or came too late."},
		ui.Text{JA: "店頭窓口の画面から、もう一度カードをかざしていただいてください。", EN: "Ask for the card once more from the counter's page."},
	)
	sayTouchOver = rpweb.Say(
		ui.Text{JA: "表示できる時間が終わりました", EN: "What the touch allowed is over"},
		ui.Text{JA: "お客さまの情報は、カードをかざしていただいてから5分間、そのお取扱いの間だけ表示します。", EN: "A customer is shown for five minutes after the touch, and for that visit only."},
		ui.Text{JA: "続けるときは、もう一度カードをかざしていただいてください。", EN: "To go on, ask for the card once more."},
	)
	sayTouchesFull = rpweb.Say(
		ui.Text{JA: "ただいま窓口が混み合っています", EN: "The counters are very busy"},
		ui.Text{JA: "同時に受け付けているカードの確認が多いため、新しい受付ができません。", EN: "Too many touches are under way."},
		ui.Text{JA: "しばらくしてから、もう一度お試しください。", EN: "Please try again in a while."},
	)
)
