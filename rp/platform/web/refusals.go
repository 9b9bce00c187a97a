package web

import (
	"errors"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
	"example.jp/jpkimock/rp/platform/attributes"
	"example.jp/jpkimock/rp/platform/tester"
	"example.jp/jpkimock/rp/platform/transactions"
)

// again is a way out of a refusal: whether trying once more may help.
type again bool

// The ways, as a line of the table has them.
var (
	tryAgain = []again{true}
	noUse    []again
)

// refusals is the one table of everything that people are refused.
var refusals = rpweb.Table[again]{
	Words: map[string]rpweb.Saying{"expired": sayExpired, "challenge_used": sayChallenge, "no_challenge": sayChallenge},
	Ways: func(code string) []again {
		switch code {
		case "suspended", "revoked", "expired", "status_unknown", "not_accredited":
			return noUse
		}
		return tryAgain
	},
	Own: []rpweb.Refusal[again]{
		{Is: platform.ErrNoLogin, Status: http.StatusConflict, Code: "no_login", Say: sayNoLogin},
		{Is: platform.ErrNoChallenge, Status: http.StatusConflict, Code: "no_challenge", Say: sayChallenge, Next: tryAgain},
		{Is: platform.ErrNotVerified, Status: http.StatusConflict, Code: "not_verified", Say: sayNotVerified, Next: tryAgain},
		{Is: platform.ErrOtherCard, Status: http.StatusForbidden, Code: "other_card", Say: sayOtherCard, Next: tryAgain},
		{Is: transactions.ErrNone, Status: http.StatusNotFound, Code: "no_transaction", Say: sayNoTransaction},
		{Is: transactions.ErrWaiting, Status: http.StatusConflict, Code: "transaction_waiting", Say: sayNoTransaction},
		{Is: transactions.ErrOver, Status: http.StatusGone, Code: "transaction_over", Say: sayNoTransaction},
		{Is: transactions.ErrFull, Status: http.StatusTooManyRequests, Code: "too_many_transactions", Say: sayManyTransactions},
		{Is: transactions.ErrDigest, Status: http.StatusUnprocessableEntity, Code: "bad_digest", Say: sayAsked},
		{Is: transactions.ErrToken, Status: http.StatusForbidden, Code: "malformed_signature", Say: sayBadSignature, Next: tryAgain},
		{Is: platform.ErrNoConsent, Status: http.StatusConflict, Code: "no_consent", Say: sayNoConsent},
		{Is: platform.ErrKeyStep, Status: http.StatusConflict, Code: "key_step", Say: sayKeyStep},
		{Is: attributes.ErrNone, Status: http.StatusForbidden, Code: "no_attributes", Say: sayNoAttributes, Next: tryAgain},
		{Is: attributes.ErrStatement, Status: http.StatusForbidden, Code: "attributes_statement", Say: sayStatement, Next: tryAgain},
		{Is: attributes.ErrKeys, Status: http.StatusServiceUnavailable, Code: "attributes_keys", Say: sayKeys, Next: tryAgain},
		{Is: tester.ErrOff, Status: http.StatusNotFound, Code: "no_tester", Say: sayNoTester, Next: tryAgain},
		{Is: tester.ErrPerson, Status: http.StatusUnprocessableEntity, Code: "no_test_person", Say: sayNoTestPerson},
		{Is: tester.ErrOutcome, Status: http.StatusUnprocessableEntity, Code: "no_outcome", Say: sayNoOutcome},
		{Is: tester.ErrSilent, Status: http.StatusServiceUnavailable, Code: "tester_silent", Say: sayTesterSilent},
		{Is: tester.ErrLastTry, Status: http.StatusConflict, Code: "tester_last_try", Say: sayTesterLastTry},
		{Is: platform.ErrNoServiceProvider, Status: http.StatusNotFound, Code: "no_service_provider", Say: sayNoProvider},
	},
}

// isInvalidToken reports that an access token was refused.
func isInvalidToken(err error) bool {
	asked, ok := errors.AsType[*platform.OAuthError](err)
	return ok && asked.Code == platform.InvalidToken
}

// match finds an error's line. Of an authorization request it is the standard's
// word that is told.
func match(err error) (rpweb.Refusal[again], bool) {
	if asked, ok := errors.AsType[*platform.OAuthError](err); ok {
		status := http.StatusBadRequest
		if isInvalidToken(err) {
			status = http.StatusUnauthorized
		}
		return rpweb.Refusal[again]{Is: asked, Status: status, Code: asked.Code, Say: sayAsked}, true
	}
	if trouble, ok := errors.AsType[*rpweb.TroubleError](err); ok {
		r := rpweb.Refusal[again]{Is: trouble, Status: http.StatusForbidden, Code: trouble.Known(), Say: trouble.Saying()}
		if r.Code != "pin_blocked" {
			r.Next = tryAgain
		}
		return r, true
	}
	if field, ok := errors.AsType[*platform.FieldError](err); ok {
		return rpweb.Refusal[again]{Is: field, Status: http.StatusUnprocessableEntity, Code: "field", Say: sayField}, true
	}
	return refusals.Match(err)
}

// explainProblem gives an error's status and code for programs. An error of the
// standard has the standard's members too.
func explainProblem(err error) (door.Problem, bool) {
	r, ok := match(err)
	if !ok {
		return door.Problem{}, false
	}
	p := r.Problem(err)
	if asked, ok := errors.AsType[*platform.OAuthError](err); ok {
		p.Extra["error"], p.Extra["error_description"] = asked.Code, asked.Description
	}
	if field, ok := errors.AsType[*platform.FieldError](err); ok {
		p.Extra["field"] = field.Field
	}
	return p, true
}

// explainPage gives an error's page: what happened, why, what to do.
func (w *entrance) explainPage(err error) (ui.Refusal, bool) {
	r, ok := match(err)
	if !ok {
		return ui.Refusal{}, false
	}
	page := r.Page(err, rpweb.Blanks(err, jpki.UserAuthentication, platformItself))
	at, atPages := errors.AsType[*atLogin](err)
	_, tested := errors.AsType[*byTester](err)
	switch {
	case atPages && tested && w.cfg.Tester != nil:
		page.Next = []ui.Link{{Text: ways.tester, Href: testerPath(at.login.ID), Primary: true}, w.backTo(at, false)}
	case atPages && len(r.Next) > 0:
		page.Next = []ui.Link{{Text: ways.again, Href: loginPath(at.login.ID), Primary: true}, w.backTo(at, false)}
	case atPages:
		page.Next = []ui.Link{w.backTo(at, true)}
	case isCards(err):
		page.Next = []ui.Link{{Text: ways.again, Href: "/signin", Primary: true}, {Text: ways.front, Href: "/"}}
	}
	return page, true
}

// backTo leads back to the service.
func (w *entrance) backTo(at *atLogin, primary bool) ui.Link {
	return ui.Link{Text: ways.service, Href: w.platform.ErrorURL(at.login.Declined()), Primary: primary}
}

// isCards reports that a card's answer was refused.
func isCards(err error) bool {
	return rp.Code(err) != "" || errors.Is(err, platform.ErrNoChallenge)
}
