package web

import (
	"net/http"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/tracing"
)

// API is what the pictures answer to programs.
func API() openapi.API {
	version := openapi.Said{Of: 0, About: "of all touches: it grows with each change"}
	return openapi.API{
		Keys:  map[string]string{"traces": "Of the town's other processes."},
		Codes: []openapi.Code{{Code: "no_touch", Status: http.StatusNotFound, Means: "there is no such touch: only the latest are kept"}},
		Routes: []openapi.Route{
			{At: "GET " + Path, Does: "Lists the latest touches of cards, with what crossed", Out: openapi.Members{"version": version, "touches": []view(nil)}},
			{
				At: "GET " + Path + "/changes", Does: "Answers when touches have changed, 8 s later at most", Query: openapi.Members{"after": openapi.Said{Of: 0, About: "the version that you have"}},
				Out: openapi.Members{"version": version}, Codes: "malformed",
			},
			{At: "GET " + Path + "/:id", Does: "Gives one touch", Out: view{}, Codes: "no_touch"},
			{At: "GET " + Path + "/:id/mermaid.txt", Does: "Gives it as a sequence diagram of Mermaid", OutType: "text/plain", Codes: "no_touch"},
			{
				At: "POST " + tracing.TracesPath, Does: "Takes the spans of another process (OTLP/HTTP, binary)", Who: "traces", InType: tracing.ContentType, OutType: tracing.ContentType, Codes: "malformed",
			},
		},
		Pages: []string{"GET " + Path + "/:id/export.html"},
	}
}
