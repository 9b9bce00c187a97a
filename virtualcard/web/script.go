package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdulog"
)

// scriptForm is what the desk's form of commands says: a command in hexadecimal a line, or
// a transcript. PIN stands for {PIN}. The answers are compared with those of a transcript.
type scriptForm struct {
	Commands string `json:"commands"`
	PIN      string `json:"pin"`
	consent
}

// scriptView is the form with what came of it.
type scriptView struct {
	Commands string // without PINs
	Lines    []said // nil before anything was sent
	Trouble  *ui.Refusal
	Unlike   int // answers that are not as the transcript says
}

// longestPIN is that of a signature password.
const longestPIN = 16

// steps reads the form. A line that is a command alone is one of a transcript.
func (f scriptForm) steps() ([]apdulog.Step, error) {
	var text strings.Builder
	for line := range strings.Lines(f.Commands) {
		if line = strings.TrimSpace(line); line != "" && !strings.ContainsRune("#!><", rune(line[0])) {
			line = "> " + line
		}
		text.WriteString(line + "\n")
	}
	if len(f.PIN) > longestPIN {
		return nil, errors.New("the PIN is too long")
	}
	steps, err := apdulog.Read(strings.NewReader(text.String()), f.PIN)
	if err == nil && len(steps) == 0 {
		err = errors.New("there is no command")
	}
	return steps, err
}

// script sends commands that were typed to the card in a reader, and shows its answers line
// by line.
func (d cardDesk) script(c echo.Context, in scriptForm) error {
	reader, err := url.PathUnescape(c.Param("name"))
	if err != nil {
		return errNoReader()
	}
	steps, err := in.steps()
	if err != nil {
		return d.render(c, http.StatusBadRequest, reader, func(p *deskPage) {
			p.Script = scriptView{Commands: in.Commands, Trouble: unreadable(err)}
		})
	}
	all := make([][]byte, 0, len(steps))
	for _, s := range steps {
		all = append(all, s.Command)
	}
	card, err := d.cardIn(reader)
	if err != nil {
		return err
	}
	conn, err := d.powerUp(c.Request().Context(), card, in.consent, all)
	if err != nil {
		return d.refuseScript(c, reader, in, err)
	}
	answers, err := converse(c.Request().Context(), conn, all)
	view := scriptView{Lines: saidOf(apdulog.Lines(all[:len(answers)], answers))}
	view.Commands = masked(in.Commands, all)
	for i, s := range steps[:len(answers)] {
		if view.Lines[i].Unlike = !s.Fits(answers[i]); view.Lines[i].Unlike {
			view.Lines[i].Wanted = s.Want
			view.Unlike++
		}
	}
	if err != nil {
		trouble, known := d.Explain(err)
		if !known {
			return err
		}
		view.Trouble = &trouble
	}
	return d.render(c, http.StatusOK, reader, func(p *deskPage) { p.Script = view })
}

// refuseScript shows the form again: nothing was sent.
func (d cardDesk) refuseScript(c echo.Context, reader string, in scriptForm, err error) error {
	trouble, known := d.Explain(err)
	if !known {
		return err
	}
	return d.render(c, trouble.Status, reader, func(p *deskPage) {
		p.Script = scriptView{Commands: in.Commands, Trouble: &trouble}
	})
}

// cardIn is the card in a reader as powerUp names it; empty for none.
func (d cardDesk) cardIn(reader string) (virtualcard.CardID, error) {
	if strings.HasPrefix(reader, realPrefix) {
		return virtualcard.CardID(reader), nil
	}
	r, err := d.Readers.Reader(reader)
	if err != nil {
		return "", errNoReader()
	}
	return r.State().Card, nil
}

// masked is what was typed with {PIN} in the place of PINs: line by line where every line is a
// command, else empty.
func masked(typed string, all [][]byte) string {
	var out strings.Builder
	next := 0
	for line := range strings.Lines(typed) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.ContainsRune("#!<", rune(line[0])) && next < len(all) {
			if command := all[next]; apdulog.HasPIN(command) {
				line = apdulog.Masked(command)
			}
			next++
		}
		out.WriteString(line + "\n")
	}
	return string(bytes.TrimRight([]byte(out.String()), "\n"))
}

// unreadable says which line cannot be read.
func unreadable(err error) *ui.Refusal {
	r := &ui.Refusal{
		Status: http.StatusBadRequest, Code: "malformed", Detail: err.Error(),
		Title: ui.Text{JA: "コマンドを読み取れません", EN: "The commands cannot be read"},
		Body: ui.Text{
			JA: "1行に1つのコマンドを、16進数で書いてください。カードには何も送っていません。",
			EN: "Write one command a line, in hexadecimal. Nothing was sent to the card.",
		},
	}
	if at, ok := errors.AsType[*apdulog.LineError](err); ok {
		r.Title = ui.Text{JA: fmt.Sprintf("%d行目を読み取れません", at.Line), EN: fmt.Sprintf("Line %d cannot be read", at.Line)}
	}
	return r
}
