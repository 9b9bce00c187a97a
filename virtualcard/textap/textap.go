// Package textap drives the card-face text application (券面事項入力補助AP) of an Individual
// Number Card: the four basic data of its holder, after the PIN of four digits that belongs
// to this application. The Individual Number, which is beside them on the card, is never asked
// for here.
//
// The bytes follow what myna and others are known to send (docs/card-protocol.md).
package textap

import (
	"context"
	"errors"
	"fmt"

	"example.jp/jpkimock/virtualcard/apdu"
	"example.jp/jpkimock/virtualcard/jpkiap"
	"example.jp/jpkimock/virtualcard/record"
)

// PINFile is 券面事項入力補助用暗証番号, four digits, three tries.
const PINFile jpkiap.FID = 0x0011

// Attributes are the four basic data (基本4情報) as the card has them.
type Attributes struct {
	Name, Address string
	DateOfBirth   string // YYYYMMDD
	Gender        string // 1, 2 or 9 (JIS X 0303)
}

// ErrNoApplication: the card has no card-face text application, as the token of a telephone.
var ErrNoApplication = errors.New("textap: the card has no card-face text application")

// ErrFormat: the file of the four basic data cannot be read.
var ErrFormat = errors.New("textap: the four basic data cannot be read")

// longestFile is more than any card needs.
const longestFile = 2048

// driver is the application, selected.
type driver struct{ to jpkiap.Transmitter }

// send sends a command, of whose status words these are expected besides 9000.
func (d driver) send(ctx context.Context, cmd apdu.Command) (apdu.Response, error) {
	b, err := d.to.Transmit(ctx, cmd.Bytes())
	if err != nil {
		return apdu.Response{}, fmt.Errorf("textap: %v: %w", cmd, err)
	}
	return apdu.ParseResponse(b)
}

// obeyed sends a command that the card has to obey.
func (d driver) obeyed(ctx context.Context, cmd apdu.Command) ([]byte, error) {
	r, err := d.send(ctx, cmd)
	if err == nil && r.SW != apdu.OK {
		err = &jpkiap.StatusError{INS: cmd.INS, SW: r.SW}
	}
	return r.Data, err
}

func (d driver) selectFile(ctx context.Context, fid jpkiap.FID) error {
	_, err := d.obeyed(ctx, apdu.Command{INS: 0xA4, P1: 0x02, P2: 0x0C, Data: []byte{byte(fid >> 8), byte(fid)}})
	return err
}

// open selects the application and its PIN.
func open(ctx context.Context, to jpkiap.Transmitter) (driver, error) {
	d := driver{to}
	r, err := d.send(ctx, apdu.Command{INS: 0xA4, P1: 0x04, P2: 0x0C, Data: record.TextAID()})
	switch {
	case err != nil:
		return d, err
	case r.SW == apdu.NotFound:
		return d, ErrNoApplication
	case r.SW != apdu.OK:
		return d, &jpkiap.StatusError{INS: 0xA4, SW: r.SW}
	}
	return d, d.selectFile(ctx, PINFile)
}

// TriesLeft asks how many tries the PIN has left, and spends none. It returns
// ErrNoApplication.
func TriesLeft(ctx context.Context, to jpkiap.Transmitter) (int, error) {
	d, err := open(ctx, to)
	if err != nil {
		return 0, err
	}
	r, err := d.send(ctx, apdu.Command{INS: 0x20, P2: 0x80})
	if err != nil {
		return 0, err
	}
	left, ok := r.SW.TriesLeft()
	if !ok {
		return 0, &jpkiap.StatusError{INS: 0x20, SW: r.SW}
	}
	return left, nil
}

// ReadAttributes reads the four basic data after the PIN. The errors are those of
// jpkiap.Card.Verify, ErrNoApplication and ErrFormat. What cannot be such a PIN is not sent.
func ReadAttributes(ctx context.Context, to jpkiap.Transmitter, pin string) (Attributes, error) {
	if !isPIN(pin) {
		return Attributes{}, &jpkiap.PINFormatError{Rule: jpkiap.PINRule{Min: 4, Max: 4}}
	}
	d, err := open(ctx, to)
	if err != nil {
		return Attributes{}, err
	}
	r, err := d.send(ctx, apdu.Command{INS: 0x20, P2: 0x80, Data: []byte(pin)})
	if err != nil {
		return Attributes{}, err
	}
	if left, ok := r.SW.TriesLeft(); ok {
		return Attributes{}, &jpkiap.WrongPINError{TriesLeft: left}
	}
	switch r.SW {
	case apdu.OK:
	case apdu.ReferenceBlocked, apdu.MethodBlocked:
		return Attributes{}, jpkiap.ErrBlocked
	default:
		return Attributes{}, &jpkiap.StatusError{INS: 0x20, SW: r.SW}
	}
	file, err := d.read(ctx, record.TextAttributes)
	if err != nil {
		return Attributes{}, err
	}
	return parse(file)
}

func isPIN(pin string) bool {
	for _, c := range []byte(pin) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(pin) == 4
}

// read reads the object that a file begins with.
func (d driver) read(ctx context.Context, fid jpkiap.FID) ([]byte, error) {
	if err := d.selectFile(ctx, fid); err != nil {
		return nil, err
	}
	var all []byte
	for size := 1; len(all) < size; {
		data, err := d.obeyed(ctx, apdu.Command{INS: 0xB0, P1: byte(len(all) >> 8), P2: byte(len(all)), Ne: 256})
		if err != nil {
			return nil, err
		}
		all = append(all, data...)
		_, value, ok := header(all)
		if !ok || len(data) == 0 || value.end > longestFile {
			return nil, ErrFormat
		}
		size = value.end
	}
	return all, nil
}

// span is where the value of an object begins and ends.
type span struct{ begin, end int }

// header reads the two-byte tag of an object and its length: one byte, or 81 or 82 before it.
func header(b []byte) (tag uint16, value span, ok bool) {
	if len(b) < 3 {
		return 0, span{}, false
	}
	tag, length, begin := uint16(b[0])<<8|uint16(b[1]), int(b[2]), 3
	switch {
	case length < 0x80:
	case length == 0x81 && len(b) > 3:
		length, begin = int(b[3]), 4
	case length == 0x82 && len(b) > 4:
		length, begin = int(b[3])<<8|int(b[4]), 5
	default:
		return 0, span{}, false
	}
	return tag, span{begin, begin + length}, true
}

// parse reads FF20 { DF21 offsets, DF22 name, DF23 address, DF24 birth, DF25 gender }.
func parse(file []byte) (Attributes, error) {
	tag, whole, ok := header(file)
	if !ok || tag != 0xFF20 || whole.end > len(file) {
		return Attributes{}, ErrFormat
	}
	texts := map[uint16]string{}
	for rest := file[whole.begin:whole.end]; len(rest) > 0; {
		tag, value, ok := header(rest)
		if !ok || value.end > len(rest) {
			return Attributes{}, ErrFormat
		}
		texts[tag] = string(rest[value.begin:value.end])
		rest = rest[value.end:]
	}
	a := Attributes{Name: texts[0xDF22], Address: texts[0xDF23], DateOfBirth: texts[0xDF24], Gender: texts[0xDF25]}
	if a.Name == "" || a.Address == "" || len(a.DateOfBirth) != 8 || len(a.Gender) != 1 {
		return Attributes{}, ErrFormat
	}
	return a, nil
}
