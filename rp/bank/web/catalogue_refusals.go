package web

import (
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
)

// What all houses refuse, in the bank's words. In every sentence of this file
// {account}, {since} and the blanks of room.Blanks are filled in.
var (
	sayDigest = rpweb.Say(
		ui.Text{JA: "署名された文書が、お申込みの文書と一致しません", EN: "The signed document is not your application"},
		ui.Text{JA: "電子署名は、当行がお渡しした申込書とは異なる内容に対して行われていました。途中で書き換えられたおそれがあります。", EN: "The signature was made over something other than the application that we gave you. It may have been altered on the way."},
		ui.Text{JA: "口座は開設されていません。申込書の内容をお確かめのうえ、もう一度署名してください。別の画面で申込書を作り直したときは、新しい方の画面で署名してください。", EN: "No account was opened. Read the application and sign again. If you started another application in another window, sign that one."},
	)
	sayChallenge = rpweb.Say(
		ui.Text{JA: "このサインインの回答は、すでに使われています", EN: "This sign-in has already been used"},
		ui.Text{JA: "サインインの画面は、1回に限り使えます。送られた回答は、使用済み又は当行の画面にないものでした。", EN: "A sign-in page works only once. The answer we received has been used, or does not come from one of our pages."},
		ui.Text{JA: "新しい画面から、もう一度サインインしてください。", EN: "Please sign in again from a new page."},
	)
	sayChallengeExpired = rpweb.Say(
		ui.Text{JA: "サインインの画面の有効時間が過ぎました", EN: "The sign-in page has timed out"},
		ui.Text{JA: "安全のため、サインインの画面を開いてから時間がたった回答はお受けしません。", EN: "For your safety we do not accept an answer to a page that was opened a while ago."},
		ui.Text{JA: "新しい画面から、もう一度サインインしてください。", EN: "Please sign in again from a new page."},
	)
)

