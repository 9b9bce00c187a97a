package agent

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/jpkiap"
)

// code names what went wrong. It is the same word in a problem document, in an
// answer posted to a page and in the catalogue of sentences.
type code string

// The codes. They are part of the protocol: card.js and scripts tell by them.
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
	codeNotJPKI       code = "not_jpki"
	codeCardBusy      code = "card_busy"
	codeCardError     code = "card_error"
	codeCancelled     code = "cancelled"
	codeExpired       code = "expired"
	// Of the doors that take a page's place, for the page's makers.
	codeNoOrigin      code = "no_origin"
	codeForeignReturn code = "foreign_return"
	codeNotAPage      code = "not_a_page"
	codeNotForm       code = "not_form"
)

// statuses is the HTTP status of each code, for scripts.
var statuses = map[code]int{
	codeMalformed: http.StatusBadRequest, codeBadPINFormat: http.StatusBadRequest,
	codeTooLarge: http.StatusRequestEntityTooLarge, codeUnsupported: http.StatusUnsupportedMediaType,
	codeWrongPIN: http.StatusForbidden, codePINBlocked: http.StatusForbidden, codeNoCard: http.StatusNotFound,
	codeNoCertificate: http.StatusConflict, codeDeadCard: http.StatusConflict, codeNotJPKI: http.StatusConflict,
	codeCardBusy: http.StatusConflict, codeCardError: http.StatusBadGateway,
	codeNoOrigin: http.StatusForbidden, codeForeignReturn: http.StatusForbidden, codeNotAPage: http.StatusForbidden,
	codeNotForm: http.StatusUnsupportedMediaType,
}

// trouble is why a card did not do what was asked. It never holds what was
// typed.
type trouble struct {
	Code      code
	TriesLeft int       // with wrong_pin and pin_blocked
	Kind      jpki.Kind // whose PIN or certificate it is about; 0 for neither
	Detail    string    // for people who integrate, in English
}

// Error gives code and detail.
func (t *trouble) Error() string { return string(t.Code) + ": " + t.Detail }

func malformed(detail string) error   { return &trouble{Code: codeMalformed, Detail: detail} }
func unsupported(detail string) error { return &trouble{Code: codeUnsupported, Detail: detail} }
func tooLarge() error {
	return &trouble{Code: codeTooLarge, Detail: fmt.Sprintf("document.content: larger than %d octets", maxDocument)}
}

// problem is the trouble as a script gets it.
func (t *trouble) problem() door.Problem {
	p := door.Problem{Status: statuses[t.Code], Code: string(t.Code), Detail: t.Detail}
	if p.Status == 0 {
		p.Status = http.StatusConflict
	}
	if t.Code == codeWrongPIN || t.Code == codePINBlocked {
		p.Extra = map[string]any{"triesLeft": t.TriesLeft}
	}
	return p
}

// asProblem turns a *trouble into a problem and leaves any other error as it is.
func asProblem(err error) error {
	var t *trouble
	if errors.As(err, &t) {
		return t.problem()
	}
	return err
}

// errCardWait is the cause of a context that ended while waiting for a card that
// another program holds.
var errCardWait = errors.New("agent: the card did not become free")

// troubleOf says what an error of the card or its driver means to the person
// before it. An error that is nobody's mistake comes back as it is.
func troubleOf(err error, kind jpki.Kind) error {
	var t *trouble
	var wrong *jpkiap.WrongPINError
	var status *jpkiap.StatusError
	switch {
	case err == nil, errors.As(err, &t):
		return err
	case errors.As(err, &wrong) && wrong.TriesLeft > 0:
		return &trouble{Code: codeWrongPIN, Kind: kind, TriesLeft: wrong.TriesLeft, Detail: fmt.Sprintf("the PIN of the %s key is wrong; tries left: %d", kind, wrong.TriesLeft)}
	case wrong != nil, errors.Is(err, jpkiap.ErrBlocked):
		return &trouble{Code: codePINBlocked, Kind: kind, Detail: fmt.Sprintf("the PIN of the %s key is blocked; a municipal counter can reset it", kind)}
	case errors.Is(err, virtualcard.ErrNoCard):
		return &trouble{Code: codeNoCard, Detail: "no such card is on the reader"}
	case errors.Is(err, virtualcard.ErrDeadCard):
		return &trouble{Code: codeDeadCard, Detail: "the card's chip does not answer"}
	case errors.Is(err, jpkiap.ErrNoCertificate):
		return &trouble{Code: codeNoCertificate, Kind: kind, Detail: fmt.Sprintf("the card holds no %s certificate", kind)}
	case errors.Is(err, jpkiap.ErrNotJPKI):
		return &trouble{Code: codeNotJPKI, Detail: "the card has no JPKI application"}
	case errors.Is(err, errCardWait), errors.Is(err, context.DeadlineExceeded):
		return &trouble{Code: codeCardBusy, Detail: "another program holds the card; no try was spent"}
	case errors.As(err, &status):
		return &trouble{Code: codeCardError, Kind: kind, Detail: "the card answered with an unexpected status word: " + status.Error()}
	}
	return err
}
