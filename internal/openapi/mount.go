package openapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
)

// Mount gives out what a house answers to programs, at Path. It is called when every route is
// there: one that the API does not name is an error.
func Mount(e *echo.Echo, api API) error {
	var routes []string
	for _, r := range e.Routes() {
		asset := strings.HasPrefix(r.Path, "/assets/") || strings.HasPrefix(r.Path, ui.AssetPath) || r.Path == "/card.js"
		if slices.Contains(methods, r.Method) && !asset {
			routes = append(routes, r.Method+" "+r.Path)
		}
	}
	api.Routes = append(slices.Clone(api.Routes), Route{
		At: "GET /healthz", Does: "Says whether the house can serve; 503 if not, with a reference in the log",
		Out: Members{"house": "", "status": OneOf{"ok", "unavailable"}, "reference?": ""},
	})
	if err := api.Check(routes); err != nil {
		return err
	}
	handler, err := api.common(doors(), "no_key wrong_key too_many_attempts", "malformed").Handler()
	if err != nil {
		return err
	}
	e.GET(Path, echo.WrapHandler(handler))
	return nil
}

// methods are those that routes of a house answer.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete}

// doors lists what every door refuses, whatever is behind it.
func doors() []Code {
	return []Code{
		{Code: "bad_request", Status: http.StatusBadRequest, Means: "the request cannot be read"},
		{Code: "malformed", Status: http.StatusBadRequest, Means: "the body is not one JSON object in UTF-8, or has fields that are unknown, given twice, or of the wrong type; the member `fields` names them"},
		{Code: "incomplete", Status: http.StatusBadRequest, Means: "the request body did not arrive whole"},
		{Code: "no_key", Status: http.StatusUnauthorized, Means: "send `Authorization: Bearer` and the key of this interface"},
		{Code: "wrong_key", Status: http.StatusUnauthorized, Means: "the key is not that of this interface"},
		{Code: "foreign_page", Status: http.StatusForbidden, Means: "a page of another origin wants to change something"},
		{Code: "browser_refused", Status: http.StatusForbidden, Means: "the interface is for scripts: a request with an Origin or Sec-Fetch-Site header is refused"},
		{Code: "not_found", Status: http.StatusNotFound, Means: "nothing is at this address", Say: ui.Text{JA: "ページが見つかりません。", EN: "Page not found."}},
		{Code: "method_not_allowed", Status: http.StatusMethodNotAllowed, Means: "the address has no such method; `Allow` lists those that it has"},
		{Code: "too_slow", Status: http.StatusRequestTimeout, Means: "the request body took too long to arrive"},
		{Code: "too_large", Status: http.StatusRequestEntityTooLarge, Means: "the request body is too large"},
		{Code: "unsupported_media_type", Status: http.StatusUnsupportedMediaType, Means: "the body must be application/json or application/x-www-form-urlencoded"},
		{Code: "unsupported_charset", Status: http.StatusUnsupportedMediaType, Means: "the body must be UTF-8"},
		{Code: "not_json", Status: http.StatusUnsupportedMediaType, Means: "the body must be application/json"},
		{Code: "foreign_host", Status: http.StatusMisdirectedRequest, Means: "`Host` is not a name of this house: localhost, an IP address, or a name in JPKIMOCK_HOSTS"},
		{Code: "too_many_attempts", Status: http.StatusTooManyRequests, Means: "five wrong keys came from this address within a minute; wait as `Retry-After` says", Say: ui.Text{
			JA: "鍵のまちがいが続いたため、しばらく受け付けません。", EN: "No key is taken for a while after too many wrong ones.",
		}},
		{Code: "internal", Status: http.StatusInternalServerError, Means: "the cause is in the log, under the reference of the problem", Say: ui.Text{
			JA: "お手数ですが、しばらくしてからもう一度お試しください。", EN: "Please try again in a while.",
		}},
		{Code: "fault", Status: http.StatusServiceUnavailable, Means: "the house was made to fail (`PUT /faults`)", Say: ui.Text{
			JA: "お手数ですが、しばらくしてからもう一度お試しください。", EN: "Please try again in a while.",
		}},
	}
}
