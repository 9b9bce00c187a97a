package relyingparty

import (
	"example.jp/jpkimock/internal/conform"
	"example.jp/jpkimock/internal/ui"
)

// group and line are written without the names of their members.
type (
	group conform.Group
	line  conform.Line
)

func groups() map[string]group {
	return map[string]group{
		"good": {ui.Text{
			JA: "正しいカードを受け付けるようにしてください。認証局の証明書、機構のURL、照会用の鍵の設定を確かめてください。",
			EN: "Accept a good card. Check the anchors, the authority's URL and the verifier key of your configuration.",
		}, "docs/conform.md#what-the-target-needs"},
		"challenge": {ui.Text{
			JA: "署名が「自分のオリジン」と「この画面で渡したナンス」に対するものであることを検証し、ナンスは結果によらず一度で使い切ってください。",
			EN: "Verify the signature over your own origin and the nonce that you gave to this browser, and use a nonce up whatever comes of it.",
		}, "docs/formats.md#an-authentication-token"},
		"token": {ui.Text{
			JA: "トークンの形式・アルゴリズムを確かめ、証明書の公開鍵で署名を検証してください。",
			EN: "Check the token's format and algorithm, and verify its signature with the key of its certificate.",
		}, "docs/formats.md#an-authentication-token"},
		"certificate": {ui.Text{
			JA: "証明書の発行者の署名、有効期間、ポリシー、鍵用途、知らない重要（critical）拡張を、すべて確かめてください。",
			EN: "Check the issuer's signature, the validity, the policy, the key usages and unknown critical extensions of the certificate.",
		}, "docs/formats.md#certificates"},
		"life": {ui.Text{
			JA: "サインインのたびに失効情報を照会し、「有効（good）」のときだけ受け付けてください。時刻は機構の時計に合わせてください。",
			EN: "Ask for the status at each sign-in, accept “good” alone, and follow the town's clock.",
		}, "docs/time.md"},
		"answer": {ui.Text{
			JA: "OCSPの回答の署名者、応答者の証明書、ナンス、時刻を確かめ、確かめられないカードは受け付けないでください。",
			EN: "Check who signed the OCSP answer, the responder's certificate, the nonce and the times; refuse a card that cannot be checked.",
		}, "docs/errors.md"},
		"document": {ui.Text{
			JA: "文書そのものに対する署名を検証し、署名用電子証明書の失効情報を受付のときに照会してください。",
			EN: "Verify the signature over the very document, and ask for the certificate's status when you take it.",
		}, "docs/formats.md#a-signature"},
		"signer": {ui.Text{
			JA: "署名者の証明書の発行者の署名、有効期間、ポリシー、鍵用途、知らない重要（critical）拡張を確かめ、署名属性（signing-certificate-v2）がその証明書を指すことを確かめてください。",
			EN: "Check the issuer's signature, the validity, the policy, the key usages and unknown critical extensions of the signer's certificate, and that the signed attribute signing-certificate-v2 names it.",
		}, "docs/formats.md#a-signature"},
	}
}

