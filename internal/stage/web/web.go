// Package web is the management interface: everything that a demonstration does with the
// stage, for scripts and tests. It is meant for a port of its own that no network reaches; it
// takes no key, and no request of a browser.
package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/fault"
	"example.jp/jpkimock/internal/openapi"
	"example.jp/jpkimock/internal/peer"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/stage/play"
)

// Config says what is managed.
type Config struct {
	Stage *stage.Stage
	Book  *play.Book
	Hosts []string // as door.Config.Hosts
	Log   *slog.Logger
}

type desk struct {
	*stage.Stage
	book *play.Book
}

// New returns the management interface.
func New(cfg Config) (http.Handler, error) {
	d := desk{cfg.Stage, cfg.Book}
	e := door.New(door.Config{House: "stage", Hosts: cfg.Hosts, Log: cfg.Log})
	v1 := e.Group("/v1", door.ScriptsOnly())
	v1.GET("/clock", answer(func(c context.Context, _ echo.Context) (any, error) { return d.Clock(c) }))
	v1.PUT("/clock", does(func(c context.Context, _ echo.Context, m stage.Move) (any, error) { return d.MoveClock(c, m) }))
	v1.GET("/people", answer(d.people))
	v1.GET("/people/:id", answer(func(c context.Context, e echo.Context) (any, error) { return d.Person(c, e.Param("id")) }))
	v1.GET("/people/:id/whereabouts", answer(func(c context.Context, e echo.Context) (any, error) { return d.Whereabouts(c, e.Param("id")) }))
	v1.PUT("/people/:id/card", does(d.lay))
	v1.GET("/events", answer(d.events))
	v1.POST("/people/:id/events/:event", does(func(c context.Context, e echo.Context, in stage.Details) (any, error) {
		return d.Happens(c, e.Param("id"), e.Param("event"), in)
	}))
	v1.GET("/faults", answer(d.faults))
	v1.PUT("/faults/:house", does(d.switchFaults))
	v1.DELETE("/faults", answer(func(c context.Context, e echo.Context) (any, error) {
		if err := d.EndFaults(c); err != nil {
			return nil, err
		}
		return d.faults(c, e)
	}))
	v1.GET("/snapshots", answer(d.snapshots))
	v1.PUT("/snapshots/:name", answer(func(c context.Context, e echo.Context) (any, error) {
		return d.after(c, e, d.Save(c, e.Param("name")))
	}))
	v1.DELETE("/snapshots/:name", answer(func(c context.Context, e echo.Context) (any, error) {
		return d.after(c, e, d.Drop(e.Param("name")))
	}))
	v1.POST("/snapshots/:name/restore", answer(func(c context.Context, e echo.Context) (any, error) {
		if err := d.Restore(c, e.Param("name")); err != nil {
			return nil, err
		}
		return d.Clock(c)
	}))
	d.mountStories(v1)
	return e, openapi.Mount(e, api())
}

// answer answers what a question gives.
func answer(ask func(context.Context, echo.Context) (any, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		out, err := ask(c.Request().Context(), c)
		if err != nil {
			return problem(err)
		}
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.JSON(http.StatusOK, out)
	}
}

// does is answer for a request with a body.
func does[In any](do func(context.Context, echo.Context, In) (any, error)) echo.HandlerFunc {
	return door.Reads(func(c echo.Context, in In) error {
		return answer(func(ctx context.Context, c echo.Context) (any, error) { return do(ctx, c, in) })(c)
	})
}

func (d desk) people(ctx context.Context, _ echo.Context) (any, error) {
	all, err := d.People(ctx)
	return map[string]any{"people": all}, err
}

// laid says where a card is laid; "" takes it away.
type laid struct {
	Reader string `json:"reader"`
}

func (d desk) lay(ctx context.Context, e echo.Context, in laid) (any, error) {
	if err := d.Lay(ctx, e.Param("id"), in.Reader); err != nil {
		return nil, err
	}
	return d.Person(ctx, e.Param("id"))
}

