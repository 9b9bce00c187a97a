// Package web shows touches: the list of them as they happen, and the picture of each
// (やり取りの図), to people and to programs at the same addresses.
package web

import (
	"embed"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/tracing"
	"example.jp/jpkimock/internal/ui"
)

//go:embed templates
var files embed.FS

var templates = ui.Embedded(files, "templates")

// Path is where the list of touches is.
const Path = "/picture"

// Title is what the list is called.
func Title() ui.Text { return titles.list }

// Config is what the room shows, and by whose pages.
type Config struct {
	Pages *ui.Pages
	Store *touch.Store
	// Watch is called when somebody looks, again and again while they do.
	Watch func()
	// Style is the style sheet of the pages, for files that stand alone.
	Style []byte
	// Key lets the town's other processes send their spans; Now limits wrong keys.
	Key string
	Now func() time.Time
}

// room is the pages.
type room struct {
	Config
	pages *ui.Pages
	file  *template.Template
}

// Mount adds the pages to a house.
func Mount(e *echo.Echo, cfg Config) error {
	parsed, err := templates()
	if err != nil {
		return err
	}
	w := &room{cfg, cfg.Pages.Of(parsed), parsed["touch"]}
	g := e.Group(Path, w.watches)
	g.GET("", w.list)
	g.GET("/changes", w.changes)
	g.GET("/:id", w.show)
	g.GET("/:id/export.html", w.export)
	g.GET("/:id/mermaid.txt", w.mermaid)
	e.POST(tracing.TracesPath, w.collect, door.NewStaff(cfg.Key, cfg.Now).Scripts("traces"))
	return nil
}

// collect takes the spans of another process of the town (OTLP/HTTP, binary).
func (w *room) collect(c echo.Context) error {
	octets, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}
	spans, err := tracing.Decode(octets)
	if err != nil {
		return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: err.Error()}
	}
	for _, s := range spans {
		w.Store.Add(s)
	}
	return c.Blob(http.StatusOK, tracing.ContentType, nil)
}

// watches keeps the town recording as long as somebody looks.
func (w *room) watches(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		w.Watch()
		c.Response().Header().Set("Cache-Control", "no-store")
		return next(c)
	}
}

// listLine is a touch in the list.
type listLine struct {
	touch.Touch
	Title   ui.Text
	Said    ui.Text
	Served  bool
	Numbers []numberLine
}

// listPage is the list.
type listPage struct {
	Touches []listLine
	Version int
}

func (w *room) list(c echo.Context) error {
	version, _ := w.Store.Changes()
	all := w.Store.List()
	page := listPage{Version: version}
	for _, t := range all {
		l := listLine{Touch: t, Title: t.StoryOf().Title, Numbers: numbersOf(t)}
		l.Said, l.Served = t.Conclusion()
		page.Touches = append(page.Touches, l)
	}
	return door.Answer(c, http.StatusOK, map[string]any{"version": version, "touches": views(all)}, w.shown("list", titles.list, page))
}

// longestWait is how long a question for changes is held: less than a lease of the
// recorder, which it renews.
const longestWait = 8 * time.Second

// changes answers when touches have changed since a version, or after longestWait.
func (w *room) changes(c echo.Context) error {
	after, err := strconv.Atoi(c.QueryParam("after"))
	if err != nil || after < 0 {
		return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: "after: want the version that you have"}
	}
	version, next := w.Store.Changes()
	if version <= after {
		wait := time.NewTimer(longestWait)
		defer wait.Stop()
		select {
		case <-next:
		case <-wait.C:
		case <-c.Request().Context().Done():
		}
		version, _ = w.Store.Changes()
	}
	return c.JSON(http.StatusOK, map[string]int{"version": version})
}

func (w *room) find(c echo.Context) (touch.Touch, error) {
	t, ok := w.Store.Touch(c.Param("id"))
	if !ok {
		return t, door.Problem{Status: http.StatusNotFound, Code: "no_touch", Detail: "no such touch: only the latest are kept"}
	}
	return t, nil
}

func (w *room) show(c echo.Context) error {
	t, err := w.find(c)
	if err != nil {
		return err
	}
	version, _ := w.Store.Changes()
	page := pageOf(t, touch.Party(c.QueryParam("party")))
	page.Version = version
	return door.Answer(c, http.StatusOK, viewOf(t), w.shown("touch", page.Story.Title, page))
}

func (w *room) shown(name string, title ui.Text, data any) door.Page {
	return door.Shown(func(c echo.Context) error { return w.pages.Render(c, http.StatusOK, name, title, data) })
}
