package rpweb

import "example.jp/jpkimock/internal/ui"

// The words that all houses share for the kit's refusals. {us} is how the house
// calls itself; {kind}, {other}, {reason}, {at} and {advice} are of the
// certificate.

// What the authority says of the certificate.
var (
	sayRevoked = Saying{
		ui.Text{JA: "{kind}が失効しています", EN: "Your {kind} has been revoked"},
		ui.Text{JA: "お使いのカードの{kind}は、{at}に失効しています。失効の事由：{reason}。", EN: "The {kind} on your card was revoked at {at}: {reason}."},
		ui.Text{JA: "{advice}", EN: "{advice}"},
	}
	saySuspended = Saying{
		ui.Text{JA: "{kind}が一時停止されています", EN: "Your {kind} is suspended"},
		ui.Text{JA: "お使いのカードの{kind}は、{at}から一時停止（一時保留）されています。停止されている間は、ご利用になれません。", EN: "The {kind} on your card has been suspended since {at}. It cannot be used meanwhile."},
		ui.Text{JA: "カードが見つかったときは、お住まいの市区町村の窓口で一時停止の解除を申請してください（署名用は再発行になります）。見つからないときは、同じ窓口で再交付のお手続きをお願いします。停止に心当たりのないときも、窓口にお問い合わせください。", EN: "If you have found your card, apply at your municipal counter to end the suspension (the signature certificate is reissued); if not, apply there for a new card. If you did not ask for the suspension, please ask there too."},
	}
	sayExpired = Saying{
		ui.Text{JA: "{kind}の有効期間が過ぎています", EN: "Your {kind} has expired"},
		ui.Text{JA: "電子証明書の有効期間は、発行の日から5回目の誕生日（又はカードの有効期限）までです。お使いのカードの{kind}は、この期間を過ぎています。", EN: "A certificate is valid until the fifth birthday after its issue, or until the card expires. The {kind} on your card is past that day."},
		ui.Text{JA: "お住まいの市区町村の窓口で電子証明書を更新してから、もう一度お手続きください。更新の手数料は無料です。", EN: "Renew the certificate at your municipal counter, free of charge, and come back."},
	}
	sayNotYetValid = Saying{
		ui.Text{JA: "{kind}の有効期間が始まっていません", EN: "Your {kind} is not valid yet"},
		ui.Text{JA: "お使いのカードの{kind}の有効期間は、まだ始まっていません。", EN: "The validity of the {kind} on your card has not begun."},
		ui.Text{JA: "発行された日時をお確かめのうえ、しばらくしてからもう一度お試しください。", EN: "Check when it was issued, and try again later."},
	}
	sayStatusUnknown = Saying{
		ui.Text{JA: "{kind}の発行を確認できません", EN: "The authority does not know this {kind}"},
		ui.Text{JA: "地方公共団体情報システム機構に照会しましたが、この発行の番号の電子証明書は発行の記録がありませんでした。", EN: "We asked the authority, which has no record of issuing a certificate with this serial number."},
		ui.Text{JA: "交付されたカードであるかをお確かめください。ご不明のときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "Please check that this is the card you were given, and ask at your municipal counter if in doubt."},
	}
	sayNotAccredited = Saying{
		ui.Text{JA: "{us}の都合により、ただいま確認ができません", EN: "We are not able to check certificates at present"},
		ui.Text{JA: "{us}は、現在、電子証明書の失効情報の提供を受けることができません（検証者としての認定の状況によるものです）。お客さまのカードに問題があるわけではありません。", EN: "The authority does not give us revocation information at present, for reasons of our accreditation as a verifier. Nothing is wrong with your card."},
		ui.Text{JA: "ご迷惑をおかけします。復旧のお知らせをお待ちください。", EN: "We are sorry. Please wait for our notice."},
	}
	sayStatusUnavailable = Saying{
		ui.Text{JA: "電子証明書の有効性を確認できませんでした", EN: "We could not check your certificate"},
		ui.Text{JA: "地方公共団体情報システム機構への照会に、回答がありませんでした。有効性を確認できない電子証明書では、お手続きを進めません。", EN: "The authority did not answer. Without its answer we do not go on."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。", EN: "Nothing has been done. Please try again in a while."},
	}
	sayStatusResponder = Saying{
		ui.Text{JA: "失効情報の回答の署名を確認できませんでした", EN: "The authority's answer was not signed by the authority"},
		ui.Text{JA: "電子証明書の有効性の照会への回答に、機構のものと確認できる電子署名がありませんでした。この回答は用いません。", EN: "The answer about your certificate did not carry the authority's signature. We do not use it."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。続くときは、{us}にお知らせください。", EN: "Nothing has been done. Please try again in a while, and tell us if it continues."},
	}
	sayStatusMissing = Saying{
		ui.Text{JA: "お客さまの電子証明書についての回答が得られませんでした", EN: "The authority's answer was not about your certificate"},
		ui.Text{JA: "照会への回答に、お使いの電子証明書の有効性が含まれていませんでした。", EN: "The authority answered, but not about the certificate we asked about."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。", EN: "Nothing has been done. Please try again in a while."},
	}
	sayStatusStale = Saying{
		ui.Text{JA: "失効情報の回答が、現在のものではありませんでした", EN: "The authority's answer was not of the present"},
		ui.Text{JA: "照会への回答の日時が古いか、先の日時でした。現在の有効性を確認できないため、お手続きを進めません。", EN: "The answer about your certificate was too old, or dated in the future, so it does not say what holds now."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。", EN: "Nothing has been done. Please try again in a while."},
	}
	sayStatusNonce = Saying{
		ui.Text{JA: "失効情報の回答が、この照会へのものではありませんでした", EN: "The authority's answer was not to our question"},
		ui.Text{JA: "以前の回答が使い回された可能性があるため、この回答は用いません。", EN: "It may be an earlier answer sent again, so we do not use it."},
		ui.Text{JA: "お手続きは行われていません。しばらくしてから、もう一度お試しください。", EN: "Nothing has been done. Please try again in a while."},
	}
)

// What the certificate is.
var (
	sayKind = Saying{
		ui.Text{JA: "電子証明書の種別が違います", EN: "This is the wrong kind of certificate"},
		ui.Text{JA: "このお手続きには{kind}が必要ですが、{other}が送られました。", EN: "This needs the {kind}, but the {other} was sent."},
		ui.Text{JA: "画面の案内に従って、もう一度お手続きください。署名には署名用、サインインには利用者証明用の電子証明書を使います。", EN: "Please follow the page once more. A signature takes the digital signature certificate, signing in the one for user authentication."},
	}
	sayChain = Saying{
		ui.Text{JA: "公的個人認証サービスの電子証明書ではありません", EN: "This certificate is not from the JPKI"},
		ui.Text{JA: "送られた電子証明書は、{us}が信頼する認証局が発行したものと確認できませんでした。", EN: "The certificate that was sent was not issued by a certification authority that we trust."},
		ui.Text{JA: "この模擬環境の窓口で交付されたカードをお使いください。実物のマイナンバーカードは、ここでは使えません。", EN: "Please use a card that was issued in this mock. A real Individual Number Card is refused here."},
	}
	sayBasicConstraints = Saying{
		ui.Text{JA: "個人の電子証明書ではありません", EN: "This is not a person's certificate"},
		ui.Text{JA: "送られたのは、認証局の証明書でした。ご本人の電子証明書ではお手続きいただけますが、認証局の証明書ではお受けできません。", EN: "What was sent is a certification authority's certificate. We accept only the certificate of a person."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードをお使いください。", EN: "Please use the Individual Number Card that your municipality gave you."},
	}
	sayKeyUsage = Saying{
		ui.Text{JA: "電子証明書の鍵の用途が、このお手続きに合いません", EN: "The certificate's key is not for this use"},
		ui.Text{JA: "電子証明書に記録された鍵の用途が、{kind}のものではありませんでした。", EN: "The key usage in the certificate is not that of a {kind}."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードをお使いください。ご不明のときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "Please use the Individual Number Card that your municipality gave you, and ask there if in doubt."},
	}
	sayPolicy = Saying{
		ui.Text{JA: "電子証明書のポリシーが、このお手続きに合いません", EN: "The certificate's policy is not the right one"},
		ui.Text{JA: "電子証明書に記録された証明書ポリシーが、{kind}のものではありませんでした。", EN: "The certificate policy is not that of a {kind}."},
		ui.Text{JA: "市区町村から交付を受けたマイナンバーカードをお使いください。ご不明のときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "Please use the Individual Number Card that your municipality gave you, and ask there if in doubt."},
	}
	sayCriticalExtension = Saying{
		ui.Text{JA: "電子証明書に、{us}で解釈できない条件が含まれています", EN: "The certificate states a condition that we do not understand"},
		ui.Text{JA: "必ず解釈しなければならない項目（クリティカル拡張）に、{us}の知らないものがありました。", EN: "It has a critical extension that is unknown to us, so we must not rely on it."},
		ui.Text{JA: "ご不明のときは、お住まいの市区町村の窓口にお問い合わせください。", EN: "Please ask at your municipal counter."},
	}
)

// What was signed, and what the card answered.
var (
	sayDigest = Saying{
		ui.Text{JA: "署名された文書が、お渡しした文書と一致しません", EN: "The signed document is not the one we gave you"},
		ui.Text{JA: "電子署名は、{us}がお渡しした文書とは異なる内容に対して行われていました。途中で書き換えられたおそれがあります。", EN: "The signature was made over something other than the document that we gave you. It may have been altered on the way."},
		ui.Text{JA: "お手続きは行われていません。文書の内容をお確かめのうえ、もう一度署名してください。別の画面で文書を作り直したときは、新しい方の画面で署名してください。", EN: "Nothing has been done. Read the document and sign again. If you started another one in another window, sign that one."},
	}
	saySignature = Saying{
		ui.Text{JA: "電子署名を確認できませんでした", EN: "The signature does not verify"},
		ui.Text{JA: "送られた電子署名は、この電子証明書の鍵で作られたものと確認できませんでした。", EN: "The signature that was sent was not made with the key of the certificate."},
		ui.Text{JA: "お手続きは行われていません。もう一度、カードをリーダーに置いてお試しください。", EN: "Nothing has been done. Please lay your card on the reader and try again."},
	}
	saySignerIdentifier = Saying{
		ui.Text{JA: "署名した人と電子証明書が一致しません", EN: "The signature names another certificate"},
		ui.Text{JA: "電子署名に記録された電子証明書の指定が、添えられた電子証明書と異なっていました。差し替えられたおそれがあります。", EN: "The signature refers to a certificate other than the one beside it, which may have been swapped."},
		ui.Text{JA: "お手続きは行われていません。もう一度署名してください。", EN: "Nothing has been done. Please sign again."},
	}
	sayAlgorithm = Saying{
		ui.Text{JA: "受け付けていない署名の方式です", EN: "This signature algorithm is not accepted"},
		ui.Text{JA: "電子署名の方式が、公的個人認証サービスで用いるもの（RSA、SHA-256）ではありませんでした。", EN: "The JPKI signs with RSA and SHA-256. This signature was made otherwise."},
		ui.Text{JA: "最新の利用者クライアントソフトをお使いください。", EN: "Please use the current JPKI user client software."},
	}
	sayOrigin = Saying{
		ui.Text{JA: "この画面への回答ではありません", EN: "This answer was not made for this page"},
		ui.Text{JA: "カードの回答は、別のサイト又は別の画面のために作られたものでした。偽のページに誘導された可能性があります。", EN: "Your card answered another site, or another page. You may have been led to a false one."},
		ui.Text{JA: "サインインは行われていません。アドレス欄をお確かめのうえ、もう一度サインインしてください。", EN: "You have not been signed in. Check the address in your browser, and sign in again."},
	}
	sayChallenge = Saying{
		ui.Text{JA: "このサインインの回答は、すでに使われています", EN: "This sign-in has already been used"},
		ui.Text{JA: "サインインの画面は、1回に限り使えます。送られた回答は、使用済み又は{us}の画面にないものでした。", EN: "A sign-in page works only once. The answer we received has been used, or does not come from one of our pages."},
		ui.Text{JA: "新しい画面から、もう一度サインインしてください。", EN: "Please sign in again from a new page."},
	}
	sayChallengeExpired = Saying{
		ui.Text{JA: "サインインの画面の有効時間が過ぎました", EN: "The sign-in page has timed out"},
		ui.Text{JA: "安全のため、サインインの画面を開いてから時間がたった回答はお受けしません。", EN: "For your safety we do not accept an answer to a page that was opened a while ago."},
		ui.Text{JA: "新しい画面から、もう一度サインインしてください。", EN: "Please sign in again from a new page."},
	}
	sayBusy = Saying{
		ui.Text{JA: "ただいま混み合っています", EN: "We are very busy at the moment"},
		ui.Text{JA: "同時にサインインのお手続きをされている方が多いため、新しい受付ができません。", EN: "So many people are signing in that we cannot begin another."},
		ui.Text{JA: "しばらくしてから、もう一度お試しください。", EN: "Please try again in a while."},
	}
	sayDocumentExpired = Saying{
		ui.Text{JA: "文書の有効時間が過ぎました", EN: "The document has timed out"},
		ui.Text{JA: "文書は、作成から30分以内に署名していただく必要があります。", EN: "A document must be signed within 30 minutes of being written."},
		ui.Text{JA: "お手数ですが、文書を作り直してください。", EN: "Please start again with a new document."},
	}
	sayTooLarge = Saying{
		ui.Text{JA: "送られた内容が大きすぎます", EN: "What was sent is too large"},
		ui.Text{JA: "電子署名又は認証の回答が、受付できる大きさを超えていました。", EN: "The signature or answer exceeds what we accept."},
		ui.Text{JA: "お手続きは行われていません。もう一度お試しください。", EN: "Nothing has been done. Please try again."},
	}
	sayMalformed = Saying{
		ui.Text{JA: "送られた内容を読み取れませんでした", EN: "We could not read what was sent"},
		ui.Text{JA: "電子署名又は認証の回答が、定められた形式ではありませんでした。", EN: "The signature or answer does not have the form it should have."},
		ui.Text{JA: "お手続きは行われていません。画面のボタンから、もう一度お手続きください。", EN: "Nothing has been done. Please use the button on the page once more."},
	}
)

// The way back from the card.
var (
	sayNotAsked = Saying{
		ui.Text{JA: "この画面の回答は受け付けられません", EN: "This answer cannot be accepted"},
		ui.Text{JA: "カードの回答は、1つの画面につき1回だけ受け付けます。すでに受け取ったか、時間が過ぎたか、別のブラウザーの画面です。", EN: "A card's answer is taken once for each page. It has been taken, is too late, or belongs to another browser."},
		ui.Text{JA: "もう一度、画面を開いてお試しください。", EN: "Please open the page again."},
	}
	sayNoPresence = Saying{
		ui.Text{JA: "カードが置かれていることを確認できませんでした", EN: "We could not tell that the card is there"},
		ui.Text{JA: "カードの回答に、カードが置かれていることを確かめるための情報がありませんでした。", EN: "The card's answer came without the word by which we watch it."},
		ui.Text{JA: "お手続きは行われていません。もう一度お試しください。", EN: "Nothing has been done. Please try again."},
	}
)

// What fills a blank of which the error says nothing.
var (
	sayOtherKind = ui.Text{JA: "別の種別の電子証明書", EN: "other certificate"}
	sayNoTime    = ui.Text{JA: "日時不明", EN: "a time not told"}
)

// troubleSayings are for the card agent's codes.
var troubleSayings = map[string]Saying{
	"cancelled": {
		ui.Text{JA: "お手続きを中止しました", EN: "You stopped at the card"},
		ui.Text{JA: "カードの画面で「中止」が選ばれました。", EN: "Cancel was chosen on the card's page."},
		ui.Text{JA: "続けるときは、もう一度お試しください。", EN: "Try again if you want to go on."},
	},
	"expired": {
		ui.Text{JA: "カードの画面の有効時間が過ぎました", EN: "The card's page has expired"},
		ui.Text{JA: "5分のあいだ、カードの操作がありませんでした。", EN: "Nothing was done for five minutes."},
		ui.Text{JA: "もう一度お試しください。", EN: "Please try again."},
	},
	"wrong_pin": {
		ui.Text{JA: "暗証番号が違います", EN: "The PIN was wrong"},
		ui.Text{JA: "続けて間違えると、ロックされます。", EN: "It is blocked after several wrong tries in a row."},
		ui.Text{JA: "暗証番号をお確かめのうえ、もう一度お試しください。", EN: "Please check it, and try again."},
	},
	"bad_pin_format": {
		ui.Text{JA: "暗証番号の形が違います", EN: "The PIN does not have the right form"},
		ui.Text{JA: "利用者証明用は数字4桁、署名用は英数字6桁から16桁です。カードは確かめていません。", EN: "It has four digits, or six to sixteen letters and digits for a signature. The card was not asked."},
		ui.Text{JA: "暗証番号をお確かめのうえ、もう一度お試しください。", EN: "Please check it, and try again."},
	},
	"pin_blocked": {
		ui.Text{JA: "暗証番号がロックされています", EN: "Your PIN is blocked"},
		ui.Text{JA: "暗証番号を続けて間違えたため、このカードはお使いになれません。", EN: "It was wrong too many times in a row, so this card cannot be used."},
		ui.Text{JA: "お住まいの市区町村の窓口で、暗証番号の再設定（初期化）を申請してください。", EN: "Apply at your municipal counter to have it reset."},
	},
	"no_card": {
		ui.Text{JA: "カードがありません", EN: "There is no card"},
		ui.Text{JA: "リーダーにカードが置かれていませんでした。", EN: "No card lay on the reader."},
		ui.Text{JA: "カードを置いて、もう一度お試しください。", EN: "Lay your card on it, and try again."},
	},
	"no_certificate": {
		ui.Text{JA: "このカードではお手続きできません", EN: "This card cannot be used here"},
		ui.Text{JA: "このカードには、{kind}がありません。", EN: "It carries no {kind}."},
		ui.Text{JA: "お住まいの市区町村の窓口で、{kind}の発行を受けてください。", EN: "Have one issued at your municipal counter."},
	},
	"dead_card": {
		ui.Text{JA: "カードのICチップが応答しません", EN: "The chip of the card does not answer"},
		ui.Text{JA: "ICチップが壊れているか、使えなくなっています。", EN: "It is broken or can no longer be used."},
		ui.Text{JA: "お住まいの市区町村の窓口で再交付を申請してください。", EN: "Apply at your municipal counter for a new card."},
	},
	"tampered_card": {
		ui.Text{JA: "このカードの鍵は失われています", EN: "This card has destroyed its keys"},
		ui.Text{JA: "秘密鍵を無理に読み出そうとしたため、ICチップが鍵を消去しました。", EN: "Somebody tried to read its private keys by force, so the chip destroyed them."},
		ui.Text{JA: "お住まいの市区町村の窓口で再交付を受けてください。", EN: "Apply at your municipal counter for a new card."},
	},
	"not_jpki": {
		ui.Text{JA: "マイナンバーカードではありません", EN: "This is not an Individual Number Card"},
		ui.Text{JA: "別の種類のカードが置かれています。", EN: "Another kind of card lies on the reader."},
		ui.Text{JA: "マイナンバーカードを置いて、もう一度お試しください。", EN: "Lay your Individual Number Card on it, and try again."},
	},
	"card_busy": {
		ui.Text{JA: "カードは、ほかで使われています", EN: "The card is in use elsewhere"},
		ui.Text{JA: "別のプログラムが、このカードを使っています。", EN: "Another program is using it."},
		ui.Text{JA: "しばらくしてから、もう一度お試しください。", EN: "Please try again in a while."},
	},
	"card_error": {
		ui.Text{JA: "カードを読み取れませんでした", EN: "The card could not be read"},
		ui.Text{JA: "カードとのやり取りが正しく行われませんでした。", EN: "The exchange with the card went wrong."},
		ui.Text{JA: "カードを置き直して、もう一度お試しください。", EN: "Lay the card down again, and try again."},
	},
}
