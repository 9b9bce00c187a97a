package touch

import (
	"fmt"
	"slices"
	"strings"

	"example.jp/jpkimock/internal/ui"
)

// Drawing is a story's picture in the seed's composition, in units of an SVG that is Width
// wide and Height high.
type Drawing struct {
	Width, Height int
	Boxes         []Box
	Arrows        []Arrow
}

// Box is a party.
type Box struct {
	Party      Party
	X, Y, W, H int
	Lit        bool // it has a part in what has happened so far
}

// Arrow is a line from box to box with its head. Points and Head are an SVG's points.
type Arrow struct {
	No           int // 0 for none
	Points, Head string
	NoX, NoY     int // where the number stands
	State        State
	Text         ui.Text
	Step         int // index of the latest step that it shows, -1 for none: it is dark
}

// Dark is the state of an arrow that nothing has lit.
const Dark State = "dark"

// Measures of a drawing.
const (
	drawingWidth, drawingHeight = 1200, 440
	boxHeight                   = 126
	topY, rowY, returnY         = 6, 212, 412
	widestBox, headLength       = 170, 14
)

// Draw draws the touch.
func (t Touch) Draw() Drawing {
	s := t.StoryOf()
	row := s.Row
	if s.Beyond != "" {
		row = append(slices.Clone(row), s.Beyond)
	}
	d := Drawing{Width: drawingWidth, Height: drawingHeight}
	w := min(widestBox, (drawingWidth-8-50*(len(row)-1))/len(row))
	gap := 0
	if len(row) > 1 {
		gap = (drawingWidth - 8 - w*len(row)) / (len(row) - 1)
	}
	at := map[Party]Box{}
	for i, p := range row {
		at[p] = Box{Party: p, X: 4 + i*(w+gap), Y: rowY, W: w, H: boxHeight, Lit: t.meets(p)}
		d.Boxes = append(d.Boxes, at[p])
	}
	verifier := at[s.Row[len(s.Row)-1]]
	top := Box{Party: Authority, X: verifier.X - 25, Y: topY, W: w + 50, H: boxHeight - 22, Lit: t.meets(Authority)}
	top.X = min(top.X, drawingWidth-4-top.W)
	d.Boxes = append(d.Boxes, top)
	for i := 1; i < len(s.Row); i++ {
		no := 0
		if i == len(s.Row)-1 && i > 2 {
			no = 1
		}
		d.Arrows = append(d.Arrows, t.across(at[s.Row[i-1]], at[s.Row[i]], no))
	}
	if len(s.Row) > 3 {
		d.Arrows = append(d.Arrows, t.up(verifier, top), t.down(top, verifier), t.back(verifier, at[s.Served]))
	}
	if s.Beyond != "" {
		d.Arrows = append(d.Arrows, t.across(verifier, at[s.Beyond], 0))
	}
	return d
}

// lights finds the latest step that lights an arrow: by its number, or by its ends.
func (t Touch) lights(no int, from, to Party) (State, int, ui.Text) {
	for i, s := range slices.Backward(t.Steps) {
		switch {
		case no > 0 && s.No == no, no == 0 && s.To == to && (s.From == from || s.From == Citizen && from == Reader || to == Card && s.From == Reader):
			if s.State != Lit && no > 0 {
				return Dark, i, s.Text
			}
			return s.State, i, s.Text
		case no == 0 && to == Reader && s.From == Card:
			return s.State, i, s.Text
		case no == 0 && to == Cable && s.From == to && s.To == from: // a service asks the platform by itself
			return s.State, i, s.Text
		}
	}
	return Dark, -1, ui.Text{}
}

func (t Touch) arrow(no int, from, to Party) Arrow {
	a := Arrow{No: no}
	a.State, a.Step, a.Text = t.lights(no, from, to)
	return a
}

// across is an arrow between neighbours of the row.
func (t Touch) across(from, to Box, no int) Arrow {
	a := t.arrow(no, from.Party, to.Party)
	x1, x2, y := from.X+from.W+4, to.X-4, rowY+boxHeight/2
	a.Points, a.Head = line(x1, y, x2-headLength+2, y), fmt.Sprintf("%d,%d %d,%d %d,%d", x2, y, x2-headLength, y-8, x2-headLength, y+8)
	a.NoX, a.NoY = (x1+x2)/2-4, y-24
	return a
}

