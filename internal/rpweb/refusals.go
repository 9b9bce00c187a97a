package rpweb

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
	"example.jp/jpkimock/rp"
	"example.jp/jpkimock/rp/rphttp"
)

// Saying is what a refusal says to people: what happened, why, and what to do.
// It may leave blanks, which Blanks fills in.
type Saying struct{ Title, Why, Do ui.Text }

// Say makes a Saying.
func Say(title, why, do ui.Text) Saying { return Saying{title, why, do} }

// Refusal is a line of a house's table: an error, how it leaves over HTTP, the
// words for people, and the ways out, the first of which is the one to take. W
// names a way out of the house.
type Refusal[W any] struct {
	Is     error
	Status int
	Code   string
	Say    Saying
	Next   []W
}

// Table is everything that a house refuses. The errors of the kit and of this
// package are in it by themselves, with the codes, statuses and words that all
// houses share; a house may say them in words of its own, but not under another
// code.
type Table[W any] struct {
	// Own are the rules of the house. The first that an error matches is taken, so
	// the particular stands above the general. What all houses share stands above
	// them all.
	Own []Refusal[W]
	// Words are said in place of the shared ones, by the code.
	Words map[string]Saying
	// Otherwise, unless it is empty, is said of what Words has nothing for.
	Otherwise Saying
	// Ways gives the ways out of a refusal that all houses share, by its code.
	Ways func(code string) []W
}

// Match finds the line of an error; false if it is none of these.
func (t Table[W]) Match(err error) (Refusal[W], bool) {
	if r, ok := t.shared(err); ok {
		return r, true
	}
	for _, r := range t.Own {
		if errors.Is(err, r.Is) {
			return r, true
		}
	}
	return Refusal[W]{}, false
}

// Code gives the code of an error of the kit or of this package; "" for any
// other.
func Code(err error) string {
	switch {
	case errors.Is(err, ErrNotAsked):
		return "no_challenge"
	case errors.Is(err, ErrNoPresence):
		return "no_presence"
	case errors.Is(err, ErrBusy):
		return "busy"
	}
	return rp.Code(err)
}

// status gives the HTTP status of a code of Code.
func status(code string) int {
	switch code {
	case "no_challenge":
		return http.StatusConflict
	case "no_presence":
		return http.StatusForbidden
	}
	return rphttp.Status(code)
}

// shared finds the line of an error that all houses refuse alike.
func (t Table[W]) shared(err error) (Refusal[W], bool) {
	code := Code(err)
	say, ok := sharedSayings[code]
	if !ok {
		return Refusal[W]{}, false
	}
	r := Refusal[W]{Is: err, Status: status(code), Code: code, Say: say}
	if own, ok := t.Words[code]; ok {
		r.Say = own
	} else if t.Otherwise != (Saying{}) {
		r.Say = t.Otherwise
	}
	if t.Ways != nil {
		r.Next = t.Ways(code)
	}
	return r, true
}

// Page gives the refusal's page, but for the ways out. Detail is for who
// integrates: the code and the error.
func (r Refusal[W]) Page(err error, blanks ui.Blanks) ui.Refusal {
	body := ui.Text{JA: r.Say.Why.JA + "\n" + r.Say.Do.JA, EN: r.Say.Why.EN + "\n" + r.Say.Do.EN}
	return ui.Refusal{Status: r.Status, Code: r.Code, Detail: r.Code + "\n" + err.Error(), Title: blanks.Fill(r.Say.Title), Body: blanks.Fill(body)}
}

// Links gives the ways out as links, the first as the one to take.
func (r Refusal[W]) Links(link func(W) ui.Link) []ui.Link {
	links := make([]ui.Link, len(r.Next))
	for i, w := range r.Next {
		links[i] = link(w)
		links[i].Primary = i == 0
	}
	return links
}

