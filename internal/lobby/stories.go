package lobby

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/ui"
)

//go:embed stories.json
var storiesFile []byte

// said is a sentence in both languages.
type said struct{ JA, EN string }

// story is a use case as a presenter plays it.
type story struct {
	ID            string
	Title, Before said
	Steps         []storyStep
}

// storyStep is one step of a story. What it does is done by one button; what it leads to is
// played by hand.
type storyStep struct {
	Say said
	// Lay lays a card in a reader, takes it away where there is none.
	Lay   *struct{ Person, Reader string }
	Event *struct{ Person, Event string }
	Link  *struct {
		House, Path string
		Label       said
	}
	// PIN shows what is typed: Kind is a kind of certificate, or "both".
	PIN *struct{ Person, Kind string }
}

// readStories reads the stories. Each names people, events and houses that there are.
func readStories() (all []story, err error) {
	d := json.NewDecoder(bytes.NewReader(storiesFile))
	d.DisallowUnknownFields()
	return all, d.Decode(&all)
}

// storyView is a step as the page shows it.
type storyView struct {
	Story    story
	Step     storyStep
	Place    int // from 1
	Person   stage.Person
	URL      string // of the link; empty where that house is not there
	Did      string // what a button does, in words
	Done     bool   // it is seen to have happened
	Does     bool   // there is something to do by a button
	Previous string
	Next     string
	PINs     []string
}

// stories lists the stories.
func (l *lobby) listStories(c echo.Context) error {
	v := l.view()
	v.Stories = l.stories
	return l.pages.Render(c, http.StatusOK, "stories", titleStories, v)
}

// step finds a step of a story by the request's path.
func (l *lobby) step(c echo.Context) (story, int, error) {
	i := slices.IndexFunc(l.stories, func(s story) bool { return s.ID == c.Param("id") })
	if i < 0 {
		return story{}, 0, echo.ErrNotFound
	}
	n, err := strconv.Atoi(c.Param("n"))
	if err != nil || n < 1 || n > len(l.stories[i].Steps) {
		return story{}, 0, echo.ErrNotFound
	}
	return l.stories[i], n, nil
}

func (s story) at(n int) string {
	if n < 1 || n > len(s.Steps) {
		return ""
	}
	return "/stories/" + s.ID + "/" + strconv.Itoa(n)
}

// showStep shows a step, and whether what it does is seen to have happened.
func (l *lobby) showStep(c echo.Context) error {
	s, n, err := l.step(c)
	if err != nil {
		return err
	}
	step := s.Steps[n-1]
	shown := storyView{Story: s, Step: step, Place: n, Previous: s.at(n - 1), Next: s.at(n + 1)}
	v := l.view()
	if step.Link != nil && v.URLs[step.Link.House] != "" {
		shown.URL = v.URLs[step.Link.House] + step.Link.Path
	}
	if p := step.PIN; p != nil {
		persona := l.persona(p.Person)
		if p.Kind != jpki.DigitalSignature.String() {
			shown.PINs = append(shown.PINs, persona.Card.AuthenticationPIN)
		}
		if p.Kind != jpki.UserAuthentication.String() {
			shown.PINs = append(shown.PINs, persona.Card.SignaturePIN)
		}
	}
	if shown.Done, err = l.happened(c, step); err != nil {
		return err
	}
	shown.Does = step.Lay != nil || step.Event != nil
	v.Step = shown
	return l.pages.Render(c, http.StatusOK, "step", ui.Text(s.Title), v)
}

// happened reports whether what a step does is so now, as the card house and the authority
// say.
func (l *lobby) happened(c echo.Context, step storyStep) (bool, error) {
	switch {
	case step.Lay != nil:
		p, err := l.cfg.Stage.Person(c.Request().Context(), step.Lay.Person)
		return p.Card.Reader == step.Lay.Reader, err
	case step.Event != nil:
		p, err := l.cfg.Stage.Person(c.Request().Context(), step.Event.Person)
		i := slices.IndexFunc(p.Certificates, func(c stage.Certificate) bool { return c.Kind == jpki.DigitalSignature })
		if i < 0 || err != nil {
			return false, err
		}
		state, moved := p.Certificates[i].State, p.Address != p.Persona.Address
		return map[string]bool{"move": moved && state == "revoked", "renew": moved && state == "good"}[step.Event.Event], nil
	}
	return false, nil
}

// doStep does what a step does, and shows that it happened.
func (l *lobby) doStep(c echo.Context) error {
	s, n, err := l.step(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	switch step := s.Steps[n-1]; {
	case step.Lay != nil:
		err = l.cfg.Stage.Lay(ctx, step.Lay.Person, step.Lay.Reader)
	case step.Event != nil:
		_, err = l.cfg.Stage.Happens(ctx, step.Event.Person, step.Event.Event, stage.Details{})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/stories/"+url.PathEscape(s.ID)+"/"+strconv.Itoa(n))
}
