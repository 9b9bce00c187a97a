package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/booking"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/oidcclient"
	"example.jp/jpkimock/internal/session"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

var (
	errNoAnswer = errors.New("catv: web: this session waits for no such answer")
	errBusy     = errors.New("catv: web: too many answers wait for their session")
	errNoDraft  = errors.New("catv: web: no application waits for a signature in this session")
)

// refusal is a line of the table: an error, how it leaves over HTTP, the words
// for people, and the ways out, the first of which is the one to take.
type refusal struct {
	is     error
	status int
	code   string
	say    saying
	next   []way
}

// refusals is the one table of everything that the house refuses. The first line
// that an error matches is taken, so the particular stands above the general.
var refusals = []refusal{
	// What the authority says of the certificate.
	{rp.ErrSuspended, http.StatusForbidden, "suspended", sayings.suspended, []way{toHome, again}},
	{rp.ErrRevoked, http.StatusForbidden, "revoked", sayings.revoked, []way{toHome, again}},
	{rp.ErrExpired, http.StatusForbidden, "expired", sayings.expired, []way{toHome, again}},
	{rp.ErrNotYetValid, http.StatusForbidden, "not_yet_valid", sayings.notYetValid, []way{toHome, again}},
	{rp.ErrStatusUnknown, http.StatusForbidden, "status_unknown", sayings.statusUnknown, []way{toHome, again}},
	{rp.ErrNotAccredited, http.StatusServiceUnavailable, "not_accredited", sayings.notAccredited, []way{toHome}},
	{rp.ErrStatusUnavailable, http.StatusServiceUnavailable, "status_unavailable", sayings.statusUnavailable, []way{again, toHome}},

	// What was answered.
	{rp.ErrKind, http.StatusUnprocessableEntity, "wrong_kind", sayings.wrongKind, []way{again, toHome}},
	{rp.ErrOrigin, http.StatusForbidden, "origin", sayings.badAnswer, []way{again, toHome}},
	{rp.ErrChallengeExpired, http.StatusConflict, "challenge_expired", sayings.late, []way{again, toHome}},
	{rp.ErrChallenge, http.StatusConflict, "challenge_used", sayings.late, []way{again, toHome}},
	{rp.ErrTooManyChallenges, http.StatusServiceUnavailable, "busy", sayings.busy, []way{again, toHome}},
	{rp.ErrTooLarge, http.StatusRequestEntityTooLarge, "too_large", sayings.badAnswer, []way{again, toHome}},
	{rp.ErrMalformed, http.StatusUnprocessableEntity, "malformed", sayings.badAnswer, []way{again, toHome}},
	{rp.ErrAlgorithm, http.StatusUnprocessableEntity, "algorithm", sayings.badAnswer, []way{again, toHome}},
	{rp.ErrDigest, http.StatusUnprocessableEntity, "tampered", sayings.badAnswer, []way{again, toHome}},
	{rp.ErrSignature, http.StatusUnprocessableEntity, "bad_signature", sayings.badAnswer, []way{again, toHome}},
	{rp.ErrSignerIdentifier, http.StatusUnprocessableEntity, "signer_identifier", sayings.badAnswer, []way{again, toHome}},
	{rp.ErrChain, http.StatusForbidden, "untrusted", sayings.wrongCard, []way{again, toHome}},
	{rp.ErrBasicConstraints, http.StatusForbidden, "certificate_is_ca", sayings.wrongCard, []way{again, toHome}},
	{rp.ErrKeyUsage, http.StatusForbidden, "key_usage", sayings.wrongCard, []way{again, toHome}},
	{rp.ErrPolicy, http.StatusForbidden, "policy", sayings.wrongCard, []way{again, toHome}},
	{rp.ErrCriticalExtension, http.StatusForbidden, "critical_extension", sayings.wrongCard, []way{again, toHome}},

	// The session and the platform.
	{errCardGone, http.StatusUnauthorized, "card_gone", sayings.cardGone, []way{toSignIn, toHome}},
	{errNoPresence, http.StatusForbidden, "no_presence", sayings.badAnswer, []way{again, toHome}},
	{errBusy, http.StatusServiceUnavailable, "busy", sayings.busy, []way{again, toHome}},
	{oidcclient.ErrNotAsked, http.StatusConflict, "no_answer", sayings.noAnswer, []way{toSignIn, toHome}},
	{errNoAnswer, http.StatusConflict, "no_answer", sayings.noAnswer, []way{toSignIn, toHome}},
	{errNoDraft, http.StatusConflict, "no_draft", sayings.noDraft, []way{toResidency}},
	{oidcclient.ErrUnavailable, http.StatusServiceUnavailable, "platform_unavailable", sayings.noPlatform, []way{toHome}},
	{oidcclient.ErrAnswer, http.StatusBadGateway, "platform_answer", sayings.badPlatform, []way{toHome}},
	{catv.ErrAnotherPerson, http.StatusForbidden, "another_person", sayings.anotherPerson, []way{toHome}},

	// The household.
	{catv.ErrUnknownViewer, http.StatusForbidden, "not_enrolled", sayings.notEnrolled, []way{toEnrol, toHome}},
	{catv.ErrLocked, http.StatusTooManyRequests, "locked", sayings.locked, []way{toHome}},
	{catv.ErrCodeUsed, http.StatusConflict, "code_used", sayings.codeUsed, []way{toSignIn, toEnrol, toHome}},
	{catv.ErrCode, http.StatusForbidden, "code", sayings.code, []way{toEnrol, toHome}},
	{catv.ErrEnrolled, http.StatusConflict, "enrolled", sayings.enrolled, []way{toSignIn, toHome}},
	{catv.ErrNickname, http.StatusUnprocessableEntity, "nickname", sayings.nickname, []way{toEnrol, toHome}},
	{catv.ErrContract, http.StatusUnprocessableEntity, "contract", sayings.input, nil},
	{catv.ErrContractExists, http.StatusConflict, "contract_exists", sayings.input, nil},
	{catv.ErrNoContract, http.StatusNotFound, "no_contract", sayings.nothing, []way{toHome}},
	{catv.ErrNoViewer, http.StatusNotFound, "no_viewer", sayings.nothing, []way{toHome}},

	// Health information.
	{health.ErrNotYours, http.StatusNotFound, "not_yours", sayings.notYours, []way{toHealth, toHome}},
	{health.ErrNotFamily, http.StatusNotFound, "not_family", sayings.nothing, []way{toHealth, toHome}},
	{health.ErrNoMessage, http.StatusNotFound, "no_message", sayings.nothing, []way{toHealth, toHome}},
	{health.ErrNoReminder, http.StatusNotFound, "no_reminder", sayings.nothing, []way{toHealth, toHome}},
	{health.ErrMeasure, http.StatusNotFound, "no_measure", sayings.nothing, []way{toHealth, toHome}},
	{health.ErrSpan, http.StatusNotFound, "no_span", sayings.nothing, []way{toHealth, toHome}},
	{health.ErrAnswered, http.StatusConflict, "answered", sayings.answered, []way{toHealth, toHome}},
	{health.ErrNoChoice, http.StatusUnprocessableEntity, "no_choice", sayings.nothing, []way{toHealth, toHome}},
	{health.ErrReading, http.StatusUnprocessableEntity, "reading", sayings.input, []way{toNurse}},
	{health.ErrText, http.StatusUnprocessableEntity, "text", sayings.text, []way{toNurse}},
	{health.ErrNotInTheDay, http.StatusUnprocessableEntity, "day", sayings.day, []way{toNurse}},

	// Bookings.
	{booking.ErrSlotTaken, http.StatusConflict, "slot_taken", sayings.slotTaken, []way{toBooking, toHome}},
	{booking.ErrSlotPast, http.StatusConflict, "slot_past", sayings.slotPast, []way{toBooking, toHome}},
	{booking.ErrTooFar, http.StatusConflict, "too_far", sayings.tooFar, []way{toBooking, toHome}},
	{booking.ErrResidentsOnly, http.StatusForbidden, "residents_only", sayings.residentsOnly, []way{toPrice, toBooking}},
	{booking.ErrTooMany, http.StatusConflict, "too_many", sayings.tooMany, []way{toBooking, toHome}},
	{booking.ErrPriceChanged, http.StatusConflict, "price_changed", sayings.priceChanged, []way{toPrice, toBooking}},
	{booking.ErrTooLate, http.StatusConflict, "too_late", sayings.tooLate, []way{toBooking, toHome}},
	{booking.ErrCancelled, http.StatusConflict, "cancelled", sayings.cancelled, []way{toBooking, toHome}},
	{booking.ErrNoBooking, http.StatusNotFound, "no_booking", sayings.nothing, []way{toBooking, toHome}},
	{booking.ErrNoFacility, http.StatusNotFound, "no_facility", sayings.nothing, []way{toBooking, toHome}},
	{booking.ErrNoSlot, http.StatusNotFound, "no_slot", sayings.nothing, []way{toBooking, toHome}},
	{booking.ErrNotResident, http.StatusForbidden, "not_resident", sayings.notResident, []way{toResidency}},
	{rp.ErrDocumentExpired, http.StatusConflict, "draft_expired", sayings.noDraft, []way{toResidency}},
	{booking.ErrUsed, http.StatusConflict, "application_used", sayings.applicationUsed, []way{toResidency}},
}

