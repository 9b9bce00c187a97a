package web

import (
	"errors"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
	"example.jp/jpkimock/medical/insurer"
	"example.jp/jpkimock/medical/payment"
	"example.jp/jpkimock/medical/reception"
)

// placedError is an error at the pages of a party, whose refusal leads back there.
type placedError struct {
	at string
	error
}

// Unwrap gives the error.
func (e *placedError) Unwrap() error { return e.error }

// placed says where an error happened, unless that is known already.
func placed(at string, err error) error {
	if err == nil || errors.As(err, new(*placedError)) {
		return err
	}
	return &placedError{at, err}
}

// refusals is everything that the parties refuse to people. What was not confirmed is no
// refusal: the pages say it (reasons).
var refusals = rpweb.Table[ui.Link]{Own: []rpweb.Refusal[ui.Link]{
	{Is: medical.ErrMember, Status: http.StatusUnprocessableEntity, Code: "member", Say: saying("member")},
	{Is: errTooMany, Status: http.StatusTooManyRequests, Code: "too_many_visits", Say: saying("many")},
	{Is: medical.ErrOrder, Status: http.StatusUnprocessableEntity, Code: "order", Say: saying("order")},
	{Is: reception.ErrNoVisit, Status: http.StatusNotFound, Code: "no_visit", Say: saying("nothing")},
	{Is: reception.ErrAnswer, Status: http.StatusNotFound, Code: "no_answer", Say: saying("nothing")},
	{Is: reception.ErrState, Status: http.StatusConflict, Code: "state", Say: saying("state")},
	{Is: reception.ErrPaper, Status: http.StatusUnprocessableEntity, Code: "paper", Say: saying("paper")},
	{Is: payment.ErrNoBill, Status: http.StatusNotFound, Code: "no_bill", Say: saying("nothing")},
	{Is: payment.ErrExists, Status: http.StatusConflict, Code: "bill_exists", Say: saying("state")},
	{Is: payment.ErrState, Status: http.StatusConflict, Code: "bill_state", Say: saying("state")},
	{Is: payment.ErrLines, Status: http.StatusUnprocessableEntity, Code: "bill_lines", Say: saying("lines")},
	{Is: insurer.ErrNoInsured, Status: http.StatusNotFound, Code: "no_insured", Say: saying("nothing")},
	{Is: insurer.ErrNotLinked, Status: http.StatusConflict, Code: "not_linked", Say: saying("state")},
	{Is: insurer.ErrExists, Status: http.StatusConflict, Code: "exists", Say: saying("exists")},
	{Is: insurer.ErrDetails, Status: http.StatusUnprocessableEntity, Code: "details", Say: saying("details")},
	{Is: insurer.ErrLost, Status: http.StatusUnprocessableEntity, Code: "loss", Say: saying("loss")},
}}

// match finds an error's line.
func match(err error) (rpweb.Refusal[ui.Link], bool) {
	if refused, ok := errors.AsType[*medical.Refused](err); ok {
		said := reasonFor(refused.Code)
		return rpweb.Refusal[ui.Link]{
			Is: refused, Status: http.StatusUnprocessableEntity, Code: refused.Code, Say: rpweb.Say(said.Title, said.Patient, said.Staff),
		}, true
	}
	return refusals.Match(err)
}

// explain gives an error's page.
func explain(err error) (ui.Refusal, bool) {
	r, ok := match(err)
	if !ok {
		return ui.Refusal{}, false
	}
	page := r.Page(err, rpweb.Blanks(err, jpki.UserAuthentication, word("name.house")))
	if at, ok := errors.AsType[*placedError](err); ok {
		page.Next = []ui.Link{{Text: word("name.back"), Href: at.at, Primary: true}}
	}
	return page, true
}

// describe gives an error's problem for programs: of what was not confirmed with how far
// it came.
func describe(err error) (door.Problem, bool) {
	r, ok := match(err)
	if !ok {
		return door.Problem{}, false
	}
	p := r.Problem(err)
	if refused, ok := errors.AsType[*medical.Refused](err); ok {
		p.Extra["inquiry"], p.Extra["steps"] = refused.Inquiry, refused.Steps
	}
	return p, true
}

// RequestRefusal says in both languages why a request file of a receipt computer is put
// aside; "" if it is not.
func RequestRefusal(err error) string {
	for _, r := range []struct {
		is  error
		key string
	}{{medical.ErrRequest, "layout"}, {medical.ErrOthers, "others"}, {medical.ErrMember, "member"}} {
		if errors.Is(err, r.is) {
			return word("request.", r.key).JA + "\n" + word("request.", r.key).EN
		}
	}
	return ""
}

// trouble gives the reason for a code of the card agent's: one that is not known is
// "card_error", and what ended at the card's page was too late, which "expired" means of
// a certificate here.
func trouble(code string) string {
	if known := (&rpweb.TroubleError{Code: code}).Known(); known != "expired" {
		return known
	}
	return "late"
}
