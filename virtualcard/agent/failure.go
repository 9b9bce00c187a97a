package agent

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/textap"
	"example.jp/jpkimock/virtualcard/web"
)

// code names what went wrong. It is the same in a problem document, in an answer
// posted to a page and in the catalogue of explanations.
type code string

// The codes. They are part of the protocol with card.js and scripts.
const (
	codeMalformed     code = "malformed"
	codeTooLarge      code = "too_large"
	codeUnsupported   code = "unsupported_document"
	codeBadPINFormat  code = "bad_pin_format"
	codeWrongPIN      code = "wrong_pin"
	codePINBlocked    code = "pin_blocked"
	codeNoCard        code = "no_card"
	codeNoCertificate code = "no_certificate"
	codeDeadCard      code = "dead_card"
	codeTampered      code = "tampered_card"
	codeNotJPKI       code = "not_jpki"
	codeCardBusy      code = "card_busy"
	codeCardError     code = "card_error"
	codeNoReader      code = "no_reader"
	codeUnconfirmed   code = "unconfirmed"
	codePINRefused    code = "pin_refused"
	codeLastTry       code = "last_try"
	codeTextPIN       code = "text_pin"
	codeNoAttributes  code = "no_attributes"
	codeCancelled     code = "cancelled"
	codeExpired       code = "expired"
	// Of the faces that take a page's place, for whoever makes the page.
	codeNoOrigin      code = "no_origin"
	codeForeignReturn code = "foreign_return"
	codeDigestOrigin  code = "digest_origin"
	codeNotAPage      code = "not_a_page"
	codeNotForm       code = "not_form"
)

// failure is why a card did not do what was asked. It never holds what was typed.
type failure struct {
	Code      code
	TriesLeft int       // with wrong_pin and pin_blocked
	Kind      jpki.Kind // whose PIN or certificate it is about; 0 for neither
	Detail    string    // for integrators, in English
}

// Error returns code and detail.
func (f *failure) Error() string { return string(f.Code) + ": " + f.Detail }

func malformed(detail string) error   { return &failure{Code: codeMalformed, Detail: detail} }
func unsupported(detail string) error { return &failure{Code: codeUnsupported, Detail: detail} }
func tooLarge() error {
	return &failure{Code: codeTooLarge, Detail: fmt.Sprintf("document.content: larger than %d octets", maxDocument)}
}

// told gives what people are told of a code, for the house's API.
func told(c string) ui.Text {
	f := &failure{Code: code(c), TriesLeft: 2}
	return ui.Text{JA: f.message(ui.Japanese), EN: f.message(ui.English)}
}

// problem is the failure as a script gets it.
func (f *failure) problem() door.Problem {
	p := door.Problem{Status: web.Status(string(f.Code)), Code: string(f.Code), Detail: f.Detail}
	if f.Code == codeWrongPIN || f.Code == codePINBlocked {
		p.Extra = map[string]any{"triesLeft": f.TriesLeft}
	}
	return p
}

// unreadable turns the refusal of a body by door.Read into a failure, for pages
// that explain it in words.
func unreadable(err error) error {
	var p door.Problem
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over), errors.As(err, &p) && p.Status == http.StatusRequestEntityTooLarge:
		return tooLarge()
	case errors.As(err, &p) && p.Status == http.StatusUnsupportedMediaType:
		return &failure{Code: codeNotForm, Detail: p.Detail}
	case errors.As(err, &p) && p.Code == string(codeMalformed):
		return malformed(p.Detail)
	}
	return err
}

// cardErrors are the problems of the card's own errors, for the card writer.
var cardErrors = []struct {
	err     error
	problem door.Problem
}{
	{errUnfinished, door.Problem{Status: http.StatusConflict, Code: "unfinished", Detail: "the request has no answer yet"}},
	{errTaken, door.Problem{Status: http.StatusGone, Code: "taken", Detail: "the answer has been handed over already"}},
	{virtualcard.ErrCardID, door.Problem{Status: http.StatusBadRequest, Code: string(codeMalformed)}},
	{virtualcard.ErrCardExists, door.Problem{Status: http.StatusConflict, Code: "card_exists"}},
	{virtualcard.ErrKeyMismatch, door.Problem{Status: http.StatusConflict, Code: "key_mismatch"}},
	{virtualcard.ErrCertificate, door.Problem{Status: http.StatusBadRequest, Code: "bad_certificate"}},
	{virtualcard.ErrNoPIN, door.Problem{Status: http.StatusBadRequest, Code: "no_pin"}},
	{virtualcard.ErrFace, door.Problem{Status: http.StatusBadRequest, Code: "bad_face"}},
}

