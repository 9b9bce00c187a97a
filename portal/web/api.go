package web

import (
	_ "embed"
	"net/http"
	"slices"
	"time"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/staffroom"
	"example.jp/jpkimock/portal"
	"example.jp/jpkimock/portal/partner"
)

//go:embed examples.json
var examples []byte

// Samples of bodies that several addresses have.
var (
	aDocument = openapi.Members{"name": "", "mediaType": "", "content": []byte(nil)}
	aCMS      = openapi.Members{"cms": openapi.Said{Of: []byte(nil), About: "detached CMS SignedData over the document's octets, DER in base64"}}
	aKeySet   = openapi.Members{"keys": openapi.List{Of: openapi.Said{Of: nil, About: "a JWK (RFC 7517), P-256"}}}
	aDelivery = openapi.Members{"state": portal.Waiting, "since": time.Time{}, "reason": "", "question": ""}
)

// api is what the portal answers to programs.
func api() openapi.API {
	own := slices.DeleteFunc(refusals.Codes(), func(c openapi.Code) bool { return c.Code == "no_challenge" && c.Status != http.StatusConflict })
	return openapi.API{
		Title: "みほん くらしの手続ポータル (the portal)", About: "One signature tells all partners of a new name or address. Pages and JSON are at the same addresses. The contract with partners, and that with senders of the post-office box, are documents of their own (docs/interfaces.md).",
		Sessions: map[string]string{"session": "jpkimock_portal"}, Examples: examples, Codes: own, Groups: rpweb.Groups(),
		Params: map[string]string{"id": "of a partner, an application or a letter", "n": "number of the attachment, from 0"},
		Routes: slices.Concat(streetRoutes(), applyRoutes(), boxRoutes(), operatorRoutes()),
		Pages: []string{
			"GET /", "GET /signin", "GET /enrol", "GET /enrol/draft", "GET /partners", "GET /apply", "GET /apply/draft",
			"GET /box", "GET /box/:id", "GET /staff/mails",
		},
	}.With(staffroom.API("/staff/signin", "/staff/signout", "staff", "jpkimock_portal_staff"))
}

func streetRoutes() []openapi.Route {
	return []openapi.Route{
		{At: "GET /keys.json", Does: "Gives the portal's own keys, by which its notices and proofs are verified", Out: aKeySet},
		{At: "POST /signin/challenge", Does: "Gives a challenge for a sign-in", More: "Begins a session, if there is none: keep the cookie.", Out: openapi.Members{"nonce": "", "origin": ""}, Codes: "busy"},
		{
			At: "POST /signin", Does: "Signs in with the card's answer to the challenge", Who: "session", In: openapi.Members{"token": openapi.Said{Of: nil, About: "a Web eID authentication token"}},
			Out:   openapi.Members{"enrolled": openapi.Said{Of: true, About: "false for a card that nobody has enrolled with"}, "standing?": portal.Standing("")},
			Codes: "no_challenge unknown_holder @signin",
		},
		{At: "POST /signout", Does: "Ends the session", Who: "session"},
		{
			At: "POST /enrol/draft", Does: "Writes the application to enrol", Who: "session", In: openapi.Members{"mail": ""},
			Out: openapi.Members{"document": aDocument}, Codes: "signed_out mail",
		},
		{
			At: "POST /enrol", Does: "Enrols with the signature of the card that signed in", Who: "session", In: aCMS, Status: http.StatusCreated,
			Out: openapi.Members{"enrolled": true}, Codes: "no_draft draft_expired enrolled another_person @signature",
		},
		{
			At: "GET /me", Does: "Gives name, address and standing", Who: "session",
			Out: openapi.Members{"standing": portal.Standing(""), "address": "", "name": "", "unread": 0}, Codes: "signed_out",
		},
		{
			At: "POST /partners/:id", Does: "Connects with a partner, or lets a sender write to the box", Who: "session", Status: http.StatusCreated,
			In:    openapi.Members{"customer": openapi.Said{Of: "", About: "the customer's number there; empty for a sender"}, "consent": true},
			Out:   openapi.Members{"partner": ""},
			Codes: "signed_out consent no_partner customer partner_silent",
		},
		{At: "POST /partners/:id/withdraw", Does: "Withdraws the consent for a partner", Who: "session", Codes: "signed_out not_connected delivering"},
	}
}

func applyRoutes() []openapi.Route {
	return []openapi.Route{
		{
			At: "POST /apply/draft", Does: "Writes the one-stop application", Who: "session", In: wish{},
			More: "`answers` are to the questions of the partners in `asked`, in that order.",
			Out:  openapi.Members{"application": "", "document": aDocument}, Codes: "signed_out none_chosen day answer not_connected",
		},
		{
			At: "POST /apply", Does: "Takes the signed application and delivers it to the partners", Who: "session", In: aCMS, Status: http.StatusCreated,
			Out: openapi.Members{"application": ""}, Codes: "signed_out no_draft draft_expired another_person nothing_changed too_late @signature",
		},
		{
			At: "GET /applications/:id", Does: "Says how an application stands with each partner", Who: "session",
			Out: openapi.Members{"application": "", "final": true, "partners": openapi.Map{Of: aDelivery}}, Codes: "signed_out no_application",
		},
		{
			At: "POST /applications/:id/reply", Does: "Answers what a partner asked back", Who: "session", In: openapi.Members{"partner": "", "answer": ""},
			Codes: "signed_out no_application too_late answer",
		},
	}
}

func boxRoutes() []openapi.Route {
	file := func(at, does, media string) openapi.Route {
		return openapi.Route{At: "GET /box/:id/" + at, Does: does, Who: "session", OutType: media, Codes: "signed_out no_letter"}
	}
	keys := file("keys.json", "Gives the keys by which the letter was verified", "")
	keys.Out = aKeySet
	return []openapi.Route{
		file("sealed.jws", "Gives a letter as its sender sealed it", "application/jose"), keys,
		file("proof.jws", "Gives the portal's proof of delivery and opening", "application/jose"),
		file("attachments/:n", "Gives a file in a letter, as its own media type", "application/octet-stream"),
		{
			At: "POST /postbox/v1/letters", Does: "Delivers a sealed notice of a sender, once for each ID", More: "portal/postbox/openapi.yaml says what a notice is.",
			In: openapi.Members{"notice": openapi.Said{Of: "", About: "a JWS in compact form"}}, Out: openapi.Members{"id": "", "delivered": time.Time{}, "opened?": time.Time{}},
			Codes: "browser_refused not_json no_sender no_box seal notice stale repeated",
		},
	}
}

func operatorRoutes() []openapi.Route {
	return []openapi.Route{
		{
			At: "GET /staff", Does: "Gives the operator's figures", Who: "staff", Codes: "@staff",
			Out: openapi.Members{"citizens": 0, "applications": 0, "deliveries": map[partner.State]int(nil)},
		},
		{
			At: "POST /staff/watch", Does: "Confirms all citizens now (変更確認)", Who: "staff", Codes: "@staff",
			Out: openapi.Members{"asked": 0, "moved": 0, "renewed": 0, "ready": 0},
		},
		{
			At: "POST /staff/senders", Does: "Registers a sender of notices", Who: "staff", Status: http.StatusCreated, Codes: "sender @staff",
			In: openapi.Members{"id": "", "name": "", "nameEN": "", "keys": openapi.Said{Of: "", About: "a JWK Set, as text"}}, Out: openapi.Members{"id": ""},
		},
	}
}
