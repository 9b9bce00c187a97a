// Package apdulog keeps and reads what a card and its reader said to each other.
//
// A transcript is text, which people read and programs replay. A line is
//
//	# a remark: what the next command and its answer mean
//	! power on | card in the reader     the card gets power
//	! reset                             it is reset
//	! holds KIND... | variant MAKE      it is a card like this, from here on
//	! dead                              it answers nothing any more
//	> 00 20 00 80 04 {PIN}              a command; {zeros n} for n zeros
//	< {4} 90 00                         its answer, data and status word; {n} for any n bytes
//
// A PIN is never kept: its place has {PIN}, which a replay fills in (Values). {A}, {B} and
// {birth} are 照合番号A, 照合番号B and the date of birth in digits; {FID+offset,n} in an answer is
// n bytes of a file of the JPKI application, {text:FID+offset,n} and {face:FID+offset,n} of
// another one.
package apdulog

import (
	"fmt"
	"strings"
	"sync"

	"example.jp/jpkimock/virtualcard/apdu"
)

// Line is a command with its answer, or something else that happened.
type Line struct {
	No      int    `json:"no"`                // 1 and up
	Command string `json:"command,omitempty"` // hexadecimal, without a PIN
	Answer  string `json:"answer,omitempty"`  // hexadecimal; empty for none
	Says    string `json:"says"`              // in the words of the specification
	SaysJA  string `json:"-"`                 // and in Japanese, for people
}

// Event is something that happened to the card beside commands.
type Event string

// The events of a log.
const (
	PowerOn Event = "power on"
	Reset   Event = "reset"
	// Seen: a driver has noticed the card.
	Seen Event = "card in the reader"
)

func (e Event) japanese() string {
	return map[Event]string{PowerOn: "電源投入", Reset: "リセット", Seen: "カードを検出"}[e]
}

// Log is what was said at a reader, the latest lines of it. Its methods may be called
// from any goroutine.
type Log struct {
	mu     sync.Mutex
	most   int
	lines  []Line
	no     int
	reads  decoder
	change chan struct{} // closed by the next line
}

// New returns a log of at most so many lines.
func New(most int) *Log { return &Log{most: most, change: make(chan struct{})} }

// Exchange notes a command and its answer, nil for none.
func (l *Log) Exchange(command, answer []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.add(l.reads.line(command, answer))
}

// Event notes what happened to the card. What was selected is forgotten.
func (l *Log) Event(what Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reads = decoder{}
	if n := len(l.lines); n > 0 && l.lines[n-1].Command == "" && l.lines[n-1].Says == string(what) {
		return // pcscd says it more than once
	}
	l.add(Line{Says: string(what), SaysJA: what.japanese()})
}

// add is called with mu held.
func (l *Log) add(line Line) {
	l.no++
	line.No = l.no
	if l.lines = append(l.lines, line); len(l.lines) > l.most {
		l.lines = l.lines[1:]
	}
	close(l.change)
	l.change = make(chan struct{})
}

// After returns the lines after number no, and a channel that is closed by the next one.
func (l *Log) After(no int) ([]Line, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var after []Line
	for _, line := range l.lines {
		if line.No > no {
			after = append(after, line)
		}
	}
	return after, l.change
}

// Text returns the lines as a transcript.
func (l *Log) Text() string {
	lines, _ := l.After(0)
	return Text(lines)
}

// Text writes lines as a transcript.
func Text(lines []Line) string {
	var b strings.Builder
	for _, line := range lines {
		if line.Command == "" {
			fmt.Fprintf(&b, "! %s\n", line.Says)
			continue
		}
		fmt.Fprintf(&b, "# %s\n> %s\n", line.Says, line.Command)
		if line.Answer != "" {
			fmt.Fprintf(&b, "< %s\n", line.Answer)
		}
	}
	return b.String()
}

// Lines reads commands and their answers as one conversation from power-on.
func Lines(commands, answers [][]byte) []Line {
	var d decoder
	var lines []Line
	for i, command := range commands {
		line := d.line(command, answers[i])
		line.No = i + 1
		lines = append(lines, line)
	}
	return lines
}

// secret is what stands in a transcript for a PIN.
const secret = "{PIN}"

// Masked writes a command with {PIN} in the place of a PIN.
func Masked(command []byte) string {
	if !HasPIN(command) {
		return fmt.Sprintf("% X", command)
	}
	return fmt.Sprintf("% X %s", command[:5], secret)
}

// HasPIN reports a command whose data field is a PIN: VERIFY, CHANGE REFERENCE DATA,
// RESET RETRY COUNTER, and CHANGE KEY of JICSAP (80 32). Of bytes that are no command it
// reports that they may have one.
func HasPIN(command []byte) bool {
	if len(command) < 6 {
		return false
	}
	switch command[1] {
	case 0x20, 0x24, 0x2C, 0x32:
		return true
	}
	_, err := apdu.ParseCommand(command)
	return err != nil
}
