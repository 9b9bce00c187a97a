package agent

import (
	"context"
	"errors"
	"strings"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/pcsc"
)

// realPrefix is how the card in a PC/SC reader is called where a card is named:
// "pcsc:" and the reader's name. No card of the cabinet is called so.
const realPrefix = "pcsc:"

// realReaderOf returns the PC/SC reader that a card's name stands for.
func realReaderOf(id virtualcard.CardID) (name string, real bool) {
	return strings.CutPrefix(string(id), realPrefix)
}

// realSummary is what the house says of the card in a PC/SC reader: not a word of whose
// it is.
func (a *cardAccess) realSummary(name string) (*virtualcard.Summary, error) {
	all, err := a.real.Readers()
	if err != nil {
		return nil, failureOf(err, 0)
	}
	for _, reader := range all {
		if reader.Name == name {
			return &virtualcard.Summary{ID: virtualcard.CardID(realPrefix + name), Face: virtualcard.Face{Name: name, NameEN: name}}, nil
		}
	}
	return nil, nil
}

// cardUse is a card with what its holder has agreed to. A card in a PC/SC reader may be
// real: nothing is sent to it before its holder has Confirmed, and no PIN is tried when
// one try is left unless LastTry says that this is known.
type cardUse struct {
	Card      virtualcard.CardID
	Confirmed bool
	LastTry   bool
}

// connectReal powers up the card in a PC/SC reader.
func (a *cardAccess) connectReal(ctx context.Context, name string, use cardUse) (pcsc.Session, error) {
	if !use.Confirmed {
		return nil, &failure{Code: codeUnconfirmed, Detail: "the card may be a real one: nothing is sent to it before its holder confirms"}
	}
	session, err := a.real.Connect(ctx, name)
	return session, failureOf(err, 0)
}

// realFailures are what errors of PC/SC mean to whoever uses the card.
var realFailures = []struct {
	err    error
	code   code
	detail string
}{
	{pcsc.ErrNoCard, codeNoCard, "there is no card in the reader, or it was removed"},
	{pcsc.ErrMute, codeDeadCard, "the card in the reader does not answer"},
	{pcsc.ErrBusy, codeCardBusy, "another program holds the card; no try was spent"},
	{pcsc.ErrNoReader, codeNoReader, "there is no such PC/SC reader, or --reader does not name it"},
	{pcsc.ErrNoService, codeNoReader, ""},
	{pcsc.ErrNoLibrary, codeNoReader, ""},
}

// realFailure returns the failure that an error of PC/SC is, or nil.
func realFailure(err error) *failure {
	for _, known := range realFailures {
		if errors.Is(err, known.err) {
			f := &failure{Code: known.code, Detail: known.detail}
			if f.Detail == "" {
				f.Detail = err.Error()
			}
			return f
		}
	}
	return nil
}
