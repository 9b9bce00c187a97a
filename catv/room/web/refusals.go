package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/catv"
	"example.jp/jpkimock/catv/health"
	"example.jp/jpkimock/internal/rpweb"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// Rule is the line of an error of a domain, in the plain words for its code.
func Rule(is error, status int, code string, next ...ui.Link) Refusal {
	say, ok := sayings[code]
	if !ok && status == http.StatusNotFound {
		say = sayNothing
	} else if !ok {
		say = sayInput
	}
	return Refusal{Is: is, Status: status, Code: code, Say: say, Next: next}
}

// Trouble is the line of the card agent's word for why there is no answer.
func Trouble(err *rpweb.TroubleError, next ...ui.Link) Refusal {
	r := Refusal{Is: err, Status: http.StatusForbidden, Code: err.Known(), Say: err.Saying(), Next: next}
	if plain, ok := troubleSayings[r.Code]; ok {
		r.Say = plain
	}
	return r
}

// blanks fill what a sentence leaves open.
func blanks(err error) ui.Blanks {
	b := rpweb.Blanks(err, 0, operatorItself)
	reason := jpki.Unspecified
	if revoked, ok := errors.AsType[*rp.RevokedError](err); ok {
		reason = revoked.Reason
	}
	b["{advice}"] = adviceFor(reason)
	if locked, ok := errors.AsType[*catv.LockedError](err); ok {
		b["{until}"] = ui.Minute(locked.Until)
	} else {
		b["{until}"] = sayLater
	}
	if out, ok := errors.AsType[*health.RangeError](err); ok {
		b["{what}"], b["{range}"] = ui.Text{JA: out.What.JA, EN: out.What.EN}, bounds(out)
	}
	return b
}

// bounds writes the range that a value must be in.
func bounds(e *health.RangeError) ui.Text {
	return ui.Text{
		JA: strings.TrimSpace(fmt.Sprintf("%g〜%g %s", e.Low, e.High, e.Unit)),
		EN: strings.TrimSpace(fmt.Sprintf("%g to %g %s", e.Low, e.High, e.Unit)),
	}
}
