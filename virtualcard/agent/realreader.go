package agent

import (
	"context"
	"errors"
	"strings"

	"example.jp/jpkimock/internal/ui"
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

// explainReal is about a card in a PC/SC reader.
func explainReal(c code) (explanation, bool) {
	switch c {
	case codeUnconfirmed:
		return explanation{
			ui.Text{JA: "実物のカードかもしれません", EN: "This may be a real card"},
			ui.Text{JA: "このパソコンのカードリーダーにあるカードには、まだ何も送っていません。実物のマイナンバーカードは、この模擬環境では本人確認に使えません。" +
				"電子証明書を発行した認証局が違うため、どのサイトも受け付けません。続けると、カードにコマンドを送ります。",
				EN: "Nothing has been sent yet to the card in this computer's reader. A real Individual Number Card is of no use in this mock: every site refuses it, " +
					"because no mock authority issued its certificates. If you continue, commands are sent to the card."},
		}, true
	case codePINRefused:
		return explanation{
			ui.Text{JA: "暗証番号を含むコマンドは送っていません", EN: "Commands with a PIN were not sent"},
			ui.Text{JA: "実物かもしれないカードには、まだ何も送っていません。暗証番号を間違えると入力回数が減ります。承知のうえで送るときは、そのことを選んでから送ってください。",
				EN: "Nothing was sent to the card, which may be real: a wrong PIN uses up a try. If you accept that, say so and send again."},
		}, true
	case codeLastTry:
		return explanation{
			ui.Text{JA: "暗証番号は、カードに送っていません", EN: "Your PIN was not sent to the card"},
			ui.Text{JA: "入力できるのは、あと1回です。間違えるとロックされ、実物のカードなら市区町村の窓口での手続が必要になります。承知のうえで続けるときだけ、もう一度入力してください。",
				EN: "One try is left. One more mistake blocks the PIN, and a real card has to be taken to the municipal counter. Enter it again only if you accept that."},
		}, true
	case codeNoReader:
		return explanation{
			ui.Text{JA: "カードリーダーを使えません", EN: "The card reader cannot be used"},
			ui.Text{JA: "リーダーが外れているか、PC/SCサービス（pcscd）が動いていません。リーダーをつなぎ直し、サービスを起動してから、もう一度お試しください。",
				EN: "The reader is unplugged, or the PC/SC service (pcscd) does not run. Connect the reader, start the service and try again."},
		}, true
	}
	return explanation{}, false
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