// Problem gives the refusal as programs get it: of a revocation with its reason,
// time and serial number, of a check with what was expected and found.
func (r Refusal[W]) Problem(err error) door.Problem {
	p := door.Problem{Status: r.Status, Code: r.Code, Detail: err.Error(), Extra: map[string]any{}}
	if revoked, ok := errors.AsType[*rp.RevokedError](err); ok {
		p.Extra["reason"], p.Extra["at"], p.Extra["serial"] = revoked.Reason, revoked.At.UTC().Format(time.RFC3339), revoked.Serial
	}
	if check, ok := errors.AsType[*rp.CheckError](err); ok {
		p.Extra["check"], p.Extra["expected"], p.Extra["found"] = check.Check, check.Expected.String(), check.Found.String()
	}
	return p
}

// KindOf gives the kind of certificate that an error is about; 0 if it does not
// say.
func KindOf(err error) jpki.Kind {
	if revoked, ok := errors.AsType[*rp.RevokedError](err); ok && revoked.Kind.Valid() {
		return revoked.Kind
	}
	if check, ok := errors.AsType[*rp.CheckError](err); ok {
		return check.Kind
	}
	return 0
}

// Blanks fills what the sentences about the kit's errors leave open: the kind of
// certificate that the error is about and the other one, when and why it was revoked,
// and what its holder does about it. otherwise is the kind where the error names none,
// and us how the house calls itself.
func Blanks(err error, otherwise jpki.Kind, us ui.Text) ui.Blanks {
	kind := KindOf(err)
	if !kind.Valid() {
		kind = otherwise
	}
	b := ui.Blanks{
		"{us}": us, "{kind}": words.Kind(kind), "{other}": sayOtherKind,
		"{at}": sayNoTime, "{reason}": words.Reason(-1), "{advice}": words.Advice(jpki.Unspecified, kind),
	}
	if kind.Valid() {
		b["{other}"] = words.Kind(kind.Other())
	}
	if revoked, ok := errors.AsType[*rp.RevokedError](err); ok {
		b["{at}"], b["{reason}"], b["{advice}"] = ui.Minute(revoked.At), words.Reason(revoked.Reason), words.Advice(revoked.Reason, kind)
	}
	return b
}

// TroubleError is the card agent's word for why there is no answer of a card.
type TroubleError struct{ Code string }

func (e *TroubleError) Error() string {
	return "rpweb: the card agent gave no answer: " + e.Known()
}

// Known gives the code if it is one of the card agent's, else "card_error": what
// a page posts is not repeated.
func (e *TroubleError) Known() string {
	if _, ok := troubleSayings[e.Code]; ok {
		return e.Code
	}
	return "card_error"
}

// Saying gives the words for people.
func (e *TroubleError) Saying() Saying { return troubleSayings[e.Known()] }

// Lost reports that trying again is of no use: the card needs the municipal
// counter first.
func (e *TroubleError) Lost() bool {
	return slices.Contains([]string{"pin_blocked", "no_certificate", "dead_card", "tampered_card"}, e.Code)
}

// sharedSayings are those of all houses, by their codes. Each has the kit's status.
var sharedSayings = map[string]Saying{
	// What the authority says of the certificate.
	"suspended":          saySuspended,
	"revoked":            sayRevoked,
	"expired":            sayExpired,
	"not_yet_valid":      sayNotYetValid,
	"status_unknown":     sayStatusUnknown,
	"not_accredited":     sayNotAccredited,
	"status_responder":   sayStatusResponder,
	"status_missing":     sayStatusMissing,
	"status_stale":       sayStatusStale,
	"status_nonce":       sayStatusNonce,
	"status_unavailable": sayStatusUnavailable,

	// What the certificate is.
	"wrong_kind":         sayKind,
	"untrusted":          sayChain,
	"certificate_is_ca":  sayBasicConstraints,
	"key_usage":          sayKeyUsage,
	"policy":             sayPolicy,
	"critical_extension": sayCriticalExtension,

	// What was signed, and what the card answered.
	"draft_expired":     sayDocumentExpired,
	"tampered":          sayDigest,
	"bad_signature":     saySignature,
	"signer_identifier": saySignerIdentifier,
	"algorithm":         sayAlgorithm,
	"origin":            sayOrigin,
	"challenge_expired": sayChallengeExpired,
	"challenge_used":    sayChallenge,
	"busy":              sayBusy,
	"too_large":         sayTooLarge,
	"malformed":         sayMalformed,

	// The way back from the card.
	"no_challenge": sayNotAsked,
	"no_presence":  sayNoPresence,
}