// describe turns the errors of requests, cards and PINs into problems.
func describe(err error) (door.Problem, bool) {
	if err == nil {
		return door.Problem{}, false
	}
	for _, known := range cardErrors {
		if errors.Is(err, known.err) {
			p := known.problem
			if p.Detail == "" {
				p.Detail = err.Error()
			}
			return p, true
		}
	}
	var format *jpkiap.PINFormatError
	if errors.As(err, &format) {
		return door.Problem{Status: http.StatusBadRequest, Code: string(codeBadPINFormat), Detail: format.Error()}, true
	}
	var f *failure
	if errors.As(failureOf(err, 0), &f) {
		return f.problem(), true
	}
	return door.Problem{}, false
}

// errCardWait is the cause of a context that ended while waiting for a card that
// another program holds.
var errCardWait = errors.New("agent: another program holds the card")

// failureOf says what an error of the card or its driver means to the person who
// uses it. Any other error comes back as it is.
func failureOf(err error, kind jpki.Kind) error {
	var f *failure
	var wrong *jpkiap.WrongPINError
	var status *jpkiap.StatusError
	switch {
	case err == nil, errors.As(err, &f):
		return err
	case realFailure(err) != nil:
		return realFailure(err)
	case errors.Is(err, textap.ErrNoApplication), errors.Is(err, textap.ErrFormat), errors.Is(err, textap.ErrNotIssued):
		return &failure{Code: codeNoAttributes, Detail: "the card tells nothing of its holder: " + err.Error()}
	case errors.As(err, &wrong) && wrong.TriesLeft > 0:
		return &failure{Code: codeWrongPIN, Kind: kind, TriesLeft: wrong.TriesLeft, Detail: fmt.Sprintf("the PIN of the %s key is wrong; tries left: %d", kind, wrong.TriesLeft)}
	case wrong != nil, errors.Is(err, jpkiap.ErrBlocked):
		return &failure{Code: codePINBlocked, Kind: kind, Detail: fmt.Sprintf("the PIN of the %s key is blocked; a municipal counter can reset it", kind)}
	case errors.Is(err, virtualcard.ErrNoCard):
		return &failure{Code: codeNoCard, Detail: "no such card is on the reader"}
	case errors.Is(err, virtualcard.ErrTaken):
		return &failure{Code: codeNoCard, Detail: "the card was removed in the middle of a command"}
	case errors.Is(err, apdu.ErrResponse):
		return &failure{Code: codeCardError, Kind: kind, Detail: "the communication with the card failed: " + err.Error()}
	case errors.Is(err, virtualcard.ErrTampered):
		return &failure{Code: codeTampered, Detail: "the card's chip destroyed its keys when somebody tried to read them"}
	case errors.Is(err, virtualcard.ErrDeadCard):
		return &failure{Code: codeDeadCard, Detail: "the card's chip does not answer"}
	case errors.Is(err, jpkiap.ErrNoCertificate):
		return &failure{Code: codeNoCertificate, Kind: kind, Detail: fmt.Sprintf("the card has no %s certificate", kind)}
	case errors.Is(err, jpkiap.ErrNotJPKI):
		return &failure{Code: codeNotJPKI, Detail: "the card has no JPKI application"}
	case errors.Is(err, errCardWait), errors.Is(err, context.DeadlineExceeded):
		return &failure{Code: codeCardBusy, Detail: "another program holds the card; no try was spent"}
	case errors.As(err, &status):
		return &failure{Code: codeCardError, Kind: kind, Detail: "the card answered with an unexpected status word: " + status.Error()}
	}
	return err
}
