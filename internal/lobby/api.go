package lobby

import (
	_ "embed"
	"maps"
	"net/http"
	"slices"

	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/play"
	picture "example.jp/jpkimock/internal/touch/web"
)

//go:embed examples.json
var examples []byte

// api is what the lobby answers to programs. What moves the town is at the management interface.
func api(pictures bool) openapi.API {
	codes := map[string]openapi.Code{}
	for _, r := range refusals {
		codes[r.code] = openapi.Code{Code: r.code, Status: r.status, Means: r.err.Error(), Say: r.title}
	}
	codes["no_answer"] = openapi.Code{Code: "no_answer", Status: http.StatusBadGateway, Means: "a house that was asked does not answer"}
	a := openapi.API{
		Title: "案内所 (the lobby)", About: "What programs read of the town. Whoever moves it asks the management interface (docs/interfaces.md).", Examples: examples,
		Params: map[string]string{"id": "of a story or a touch", "n": "the number of a step, from 1"},
		Routes: []openapi.Route{
			{At: "GET /world.json", Does: "Gives what the ready file holds, with published keys alone", Out: openapi.Said{Of: nil, About: "docs/interfaces.md, The ready file"}},
			{
				At: "GET /whereabouts", Does: "Says what every organisation holds about a person", Query: openapi.Members{"person?": openapi.Said{Of: "", About: "`hanako`; the first of the world for none"}},
				Out: stage.Whereabouts{}, Codes: "no_person",
			},
			{At: "POST /stories/:id/begin", Does: "Begins a story anew", Out: play.View{}, Codes: "no_story no_answer"},
			{
				At: "GET /stories/:id/seen", Does: "Answers when another number of steps is confirmed, 8 s later at most", Query: openapi.Members{"known": openapi.Said{Of: 0, About: "how many are confirmed"}},
				Out: play.View{}, Codes: "no_story malformed",
			},
			{At: "POST /stories/:id/:n", Does: "Does what a step has a button for", Out: play.View{}, Codes: "no_story no_step no_button no_answer"},
		},
		Pages: []string{
			"GET /", "GET /people", "GET /people/:id", "GET /portraits/:name", "POST /people/:id/card", "POST /people/:id/events/:event", "GET /offices",
			"/clock-room", "/faults", "POST /snapshots", "GET /integrators",
			"GET /stories", "GET /stories/:id", "GET /stories/:id/present", "GET /stories/:id/handout", "GET /stories/:id/:n",
		},
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		a.Codes = append(a.Codes, codes[code])
	}
	if pictures {
		a = a.With(picture.API())
	}
	return a
}
