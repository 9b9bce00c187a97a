package web

import (
	"net/http"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/staffroom"
)

// API is what the desks answer to programs.
func API() openapi.API {
	return openapi.API{
		Keys: map[string]string{"operator": "Of the operator's staff: JPKIMOCK_CATV_STAFF_KEY, `keys.catv-staff` of the ready file."},
		Routes: []openapi.Route{
			{
				At: "POST /operator/v1/contracts", Does: "Enters a household's contract", Who: "operator", In: catv.Contract{}, Status: http.StatusCreated,
				Out: openapi.Members{"number": catv.ContractNumber(""), "box": catv.BoxID("")}, Codes: "browser_refused not_json",
			},
			{At: "GET /operator/v1/contracts", Does: "Lists the contracts", Who: "operator", Out: openapi.Members{"contracts": []catv.Contract(nil)}, Codes: "browser_refused"},
		},
		Pages: []string{"GET /operator", "/operator/contracts/*", "GET /nurse", "/nurse/*", "GET /municipality"},
		Codes: refusals.OwnCodes(),
	}.With(staffroom.API("/staff", "/staff/signout", "staff", "jpkimock_catv_staff", "desk"))
}