// The bank's own rules.
var (
	sayAlreadyCustomer = rpweb.Say(
		ui.Text{JA: "すでに口座をお持ちです", EN: "You already have an account"},
		ui.Text{JA: "お客さまは{since}に口座（口座番号 {account}）を開設されています。普通預金口座は、お一人さま1口座とさせていただいています。", EN: "You opened account {account} on {since}. Each person can have one ordinary deposit account."},
		ui.Text{JA: "カードでサインインして、その口座をご利用ください。", EN: "Sign in with your card to use it."},
	)
	sayUnknownHolder = rpweb.Say(
		ui.Text{JA: "このカードのお客さまの口座がありません", EN: "No customer holds this card"},
		ui.Text{JA: "カードは有効ですが、この利用者証明用電子証明書で登録されている口座は見つかりませんでした。更新や再交付を受ける前のものも含めて、地方公共団体情報システム機構に確認しています。", EN: "Your card is valid, but no account is registered with its user authentication certificate, nor with those you had before; we have asked the authority."},
		ui.Text{JA: "はじめての方は、このカードで口座を開設できます。口座をお持ちの方は、別の方のカードが置かれていないかをお確かめください。それでもサインインできないときは、口座番号をご用意のうえ、変更届をお出しください。", EN: "If you are new, you can open an account with this card. If you have one, check that it is not somebody else's card. If it is yours, send a change notice; you need your account number."},
	)
	sayApplicationUsed = rpweb.Say(
		ui.Text{JA: "この申込書は、すでに受け付けています", EN: "This application has already been accepted"},
		ui.Text{JA: "一つの申込書で開設できる口座は、一つだけです。", EN: "One application opens one account."},
		ui.Text{JA: "口座を開設された方は、サインインしてください。そうでないときは、申込書を作り直してください。", EN: "If you have your account, sign in. Otherwise start a new application."},
	)
	sayDraftExpired = rpweb.Say(
		ui.Text{JA: "申込書の有効時間が過ぎました", EN: "The application has timed out"},
		ui.Text{JA: "申込書は、作成から30分以内に署名していただく必要があります。", EN: "An application must be signed within 30 minutes of being written."},
		ui.Text{JA: "お手数ですが、申込書を作り直してください。", EN: "Please start a new application."},
	)
	sayTooYoung = rpweb.Say(
		ui.Text{JA: "15歳未満の方は、このお手続きでは口座を開設できません", EN: "You must be 15 or older to open an account online"},
		ui.Text{JA: "オンラインでの口座開設は、15歳以上の方ご本人に限らせていただいています。", EN: "People aged 15 or over can open an account online for themselves."},
		ui.Text{JA: "保護者の方とご一緒に、当行の窓口にお越しください。", EN: "Please come to a branch with a parent or guardian."},
	)
	sayPurpose = rpweb.Say(
		ui.Text{JA: "取引の目的が選ばれていません", EN: "No purpose was chosen"},
		ui.Text{JA: "口座の開設にあたっては、法令により取引の目的を確認させていただいています。", EN: "The law requires us to ask for it when an account is opened."},
		ui.Text{JA: "一覧から一つお選びください。", EN: "Please choose one from the list."},
	)
	sayBranch = rpweb.Say(
		ui.Text{JA: "取扱店が見つかりません", EN: "There is no such branch"},
		ui.Text{JA: "選ばれた店番の店舗は、みほん銀行にありません。", EN: "Mihon Bank has no branch with this code."},
		ui.Text{JA: "一覧から一つお選びください。", EN: "Please choose one from the list."},
	)
	sayAccountNumber = rpweb.Say(
		ui.Text{JA: "口座番号の形が違います", EN: "This is not an account number"},
		ui.Text{JA: "口座番号は7桁の数字です。", EN: "An account number has seven digits."},
		ui.Text{JA: "もう一度入力してください。", EN: "Please enter it again."},
	)
	sayNoAccount = rpweb.Say(
		ui.Text{JA: "この口座番号の口座はありません", EN: "There is no account with this number"},
		ui.Text{JA: "みほん銀行に、この番号の口座は見つかりませんでした。お金は動いていません。", EN: "Mihon Bank has no account with this number. No money was moved."},
		ui.Text{JA: "振込先の口座番号をお確かめください。", EN: "Please check the number."},
	)
	saySameAccount = rpweb.Say(
		ui.Text{JA: "ご自身の口座へは振り込めません", EN: "You cannot transfer to your own account"},
		ui.Text{JA: "振込元と振込先が同じ口座です。お金は動いていません。", EN: "Sender and receiver are the same account. No money was moved."},
		ui.Text{JA: "振込先の口座番号をお確かめください。", EN: "Please check the number."},
	)
	sayAmount = rpweb.Say(
		ui.Text{JA: "この金額は振り込めません", EN: "This amount cannot be transferred"},
		ui.Text{JA: "1回の振込は、1円以上100万円以下の整数です。お金は動いていません。", EN: "A transfer is a whole amount from ¥1 to ¥1,000,000. No money was moved."},
		ui.Text{JA: "金額をお確かめください。", EN: "Please check the amount."},
	)
	sayMemo = rpweb.Say(
		ui.Text{JA: "摘要を読み取れません", EN: "This note cannot be used"},
		ui.Text{JA: "摘要は30文字までの1行です。お金は動いていません。", EN: "A note is one line of at most 30 characters. No money was moved."},
		ui.Text{JA: "摘要をお確かめください。", EN: "Please check the note."},
	)
	sayInsufficient = rpweb.Say(
		ui.Text{JA: "残高が不足しています", EN: "Your balance does not cover this transfer"},
		ui.Text{JA: "確認の画面のあとに残高が変わったか、残高を超える金額が指定されました。お金は動いていません。", EN: "Your balance changed after the confirmation page, or the amount exceeds it. No money was moved."},
		ui.Text{JA: "残高をお確かめのうえ、金額を入力し直してください。", EN: "Please check your balance and enter the amount again."},
	)
	sayKey = rpweb.Say(
		ui.Text{JA: "振込の控え番号を読み取れません", EN: "The idempotency key cannot be used"},
		ui.Text{JA: "二重の振込を防ぐための番号が、定められた形ではありませんでした。お金は動いていません。", EN: "It is 8 to 64 letters, digits, hyphens or underscores. No money was moved."},
		ui.Text{JA: "振込の入力からやり直してください。", EN: "Please begin the transfer again."},
	)
	sayNoKey = rpweb.Say(
		ui.Text{JA: "振込の控え番号がありません", EN: "The idempotency key is missing"},
		ui.Text{JA: "プログラムからの振込には、二重の振込を防ぐための番号（Idempotency-Key）が要ります。お金は動いていません。", EN: "A program must send an Idempotency-Key with a transfer, so that sending it again does not pay twice. No money was moved."},
		ui.Text{JA: "振込ごとに新しい番号を付けて、送り直してください。", EN: "Send it again, with a new key for each transfer."},
	)
	sayPayeeChanged = rpweb.Say(
		ui.Text{JA: "お受取人の名義が変わりました", EN: "The payee’s name has changed"},
		ui.Text{JA: "確認の画面のあとに、お受取人の口座の名義が変わりました。お金は動いていません。", EN: "The name of the receiving account changed after the confirmation page. No money was moved."},
		ui.Text{JA: "振込の入力からやり直し、名義をお確かめください。", EN: "Please begin the transfer again, and check the name."},
	)
	sayKeyReused = rpweb.Say(
		ui.Text{JA: "同じ番号の別の振込が、すでに行われています", EN: "This idempotency key was used for another transfer"},
		ui.Text{JA: "二重の振込を防ぐための番号が、別の内容の振込に使われていました。今回の振込は行っていません。", EN: "The same key was used for a different transfer before. This one was not made."},
		ui.Text{JA: "明細をお確かめください。", EN: "Please look at your statement."},
	)
	sayNoPending = rpweb.Say(
		ui.Text{JA: "確認中の振込がありません", EN: "There is no transfer to confirm"},
		ui.Text{JA: "確認の画面が古いか、別の画面で振込を入力し直されています。この画面からは振り込みません。", EN: "The confirmation page is out of date, or another transfer has been entered since. Nothing is sent from that page."},
		ui.Text{JA: "明細をお確かめのうえ、必要なときは振込の入力からやり直してください。", EN: "Please look at your statement, and begin again if you need to."},
	)
	sayNotYours = rpweb.Say(
		ui.Text{JA: "この番号の記録は、お客さまの口座にありません", EN: "Your account has no record of this number"},
		ui.Text{JA: "ご覧いただけるのは、サインインされているご本人の口座だけです。", EN: "You can only see the account that you are signed in to."},
		ui.Text{JA: "アドレスをお確かめください。", EN: "Please check the address."},
	)
)

