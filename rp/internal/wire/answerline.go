package wire

// MaxAnswerLine bounds a line of an answer, in octets with the line feed.
const MaxAnswerLine = 256

// AnswerLine is a line of an answer as it was read, a JSON object of members
// that are known, each once: kind, serial, state, and with some states reason
// and at; or line and error. A member that is absent is nil.
type AnswerLine struct {
	Kind, Serial, State, Reason, At []byte
	Number, Code                    []byte
}

// member gives the place of a member's value.
func (a *AnswerLine) member(name []byte) *[]byte {
	switch string(name) {
	case "kind":
		return &a.Kind
	case "serial":
		return &a.Serial
	case "state":
		return &a.State
	case "reason":
		return &a.Reason
	case "at":
		return &a.At
	case "line":
		return &a.Number
	case "error":
		return &a.Code
	}
	return nil
}

// ParseAnswerLine reads a line. The values need no escapes and no letters
// outside ASCII, so neither is read; there may be white space.
func ParseAnswerLine(text []byte) (a AnswerLine, ok bool) {
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
		if value == &a.Number {
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
