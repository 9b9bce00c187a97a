package web

import "example.jp/jpkimock/internal/ui"

// saying is what a refusal says to people: what happened, why, what to do.
// {kind}, {other}, {reason}, {at}, {advice}, {account} and {since} are filled in.
type saying struct{ title, why, do ui.Text }

// What the authority says of the certificate.
var (
	sayRevoked = saying{
		ui.Text{JA: "{kind}が失効しています", EN: "Your {kind} has been revoked"},
		ui.Text{JA: "お使いのカードの{kind}は、{at}に失効しています。失効の事由：{reason}。", EN: "The {kind} on your card was revoked at {at}: {reason}."},
		ui.Text{JA: "{advice}", EN: "{advice}"},
	}
	saySuspended = saying{
		ui.Text{JA: "{kind}が一時停止されています", EN: "Your {kind} is suspended"},
		ui.Text{JA: "お使いのカードの{kind}は、{at}から一時停止（一時保留）されています。停止されている間は、ご利用になれません。", EN: "The {kind} on your card has been suspended since {at}. It cannot be used meanwhile."},
		ui.Text{JA: "カードが見つかったときは、お住まいの市区町村の窓口で一時停止の解除を申請してください。見つからないときは、同じ窓口で再交付のお手続きをお願いします。停止に心当たりのないときも、窓口にお問い合わせください。", EN: "If you have found your card, apply at your municipal counter to end the suspension; if not, apply there for a new card. If you did not ask for the suspension, please ask there too."},
	}
	sayExpired = saying{
		ui.Text{JA: "{kind}の有効期間が過ぎています", EN: "Your {kind} has expired"},
		ui.Text{JA: "電子証明書の有効期間は、発行の日から5回目の誕生日（又はカードの有効期限）までです。お使いのカードの{kind}は、この期間を過ぎています。", EN: "A certificate is valid until the fifth birthday after its issue, or until the card expires. The {kind} on your card is past that day."},
		ui.Text{JA: "お住まいの市区町村の窓口で電子証明書を更新してから、もう一度お手続きください。更新の手数料は無料です。", EN: "Renew the certificate at your municipal counter, free of charge, and come back."},
	}
	sayNotYetValid = saying{
		ui.Text{JA: "{kind}の有効期間が始まっていません", EN: "Your {kind} is not valid yet"},
		ui.Text{JA: "お使いのカードの{kind}の有効期間は、まだ始まっていません。", EN: "The validity of the {kind} on your card has not begun."},
		ui.Text{JA: "発行された日時をお確かめのうえ、しばらくしてからもう一度お試しください。", EN: "Check when it was issued, and try again later."},
	}
	sayStatusUnknown = saying{
		ui.Text{JA: "{kind}の発行を確認できません", EN: "The authority does not know this {kind}"},
		ui.Text{JA: "地方公共団体情報システム機構に照会しましたが、この発行の番号の電子証明書は発行の記録がありませんでした。", EN: "We asked the authority, which has no record of issuing a certificate with this serial number."},
		ui.Text{JA: "交付されたカードであるかをお確かめください。ご不明のときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "Please check that this is the card you were given, and ask at your municipal counter if in doubt."},
	}
	sayNotAccredited = saying{
		ui.Text{JA: "当行の都合により、ただいま確認ができません", EN: "We are not able to check certificates at present"},
		ui.Text{JA: "当行は、現在、電子証明書の失効情報の提供を受けることができません（検証者としての認定の状況によるものです）。お客さまのカードに問題があるわけではありません。", EN: "The authority does not give us revocation information at present, for reasons of our accreditation as a verifier. Nothing is wrong with your card."},
		ui.Text{JA: "ご迷惑をおかけします。復旧のお知らせをお待ちください。", EN: "We are sorry. Please wait for our notice."},
	}
	sayStatusUnavailable = saying{
		ui.Text{JA: "電子証明書の有効性を確認できませんでした", EN: "We could not check your certificate"},
		ui.Text{JA: "地方公共団体情報システム機構への照会に、回答がありませんでした。有効性を確認できない電子証明書では、お手続きを進めません。", EN: "The authority did not answer. Without its answer we do not go on."},
		ui.Text{JA: "お申込みやサインインは行われていません。しばらくしてから、もう一度お試しください。", EN: "Nothing has been done. Please try again in a while."},
	}
	sayStatusResponder = saying{
		ui.Text{JA: "失効情報の回答の署名を確認できませんでした", EN: "The authority's answer was not signed by the authority"},
		ui.Text{JA: "電子証明書の有効性の照会への回答に、機構のものと確認できる電子署名がありませんでした。この回答は用いません。", EN: "The answer about your certificate did not carry the authority's signature. We do not use it."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。続くときは、当行にお知らせください。", EN: "Nothing has been done. Please try again in a while, and tell us if it goes on."},
	}
	sayStatusMissing = saying{
		ui.Text{JA: "お客さまの電子証明書についての回答が得られませんでした", EN: "The authority's answer was not about your certificate"},
		ui.Text{JA: "照会への回答に、お使いの電子証明書の有効性が含まれていませんでした。", EN: "The authority answered, but not about the certificate we asked about."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。", EN: "Nothing has been done. Please try again in a while."},
	}
	sayStatusStale = saying{
		ui.Text{JA: "失効情報の回答が、現在のものではありませんでした", EN: "The authority's answer was not of the present"},
		ui.Text{JA: "照会への回答の日時が古いか、先の日時でした。現在の有効性を確認できないため、お手続きを進めません。", EN: "The answer about your certificate was too old, or dated in the future, so it does not say what holds now."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。", EN: "Nothing has been done. Please try again in a while."},
	}
	sayStatusNonce = saying{
		ui.Text{JA: "失効情報の回答が、この照会へのものではありませんでした", EN: "The authority's answer was not to our question"},
		ui.Text{JA: "以前の回答が使い回された可能性があるため、この回答は用いません。", EN: "It may be an earlier answer sent again, so we do not use it."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。", EN: "Nothing has been done. Please try again in a while."},
	}
)

// What the certificate is.
var (
	sayKind = saying{
		ui.Text{JA: "電子証明書の種別が違います", EN: "This is the wrong kind of certificate"},
		ui.Text{JA: "このお手続きには{kind}が必要ですが、{other}が送られました。", EN: "This act needs the {kind}, but the {other} was sent."},
		ui.Text{JA: "画面の案内に従って、もう一度お手続きください。口座開設には署名用、サインインには利用者証明用の電子証明書を使います。", EN: "Please follow the page once more. Opening an account takes the certificate for signature, signing in the one for authentication."},
	}
	sayChain = saying{
		ui.Text{JA: "公的個人認証サービスの電子証明書ではありません", EN: "This certificate is not from the JPKI"},
		ui.Text{JA: "送られた電子証明書は、当行が信頼する認証局が発行したものと確認できませんでした。", EN: "The certificate that was sent was not issued by a certification authority that we trust."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードをお使いください。", EN: "Please use the Individual Number Card that your municipality gave you."},
	}
	sayBasicConstraints = saying{
		ui.Text{JA: "個人の電子証明書ではありません", EN: "This is not a person's certificate"},
		ui.Text{JA: "送られたのは、認証局の証明書でした。ご本人の電子証明書ではお手続きいただけますが、認証局の証明書ではお受けできません。", EN: "What was sent is a certification authority's certificate. We accept only the certificate of a person."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードをお使いください。", EN: "Please use the Individual Number Card that your municipality gave you."},
	}
	sayKeyUsage = saying{
		ui.Text{JA: "電子証明書の鍵の用途が、このお手続きに合いません", EN: "The certificate's key is not for this use"},
		ui.Text{JA: "電子証明書に記録された鍵の用途が、{kind}のものではありませんでした。", EN: "The key usage in the certificate is not that of a {kind}."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードをお使いください。ご不明のときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "Please use the Individual Number Card that your municipality gave you, and ask there if in doubt."},
	}
	sayPolicy = saying{
		ui.Text{JA: "電子証明書のポリシーが、このお手続きに合いません", EN: "The certificate's policy is not the right one"},
		ui.Text{JA: "電子証明書に記録された証明書ポリシーが、{kind}のものではありませんでした。", EN: "The certificate policy is not that of a {kind}."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードをお使いください。ご不明のときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "Please use the Individual Number Card that your municipality gave you, and ask there if in doubt."},
	}
	sayCriticalExtension = saying{
		ui.Text{JA: "電子証明書に、当行で解釈できない条件が含まれています", EN: "The certificate states a condition that we do not understand"},
		ui.Text{JA: "必ず解釈しなければならない項目（クリティカル拡張）に、当行の知らないものがありました。", EN: "It has a critical extension that is unknown to us, so we must not rely on it."},
		ui.Text{JA: "ご不明のときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "Please ask at your municipal counter."},
	}
)

// What was signed.
var (
	sayDigest = saying{
		ui.Text{JA: "署名された文書が、お申込みの文書と一致しません", EN: "The signed document is not your application"},
		ui.Text{JA: "電子署名は、当行がお渡しした申込書とは異なる内容に対して行われていました。途中で書き換えられたおそれがあります。", EN: "The signature was made over something other than the application that we gave you. It may have been altered on the way."},
		ui.Text{JA: "口座は開設されていません。申込書の内容をお確かめのうえ、もう一度署名してください。別の画面で申込書を作り直したときは、新しい方の画面で署名してください。", EN: "No account was opened. Read the application and sign again. If you started another application in another window, sign that one."},
	}
	saySignature = saying{
		ui.Text{JA: "電子署名を確認できませんでした", EN: "The signature does not verify"},
		ui.Text{JA: "送られた電子署名は、この電子証明書の鍵で作られたものと確認できませんでした。", EN: "The signature that was sent was not made with the key of the certificate."},
		ui.Text{JA: "お手続きは行われていません。もう一度、カードをリーダーに置いてお試しください。", EN: "Nothing has been done. Please lay your card on the reader and try again."},
	}
	saySignerIdentifier = saying{
		ui.Text{JA: "署名した人と電子証明書が一致しません", EN: "The signature names another certificate"},
		ui.Text{JA: "電子署名に記録された電子証明書の指定が、添えられた電子証明書と異なっていました。差し替えられたおそれがあります。", EN: "The signature refers to a certificate other than the one beside it, which may have been swapped."},
		ui.Text{JA: "お手続きは行われていません。もう一度署名してください。", EN: "Nothing has been done. Please sign again."},
	}
	sayAlgorithm = saying{
		ui.Text{JA: "受け付けていない署名の方式です", EN: "This signature algorithm is not accepted"},
		ui.Text{JA: "電子署名の方式が、公的個人認証サービスで用いるもの（RSA、SHA-256）ではありませんでした。", EN: "The JPKI signs with RSA and SHA-256. This signature was made otherwise."},
		ui.Text{JA: "最新の利用者クライアントソフトをお使いください。", EN: "Please use the current JPKI user client software."},
	}
	sayOrigin = saying{
		ui.Text{JA: "当行のページへの回答ではありません", EN: "This answer was not made for our page"},
		ui.Text{JA: "カードの回答は、別のサイト又は別の画面のために作られたものでした。偽のページに誘導された可能性があります。", EN: "Your card answered another site, or another page. You may have been led to a false one."},
		ui.Text{JA: "サインインは行われていません。アドレス欄がみほん銀行のものであることをお確かめのうえ、もう一度サインインしてください。", EN: "You have not been signed in. Check that the address is Mihon Bank's, and sign in again."},
	}
	sayChallenge = saying{
		ui.Text{JA: "このサインインの回答は、すでに使われています", EN: "This answer has been used before"},
		ui.Text{JA: "サインインの画面は、1回に限り使えます。送られた回答は、使用済み又は当行の画面にないものでした。", EN: "A sign-in page is good once. The answer that was sent was used before, or belongs to no page of ours."},
		ui.Text{JA: "新しい画面から、もう一度サインインしてください。", EN: "Please sign in again from a new page."},
	}
	sayChallengeExpired = saying{
		ui.Text{JA: "サインインの画面の有効時間が過ぎました", EN: "The sign-in page has timed out"},
		ui.Text{JA: "安全のため、サインインの画面を開いてから時間がたった回答はお受けしません。", EN: "For your safety we do not accept an answer to a page that was opened a while ago."},
		ui.Text{JA: "新しい画面から、もう一度サインインしてください。", EN: "Please sign in again from a new page."},
	}
	sayBusy = saying{
		ui.Text{JA: "ただいま混み合っています", EN: "We are very busy at the moment"},
		ui.Text{JA: "同時にサインインのお手続きをされている方が多いため、新しい受付ができません。", EN: "So many people are signing in that we cannot begin another."},
		ui.Text{JA: "しばらくしてから、もう一度お試しください。", EN: "Please try again in a while."},
	}
	sayTooLarge = saying{
		ui.Text{JA: "送られた内容が大きすぎます", EN: "What was sent is too large"},
		ui.Text{JA: "電子署名又は認証の回答が、受付できる大きさを超えていました。", EN: "The signature or answer exceeds what we accept."},
		ui.Text{JA: "お手続きは行われていません。もう一度お試しください。", EN: "Nothing has been done. Please try again."},
	}
	sayMalformed = saying{
		ui.Text{JA: "送られた内容を読み取れませんでした", EN: "We could not read what was sent"},
		ui.Text{JA: "電子署名又は認証の回答が、定められた形式ではありませんでした。", EN: "The signature or answer does not have the form it should have."},
		ui.Text{JA: "お手続きは行われていません。画面のボタンから、もう一度お手続きください。", EN: "Nothing has been done. Please use the button on the page once more."},
	}
)

// The bank's own rules.
var (
	sayAlreadyCustomer = saying{
		ui.Text{JA: "すでに口座をお持ちです", EN: "You have an account already"},
		ui.Text{JA: "お客さまは{since}に口座（口座番号 {account}）を開設されています。普通預金口座は、お一人さま1口座とさせていただいています。", EN: "You opened account {account} on {since}. Each person can have one ordinary deposit account."},
		ui.Text{JA: "カードでサインインして、その口座をご利用ください。", EN: "Sign in with your card to use it."},
	}
	sayUnknownHolder = saying{
		ui.Text{JA: "このカードのお客さまの口座がありません", EN: "We know no customer by this card"},
		ui.Text{JA: "カードは有効ですが、この利用者証明用電子証明書で登録されている口座は見つかりませんでした。更新や再交付を受ける前のものも含めて、地方公共団体情報システム機構に確認しています。", EN: "Your card is valid, but no account is registered with its user authentication certificate, nor with those you had before; we have asked the authority."},
		ui.Text{JA: "はじめての方は、このカードで口座を開設できます。口座をお持ちの方は、別の方のカードが置かれていないかをお確かめください。それでもサインインできないときは、口座番号をご用意のうえ、変更届をお出しください。", EN: "If you are new, you can open an account with this card. If you have one, check that it is not somebody else's card. If it is yours, send a change notice; you need your account number."},
	}
	sayApplicationUsed = saying{
		ui.Text{JA: "この申込書は、すでに受け付けています", EN: "This application has been accepted before"},
		ui.Text{JA: "一つの申込書で開設できる口座は、一つだけです。", EN: "One application opens one account."},
		ui.Text{JA: "口座を開設された方は、サインインしてください。そうでないときは、申込書を作り直してください。", EN: "If you have your account, sign in. Otherwise start a new application."},
	}
	sayDraftExpired = saying{
		ui.Text{JA: "申込書の有効時間が過ぎました", EN: "The application has timed out"},
		ui.Text{JA: "申込書は、作成から30分以内に署名していただく必要があります。", EN: "An application must be signed within 30 minutes of being written."},
		ui.Text{JA: "お手数ですが、申込書を作り直してください。", EN: "Please start it again."},
	}
	sayTooYoung = saying{
		ui.Text{JA: "15歳未満の方は、このお手続きでは口座を開設できません", EN: "This way of opening an account is for those aged 15 and over"},
		ui.Text{JA: "オンラインでの口座開設は、15歳以上の方ご本人に限らせていただいています。", EN: "An account can be opened online by persons of 15 years and over, for themselves."},
		ui.Text{JA: "保護者の方とご一緒に、当行の窓口にお越しください。", EN: "Please come to a branch with a parent or guardian."},
	}
	sayPurpose = saying{
		ui.Text{JA: "取引の目的が選ばれていません", EN: "No purpose of transactions was chosen"},
		ui.Text{JA: "口座の開設にあたっては、法令により取引の目的を確認させていただいています。", EN: "The law requires us to ask for it when an account is opened."},
		ui.Text{JA: "一覧から一つお選びください。", EN: "Please choose one of the list."},
	}
	sayBranch = saying{
		ui.Text{JA: "取扱店が見つかりません", EN: "There is no such branch"},
		ui.Text{JA: "選ばれた店番の店舗は、みほん銀行にありません。", EN: "Mihon Bank has no branch with this code."},
		ui.Text{JA: "一覧から一つお選びください。", EN: "Please choose one of the list."},
	}
	sayAccountNumber = saying{
		ui.Text{JA: "口座番号の形が違います", EN: "This is no account number"},
		ui.Text{JA: "口座番号は7桁の数字です。", EN: "An account number has seven digits."},
		ui.Text{JA: "もう一度入力してください。", EN: "Please enter it again."},
	}
	sayNoAccount = saying{
		ui.Text{JA: "この口座番号の口座はありません", EN: "There is no account with this number"},
		ui.Text{JA: "みほん銀行に、この番号の口座は見つかりませんでした。お金は動いていません。", EN: "Mihon Bank has no account with this number. No money was moved."},
		ui.Text{JA: "振込先の口座番号をお確かめください。", EN: "Please check the number."},
	}
	saySameAccount = saying{
		ui.Text{JA: "ご自身の口座へは振り込めません", EN: "You cannot transfer to your own account"},
		ui.Text{JA: "振込元と振込先が同じ口座です。お金は動いていません。", EN: "Both ends are the same account. No money was moved."},
		ui.Text{JA: "振込先の口座番号をお確かめください。", EN: "Please check the number."},
	}
	sayAmount = saying{
		ui.Text{JA: "この金額は振り込めません", EN: "This amount cannot be transferred"},
		ui.Text{JA: "1回の振込は、1円以上100万円以下の整数です。お金は動いていません。", EN: "A transfer is a whole amount from ¥1 to ¥1,000,000. No money was moved."},
		ui.Text{JA: "金額をお確かめください。", EN: "Please check the amount."},
	}
	sayMemo = saying{
		ui.Text{JA: "摘要を読み取れません", EN: "This note cannot be used"},
		ui.Text{JA: "摘要は30文字までの1行です。お金は動いていません。", EN: "A note is one line of at most 30 characters. No money was moved."},
		ui.Text{JA: "摘要をお確かめください。", EN: "Please check the note."},
	}
	sayInsufficient = saying{
		ui.Text{JA: "残高が不足しています", EN: "Your balance does not cover this transfer"},
		ui.Text{JA: "確認の画面のあとに残高が変わったか、残高を超える金額が指定されました。お金は動いていません。", EN: "Your balance changed after the confirmation page, or the amount exceeds it. No money was moved."},
		ui.Text{JA: "残高をお確かめのうえ、金額を入力し直してください。", EN: "Please check your balance and enter the amount again."},
	}
	sayKey = saying{
		ui.Text{JA: "振込の控え番号を読み取れません", EN: "The idempotency key cannot be used"},
		ui.Text{JA: "二重の振込を防ぐための番号が、定められた形ではありませんでした。お金は動いていません。", EN: "It is 8 to 64 letters, digits, hyphens or underscores. No money was moved."},
		ui.Text{JA: "振込の入力からやり直してください。", EN: "Please begin the transfer again."},
	}
	sayNoKey = saying{
		ui.Text{JA: "振込の控え番号がありません", EN: "The idempotency key is missing"},
		ui.Text{JA: "プログラムからの振込には、二重の振込を防ぐための番号（Idempotency-Key）が要ります。お金は動いていません。", EN: "A program sends a transfer with an Idempotency-Key, so that sending it again pays once. No money was moved."},
		ui.Text{JA: "振込ごとに新しい番号を付けて、送り直してください。", EN: "Send it again with a key of its own."},
	}
	sayKeyReused = saying{
		ui.Text{JA: "同じ番号の別の振込が、すでに行われています", EN: "This idempotency key made another transfer"},
		ui.Text{JA: "二重の振込を防ぐための番号が、別の内容の振込に使われていました。今回の振込は行っていません。", EN: "The same key was used for a different transfer before. This one was not made."},
		ui.Text{JA: "明細をお確かめください。", EN: "Please look at your statement."},
	}
	sayNoPending = saying{
		ui.Text{JA: "確認中の振込がありません", EN: "No transfer waits for confirmation"},
		ui.Text{JA: "確認の画面が古いか、別の画面で振込を入力し直されています。この画面からは振り込みません。", EN: "The confirmation page is an old one, or another transfer was entered since. Nothing was sent from it."},
		ui.Text{JA: "明細をお確かめのうえ、必要なときは振込の入力からやり直してください。", EN: "Please look at your statement, and begin again if need be."},
	}
	sayNotYours = saying{
		ui.Text{JA: "この番号の記録は、お客さまの口座にありません", EN: "Your account has no record of this number"},
		ui.Text{JA: "ご覧いただけるのは、サインインされているご本人の口座だけです。", EN: "You can see the account that you are signed in to, and no other."},
		ui.Text{JA: "アドレスをお確かめください。", EN: "Please check the address."},
	}
)

// Why there is no session.
var (
	sayEndedIdle = saying{
		ui.Text{JA: "しばらく操作がなかったため、終了しました", EN: "Your session ended because it was left alone"},
		ui.Text{JA: "安全のため、10分間操作がないと自動的に終了します。", EN: "For your safety a session ends after 10 minutes without use."},
		ui.Text{JA: "お手数ですが、もう一度はじめからお手続きください。終了前に完了したお手続きは有効です。", EN: "Please begin again. Whatever you had completed stands."},
	}
	sayEndedByAge = saying{
		ui.Text{JA: "開始から1時間が過ぎたため、終了しました", EN: "Your session ended after one hour"},
		ui.Text{JA: "安全のため、操作中でも1時間で自動的に終了します。", EN: "For your safety a session ends after one hour, even in use."},
		ui.Text{JA: "お手数ですが、もう一度はじめからお手続きください。終了前に完了したお手続きは有効です。", EN: "Please begin again. Whatever you had completed stands."},
	}
	sayEndedElsewhere = saying{
		ui.Text{JA: "この画面のお手続きは終了しています", EN: "This session has ended"},
		ui.Text{JA: "別の画面でサインインやサインアウトをされたか、システムが再起動されました。", EN: "You signed in or out in another window, or our system was restarted."},
		ui.Text{JA: "お手数ですが、もう一度はじめからお手続きください。終了前に完了したお手続きは有効です。", EN: "Please begin again. Whatever you had completed stands."},
	}
	saySignedOut = saying{
		ui.Text{JA: "サインインしてください", EN: "Please sign in"},
		ui.Text{JA: "このページは、サインインされたお客さまだけがご覧になれます。", EN: "This page is for customers who have signed in."},
		ui.Text{JA: "カードをリーダーに置いて、サインインしてください。", EN: "Lay your card on the reader and sign in."},
	}
	sayNoDraft = saying{
		ui.Text{JA: "署名をお待ちしている申込書がありません", EN: "No application waits for a signature"},
		ui.Text{JA: "申込書がまだ作られていないか、この申込書での口座開設が完了しています。", EN: "None has been written yet, or the account has been opened with it."},
		ui.Text{JA: "申込書を作成してください。口座の開設が済んでいる方は、サインインしてください。", EN: "Start an application, or sign in if you have your account."},
	}
	sayNoChallenge = saying{
		ui.Text{JA: "サインインの画面からお手続きください", EN: "Please begin on the sign-in page"},
		ui.Text{JA: "お使いのブラウザでは、サインインの画面が開かれていないか、その画面がすでに使われています。", EN: "This browser has no sign-in page open, or it has been used."},
		ui.Text{JA: "新しい画面から、もう一度サインインしてください。", EN: "Please sign in from a new page."},
	}
)