func lines() map[string]line {
	const honestJA, honestEN = "有効なカードの正しい応答", "the right answer of a good card"
	return map[string]line{
		"RP-01": {"good", "有効なカード", "A good card", honestJA, honestEN},
		"RP-02": {"good", "同じカードで、もう一度", "The same card a second time", "新しい画面への" + honestJA, honestEN + " at a new page"},
		"RP-99": {"good", "最後に、有効なカード", "A good card at the end", honestJA, honestEN},

		"RP-10": {"challenge", "別のオリジン", "Wrong origin", "https://phishing.example に対する署名", "a signature for https://phishing.example"},
		"RP-11": {"challenge", "別のブラウザーのナンス", "The nonce of another browser", "別のブラウザーに渡されたナンスへの署名", "a signature over a nonce that another browser was given"},
		"RP-12": {"challenge", "渡していないナンス", "A nonce that was never given", "対象が作っていないナンスへの署名", "a signature over a nonce that the target did not make"},
		"RP-13": {"challenge", "同じ応答の再送", "Replay", "同じ応答を、同じCookieで二度", "the same answer with the same cookies, twice"},
		"RP-14": {"challenge", "後の画面への再送", "Replay at a later page", "以前の応答を、新しい画面に", "an earlier answer at a new page of another browser"},
		"RP-15": {"token", "署名の改変", "Altered signature", "署名の1ビットが違う応答", "an answer whose signature differs in one bit"},
		"RP-16": {"token", "別の鍵の署名", "Another key signs", "証明書の鍵でない鍵による署名", "a signature by a key that is not the certificate's"},
		"RP-17": {"token", "アルゴリズムなし", "No algorithm", "algorithm が none の応答", "an answer with the algorithm none"},
		"RP-18": {"token", "知らない形式", "Unknown format", "format が web-eid:9.0 の応答", "an answer with the format web-eid:9.0"},
		"RP-19": {"token", "トークンでないもの", "No token", "JSONでない文字列", "a text that is not JSON"},

		"RP-30": {"certificate", "署名用電子証明書", "The digital signature certificate", "署名用の証明書とその鍵による応答", "an answer with the digital signature certificate and its key"},
		"RP-31": {"certificate", "署名用のポリシー", "The policy of the other kind", "利用者証明用認証局が発行した、署名用ポリシーの証明書", "a certificate of the right CA with the digital signature policy"},
		"RP-32": {"certificate", "ポリシーなし", "No policy", "ポリシーのない証明書", "a certificate without certificate policies"},
		"RP-33": {"certificate", "期限切れ", "Expired", "有効期間の終わった証明書", "a certificate whose validity is over"},
		"RP-34": {"certificate", "有効期間の前", "Not yet valid", "有効期間の始まらない証明書", "a certificate whose validity has not begun"},
		"RP-35": {"certificate", "偽の発行者", "Wrong issuer", "認証局と同じ名前の別の鍵が発行した証明書", "a certificate issued by another key under the CA's name"},
		"RP-36": {"certificate", "別の認証局", "The other CA", "署名用認証局が発行した、利用者証明用の証明書", "a user authentication certificate issued by the digital signature CA"},
		"RP-37": {"certificate", "証明書の改変", "Bad certificate signature", "発行者の署名の1ビットが違う証明書", "a certificate whose signature differs in one bit"},
		"RP-38": {"certificate", "知らない重要拡張", "Unknown critical extension", "知らない拡張がcriticalの証明書", "a certificate with a critical extension that nobody knows"},
		"RP-39": {"certificate", "認証局を名乗る証明書", "A CA's certificate", "basicConstraints が CA の証明書", "a certificate whose basicConstraints say that it is a CA's"},
		"RP-40": {"certificate", "署名に使えない鍵", "Key usage", "keyUsage に digitalSignature のない証明書", "a certificate whose keyUsage has no digitalSignature"},
		"RP-41": {"certificate", "別の用途", "Another purpose", "extendedKeyUsage が clientAuth でない証明書", "a certificate whose extendedKeyUsage is not clientAuth"},

		"RP-50": {"life", "紛失（一時停止）", "Suspended", "紛失を届け出たカード", "a card that was reported lost"},
		"RP-51": {"life", "発見（再開）", "Found again", "紛失の後に見つかったカード", "a card that was lost and found again"},
		"RP-52": {"life", "死亡による失効", "Revoked", "死亡により失効したカード", "a card whose certificates were revoked after a death"},
		"RP-53": {"life", "転居", "Moved", "転居した人のカード（利用者証明用は有効のまま）", "the card of somebody who moved: this certificate stays good"},
		"RP-54": {"life", "更新前の証明書", "The certificate before a renewal", "更新で失効した証明書による応答", "an answer with the certificate that a renewal has superseded"},
		"RP-55": {"life", "更新後の証明書", "Renewed in between", "更新後の新しい証明書による応答", "an answer with the new certificate"},
		"RP-56": {"life", "時計を進める", "Clock moved", "時計を、証明書の有効期間の後まで進めた", "the clock was moved past the certificate's validity"},

		"RP-60": {"answer", "OCSP「不明」", "OCSP says unknown", honestJA, honestEN + "; OCSP says unknown"},
		"RP-61": {"answer", "OCSPのナンス違い", "OCSP answers with another nonce", honestJA, honestEN + "; OCSP answers with another nonce"},
		"RP-62": {"answer", "OCSPの回答が古い", "OCSP answers are old", honestJA, honestEN + "; the answer's nextUpdate was a day ago"},
		"RP-63": {"answer", "応答者の証明書の期限切れ", "Responder certificate expired", honestJA, honestEN + "; the responder's certificate has expired"},
		"RP-64": {"answer", "OCSPの署名者が違う", "Another signer", honestJA, honestEN + "; somebody else signs the OCSP answer"},
		"RP-65": {"answer", "機構の無応答", "Silent authority", honestJA, honestEN + "; the authority does not answer"},
		"RP-66": {"answer", "機構のエラー", "Authority error", honestJA, honestEN + "; the authority answers 503"},
	}
}

