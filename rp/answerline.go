package rp

import (
	"fmt"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// maxAnswerLine bounds a line of an answer, in octets with the line feed.
const maxAnswerLine = 256

// answerLine is a line of an answer as it was read, a JSON object of members
// that are known, each once: kind, serial, state, and with some states reason
// and at; or line and error. A member that is absent is nil.
type answerLine struct {
	kind, serial, state, reason, at []byte
	number, code                    []byte
}

// member gives the place of a member's value.
func (a *answerLine) member(name []byte) *[]byte {
	switch string(name) {
	case "kind":
		return &a.kind
	case "serial":
		return &a.serial
	case "state":
		return &a.state
	case "reason":
		return &a.reason
	case "at":
		return &a.at
	case "line":
		return &a.number
	case "error":
		return &a.code
	}
	return nil
}

// parseAnswerLine reads a line. The values need no escapes and no letters
// outside ASCII, so neither is read; there may be white space.
func parseAnswerLine(text []byte) (a answerLine, ok bool) {
	s := lineScanner{text}
	if !s.take('{') {
		return a, false
	}
	for {
		name, ok := s.text()
		value := a.member(name)
		if !ok || value == nil || *value != nil || !s.take(':') {
			return a, false
		}
		if value == &a.number {
			*value, ok = s.digits()
		} else {
			*value, ok = s.text()
		}
		if !ok {
			return a, false
		}
		if !s.take(',') {
			break
		}
	}
	if !s.take('}') {
		return a, false
	}
	s.skip()
	return a, len(s.rest) == 0
}

// lineScanner reads the few forms of JSON that a line has.
type lineScanner struct{ rest []byte }

// skip passes over white space.
func (s *lineScanner) skip() {
	for len(s.rest) > 0 && (s.rest[0] == ' ' || s.rest[0] == '\t' || s.rest[0] == '\n' || s.rest[0] == '\r') {
		s.rest = s.rest[1:]
	}
}

// take reads a mark, if it is the next one.
func (s *lineScanner) take(mark byte) bool {
	s.skip()
	if len(s.rest) == 0 || s.rest[0] != mark {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// text reads a string of printable ASCII without escapes.
func (s *lineScanner) text() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	for i, c := range s.rest {
		switch {
		case c == '"':
			text := s.rest[:i:i]
			s.rest = s.rest[i+1:]
			return text, true
		case c < ' ' || c > '~' || c == '\\':
			return nil, false
		}
	}
	return nil, false
}

// digits reads a positive integer.
func (s *lineScanner) digits() ([]byte, bool) {
	s.skip()
	i := 0
	for i < len(s.rest) && s.rest[i] >= '0' && s.rest[i] <= '9' {
		i++
	}
	number := s.rest[:i:i]
	s.rest = s.rest[i:]
	return number, i > 0 && number[0] != '0'
}

// status gives what the line says, if it answers the question about this
// serial number, in its canonical form.
func (a *answerLine) status(kind jpki.Kind, serial jpki.SerialNumber) (Status, *badAnswer) {
	if a.code != nil {
		return Status{}, a.refusal()
	}
	if string(a.kind) != kind.String() || string(a.serial) != serial.String() || a.number != nil {
		return Status{}, &badAnswer{ErrStatusMissing, fmt.Sprintf("an answer about %.40q %.40q in place of %s", a.kind, a.serial, serial)}
	}
	s := Status{Kind: kind, Serial: serial}
	if !a.standing(&s) {
		return Status{}, &badAnswer{fmt.Errorf("%w: %w", ErrStatusUnavailable, ErrMalformed),
			fmt.Sprintf("state %.40q, reason %.40q, at %.40q", a.state, a.reason, a.at)}
	}
	return s, nil
}

// standing writes state, reason and time into a status. The authority calls
// every revocation a change, and gives the reason.
func (a *answerLine) standing(s *Status) bool {
	switch string(a.state) {
	case "unchanged":
		s.State = Unchanged
	case "expired":
		s.State = Expired
	case "unknown":
		s.State = Unknown
	case "changed", "suspended":
		var err error
		if s.Reason, err = jpki.ParseReason(string(a.reason)); err != nil {
			return false
		}
		if s.At, err = time.Parse(time.RFC3339, string(a.at)); err != nil {
			return false
		}
		s.State, s.At = stateOf(s.Reason), s.At.UTC()
		return (s.State == Suspended) == (string(a.state) == "suspended")
	}
	return s.State != "" && a.reason == nil && a.at == nil
}

// refusal gives the error that a line names.
func (a *answerLine) refusal() *badAnswer {
	bad := &badAnswer{ErrStatusUnavailable, fmt.Sprintf("error %.40q", a.code)}
	switch string(a.code) {
	case "no_key", "unknown_key", "suspended", "withdrawn", "kind_not_covered":
		bad.rule = ErrNotAccredited
	}
	return bad
}
