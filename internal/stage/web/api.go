package web

import (
	_ "embed"
	"slices"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/play"
)

//go:embed examples.json
var examples []byte

// Samples of bodies that several addresses have.
var (
	theFaults = openapi.Members{"faults": []stage.Fault(nil)}
	theKept   = openapi.Members{"snapshots": []stage.Snapshot(nil)}
	aText     = openapi.Members{"ja": "", "en": ""}
)

// api is what the management interface answers.
func api() openapi.API {
	a := openapi.API{
		Title: "進行用の操作口 (the management interface)", About: "What a demonstration or a test does with the whole town. It takes no key, and no request of a browser. What a house refuses that was asked for it, it passes on with the house's status and code.",
		Examples: examples, Codes: apiCodes(),
		Params: map[string]string{"id": "of a person (`hanako`) or a story", "name": "of a snapshot: small letters, digits and hyphens", "house": "`bank`", "event": "as `GET /v1/events` lists them", "n": "the number of a step, from 1"},
		Routes: slices.Concat(townRoutes(), faultRoutes(), storyRoutes()),
	}
	for i := range a.Routes {
		a.Routes[i].Codes += " browser_refused no_answer"
		if a.Routes[i].In != nil {
			a.Routes[i].Codes += " not_json"
		}
	}
	return a
}

// apiCodes lists what the stage refuses.
func apiCodes() []openapi.Code {
	var all []openapi.Code
	for _, r := range refusals {
		if slices.ContainsFunc(all, func(c openapi.Code) bool { return c.Code == r.code }) {
			continue // two errors of one code
		}
		all = append(all, openapi.Code{Code: r.code, Status: r.status, Means: r.means})
	}
	return append(all, openapi.Code{Code: "no_answer", Status: statusNoAnswer, Means: "a house that was asked does not answer"})
}

func townRoutes() []openapi.Route {
	const snapshots = "no_snapshots_here"
	return []openapi.Route{
		{At: "GET /v1/clock", Does: "Gives the time of the town, and what is still being done", Out: stage.Clock{}},
		{
			At: "PUT /v1/clock", Does: "Moves the clock", In: stage.Move{}, Out: stage.Clock{}, Codes: "no_key",
			More: "One of `now`, `offsetSeconds`, `advanceSeconds` and `advance`; `frozen` stops the clock. With `wait` the answer comes when the houses have done what was due.",
		},
		{At: "GET /v1/people", Does: "Lists the people as they are now", Out: openapi.Members{"people": []stage.Person(nil)}},
		{At: "GET /v1/people/:id", Does: "Gives a person as they are now", Out: stage.Person{}, Codes: "no_person"},
		{At: "GET /v1/people/:id/whereabouts", Does: "Says what every organisation holds about a person", Out: stage.Whereabouts{}, Codes: "no_person"},
		{
			At: "PUT /v1/people/:id/card", Does: "Lays a person's card on a reader, or takes it away",
			In: openapi.Members{"reader": openapi.Said{Of: "", About: "`home`, `tv`, …; empty takes the card away"}}, Out: stage.Person{}, Codes: "no_person",
		},
		{
			At: "GET /v1/events", Does: "Lists what can happen to people",
			Out: openapi.Members{"events": openapi.List{Of: openapi.Members{"id": "", "what": aText, "then": aText}}},
		},
		{
			At: "POST /v1/people/:id/events/:event", Does: "Lets something happen to a person, through its front door",
			In: stage.Details{}, Out: stage.Outcome{}, Codes: "no_person no_event no_key",
		},
		{At: "GET /v1/snapshots", Does: "Lists the snapshots of the town", Out: theKept, Codes: snapshots},
		{At: "PUT /v1/snapshots/:name", Does: "Keeps the town as it is now", Out: theKept, Codes: "snapshot_name too_many_snapshots busy " + snapshots},
		{At: "DELETE /v1/snapshots/:name", Does: "Forgets a snapshot", Out: theKept, Codes: "no_snapshot snapshot_name " + snapshots},
		{At: "POST /v1/snapshots/:name/restore", Does: "Puts the town back to a snapshot, with its time", Out: stage.Clock{}, Codes: "no_snapshot snapshot_name busy " + snapshots},
	}
}

func faultRoutes() []openapi.Route {
	return []openapi.Route{
		{At: "GET /v1/faults", Does: "Lists the faults of every house", Out: theFaults},
		{
			At: "PUT /v1/faults/:house", Does: "Switches faults of a house", Out: theFaults, Codes: "no_house",
			In: openapi.Members{"on?": []string(nil), "off?": []string(nil), "with?": openapi.Said{Of: fault.Setting{}, About: "narrows those that begin"}},
		},
		{At: "DELETE /v1/faults", Does: "Ends every fault", Out: theFaults},
	}
}

func storyRoutes() []openapi.Route {
	return []openapi.Route{
		{At: "GET /v1/stories", Does: "Lists the stories, without looking how far they are", Out: openapi.Members{"stories": []play.View(nil)}},
		{
			At: "GET /v1/stories/:id", Does: "Says how far a story is", Out: play.View{}, Codes: "no_story malformed",
			Query: openapi.Members{"known?": openapi.Said{Of: 0, About: "waits until another number of steps is confirmed, 8 s at most"}},
		},
		{At: "POST /v1/stories/:id/begin", Does: "Begins a story anew", Out: play.View{}, Codes: "no_story"},
		{At: "POST /v1/stories/:id/steps/:n", Does: "Does what a step has a button for", Out: play.View{}, Codes: "no_story no_step no_button"},
	}
}