// Why there is no session.
var (
	sayEndedIdle = rpweb.Say(
		ui.Text{JA: "しばらく操作がなかったため、終了しました", EN: "Your session ended due to inactivity"},
		ui.Text{JA: "安全のため、10分間操作がないと自動的に終了します。", EN: "For your safety a session ends after 10 minutes without use."},
		ui.Text{JA: "お手数ですが、もう一度はじめからお手続きください。終了前に完了したお手続きは有効です。", EN: "Please begin again. Anything you completed has been saved."},
	)
	sayEndedByAge = rpweb.Say(
		ui.Text{JA: "開始から1時間が過ぎたため、終了しました", EN: "Your session ended after one hour"},
		ui.Text{JA: "安全のため、操作中でも1時間で自動的に終了します。", EN: "For your safety a session ends after one hour, even in use."},
		ui.Text{JA: "お手数ですが、もう一度はじめからお手続きください。終了前に完了したお手続きは有効です。", EN: "Please begin again. Anything you completed has been saved."},
	)
	sayEndedElsewhere = rpweb.Say(
		ui.Text{JA: "この画面のお手続きは終了しています", EN: "This session has ended"},
		ui.Text{JA: "別の画面でサインインやサインアウトをされたか、システムが再起動されました。", EN: "You signed in or out in another window, or our system was restarted."},
		ui.Text{JA: "お手数ですが、もう一度はじめからお手続きください。終了前に完了したお手続きは有効です。", EN: "Please begin again. Anything you completed has been saved."},
	)
	saySignedOut = rpweb.Say(
		ui.Text{JA: "サインインしてください", EN: "Please sign in"},
		ui.Text{JA: "このページは、サインインされたお客さまだけがご覧になれます。", EN: "This page is for customers who have signed in."},
		ui.Text{JA: "カードをリーダーに置いて、サインインしてください。", EN: "Lay your card on the reader and sign in."},
	)
	sayNoDraft = rpweb.Say(
		ui.Text{JA: "署名をお待ちしている申込書がありません", EN: "There is no application to sign"},
		ui.Text{JA: "申込書がまだ作られていないか、この申込書での口座開設が完了しています。", EN: "No application has been written yet, or its account is already open."},
		ui.Text{JA: "申込書を作成してください。口座の開設が済んでいる方は、サインインしてください。", EN: "Start an application, or sign in if you have your account."},
	)
	sayNoChallenge = rpweb.Say(
		ui.Text{JA: "サインインの画面からお手続きください", EN: "Please begin on the sign-in page"},
		ui.Text{JA: "お使いのブラウザーでは、サインインの画面が開かれていないか、その画面がすでに使われています。", EN: "This browser has no sign-in page open, or that page has been used."},
		ui.Text{JA: "新しい画面から、もう一度サインインしてください。", EN: "Please sign in from a new page."},
	)
)
