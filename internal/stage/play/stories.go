// Package play is the stories as scripts: what a presenter does step by step, what is done
// by a button, and how it is known that each step really happened.
package play

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"example.jp/jpkimock/internal/ui"
)

//go:embed stories.json
var storiesFile []byte

//go:embed merits.json
var meritsFile []byte

// Story is a use case as a presenter plays it.
type Story struct {
	ID            string
	Title, Before ui.Text
	// Merits are what it shows, by Merit.No.
	Merits []int
	Steps  []Step
}

// Step is one step of a story. Lay or Event is done by one button; what Link leads to is
// played by hand.
type Step struct {
	Say ui.Text
	// Lay lays a card in a reader, takes it away where there is none.
	Lay   *struct{ Person, Reader string }
	Event *struct{ Person, Event string }
	Link  *struct {
		House, Path string
		Label       ui.Text
	}
	// PIN shows what is typed: Kind is a kind of certificate, or "both".
	PIN   *struct{ Person, Kind string }
	Check Check
}

// ByButton reports whether a button does the step.
func (s Step) ByButton() bool { return s.Lay != nil || s.Event != nil }

// Kind is how a step is known to have happened.
type Kind string

// The kinds of checks. The first four ask the houses how things are; the last two read what
// was recorded since the story began.
const (
	Laid   Kind = "laid"   // the person's card lies in the reader
	Taken  Kind = "taken"  // the card, which lay somewhere in this story, lies nowhere
	Moved  Kind = "moved"  // the register has another address, and the signature certificate ended
	Issued Kind = "issued" // the person has another signature certificate, which is good
	Used   Kind = "used"   // a touch of the person's card told the touch's story up to ④
	Asked  Kind = "asked"  // a house answered such a request
)

// Check is how a step is known to have happened.
type Check struct {
	Kind   Kind
	Person string
	Reader string // of Laid
	Touch  string // of Used: the story that the touch tells, as touch.BankSignIn
	Call   string // of Asked, and of Used if ④ is not all: "POST bank/accounts/draft"
	From   string // of Asked: the party that asked, as touch.Bank; empty for any
	// Again says that it can be done again, as a sign-in: it counts only after the step before
	// it, and whoever came too early does it once more.
	Again bool
}

// Merit is what the service changes for whoever relies on it: the document's comparison
// (公的個人認証サービス利用によるメリット ① to ④).
type Merit struct {
	No    int
	Title ui.Text
	// Before (従来) and After (公的個人認証サービスを使うと) are the two sides.
	Before, After Side
}

// Sign is its number in a circle.
func (m Merit) Sign() string { return string(rune('①' + m.No - 1)) }

// Side is one side of the comparison.
type Side struct {
	Picture string // of drawing.html
	Figures []Figure
	Lines   []ui.Text
}

// Figure is a number that is drawn large.
type Figure struct{ Number, What ui.Text }

// contents are the stories and the comparison, which are part of the program.
type contents struct {
	stories []Story
	merits  []Merit
}

// read reads them once.
var read = sync.OnceValues(func() (all contents, err error) {
	err = errors.Join(decode(storiesFile, &all.stories), decode(meritsFile, &all.merits))
	for _, s := range all.stories {
		for i, step := range s.Steps {
			if !slices.Contains([]Kind{Laid, Taken, Moved, Issued, Used, Asked}, step.Check.Kind) {
				err = errors.Join(err, fmt.Errorf("play: %s, step %d: no check", s.ID, i+1))
			}
		}
	}
	return all, err
})

func decode(file []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
