package web

import (
	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

// The words are for somebody who has never used a computer.

// operatorItself is how the operator calls itself.
var operatorItself = ui.Text{JA: "みほんケーブルテレビ", EN: "Mihon Cable TV"}

// sayLater stands for a time that is not known.
var sayLater = ui.Text{JA: "しばらくあと", EN: "later"}

// inputTitle and goBack are said of whatever was entered wrongly.
var (
	inputTitle = ui.Text{JA: "入力された値を受け付けられません", EN: "Please check your input"}
	goBack     = ui.Text{JA: "前の画面に戻って、直してください。", EN: "Please go back and correct it."}
)

// What several errors are refused with.
var (
	// BadAnswer is said of every answer of a card that has no words of its own.
	BadAnswer = rpweb.Say(
		ui.Text{JA: "カードの答えを確かめられませんでした", EN: "The card's answer could not be verified"},
		ui.Text{JA: "カードとのやりとりがうまくいきませんでした。何も行われていません。", EN: "Something went wrong between the card and us. Nothing has been done."},
		ui.Text{JA: "もう一度、はじめからおためしください。", EN: "Please begin again."},
	)
	// sayWrongCard is for certificates that are not a person's.
	sayWrongCard = rpweb.Say(
		ui.Text{JA: "このカードは、ここでは使えません", EN: "This card cannot be used here"},
		ui.Text{JA: "マイナンバーカードの電子証明書ではありませんでした。", EN: "It does not carry the certificate of an Individual Number Card."},
		ui.Text{JA: "マイナンバーカードを置いて、もう一度おためしください。", EN: "Please lay your Individual Number Card on the reader and try again."},
	)
	// sayLate is for answers that came too late.
	sayLate = rpweb.Say(
		ui.Text{JA: "時間がたちすぎました", EN: "It took too long"},
		ui.Text{JA: "安全のため、カードを使う画面は5分で終わります。", EN: "For your safety the card's page ends after five minutes."},
		ui.Text{JA: "もう一度、はじめからおためしください。", EN: "Please begin again."},
	)
	// sayNoDraft is for an application that is not there, or is too old.
	sayNoDraft = rpweb.Say(
		ui.Text{JA: "署名をお待ちしている申請書がありません", EN: "No application is waiting for your signature"},
		ui.Text{JA: "申請書がまだ作られていないか、作ってから30分が過ぎています。", EN: "You have not created one, or it is more than 30 minutes old."},
		ui.Text{JA: "申請書を作りなおしてください。", EN: "Please create a new one."},
	)
	// sayNoAnswer is for an answer that nobody waits for.
	sayNoAnswer = rpweb.Say(
		ui.Text{JA: "この画面は、もう使えません", EN: "This page can no longer be used"},
		ui.Text{JA: "一度使われたか、時間がたちすぎています。", EN: "It was already used, or it is too old."},
		ui.Text{JA: "もう一度、カードではじめてください。", EN: "Please begin with your card again."},
	)
	// sayNothing is for what is not there.
	sayNothing = rpweb.Say(
		ui.Text{JA: "見つかりません", EN: "Not found"},
		ui.Text{JA: "お探しのものは、ここにはありません。", EN: "What you are looking for is not here."},
		ui.Text{JA: "ひとつ前の画面から、選びなおしてください。", EN: "Please go back and choose again."},
	)
	// sayInput is for what was entered wrongly.
	sayInput = rpweb.Say(
		inputTitle,
		ui.Text{JA: "数字のところに数字がないか、知らない項目があります。何も記録していません。", EN: "A number is missing, or an item is unknown. Nothing was saved."}, goBack,
	)
	sayStatusDoubtful = rpweb.Say(
		ui.Text{JA: "カードを確認する機関の返事を、確かめられませんでした", EN: "We could not verify the authority's answer"},
		ui.Text{JA: "返事が古いか、ほかの機関のものかもしれません。安全のため使いません。何も行われていません。", EN: "It may be old, or not the authority's. For your safety it is not used. Nothing has been done."},
		ui.Text{JA: "しばらくしてから、もう一度おためしください。", EN: "Please try again in a while."},
	)
)

// Plain are the words for what all houses refuse, by their codes.
var Plain = map[string]rpweb.Saying{
	"status_responder": sayStatusDoubtful, "status_missing": sayStatusDoubtful, "status_stale": sayStatusDoubtful, "status_nonce": sayStatusDoubtful,
	"untrusted": sayWrongCard, "certificate_is_ca": sayWrongCard, "key_usage": sayWrongCard, "policy": sayWrongCard, "critical_extension": sayWrongCard,
	"challenge_expired": sayLate, "challenge_used": sayLate, "draft_expired": sayNoDraft, "no_challenge": sayNoAnswer,
	"suspended": rpweb.Say(
		ui.Text{JA: "このカードは、一時停止中です", EN: "This card is suspended"},
		ui.Text{JA: "{at}から、使えなくなっています。紛失の届出があると、一時停止になります。", EN: "It has been suspended since {at}, as happens when a card is reported lost."},
		ui.Text{JA: "カードが見つかったときは、市役所の窓口で、一時停止をやめる手続きをしてください。", EN: "If the card was found, go to your municipal counter and have the suspension ended."},
	),
	"revoked": rpweb.Say(
		ui.Text{JA: "このカードの電子証明書は、使えなくなっています", EN: "The certificate on this card has been revoked"},
		ui.Text{JA: "{at}に、使えないようになりました（失効）。", EN: "It was revoked at {at}."},
		ui.Text{JA: "{advice}", EN: "{advice}"},
	),
	"expired": rpweb.Say(
		ui.Text{JA: "電子証明書の期限が切れています", EN: "The certificate has expired"},
		ui.Text{JA: "電子証明書が使えるのは、5回目の誕生日までです。その日を過ぎています。", EN: "A certificate is valid until the fifth birthday after its issue. That day has passed."},
		ui.Text{JA: "市役所の窓口で、電子証明書を新しくしてください。お金はかかりません。", EN: "Renew it at your municipal counter. It costs nothing."},
	),
	"not_yet_valid": rpweb.Say(
		ui.Text{JA: "電子証明書は、まだ使えません", EN: "The certificate is not valid yet"},
		ui.Text{JA: "使いはじめの日が、まだ来ていません。", EN: "Its validity has not started yet."},
		ui.Text{JA: "日をあらためて、もう一度おためしください。", EN: "Please try again later."},
	),
	"status_unknown": rpweb.Say(
		ui.Text{JA: "このカードの記録が見つかりません", EN: "There is no record of this card"},
		ui.Text{JA: "発行した機関にたずねましたが、この電子証明書の記録がありませんでした。", EN: "We asked the authority, which has no record of this certificate."},
		ui.Text{JA: "受け取ったカードかどうかをお確かめのうえ、市役所の窓口におたずねください。", EN: "Please check that this is the card you were given, and ask at your municipal counter."},
	),
	"not_accredited": rpweb.Say(
		ui.Text{JA: "ただいま、カードの確認ができません", EN: "We cannot check cards at the moment"},
		ui.Text{JA: "みほんケーブルテレビの都合によるものです。お客さまのカードに問題はありません。", EN: "The problem is on our side. Nothing is wrong with your card."},
		ui.Text{JA: "おそれいりますが、しばらくお待ちください。お急ぎの方は 0120-000-101（模擬）へ。", EN: "Please wait for a while, or call 0120-000-101 (mock)."},
	),
	"status_unavailable": rpweb.Say(
		ui.Text{JA: "カードを確認する機関から、返事がありません", EN: "The authority does not answer"},
		ui.Text{JA: "カードが有効かどうかを確かめられないため、先に進めません。何も行われていません。", EN: "Without its answer we cannot tell whether the card is valid. Nothing has been done."},
		ui.Text{JA: "しばらくしてから、もう一度おためしください。", EN: "Please try again in a while."},
	),
	"wrong_kind": rpweb.Say(
		ui.Text{JA: "ちがう種類の電子証明書でした", EN: "That was the wrong kind of certificate"},
		ui.Text{JA: "カードには二つの電子証明書があります。ここで使わないほうで答えがありました。", EN: "A card has two certificates, and the other one answered."},
		ui.Text{JA: "もう一度、はじめからおためしください。", EN: "Please begin again."},
	),
	"busy": rpweb.Say(
		ui.Text{JA: "たいへん混み合っています", EN: "We are very busy"},
		ui.Text{JA: "いま、多くの方が同時にお使いです。", EN: "Many people are signing in at once."},
		ui.Text{JA: "すこし待ってから、もう一度おためしください。", EN: "Please try again in a moment."},
	),
}

// sayings are the words for the operator's own rules, by their codes.
var sayings = map[string]rpweb.Saying{
	"no_answer": sayNoAnswer, "no_draft": sayNoDraft, "no_choice": sayNothing,
	"card_gone": rpweb.Say(
		ui.Text{JA: "カードが取り外されました", EN: "The card was taken away"},
		ui.Text{JA: "あなたの情報を守るため、利用を終わりました。", EN: "Your visit has ended, to protect your information."},
		ui.Text{JA: "続けて使うときは、カードを置きなおしてください。", EN: "To go on, lay the card on the reader again."},
	),
	"signed_out": rpweb.Say(
		ui.Text{JA: "カードを置いてください", EN: "Please lay your card on the reader"},
		ui.Text{JA: "この画面は、カードを置いた人だけが見られます。", EN: "Only the person whose card is on the reader can see this page."},
		ui.Text{JA: "「カードではじめる」を選んでください。", EN: "Choose “Begin with your card”."},
	),
	"idle": rpweb.Say(
		ui.Text{JA: "しばらく操作がなかったので、終わりました", EN: "Your visit ended because no key was pressed"},
		ui.Text{JA: "安全のため、5分間操作がないと自動で終わります。", EN: "For your safety it ends after five minutes without a key press."},
		ui.Text{JA: "続けて使うときは、もう一度カードではじめてください。", EN: "To go on, begin with your card again."},
	),
	"platform_unavailable": rpweb.Say(
		ui.Text{JA: "みらい共通認証基盤から、返事がありません", EN: "The Mirai Common Platform does not answer"},
		ui.Text{JA: "このサービスは、みらい共通認証基盤で本人であることを確かめてから使います。いま、そこにつながりません。", EN: "This service asks the common platform who you are, and cannot reach it now."},
		ui.Text{JA: "しばらくしてから、もう一度おためしください。", EN: "Please try again in a while."},
	),
	"platform_answer": rpweb.Say(
		ui.Text{JA: "みらい共通認証基盤の答えを確かめられませんでした", EN: "We could not verify the answer of the Mirai Common Platform"},
		ui.Text{JA: "安全のため、この答えは使いません。何も行われていません。", EN: "For your safety it is not used. Nothing has been done."},
		ui.Text{JA: "しばらくしてから、もう一度おためしください。", EN: "Please try again in a while."},
	),
	"another_person": rpweb.Say(
		ui.Text{JA: "別の人のカードで確認されました", EN: "Another person's card was used"},
		ui.Text{JA: "テレビにサインインした人と、本人確認をした人がちがいます。だれの情報も表示していません。", EN: "The person signed in at the set and the person who used the platform are not the same. No one's information was shown."},
		ui.Text{JA: "同じカードを置いたまま、もう一度おためしください。", EN: "Please try again with the same card left on the reader."},
	),
	"not_enrolled": rpweb.Say(
		ui.Text{JA: "このカードは、まだ登録されていません", EN: "This card is not enrolled yet"},
		ui.Text{JA: "みほんケーブルテレビの視聴者として登録されたカードではありません。", EN: "No viewer of Mihon Cable TV has this card."},
		ui.Text{JA: "契約書の「登録コード」を用意して、登録してください。3分ほどで終わります。", EN: "Take the registration code of your contract papers and enrol. It takes about three minutes."},
	),
	"locked": rpweb.Say(
		ui.Text{JA: "番号の間違いが続いたので、登録を止めています", EN: "Enrolment is locked after too many wrong numbers"},
		ui.Text{JA: "安全のため、この契約での登録を {until} まで止めています。", EN: "For your safety it is locked for this contract until {until}."},
		ui.Text{JA: "契約書をお確かめのうえ、時間をおいておためしください。お困りのときは 0120-000-101（模擬）へ。", EN: "Please check the contract papers and try later, or call 0120-000-101 (mock)."},
	),
	"code": rpweb.Say(
		ui.Text{JA: "番号がちがいます", EN: "The numbers do not match"},
		ui.Text{JA: "契約番号か登録コードがちがいます。契約書を見て、もう一度入れてください。", EN: "The contract number or the registration code is wrong. Please look at the papers and enter them again."},
		ui.Text{JA: "5回間違えると、1時間登録できなくなります。", EN: "After five mistakes enrolment is locked for an hour."},
	),
	"code_used": rpweb.Say(
		ui.Text{JA: "この登録コードは、もう使われています", EN: "This registration code has been used"},
		ui.Text{JA: "登録コードは、ひとりに1つです。登録がすんでいる方は、そのままカードで使えます。", EN: "Each person has their own code. If you are already enrolled, just use your card."},
		ui.Text{JA: "まだの方は、ご自分の登録コードをお確かめください。", EN: "If not, please check that the code is yours."},
	),
	"enrolled": rpweb.Say(
		ui.Text{JA: "このカードは、もう登録されています", EN: "This card is already enrolled"},
		ui.Text{JA: "登録は1回だけで、そのままお使いになれます。", EN: "Enrolment is done once; you can use the card right away."},
		ui.Text{JA: "「カードではじめる」を選んでください。", EN: "Choose “Begin with your card”."},
	),
	"nickname": rpweb.Say(
		ui.Text{JA: "この呼び名は使えません", EN: "This nickname cannot be used"},
		ui.Text{JA: "呼び名は、文字だけで10文字までです。", EN: "A nickname is up to 10 letters."},
		ui.Text{JA: "もう一度選んでください。", EN: "Please choose again."},
	),
	"not_yours": rpweb.Say(
		ui.Text{JA: "この情報は見られません", EN: "This cannot be shown"},
		ui.Text{JA: "健康の情報は、本人と、本人が見せると決めた家族だけが見られます。", EN: "Health information is shown only to the person it is about and to the family member they chose."},
		ui.Text{JA: "見たいときは、ご本人に「家族に見せる」の設定を頼んでください。", EN: "To see it, ask them to share it with you."},
	),
	"answered": rpweb.Say(
		ui.Text{JA: "このメッセージには、もう答えています", EN: "This message is already answered"},
		ui.Text{JA: "答えは保健師に届いています。", EN: "The nurse has your answer."},
		ui.Text{JA: "変えたいときは、保健師にお電話ください。", EN: "To change it, please call the nurse."},
	),
	"range": rpweb.Say(
		inputTitle,
		ui.Text{JA: "{what}は、{range} の範囲で入れてください。何も記録していません。", EN: "Please enter {what} from {range}. Nothing was saved."}, goBack,
	),
	"day": rpweb.Say(
		inputTitle,
		ui.Text{JA: "日付が受け付けられる期間の外です。測った値は過去1年、健診は過去3年、予定は今日から1年のあいだです。何も記録していません。", EN: "The date is out of range: readings can be from the past year, check-ups from the past three years, reminders up to a year ahead. Nothing was saved."}, goBack,
	),
	"text": rpweb.Say(
		inputTitle,
		ui.Text{JA: "文は、1文字から400文字までです。何も送っていません。", EN: "A text has 1 to 400 characters. Nothing was sent."}, goBack,
	),
	"slot_taken": rpweb.Say(
		ui.Text{JA: "ほかの人が先に予約しました", EN: "Someone else has booked it"},
		ui.Text{JA: "選んでいる間に、この時間はうまりました。あなたの予約はされていません。", EN: "It was taken while you were choosing. Nothing was booked for you."},
		ui.Text{JA: "ほかの時間か、ほかの日を選んでください。", EN: "Please choose another time or day."},
	),
	"slot_past": rpweb.Say(
		ui.Text{JA: "この時間は、もう始まっています", EN: "This slot has already started"},
		ui.Text{JA: "始まった時間は予約できません。", EN: "A slot that has started cannot be booked."},
		ui.Text{JA: "これからの時間を選んでください。", EN: "Please choose a later time."},
	),
	"too_far": rpweb.Say(
		ui.Text{JA: "この日の受付は、まだ始まっていません", EN: "Bookings for this day are not open yet"},
		ui.Text{JA: "市民の方は早くから、そのほかの方は少しあとから予約できます。", EN: "Residents can book earlier, others a little later."},
		ui.Text{JA: "もっと近い日を選んでください。", EN: "Please choose a nearer day."},
	),
	"residents_only": rpweb.Say(
		ui.Text{JA: "この施設は、市民の方だけが使えます", EN: "This facility is for residents"},
		ui.Text{JA: "市民であることが、まだ確かめられていません。", EN: "We have not confirmed that you are a resident."},
		ui.Text{JA: "市民の方は、一度だけ手続きをしてください。", EN: "If you are a resident, please confirm it once."},
	),
	"too_many": rpweb.Say(
		ui.Text{JA: "予約できる数に達しています", EN: "You have reached the limit of bookings"},
		ui.Text{JA: "ひとりで持てる予約は、4つまでです。", EN: "One person can have up to four upcoming bookings."},
		ui.Text{JA: "使わない予約を取り消してから、もう一度おためしください。", EN: "Please cancel one that you do not need."},
	),
	"price_changed": rpweb.Say(
		ui.Text{JA: "料金が変わりました。予約はしていません", EN: "The price has changed; nothing was booked"},
		ui.Text{JA: "市民料金で使えるかどうかを確かめたところ、画面に出ていた料金とちがっていました。", EN: "When we checked your residency, the price was not the one shown."},
		ui.Text{JA: "料金の説明をごらんになってから、もう一度選んでください。", EN: "Please read why, and choose again."},
	),
	"too_late": rpweb.Say(
		ui.Text{JA: "取り消せる時間を過ぎています", EN: "It is too late to cancel"},
		ui.Text{JA: "この予約は、決められた時間を過ぎたため、テレビからは取り消せません。", EN: "The deadline for cancelling this booking has passed."},
		ui.Text{JA: "施設に電話でご相談ください。", EN: "Please call the facility."},
	),
	"cancelled": rpweb.Say(
		ui.Text{JA: "この予約は、もう取り消されています", EN: "This booking is already cancelled"},
		ui.Text{JA: "料金はかかりません。", EN: "You pay nothing."},
		ui.Text{JA: "予約の一覧でお確かめください。", EN: "Please see your bookings."},
	),
	"not_resident": rpweb.Say(
		ui.Text{JA: "みほん市の住所ではありませんでした", EN: "The address is not in Mihon City"},
		ui.Text{JA: "署名に使われた電子証明書の住所が、みほん市ではありません。", EN: "The address in the certificate you signed with is not in Mihon City."},
		ui.Text{JA: "引っ越してきた方は、市役所の窓口で新しい電子証明書の発行を受けてから、もう一度お手続きください。", EN: "If you have moved here, have a new certificate issued at the municipal counter, and come back."},
	),
	"application_used": rpweb.Say(
		ui.Text{JA: "この申請書は、もう受け付けています", EN: "This application has been received"},
		ui.Text{JA: "一つの申請書は、一度だけ使えます。", EN: "An application can be used only once."},
		ui.Text{JA: "必要なときは、新しい申請書を作ってください。", EN: "If you need to, create a new one."},
	),
	"platform_stopped": rpweb.Say(
		ui.Text{JA: "本人確認を取りやめました", EN: "You stopped at the common platform"},
		ui.Text{JA: "みらい共通認証基盤での本人確認か、同意が行われませんでした。", EN: "You did not sign in there, or did not consent."},
		ui.Text{JA: "使うときは、もう一度サービスを選んでください。", EN: "To use the service, choose it again."},
	),
	"platform_refused": rpweb.Say(
		ui.Text{JA: "本人確認ができませんでした", EN: "The common platform could not confirm who you are"},
		ui.Text{JA: "みらい共通認証基盤が、この手続きを受け付けませんでした。", EN: "It did not accept the request."},
		ui.Text{JA: "しばらくしてから、もう一度おためしください。続くときは 0120-000-101（模擬）へ。", EN: "Please try again in a while, or call 0120-000-101 (mock)."},
	),
}

// troubleSayings are the words for the card agent's codes.
var troubleSayings = map[string]rpweb.Saying{
	"pin_blocked": rpweb.Say(
		ui.Text{JA: "暗証番号がロックされています", EN: "The PIN is blocked"},
		ui.Text{JA: "暗証番号を続けて3回間違えたため、使えなくなっています。", EN: "It was entered wrongly three times in a row."},
		ui.Text{JA: "カードを持って市役所の窓口へ行き、暗証番号を決めなおしてください。", EN: "Take the card to your municipal counter and have a new PIN set."},
	),
	"no_certificate": rpweb.Say(
		ui.Text{JA: "このカードには、電子証明書が入っていません", EN: "There is no certificate on this card"},
		ui.Text{JA: "カードを受け取ったときに、電子証明書を入れていないことがあります。", EN: "It may have been left out when the card was issued."},
		ui.Text{JA: "市役所の窓口で、電子証明書の発行を申しこんでください。", EN: "Apply for one at your municipal counter."},
	),
	"dead_card": rpweb.Say(
		ui.Text{JA: "カードが読み取れません", EN: "The card cannot be read"},
		ui.Text{JA: "カードのICチップが壊れているようです。", EN: "Its chip seems to be broken."},
		ui.Text{JA: "市役所の窓口で、新しいカードを申しこんでください。", EN: "Apply for a new card at your municipal counter."},
	),
	"tampered_card": rpweb.Say(
		ui.Text{JA: "このカードの鍵はなくなっています", EN: "This card has destroyed its keys"},
		ui.Text{JA: "鍵をむりに読み出そうとした人がいたため、カードが自分で鍵を消しました。", EN: "Somebody tried to read them by force."},
		ui.Text{JA: "市役所の窓口で、新しいカードを申しこんでください。", EN: "Apply for a new card at your municipal counter."},
	),
	"not_jpki": rpweb.Say(
		ui.Text{JA: "マイナンバーカードではありません", EN: "This is not an Individual Number Card"},
		ui.Text{JA: "交通カードなど、ほかのカードが置かれています。", EN: "Another card, a transit card perhaps, is on the reader."},
		ui.Text{JA: "マイナンバーカードに置きかえてください。", EN: "Please lay your Individual Number Card there instead."},
	),
	"no_card": rpweb.Say(
		ui.Text{JA: "カードが置かれていません", EN: "There is no card on the reader"},
		ui.Text{JA: "リーダーの上に、カードが見つかりませんでした。", EN: "No card was found on it."},
		ui.Text{JA: "テレビの下の機器にカードを置いて、もう一度おためしください。", EN: "Lay your card on the box below the television and try again."},
	),
	"wrong_pin": rpweb.Say(
		ui.Text{JA: "暗証番号がちがいます", EN: "The PIN was wrong"},
		ui.Text{JA: "入れた番号が、カードの暗証番号とちがいました。", EN: "That is not this card's PIN."},
		ui.Text{JA: "番号をお確かめのうえ、もう一度おためしください。続けて3回間違えると使えなくなります。", EN: "Please check it and try again. After three mistakes in a row it is blocked."},
	),
	"expired": rpweb.Say(
		ui.Text{JA: "時間がたちすぎました", EN: "It took too long"},
		ui.Text{JA: "安全のため、カードを使う画面は5分で終わります。", EN: "For your safety the card's page ends after five minutes."},
		ui.Text{JA: "もう一度、はじめからおためしください。", EN: "Please begin again."},
	),
	"card_busy": rpweb.Say(
		ui.Text{JA: "カードは、ほかで使われています", EN: "The card is in use elsewhere"},
		ui.Text{JA: "別のプログラムが、このカードを使っています。", EN: "Another program is using it."},
		ui.Text{JA: "すこし待ってから、もう一度おためしください。", EN: "Please wait a moment and try again."},
	),
	"card_error": rpweb.Say(
		ui.Text{JA: "カードとのやりとりができませんでした", EN: "The card could not be used"},
		ui.Text{JA: "カードから、思わぬ答えが返ってきました。", EN: "It gave an unexpected answer."},
		ui.Text{JA: "カードを置きなおして、もう一度おためしください。", EN: "Lay it on the reader again and try once more."},
	),
}

// adviceFor says what a holder does about a revoked certificate.
func adviceFor(r jpki.Reason) ui.Text {
	switch r {
	case jpki.AffiliationChanged:
		return ui.Text{
			JA: "引っ越しや名前の変更を届け出ると、それまでの署名用の電子証明書は使えなくなります。市役所の窓口で、新しいものを入れてもらってください。",
			EN: "After a move or a change of name the signature certificate is revoked. Have a new one written to the card at your municipal counter.",
		}
	case jpki.Superseded:
		return ui.Text{
			JA: "電子証明書は新しくなっています。新しくなったカードを置いてください。",
			EN: "It was replaced by a newer one. Please use the card that carries it.",
		}
	case jpki.KeyCompromise:
		return ui.Text{
			JA: "カードをなくしたという届出によるものです。新しいカードを受け取ってから、お使いください。心当たりがないときは、市役所の窓口へ。",
			EN: "The card was reported lost. Please come back with the new one. If you did not report it, ask at your municipal counter.",
		}
	}
	return ui.Text{
		JA: "市役所の窓口にカードを持って行き、新しい電子証明書を入れてもらってください。",
		EN: "Take the card to your municipal counter and have a new certificate written to it.",
	}
}
