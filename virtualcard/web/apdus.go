package web

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"example.jp/jpkimock/internal/door"
	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/apdulog"
	"example.jp/jpkimock/virtualcard/pcsc"
)

// mostCommands is how many commands a request has at most.
const mostCommands = 1000

// shortestCommand is the header of a command, in bytes.
const shortestCommand = 4

// realPrefix and the name of a PC/SC reader stand for the card in it, as in /v1/sign.
const realPrefix = "pcsc:"

// commands are command APDUs in hexadecimal for one card, from power-on.
type commands struct {
	Commands []string `json:"commands"`
	consent
}

// consent is for a card that may be real: nothing is sent without Confirm, and no command
// that has a PIN without PINs.
type consent struct {
	Confirm bool `json:"confirm,omitempty"`
	PINs    bool `json:"pins,omitempty"`
}

// parse reads the commands.
func (in commands) parse() ([][]byte, error) {
	if len(in.Commands) == 0 || len(in.Commands) > mostCommands {
		return nil, malformed(fmt.Sprintf("commands: want 1 to %d", mostCommands))
	}
	all := make([][]byte, 0, len(in.Commands))
	for i, text := range in.Commands {
		b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		if err != nil || len(b) < shortestCommand {
			return nil, malformed(fmt.Sprintf("commands: number %d is not a command in hexadecimal", i+1))
		}
		all = append(all, b)
	}
	return all, nil
}

// sendCommands sends a script's commands to a card, in one go, and answers with its
// answers and what they mean.
func (d desk) sendCommands(c echo.Context) error {
	in, err := door.Read[commands](c)
	if err != nil {
		return err
	}
	all, err := in.parse()
	if err != nil {
		return err
	}
	card, err := d.connect(c, in.consent, all)
	if err != nil {
		return err
	}
	answers, err := converse(c.Request().Context(), card, all)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"lines": apdulog.Lines(all, answers)})
}

// converse sends commands to a card one by one, and takes it off its reader. On an error
// the last answer is nil.
func converse(ctx context.Context, card pcsc.Session, commands [][]byte) (answers [][]byte, err error) {
	defer func() { _ = card.Close() }()
	for _, command := range commands {
		answer, err := card.Transmit(ctx, command)
		answers = append(answers, answer)
		if err != nil {
			return answers, err
		}
	}
	return answers, nil
}

// connect powers up the card that a route names.
func (d desk) connect(c echo.Context, in consent, all [][]byte) (pcsc.Session, error) {
	id, err := url.PathUnescape(c.Param("id"))
	if err != nil {
		return nil, malformed("card: not a name")
	}
	return d.powerUp(c.Request().Context(), virtualcard.CardID(id), in, all)
}

// powerUp powers up a card of the cabinet, or the one in a PC/SC reader.
func (d desk) powerUp(ctx context.Context, id virtualcard.CardID, in consent, all [][]byte) (pcsc.Session, error) {
	if reader, real := strings.CutPrefix(string(id), realPrefix); real {
		if err := in.allow(all); err != nil {
			return nil, err
		}
		return d.Real.Connect(ctx, reader)
	}
	waiting, cancel := context.WithTimeout(ctx, d.CardWait)
	defer cancel()
	conn, err := d.Cabinet.Connect(waiting, id)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, d.Busy
	case err != nil:
		return nil, err
	}
	return conn, nil
}

// allow refuses what a card that may be real is not to get.
func (in consent) allow(all [][]byte) error {
	if !in.Confirm {
		return door.Problem{Status: http.StatusConflict, Code: "unconfirmed", Detail: "the card may be a real one: nothing is sent without confirm"}
	}
	for i, command := range all {
		parsed, err := apdu.ParseCommand(command)
		if !in.PINs && (err != nil || apdulog.HasPIN(parsed.Bytes())) {
			return door.Problem{Status: http.StatusConflict, Code: "pin_refused",
				Detail: fmt.Sprintf("command %d has a PIN, and the card may be a real one: nothing was sent; say pins to risk its tries", i+1)}
		}
	}
	return nil
}
