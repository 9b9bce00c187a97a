// Package vpcd shows a card to pcscd as a card in a virtual reader, so that
// OpenSC and every other PC/SC program can open it. It speaks the protocol of
// the vpcd driver (vsmartcard): the driver listens, on port 35963 by default,
// and the card is the TCP client.
//
// A message is a two-byte big-endian length and a body, both ways. A body of
// one byte from the reader is an order: 00 power off, 01 power on, 02 reset, 04
// give the ATR; only the last has an answer. Any other body is a command APDU,
// answered by its response APDU.
//
// The driver believes whoever connects, and listens on every address; the
// machine's firewall has to keep others out.
package vpcd

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
)

// DefaultAddress is where the driver listens if nobody told it otherwise.
const DefaultAddress = "127.0.0.1:35963"

// The orders of the reader.
const (
	powerOff = 0x00
	powerOn  = 0x01
	reset    = 0x02
	giveATR  = 0x04
)

// ErrProtocol is returned when the other end is no vpcd.
var ErrProtocol = errors.New("vpcd: not a message of the reader")

// Card is what is shown: a *virtualcard.Connection is one.
type Card interface {
	Transmit(ctx context.Context, command []byte) ([]byte, error)
	Reset()
	ATR() []byte
}

var _ Card = (*virtualcard.Connection)(nil)

// Show puts the card in the reader that listens at address and answers until
// ctx ends, which takes the card out and is no error, or until the reader goes
// away. A card that dies (virtualcard.ErrDeadCard) or is taken off
// (virtualcard.ErrClosed) ends it with that error; to any other failure the
// reader is answered 6F00.
func Show(ctx context.Context, address string, card Card) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("vpcd: connect to the reader: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() {
		stop()
		_ = conn.Close()
	}()
	err = serve(ctx, conn, card)
	if ctx.Err() != nil || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// serve answers message by message. The driver sends a message's length and
// body in two writes and waits for the acknowledgement of the first; unless it
// comes at once every command takes 50 ms.
func serve(ctx context.Context, conn net.Conn, card Card) error {
	in := bufio.NewReader(quick{conn})
	for {
		message, err := read(in)
		if err != nil {
			return err
		}
		answer, err := reply(ctx, card, message)
		if err != nil {
			return err
		}
		if answer == nil {
			continue
		}
		if err := write(conn, answer); err != nil {
			return err
		}
	}
}

// read reads a message. The end between two messages is io.EOF.
func read(r io.Reader) ([]byte, error) {
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(length[:]))
	if n == 0 {
		return nil, fmt.Errorf("%w: empty", ErrProtocol)
	}
	message := make([]byte, n)
	if _, err := io.ReadFull(r, message); err != nil {
		return nil, fmt.Errorf("%w: cut short", ErrProtocol)
	}
	return message, nil
}

// write writes a message in one piece.
func write(w io.Writer, body []byte) error {
	if len(body) > 0xFFFF {
		body = apdu.Response{SW: apdu.UnknownError}.Bytes()
	}
	_, err := w.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(body))), body...))
	return err
}

// reply does what a message says; nil is no answer.
func reply(ctx context.Context, card Card, message []byte) ([]byte, error) {
	if len(message) == 1 {
		switch message[0] {
		case powerOff, powerOn, reset:
			card.Reset()
			return nil, nil
		case giveATR:
			return card.ATR(), nil
		}
		return nil, fmt.Errorf("%w: order %02X", ErrProtocol, message[0])
	}
	answer, err := card.Transmit(ctx, message)
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(err, virtualcard.ErrDeadCard), errors.Is(err, virtualcard.ErrClosed), ctx.Err() != nil:
		return nil, err
	}
	return apdu.Response{SW: apdu.UnknownError}.Bytes(), nil
}
