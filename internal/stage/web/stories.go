package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/stage/play"
)

// mountStories lists the routes of the stories.
func (d desk) mountStories(v1 *echo.Group) {
	v1.GET("/stories", answer(d.stories))
	v1.GET("/stories/:id", answer(d.story))
	v1.POST("/stories/:id/begin", answer(func(c context.Context, e echo.Context) (any, error) {
		return viewed(d.book.Begin(c, d.Stage, e.Param("id")))
	}))
	v1.POST("/stories/:id/steps/:n", answer(func(c context.Context, e echo.Context) (any, error) {
		n, err := strconv.Atoi(e.Param("n"))
		if err != nil {
			return nil, play.ErrNoStep
		}
		return viewed(d.book.Do(c, d.Stage, e.Param("id"), n))
	}))
}

func viewed(p play.Play, err error) (any, error) { return p.View(), err }

// stories lists the stories without looking how far they are.
func (d desk) stories(context.Context, echo.Context) (any, error) {
	all, err := d.book.Stories()
	views := make([]play.View, 0, len(all))
	for _, s := range all {
		views = append(views, play.Play{Story: s, Steps: make([]play.Seen, len(s.Steps))}.View())
	}
	return map[string]any{"stories": views}, err
}

// story looks how far a story is: at once, or, of whoever knows how many steps are
// confirmed, as soon as it is another number.
func (d desk) story(ctx context.Context, e echo.Context) (any, error) {
	text := e.QueryParam("known")
	if text == "" {
		return viewed(d.book.Look(ctx, d.Stage, e.Param("id")))
	}
	known, err := strconv.Atoi(text)
	if err != nil || known < 0 {
		return nil, door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: "known: want a number of steps"}
	}
	return viewed(d.book.Wait(ctx, d.Stage, e.Param("id"), known))
}
