package web

import (
	_ "embed"
	"net/http"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/medical/gateway/merchant"
)

//go:embed examples.json
var examples []byte

// api is what the gateway answers to programs.
func api() openapi.API {
	once := openapi.Members{"Idempotency-Key": openapi.Said{Of: "", About: "1 to 64 characters; the same key and body get the same answer for 30 days"}}
	asks := func(at, does string, in, out any, codes string) openapi.Route {
		return openapi.Route{At: "POST /v1/" + at, Does: does, Who: "merchant", In: in, Out: out, Codes: codes}
	}
	changes := func(at, does string, in any, codes string) openapi.Route {
		r := asks(at, does, in, merchant.Payment{}, "no_idempotency_key idempotency_key_reused "+codes)
		r.Header = once
		return r
	}
	charge := openapi.Members{"order": "", "amount": openapi.Said{Of: int64(0), About: "in yen"}, "nonce": "", "token": nil, "return?": openapi.Said{Of: "", About: "the page to which the cardholder comes back from confirming"}}
	return openapi.API{
		Title: "みほんカード決済 (card payments)", About: "A touch of the card pays with the credit card that its holder has registered. Each change of a payment is told to the merchant by a signed notice (docs/interfaces.md).",
		Sessions: map[string]string{"session": "jpkimock_gateway"}, Keys: map[string]string{"merchant": "A merchant's key."},
		Examples: examples, Codes: append(refusals.Codes(), openapi.Code{Code: signInFirst.Code, Status: http.StatusUnauthorized, Means: signInFirst.Detail}), Groups: rpweb.Groups(),
		Routes: []openapi.Route{
			{At: "GET /", Does: "Gives a challenge for the sign-in of a cardholder", Out: openapi.Members{"nonce": "", "origin": ""}, Codes: "busy"},
			{At: "POST /signin", Does: "Signs a cardholder in", Who: "session", In: openapi.Members{"token": nil}, Codes: "no_challenge @signin"},
			asks("challenges", "Gives a challenge for whoever pays this order", merchant.Order{}, merchant.Challenge{}, "order amount busy"),
			changes("payments", "Reserves the amount", charge, "order amount state no_credit_card @signin"),
			changes("captures", "Charges what is reserved", merchant.Order{}, "no_order state amount"),
			changes("cancellations", "Sees to it that an order is never charged", merchant.Order{}, "order state"),
			changes("refunds", "Gives some or all back", merchant.Reversal{}, "no_order state amount"),
			asks("orders", "Says how an order stands", merchant.Order{}, merchant.Payment{}, "no_order"),
		},
		Pages: []string{"POST /signout", "GET /card", "POST /card", "POST /card/remove", "GET /confirm/:name", "POST /confirm/:name", "GET /staff", "POST /staff/notices"},
	}.With(staffroom.API(staffPath+"/signin", staffPath+"/signout", "staff", "jpkimock_gateway_staff"))
}