// way is a way out of a refusal.
type way int

const (
	toHome way = iota
	toSignIn
	toEnrol
	toHealth
	toBooking
	toPrice
	toResidency
	toNurse
	again // the card once more: at the set, or for a signature at a computer
)

// match finds an error's line.
func match(err error) (refusal, bool) {
	if need, ok := errors.AsType[*needError](err); ok {
		say := sayings.signedOut
		if need.Why == session.EndedIdle {
			say = sayings.idle
		}
		return refusal{need, http.StatusUnauthorized, "signed_out", say, []way{toSignIn, toHome}}, true
	}
	if card, ok := errors.AsType[*codeError](err); ok {
		return refusal{card, http.StatusForbidden, card.known(), sayingOf(card.Code), []way{toSignIn, toHome}}, true
	}
	if refused, ok := errors.AsType[*oidcclient.RefusedError](err); ok {
		return refusal{refused, http.StatusForbidden, "platform_refused", platformSaying(refused.Code), []way{toHome}}, true
	}
	if out, ok := errors.AsType[*health.RangeError](err); ok {
		return refusal{out, http.StatusUnprocessableEntity, "reading", sayings.outOfRange, []way{toNurse}}, true
	}
	for _, r := range refusals {
		if errors.Is(err, r.is) {
			return r, true
		}
	}
	return refusal{}, false
}

