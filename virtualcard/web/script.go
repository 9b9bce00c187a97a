package web

import (
	"bytes"
	"context"
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
	steps, err := apdulog.Read(strings.NewReader(text.String()), apdulog.Values{PIN: f.PIN})
	if err == nil && len(commandsOf(steps)) == 0 {
		err = errors.New("there is no command")
	}
	for _, s := range steps {
		if s.Direct == nil && len(s.Command) < shortestCommand {
			return nil, &apdulog.LineError{Line: s.Line, Err: errors.New("a command has at least four bytes")}
		}
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
	card, err := d.cardIn(reader)
	if err != nil {
		return err
	}
	played, err := apdulog.Play(c.Request().Context(), steps, deskStage{d, card, in.consent, commandsOf(steps)})
	view := scriptView{Lines: saidOf(apdulog.LinesOf(played)), Commands: in.Commands}
	if len(played) > 0 {
		view.Commands = masked(in.Commands, commandsOf(steps))
	}
	for i, p := range played {
		if view.Lines[i].Unlike = p.Unlike(); view.Lines[i].Unlike {
			view.Lines[i].Wanted = p.Want
			view.Unlike++
		}
	}
	status := http.StatusOK
	if err != nil {
		trouble, known := d.Explain(err)
		if !known {
			return err
		}
		view.Trouble = &trouble
		if len(played) == 0 {
			status = trouble.Status
		}
	}
	return d.render(c, status, reader, func(p *deskPage) { p.Script = view })
}

// commandsOf are the commands of a transcript.
func commandsOf(steps []apdulog.Step) [][]byte {
	var all [][]byte
	for _, s := range steps {
		if s.Direct == nil {
			all = append(all, s.Command)
		}
	}
	return all
}

// deskStage is the card in a reader. Whatever is sent in one go begins at power-on. All are
// the commands of the whole transcript, so that none is sent if one may not be.
type deskStage struct {
	cardDesk
	card virtualcard.CardID
	consent
	all [][]byte
}

// Direct does nothing to the card: it has power anew with every Send, and is what it is.
func (deskStage) Direct(context.Context, []string) error { return nil }

// Send sends commands to the card in one go.
func (s deskStage) Send(ctx context.Context, commands [][]byte) ([][]byte, error) {
	conn, err := s.powerUp(ctx, s.card, s.consent, s.all)
	if err != nil {
		return nil, err
	}
	return converse(ctx, conn, commands)
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
