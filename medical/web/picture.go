package web

import (
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/medical"
)

// picture is the four steps of the question: ① to ④, each lit, failed, or dark.
type picture [4]pictureStep

type pictureStep struct {
	N       int
	Sign    string // ①
	Text    ui.Text
	At      time.Time
	Lit     bool
	Trouble ui.Text
}

// Failed reports that the step was tried in vain.
func (s pictureStep) Failed() bool { return s.Trouble != ui.Text{} }

// Clock gives the time of day of the step.
func (s pictureStep) Clock() ui.Text {
	day, at := ui.Day(s.At), ui.Second(s.At)
	return ui.Text{JA: strings.TrimPrefix(at.JA, day.JA+" "), EN: strings.TrimPrefix(at.EN, day.EN+" ")}
}

// State is the step's class.
func (s pictureStep) State() string {
	switch {
	case s.Failed():
		return "failed"
	case s.Lit:
		return "lit"
	}
	return "dark"
}

// pictureOf draws the steps of the insurer that came farthest.
func pictureOf(steps []medical.Step) picture {
	var p picture
	for i := range p {
		p[i] = pictureStep{N: i + 1, Sign: string(rune('①' + i)), Text: word("step.", i+1)}
	}
	for _, s := range steps {
		if s.N < 1 || s.N > 4 {
			continue
		}
		at := &p[s.N-1]
		if at.Lit && !at.Failed() {
			continue
		}
		at.At, at.Lit, at.Trouble = s.At, s.Trouble == "", reasonFor(s.Trouble).Short
	}
	return p
}

// recently is how long a change of the insurer is pointed out.
const recently = 31 * 24 * time.Hour

// endsSoon is how long before its end a certificate's end is pointed out.
const endsSoon = 3

// notes are what else the patient and the staff should know of an eligibility that was
// confirmed.
func notes(a medical.Answer, insurer func(medical.Qualification) ui.Text) []ui.Text {
	var all []ui.Text
	fill := func(note string, b ui.Blanks) { all = append(all, b.Fill(word("note.", note))) }
	if len(a.Results) > 1 && a.Validity == medical.Valid && a.At.Sub(a.Results[0].QualifiedOn.Time()) < recently {
		fill("changed", ui.Blanks{"{day}": ui.Day(a.Results[0].QualifiedOn.Time()), "{insurer}": insurer(a.Results[0])})
	}
	switch ends := a.CertificateEnds; {
	case ends.IsZero():
	case a.Expired():
		fill("expired", ui.Blanks{"{ended}": ui.Day(ends), "{until}": ui.Day(medical.GraceUntil(ends))})
	case a.At.AddDate(0, endsSoon, 0).After(ends):
		fill("soon", ui.Blanks{"{ends}": ui.Day(ends)})
	}
	return all
}

// adultAge is from when nobody types the PIN for a child (15歳).
const adultAge = 15

// child reports that the patient is a child, whose parent may be there.
func child(a medical.Answer) bool {
	if len(a.Results) == 0 {
		return false
	}
	born := a.Results[0].Birth.Time()
	return a.At.In(jpki.JST).Before(born.AddDate(adultAge, 0, 0))
}
