package web

import (
	_ "embed"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/portal/utility"
)

//go:embed examples.json
var examples []byte

// api is what the businesses answer to programs.
func api(trades []utility.Trade) openapi.API {
	a := openapi.API{
		Title: "くらしの会社 (the small businesses)", About: "Partners of the portal, each under a path of its own. Below `/{id}/partner` each answers the portal (portal/partner/openapi.yaml).",
		Examples: examples, Codes: refusals.Codes(), Keys: map[string]string{}, Params: map[string]string{"id": "of an application", "act": "finish, reject or ask"},
		Pages: []string{"GET /"},
	}
	for _, t := range trades {
		a = a.With(businessAPI(t))
	}
	return a
}

// businessAPI is what one business answers.
func businessAPI(t utility.Trade) openapi.API {
	path, staff, key := "/"+t.ID, t.ID+"-staff", t.ID+"-key"
	entered := openapi.Members{"no": openapi.Said{Of: "", About: "up to 20 digits"}, "name": "", "address": "", "dateOfBirth": jpki.DateOfBirth{}, "changes?": openapi.Said{Of: 0, About: "not read"}}
	a := openapi.API{
		Keys: map[string]string{key: "Of the staff of " + t.NameEN + "."},
		Routes: []openapi.Route{
			{
				At: "POST " + path + "/v1/customers", Does: "Enters a customer", Who: key, In: entered, Status: http.StatusCreated,
				Out: openapi.Members{"no": ""}, Codes: "browser_refused not_json exists customer",
			},
			{At: "GET " + path + "/v1/customers", Does: "Lists the customers", Who: key, Out: openapi.Members{"customers": []customerBody(nil)}, Codes: "browser_refused"},
			{
				At: "POST " + path + "/desk/applications/:id/:act", Does: "Finishes an application, rejects it, or asks its customer back", Who: staff,
				In: openapi.Members{"why?": openapi.Said{Of: "", About: "the reason or the question, in one line"}}, Codes: "no_application final why @staff",
			},
		},
		Pages: []string{"GET " + path + "/desk", "GET " + path + "/desk/applications/:id", path + "/partner/*"},
	}
	return a.With(staffroom.API(path+"/desk/signin", path+"/desk/signout", staff, "jpkimock_utility_"+t.ID))
}