func (d desk) events(context.Context, echo.Context) (any, error) {
	type event struct {
		ID   string            `json:"id"`
		What map[string]string `json:"what"`
		Then map[string]string `json:"then"`
	}
	all := []event{}
	for _, e := range stage.Events() {
		all = append(all, event{e.ID, map[string]string{"ja": e.What.JA, "en": e.What.EN}, map[string]string{"ja": e.Then.JA, "en": e.Then.EN}})
	}
	return map[string]any{"events": all}, nil
}

func (d desk) faults(ctx context.Context, _ echo.Context) (any, error) {
	return map[string]any{"faults": d.Faults(ctx)}, nil
}

// switches are faults of a house by their names. With narrows those that begin.
type switches struct {
	On   []string      `json:"on"`
	Off  []string      `json:"off"`
	With fault.Setting `json:"with"`
}

func (d desk) switchFaults(ctx context.Context, e echo.Context, in switches) (any, error) {
	on := map[string]fault.State{}
	for _, name := range in.Off {
		on[name] = fault.State{}
	}
	for _, name := range in.On {
		on[name] = fault.State{On: true, Setting: in.With}
	}
	if err := d.SwitchFaults(ctx, e.Param("house"), on); err != nil {
		return nil, err
	}
	return d.faults(ctx, e)
}

func (d desk) snapshots(context.Context, echo.Context) (any, error) {
	all, err := d.Snapshots()
	return map[string]any{"snapshots": all}, err
}

func (d desk) after(ctx context.Context, e echo.Context, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return d.snapshots(ctx, e)
}

// problem says what the stage, or a house that it asked, refuses.
func problem(err error) error {
	if own, ok := errors.AsType[door.Problem](err); ok {
		return own
	}
	if refused, ok := errors.AsType[*peer.Refused](err); ok {
		code := refused.Code
		if code == "" {
			code = "refused"
		}
		return door.Problem{Status: refused.Status, Code: code, Detail: refused.Error()}
	}
	for _, known := range refusals {
		if errors.Is(err, known.err) {
			return door.Problem{Status: known.status, Code: known.code, Detail: err.Error()}
		}
	}
	return door.Problem{Status: statusNoAnswer, Code: "no_answer", Detail: err.Error()}
}

// statusNoAnswer is for a house that does not answer.
const statusNoAnswer = http.StatusBadGateway

// refusals is what the stage refuses by itself.
var refusals = []struct {
	err    error
	status int
	code   string
	means  string
}{
	{stage.ErrNoPerson, http.StatusNotFound, "no_person", "the world has no such person"},
	{stage.ErrNoEvent, http.StatusNotFound, "no_event", "there is no such event"},
	{stage.ErrNoHouse, http.StatusNotFound, "no_house", "the town has no such house"},
	{stage.ErrNoSnapshot, http.StatusNotFound, "no_snapshot", "no snapshot has this name"},
	{stage.ErrName, http.StatusBadRequest, "snapshot_name", "a name has small letters, digits and hyphens"},
	{stage.ErrNoKeeper, http.StatusConflict, "no_snapshots_here", "snapshots need every house in one process with its databases in the data folder"},
	{stage.ErrElsewhere, http.StatusConflict, "no_snapshots_here", ""},
	{stage.ErrNoKey, http.StatusConflict, "no_key", "this process has not been given the key of the office that does this"},
	{stage.ErrNoTownKey, http.StatusConflict, "no_key", ""},
	{play.ErrNoStory, http.StatusNotFound, "no_story", "there is no such story"},
	{play.ErrNoStep, http.StatusNotFound, "no_step", "the story has no such step"},
	{play.ErrNoButton, http.StatusConflict, "no_button", "the step is done by hand"},
	{stage.ErrBusy, http.StatusServiceUnavailable, "busy", "something was still being done after 5 s: try again"},
	{stage.ErrTooMany, http.StatusConflict, "too_many_snapshots", "at most 50 snapshots are kept"},
}
