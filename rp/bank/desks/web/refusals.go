package web

import (
	"errors"
	"net/http"

	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp/bank"
	room "example.jp/jpkimock/rp/bank/room/web"
)

// refusals is the table of errors on the pages of staff.
var refusals = room.Table{
	Own: []room.Refusal{
		{Is: bank.ErrNoAccount, Status: http.StatusNotFound, Code: "no_customer", Say: sayNoCustomer, Next: []ui.Link{links.customers}},
		{Is: bank.ErrNoReport, Status: http.StatusNotFound, Code: "no_report", Say: sayNoReport, Next: []ui.Link{links.confirmations}},
		{Is: bank.ErrNoNotice, Status: http.StatusNotFound, Code: "no_letter", Say: sayNoLetter, Next: []ui.Link{links.letters}},
		{Is: bank.ErrConfirmation, Status: http.StatusServiceUnavailable, Code: "confirmation_failed", Say: sayConfirmation, Next: []ui.Link{links.confirmations}},
	},
}

// counterRefusals is the table of errors at the branch counter, in words for the
// teller.
var counterRefusals = room.Table{
	Ways:      func(string) []ui.Link { return []ui.Link{links.branch} },
	Otherwise: sayCounterOther,
	Words: map[string]rpweb.Saying{
		"busy": sayTouchesFull, "no_challenge": sayNoTouch,
		"suspended": sayCounterSuspended, "revoked": sayCounterRevoked, "expired": sayCounterExpired,
		"not_accredited": sayCounterAuthority, "status_unavailable": sayCounterAuthority, "status_responder": sayCounterAuthority,
		"status_missing": sayCounterAuthority, "status_stale": sayCounterAuthority, "status_nonce": sayCounterAuthority,
	},
	Own: []room.Refusal{
		{Is: errTouchOver, Status: http.StatusConflict, Code: "touch_over", Say: sayTouchOver, Next: []ui.Link{links.branch}},
		{Is: bank.ErrUnknownHolder, Status: http.StatusNotFound, Code: "unknown_holder", Say: sayCounterUnknown, Next: []ui.Link{links.opening, links.change, links.branch}},
		{Is: bank.ErrRecordChanged, Status: http.StatusConflict, Code: "record_moved", Say: sayCounterOther, Next: []ui.Link{links.branch}},
	},
}

// agentRefusals are the card agent's error codes, in words for the teller.
var agentRefusals = map[string]room.Refusal{
	"cancelled":      {Status: http.StatusConflict, Say: sayCounterCancelled},
	"expired":        {Status: http.StatusConflict, Say: sayCounterCancelled},
	"pin_blocked":    {Status: http.StatusForbidden, Say: sayCounterBlocked},
	"wrong_pin":      {Status: http.StatusForbidden, Say: sayCounterPIN},
	"bad_pin_format": {Status: http.StatusForbidden, Say: sayCounterPIN},
	"no_card":        {Status: http.StatusConflict, Say: sayCounterNoCard},
	"no_certificate": {Status: http.StatusConflict, Say: sayCounterNoCard},
	"dead_card":      {Status: http.StatusConflict, Say: sayCounterNoCard},
	"tampered_card":  {Status: http.StatusConflict, Say: sayCounterNoCard},
	"not_jpki":       {Status: http.StatusConflict, Say: sayCounterNoCard},
}

// matchAtCounter finds the line of an error at the branch counter. The code of the
// card agent is for the teller alone: programs get one code for all.
func matchAtCounter(err error) (room.Refusal, bool) {
	trouble, ok := errors.AsType[*rpweb.TroubleError](err)
	if !ok {
		return counterRefusals.Match(err)
	}
	r, ok := agentRefusals[trouble.Code]
	if !ok {
		r = room.Refusal{Status: http.StatusConflict, Say: sayCounterOther}
	}
	r.Is, r.Code, r.Next = trouble, "card_refused", []ui.Link{links.branch}
	return r, true
}
