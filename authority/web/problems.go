package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/accreditation"
	accreditationweb "example.jp/jpkimock/authority/accreditation/web"
	"example.jp/jpkimock/authority/desk"
	deskweb "example.jp/jpkimock/authority/desk/web"
	registerweb "example.jp/jpkimock/authority/register/web"
	"example.jp/jpkimock/internal/door"
)

// rules is what programs can break: the rules of all rooms.
func rules() deskweb.Rules { return slices.Concat(registerweb.Rules(), accreditationweb.Rules()) }

// invalidFields is the refusal of an entry with fields that the rules refuse: all of
// them, the first one also by itself.
func invalidFields(wrong []*desk.InvalidError) door.Problem {
	fields, said := make([]door.FieldError, len(wrong)), make([]string, len(wrong))
	for i, w := range wrong {
		fields[i], said[i] = door.FieldError{Field: w.Field, Problem: w.Reason}, w.Field+": "+w.Reason
	}
	return door.Problem{
		Status: http.StatusBadRequest, Code: "invalid", Detail: "authority: " + strings.Join(said, "; "),
		Extra: map[string]any{"field": wrong[0].Field, "fields": fields},
	}
}

// problem gives the answer for an error of the domain; any other error stays
// what it is.
func problem(c echo.Context, err error) error {
	var refused *accreditation.NotAccreditedError
	var invalid *desk.InvalidError
	var card *authority.CardError
	var elsewhere *desk.ElsewhereError
	switch {
	case errors.As(err, &refused) && refused.Reason == accreditation.NoKey:
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="accredited verifiers"`)
		return door.Problem{Status: http.StatusUnauthorized, Code: accreditation.NoKey, Detail: "send Authorization: Bearer <verifier key>"}
	case errors.As(err, &refused):
		p := door.Problem{Status: http.StatusForbidden, Code: "not_accredited", Detail: refused.Error(), Extra: map[string]any{"reason": refused.Reason}}
		if refused.Kind.Valid() {
			p.Extra["kind"] = refused.Kind.String()
		}
		return p
	case errors.As(err, &invalid):
		return invalidFields(desk.Wrong(err))
	case errors.As(err, &elsewhere):
		m := elsewhere.Responsible
		return door.Problem{
			Status: http.StatusForbidden, Code: "other_municipality", Detail: elsewhere.Error(),
			Extra: map[string]any{"responsible": map[string]string{"code": m.Code, "name": m.Prefecture + m.City}},
		}
	case errors.As(err, &card):
		return door.Problem{Status: http.StatusBadGateway, Code: "card_house", Detail: card.Error()}
	}
	if r, ok := rules().Broken(err); ok {
		return door.Problem{Status: r.Status, Code: r.Code, Detail: r.Err.Error()}
	}
	return err
}
