package door

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// WantsPage reports whether an answer to r is better a page than JSON: its
// Accept header (RFC 9110 §12.5.1) names text/html and nothing that is JSON is
// preferred to it. A client that takes anything ("*/*", or no header) is
// taken for a program, for browsers name text/html when they go to a page.
func WantsPage(r *http.Request) bool {
	page, program := accepts(r)
	return page > 0 && page >= program
}

// WantsJSON reports whether a request at an address that people and programs
// share speaks JSON, or asks for it: its body is JSON, or its Accept header
// prefers JSON to a page. A client that says nothing gets the page.
func WantsJSON(r *http.Request) bool {
	page, program := accepts(r)
	return IsJSON(r) || program > page
}

// accepts gives the weights of pages and of JSON in an Accept header.
func accepts(r *http.Request) (page, program float64) {
	for _, field := range r.Header.Values("Accept") {
		for _, part := range strings.Split(field, ",") {
			kind, params, err := mime.ParseMediaType(part)
			if err != nil {
				continue
			}
			q := quality(params["q"])
			switch {
			case kind == "text/html" || kind == "application/xhtml+xml":
				page = max(page, q)
			case kind == "application/json" || strings.HasSuffix(kind, "+json"):
				program = max(program, q)
			}
		}
	}
	return page, program
}

// quality reads a weight; none is 1, and one that cannot be read is 0.
func quality(s string) float64 {
	if s == "" {
		return 1
	}
	q, err := strconv.ParseFloat(s, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
