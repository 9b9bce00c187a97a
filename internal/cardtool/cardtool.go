// Package cardtool is the command line's side of single cards: commands typed by hand and
// transcripts, sent to a card by the card house that runs.
package cardtool

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"example.jp/jpkimock/virtualcard/apdulog"
)

// Names are the commands: "jpkimock card NAME".
func Names() []string { return []string{"apdu", "replay"} }

const usage = `jpkimock card apdu [flags] CARD COMMAND...   send commands (00A4040C0A…) to a card
jpkimock card replay [flags] CARD FILE       send those of a transcript and compare the answers

CARD is a card of the town (card-hanako), or pcsc: and the name of a PC/SC reader that
the card house may use (--reader). FILE may be - for standard input.

`

// longest bounds an answer of the card house, in octets.
const longest = 64 << 20

// tool is a command with its flags.
type tool struct {
	house      string
	pin        string
	real, pins bool
	out        io.Writer
}

// Run runs a command of Names.
func Run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	t := tool{out: out}
	f := flag.NewFlagSet("jpkimock card "+args[0], flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprint(out, usage)
		f.PrintDefaults()
	}
	f.StringVar(&t.house, "house", "http://localhost:8082", "the card house")
	f.StringVar(&t.pin, "pin", "", "what stands for {PIN} in a transcript")
	f.BoolVar(&t.real, "real", false, "the card in a PC/SC reader may be a real one: send commands to it")
	f.BoolVar(&t.pins, "pins", false, "send also PINs to a card that may be a real one; a wrong one uses up a try")
	if err := f.Parse(args[1:]); err != nil {
		return err
	}
	if f.NArg() < 2 || args[0] == "replay" && f.NArg() > 2 {
		f.Usage()
		return errors.New("want a card and what to send to it")
	}
	if args[0] == "apdu" {
		return t.send(ctx, f.Arg(0), f.Args()[1:])
	}
	return t.replay(ctx, f.Arg(0), f.Arg(1), in)
}

// send sends commands and prints what was said.
func (t tool) send(ctx context.Context, card string, commands []string) error {
	lines, err := t.ask(ctx, card, commands)
	fmt.Fprint(t.out, apdulog.Text(lines))
	return err
}

// replay sends the commands of a transcript and compares the answers.
func (t tool) replay(ctx context.Context, card, file string, in io.Reader) error {
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return err
		}
		defer opened.Close()
		in = opened
	}
	steps, err := apdulog.Read(in, apdulog.Values{PIN: t.pin})
	if err != nil {
		return err
	}
	played, err := apdulog.Play(ctx, steps, stage{t, card})
	if err != nil {
		return err
	}
	for i, p := range played {
		if p.Unlike() {
			return fmt.Errorf("line %d: %s (> %s) was answered % X", p.Line, apdulog.LinesOf(played)[i].Says, apdulog.Masked(p.Command), p.Got)
		}
	}
	fmt.Fprintf(t.out, "%d commands, each answered as the transcript says\n", len(played))
	return nil
}

// stage is a card of the house that runs. Whatever is sent in one go begins at power-on.
type stage struct {
	tool
	card string
}

// Direct does nothing to the card: it has power anew with every Send, and is what it is.
func (stage) Direct(context.Context, []string) error { return nil }

// Send sends commands to the card in one go.
func (s stage) Send(ctx context.Context, commands [][]byte) (answers [][]byte, err error) {
	var texts []string
	for _, c := range commands {
		texts = append(texts, hex.EncodeToString(c))
	}
	lines, err := s.ask(ctx, s.card, texts)
	for _, line := range lines {
		answer, err := hex.DecodeString(strings.ReplaceAll(line.Answer, " ", ""))
		if err != nil {
			return answers, fmt.Errorf("the card house answers %q", line.Answer)
		}
		answers = append(answers, answer)
	}
	return answers, err
}

// ask sends commands to a card in one go.
func (t tool) ask(ctx context.Context, card string, commands []string) ([]apdulog.Line, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	body, err := json.Marshal(map[string]any{"commands": commands, "confirm": t.real, "pins": t.pins})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(t.house, "/")+"/v1/cards/"+url.PathEscape(card)+"/apdus", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask the card house: %w", err)
	}
	defer resp.Body.Close()
	var said struct {
		Code, Detail string
		Lines        []apdulog.Line
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, longest)).Decode(&said); err != nil {
		return nil, fmt.Errorf("the card house answers HTTP %d: %w", resp.StatusCode, err)
	}
	switch {
	case slices.Contains([]string{"unconfirmed", "pin_refused"}, said.Code):
		return nil, fmt.Errorf("%s (--real, --pins)", said.Detail)
	case resp.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the card house refuses: %s: %s", said.Code, said.Detail)
	case len(said.Lines) != len(commands):
		return nil, fmt.Errorf("the card house answers %d of %d commands", len(said.Lines), len(commands))
	}
	return said.Lines, nil
}
