package web

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"example.jp/jpkimock/authority"
	"example.jp/jpkimock/authority/jpki"
)

// The lines of a change confirmation are written by everybody in one way, and
// read in that way without a JSON reader; any other way to write the same
// object is read too, slowly.
const (
	signatureLine      = `{"kind":"digital-signature","serial":"`
	authenticationLine = `{"kind":"user-authentication","serial":"`
	lineEnd            = `"}`
)

// parseLine reads one question, without its line feed.
func parseLine(line []byte) (authority.Question, bool) {
	if q, ok := parsePlain(line); ok {
		return q, true
	}
	return parseObject(line)
}

// parsePlain reads the usual form; false says nothing about the line.
func parsePlain(line []byte) (authority.Question, bool) {
	kind, rest := jpki.DigitalSignature, line
	switch {
	case bytes.HasPrefix(line, []byte(signatureLine)):
		rest = line[len(signatureLine):]
	case bytes.HasPrefix(line, []byte(authenticationLine)):
		kind, rest = jpki.UserAuthentication, line[len(authenticationLine):]
	default:
		return authority.Question{}, false
	}
	digits := len(rest) - len(lineEnd)
	if digits < 2 || digits > 40 || digits%2 != 0 || string(rest[digits:]) != lineEnd || rest[0] == '0' && rest[1] == '0' {
		return authority.Question{}, false
	}
	for _, c := range rest[:digits] {
		if (c < '0' || c > '9') && (c < 'A' || c > 'F') {
			return authority.Question{}, false
		}
	}
	return authority.Question{Kind: kind, Serial: jpki.SerialNumber(rest[:digits])}, true
}

// parseObject reads one JSON object with exactly the members kind and serial,
// each once.
func parseObject(line []byte) (q authority.Question, ok bool) {
	if !utf8.Valid(line) || !json.Valid(line) {
		return q, false
	}
	d := json.NewDecoder(bytes.NewReader(line))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return q, false
	}
	members := map[string]string{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return q, false
		}
		value, err := d.Token()
		text, isText := value.(string)
		key, _ := name.(string)
		if _, twice := members[key]; err != nil || !isText || twice {
			return q, false
		}
		members[key] = text
	}
	if len(members) != 2 {
		return q, false
	}
	kind, err := jpki.ParseKind(members["kind"])
	if err != nil {
		return q, false
	}
	serial, err := jpki.ParseSerialNumber(members["serial"])
	return authority.Question{Kind: kind, Serial: serial}, err == nil
}

// appendAnswer appends the line that answers a question. None of the words in
// it needs escaping.
func appendAnswer(b []byte, c authority.Confirmed) []byte {
	if c.Kind == jpki.DigitalSignature {
		b = append(b, signatureLine...)
	} else {
		b = append(b, authenticationLine...)
	}
	b = append(append(append(b, c.Serial...), `","state":"`...), c.State...)
	if !c.At.IsZero() {
		b = append(append(append(b, `","reason":"`...), c.Reason.String()...), `","at":"`...)
		b = c.At.AppendFormat(b, time.RFC3339)
	}
	return append(b, `"}`+"\n"...)
}

// appendError appends the line that says what is wrong with a line, counted
// from 1.
func appendError(b []byte, line int, code string) []byte {
	b = strconv.AppendInt(append(b, `{"line":`...), int64(line), 10)
	return append(append(append(b, `,"error":"`...), code...), `"}`+"\n"...)
}

// discard reads on to the end of a line that is too long.
func discard(r interface{ ReadSlice(byte) ([]byte, error) }, full error) error {
	err := full
	for err == full {
		_, err = r.ReadSlice('\n')
	}
	if err == io.EOF {
		return nil
	}
	return err
}
