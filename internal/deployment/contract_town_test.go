//go:build unix

package deployment

import (
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/openapi"
)

// examplesOf gives an example of a call that is checked by hand.
func examplesOf(in, out any) openapi.Example {
	return openapi.Example{In: shortened(in), Out: shortened(out)}
}

func catvContract(t *testing.T, town *ecosystem.Ecosystem) {
	catv, cards := contractOf(t, "catv", town.URL("catv")), cardsOf(t, town)
	operator := catv.key(town.Ready().Keys["catv-staff"])
	catv.as().refused("GET /operator/v1/contracts", nil, 401, "no_key")
	profile := object{"born": 1991, "sex": "1", "heightCM": 172, "weightKG": 68, "steps": 6000, "systolic": 120, "diastolic": 78}
	operator.asks("POST /operator/v1/contracts", object{
		"number": "424242", "box": "STB-4242", "holder": object{"ja": "契約さんのお宅", "en": "The contract home"}, "subscriber": object{"name": "契約　太郎", "address": "青葉県みほん市見本町１丁目"},
		"places": []object{{"label": object{"ja": "契約者", "en": "Holder"}, "code": "424243", "profile": profile}},
	})
	operator.asks("GET /operator/v1/contracts", nil)
	catv.as().asks("POST /staff", object{"key": town.Ready().Keys["catv-staff"], "desk": "nurse"})

	yumi := catv.as()
	yumi.refused("POST /signin", object{"token": object{}}, 409, "no_challenge")
	asked := yumi.asks("POST /enrolment/challenge", nil)
	paper := object{"contract": "424242", "code": "999999", "nickname": "たろう", "token": cards.answers("card-yumi", "7890", "catv", asked["nonce"])}
	yumi.refused("POST /enrolment", paper, 403, "code")
	asked = yumi.asks("POST /enrolment/challenge", nil)
	paper["code"], paper["token"] = "424243", cards.answers("card-yumi", "7890", "catv", asked["nonce"])
	yumi.asks("POST /enrolment", paper)
	yumi.asks("GET /set", nil)
	yumi.asks("POST /still", nil)
	yumi.asks("POST /signout", object{"why": ""})
	asked = yumi.asks("POST /signin/challenge", nil)
	yumi.asks("POST /signin", object{"token": cards.answers("card-yumi", "7890", "catv", asked["nonce"])})

	catv.as().refused("POST /residency", object{"cms": "AAAA"}, 409, "no_draft")
	resident := catv.as()
	draft := resident.asks("POST /residency/draft", nil)
	resident.asks("POST /residency", object{"cms": cards.signs("card-taro", "TARO1980", "catv", draft["document"])})
	catv.complete("catv/web/examples.json")
}

func managementContract(t *testing.T, town *ecosystem.Ecosystem) {
	c := contractOf(t, "management", town.Managed())
	script := c.as()
	c.as("Origin", c.url).refused("GET /v1/clock", nil, 403, "browser_refused")
	script.asks("GET /v1/clock", nil)
	script.asks("PUT /v1/clock", object{"advanceSeconds": 60, "wait": true})
	script.asks("GET /v1/people", nil)
	script.asks("GET /v1/people/:id", nil, "kenji")
	script.refused("GET /v1/people/:id", nil, 404, "no_person", "nobody")
	script.asks("GET /v1/people/:id/whereabouts", nil, "hanako")
	script.asks("PUT /v1/people/:id/card", object{"reader": "home"}, "hanako")
	script.asks("PUT /v1/people/:id/card", object{"reader": ""}, "hanako")
	script.asks("GET /v1/events", nil)
	script.asks("POST /v1/people/:id/events/:event", object{}, "kenji", "lose")
	script.asks("POST /v1/people/:id/events/:event", object{}, "kenji", "find")
	script.refused("POST /v1/people/:id/events/:event", object{}, 404, "no_event", "kenji", "fly")
	script.asks("GET /v1/faults", nil)
	script.asks("PUT /v1/faults/:house", object{"on": []string{"slow"}, "with": object{"count": 1}}, "gateway")
	script.refused("PUT /v1/faults/:house", object{"on": []string{"slow"}}, 404, "no_house", "castle")
	script.asks("DELETE /v1/faults", nil)
	script.asks("GET /v1/stories", nil)
	script.asks("GET /v1/stories/:id", nil, "bank-open")
	script.asks("POST /v1/stories/:id/begin", nil, "bank-open")
	script.asks("POST /v1/stories/:id/steps/:n", nil, "bank-open", "1")
	script.refused("POST /v1/stories/:id/steps/:n", nil, 409, "no_button", "bank-open", "2")
	script.refused("GET /v1/stories/:id", nil, 404, "no_story", "no-story")
	script.asks("GET /v1/snapshots", nil)
	script.refused("PUT /v1/snapshots/:name", nil, 400, "snapshot_name", "No+Name")
	script.asks("PUT /v1/snapshots/:name", nil, "contract")
	script.asks("POST /v1/snapshots/:name/restore", nil, "contract")
	script.asks("DELETE /v1/snapshots/:name", nil, "contract")
	script.refused("POST /v1/snapshots/:name/restore", nil, 404, "no_snapshot", "contract")
	c.complete("internal/stage/web/examples.json")
}

func lobbyContract(t *testing.T, town *ecosystem.Ecosystem) {
	lobby := contractOf(t, "lobby", town.URL("lobby"))
	reader := lobby.as()
	reader.asks("GET /world.json", nil)
	reader.asks("GET /whereabouts?person=hanako", nil)
	reader.refused("GET /whereabouts?person=nobody", nil, 404, "no_person")
	reader.asks("POST /stories/:id/begin", nil, "bank-open")
	reader.asks("POST /stories/:id/:n", nil, "bank-open", "1")
	reader.refused("POST /stories/:id/:n", nil, 409, "no_button", "bank-open", "2")
	reader.asks("GET /stories/:id/seen?known=0", nil, "bank-open")
	reader.refused("GET /stories/:id/seen?known=0", nil, 404, "no_story", "no-story")

	cards := cardsOf(t, town)
	taro := contractOf(t, "bank", town.URL("bank")).as()
	asked := taro.asks("POST /signin/challenge", nil)
	taro.asks("POST /signin", object{"token": cards.answers("card-taro", "2345", "bank", asked["nonce"])})
	reader.asks("GET /picture/changes?after=0", nil)
	touches := reader.asks("GET /picture", nil)["touches"].([]any)
	id := touches[0].(object)["id"].(string)
	reader.asks("GET /picture/:id", nil, id)
	reader.asks("GET /picture/:id/mermaid.txt", nil, id)
	reader.refused("GET /picture/:id", nil, 404, "no_touch", "no-touch")
	lobby.complete("internal/lobby/examples.json", "POST /v1/traces") // TestATouchAcrossProcesses
}
