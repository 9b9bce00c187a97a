//go:build unix

package deployment

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
)

// medicalContract: taro is received at the hospital, gets a prescription, pays by touch, and
// brings the prescription to a pharmacy.
func medicalContract(t *testing.T, town *ecosystem.Ecosystem) {
	house, cards, keys := contractOf(t, "medical", town.URL("medical")), cardsOf(t, town), town.Ready().Keys
	// What only parties ask of one another: TestNobodyElseGetsPrescriptions and the medical house's other tests.
	excused := []string{
		"POST /platform/v1/links", "POST /platform/relay/holders", "POST /hospital/notices", "POST /clinic/notices",
		"POST /rx/relay/checks", "POST /rx/relay/prescriptions", "POST /rx/relay/visits", "POST /rx/relay/cancellations", "POST /rx/relay/challenges", "POST /rx/relay/grants",
		"POST /rx/relay/copies", "POST /rx/relay/lists", "POST /rx/relay/ends", "POST /rx/relay/acts", "POST /rx/relay/settlements",
	}
	var issued string
	for _, at := range []string{"hospital", "clinic"} {
		visit := receptionContract(house, cards, keys["medical-"+at+"-staff"], "/"+at)
		cashierContract(house, cards, keys["medical-"+at+"-staff"], "/"+at, visit)
		if at == "hospital" {
			issued = doctorContract(house, cards, keys["medical-doctor-staff"], visit)
		}
	}
	for _, at := range []string{"mihon", "aoba"} {
		pharmacyContract(house, cards, keys["medical-"+at+"-staff"], "/pharmacies/"+at, issued)
	}
	for i, at := range []string{"kenpo", "kokuho"} {
		insurerContract(house, keys["medical-"+at+"-staff"], "/insurers/"+at, i)
		for _, asked := range []string{"confirmations", "numbers", "holds"} {
			excused = append(excused, "POST /insurers/"+at+"/relay/"+asked)
			house.as().refused("POST /insurers/"+at+"/relay/"+asked, object{}, 401, "no_key")
		}
	}
	exchangeContract(house, cards, keys["medical-hospital"])
	house.as().asks("POST /platform/signin", object{"key": keys["medical-platform-staff"]})
	house.as().asks("POST /rx/signin", object{"key": keys["medical-rx-staff"]})
	house.complete("medical/web/examples.json", excused...)
}

func receptionContract(house *contract, cards cards, key, at string) (visit string) {
	v1 := "POST " + at + "/desk/v1"
	desk := house.key(key)
	house.as().asks("POST "+at+"/desk/signin", object{"key": key})
	house.as().refused(v1+"/challenges", object{}, 401, "no_key")
	asked := desk.asks(v1+"/challenges", object{})
	came := desk.asks(v1+"/receptions", object{"nonce": asked["nonce"], "token": cards.answers("card-taro", "2345", "medical", asked["nonce"])})
	visit = fmt.Sprint(came["id"])
	desk.asks(v1+"/receptions/:id/consents", object{"yes": []string{"drugs"}}, visit)
	desk.refused(v1+"/receptions/:id/consents", object{"yes": []string{}}, 404, "no_visit", "9999")
	desk.asks("GET "+at+"/desk/v1/visits/:id/xml", nil, visit)

	// hajime is not linked yet.
	asked = desk.asks(v1+"/challenges", object{})
	came = desk.asks(v1+"/receptions", object{"nonce": asked["nonce"], "token": cards.answers("card-hajime", "2468", "medical", asked["nonce"])})
	numbers := object{"insurer": "06990014", "symbol": "21", "number": "1001", "branch": "00", "birth": "1980-02-17"}
	if came["mayLink"] == true {
		desk.asks(v1+"/receptions/:id/numbers", numbers, fmt.Sprint(came["id"]))
	}
	return visit
}

func cashierContract(house *contract, cards cards, key, at, visit string) {
	desk, v1 := house.key(key), "POST "+at+"/desk/v1"
	desk.refused("GET "+at+"/desk/v1/visits/:id/bill", nil, 404, "no_bill", visit)
	desk.asks(v1+"/visits/:id/bill", object{"act": []string{"A1 1", "D1 2"}}, visit)
	desk.refused(v1+"/visits/:id/bill", object{"act": []string{"Z9 1"}}, 422, "bill_lines", visit)
	desk.asks("GET "+at+"/desk/v1/visits/:id/bill", nil, visit)
	owed := desk.asks(v1+"/visits/:id/charges", nil, visit)
	desk.asks(v1+"/charges/:order", object{"nonce": owed["nonce"], "token": cards.answers("card-taro", "2345", "medical", owed["nonce"])}, owed["order"].(string))
	desk.asks(v1+"/visits/:id/ask", nil, visit)
	desk.asks(v1+"/visits/:id/bill", object{"act": []string{"A1 1"}}, visit)
	desk.asks(v1+"/visits/:id/refund", nil, visit)
	desk.asks(v1+"/visits/:id/bill", object{"act": []string{"A1 1", "D1 1"}}, visit)
	desk.asks(v1+"/visits/:id/cash", nil, visit)
}

