package partners

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
		"connection": {ui.Text{
			JA: "お客さま番号・氏名・生年月日がすべて合うときだけ連携し、同じ依頼が二度来ても同じ結果にしてください。",
			EN: "Connect a customer only if number, name and date of birth all fit, and let a request that comes twice change nothing.",
		}, "docs/conform.md#partner"},
		"refusal": {ui.Text{
			JA: "文書・別紙・署名者を自分で検証し、OpenAPIのコードで断ってください。",
			EN: "Verify document, sheet and signer yourself, and refuse with the codes of the OpenAPI file.",
		}, "docs/conform.md#partner"},
		"once": {ui.Text{
			JA: "申請は番号ごとに一度だけ受け付け、再送には同じ受領の状態を返してください。",
			EN: "Take an application once for each ID, and answer a repetition with how it stands.",
		}, "docs/conform.md#partner"},
		"later": {ui.Text{
			JA: "確かめられないときは、受け付けず、5xxを返してください。4xxで断ると、申請はそこで終わります。",
			EN: "Neither take nor refuse what cannot be checked now: answer 5xx. A refusal by 4xx ends the application.",
		}, "docs/errors.md"},
		"life": {ui.Text{
			JA: "受け付けのたびに失効情報を照会し、新しい証明書が同じ人のものであることを、機構に確かめてください。",
			EN: "Ask for the status of each application's certificate, and ask the authority whether a new one is the same holder's.",
		}, "docs/formats.md#linkage"},
	}
}

func lines() map[string]line {
	return map[string]line{
		"PA-01": {"connection", "連携", "Connect", "お客さま番号・氏名・生年月日", "a customer number with name and date of birth"},
		"PA-02": {"connection", "もう一度の連携", "Connect again", "同じ連携の依頼", "the same connection again"},
		"PA-03": {"connection", "通知の鍵", "Keys of notices", "GET /v1/keys", "GET /v1/keys"},
		"PA-04": {"connection", "違う鍵", "Wrong key", "ポータルの鍵でない鍵", "another key than the portal's"},
		"PA-05": {"connection", "知らないお客さま番号", "Unknown customer", "存在しないお客さま番号", "a customer number that does not exist"},
		"PA-06": {"connection", "氏名が違う", "Another name", "別の氏名", "another name"},
		"PA-07": {"connection", "生年月日が違う", "Another date of birth", "別の生年月日", "another date of birth"},
		"PA-08": {"connection", "登録の住所", "The registered address", "登録されている住所", "the registered address"},
		"PA-09": {"connection", "別の住所", "Another address", "登録と違う住所", "another address"},
		"PA-10": {"refusal", "知らない申請", "Unknown application", "届けていない申請の番号", "the ID of an application that was never delivered"},
		"PA-11": {"refusal", "文書の改変", "Altered document", "署名の後で変えた文書", "a document that was altered after it was signed"},
		"PA-12": {"refusal", "署名の改変", "Altered signature", "1ビット違う署名", "a signature that differs in one bit"},
		"PA-13": {"refusal", "別紙の改変", "Altered sheet", "署名の後で変えた別紙", "a sheet that was altered after signing"},
		"PA-14": {"refusal", "他社への別紙", "Another partner's sheet", "別の事業者への別紙", "a sheet for another partner"},
		"PA-15": {"refusal", "別人の署名", "Another person signs", "別の人のカードの署名", "a signature of another person's card"},
		"PA-16": {"refusal", "お客さまでない人", "No customer", "連携していないお客さま番号の申請", "an application for a customer who is not connected"},
		"PA-20": {"once", "申請の受付", "An application", "正しい申請", "a good application"},
		"PA-21": {"once", "同じ申請の再送", "The same twice", "同じ申請を二度", "the same application twice"},
		"PA-22": {"once", "状態の照会", "How it stands", "受け付けた申請の番号", "the ID of an application that was taken"},
		"PA-23": {"once", "同じ番号の別の申請", "Another with the same ID", "同じ番号の別の文書", "another document with the same ID"},
		"PA-24": {"once", "問われていない回答", "An answer not asked for", "問い返していない申請への回答", "an answer to what was not asked back"},
		"PA-30": {"later", "機構の無応答", "Silent authority", "正しい申請", "a good application; the authority does not answer"},
		"PA-31": {"later", "機構のエラー", "Authority error", "正しい申請", "a good application; the authority answers 503"},
		"PA-32": {"later", "OCSPのナンス違い", "OCSP with another nonce", "正しい申請", "a good application; OCSP answers with another nonce"},
		"PA-33": {"later", "OCSPの回答が古い", "Old OCSP answer", "正しい申請", "a good application; the OCSP answer is old"},
		"PA-34": {"later", "応答者の証明書の期限切れ", "Responder certificate expired", "正しい申請", "a good application; the responder's certificate has expired"},
		"PA-35": {"later", "OCSPの署名者が違う", "Another signer", "正しい申請", "a good application; somebody else signs the OCSP answer"},
		"PA-40": {"life", "紛失（一時停止）", "Suspended", "署名の後でカードを紛失した申請", "an application whose signer then reported the card lost"},
		"PA-41": {"life", "転居による失効", "Revoked by a move", "署名の後で転居した申請", "an application whose signer then moved"},
		"PA-42": {"life", "転居後の新しい証明書", "Signed after the move", "転居後の新しい証明書の申請", "an application signed with the new certificate"},
		"PA-90": {"connection", "連携の解除", "Disconnect", "連携の解除", "the end of a connection"},
		"PA-91": {"connection", "もう一度の解除", "Disconnect again", "解除された連携の解除", "the end of a connection that has ended"},
		"PA-92": {"connection", "解除の後", "After the end", "解除の後の住所の照会", "a question about the address after the end"},
	}
}

// words are what a report says of a case.
func words(id string) conform.Words {
	l := lines()[id]
	return conform.Line(l).In(conform.Group(groups()[l.Group]))
}
