// Package vpcd shows a card to pcscd as a card in a virtual reader, so that OpenSC
// and every other PC/SC program can open it. It speaks the protocol of the vpcd
// driver (vsmartcard): the driver listens, on port 35963 by default, and the card
// is the TCP client. A [Reader] connects, and connects again when the driver has
// gone away, for as long as a card lies in it.
//
// A message is a two-byte big-endian length and a body, both ways. A body of one
// byte from the reader is an order: 00 power off, 01 power on, 02 reset, 04 give
// the ATR; only the last has an answer. Any other body is a command APDU, answered
// by its response APDU.
//
// The driver trusts whoever connects, and listens on every address; the machine's
// firewall has to keep others out.
package vpcd

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"example.jp/jpkimock/virtualcard"
	"example.jp/jpkimock/virtualcard/apdu"
)

// The orders of the reader.
const (
	powerOff = 0x00
	powerOn  = 0x01
	reset    = 0x02
	giveATR  = 0x04
)

// longestWait bounds how long a program, and pcscd with it, waits for a card that a
// window uses; then the card is gone from the reader until it is free.
const longestWait = 10 * time.Second

// ErrProtocol: the other end is not a vpcd, or it sent half a message.
var ErrProtocol = errors.New("vpcd: not a message of the reader")

// Card is what is shown: a *virtualcard.Shared is one.
type Card interface {
	Transmit(ctx context.Context, command []byte) ([]byte, error)
	Reset()
	ATR() []byte // nil for a dead chip
}

var _ Card = (*virtualcard.Shared)(nil)

func dial(ctx context.Context, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("vpcd: connect to the reader: %w", err)
	}
	return conn, nil
}

// show answers a reader until ctx ends, which takes the card out and is no error.
// It returns how many messages were answered, and io.EOF when the reader goes away
// or the card's own error when it dies (virtualcard.ErrDeadCard), is taken off
// (virtualcard.ErrClosed) or goes to another reader (virtualcard.ErrTaken). Any other failure of the card is answered with 6F00.
func show(ctx context.Context, conn net.Conn, card Card) (messages int, err error) {
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer func() {
		stop()
		_ = conn.Close()
	}()
	messages, err = serve(ctx, conn, card)
	if ctx.Err() != nil {
		err = nil
	}
	return messages, err
}

// serve answers message by message. The driver sends a message's length and body in
// two writes, and its TCP stack keeps the second back until the first is
// acknowledged. Unless that happens at once every command takes 40 ms more
// (BenchmarkCommand).
func serve(ctx context.Context, conn net.Conn, card Card) (messages int, err error) {
	in := bufio.NewReader(quick{conn})
	for ; ; messages++ {
		message, err := read(in)
		if err != nil {
			return messages, err
		}
		answer, err := reply(ctx, card, message)
		if err != nil {
			return messages, err
		}
		if answer == nil {
			continue
		}
		if err := write(conn, answer); err != nil {
			return messages, err
		}
	}
}

// read reads a message. The end of the stream between two messages is io.EOF.
func read(r io.Reader) ([]byte, error) {
	var length [2]byte
	switch _, err := io.ReadFull(r, length[:]); {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fmt.Errorf("%w: half a message", ErrProtocol)
	case err != nil:
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(length[:]))
	if n == 0 {
		return nil, fmt.Errorf("%w: empty", ErrProtocol)
	}
	message := make([]byte, n)
	if _, err := io.ReadFull(r, message); err != nil {
		return nil, fmt.Errorf("%w: half a message", ErrProtocol)
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

// reply does what a message says. A nil answer is not sent.
func reply(ctx context.Context, card Card, message []byte) ([]byte, error) {
	if len(message) == 1 {
		switch message[0] {
		case powerOff, powerOn, reset:
			card.Reset()
			return nil, nil
		case giveATR:
			if atr := card.ATR(); atr != nil {
				return atr, nil
			}
			return nil, virtualcard.ErrDeadCard
		}
		return nil, fmt.Errorf("%w: order %02X", ErrProtocol, message[0])
	}
	waiting, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	answer, err := card.Transmit(waiting, message)
	switch {
	case err == nil:
		return answer, nil
	case waiting.Err() != nil && ctx.Err() == nil:
		return nil, virtualcard.ErrTaken
	case errors.Is(err, virtualcard.ErrDeadCard), errors.Is(err, virtualcard.ErrClosed), errors.Is(err, virtualcard.ErrTaken), ctx.Err() != nil:
		return nil, err
	}
	return apdu.Response{SW: apdu.UnknownError}.Bytes(), nil
}
