//go:build unix

package deployment

import (
	"regexp"
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
	"example.jp/jpkimock/internal/webtest"
	"example.jp/jpkimock/portal/partner"
)

// portalContract: misaki enrols; taro, who has moved, applies to all her partners.
func portalContract(t *testing.T, town *ecosystem.Ecosystem) {
	portal, cards := contractOf(t, "portal", town.URL("portal")), cardsOf(t, town)
	signsIn := func(card, pin string) *caller {
		c := portal.as()
		asked := c.asks("POST /signin/challenge", nil)
		c.asks("POST /signin", object{"token": cards.answers(card, pin, "portal", asked["nonce"])})
		return c
	}
	misaki := signsIn("card-misaki", "3456")
	misaki.refused("POST /enrol", object{"cms": "AAAA"}, 409, "no_draft")
	misaki.refused("POST /enrol/draft", object{"mail": "nowhere"}, 422, "mail")
	form := misaki.asks("POST /enrol/draft", object{"mail": "misaki@example.jp"})
	misaki.asks("POST /enrol", object{"cms": cards.signs("card-misaki", "MISAKI98", "portal", form["document"])})
	misaki.refused("POST /partners/:id", object{"customer": "1010203071", "consent": false}, 422, "consent", "denryoku")
	misaki.refused("POST /partners/:id", object{"customer": "1", "consent": true}, 422, "customer", "denryoku")
	misaki.asks("POST /partners/:id", object{"customer": "1010203071", "consent": true}, "denryoku")
	misaki.asks("POST /partners/:id/withdraw", nil, "denryoku")
	misaki.refused("POST /partners/:id/withdraw", nil, 409, "not_connected", "denryoku")

	stage := contractOf(t, "management", town.Managed()).as()
	stage.asks("POST /v1/people/:id/events/:event", object{}, "taro", "move")
	stage.asks("POST /v1/people/:id/events/:event", object{}, "taro", "renew")
	taro := signsIn("card-taro", "2345")
	taro.asks("GET /me", nil)
	portal.as().refused("GET /me", nil, 401, "signed_out")
	today := town.Clock().Now().Format("2006-01-02")
	taro.refused("POST /apply/draft", object{"changedOn": today, "partners": []string{}}, 422, "none_chosen")
	draft := taro.asks("POST /apply/draft", object{"changedOn": today, "partners": []string{"denryoku", "gas"}, "asked": []string{"gas"}, "answers": []string{"4月10日"}})
	applied := taro.asks("POST /apply", object{"cms": cards.signs("card-taro", "TARO1980", "portal", draft["document"])})
	id := applied["application"].(string)
	taro.asks("GET /applications/:id", nil, id)
	taro.refused("GET /applications/:id", nil, 404, "no_application", "PT-0")
	taro.refused("POST /applications/:id/reply", object{"partner": "gas", "answer": ""}, 422, "answer", id)
	taro.asks("POST /signout", nil)
	portal.as().asks("GET /keys.json", nil)
	contractOfTheBox(town, portal, misaki)
	// Nobody asks back here: the portal's own tests do it.
	portal.complete("portal/web/examples.json", "POST /applications/:id/reply")
}

// contractOfTheBox: the operator registers a sender, who writes to misaki's box.
func contractOfTheBox(town *ecosystem.Ecosystem, portal *contract, misaki *caller) {
	key, err := partner.NewKey()
	webtest.Must(portal.t, err)
	library, err := partner.NewSealer("library", key)
	webtest.Must(portal.t, err)
	operator := portal.as()
	operator.refused("GET /staff", nil, 401, "staff_signed_out")
	operator.asks("POST /staff/signin", object{"key": town.Ready().Keys["portal-staff"]})
	operator.asks("GET /staff", nil)
	operator.asks("POST /staff/watch", nil)
	operator.refused("POST /staff/senders", object{"id": "?", "name": "x", "nameEN": "x", "keys": "{}"}, 422, "sender")
	operator.asks("POST /staff/senders", object{"id": "library", "name": "みほん市立図書館", "nameEN": "Mihon City Library", "keys": string(library.KeySet())})
	misaki.asks("POST /partners/:id", object{"customer": "", "consent": true}, "library")
	_, _, page := misaki.with("Accept", "text/html").send("GET", "/partners", nil)
	box := regexp.MustCompile(`(?s)data-testid="box-library"[^>]*>([^<]*)<`).FindSubmatch(page)
	if box == nil {
		portal.t.Fatal("the page of partners has no address of a box for the library")
	}
	sealed, err := library.Seal(partner.Notice{
		ID: "1", Box: string(box[1]), At: town.Clock().Now().Unix(), Title: "返却のお願い", Body: "貸出期限を過ぎています。",
		Attachments: []partner.Attachment{{Name: "一覧.csv", MediaType: "text/csv", Content: []byte("a,b\n")}},
	})
	webtest.Must(portal.t, err)
	portal.as().asks("POST /postbox/v1/letters", object{"notice": sealed})
	portal.as("Origin", portal.url).refused("POST /postbox/v1/letters", object{"notice": sealed}, 403, "browser_refused")
	portal.as().refused("POST /postbox/v1/letters", object{"notice": "?"}, 422, "seal")
	_, _, page = misaki.with("Accept", "text/html").send("GET", "/box", nil)
	letter := string(regexp.MustCompile(`/box/(\d+)`).FindSubmatch(page)[1])
	misaki.asks("GET /box/:id/sealed.jws", nil, letter)
	misaki.asks("GET /box/:id/keys.json", nil, letter)
	misaki.asks("GET /box/:id/proof.jws", nil, letter)
	misaki.refused("GET /box/:id/attachments/:n", nil, 404, "no_letter", letter, "7")
	if status, _, content := misaki.send("GET", "/box/"+letter+"/attachments/0", nil); status != 200 || string(content) != "a,b\n" {
		portal.t.Errorf("the attachment: %d %s", status, content)
	}
	portal.seen["GET /box/:id/attachments/:n"] = examplesOf(nil, nil)
}

// utilityContract calls every business.
func utilityContract(t *testing.T, town *ecosystem.Ecosystem) {
	house := contractOf(t, "utility", town.URL("utility"))
	var excused []string
	for _, trade := range []string{"denryoku", "gas", "suido", "mobile", "songai"} {
		at, key := "/"+trade, town.Ready().Keys["utility-"+trade+"-staff"]
		programs := house.key(key)
		entry := object{"no": "424242", "name": "契約　花子", "address": "青葉県みほん市見本町１丁目", "dateOfBirth": "419900401"}
		house.as().refused("GET "+at+"/v1/customers", nil, 401, "no_key")
		programs.asks("POST "+at+"/v1/customers", entry)
		programs.refused("POST "+at+"/v1/customers", entry, 409, "exists")
		programs.refused("POST "+at+"/v1/customers", object{"no": "x", "name": "", "address": "", "dateOfBirth": "419900401"}, 422, "customer")
		programs.asks("GET "+at+"/v1/customers", nil)
		clerk := house.as()
		clerk.refused("POST "+at+"/desk/applications/:id/:act", object{}, 401, "staff_signed_out", "PT-0", "finish")
		clerk.asks("POST "+at+"/desk/signin", object{"key": key})
		clerk.refused("POST "+at+"/desk/applications/:id/:act", object{}, 404, "no_application", "PT-0", "finish")
		excused = append(excused, "POST "+at+"/desk/applications/:id/:act") // TestAClerkDecides
	}
	house.complete("portal/utility/web/examples.json", excused...)
}
