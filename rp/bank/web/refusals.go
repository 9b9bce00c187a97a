package web

import (
	"errors"
	"net/http"
	"slices"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
)

var (
	errNotYours  = errors.New("bank: web: the signed-in customer has nothing at this address")
	errNoKey     = errors.New("bank: web: a transfer of a program needs the header Idempotency-Key")
	errNoPending = errors.New("bank: web: no transfer of this key waits for confirmation")
)

// refusal is a line of the bank's tables.
type refusal = rpweb.Refusal[way]

// calm are the refusals of what stands already.
var calm = []error{bank.ErrNothingChanged, bank.ErrConsentInForce, bank.ErrConsentWithdrawn}

// shared gives the ways out of what all houses refuse.
func shared(code string) []way {
	switch code {
	case "suspended", "revoked", "expired", "status_unknown", "untrusted", "certificate_is_ca", "key_usage", "policy", "critical_extension", "algorithm":
		return []way{toHelp}
	case "not_accredited":
		return []way{toFront}
	case "draft_expired":
		return []way{startOver}
	case "tampered":
		return []way{again, startOver}
	case "origin", "challenge_expired", "challenge_used", "no_challenge", "busy":
		return []way{toSignIn}
	}
	return []way{again}
}

// refusals is the table of everything the bank refuses its customers.
var refusals = rpweb.Table[way]{
	Ways: shared,
	Words: map[string]rpweb.Saying{
		"draft_expired": sayDraftExpired, "challenge_used": sayChallenge, "challenge_expired": sayChallengeExpired, "tampered": sayDigest,
	},
	Own: []refusal{
		{Is: bank.ErrAlreadyCustomer, Status: http.StatusConflict, Code: "already_customer", Say: sayAlreadyCustomer, Next: []way{toSignIn, toFront}},
		{Is: bank.ErrUnknownHolder, Status: http.StatusForbidden, Code: "unknown_holder", Say: sayUnknownHolder, Next: []way{toOpening, toNewChange, toSignIn}},
		{Is: bank.ErrApplicationUsed, Status: http.StatusConflict, Code: "application_used", Say: sayApplicationUsed, Next: []way{startOver, toSignIn}},
		{Is: bank.ErrTooYoung, Status: http.StatusForbidden, Code: "too_young", Say: sayTooYoung, Next: []way{toFront}},
		{Is: bank.ErrPurpose, Status: http.StatusUnprocessableEntity, Code: "purpose", Say: sayPurpose, Next: []way{startOver}},
		{Is: bank.ErrBranch, Status: http.StatusUnprocessableEntity, Code: "branch", Say: sayBranch, Next: []way{startOver}},
		{Is: bank.ErrAccountNumber, Status: http.StatusUnprocessableEntity, Code: "account_number", Say: sayAccountNumber, Next: []way{toTransfer}},
		{Is: bank.ErrNoAccount, Status: http.StatusNotFound, Code: "no_account", Say: sayNoAccount, Next: []way{toTransfer}},
		{Is: bank.ErrSameAccount, Status: http.StatusUnprocessableEntity, Code: "same_account", Say: saySameAccount, Next: []way{toTransfer}},
		{Is: bank.ErrAmount, Status: http.StatusUnprocessableEntity, Code: "amount", Say: sayAmount, Next: []way{toTransfer}},
		{Is: bank.ErrMemo, Status: http.StatusUnprocessableEntity, Code: "memo", Say: sayMemo, Next: []way{toTransfer}},
		{Is: bank.ErrInsufficientFunds, Status: http.StatusConflict, Code: "insufficient_funds", Say: sayInsufficient, Next: []way{toTransfer, toAccount}},
		{Is: bank.ErrKey, Status: http.StatusBadRequest, Code: "idempotency_key", Say: sayKey, Next: []way{toTransfer}},
		{Is: bank.ErrKeyReused, Status: http.StatusConflict, Code: "idempotency_key_reused", Say: sayKeyReused, Next: []way{toAccount}},
		{Is: bank.ErrAnotherPerson, Status: http.StatusForbidden, Code: "another_person", Say: sayAnotherPerson, Next: []way{again, toAccount}},
		{Is: bank.ErrNothingChanged, Status: http.StatusConflict, Code: "nothing_changed", Say: sayNothingChanged, Next: []way{toAccount}},
		{Is: bank.ErrOtherCertificate, Status: http.StatusConflict, Code: "other_certificate", Say: sayOtherCertificate, Next: []way{toNewChange, toConsent}},
		{Is: bank.ErrRecordChanged, Status: http.StatusConflict, Code: "record_moved", Say: sayRecordMoved, Next: []way{toAccount}},
		{Is: bank.ErrConsentInForce, Status: http.StatusConflict, Code: "consent_stands", Say: sayConsentStands, Next: []way{toConsent}},
		{Is: bank.ErrConsentWithdrawn, Status: http.StatusConflict, Code: "consent_withdrawn", Say: sayConsentWithdrawn, Next: []way{toConsent}},
		{Is: bank.ErrNoNotice, Status: http.StatusNotFound, Code: "no_notice", Say: sayNoNotice, Next: []way{toInbox, toAccount}},
		{Is: bank.ErrNoReport, Status: http.StatusNotFound, Code: "no_report", Say: sayNoReport, Next: []way{toSweeps}},
		{Is: bank.ErrConfirmation, Status: http.StatusServiceUnavailable, Code: "confirmation_failed", Say: sayConfirmation, Next: []way{toSweeps}},
		{Is: errStaffKey, Status: http.StatusForbidden, Code: "staff_key", Say: sayStaffKey, Next: []way{toStaffSignIn}},
		{Is: errStaffClosed, Status: http.StatusForbidden, Code: "staff_closed", Say: sayStaffClosed, Next: []way{toFront}},
		{Is: errNoKey, Status: http.StatusBadRequest, Code: "idempotency_key_missing", Say: sayNoKey, Next: []way{toTransfer}},
		{Is: errNoPending, Status: http.StatusConflict, Code: "nothing_to_confirm", Say: sayNoPending, Next: []way{toTransfer, toAccount}},
		{Is: errNotYours, Status: http.StatusNotFound, Code: "not_yours", Say: sayNotYours, Next: []way{toAccount}},
	},
}