// up is ②, down is ③: beside each other between the verifier and the authority.
func (t Touch) up(from, to Box) Arrow {
	a := t.arrow(2, from.Party, to.Party)
	x, y1, y2 := from.X+from.W/2-32, from.Y-4, to.Y+to.H+4
	a.Points, a.Head = line(x, y1, x, y2+headLength-2), fmt.Sprintf("%d,%d %d,%d %d,%d", x, y2, x-8, y2+headLength, x+8, y2+headLength)
	a.NoX, a.NoY = x-24, (y1+y2)/2
	return a
}

func (t Touch) down(from, to Box) Arrow {
	a := t.arrow(3, from.Party, to.Party)
	x, y1, y2 := to.X+to.W/2+32, from.Y+from.H+4, to.Y-4
	a.Points, a.Head = line(x, y1, x, y2-headLength+2), fmt.Sprintf("%d,%d %d,%d %d,%d", x, y2, x-8, y2-headLength, x+8, y2-headLength)
	a.NoX, a.NoY = x+24, (y1+y2)/2
	return a
}

// back is ④: below the row to who is served.
func (t Touch) back(from, to Box) Arrow {
	a := t.arrow(4, from.Party, to.Party)
	x1, x2, y := from.X+from.W/2, to.X+to.W/2, rowY+boxHeight
	a.Points = fmt.Sprintf("%d,%d %d,%d %d,%d %d,%d", x1, y+4, x1, returnY, x2, returnY, x2, y+2+headLength)
	a.Head = fmt.Sprintf("%d,%d %d,%d %d,%d", x2, y+4, x2-8, y+4+headLength, x2+8, y+4+headLength)
	a.NoX, a.NoY = (x1+x2)/2, returnY
	return a
}

func line(x1, y1, x2, y2 int) string { return fmt.Sprintf("%d,%d %d,%d", x1, y1, x2, y2) }

// Sequence is the touch as a sequence diagram: a column for each party, a line for each
// step.
type Sequence struct {
	Width, Height int
	Columns       []Column
	Lines         []SequenceLine
}

// Column is a party's lifeline.
type Column struct {
	Party Party
	X     int
}

// SequenceLine is a step.
type SequenceLine struct {
	Index, X1, X2, Y int
	TextX            int
	Head             string
	Step
}

// Measures of a sequence diagram.
const (
	columnWidth, sequenceLine = 170, 40
	sequenceTop               = 70
)

// Sequence draws the steps with the numbers, of those that involve a party if one is given.
func (t Touch) Sequence(only Party) Sequence {
	d := Sequence{}
	at := map[Party]int{}
	column := func(p Party) int {
		if _, ok := at[p]; !ok {
			at[p] = columnWidth/2 + len(at)*columnWidth
			d.Columns = append(d.Columns, Column{p, at[p]})
		}
		return at[p]
	}
	for i, s := range t.Steps {
		if only != "" && s.From != only && s.To != only {
			continue
		}
		l := SequenceLine{Index: i, X1: column(s.From), X2: column(s.To), Y: sequenceTop + sequenceLine*len(d.Lines) + 24, Step: s}
		l.TextX = (l.X1 + l.X2) / 2
		tip, back := l.X2-3, l.X2-3-headLength
		if l.X2 < l.X1 {
			tip, back = l.X2+3, l.X2+3+headLength
		}
		l.Head = fmt.Sprintf("%d,%d %d,%d %d,%d", tip, l.Y, back, l.Y-6, back, l.Y+6)
		d.Lines = append(d.Lines, l)
	}
	d.Width, d.Height = max(1, len(d.Columns))*columnWidth, sequenceTop+sequenceLine*len(d.Lines)+20
	return d
}

// Parties lists who has a part in the touch, in the order in which they appear.
func (t Touch) Parties() (all []Party) {
	for _, s := range t.Steps {
		for _, p := range []Party{s.From, s.To} {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// Mermaid writes the sequence as a diagram of Mermaid, in the language of say.
func (t Touch) Mermaid(say func(ui.Text) string) string {
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	for _, p := range t.Parties() {
		fmt.Fprintf(&b, "  participant %s as %s\n", mermaidID(p), say(p.Name()))
	}
	for _, s := range t.Steps {
		arrow := map[bool]string{false: "->>", true: "-->>"}[s.Answer]
		if s.State == Silent {
			arrow = "--x"
		}
		text := say(s.Text)
		if s.No > 0 {
			text = string(rune('①'+s.No-1)) + " " + text
		}
		fmt.Fprintf(&b, "  %s%s%s: %s\n", mermaidID(s.From), arrow, mermaidID(s.To), text)
	}
	return b.String()
}

// mermaidID is a party's name in a diagram, where a hyphen would be part of an arrow.
func mermaidID(p Party) string { return strings.ReplaceAll(string(p), "-", "_") }
