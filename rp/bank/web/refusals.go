package web

import (
	"errors"
	"net/http"
	"slices"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/shown"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	"example.jp/jpkimock/rp/bank/latest"
	room "example.jp/jpkimock/rp/bank/room/web"
)

var (
	errNotYours  = errors.New("bank: web: the signed-in customer has nothing at this address")
	errNoKey     = errors.New("bank: web: a transfer of a program needs the header Idempotency-Key")
	errNoPending = errors.New("bank: web: no transfer of this key waits for confirmation")
)

// calm are refusals that are no alarm: what was asked for is so already.
var calm = []error{bank.ErrNothingChanged, bank.ErrConsentInForce, bank.ErrConsentWithdrawn, latest.ErrGiven}

// waysOut returns the links that lead on from a refusal that all houses share, by its
// code.
func waysOut(code string) []ui.Link {
	switch code {
	case "suspended", "revoked", "expired", "status_unknown", "untrusted", "certificate_is_ca", "key_usage", "policy", "critical_extension", "algorithm":
		return []ui.Link{links.help}
	case "not_accredited":
		return []ui.Link{links.front}
	case "draft_expired":
		return []ui.Link{links.startOver}
	case "tampered":
		return []ui.Link{again, links.startOver}
	case "origin", "challenge_expired", "challenge_used", "no_challenge", "busy":
		return []ui.Link{links.signIn}
	}
	return []ui.Link{again}
}

// refusals is the table of everything the bank refuses its customers.
var refusals = room.Table{
	Ways: waysOut,
	Words: map[string]rpweb.Saying{
		"draft_expired": sayDraftExpired, "challenge_used": sayChallenge, "challenge_expired": sayChallengeExpired, "tampered": sayDigest,
	},
	Own: []room.Refusal{
		{Is: bank.ErrAlreadyCustomer, Status: http.StatusConflict, Code: "already_customer", Say: sayAlreadyCustomer, Next: []ui.Link{links.signIn, links.front}},
		{Is: bank.ErrUnknownHolder, Status: http.StatusForbidden, Code: "unknown_holder", Say: sayUnknownHolder, Next: []ui.Link{links.opening, links.change, links.signIn}},
		{Is: bank.ErrDocumentUsed, Status: http.StatusConflict, Code: "application_used", Say: sayApplicationUsed, Next: []ui.Link{links.startOver, links.signIn}},
		{Is: bank.ErrTooYoung, Status: http.StatusForbidden, Code: "too_young", Say: sayTooYoung, Next: []ui.Link{links.front}},
		{Is: bank.ErrPurpose, Status: http.StatusUnprocessableEntity, Code: "purpose", Say: sayPurpose, Next: []ui.Link{links.startOver}},
		{Is: bank.ErrBranch, Status: http.StatusUnprocessableEntity, Code: "branch", Say: sayBranch, Next: []ui.Link{links.startOver}},
		{Is: bank.ErrAccountNumber, Status: http.StatusUnprocessableEntity, Code: "account_number", Say: sayAccountNumber, Next: []ui.Link{links.transfer}},
		{Is: bank.ErrNoAccount, Status: http.StatusNotFound, Code: "no_account", Say: sayNoAccount, Next: []ui.Link{links.transfer}},
		{Is: bank.ErrSameAccount, Status: http.StatusUnprocessableEntity, Code: "same_account", Say: saySameAccount, Next: []ui.Link{links.transfer}},
		{Is: bank.ErrAmount, Status: http.StatusUnprocessableEntity, Code: "amount", Say: sayAmount, Next: []ui.Link{links.transfer}},
		{Is: bank.ErrMemo, Status: http.StatusUnprocessableEntity, Code: "memo", Say: sayMemo, Next: []ui.Link{links.transfer}},
		{Is: bank.ErrInsufficientFunds, Status: http.StatusConflict, Code: "insufficient_funds", Say: sayInsufficient, Next: []ui.Link{links.transfer, links.account}},
		{Is: bank.ErrKey, Status: http.StatusBadRequest, Code: "idempotency_key", Say: sayKey, Next: []ui.Link{links.transfer}},
		{Is: shown.ErrChanged, Status: http.StatusConflict, Code: "payee_changed", Say: sayPayeeChanged, Next: []ui.Link{links.transfer, links.account}},
		{Is: bank.ErrKeyReused, Status: http.StatusConflict, Code: "idempotency_key_reused", Say: sayKeyReused, Next: []ui.Link{links.account}},
		{Is: bank.ErrAnotherPerson, Status: http.StatusForbidden, Code: "another_person", Say: sayAnotherPerson, Next: []ui.Link{again, links.account}},
		{Is: bank.ErrNothingChanged, Status: http.StatusConflict, Code: "nothing_changed", Say: sayNothingChanged, Next: []ui.Link{links.account}},
		{Is: bank.ErrOtherCertificate, Status: http.StatusConflict, Code: "other_certificate", Say: sayOtherCertificate, Next: []ui.Link{links.change, links.consent}},
		{Is: bank.ErrRecordChanged, Status: http.StatusConflict, Code: "record_moved", Say: sayRecordMoved, Next: []ui.Link{links.account}},
		{Is: bank.ErrConsentInForce, Status: http.StatusConflict, Code: "consent_stands", Say: sayConsentStands, Next: []ui.Link{links.consent}},
		{Is: bank.ErrConsentWithdrawn, Status: http.StatusConflict, Code: "consent_withdrawn", Say: sayConsentWithdrawn, Next: []ui.Link{links.consent}},
		{Is: latest.ErrGiven, Status: http.StatusConflict, Code: "latest_given", Say: sayLatestGiven, Next: []ui.Link{links.latest}},
		{Is: latest.ErrNotTaken, Status: http.StatusBadGateway, Code: "latest_refused", Say: sayLatestRefused, Next: []ui.Link{links.latest, links.account}},
		{Is: bank.ErrNoNotice, Status: http.StatusNotFound, Code: "no_notice", Say: sayNoNotice, Next: []ui.Link{links.inbox, links.account}},
		{Is: errNoKey, Status: http.StatusBadRequest, Code: "idempotency_key_missing", Say: sayNoKey, Next: []ui.Link{links.transfer}},
		{Is: errNoPending, Status: http.StatusConflict, Code: "nothing_to_confirm", Say: sayNoPending, Next: []ui.Link{links.transfer, links.account}},
		{Is: errNotYours, Status: http.StatusNotFound, Code: "not_yours", Say: sayNotYours, Next: []ui.Link{links.account}},
	},
}

