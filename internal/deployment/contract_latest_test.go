//go:build unix

package deployment

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"example.jp/jpkimock/internal/ecosystem"
)

// latestContract gives a consent as another program writes it, moves its holder, delivers,
// and withdraws.
func latestContract(t *testing.T, town *ecosystem.Ecosystem, anybody, counter, bank *caller) {
	t.Helper()
	const address = "青葉県みほん市見本町８丁目１番１号"
	who := counter.asks("POST /counter/v1/residents", object{
		"id": "contract-latest", "basicFour": object{"commonName": "契約　二子", "dateOfBirth": "419900402", "gender": "2", "address": address},
		"municipality": object{"code": "99201", "prefecture": "青葉県", "city": "みほん市", "prefectureRomaji": "Aoba-ken", "cityRomaji": "Mihon-shi"},
	})["id"].(string)
	issued := counter.asks("POST /counter/v1/residents/:id/cards", object{"pins": object{"user-authentication": "1234", "digital-signature": "ABC123"}}, who)
	card := issued["card"].(string)
	old := issued["certificates"].(object)["digital-signature"].(object)["serial"].(string)

	cards := cardsOf(t, town)
	now, err := time.Parse(time.RFC3339, anybody.asks("GET /clock", nil)["now"].(string))
	if err != nil {
		t.Fatal(err)
	}
	document := consentXML("LK-CONTRACT-2", now)
	shown := object{"name": "consent.xml", "mediaType": "text/plain", "content": base64.StdEncoding.EncodeToString([]byte(document))}
	submission := object{"document": shown["content"], "cms": cards.signs(card, "ABC123", "authority", shown)}
	bank.asks("POST /verifier/v1/latest/consents", submission)
	bank.refused("POST /verifier/v1/latest/consents", object{"document": "eA==", "cms": "eA=="}, 422, "malformed")
	bank.asks("GET /verifier/v1/latest/consents/:number", nil, "LK-CONTRACT-2")
	bank.refused("GET /verifier/v1/latest/consents/:number", nil, 404, "no_such_consent", "LK-CONTRACT-3")
	question := object{"service": "contract", "serial": old}
	bank.refused("POST /verifier/v1/latest/deliveries", question, 403, "consent_not_yet_valid")
	anybody.refused("POST /verifier/v1/latest/deliveries", question, 401, "no_key")

	counter.asks("POST /counter/v1/residents/:id/events", object{"event": "move-house", "address": address + "の２"}, who)
	bank.refused("POST /verifier/v1/latest/deliveries", question, 403, "consent_not_yet_valid")
	counter.asks("POST /counter/v1/residents/:id/cards", object{"card": card, "kinds": []string{"digital-signature"}, "pins": object{"digital-signature": "ABC123"}}, who)
	anybody.asks("PUT /clock", object{"advanceSeconds": 24 * 60 * 60, "wait": true})
	delivered := bank.asks("POST /verifier/v1/latest/deliveries", question)
	if got := delivered["data"].(object)["address"].(object)["address"]; got != address+"の２" {
		t.Errorf("delivered %v", delivered)
	}

	anybody.refused("GET /consents", nil, 401, "no_session")
	asked := anybody.asks("POST /consents/challenge", nil)
	anybody.asks("POST /consents/signin", object{"token": cards.answers(card, "1234", "authority", asked["nonce"])})
	anybody.asks("GET /consents", nil)
	draft := anybody.asks("POST /consents/:number/withdrawal", nil, "LK-CONTRACT-2")
	anybody.asks("POST /consents/withdrawal", object{"cms": cards.signs(card, "ABC123", "authority", draft["document"])})
	anybody.refused("POST /consents/:number/withdrawal", nil, 409, "consent_withdrawn_before", "LK-CONTRACT-2")
	anybody.asks("POST /consents/signout", nil)
	bank.refused("POST /verifier/v1/latest/deliveries", question, 403, "consent_withdrawn")
}

// consentXML is a consent without a declaration and on one line.
func consentXML(number string, at time.Time) string {
	return strings.NewReplacer("NUMBER", number, "TIME", at.UTC().Format(time.RFC3339)).Replace(
		"<利用者同意申請情報><申請番号>NUMBER</申請番号><申請日時>TIME</申請日時><検証者>mihon-bank</検証者>" +
			"<サービス識別子>contract</サービス識別子><サービス名>契約の試験</サービス名><利用目的>試験のため</利用目的>" +
			"<提供項目><項目>氏名</項目><項目>住所</項目></提供項目></利用者同意申請情報>")
}