// known gives the card client's code if it is one; what a page posts is not
// repeated.
func (e *codeError) known() string {
	if _, ok := cardSayings[e.Code]; ok {
		return e.Code
	}
	return "card_error"
}

func sayingOf(code string) saying {
	if say, ok := cardSayings[code]; ok {
		return say
	}
	return cardSayings["card_error"]
}

// explain gives an error's page: what happened, why, what to do.
func explain(err error) (ui.Refusal, bool) {
	r, ok := match(err)
	if !ok {
		return ui.Refusal{}, false
	}
	ja, en := particulars(err)
	page := ui.Refusal{
		Status: r.status, Code: r.code, Detail: r.code,
		Title: ui.Text{JA: ja.Replace(r.say.title.JA), EN: en.Replace(r.say.title.EN)},
		Body: ui.Text{
			JA: ja.Replace(r.say.why.JA + "\n" + r.say.do.JA),
			EN: en.Replace(r.say.why.EN + "\n" + r.say.do.EN),
		},
	}
	for i, w := range r.next {
		link := wayOut(w, err)
		link.Primary = i == 0
		page.Next = append(page.Next, link)
	}
	return page, true
}

// particulars fills what a sentence leaves open.
func particulars(err error) (ja, en *strings.Replacer) {
	j, e := []string{}, []string{}
	put := func(name, ja, en string) { j, e = append(j, name, ja), append(e, name, en) }
	if revoked, ok := errors.AsType[*rp.RevokedError](err); ok {
		put("{at}", momentJA(revoked.At), momentEN(revoked.At))
		advice := adviceFor(revoked.Reason)
		put("{advice}", advice.JA, advice.EN)
	}
	if locked, ok := errors.AsType[*catv.LockedError](err); ok {
		put("{until}", momentJA(locked.Until), momentEN(locked.Until))
	}
	if out, ok := errors.AsType[*health.RangeError](err); ok {
		put("{what}", out.What.JA, out.What.EN)
		bounds := strings.TrimSpace(fmt.Sprintf("%g〜%g %s", out.Low, out.High, out.Unit))
		put("{range}", bounds, strings.Replace(bounds, "〜", " to ", 1))
	}
	put("{at}", "以前の日時", "an earlier time")
	put("{advice}", adviceFor(jpki.Unspecified).JA, adviceFor(jpki.Unspecified).EN)
	put("{until}", "しばらくあと", "later")
	return strings.NewReplacer(j...), strings.NewReplacer(e...)
}

// wayOut gives the link of a way.
func wayOut(w way, err error) ui.Link {
	signature := false
	if card, ok := errors.AsType[*rp.CheckError](err); ok {
		signature = card.Kind == jpki.DigitalSignature
	}
	if signature && (w == again || w == toHome) {
		w = toResidency
	}
	switch w {
	case toSignIn, again:
		return ui.Link{Text: ways.signIn, Href: "/signin"}
	case toEnrol:
		return ui.Link{Text: ways.enrol, Href: "/enrol"}
	case toHealth:
		return ui.Link{Text: ways.health, Href: "/health"}
	case toBooking:
		return ui.Link{Text: ways.booking, Href: "/booking"}
	case toPrice:
		return ui.Link{Text: ways.price, Href: "/booking/price"}
	case toResidency:
		return ui.Link{Text: ways.residency, Href: "/residency"}
	case toNurse:
		if at, ok := errors.AsType[*atParticipant](err); ok {
			return ui.Link{Text: ways.participant, Href: participantPath(at.id)}
		}
		return ui.Link{Text: ways.nurse, Href: "/nurse"}
	}
	return ui.Link{Text: ways.home, Href: "/"}
}
