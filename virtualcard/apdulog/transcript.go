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

// Step is a command of a transcript, and what has to be answered.
type Step struct {
	Line    int // where the command stands
	Command []byte
	// Answer is the pattern of the answer: a byte, or -1 for any; nil if the transcript
	// does not say.
	Answer []int
	Want   string // Answer as it is written
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

// Read reads a transcript. A command's {PIN} becomes pin. In an answer {n} stands for
// any n bytes. What the file does to the card ("! reset") is not replayed; a transcript
// whose commands depend on it has to be cut there.
func Read(r io.Reader, pin string) ([]Step, error) {
	var steps []Step
	in := bufio.NewScanner(r)
	in.Buffer(nil, longestLine)
	for n := 1; in.Scan(); n++ {
		what, rest, _ := strings.Cut(strings.TrimSpace(in.Text()), " ")
		var err error
		switch what {
		case "", "#", "!":
		case ">":
			step := Step{Line: n}
			step.Command, err = command(rest, pin)
			steps = append(steps, step)
		case "<":
			if len(steps) == 0 || steps[len(steps)-1].Answer != nil {
				err = errors.New("an answer without its command")
				break
			}
			step := &steps[len(steps)-1]
			step.Want = rest
			step.Answer, err = pattern(rest)
		default:
			err = fmt.Errorf("%q: want #, !, > or <", what)
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

func command(text, pin string) ([]byte, error) {
	if strings.Contains(text, secret) && pin == "" {
		return nil, errors.New("the command needs a PIN")
	}
	b, err := hex.DecodeString(strings.ReplaceAll(strings.ReplaceAll(text, secret, hex.EncodeToString([]byte(pin))), " ", ""))
	if err == nil && len(b) < 4 {
		err = errors.New("a command has at least four bytes")
	}
	if err == nil && strings.Contains(text, secret) && len(b) > 5 {
		b[4] = byte(len(pin))
	}
	return b, err
}

func pattern(text string) ([]int, error) {
	p := []int{}
	for _, word := range strings.Fields(text) {
		var n int
		if _, err := fmt.Sscanf(word, "{%d}", &n); err == nil && n > 0 && n <= longestLine && len(p) <= longestLine {
			for range n {
				p = append(p, -1)
			}
			continue
		}
		b, err := hex.DecodeString(word)
		if err != nil {
			return nil, err
		}
		for _, octet := range b {
			p = append(p, int(octet))
		}
	}
	return p, nil
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
