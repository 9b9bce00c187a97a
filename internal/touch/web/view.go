package web

import (
	"slices"
	"strings"

	"example.jp/jpkimock/internal/touch"
	"example.jp/jpkimock/internal/ui"
)

// numberLine is one of ① to ④.
type numberLine struct {
	No   int
	Sign string
	Text ui.Text
	Lit  bool
	From touch.Party // empty if it has not come yet
	To   touch.Party
	Code string
	Step int
}

// numbersOf lists ① to ④ as far as they came.
func numbersOf(t touch.Touch) (all []numberLine) {
	lit := t.Numbers()
	for no := 1; no <= 4; no++ {
		l := numberLine{No: no, Sign: string(rune('①' + no - 1)), Text: titles.numbers[no-1], Lit: lit[no], Step: -1}
		for i, s := range t.Steps {
			if s.No == no {
				l.From, l.To, l.Code, l.Step = s.From, s.To, s.Code, i
				if s.State == touch.Lit {
					l.Text = s.Text
				}
			}
		}
		all = append(all, l)
	}
	return all
}

// page is the picture of a touch.
type page struct {
	touch.Touch
	Story    touch.Story
	Drawing  touch.Drawing
	Sequence touch.Sequence
	Numbers  []numberLine
	Said     ui.Text
	Served   bool
	Crossed  []touch.Receipt
	Kept     []touch.Datum
	Only     touch.Party
	Version  int
}

func pageOf(t touch.Touch, only touch.Party) page {
	p := page{Touch: t, Story: t.StoryOf(), Drawing: t.Draw(), Sequence: t.Sequence(only), Numbers: numbersOf(t), Crossed: t.Crossed(), Kept: t.Kept(), Only: only}
	p.Said, p.Served = t.Conclusion()
	return p
}

// Sign is the number of an arrow in a circle.
func (page) Sign(no int) string { return string(rune('①' + no - 1)) }

// Milliseconds is when a step was, for the script that plays it again.
func (page) Milliseconds(s touch.Step) int64 { return s.After.Milliseconds() }

// Icon is the kind of a party's picture.
func (page) Icon(p touch.Party) string {
	switch p {
	case touch.Citizen, touch.Card, touch.Reader, touch.Authority:
		return string(p)
	}
	return "office"
}

// Asides are the data with words between.
func (page) Asides(v *ui.View, data []touch.Datum) string {
	var names []string
	for _, d := range data {
		names = append(names, v.Say(d.Name()))
	}
	return strings.Join(names, v.T("、", ", "))
}

// view is a touch as programs see it.
type view struct {
	touch.Touch
	Title     ui.Text         `json:"title"`
	Lit       map[string]bool `json:"lit"` // "1" to "4"
	Served    bool            `json:"served"`
	Crossed   []touch.Receipt `json:"crossed"`
	NotShared []touch.Datum   `json:"notCrossed"`
}

func viewOf(t touch.Touch) view {
	v := view{Touch: t, Title: t.StoryOf().Title, Lit: map[string]bool{}, Crossed: t.Crossed(), NotShared: t.Kept()}
	for no, lit := range t.Numbers() {
		if no > 0 {
			v.Lit[string(rune('0'+no))] = lit
		}
	}
	_, v.Served = t.Conclusion()
	// Empty lists are lists, for programs.
	v.Crossed, v.NotShared, v.Steps = append([]touch.Receipt{}, v.Crossed...), append([]touch.Datum{}, v.NotShared...), slices.Clone(v.Steps)
	for i, s := range v.Steps {
		v.Steps[i].Data = append([]touch.Datum{}, s.Data...)
	}
	return v
}

func views(all []touch.Touch) []view {
	list := make([]view, 0, len(all))
	for _, t := range all {
		list = append(list, viewOf(t))
	}
	return list
}
