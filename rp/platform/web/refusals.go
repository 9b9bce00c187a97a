package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/platform"
)

// refusal is a line of the table: an error, how it leaves over HTTP, the words
// for people, and whether trying again may help.
type refusal struct {
	is     error
	status int
	code   string
	say    saying
	again  bool
}

// refusals is the one table of everything that people are refused. The first line
// that an error matches is taken, so the particular stands above the general.
var refusals = []refusal{
	// What the authority says of the certificate.
	{rp.ErrSuspended, http.StatusForbidden, "suspended", saySuspended, false},
	{rp.ErrRevoked, http.StatusForbidden, "revoked", sayRevoked, false},
	{rp.ErrExpired, http.StatusForbidden, "expired", sayExpired, false},
	{rp.ErrNotYetValid, http.StatusForbidden, "not_yet_valid", sayNotYetValid, true},
	{rp.ErrStatusUnknown, http.StatusForbidden, "status_unknown", sayStatusUnknown, false},
	{rp.ErrNotAccredited, http.StatusServiceUnavailable, "not_accredited", sayNotAccredited, false},
	{rp.ErrStatusResponder, http.StatusServiceUnavailable, "status_responder", sayStatusDoubtful, true},
	{rp.ErrStatusMissing, http.StatusServiceUnavailable, "status_missing", sayStatusDoubtful, true},
	{rp.ErrStatusStale, http.StatusServiceUnavailable, "status_stale", sayStatusDoubtful, true},
	{rp.ErrStatusNonce, http.StatusServiceUnavailable, "status_nonce", sayStatusDoubtful, true},
	{rp.ErrStatusUnavailable, http.StatusServiceUnavailable, "status_unavailable", sayStatusUnavailable, true},

	// What the certificate is.
	{rp.ErrKind, http.StatusUnprocessableEntity, "wrong_kind", sayKind, true},
	{rp.ErrChain, http.StatusForbidden, "untrusted", sayChain, true},
	{rp.ErrBasicConstraints, http.StatusForbidden, "certificate_is_ca", sayProfile, true},
	{rp.ErrKeyUsage, http.StatusForbidden, "key_usage", sayProfile, true},
	{rp.ErrPolicy, http.StatusForbidden, "policy", sayProfile, true},
	{rp.ErrCriticalExtension, http.StatusForbidden, "critical_extension", sayProfile, true},

	// What the card answered.
	{rp.ErrOrigin, http.StatusForbidden, "origin", sayOrigin, true},
	{rp.ErrDocumentExpired, http.StatusConflict, "draft_expired", sayAnswer, true},
	{rp.ErrDigest, http.StatusUnprocessableEntity, "tampered", sayAnswer, true},
	{rp.ErrSignature, http.StatusUnprocessableEntity, "bad_signature", sayAnswer, true},
	{rp.ErrSignerIdentifier, http.StatusUnprocessableEntity, "signer_identifier", sayAnswer, true},
	{rp.ErrAlgorithm, http.StatusUnprocessableEntity, "algorithm", sayAnswer, true},
	{rp.ErrTooLarge, http.StatusRequestEntityTooLarge, "too_large", sayAnswer, true},
	{rp.ErrMalformed, http.StatusUnprocessableEntity, "malformed", sayAnswer, true},
	{rp.ErrChallengeExpired, http.StatusConflict, "challenge_expired", sayChallengeExpired, true},
	{rp.ErrChallenge, http.StatusConflict, "challenge_used", sayChallenge, true},
	{rp.ErrTooManyChallenges, http.StatusServiceUnavailable, "busy", sayBusy, true},

	// The platform's own rules.
	{platform.ErrNoLogin, http.StatusConflict, "no_login", sayNoLogin, false},
	{platform.ErrNoChallenge, http.StatusConflict, "no_challenge", sayChallenge, true},
	{platform.ErrNoPresence, http.StatusForbidden, "no_presence", sayAnswer, true},
	{platform.ErrNotVerified, http.StatusConflict, "not_verified", sayNotVerified, true},
	{platform.ErrNoConsent, http.StatusConflict, "no_consent", sayNoConsent, false},
	{platform.ErrBusy, http.StatusServiceUnavailable, "busy", sayBusy, true},
}

