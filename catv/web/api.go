package web

import (
	_ "embed"
	"net/http"
	"slices"

	"example.jp/jpkimock/catv"
	desks "example.jp/jpkimock/catv/desks/web"
	residency "example.jp/jpkimock/catv/residency/web"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
)

//go:embed examples.json
var examples []byte

// api is what the house answers to programs. Health and booking are pages for people alone.
func api() openapi.API {
	challenge := openapi.Members{"nonce": "", "origin": ""}
	viewer := openapi.Members{"viewer": openapi.Members{"id": catv.ViewerID(0), "nickname": catv.Nickname(""), "contract": catv.ContractNumber("")}}
	asks := func(at, does string) openapi.Route {
		return openapi.Route{At: "POST " + at, Does: does, More: "Begins a session, if there is none: keep the cookie.", Out: challenge, Codes: "busy"}
	}
	codes := slices.DeleteFunc(refusals.Codes(), func(c openapi.Code) bool { return c.Code == "malformed" }) // as every door has it
	return openapi.API{
		Title: "みほんケーブルテレビ (cable television)", About: "Viewers enrol and sign in with the card at the set. These are the addresses for programs; a session made by a program has no reader to watch.",
		Sessions: map[string]string{"session": "jpkimock_catv"}, Examples: examples, Codes: codes, Groups: rpweb.Groups(),
		Routes: []openapi.Route{
			{
				At: "GET /set", Does: "Says whether somebody is signed in, and what the page's script watches",
				Out: openapi.Members{"viewer": true, "idle": openapi.Said{Of: 0, About: "in seconds"}, "agent": "", "presence": openapi.Said{Of: "", About: "the card agent's word for the card on the reader; empty for none"}},
			},
			{At: "POST /still", Does: "Keeps the session while keys are pressed"},
			{At: "POST /signout", Does: "Ends the session", Who: "session", In: openapi.Members{"why?": openapi.Said{Of: "", About: "gone, idle or nothing"}}},
			asks("/signin/challenge", "Gives a challenge for a sign-in"),
			{
				At: "POST /signin", Does: "Signs a viewer in", Who: "session", In: openapi.Members{"token": openapi.Said{Of: nil, About: "a Web eID authentication token"}}, Out: viewer,
				Codes: "no_challenge not_enrolled @signin",
			},
			asks("/enrolment/challenge", "Gives a challenge for an enrolment"),
			{
				At: "POST /enrolment", Does: "Enrols a viewer by the contract papers and the card", Who: "session", Status: http.StatusCreated,
				In:  openapi.Members{"contract": catv.ContractNumber(""), "code": catv.RegistrationCode(""), "nickname": catv.Nickname(""), "token": openapi.Said{Of: nil, About: "a Web eID authentication token"}},
				Out: viewer, Codes: "no_challenge code code_used locked enrolled nickname @signin",
			},
		},
		Pages: []string{
			"GET /", "GET /channel", "GET /help", "/box", "GET /signin", "/enrol", "/enrol/*", "POST /answer/:name", "GET /answered/:name",
			"GET /health", "/health/*", "/booking", "/booking/*",
			"/partner/*", // portal/partner/openapi.yaml
		},
	}.With(residency.API()).With(desks.API())
}
