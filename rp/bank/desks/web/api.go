package web

import (
	"net/http"
	"time"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// API is what the desks answer to programs.
func API() openapi.API {
	visitor := openapi.Members{"name": "", "account": bank.AccountNumber(""), "branch": bank.Branch{}, "tasks": []room.NoticeJSON(nil)}
	a := openapi.API{
		Routes: []openapi.Route{
			{At: "GET /staff/sweeps", Does: "Lists the reports of change confirmations, the latest first", Who: "staff", Out: openapi.Members{"reports": []reportFace(nil)}, Codes: "@staff"},
			{
				At: "POST /staff/sweeps", Does: "Confirms all customers now (変更確認)", Who: "staff", Status: http.StatusCreated,
				Out: openapi.Members{"report": reportFace{}}, Codes: "confirmation_failed @staff",
			},
			{At: "GET /staff/sweeps/:id", Does: "Gives a report", Who: "staff", Out: openapi.Members{"report": reportFace{}}, Codes: "no_report @staff"},
			{
				At: "POST /branch/touch", Does: "Hands the counter's terminal to a visitor, whose card answers the challenge", Who: "staff", Codes: "@staff",
				More: "The answer of the card goes to `return` as the card agent posts it (docs/card-protocol.md).",
				Out:  openapi.Members{"nonce": "", "return": "", "origin": ""},
			},
			{
				At: "GET /branch/customer", Does: "Gives what the touch of this counter allows to see", Who: "staff",
				Out: openapi.Members{"customer": visitor, "until": time.Time{}}, Codes: "touch_over unknown_holder card_refused @staff @signin",
			},
		},
		Pages: []string{
			"POST /staff/signout", "GET /staff", "GET /staff/comparison", "GET /staff/customers", "GET /staff/customers/:no", "POST /staff/customers/:no/open",
			"GET /staff/waiting", "GET /staff/letters", "GET /staff/letters/:id", "POST /staff/letters/:id/printed",
			"POST " + ReturnPath, "GET /branch", "POST /branch/end",
		},
		Codes: append(refusals.OwnCodes(), counterRefusals.OwnCodes()...),
	}
	a.Codes = append(a.Codes, openapi.Code{
		Code: "card_refused", Status: http.StatusConflict, Means: "the card agent gave no answer of a card: cancelled, PIN blocked, no card (403 for a PIN)", Say: sayCounterCancelled.Title,
	})
	in := staffroom.API(signInPath, "/staff/signout", "staff", "jpkimock_bank_staff")
	in.Pages = in.Pages[:1]
	return a.With(in)
}
