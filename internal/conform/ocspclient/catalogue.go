package ocspclient

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
			JA: "証明書のAIA（authorityInfoAccess）の応答者に照会し、「有効（good）」の証明書を受け付けてください。",
			EN: "Ask the responder that authorityInfoAccess names, and accept a certificate that is good.",
		}, "docs/conform.md#ocsp-client"},
		"state": {ui.Text{
			JA: "「有効（good）」のときだけ受け付けてください。「失効」も「不明」も受け付けないでください。",
			EN: "Accept “good” alone: neither revoked, for whatever reason, nor unknown.",
		}, "docs/conform.md#ocsp-client"},
		"fresh": {ui.Text{
			JA: "送ったナンスと同じナンスが返ること、thisUpdate と nextUpdate の間に今があることを確かめてください。",
			EN: "Compare the nonce with the one you sent, and see that now lies between thisUpdate and nextUpdate.",
		}, "docs/time.md"},
		"signer": {ui.Text{
			JA: "回答の署名を応答者の証明書で、その証明書を発行元の認証局・有効期間・OCSPSigning で検証してください（RFC 6960 §4.2.2.2）。",
			EN: "Verify the answer with the responder's certificate, and that with the CA, its validity and OCSPSigning (RFC 6960 §4.2.2.2).",
		}, "docs/conform.md#ocsp-client"},
		"subject": {ui.Text{
			JA: "回答のCertIDが、照会したものと同じであることを確かめてください。",
			EN: "See that the answer's CertID is the one that you asked about.",
		}, "docs/conform.md#ocsp-client"},
		"failure": {ui.Text{
			JA: "回答が得られないときは、受け付けないでください。",
			EN: "Accept nothing without an answer.",
		}, "docs/errors.md"},
	}
}

func lines() map[string]line {
	return map[string]line{
		"OS-01": {"good", "有効な証明書", "A good certificate", "「有効」の正しい回答", "a right answer: good"},
		"OS-02": {"good", "照会の内容", "What is asked", "「有効」の正しい回答", "a right answer: good"},
		"OS-99": {"good", "最後に、有効な証明書", "A good certificate at the end", "「有効」の正しい回答", "a right answer: good"},

		"OS-10": {"state", "失効", "Revoked", "「失効」（鍵の危殆化）の正しい回答", "a right answer: revoked, keyCompromise"},
		"OS-11": {"state", "一時停止", "Suspended", "「失効」（certificateHold）の正しい回答", "a right answer: revoked, certificateHold"},
		"OS-12": {"state", "不明", "Unknown", "「不明」の正しい回答", "a right answer: unknown"},

		"OS-20": {"fresh", "ナンスが違う", "Another nonce", "送ったものと違うナンスの回答", "an answer with another nonce than was sent"},
		"OS-21": {"fresh", "ナンスがない", "No nonce", "ナンスを送ったのに、ナンスのない回答", "an answer without the nonce that was sent"},
		"OS-22": {"fresh", "古い回答", "Stale", "nextUpdate を1日過ぎた回答", "an answer whose nextUpdate was a day ago"},
		"OS-23": {"fresh", "未来の回答", "From the future", "thisUpdate が1日後の回答", "an answer whose thisUpdate is tomorrow"},

		"OS-30": {"signer", "応答者の証明書の期限切れ", "Responder certificate expired", "期限の切れた応答者証明書の回答", "an answer by a responder whose certificate expired a day ago"},
		"OS-31": {"signer", "認証局と無関係の署名者", "Other signer", "認証局の名前だけを使った証明書の回答", "an answer by somebody whose certificate only names the CA"},
		"OS-32": {"signer", "署名の改変", "Bad signature", "署名の1ビットが違う回答", "an answer whose signature differs in one bit"},
		"OS-33": {"signer", "利用者が署名者", "A holder signs", "利用者の証明書の鍵で署名した回答", "an answer signed with a holder's certificate of the same CA"},
		"OS-34": {"signer", "別の認証局の応答者", "The other CA's responder", "署名用認証局の応答者の回答", "an answer by the responder of the digital signature CA"},
		"OS-35": {"signer", "用途が違う", "No OCSPSigning", "OCSPSigning のない応答者証明書の回答", "an answer by a certificate of the CA without OCSPSigning"},

		"OS-40": {"subject", "別の証明書の回答", "Another certificate", "別のシリアル番号の回答", "an answer about another serial number"},

		"OS-50": {"failure", "tryLater", "tryLater", "tryLater の回答", "the answer tryLater"},
		"OS-51": {"failure", "unauthorized", "unauthorized", "unauthorized の回答", "the answer unauthorized"},
		"OS-52": {"failure", "回答でないもの", "No answer in DER", "DERでない回答", "octets that are no answer"},
		"OS-53": {"failure", "HTTP 503", "HTTP 503", "HTTP 503", "HTTP 503"},
		"OS-54": {"failure", "無応答", "Silence", "接続が閉じられる", "a connection that is closed without an answer"},
	}
}

// words are what a report says of a case.
func words(id string) conform.Words {
	l := lines()[id]
	return conform.Line(l).In(conform.Group(groups()[l.Group]))
}
