package web

import (
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

// What the bank refuses at its own desks.
var (
	sayNoReport = rpweb.Say(
		ui.Text{JA: "この変更確認の記録はありません", EN: "There is no such report"},
		ui.Text{JA: "この番号の変更確認は、行われていません。", EN: "No confirmation has this number."},
		ui.Text{JA: "一覧からお選びください。", EN: "Choose one from the list."},
	)
	sayNoLetter = rpweb.Say(
		ui.Text{JA: "この照会状はありません", EN: "There is no such letter"},
		ui.Text{JA: "この番号のお知らせがないか、郵送しない種類のものです。", EN: "No message has this number, or it is of a kind that is not posted."},
		ui.Text{JA: "一覧からお選びください。", EN: "Choose one from the list."},
	)
	sayNoCustomer = rpweb.Say(
		ui.Text{JA: "この口座番号のお客さまはいません", EN: "No customer has this account number"},
		ui.Text{JA: "口座番号に該当する口座がありません。", EN: "There is no such account."},
		ui.Text{JA: "一覧からお選びください。", EN: "Choose one from the list."},
	)
	sayConfirmation = rpweb.Say(
		ui.Text{JA: "変更確認の結果を記録できませんでした", EN: "The confirmation could not be recorded"},
		ui.Text{JA: "当行の処理の途中で障害があり、確認の結果を記録できませんでした。", EN: "Something went wrong at the bank, and the result was not recorded."},
		ui.Text{JA: "しばらくしてから、もう一度実行してください。", EN: "Please try again in a while."},
	)
)

// What a teller is told when a touch finds no customer.
var (
	sayCounterRevoked = rpweb.Say(
		ui.Text{JA: "このカードは使えません（失効）", EN: "This card cannot be used: revoked"},
		ui.Text{JA: "かざされたカードの利用者証明用電子証明書は、{at}に失効しています。失効の事由：{reason}。どなたのカードかは表示しません。", EN: "The user authentication certificate of this card was revoked at {at}: {reason}. Whose card it is, is not shown."},
		ui.Text{JA: "新しいカードをお持ちでないかをお伺いしてください。お持ちでないときは、市区町村の窓口をご案内し、本日は本人確認書類によりお取扱いください。", EN: "Ask whether there is a newer card. If not, send the visitor to the municipal counter, and use other proof of identity today."},
	)
	sayCounterSuspended = rpweb.Say(
		ui.Text{JA: "このカードは一時停止されています", EN: "This card is suspended"},
		ui.Text{JA: "紛失・盗難などの届出により、{at}から一時停止されているカードです。お取引には使えません。", EN: "It has been suspended since {at}, as happens when a card is reported lost or stolen. It cannot be used."},
		ui.Text{JA: "見つかったカードであるときは、市区町村の窓口での解除をご案内してください。ご様子に不審な点があるときは、役席者に引き継いでください。", EN: "If the card was lost and found, the municipal counter can end the suspension. Call a supervisor if anything seems wrong."},
	)
	sayCounterExpired = rpweb.Say(
		ui.Text{JA: "このカードの電子証明書は、有効期間が過ぎています", EN: "This card's certificate has expired"},
		ui.Text{JA: "利用者証明用電子証明書の有効期間（発行の日から5回目の誕生日まで）が過ぎています。", EN: "The user authentication certificate is valid until the holder's fifth birthday after its issue."},
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
		ui.Text{JA: "続けるときは、もう一度カードをかざしていただいてください。", EN: "To continue, ask for the card again."},
	)
	sayCounterBlocked = rpweb.Say(
		ui.Text{JA: "暗証番号がロックされています", EN: "The PIN is blocked"},
		ui.Text{JA: "利用者証明用の暗証番号が続けて間違えられたため、カードが応答しません。", EN: "Too many wrong PINs were typed."},
		ui.Text{JA: "市区町村の窓口での暗証番号の再設定をご案内し、本日は本人確認書類によりお取扱いください。", EN: "Send the visitor to the municipal counter to have it reset, and use other proof of identity today."},
	)
	sayCounterPIN = rpweb.Say(
		ui.Text{JA: "暗証番号が違います", EN: "The PIN was wrong"},
		ui.Text{JA: "お客さまが入力された暗証番号では、カードの確認ができませんでした。", EN: "The card did not accept what the visitor typed."},
		ui.Text{JA: "数字4桁の暗証番号であることをお伝えし、もう一度お試しいただいてください。3回続けて間違えると、ロックされます。", EN: "This is the 4-digit PIN. Three wrong tries in a row block it."},
	)
	sayCounterNoCard = rpweb.Say(
		ui.Text{JA: "カードを読み取れませんでした", EN: "The card could not be read"},
		ui.Text{JA: "カードがリーダーに置かれていないか、ICチップ又は電子証明書が読み取れない状態です。", EN: "No card lies on the reader, or its chip or certificate cannot be read."},
		ui.Text{JA: "置き直していただいても読み取れないときは、市区町村の窓口をご案内してください。", EN: "If it still fails when laid again, send the visitor to the municipal counter."},
	)
	sayCounterAuthority = rpweb.Say(
		ui.Text{JA: "電子証明書の有効性を確認できません", EN: "The certificate could not be checked"},
		ui.Text{JA: "地方公共団体情報システム機構の回答が得られないため、カードによるお取扱いはできません。どなたのカードかは表示しません。", EN: "Without the authority's answer the card cannot be relied on. Whose card it is, is not shown."},
		ui.Text{JA: "しばらくしてからもう一度お試しになるか、本人確認書類によりお取扱いください。", EN: "Try again in a while, or use other proof of identity."},
	)
	sayCounterOther = rpweb.Say(
		ui.Text{JA: "カードによる確認ができませんでした", EN: "The card could not be verified"},
		ui.Text{JA: "カードの回答が、当行の求める確認を満たしませんでした。", EN: "What the card answered did not pass our checks."},
		ui.Text{JA: "もう一度お試しになり、続くときは本人確認書類によりお取扱いください。", EN: "Try once more, and use other proof of identity if it fails again."},
	)
	sayNoTouch = rpweb.Say(
		ui.Text{JA: "このカードの回答は受け付けられません", EN: "This card's answer is not accepted"},
		ui.Text{JA: "カードの回答は1回限り、5分以内に限り有効です。使用済みか、時間が過ぎています。", EN: "An answer can be used once, within five minutes. This one was used already, or came too late."},
		ui.Text{JA: "店頭窓口の画面から、もう一度カードをかざしていただいてください。", EN: "Ask for the card again from the counter's page."},
	)
	sayTouchOver = rpweb.Say(
		ui.Text{JA: "表示できる時間が終わりました", EN: "This card access has expired"},
		ui.Text{JA: "お客さまの情報は、カードをかざしていただいてから5分間、そのお取扱いの間だけ表示します。", EN: "A customer is shown for five minutes after the touch, and for that visit only."},
		ui.Text{JA: "続けるときは、もう一度カードをかざしていただいてください。", EN: "To continue, ask for the card again."},
	)
	sayTouchesFull = rpweb.Say(
		ui.Text{JA: "ただいま窓口が混み合っています", EN: "The counters are very busy"},
		ui.Text{JA: "同時に受け付けているカードの確認が多いため、新しい受付ができません。", EN: "Too many touches are under way."},
		ui.Text{JA: "しばらくしてから、もう一度お試しください。", EN: "Please try again in a while."},
	)
)