// match finds an error's line.
func match(err error) (refusal, bool) {
	if ended, ok := errors.AsType[*endedError](err); ok {
		return ended.refusal(), true
	}
	if counter, ok := errors.AsType[*counterFault](err); ok {
		return counter.refusal()
	}
	if errors.As(err, new(*staffFault)) {
		if r, ok := deskRefusals.Match(err); ok {
			return r, true
		}
	}
	if errors.As(err, new(*paperError)) {
		if r, ok := paperRefusals.Match(err); ok {
			return r, true
		}
	}
	return refusals.Match(err)
}

// refusal says why there is no session.
func (e *endedError) refusal() refusal {
	r := refusal{Is: e, Status: http.StatusUnauthorized, Next: []way{toSignIn, toFront}}
	switch e.Need {
	case needDraft:
		r.Status, r.Next = http.StatusConflict, []way{startOver, toSignIn}
	case needNonce:
		r.Status = http.StatusConflict
	case needPaper:
		r.Status, r.Next = http.StatusConflict, []way{toNewChange, toSignIn}
	case needClerk:
		return refusal{Is: e, Status: http.StatusUnauthorized, Code: "staff_signed_out", Say: sayStaffSignedOut, Next: []way{toStaffSignIn}}
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
	case e.Need == needPaper:
		r.Code, r.Say = "no_paper", sayNoPaper
	default:
		r.Code, r.Say = "signed_out", saySignedOut
	}
	return r
}

// explainProblem gives an error's status and code for programs.
func explainProblem(err error) (door.Problem, bool) {
	r, ok := match(err)
	if !ok {
		return door.Problem{}, false
	}
	return r.Problem(err), true
}

// explainPage gives an error's page: what happened, why, what to do.
func explainPage(err error) (ui.Refusal, bool) {
	r, ok := match(err)
	if !ok {
		return ui.Refusal{}, false
	}
	page := r.Page(err, particulars(err))
	page.Calm = slices.ContainsFunc(calm, func(stands error) bool { return errors.Is(r.Is, stands) })
	page.Next = r.Links(func(w way) ui.Link { return wayOut(w, err) })
	if last := r.Next[len(r.Next)-1]; last != toFront && !last.inside() {
		page.Next = append(page.Next, wayOut(toFront, err))
	}
	return page, true
}

// particulars fills what a sentence leaves open: of the certificate, and whose
// account is there.
func particulars(err error) ui.Blanks {
	b := rpweb.Blanks(err, rpweb.KindOf(err), theBank)
	if there, ok := errors.AsType[*bank.AlreadyCustomerError](err); ok {
		b["{account}"], b["{since}"] = ui.Text{JA: string(there.Account)}, ui.Day(there.Since)
	}
	return b
}
