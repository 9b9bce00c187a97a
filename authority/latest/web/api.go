package web

import (
	"net/http"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/rpweb"
	kit "example.jp/jpkimock/rp/latest"
)

// API is what the room answers to programs.
func API() openapi.API {
	document := openapi.Members{"name": "", "mediaType": "", "content": []byte(nil)}
	return openapi.API{
		Sessions: map[string]string{"holder": "jpkimock_consents"}, Codes: refusals.Codes(), Groups: rpweb.Groups(),
		Params: map[string]string{"number": "the number of a consent"},
		Routes: []openapi.Route{
			{
				At: "POST " + kit.ConsentsPath, Does: "Takes a holder's signed consent to the latest four data service", Who: "verifier", Status: http.StatusCreated,
				More: "The same document again is the same consent. The XML is in docs/formats.md.",
				In: openapi.Members{
					"document": openapi.Said{Of: []byte(nil), About: "利用者同意申請情報, XML"}, "cms": openapi.Said{Of: []byte(nil), About: "detached CMS SignedData over the document's octets, DER in base64"},
				},
				Out: kit.Consent{}, Codes: "another_verifier number_used draft_expired @signature @accredited",
			},
			{
				At: "GET " + kit.ConsentsPath + "/:number", Does: "Says how a consent stands, to the verifier who handed it over", Who: "verifier",
				Out: kit.Consent{}, Codes: "no_such_consent @accredited",
			},
			{
				At: "POST " + kit.DeliveriesPath, Does: "Gives the latest data of the holder of a certificate, as they consented", Who: "verifier",
				More: "It costs 20 yen, once for each pair of an old and a new serial number; asked again it gives the same.",
				In:   kit.Question{}, Out: kit.Delivery{}, Codes: "unknown_certificate no_consent consent_not_yet_valid consent_withdrawn consent_expired nothing_new @accredited",
			},
			{At: "GET /consents", Does: "Lists the holder's consents, with what was delivered", Who: "holder", Out: openapi.Members{"consents": []consentJSON(nil)}, Codes: "no_session"},
			{
				At: "POST /consents/challenge", Does: "Gives a challenge for the holder's card", More: "Begins a session, if there is none: keep the cookie.",
				Out: openapi.Members{"nonce": "", "origin": ""}, Codes: "busy",
			},
			{
				At: "POST /consents/signin", Does: "Takes the card's answer", Who: "holder",
				In: openapi.Members{"token": openapi.Said{Of: nil, About: "a Web eID authentication token (format web-eid:1.0)"}}, Codes: "no_challenge @signin",
			},
			{At: "POST /consents/signout", Does: "Forgets who has shown the card", Who: "holder"},
			{
				At: "POST /consents/:number/withdrawal", Does: "Writes the withdrawal of a consent", Who: "holder", Out: openapi.Members{"withdrawal": "", "document": document},
				Codes: "no_session no_such_consent consent_withdrawn_before consent_over",
			},
			{
				At: "POST /consents/withdrawal", Does: "Takes the signed withdrawal", Who: "holder", Out: openapi.Members{"consent": kit.Consent{}},
				In:    openapi.Members{"cms": openapi.Said{Of: []byte(nil), About: "detached CMS SignedData over the document's octets, DER in base64"}},
				Codes: "no_session no_draft another_holder draft_expired no_such_consent consent_withdrawn_before consent_over @signature",
			},
		},
		Pages: []string{"GET /consents/withdrawal"},
	}
}
