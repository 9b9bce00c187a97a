package web

import (
	"errors"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/bank"
)

// way is a way out of a refusal.
type way int

const (
	toFront way = iota
	toHelp
	toSignIn
	toOpening
	toTransfer
	toAccount
	startOver
	again // the same act: signing once more, or signing in once more
	toNewChange
	toConsent
	toInbox
	// From here on the ways are those of staff.
	toStaffSignIn
	toStaff
	toCustomers
	toSweeps
	toLetters
	toBranch
	toBranchOpening
)

// inside reports whether a way is one of staff.
func (w way) inside() bool { return w >= toStaffSignIn }

// counterRefusals is the table of what a touch at the branch counter meets,
// for the teller.
var counterRefusals = []refusal{
	{errNoTouch, http.StatusConflict, "no_touch", sayNoTouch, []way{toBranch}},
	{errTouchOver, http.StatusConflict, "touch_over", sayTouchOver, []way{toBranch}},
	{rp.ErrSuspended, http.StatusForbidden, "suspended", sayCounterSuspended, []way{toBranch}},
	{rp.ErrRevoked, http.StatusForbidden, "revoked", sayCounterRevoked, []way{toBranch}},
	{rp.ErrExpired, http.StatusForbidden, "expired", sayCounterExpired, []way{toBranch}},
	{bank.ErrUnknownHolder, http.StatusNotFound, "unknown_holder", sayCounterUnknown, []way{toBranchOpening, toNewChange, toBranch}},
	{rp.ErrNotAccredited, http.StatusServiceUnavailable, "not_accredited", sayCounterAuthority, []way{toBranch}},
	{rp.ErrStatusUnavailable, http.StatusServiceUnavailable, "status_unavailable", sayCounterAuthority, []way{toBranch}},
}

// agentRefusals are the codes of the card agent, for the teller.
var agentRefusals = map[string]refusal{
	"cancelled":      {status: http.StatusConflict, say: sayCounterCancelled},
	"expired":        {status: http.StatusConflict, say: sayCounterCancelled},
	"pin_blocked":    {status: http.StatusForbidden, say: sayCounterBlocked},
	"wrong_pin":      {status: http.StatusForbidden, say: sayCounterPIN},
	"bad_pin_format": {status: http.StatusForbidden, say: sayCounterPIN},
	"no_card":        {status: http.StatusConflict, say: sayCounterNoCard},
	"no_certificate": {status: http.StatusConflict, say: sayCounterNoCard},
	"dead_card":      {status: http.StatusConflict, say: sayCounterNoCard},
	"not_jpki":       {status: http.StatusConflict, say: sayCounterNoCard},
}

// deskRefusals is the table of what staff meet.
var deskRefusals = []refusal{
	{bank.ErrNoAccount, http.StatusNotFound, "no_customer", sayNoCustomer, []way{toCustomers}},
	{bank.ErrNoReport, http.StatusNotFound, "no_report", sayNoReport, []way{toSweeps}},
	{bank.ErrNoNotice, http.StatusNotFound, "no_letter", sayNoLetter, []way{toLetters}},
	{errTouchesFull, http.StatusServiceUnavailable, "busy", sayTouchesFull, []way{toBranch}},
	{rp.ErrTooManyChallenges, http.StatusServiceUnavailable, "busy", sayTouchesFull, []way{toBranch}},
}

// paperRefusals is the table of what a signed paper meets, where that is told
// otherwise than at an opening.
var paperRefusals = []refusal{
	{bank.ErrApplicationUsed, http.StatusConflict, "paper_used", sayPaperUsed, []way{toAccount}},
	{rp.ErrDocumentExpired, http.StatusConflict, "paper_expired", sayPaperExpired, []way{toNewChange, toAccount}},
	{bank.ErrAlreadyCustomer, http.StatusConflict, "certificate_taken", sayTaken, []way{again, toFront}},
}

// matchUpkeep finds the line of an error of the counter, of a desk or of a
// paper.
func matchUpkeep(err error) (refusal, bool) {
	var counter *counterFault
	if errors.As(err, &counter) {
		return counter.refusal()
	}
	var staff *staffFault
	if errors.As(err, &staff) {
		return find(deskRefusals, err)
	}
	var paper *paperError
	if errors.As(err, &paper) {
		return find(paperRefusals, err)
	}
	return refusal{}, false
}

// refusal tells a teller why a touch found nobody. The bank's own trouble is
// not among it.
func (e *counterFault) refusal() (refusal, bool) {
	if e.Agent != "" {
		r, ok := agentRefusals[e.Agent]
		if !ok {
			r = refusal{status: http.StatusConflict, say: sayCounterOther}
		}
		r.is, r.code, r.next = e, "card_refused", []way{toBranch}
		return r, true
	}
	if r, ok := find(counterRefusals, e.Err); ok {
		return r, true
	}
	r, ok := find(refusals, e.Err)
	r.say, r.next = sayCounterOther, []way{toBranch}
	return r, ok
}

// wayOut gives the link of a way.
func wayOut(w way, err error) ui.Link {
	switch w {
	case toHelp:
		return ui.Link{Text: ways.help, Href: "/help"}
	case toSignIn:
		return ui.Link{Text: ways.signIn, Href: "/signin"}
	case toOpening:
		return ui.Link{Text: ways.opening, Href: "/accounts/new"}
	case toTransfer:
		return ui.Link{Text: ways.transfer, Href: "/transfers/new"}
	case toAccount:
		return ui.Link{Text: ways.account, Href: "/account"}
	case startOver:
		return ui.Link{Text: ways.startOver, Href: "/accounts/new"}
	case again:
		return againOut(err)
	case toNewChange:
		return ui.Link{Text: ways.noSignIn, Href: "/changes/new"}
	case toConsent:
		return ui.Link{Text: ways.consent, Href: "/consent"}
	case toInbox:
		return ui.Link{Text: ways.inbox, Href: "/inbox"}
	}
	return wayInside(w)
}

// againOut leads back to the act that was refused.
func againOut(err error) ui.Link {
	var paper *paperError
	var signIn *signInError
	switch {
	case errors.As(err, &paper):
		return ui.Link{Text: ways.signAgain, Href: paperActions[paper.Kind] + "/draft"}
	case errors.As(err, &signIn), kindOf(err) == jpki.UserAuthentication:
		return ui.Link{Text: ways.signInAgain, Href: "/signin"}
	}
	return ui.Link{Text: ways.signAgain, Href: "/accounts/draft"}
}

// wayInside gives the link of a way of staff.
func wayInside(w way) ui.Link {
	switch w {
	case toStaffSignIn:
		return ui.Link{Text: ways.staffSignIn, Href: "/staff/signin"}
	case toStaff:
		return ui.Link{Text: ways.staff, Href: "/staff"}
	case toCustomers:
		return ui.Link{Text: ways.customers, Href: "/staff/customers"}
	case toSweeps:
		return ui.Link{Text: ways.sweeps, Href: "/staff/sweeps"}
	case toLetters:
		return ui.Link{Text: ways.letters, Href: "/staff/letters"}
	case toBranch:
		return ui.Link{Text: ways.branch, Href: "/branch"}
	case toBranchOpening:
		return ui.Link{Text: ways.branchToOpening, Href: "/accounts/new"}
	}
	return ui.Link{Text: ways.front, Href: "/"}
}
