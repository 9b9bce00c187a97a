package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/internal/door"
)

// rules is the one table that turns a broken rule of the domain into an
// answer.
var rules = []struct {
	err    error
	status int
	code   string
}{
	{authority.ErrNoResident, http.StatusNotFound, "unknown_resident"},
	{authority.ErrNoCertificate, http.StatusNotFound, "unknown_certificate"},
	{authority.ErrNoPair, http.StatusNotFound, "no_paired_certificate"},
	{authority.ErrNoVerifier, http.StatusNotFound, "unknown_verifier"},
	{authority.ErrNoCard, http.StatusNotFound, "unknown_card"},
	{authority.ErrResidentExists, http.StatusConflict, "resident_exists"},
	{authority.ErrCardExists, http.StatusConflict, "card_exists"},
	{authority.ErrCardExpired, http.StatusConflict, "card_expired"},
	{authority.ErrAlreadyRevoked, http.StatusConflict, "already_revoked"},
	{authority.ErrAlreadySuspended, http.StatusConflict, "already_suspended"},
	{authority.ErrNotSuspended, http.StatusConflict, "not_suspended"},
	{authority.ErrExpired, http.StatusConflict, "expired"},
	{authority.ErrTooYoung, http.StatusConflict, "too_young"},
	{authority.ErrOutsideCAValidity, http.StatusConflict, "outside_ca_validity"},
	{authority.ErrVerifierExists, http.StatusConflict, "verifier_exists"},
	{authority.ErrVerifierWithdrawn, http.StatusConflict, "accreditation_withdrawn"},
	{authority.ErrNoSuccessor, http.StatusNotFound, "no_successor"},
	{authority.ErrNoApplication, http.StatusNotFound, "unknown_application"},
	{authority.ErrNotRegistered, http.StatusConflict, "not_registered"},
	{authority.ErrResidesHere, http.StatusConflict, "resides_here"},
	{authority.ErrCardNotInUse, http.StatusConflict, "card_not_in_use"},
	{authority.ErrCardNotLost, http.StatusConflict, "card_not_lost"},
	{authority.ErrTooEarly, http.StatusConflict, "too_early"},
	{authority.ErrNothingToDo, http.StatusConflict, "nothing_to_do"},
	{authority.ErrApplicationDecided, http.StatusConflict, "application_decided"},
	{authority.ErrTooManyApplications, http.StatusServiceUnavailable, "too_many_applications"},
	{authority.ErrChangedMeanwhile, http.StatusConflict, "changed_meanwhile"},
	{authority.ErrNoCardWriter, http.StatusServiceUnavailable, "no_card_writer"},
}

// problem gives the answer for an error of the domain; any other error stays
// what it is.
func problem(c echo.Context, err error) error {
	var refused *authority.NotAccreditedError
	var invalid *authority.InvalidError
	var card *authority.CardError
	var elsewhere *authority.ElsewhereError
	switch {
	case errors.As(err, &refused) && refused.Reason == authority.NoKey:
		c.Response().Header().Set("WWW-Authenticate", `Bearer realm="accredited verifiers"`)
		return door.Problem{Status: http.StatusUnauthorized, Code: authority.NoKey, Detail: "send Authorization: Bearer <verifier key>"}
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