func doctorContract(house *contract, cards cards, key, visit string) (prescription string) {
	doctor := house.key(key)
	house.as().asks("POST /hospital/doctor/signin", object{"key": key})
	doctor.refused("POST /hospital/doctor/v1/visits/:id/orders", object{"drug": []string{}, "dose": []string{}, "days": []string{}, "original": []string{}, "times": 1, "finding": []string{}, "reason": []string{}}, 422, "order", visit)
	written := doctor.asks("POST /hospital/doctor/v1/visits/:id/orders", object{
		"drug": []string{"701"}, "dose": []string{"2"}, "days": []string{"14"}, "original": []string{}, "times": 1, "finding": []string{}, "reason": []string{},
	}, visit)
	document := object{"name": "order.txt", "mediaType": "text/plain; charset=utf-8", "content": base64.StdEncoding.EncodeToString([]byte(written["document"].(string)))}
	issued := doctor.asks("POST /hospital/doctor/v1/drafts/:name", object{"cms": cards.signs("card-shinobu", "SHINOBU76", "medical", document)}, written["draft"].(string))
	return issued["id"].(string)
}

func pharmacyContract(house *contract, cards cards, key, at, prescription string) {
	v1, desk := "POST "+at+"/desk/v1", house.key(key)
	house.as().refused(v1+"/challenges", object{}, 401, "no_key")
	asked := desk.asks(v1+"/challenges", object{})
	touch := desk.asks(v1+"/touches", object{"nonce": asked["nonce"], "token": cards.answers("card-taro", "2345", "medical", asked["nonce"])})["touch"].(string)
	desk.refused(v1+"/touches/:name", object{"do": "accept", "id": "no-such", "who": "契約 薬子"}, 422, "rx_unknown", touch)
	desk.asks(v1+"/touches/:name", object{"do": "accept", "id": prescription, "who": "契約 薬子"}, touch)
	desk.asks(v1+"/touches/:name", object{"do": "release", "id": prescription, "who": "契約 薬子"}, touch)
	page := house.as()
	_, _, signIn := page.with("Accept", "text/html").send("GET", at+"/desk/signin", nil)
	page.asks("POST "+at+"/desk/signin", object{"key": key, "who": string(regexp.MustCompile(`(?s)name="who".*?value="([^"]+)"`).FindSubmatch(signIn)[1])})
}

func insurerContract(house *contract, key, at string, n int) {
	programs := house.key(key)
	house.as().asks("POST "+at+"/signin", object{"key": key})
	joins := object{
		"symbol": "55", "number": fmt.Sprint(5000 + n), "branch": "00", "birth": "1990-04-01", "name": "契約　花子", "kana": "ケイヤク　ハナコ", "sex": "2", "address": "青葉県みほん市見本町１丁目",
		"family": "1", "insuredName": "", "qualifiedOn": "2026-11-01", "issuedOn": "2026-11-01", "limit": "", "highIncome": false,
	}
	entered := programs.asks("POST "+at+"/v1/insured", joins)
	programs.refused("POST "+at+"/v1/insured", joins, 409, "exists")
	programs.asks("POST "+at+"/v1/insured/:id/loss", object{"on": "2026-11-30", "why": "99"}, fmt.Sprint(entered["id"]))
}

func exchangeContract(house *contract, cards cards, key string) {
	hospital := house.key(key)
	asked := hospital.asks("POST /platform/v1/challenges", object{})
	hospital.asks("POST /platform/v1/confirmations", object{"nonce": asked["nonce"], "token": cards.answers("card-taro", "2345", "medical", asked["nonce"])})
	hospital.refused("POST /platform/v1/confirmations", object{"nonce": asked["nonce"], "token": object{}}, 422, "challenge_used")
	taro := object{"insurer": "06990014", "symbol": "21", "number": "1001", "branch": "00", "birth": "1980-02-17"}
	hospital.refused("POST /platform/v1/links", object{"inquiry": "no", "insurer": "06990014", "symbol": "21", "number": "1001", "branch": "00", "birth": "1980-02-17"}, 422, "no_inquiry")
	hospital.asks("POST /platform/v1/numbers", taro)
}
