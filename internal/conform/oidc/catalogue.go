package oidc

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
			JA: "正しい応答でサインインできるようにしてください。発行者（issuer）とクライアントの設定を確かめてください。",
			EN: "Sign in who comes back with a right answer. Check the issuer and the client's registration.",
		}, "docs/conform.md#oidc-client"},
		"request": {ui.Text{
			JA: "認可コードフローに、毎回新しい state・nonce・PKCE（S256）と、private_key_jwt を使ってください。",
			EN: "Use the authorization code flow with a fresh state, nonce and PKCE (S256) each time, and private_key_jwt.",
		}, "docs/integrate.md#sign-in-over-openid-connect"},
		"answer": {ui.Text{
			JA: "state をそのブラウザーのセッションのものと比べて一度で使い切り、iss と error を確かめてください。",
			EN: "Compare state with this browser's session and use it up, and look at iss and error (RFC 9207).",
		}, "docs/integrate.md#sign-in-over-openid-connect"},
		"token": {ui.Text{
			JA: "IDトークンの署名を発行者の鍵とES256だけで検証し、iss・aud・nonce・exp・subを確かめてください。",
			EN: "Verify the ID token with the issuer's keys and its registered algorithm alone, and check iss, aud, nonce, exp and sub.",
		}, "docs/integrate.md#sign-in-over-openid-connect"},
		"key": {ui.Text{
			JA: "知らないkidのときは鍵を取得し直し、公開されなくなった鍵は使わないでください。",
			EN: "Fetch the keys anew when a kid is unknown, and forget those that are no longer published.",
		}, "docs/integrate.md#sign-in-over-openid-connect"},
		"failure": {ui.Text{
			JA: "IDトークンが得られなかったときは、だれもサインインさせないでください。",
			EN: "Sign nobody in without an ID token.",
		}, "docs/errors.md"},
		"discovery": {ui.Text{
			JA: "ディスカバリー文書のissuerが、設定した発行者と一字一句同じであることを確かめてください。",
			EN: "Compare the issuer of the discovery document with the configured one, character by character (OpenID Connect Discovery 1.0 §4.3).",
		}, "docs/integrate.md#sign-in-over-openid-connect"},
	}
}

func lines() map[string]line {
	const okJA, okEN = "正しい応答", "a right answer"
	return map[string]line{
		"OC-01": {"good", "サインイン", "Sign-in", okJA, okEN},
		"OC-02": {"good", "もう一度のサインイン", "A second sign-in", okJA, okEN},
		"OC-99": {"good", "最後に、もう一度", "A sign-in at the end", okJA, okEN},

		"OC-03": {"request", "認可リクエスト", "Authorization request", "二度のサインイン", "two sign-ins"},
		"OC-04": {"request", "トークンリクエスト", "Token request", "二度のサインイン", "two sign-ins"},
		"OC-05": {"request", "毎回新しい値", "Fresh values", "二度のサインイン", "two sign-ins"},
		"OC-06": {"request", "クライアントの署名", "Client assertion", "二度のサインイン", "two sign-ins"},

		"OC-10": {"answer", "stateが違う", "Another state", "別のstateの応答", "an answer with another state"},
		"OC-11": {"answer", "stateがない", "No state", "stateのない応答", "an answer without a state"},
		"OC-12": {"answer", "取り違えた応答", "Mixed-up state", "別のブラウザーで始めたサインインの応答", "the answer to a sign-in that another browser began"},
		"OC-13": {"answer", "issが違う", "Another issuer answers", "issが別の発行者の応答", "an answer whose iss is another issuer"},
		"OC-14": {"answer", "拒否", "Declined", "error=access_denied の応答", "the answer error=access_denied"},
		"OC-15": {"answer", "応答の再送", "Replay", "同じ応答を、同じCookieで二度", "the same answer with the same cookies, twice"},

		"OC-20": {"token", "IDトークンの改変", "Tampered ID token", "署名の後でsubを変えたIDトークン", "an ID token whose sub was changed after signing"},
		"OC-21": {"token", "別の鍵の署名", "Another key signs", "同じkidで、別の鍵が署名したIDトークン", "an ID token that another key signed under the same kid"},
		"OC-22": {"token", "知らないkid", "Unknown kid", "公開されていない鍵のIDトークン", "an ID token of a key that is not published"},
		"OC-23": {"token", "署名なし（alg none）", "alg none", "署名のないIDトークン", "an ID token without a signature"},
		"OC-24": {"token", "公開鍵を共有鍵に", "HS256 with the public key", "公開鍵を秘密としてHS256で署名したIDトークン", "an ID token signed by HMAC with the public key"},
		"OC-25": {"token", "issが違う", "Wrong iss", "別の発行者のIDトークン", "an ID token of another issuer"},
		"OC-26": {"token", "audが違う", "Wrong aud", "別のクライアントへのIDトークン", "an ID token for another client"},
		"OC-27": {"token", "nonceが違う", "Wrong nonce", "別のnonceのIDトークン", "an ID token with another nonce"},
		"OC-28": {"token", "nonceがない", "No nonce", "nonceのないIDトークン", "an ID token without a nonce"},
		"OC-29": {"token", "期限切れ", "Expired", "1時間前に期限の切れたIDトークン", "an ID token that expired an hour ago"},
		"OC-30": {"token", "subがない", "No sub", "subのないIDトークン", "an ID token without a sub"},
		"OC-31": {"token", "expがない", "No exp", "期限のないIDトークン", "an ID token without an exp"},
		"OC-32": {"token", "subの入れ替え", "Swapped sub", "UserInfoが別の人のsubを返す", "userinfo gives another sub than the ID token"},

		"OC-40": {"key", "鍵の更新", "Key rotated", "新しい鍵で署名した" + okJA, okEN + ", signed with a new key"},
		"OC-41": {"key", "廃止した鍵", "Retired key", "公開されなくなった鍵のIDトークン", "an ID token of a key that is no longer published"},

		"OC-50": {"failure", "invalid_grant", "invalid_grant", "トークンエンドポイントが invalid_grant", "the token endpoint answers invalid_grant"},
		"OC-51": {"failure", "トークンエンドポイントの障害", "Token endpoint fails", "トークンエンドポイントが 503", "the token endpoint answers 503"},
		"OC-52": {"failure", "トークンエンドポイントの無応答", "Token endpoint is silent", "トークンエンドポイントが答えない", "the token endpoint does not answer"},
		"OC-53": {"failure", "IDトークンがない", "No ID token", "id_tokenのない回答", "a token response without an id_token"},
		"OC-54": {"failure", "JSONの誤り", "No JSON object", "オブジェクトでないJSON", "a token response that is no object"},

		"OC-60": {"discovery", "別の発行者の文書", "Document of another issuer", "issuerが別の発行者のディスカバリー文書", "a discovery document that names another issuer"},
	}
}

// words are what a report says of a case.
func words(id string) conform.Words {
	l := lines()[id]
	return conform.Line(l).In(conform.Group(groups()[l.Group]))
}
