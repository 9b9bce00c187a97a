package web

import (
	"errors"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
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

// toCounter leads a teller back.
func toCounter(string) []way { return []way{toBranch} }

// counterRefusals is the table of what a touch at the branch counter meets, for
// the teller.
var counterRefusals = rpweb.Table[way]{
	Ways:      toCounter,
	Otherwise: sayCounterOther,
	Words: map[string]rpweb.Saying{
		"no_challenge": sayNoTouch, "suspended": sayCounterSuspended, "revoked": sayCounterRevoked, "expired": sayCounterExpired,
		"not_accredited": sayCounterAuthority, "status_unavailable": sayCounterAuthority, "status_responder": sayCounterAuthority,
		"status_missing": sayCounterAuthority, "status_stale": sayCounterAuthority, "status_nonce": sayCounterAuthority,
	},
	Own: []refusal{
		{Is: errTouchOver, Status: http.StatusConflict, Code: "touch_over", Say: sayTouchOver, Next: []way{toBranch}},
		{Is: bank.ErrUnknownHolder, Status: http.StatusNotFound, Code: "unknown_holder", Say: sayCounterUnknown, Next: []way{toBranchOpening, toNewChange, toBranch}},
	},
}

// agentRefusals are the codes of the card agent, for the teller.
var agentRefusals = map[string]refusal{
	"cancelled":      {Status: http.StatusConflict, Say: sayCounterCancelled},
	"expired":        {Status: http.StatusConflict, Say: sayCounterCancelled},
	"pin_blocked":    {Status: http.StatusForbidden, Say: sayCounterBlocked},
	"wrong_pin":      {Status: http.StatusForbidden, Say: sayCounterPIN},
	"bad_pin_format": {Status: http.StatusForbidden, Say: sayCounterPIN},
	"no_card":        {Status: http.StatusConflict, Say: sayCounterNoCard},
	"no_certificate": {Status: http.StatusConflict, Say: sayCounterNoCard},
	"dead_card":      {Status: http.StatusConflict, Say: sayCounterNoCard},
	"not_jpki":       {Status: http.StatusConflict, Say: sayCounterNoCard},
}

// deskRefusals is the table of what staff meet.
var deskRefusals = rpweb.Table[way]{
	Ways:  toCounter,
	Words: map[string]rpweb.Saying{"busy": sayTouchesFull},
	Own: []refusal{
		{Is: bank.ErrNoAccount, Status: http.StatusNotFound, Code: "no_customer", Say: sayNoCustomer, Next: []way{toCustomers}},
		{Is: bank.ErrNoReport, Status: http.StatusNotFound, Code: "no_report", Say: sayNoReport, Next: []way{toSweeps}},
		{Is: bank.ErrNoNotice, Status: http.StatusNotFound, Code: "no_letter", Say: sayNoLetter, Next: []way{toLetters}},
	},
}

// paperRefusals is the table of what a signed paper meets, where that is told
// otherwise than at an opening.
var paperRefusals = rpweb.Table[way]{
	Ways: func(code string) []way {
		if code == "draft_expired" {
			return []way{toNewChange, toAccount}
		}
		return shared(code)
	},
	Words: map[string]rpweb.Saying{"draft_expired": sayPaperExpired, "tampered": sayDigest},
	Own: []refusal{
		{Is: bank.ErrApplicationUsed, Status: http.StatusConflict, Code: "paper_used", Say: sayPaperUsed, Next: []way{toAccount}},
		{Is: bank.ErrAlreadyCustomer, Status: http.StatusConflict, Code: "certificate_taken", Say: sayTaken, Next: []way{again, toFront}},
	},
}

// refusal tells a teller why a touch found nobody. The bank's own trouble is
// not among it.
func (e *counterFault) refusal() (refusal, bool) {
	if trouble, ok := errors.AsType[*rpweb.TroubleError](e.Err); ok {
		r, ok := agentRefusals[trouble.Code]
		if !ok {
			r = refusal{Status: http.StatusConflict, Say: sayCounterOther}
		}
		r.Is, r.Code, r.Next = e, "card_refused", []way{toBranch}
		return r, true
	}
	if r, ok := counterRefusals.Match(e.Err); ok {
		return r, true
	}
	r, ok := refusals.Match(e.Err)
	r.Say, r.Next = sayCounterOther, []way{toBranch}
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
	case errors.As(err, &signIn), rpweb.KindOf(err) == jpki.UserAuthentication:
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
