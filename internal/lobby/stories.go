package lobby

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/stage/play"
	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/ui"
)

// storyPage is a story as its pages show it.
type storyPage struct {
	play.Play
	Merits []play.Merit
	Steps  []stepPage
	Step   stepPage // the one that is shown; zero on the opening
	Fresh  bool     // it begins anew when it is gone on with
	Played bool     // something of it has happened in this town
}

// stepPage is a step as the page shows it.
type stepPage struct {
	play.Step
	play.Seen
	Place    int    // from 1
	URL      string // of the link; empty where that house is not there
	PINs     []string
	Previous string
	Next     string
}

// mountStories lists the routes of the stories.
func (l *lobby) mountStories(e *echo.Echo) {
	e.GET("/stories", l.listStories)
	g := e.Group("/stories/:id")
	g.GET("", l.opening)
	g.POST("/begin", l.beginStory)
	g.GET("/present", l.present)
	g.GET("/handout", l.handout)
	g.GET("/seen", l.seen)
	g.GET("/:n", l.showStep)
	g.POST("/:n", l.doStep)
}

// listStories lists the stories.
func (l *lobby) listStories(c echo.Context) error {
	v := l.view()
	var err error
	if v.Stories, err = l.cfg.Book.Stories(); err != nil {
		return err
	}
	return l.pages.Render(c, http.StatusOK, "stories", titleStories, v)
}

func stepAt(story string, n int) string {
	return "/stories/" + url.PathEscape(story) + "/" + strconv.Itoa(n)
}

// story looks how far a story is, for a page that shows it.
func (l *lobby) story(c echo.Context) (view, error) {
	v := l.view()
	now, err := l.cfg.Book.Look(c.Request().Context(), l.cfg.Stage, c.Param("id"))
	if err != nil {
		return v, err
	}
	merits, err := l.cfg.Book.Merits(now.Story)
	if err != nil {
		return v, err
	}
	v.Story = storyPage{Play: now, Merits: merits, Fresh: now.Done() == 0 || now.Whole(), Played: now.Done() > 0 || now.Again}
	for i, step := range now.Story.Steps {
		one := stepPage{Step: step, Seen: now.Steps[i], Place: i + 1, Previous: "/stories/" + now.Story.ID}
		if i > 0 {
			one.Previous = stepAt(now.Story.ID, i)
		}
		if i+1 < len(now.Steps) {
			one.Next = stepAt(now.Story.ID, i+2)
		}
		if step.Link != nil && v.URLs[step.Link.House] != "" {
			one.URL = v.URLs[step.Link.House] + step.Link.Path
		}
		if step.PIN != nil {
			one.PINs = l.pins(step.PIN.Person, step.PIN.Kind)
		}
		v.Story.Steps = append(v.Story.Steps, one)
	}
	return v, nil
}

// pins are what somebody types: of a kind of certificate, or of both.
func (l *lobby) pins(person, kind string) (all []string) {
	card := l.persona(person).Card
	if kind != jpki.DigitalSignature.String() {
		all = append(all, card.AuthenticationPIN)
	}
	if kind != jpki.UserAuthentication.String() {
		all = append(all, card.SignaturePIN)
	}
	return all
}

// renderStory shows a page of a story.
func (l *lobby) renderStory(c echo.Context, name string, v view) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return l.pages.Render(c, http.StatusOK, name, v.Story.Story.Title, v)
}

// opening shows what the story changes.
func (l *lobby) opening(c echo.Context) error {
	v, err := l.story(c)
	if err != nil {
		return err
	}
	return l.renderStory(c, "opening", v)
}

// present shows the story on one page, for a projector.
func (l *lobby) present(c echo.Context) error {
	v, err := l.story(c)
	if err != nil {
		return err
	}
	return l.renderStory(c, "present", v)
}

// beginStory begins a story anew, with its first step.
func (l *lobby) beginStory(c echo.Context) error {
	now, err := l.cfg.Book.Begin(c.Request().Context(), l.cfg.Stage, c.Param("id"))
	if err != nil {
		return err
	}
	return door.Answer(c, http.StatusOK, now.View(), door.See(stepAt(now.Story.ID, 1)))
}

// showStep shows a step, and whether it is seen to have happened.
func (l *lobby) showStep(c echo.Context) error {
	v, err := l.story(c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil || n < 1 || n > len(v.Story.Steps) {
		return play.ErrNoStep
	}
	v.Story.Step = v.Story.Steps[n-1]
	return l.renderStory(c, "step", v)
}

// doStep does what a step has a button for, and goes on to the next one if it is seen to
// have happened.
func (l *lobby) doStep(c echo.Context) error {
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil {
		return play.ErrNoStep
	}
	now, err := l.cfg.Book.Do(c.Request().Context(), l.cfg.Stage, c.Param("id"), n)
	if err != nil {
		return err
	}
	to := n
	if now.Steps[n-1].Done() && n < len(now.Steps) {
		to = n + 1
	}
	return door.Answer(c, http.StatusOK, now.View(), door.See(stepAt(now.Story.ID, to)))
}

// seen tells a page that has known steps confirmed as soon as it is another number.
func (l *lobby) seen(c echo.Context) error {
	known, err := strconv.Atoi(c.QueryParam("known"))
	if err != nil || known < 0 {
		return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: "known: want how many confirmed steps you have"}
	}
	now, err := l.cfg.Book.Wait(c.Request().Context(), l.cfg.Stage, c.Param("id"), known)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, now.View())
}

// handoutPage is what the handout says beside the steps.
type handoutPage struct {
	People  []ui.Text
	Ended   time.Time // zero while nothing is confirmed
	Touches []handoutTouch
}

// handoutTouch is a use of a card in the handout.
type handoutTouch struct {
	Title   ui.Text
	Crossed []touch.Receipt
	Kept    []touch.Datum
}

// handout shows what just happened in a story, to print.
func (l *lobby) handout(c echo.Context) error {
	v, err := l.story(c)
	if err != nil {
		return err
	}
	for _, step := range v.Story.Steps {
		if p := l.persona(step.Check.Person); p.ID != "" {
			if name := (ui.Text{JA: p.Name, EN: p.Romaji}); !slices.Contains(v.Handout.People, name) {
				v.Handout.People = append(v.Handout.People, name)
			}
		}
		if step.Confirmed.After(v.Handout.Ended) {
			v.Handout.Ended = step.Confirmed
		}
		if t := step.Touch; t != nil {
			v.Handout.Touches = append(v.Handout.Touches, handoutTouch{t.StoryOf().Title, t.Crossed(), t.Kept()})
		}
	}
	return l.renderStory(c, "handout", v)
}

// Names lists data in words.
func (v view) Names(page *ui.View, data []touch.Datum) string {
	var names []string
	for _, d := range data {
		names = append(names, page.Say(d.Name()))
	}
	return strings.Join(names, page.T("、", ", "))
}

// Hour is the time of day by Japanese civil time.
func (v view) Hour(t time.Time) ui.Text {
	return ui.Text{JA: jpki.JapaneseTime(t), EN: t.In(jpki.JST).Format("15:04")}
}