// formRefusals is the table of what the bank says in other words of a signed form than
// of an application.
var formRefusals = room.Table{
	Ways: func(code string) []ui.Link {
		if code == "draft_expired" {
			return []ui.Link{links.change, links.account}
		}
		return waysOut(code)
	},
	Words: map[string]rpweb.Saying{"draft_expired": sayFormExpired, "tampered": sayDigest},
	Own: []room.Refusal{
		{Is: bank.ErrDocumentUsed, Status: http.StatusConflict, Code: "form_used", Say: sayFormUsed, Next: []ui.Link{links.account}},
		{Is: bank.ErrAlreadyCustomer, Status: http.StatusConflict, Code: "certificate_taken", Say: sayTaken, Next: []ui.Link{again, links.front}},
	},
}

// words explain the errors of the customers' pages.
var words = rpweb.Words{Match: match, Fill: particulars}

// match finds an error's line in the tables, with again filled in and the front page
// as the last way out.
func match(err error) (room.Refusal, bool) {
	r, ok := lineOf(err)
	next := make([]ui.Link, 0, len(r.Next)+1)
	for _, l := range r.Next {
		if l == again {
			l = againAfter(err)
		}
		next = append(next, l)
	}
	if n := len(next); n > 0 && next[n-1] != links.front {
		next = append(next, links.front)
	}
	r.Next = next
	return r, ok
}

func lineOf(err error) (room.Refusal, bool) {
	if missing, ok := errors.AsType[*missingError](err); ok {
		return missing.refusal(), true
	}
	if errors.As(err, new(*formError)) {
		if r, ok := formRefusals.Match(err); ok {
			return r, true
		}
	}
	return refusals.Match(err)
}

// againAfter returns the link back to the act that was refused.
func againAfter(err error) ui.Link {
	if form, ok := errors.AsType[*formError](err); ok {
		return ui.Link{Text: signAgain, Href: formPaths[form.Kind] + "/draft"}
	}
	if errors.As(err, new(*signInError)) || rpweb.KindOf(err) == jpki.UserAuthentication {
		return ui.Link{Text: signInAgain, Href: "/signin"}
	}
	return ui.Link{Text: signAgain, Href: "/accounts/draft"}
}

// refusal is the line of a missingError: the words by how the session ended, the ways
// out by what was needed.
func (e *missingError) refusal() room.Refusal {
	r := room.Refusal{Is: e, Status: http.StatusUnauthorized, Next: []ui.Link{links.signIn, links.front}}
	switch e.Need {
	case needDraft:
		r.Status, r.Next = http.StatusConflict, []ui.Link{links.startOver, links.signIn}
	case needNonce:
		r.Status = http.StatusConflict
	case needForm:
		r.Status, r.Next = http.StatusConflict, []ui.Link{links.change, links.signIn}
	}
	switch {
	case e.Why == session.EndedIdle:
		r.Code, r.Say = "session_idle", sayEndedIdle
	case e.Why == session.EndedByAge:
		r.Code, r.Say = "session_age", sayEndedByAge
	case e.Why == session.EndedElsewhere:
		r.Code, r.Say = "session_gone", sayEndedElsewhere
	case e.Need == needDraft:
		r.Code, r.Say = "no_draft", sayNoDraft
	case e.Need == needNonce:
		r.Code, r.Say = "no_challenge", sayNoChallenge
	case e.Need == needForm:
		r.Code, r.Say = "no_form", sayNoForm
	default:
		r.Code, r.Say = "signed_out", saySignedOut
	}
	return r
}

// explain returns an error's page.
func explain(err error) (ui.Refusal, bool) {
	page, ok := words.Explain(err)
	page.Calm = slices.ContainsFunc(calm, func(already error) bool { return errors.Is(err, already) })
	return page, ok
}

// particulars fills the blanks of a sentence: those of room.Blanks, and the account that
// the person has already.
func particulars(err error) ui.Blanks {
	b := room.Blanks(err)
	if existing, ok := errors.AsType[*bank.AlreadyCustomerError](err); ok {
		b["{account}"], b["{since}"] = ui.Text{JA: string(existing.Account)}, ui.Day(existing.Since)
	}
	return b
}
