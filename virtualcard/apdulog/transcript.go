package apdulog

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Bounds of a transcript.
const (
	longestLine  = 200_000
	mostCommands = 1_000
)

// Step is a line of a transcript: a command with what has to be answered, or something
// that is done to the card.
type Step struct {
	Line int // where it stands
	// Direct has the words of what is done to the card: "reset"; nil for a command.
	Direct  []string
	Command []byte
	// Answer is the pattern of the answer: a byte, or -1 for any; nil if the transcript
	// does not say.
	Answer []int
	Want   string // Answer as it is written
}

// Values are what stands for names in braces.
type Values struct {
	PIN string // of {PIN}; the command's length byte becomes its length
	// Numbers are digits by their names: of {A}, {B} and {birth}.
	Numbers map[string]string
	// File returns a file of the card by its name ("000A", "text:0002"), or nil for an unknown
	// one. If File is nil, a part of a file may be any bytes.
	File func(name string) []byte
}

// LineError says which line of a transcript cannot be read.
type LineError struct {
	Line int
	Err  error
}

// Error names the line and says what is wrong with it.
func (e *LineError) Error() string { return fmt.Sprintf("apdulog: line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// Read reads a transcript. Its error is a *LineError, or of r.
func Read(r io.Reader, v Values) ([]Step, error) {
	var steps []Step
	in := bufio.NewScanner(r)
	in.Buffer(nil, longestLine)
	for n := 1; in.Scan(); n++ {
		step, err := v.line(strings.TrimSpace(in.Text()), steps)
		if err == nil && step != nil {
			step.Line = n
			steps = append(steps, *step)
		}
		if err == nil && len(steps) > mostCommands {
			err = fmt.Errorf("more than %d commands", mostCommands)
		}
		if err != nil {
			return nil, &LineError{Line: n, Err: err}
		}
	}
	return steps, in.Err()
}

// line reads a line: a step, an answer of the last one before, or nothing.
func (v Values) line(text string, before []Step) (*Step, error) {
	what, rest, _ := strings.Cut(text, " ")
	switch what {
	case "", "#":
		return nil, nil
	case "!":
		words := strings.Fields(rest)
		if len(words) == 0 {
			return nil, errors.New("! without a word")
		}
		return &Step{Direct: words}, nil
	case ">":
		command, err := v.command(rest)
		return &Step{Command: command}, err
	case "<":
		if len(before) == 0 || before[len(before)-1].Command == nil || before[len(before)-1].Answer != nil {
			return nil, errors.New("an answer without its command")
		}
		step := &before[len(before)-1]
		step.Want = rest
		var err error
		step.Answer, err = v.pattern(rest)
		return nil, err
	}
	return nil, fmt.Errorf("%q: want #, !, > or <", what)
}

// command reads a command.
func (v Values) command(text string) ([]byte, error) {
	var digits strings.Builder
	for rest := text; rest != ""; {
		plain, after, named := strings.Cut(rest, "{")
		digits.WriteString(strings.ReplaceAll(plain, " ", ""))
		if !named {
			break
		}
		name, next, closed := strings.Cut(after, "}")
		value, err := v.named(name)
		if err != nil || !closed {
			return nil, errors.Join(err, unclosed(closed))
		}
		digits.WriteString(hex.EncodeToString(value))
		rest = next
	}
	b, err := hex.DecodeString(digits.String())
	if err == nil && len(b) < 2 { // a driver takes a byte for an order of its own
		err = errors.New("a command has more than one byte")
	}
	if err == nil && strings.Contains(text, secret) && len(b) > 5 {
		b[4] = byte(len(v.PIN))
	}
	return b, err
}

func unclosed(closed bool) error {
	if closed {
		return nil
	}
	return errors.New("{ without }")
}

// named is the value of a name in a command.
func (v Values) named(name string) ([]byte, error) {
	if name == "PIN" {
		if v.PIN == "" {
			return nil, errors.New("the command needs a PIN")
		}
		return []byte(v.PIN), nil
	}
	var zeros int
	if _, err := fmt.Sscanf(name, "zeros %d", &zeros); err == nil && zeros > 0 && zeros <= longestLine {
		return make([]byte, zeros), nil
	}
	if number, ok := v.Numbers[name]; ok {
		return []byte(number), nil
	}
	return nil, fmt.Errorf("the command needs {%s}", name)
}

// pattern reads an answer.
func (v Values) pattern(text string) ([]int, error) {
	p := []int{}
	for _, word := range strings.Fields(text) {
		var part []int
		var err error
		if name, braced := strings.CutPrefix(word, "{"); braced && strings.HasSuffix(name, "}") {
			part, err = v.part(strings.TrimSuffix(name, "}"))
		} else {
			var b []byte
			b, err = hex.DecodeString(word)
			part = octets(b)
		}
		if p = append(p, part...); err == nil && len(p) > longestLine {
			err = errors.New("the answer is too long")
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

func octets(b []byte) []int {
	p := make([]int, 0, len(b))
	for _, octet := range b {
		p = append(p, int(octet))
	}
	return p
}

// part reads what stands in braces in an answer: n for any n bytes, a number by its name,
// FILE+OFFSET,n for n bytes of a file.
func (v Values) part(name string) ([]int, error) {
	if number, ok := v.Numbers[name]; ok {
		return octets([]byte(number)), nil
	}
	file, at, ofFile := strings.Cut(name, "+")
	var offset, n int
	var err error
	if ofFile {
		_, err = fmt.Sscanf(at, "%d,%d", &offset, &n)
	} else {
		_, err = fmt.Sscanf(name, "%d", &n)
	}
	if err != nil || n <= 0 || n > longestLine || offset < 0 || offset > longestLine {
		return nil, fmt.Errorf("{%s}: want a number of bytes, or a part of a file", name)
	}
	if !ofFile || v.File == nil {
		p := make([]int, n)
		for i := range p {
			p[i] = -1
		}
		return p, nil
	}
	content := v.File(file)
	if offset+n > len(content) {
		return nil, fmt.Errorf("{%s}: there is no such part of a file", name)
	}
	return octets(content[offset : offset+n]), nil
}

// Fits reports that an answer is as the transcript says.
func (s Step) Fits(answer []byte) bool {
	if s.Answer == nil {
		return true
	}
	if len(answer) != len(s.Answer) {
		return false
	}
	for i, b := range answer {
		if s.Answer[i] >= 0 && s.Answer[i] != int(b) {
			return false
		}
	}
	return true
}
