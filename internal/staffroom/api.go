package staffroom

import (
	"net/http"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/ui"
)

// API is what the sign-in of staff answers to programs, at its address, with a session that
// Route.Who calls who. fields are what is chosen beside the key.
func API(at, out, who, cookie string, fields ...string) openapi.API {
	in := openapi.Members{"key": openapi.Said{Of: "", About: "of the house's staff"}, "next?": "", "test?": ""}
	for _, f := range fields {
		in[f] = ""
	}
	usual := Words{}.orUsual()
	code := func(status int, code, means string, say saying) openapi.Code {
		return openapi.Code{Code: code, Status: status, Means: means, Say: ui.Text{JA: say.title.JA, EN: say.title.EN}}
	}
	return openapi.API{
		Routes:   []openapi.Route{{At: "POST " + at, Does: "Signs staff in", In: in, Codes: "staff_key staff_closed"}},
		Pages:    []string{"GET " + at, "POST " + out},
		Sessions: map[string]string{who: cookie},
		Codes: []openapi.Code{
			code(http.StatusUnauthorized, "staff_signed_out", "nobody of staff is signed in, or the session has ended", usual.signedOut(at)),
			code(http.StatusForbidden, "staff_key", "the key is not that of staff, or nobody of that name works here", usual.wrongKey(at)),
			code(http.StatusForbidden, "staff_closed", "the house was started without a key of staff", usual.closed()),
		},
		Groups: map[string]string{"staff": "staff_signed_out"},
	}
}
