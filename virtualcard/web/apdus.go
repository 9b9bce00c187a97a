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

// realPrefix and the name of a PC/SC reader stand for the card in it, as in /v1/sign.
const realPrefix = "pcsc:"

// commands are command APDUs in hexadecimal for one card, from power-on. Confirm and
// PINs are for a card that may be real: nothing is sent without the one, and no command
// that has a PIN without the other.
type commands struct {
	Commands []string `json:"commands"`
	Confirm  bool     `json:"confirm,omitempty"`
	PINs     bool     `json:"pins,omitempty"`
}

// parse reads the commands.
func (in commands) parse() ([][]byte, error) {
	if len(in.Commands) == 0 || len(in.Commands) > mostCommands {
		return nil, malformed(fmt.Sprintf("commands: want 1 to %d", mostCommands))
	}
	all := make([][]byte, 0, len(in.Commands))
	for i, text := range in.Commands {
		b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		if err != nil || len(b) < 4 {
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
	card, err := d.connect(c, in, all)
	if err != nil {
		return err
	}
	defer func() { _ = card.Close() }()
	var answers [][]byte
	for _, command := range all {
		answer, err := card.Transmit(c.Request().Context(), command)
		if err != nil {
			return err
		}
		answers = append(answers, answer)
	}
	return c.JSON(http.StatusOK, map[string]any{"lines": apdulog.Lines(all, answers)})
}

// connect powers up the card that a route names.
func (d desk) connect(c echo.Context, in commands, all [][]byte) (pcsc.Session, error) {
	id, err := url.PathUnescape(c.Param("id"))
	if err != nil {
		return nil, malformed("card: not a name")
	}
	if reader, real := strings.CutPrefix(id, realPrefix); real {
		if err := in.allow(all); err != nil {
			return nil, err
		}
		return d.Real.Connect(c.Request().Context(), reader)
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), d.CardWait)
	defer cancel()
	conn, err := d.Cabinet.Connect(ctx, virtualcard.CardID(id))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, d.Busy
	case err != nil:
		return nil, err
	}
	return conn, nil
}

// allow refuses what a card that may be real is not to get.
func (in commands) allow(all [][]byte) error {
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
