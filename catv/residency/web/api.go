package web

import (
	"net/http"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/internal/openapi"
)

// API is what the pages at a computer answer to programs.
func API() openapi.API {
	return openapi.API{
		Sessions: map[string]string{"applicant": "jpkimock_catv_residency"}, Codes: refusals.OwnCodes(),
		Routes: []openapi.Route{
			{
				At: "POST /residency/draft", Does: "Writes the application for the resident price", More: "Begins a session, if there is none: keep the cookie.",
				Out: openapi.Members{"application": "", "document": openapi.Members{"name": "", "mediaType": "", "content": []byte(nil)}},
			},
			{
				At: "POST /residency", Does: "Takes the signed application", Who: "applicant", Status: http.StatusCreated,
				In:    openapi.Members{"cms": openapi.Said{Of: []byte(nil), About: "detached CMS SignedData over the document's octets, DER in base64"}},
				Out:   openapi.Members{"residency": openapi.Members{"town": catv.Town, "serial": jpki.SerialNumber(""), "provenAt": time.Time{}, "expires": time.Time{}}},
				Codes: "no_draft draft_expired not_enrolled not_resident application_used @signature",
			},
		},
		Pages: []string{"GET /residency", "/residency/standing", "POST /residency/withdraw", "POST /residency/signout"},
	}
}
