// Package apdu has the words of ISO/IEC 7816-4 between a card and its reader:
// command, response, status word. It is pure: bytes in, bytes out, no state
// and no input or output.
package apdu

import (
	"errors"
	"fmt"
)

// Limits of an extended APDU (ISO/IEC 7816-3 §12.1.3).
const (
	MaxData    = 65535
	MaxNe      = 65536
	maxCommand = 4 + 3 + MaxData + 2
)

// ErrLength is returned for bytes whose length fields contradict their number;
// a card answers WrongLength.
var ErrLength = errors.New("apdu: length of the command contradicts its length fields")

// ErrResponse is returned for bytes that cannot be a response: the communication failed.
var ErrResponse = errors.New("apdu: not a response")

// Command is a command APDU.
type Command struct {
	CLA, INS, P1, P2 byte
	// Data is the command data field, empty in cases 1 and 2.
	Data []byte
	// Ne is the number of bytes wanted in the answer, 1 to 65,536; 0 means
	// that there is no Le field (cases 1 and 3).
	Ne int
	// Extended says that Lc or Le had three or two bytes.
	Extended bool
}

// HasLe reports whether the command has a Le field.
func (c Command) HasLe() bool { return c.Ne > 0 }

// ParseCommand reads a command APDU of cases 1 to 4, short or extended
// (ISO/IEC 7816-3 §12.1). Data is a copy. The error matches ErrLength.
func ParseCommand(b []byte) (Command, error) {
	if len(b) < 4 || len(b) > maxCommand {
		return Command{}, fmt.Errorf("%w: %d bytes", ErrLength, len(b))
	}
	c := Command{CLA: b[0], INS: b[1], P1: b[2], P2: b[3]}
	body := b[4:]
	switch {
	case len(body) == 0: // case 1
		return c, nil
	case len(body) == 1: // case 2: Le
		c.Ne = ne(int(body[0]), 256)
		return c, nil
	case body[0] != 0:
		return c.short(body)
	}
	return c.extended(body)
}

// short reads cases 3 (Lc data) and 4 (Lc data Le).
func (c Command) short(body []byte) (Command, error) {
	lc, rest := int(body[0]), body[1:]
	switch len(rest) {
	case lc:
	case lc + 1:
		c.Ne = ne(int(rest[lc]), 256)
	default:
		return Command{}, fmt.Errorf("%w: Lc is %d, %d bytes follow", ErrLength, lc, len(rest))
	}
	c.Data = append([]byte{}, rest[:lc]...)
	return c, nil
}

// extended reads cases 2 (00 Le Le), 3 (00 Lc Lc data) and 4 (00 Lc Lc data Le
// Le).
func (c Command) extended(body []byte) (Command, error) {
	if len(body) < 3 {
		return Command{}, fmt.Errorf("%w: cut in the length field", ErrLength)
	}
	c.Extended = true
	n, rest := int(body[1])<<8|int(body[2]), body[3:]
	if len(rest) == 0 {
		c.Ne = ne(n, MaxNe)
		return c, nil
	}
	switch {
	case n == 0:
		return Command{}, fmt.Errorf("%w: extended Lc is 0", ErrLength)
	case len(rest) == n:
	case len(rest) == n+2:
		c.Ne = ne(int(rest[n])<<8|int(rest[n+1]), MaxNe)
	default:
		return Command{}, fmt.Errorf("%w: Lc is %d, %d bytes follow", ErrLength, n, len(rest))
	}
	c.Data = append([]byte{}, rest[:n]...)
	return c, nil
}

// ne reads a Le field, in which zero stands for the largest value.
func ne(le, largest int) int {
	if le == 0 {
		return largest
	}
	return le
}

// Bytes writes the command, in the short form if it fits and Extended is not
// set. It panics for data or Ne beyond the limits, which are the caller's to
// keep.
func (c Command) Bytes() []byte {
	if len(c.Data) > MaxData || c.Ne < 0 || c.Ne > MaxNe {
		panic("apdu: command beyond the limits of an extended APDU")
	}
	b := append(make([]byte, 0, 4+3+len(c.Data)+2), c.CLA, c.INS, c.P1, c.P2)
	if !c.Extended && len(c.Data) <= 255 && c.Ne <= 256 {
		if len(c.Data) > 0 {
			b = append(append(b, byte(len(c.Data))), c.Data...)
		}
		if c.HasLe() {
			b = append(b, byte(c.Ne))
		}
		return b
	}
	if len(c.Data) > 0 {
		b = append(append(b, 0, byte(len(c.Data)>>8), byte(len(c.Data))), c.Data...)
	} else if c.HasLe() {
		b = append(b, 0)
	}
	if c.HasLe() {
		b = append(b, byte(c.Ne>>8), byte(c.Ne))
	}
	return b
}

// String returns the header and the lengths. The data field may be a PIN and is
// never printed.
func (c Command) String() string {
	return fmt.Sprintf("%02X %02X %02X %02X (Nc %d, Ne %d)", c.CLA, c.INS, c.P1, c.P2, len(c.Data), c.Ne)
}

// Format writes String's form for every verb, so that no verb prints a PIN.
func (c Command) Format(s fmt.State, _ rune) { fmt.Fprint(s, c.String()) }

// MarshalText writes String's form, so that no JSON has a PIN.
func (c Command) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// Response is a response APDU.
type Response struct {
	Data []byte
	SW   StatusWord
}

// ParseResponse reads a response APDU: data, then two bytes of status. Data is
// a copy.
func ParseResponse(b []byte) (Response, error) {
	if len(b) < 2 || len(b) > MaxNe+2 {
		return Response{}, fmt.Errorf("%w: %d bytes", ErrResponse, len(b))
	}
	n := len(b) - 2
	return Response{Data: append([]byte{}, b[:n]...), SW: StatusWord(b[n])<<8 | StatusWord(b[n+1])}, nil
}

// Bytes writes the response.
func (r Response) Bytes() []byte {
	b := append(make([]byte, 0, len(r.Data)+2), r.Data...)
	return append(b, byte(r.SW>>8), byte(r.SW))
}
