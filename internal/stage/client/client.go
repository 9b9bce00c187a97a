// Package client is the typed client of the management interface, for tests and for the
// command line.
//
//	town := client.New("http://127.0.0.1:8090")
//	out, err := town.Happens(ctx, "hanako", "move", stage.Details{})
//
// A refusal is a *peer.Refused with the interface's code.
package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/play"
)

// Town is a running town.
type Town struct{ at *peer.Peer }

// New reaches the management interface at a URL.
func New(at string) *Town {
	p := peer.New(at, "")
	p.HTTP.Timeout = 0 // a move of the clock may take a while: the context ends it
	p.MaxAnswer = 4 << 20
	return &Town{p}
}

func get[T any](ctx context.Context, t *Town, method, path string, in any) (out T, err error) {
	return out, t.at.Call(ctx, method, "/v1/"+path, in, &out)
}

// Clock gives what the clock shows, and what the houses still have to do.
func (t *Town) Clock(ctx context.Context) (stage.Clock, error) {
	return get[stage.Clock](ctx, t, http.MethodGet, "clock", nil)
}

// MoveClock moves the clock.
func (t *Town) MoveClock(ctx context.Context, m stage.Move) (stage.Clock, error) {
	return get[stage.Clock](ctx, t, http.MethodPut, "clock", m)
}

// People lists everybody with a card, as they are now.
func (t *Town) People(ctx context.Context) ([]stage.Person, error) {
	all, err := get[struct{ People []stage.Person }](ctx, t, http.MethodGet, "people", nil)
	return all.People, err
}

// Person gives one of them.
func (t *Town) Person(ctx context.Context, id string) (stage.Person, error) {
	return get[stage.Person](ctx, t, http.MethodGet, "people/"+url.PathEscape(id), nil)
}

// Whereabouts gives what every organisation holds about a person now.
func (t *Town) Whereabouts(ctx context.Context, id string) (stage.Whereabouts, error) {
	return get[stage.Whereabouts](ctx, t, http.MethodGet, "people/"+url.PathEscape(id)+"/whereabouts", nil)
}

// Lay lays a person's card in a reader; "" takes it away.
func (t *Town) Lay(ctx context.Context, id, reader string) (stage.Person, error) {
	return get[stage.Person](ctx, t, http.MethodPut, "people/"+url.PathEscape(id)+"/card", map[string]string{"reader": reader})
}

// Happens lets an event happen to a person.
func (t *Town) Happens(ctx context.Context, id, event string, d stage.Details) (stage.Outcome, error) {
	return get[stage.Outcome](ctx, t, http.MethodPost, "people/"+url.PathEscape(id)+"/events/"+url.PathEscape(event), d)
}

type faults struct{ Faults []stage.Fault }

// Faults lists every fault of every house.
func (t *Town) Faults(ctx context.Context) ([]stage.Fault, error) {
	all, err := get[faults](ctx, t, http.MethodGet, "faults", nil)
	return all.Faults, err
}

// SwitchFaults switches faults of a house on and off. Those that begin may be narrowed.
func (t *Town) SwitchFaults(ctx context.Context, house string, on, off []string, with ...fault.Setting) ([]stage.Fault, error) {
	change := map[string]any{"on": on, "off": off}
	for _, w := range with {
		change["with"] = w
	}
	all, err := get[faults](ctx, t, http.MethodPut, "faults/"+url.PathEscape(house), change)
	return all.Faults, err
}

// EndFaults ends every fault.
func (t *Town) EndFaults(ctx context.Context) ([]stage.Fault, error) {
	all, err := get[faults](ctx, t, http.MethodDelete, "faults", nil)
	return all.Faults, err
}

type snapshots struct{ Snapshots []stage.Snapshot }

// Snapshots lists what the town can be put back to.
func (t *Town) Snapshots(ctx context.Context) ([]stage.Snapshot, error) {
	all, err := get[snapshots](ctx, t, http.MethodGet, "snapshots", nil)
	return all.Snapshots, err
}

// Save keeps the town as it is now under a name.
func (t *Town) Save(ctx context.Context, name string) error {
	_, err := get[snapshots](ctx, t, http.MethodPut, "snapshots/"+url.PathEscape(name), nil)
	return err
}

// Restore puts the town back to a snapshot, stage.Beginning for how it began.
func (t *Town) Restore(ctx context.Context, name string) (stage.Clock, error) {
	return get[stage.Clock](ctx, t, http.MethodPost, "snapshots/"+url.PathEscape(name)+"/restore", nil)
}

// Drop forgets a snapshot.
func (t *Town) Drop(ctx context.Context, name string) error {
	_, err := get[snapshots](ctx, t, http.MethodDelete, "snapshots/"+url.PathEscape(name), nil)
	return err
}

// Stories lists the stories, not how far they are.
func (t *Town) Stories(ctx context.Context) ([]play.View, error) {
	all, err := get[struct{ Stories []play.View }](ctx, t, http.MethodGet, "stories", nil)
	return all.Stories, err
}

func storyPath(id string) string { return "stories/" + url.PathEscape(id) }

// Story looks how far a story is.
func (t *Town) Story(ctx context.Context, id string) (play.View, error) {
	return get[play.View](ctx, t, http.MethodGet, storyPath(id), nil)
}

// AwaitStory is Story as soon as another number than known steps are confirmed, or after
// some seconds.
func (t *Town) AwaitStory(ctx context.Context, id string, known int) (play.View, error) {
	return get[play.View](ctx, t, http.MethodGet, storyPath(id)+"?known="+strconv.Itoa(known), nil)
}

// BeginStory begins a story anew.
func (t *Town) BeginStory(ctx context.Context, id string) (play.View, error) {
	return get[play.View](ctx, t, http.MethodPost, storyPath(id)+"/begin", nil)
}

// DoStep does what a step has a button for.
func (t *Town) DoStep(ctx context.Context, id string, no int) (play.View, error) {
	return get[play.View](ctx, t, http.MethodPost, storyPath(id)+"/steps/"+strconv.Itoa(no), nil)
}
