package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/held"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/tester"
)

// The headers by which an authorization request picks a test person and an outcome. Without the
// second the outcome is normal.
const (
	personHeader  = "Jpki-Test-Person"
	outcomeHeader = "Jpki-Test-Outcome"
)

// byTester is a refusal of the tester's screen: its page leads back there.
type byTester struct{ err error }

func (e *byTester) Error() string { return e.err.Error() }

// Unwrap gives the refusal.
func (e *byTester) Unwrap() error { return e.err }

// newPicks returns a box for what headers picked, by the login, until its browser comes for it.
func newPicks(cfg Config) *held.Box[tester.Pick] {
	return held.New(held.Config[tester.Pick]{Now: cfg.Now, Life: platform.LoginLifetime, Max: platform.MaxLogins, Yields: func(tester.Pick) bool { return true }})
}

func testerPath(login string) string { return loginPath(login) + "/tester" }

// headersPick reads what the headers of an authorization request pick; nil for nothing. What is
// wrong with it is told to the service.
func (w *entrance) headersPick(r *http.Request, ask platform.Ask) (*tester.Pick, error) {
	people, outcomes := r.Header.Values(personHeader), r.Header.Values(outcomeHeader)
	if len(people) == 0 && len(outcomes) == 0 {
		return nil, nil
	}
	no := func(why string, args ...any) error {
		return &platform.OAuthError{Code: platform.InvalidRequest, Description: fmt.Sprintf(why, args...), ReturnTo: ask.RedirectURI, State: ask.State}
	}
	if len(people) != 1 || len(outcomes) > 1 {
		return nil, no("%s: want it once, and %s at most once", personHeader, outcomeHeader)
	}
	pick := tester.Pick{Person: people[0], Outcome: tester.Normal}
	if len(outcomes) == 1 {
		pick.Outcome = tester.Outcome(outcomes[0])
	}
	err := w.cfg.Tester.Check(pick)
	switch {
	case errors.Is(err, tester.ErrOff):
		return nil, no("%s: the tester's screen is switched off here", personHeader)
	case errors.Is(err, tester.ErrPerson):
		return nil, no("%s: %.40q is not a test person", personHeader, pick.Person)
	case errors.Is(err, tester.ErrOutcome):
		return nil, no("%s: %.40q is unknown", outcomeHeader, string(pick.Outcome))
	}
	return &pick, err
}

// testerPage is the tester's screen of a request.
type testerPage struct {
	Here, Back string
	Service    ui.Text
	Origin     string
	People     []testPerson
	Normal     tester.Outcome
	Groups     []outcomeGroup
}

type testPerson struct {
	ID          string
	Name, State ui.Text
}

type outcomeGroup struct {
	Name     ui.Text
	Outcomes []outcomeLine
}

type outcomeLine struct {
	Outcome tester.Outcome
	Name    ui.Text
}

// askTester shows test persons and outcomes.
func (w *entrance) askTester(c echo.Context) error {
	people, err := w.cfg.Tester.People()
	if err != nil {
		return err
	}
	ui.Face(c, "bare")
	l := loginOf(c)
	page := testerPage{Here: testerPath(l.ID), Back: loginPath(l.ID), Service: nameOf(l.Ask.Client), Origin: originOf(l.Ask.RedirectURI), Normal: tester.Normal}
	listed := []map[string]string{}
	for _, p := range people {
		page.People = append(page.People, testPerson{p.ID, ui.Text{JA: p.Name, EN: p.NameEN}, personStates[p.State]})
		listed = append(listed, map[string]string{"person": p.ID, "name": p.Name, "state": p.State})
	}
	for _, g := range tester.Groups() {
		group := outcomeGroup{Name: outcomeGroups[g.Name]}
		for _, o := range g.Outcomes {
			group.Outcomes = append(group.Outcomes, outcomeLine{o, outcomeNames[o]})
		}
		page.Groups = append(page.Groups, group)
	}
	return door.Answer(c, http.StatusOK, map[string]any{"people": listed, "outcomes": tester.Outcomes()}, w.shown("tester", titles.tester, page))
}

// pick answers the request as the tester wants.
func (w *entrance) pick(c echo.Context) error {
	in, err := door.Read[tester.Pick](c)
	if err != nil {
		return err
	}
	return w.picks(c, in)
}

// picked answers the request as the headers of the authorization request wanted, once. Who comes
// again finds the sign-in page.
func (w *entrance) picked(c echo.Context) error {
	l := loginOf(c)
	pick, err := w.chosen.Take(l.ID, func(tester.Pick) error { return nil })
	if errors.Is(err, held.ErrGone) {
		return c.Redirect(http.StatusSeeOther, loginPath(l.ID))
	}
	if err != nil {
		return err
	}
	return w.picks(c, pick)
}

func (w *entrance) picks(c echo.Context, p tester.Pick) error {
	out, err := w.cfg.Tester.SignIn(c.Request().Context(), loginOf(c), p)
	if card, ok := errors.AsType[*tester.CardError](err); ok {
		err = &rpweb.TroubleError{Code: card.Code}
	}
	if err != nil {
		return &byTester{err}
	}
	return goOn(c, out)
}
