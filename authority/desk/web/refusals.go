package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority/desk"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
)

// Rule is a rule of the domain, and what is said when it is broken: to programs
// status and code, to people a title and what to do. One without a title only
// programs can break.
type Rule struct {
	Err         error
	Status      int
	PageStatus  int // of the page, if another: a form named it, not the address
	Code        string
	Title, Body ui.Text
}

// Rules is a table of rules.
type Rules []Rule

// Broken gives the rule that an error says is broken.
func (all Rules) Broken(err error) (Rule, bool) {
	for _, r := range all {
		if errors.Is(err, r.Err) {
			return r, true
		}
	}
	return Rule{}, false
}

// Broken gives the rule of these desks that an error says is broken.
func (r *Room) Broken(err error) (Rule, bool) { return r.rules.Broken(err) }

// explain turns an error of the desks into a page; what it does not know goes on
// to the door.
func (r *Room) explain(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err == nil || c.Response().Committed {
			return err
		}
		refusal, ok := r.refusal(err)
		if !ok {
			return err
		}
		if !door.WantsPage(c.Request()) {
			return door.Problem{Status: refusal.Status, Code: refusal.Code, Detail: refusal.Title.EN}
		}
		if len(refusal.Next) == 0 {
			refusal.Next = r.exits(c)
		}
		return r.pagesOf(c).Refuse(c, refusal)
	}
}

// refusal gives an error's page, but for the links to go on.
func (r *Room) refusal(err error) (ui.Refusal, bool) {
	var ended *endedError
	var post *postError
	var invalid *desk.InvalidError
	var elsewhere *desk.ElsewhereError
	var page ui.Refusal
	switch {
	case errors.As(err, &ended):
		page = endedPage(ended.why)
	case errors.As(err, &post):
		page = wrongPostPage(post.signIn)
	case errors.As(err, &elsewhere):
		page = elsewherePage(elsewhere.Responsible)
	case errors.As(err, &invalid):
		page = ui.Refusal{Status: http.StatusUnprocessableEntity, Code: "invalid", Title: sayInvalid, Body: fieldWords(invalid.Field), Detail: invalid.Error()}
	default:
		rule, ok := r.Broken(err)
		if !ok || rule.Title.JA == "" {
			return page, false
		}
		page = ui.Refusal{Status: cmp.Or(rule.PageStatus, rule.Status), Code: rule.Code, Title: rule.Title, Body: rule.Body}
		if explained, ok := errors.AsType[interface {
			error
			Detail() string
		}](err); ok {
			page.Detail = explained.Detail()
		}
	}
	return page, true
}

// exits gives the links back to the resident that the address names, and to the desk.
func (r *Room) exits(c echo.Context) []ui.Link {
	var links []ui.Link
	path := c.Request().URL.Path
	if id := c.Param("id"); id != "" && under(path, "/office/counter/residents") && path != "/office/counter/residents/"+id {
		links = append(links, ui.Link{Text: sayFrame.backToResident, Href: "/office/counter/residents/" + url.PathEscape(id), Primary: true})
	}
	if who, ok := r.desks.signedIn(c); ok {
		for _, d := range allDesks() {
			if who.May(d.Role) {
				links = append(links, ui.Link{Text: d.Name, Href: d.Href, Primary: len(links) == 0})
			}
		}
	}
	return append(links, ui.Link{Text: sayFrame.desks, Href: "/office"})
}