// providerMissing stands apart: of an authorization request it is the standard's
// word that is told.
var providerMissing = refusal{platform.ErrNoServiceProvider, http.StatusNotFound, "no_service_provider", sayNoProvider, false}

// match finds an error's line.
func match(err error) (refusal, bool) {
	var asked *platform.OAuthError
	var agent *platform.AgentError
	var field *platform.FieldError
	switch {
	case errors.As(err, &asked):
		return refusal{asked, http.StatusBadRequest, asked.Code, sayAsked, false}, true
	case errors.As(err, &agent):
		code, said := agentSays(agent.Code)
		return refusal{agent, http.StatusForbidden, code, said, code != "pin_blocked"}, true
	case errors.As(err, &field):
		return refusal{field, http.StatusUnprocessableEntity, "field", sayField, false}, true
	case errors.Is(err, platform.ErrNoServiceProvider):
		return providerMissing, true
	}
	for _, r := range refusals {
		if errors.Is(err, r.is) {
			return r, true
		}
	}
	return refusal{}, false
}

// explainProblem gives an error's status and code for programs. An error of the
// standard has the standard's members too.
func explainProblem(err error) (door.Problem, bool) {
	r, ok := match(err)
	if !ok {
		return door.Problem{}, false
	}
	p := door.Problem{Status: r.status, Code: r.code, Detail: err.Error(), Extra: map[string]any{}}
	var asked *platform.OAuthError
	if errors.As(err, &asked) {
		p.Extra["error"], p.Extra["error_description"] = asked.Code, asked.Description
	}
	var field *platform.FieldError
	if errors.As(err, &field) {
		p.Extra["field"] = field.Field
	}
	var revoked *rp.RevokedError
	if errors.As(err, &revoked) {
		p.Extra["reason"], p.Extra["at"] = revoked.Reason, revoked.At.UTC().Format(time.RFC3339)
	}
	return p, true
}

// explainPage gives an error's page: what happened, why, what to do.
func (w *entrance) explainPage(err error) (ui.Refusal, bool) {
	r, ok := match(err)
	if !ok {
		return ui.Refusal{}, false
	}
	ja, en := particulars(err)
	page := ui.Refusal{
		Status: r.status, Code: r.code, Detail: r.code + "\n" + err.Error(), Title: r.say.title,
		Body: ui.Text{JA: ja.Replace(r.say.why.JA + "\n" + r.say.do.JA), EN: en.Replace(r.say.why.EN + "\n" + r.say.do.EN)},
	}
	var at *atLogin
	switch {
	case errors.As(err, &at):
		if r.again {
			page.Next = append(page.Next, ui.Link{Text: ways.again, Href: loginPath(at.login.ID), Primary: true})
		}
		page.Next = append(page.Next, ui.Link{Text: ways.service, Href: w.platform.ErrorURL(at.login.Declined()), Primary: !r.again})
	case isCards(err):
		page.Next = []ui.Link{{Text: ways.again, Href: "/signin", Primary: true}, {Text: ways.front, Href: "/"}}
	}
	return page, true
}

func isCards(err error) bool {
	var card *platform.CardError
	return errors.As(err, &card) || errors.Is(err, platform.ErrNoChallenge)
}

// particulars fills what a sentence leaves open: when and why a certificate was
// revoked.
func particulars(err error) (ja, en *strings.Replacer) {
	var revoked *rp.RevokedError
	if !errors.As(err, &revoked) {
		return strings.NewReplacer("{at}", "日時不明", "{reason}", "不明"), strings.NewReplacer("{at}", "a time not told", "{reason}", "not told")
	}
	at := revoked.At.In(jpki.JST)
	return strings.NewReplacer("{at}", at.Format(momentJA), "{reason}", revoked.Reason.Japanese()),
		strings.NewReplacer("{at}", at.Format("2 January 2006 15:04"), "{reason}", revoked.Reason.String())
}
