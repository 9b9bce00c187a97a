package web

import (
	"errors"
	"net/http"

	room "example.jp/jpkimock/catv/room/web"

	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
)

// The ways out of a refusal.
var (
	toHome    = ui.Link{Text: ways.home, Href: "/"}
	toSignIn  = ui.Link{Text: ways.signIn, Href: "/signin"}
	toEnrol   = ui.Link{Text: ways.enrol, Href: "/enrol"}
	toHealth  = ui.Link{Text: ways.health, Href: "/health"}
	toBooking = ui.Link{Text: ways.booking, Href: "/booking"}
	toPrice   = ui.Link{Text: ways.price, Href: "/booking/price"}
)

// refusals is everything that the set refuses.
var refusals = room.Table{
	Words: room.Plain, Otherwise: room.BadAnswer,
	Ways: func(code string) []ui.Link {
		switch code {
		case "not_accredited":
			return []ui.Link{toHome}
		case "suspended", "revoked", "expired", "not_yet_valid", "status_unknown":
			return []ui.Link{toHome, toSignIn}
		}
		return []ui.Link{toSignIn, toHome}
	},
	Own: []room.Refusal{
		// The session and the platform.
		room.Rule(errCardGone, http.StatusUnauthorized, "card_gone", toSignIn, toHome),
		room.Rule(oidcclient.ErrNotAsked, http.StatusConflict, "no_answer", toSignIn, toHome),
		room.Rule(oidcclient.ErrUnavailable, http.StatusServiceUnavailable, "platform_unavailable", toHome),
		room.Rule(oidcclient.ErrAnswer, http.StatusBadGateway, "platform_answer", toHome),
		room.Rule(catv.ErrAnotherPerson, http.StatusForbidden, "another_person", toHome),

		// The household.
		room.Rule(catv.ErrUnknownViewer, http.StatusForbidden, "not_enrolled", toEnrol, toHome),
		room.Rule(catv.ErrLocked, http.StatusTooManyRequests, "locked", toHome),
		room.Rule(catv.ErrCodeUsed, http.StatusConflict, "code_used", toSignIn, toEnrol, toHome),
		room.Rule(catv.ErrCode, http.StatusForbidden, "code", toEnrol, toHome),
		room.Rule(catv.ErrEnrolled, http.StatusConflict, "enrolled", toSignIn, toHome),
		room.Rule(catv.ErrNickname, http.StatusUnprocessableEntity, "nickname", toEnrol, toHome),
		room.Rule(catv.ErrNoContract, http.StatusNotFound, "no_contract", toHome),
		room.Rule(catv.ErrNoViewer, http.StatusNotFound, "no_viewer", toHome),

		// Health information.
		room.Rule(health.ErrNotYours, http.StatusNotFound, "not_yours", toHealth, toHome),
		room.Rule(health.ErrNotFamily, http.StatusNotFound, "not_family", toHealth, toHome),
		room.Rule(health.ErrNoMessage, http.StatusNotFound, "no_message", toHealth, toHome),
		room.Rule(health.ErrNoReminder, http.StatusNotFound, "no_reminder", toHealth, toHome),
		room.Rule(health.ErrMeasure, http.StatusNotFound, "no_measure", toHealth, toHome),
		room.Rule(health.ErrSpan, http.StatusNotFound, "no_span", toHealth, toHome),
		room.Rule(health.ErrAnswered, http.StatusConflict, "answered", toHealth, toHome),
		room.Rule(health.ErrNoChoice, http.StatusUnprocessableEntity, "no_choice", toHealth, toHome),

		// Bookings.
		room.Rule(booking.ErrSlotTaken, http.StatusConflict, "slot_taken", toBooking, toHome),
		room.Rule(booking.ErrSlotPast, http.StatusConflict, "slot_past", toBooking, toHome),
		room.Rule(booking.ErrTooFar, http.StatusConflict, "too_far", toBooking, toHome),
		room.Rule(booking.ErrResidentsOnly, http.StatusForbidden, "residents_only", toPrice, toBooking),
		room.Rule(booking.ErrTooMany, http.StatusConflict, "too_many", toBooking, toHome),
		room.Rule(booking.ErrPriceChanged, http.StatusConflict, "price_changed", toPrice, toBooking),
		room.Rule(booking.ErrTooLate, http.StatusConflict, "too_late", toBooking, toHome),
		room.Rule(booking.ErrCancelled, http.StatusConflict, "cancelled", toBooking, toHome),
		room.Rule(booking.ErrNoBooking, http.StatusNotFound, "no_booking", toBooking, toHome),
		room.Rule(booking.ErrNoFacility, http.StatusNotFound, "no_facility", toBooking, toHome),
		room.Rule(booking.ErrNoSlot, http.StatusNotFound, "no_slot", toBooking, toHome),
	},
}

// match finds an error's line.
func match(err error) (room.Refusal, bool) {
	if out, ok := errors.AsType[*signedOutError](err); ok {
		r := room.Rule(out, http.StatusUnauthorized, "signed_out", toSignIn, toHome)
		if out.Why == session.EndedIdle {
			r.Say = room.Rule(out, 0, "idle").Say
		}
		return r, true
	}
	if trouble, ok := errors.AsType[*rpweb.TroubleError](err); ok {
		return room.Trouble(trouble, toSignIn, toHome), true
	}
	if refused, ok := errors.AsType[*oidcclient.RefusedError](err); ok {
		r := room.Rule(refused, http.StatusForbidden, "platform_refused", toHome)
		switch refused.Code { // RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6
		case "access_denied", "interaction_required", "consent_required":
			r.Say = room.Rule(refused, 0, "platform_stopped").Say
		}
		return r, true
	}
	return refusals.Match(err)
}