// documentLines are those of the cases with --documents.
func documentLines() map[string]line {
	return map[string]line{
		"RP-70": {"document", "署名した文書", "A signed document", "有効なカードで署名した文書", "a document signed with a good card"},
		"RP-71": {"document", "文書の改変", "Altered document", "署名の後で1文字加えた文書", "a document with a character added after it was signed"},
		"RP-72": {"document", "署名の改変", "Altered signature", "署名の1ビットが違うCMS", "CMS whose signature differs in one bit"},
		"RP-73": {"document", "転居による失効", "Revoked by a move", "署名の後で転居し、署名用が失効した文書", "a document whose signer moved after signing it"},
		"RP-74": {"document", "転居後の新しい証明書", "Signed after the move", "転居後の新しい証明書で署名した文書", "a document signed with the new certificate"},
		"RP-75": {"document", "紛失（一時停止）", "Signer's card lost", "署名の後でカードを紛失した文書", "a document whose signer reported the card lost afterwards"},
		"RP-76": {"document", "OCSP「不明」", "OCSP says unknown", "有効なカードで署名した文書", "a signed document; OCSP says unknown"},
		"RP-77": {"document", "機構の無応答", "Silent authority", "有効なカードで署名した文書", "a signed document; the authority does not answer"},

		"RP-80": {"signer", "利用者証明用電子証明書", "The user authentication certificate", "利用者証明用の証明書とその鍵で署名した文書", "a document signed with the user authentication certificate and its key"},
		"RP-81": {"signer", "利用者証明用のポリシー", "The policy of the other kind", "署名用認証局が発行した、利用者証明用ポリシーの証明書による署名", "signed with a certificate of the right CA with the user authentication policy"},
		"RP-82": {"signer", "ポリシーなし", "No policy", "ポリシーのない証明書による署名", "signed with a certificate without certificate policies"},
		"RP-83": {"signer", "期限切れ", "Expired", "有効期間の終わった証明書による署名", "signed with a certificate whose validity is over"},
		"RP-84": {"signer", "有効期間の前", "Not yet valid", "有効期間の始まらない証明書による署名", "signed with a certificate whose validity has not begun"},
		"RP-85": {"signer", "偽の発行者", "Wrong issuer", "認証局と同じ名前の別の鍵が発行した証明書による署名", "signed with a certificate issued by another key under the CA's name"},
		"RP-86": {"signer", "別の認証局", "The other CA", "利用者証明用認証局が発行した、署名用の証明書による署名", "signed with a digital signature certificate issued by the user authentication CA"},
		"RP-87": {"signer", "証明書の改変", "Bad certificate signature", "発行者の署名の1ビットが違う証明書による署名", "signed with a certificate whose signature differs in one bit"},
		"RP-88": {"signer", "知らない重要拡張", "Unknown critical extension", "知らない拡張がcriticalの証明書による署名", "signed with a certificate with a critical extension that nobody knows"},
		"RP-89": {"signer", "認証局を名乗る証明書", "A CA's certificate", "basicConstraints が CA の証明書による署名", "signed with a certificate whose basicConstraints say that it is a CA's"},
		"RP-90": {"signer", "署名に使えない鍵", "Key usage", "keyUsage が署名用でない証明書による署名", "signed with a certificate whose keyUsage allows no signatures"},
		"RP-91": {"signer", "証明書のすり替え", "Swapped certificate", "署名の後で、同じ鍵の別の証明書に入れ替えたCMS", "CMS whose certificate was replaced by another one for the same key after signing"},
	}
}

// words are what a report says of a case.
func words(id string) conform.Words {
	l, known := lines()[id]
	if !known {
		l = documentLines()[id]
	}
	return conform.Line(l).In(conform.Group(groups()[l.Group]))
}
