package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	"example.jp/jpkimock/authority/ca"
	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/authority/register"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// officeRefusal is a line of the table: an error, and its page.
type officeRefusal struct {
	is     error
	status int
	say    saying
}

// saying is what a refusal says: what happened, and what to do.
type saying struct{ title, body ui.Text }

// officeRefusals turns broken rules into pages.
var officeRefusals = []officeRefusal{
	{errPaperGone, http.StatusConflict, sayPaperGone},
	{errNoResult, http.StatusNotFound, sayNoResult},
	{register.ErrNoResident, http.StatusNotFound, sayNoResident},
	{register.ErrResidentExists, http.StatusConflict, sayResidentExists},
	{register.ErrNoCard, http.StatusConflict, sayNoCard},
	{register.ErrCardExists, http.StatusConflict, sayCardExists},
	{register.ErrCardExpired, http.StatusConflict, sayCardExpired},
	{register.ErrCardNotInUse, http.StatusConflict, sayCardNotInUse},
	{register.ErrCardNotLost, http.StatusConflict, sayCardNotLost},
	{register.ErrResidesHere, http.StatusConflict, sayResidesHere},
	{register.ErrNotRegistered, http.StatusConflict, sayNotRegistered},
	{register.ErrTooEarly, http.StatusConflict, sayTooEarly},
	{register.ErrTooYoung, http.StatusConflict, sayTooYoung},
	{register.ErrAlreadySuspended, http.StatusConflict, sayAlreadySuspended},
	{register.ErrNothingToDo, http.StatusConflict, sayNothingToDo},
	{ca.ErrOutsideValidity, http.StatusConflict, sayOutsideCA},
	{authority.ErrChangedMeanwhile, http.StatusConflict, sayChangedMeanwhile},
	{authority.ErrNoCardWriter, http.StatusServiceUnavailable, sayNoCardWriter},
	{accreditation.ErrNoVerifier, http.StatusNotFound, sayNoVerifier},
	{accreditation.ErrVerifierExists, http.StatusConflict, sayVerifierExists},
	{accreditation.ErrVerifierWithdrawn, http.StatusConflict, sayVerifierWithdrawn},
	{accreditation.ErrNoApplication, http.StatusNotFound, sayNoApplication},
	{accreditation.ErrApplicationDecided, http.StatusConflict, sayApplicationDecided},
	{accreditation.ErrTooManyApplications, http.StatusServiceUnavailable, sayTooManyApplications},
}

// inWords turns an error of the desks into a page; what it does not know goes
// on to the door.
func (o *office) inWords(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err == nil || c.Response().Committed {
			return err
		}
		r, ok := explainOffice(err)
		if !ok {
			return err
		}
		if !door.WantsPage(c.Request()) {
			return door.Problem{Status: r.Status, Code: r.Code, Detail: r.Title.EN}
		}
		if len(r.Next) == 0 {
			r.Next = o.waysOut(c)
		}
		return o.pagesOf(c).Refuse(c, r)
	}
}

// explainOffice gives an error's page, but for the ways out.
func explainOffice(err error) (ui.Refusal, bool) {
	var ended *endedError
	var post *postError
	var invalid *desk.InvalidError
	var card *authority.CardError
	var elsewhere *desk.ElsewhereError
	switch {
	case errors.As(err, &ended):
		say, signIn := endedSaying(ended.why), ui.Link{Text: sayOffice.signIn, Href: "/office/signin", Primary: true}
		return ui.Refusal{Status: http.StatusUnauthorized, Code: "no_session", Title: say.title, Body: say.body, Next: []ui.Link{signIn}}, true
	case errors.As(err, &post):
		return ui.Refusal{Status: http.StatusForbidden, Code: "wrong_post", Title: sayWrongPost.title, Body: sayWrongPost.body}, true
	case errors.As(err, &elsewhere):
		say := elsewhereSaying(elsewhere.Responsible)
		ways := []ui.Link{{Text: pageTitles.counter, Href: "/office/counter", Primary: true}, {Text: sayOffice.desks, Href: "/office"}}
		return ui.Refusal{Status: http.StatusForbidden, Code: "other_municipality", Title: say.title, Body: say.body, Next: ways}, true
	case errors.As(err, &invalid):
		return ui.Refusal{Status: http.StatusUnprocessableEntity, Code: "invalid", Title: sayInvalid.title, Body: fieldWords(invalid.Field), Detail: invalid.Error()}, true
	case errors.As(err, &card):
		return ui.Refusal{Status: http.StatusBadGateway, Code: "card_house", Title: sayCardHouse.title, Body: sayCardHouse.body, Detail: card.Act}, true
	}
	if r, ok := ruleOf(err); ok {
		return ui.Refusal{Status: r.status, Code: "refused", Title: r.say.title, Body: r.say.body}, true
	}
	return ui.Refusal{}, false
}

func ruleOf(err error) (officeRefusal, bool) {
	for _, r := range officeRefusals {
		if errors.Is(err, r.is) {
			return r, true
		}
	}
	return officeRefusal{}, false
}

// waysOut leads back to the resident that the address names, and to the desk.
func (o *office) waysOut(c echo.Context) []ui.Link {
	var ways []ui.Link
	path := c.Request().URL.Path
	if id := c.Param("id"); id != "" && under(path, "/office/counter/residents") && path != "/office/counter/residents/"+id {
		ways = append(ways, ui.Link{Text: sayOffice.backToResident, Href: "/office/counter/residents/" + escaped(id), Primary: true})
	}
	if who, ok := o.officer(c); ok {
		for _, d := range allDesks() {
			if who.May(d.Role) {
				ways = append(ways, ui.Link{Text: d.Name, Href: d.Href, Primary: len(ways) == 0})
			}
		}
	}
	return append(ways, ui.Link{Text: sayOffice.desks, Href: "/office"})
}
