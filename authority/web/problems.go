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
)

// rules is the one table that turns a broken rule of the domain into an
// answer.
var rules = []struct {
	err    error
	status int
	code   string
}{
	{register.ErrNoResident, http.StatusNotFound, "unknown_resident"},
	{register.ErrNoCertificate, http.StatusNotFound, "unknown_certificate"},
	{authority.ErrNoPair, http.StatusNotFound, "no_paired_certificate"},
	{accreditation.ErrNoVerifier, http.StatusNotFound, "unknown_verifier"},
	{register.ErrNoCard, http.StatusNotFound, "unknown_card"},
	{register.ErrResidentExists, http.StatusConflict, "resident_exists"},
	{register.ErrCardExists, http.StatusConflict, "card_exists"},
	{register.ErrCardExpired, http.StatusConflict, "card_expired"},
	{register.ErrAlreadyRevoked, http.StatusConflict, "already_revoked"},
	{register.ErrAlreadySuspended, http.StatusConflict, "already_suspended"},
	{register.ErrNotSuspended, http.StatusConflict, "not_suspended"},
	{register.ErrExpired, http.StatusConflict, "expired"},
	{register.ErrTooYoung, http.StatusConflict, "too_young"},
	{ca.ErrOutsideValidity, http.StatusConflict, "outside_ca_validity"},
	{accreditation.ErrVerifierExists, http.StatusConflict, "verifier_exists"},
	{accreditation.ErrVerifierWithdrawn, http.StatusConflict, "accreditation_withdrawn"},
	{authority.ErrNoSuccessor, http.StatusNotFound, "no_successor"},
	{accreditation.ErrNoApplication, http.StatusNotFound, "unknown_application"},
	{register.ErrNotRegistered, http.StatusConflict, "not_registered"},
	{register.ErrResidesHere, http.StatusConflict, "resides_here"},
	{register.ErrCardNotInUse, http.StatusConflict, "card_not_in_use"},
	{register.ErrCardNotLost, http.StatusConflict, "card_not_lost"},
	{register.ErrTooEarly, http.StatusConflict, "too_early"},
	{register.ErrNothingToDo, http.StatusConflict, "nothing_to_do"},
	{accreditation.ErrApplicationDecided, http.StatusConflict, "application_decided"},
	{accreditation.ErrTooManyApplications, http.StatusServiceUnavailable, "too_many_applications"},
	{authority.ErrChangedMeanwhile, http.StatusConflict, "changed_meanwhile"},
	{authority.ErrNoCardWriter, http.StatusServiceUnavailable, "no_card_writer"},
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
		return door.Problem{Status: http.StatusBadRequest, Code: "invalid", Detail: invalid.Error(), Extra: map[string]any{"field": invalid.Field}}
	case errors.As(err, &elsewhere):
		m := elsewhere.Responsible
		return door.Problem{
			Status: http.StatusForbidden, Code: "other_municipality", Detail: elsewhere.Error(),
			Extra: map[string]any{"responsible": map[string]string{"code": m.Code, "name": m.Prefecture + m.City}},
		}
	case errors.As(err, &card):
		return door.Problem{Status: http.StatusBadGateway, Code: "card_house", Detail: card.Error()}
	}
	for _, r := range rules {
		if errors.Is(err, r.err) {
			return door.Problem{Status: r.status, Code: r.code, Detail: r.err.Error()}
		}
	}
	return err
}

func malformed(detail string) error {
	return door.Problem{Status: http.StatusBadRequest, Code: "malformed", Detail: detail}
}
