package lobby

import (
	"cmp"
	"context"

	"example.jp/jpkimock/internal/stage"
	"example.jp/jpkimock/internal/ui"
)

// sweepLine is a sweep that runs now, because the clock was moved.
type sweepLine struct {
	House, What ui.Text
	stage.Sweep
}

// deedLine is what a house's sweeps did.
type deedLine struct{ House, What ui.Text }

// moved is what followed from a move of the clock, and from when on houses tell what they did.
type moved struct {
	followed []stage.Change
	marks    stage.Marks
}

// title gives the name of a house in words.
func (l *lobby) title(house string) ui.Text {
	for _, d := range l.cfg.Doors {
		if d.House == house {
			return d.Title
		}
	}
	for _, h := range l.cfg.Houses {
		if h.Name == house {
			return h.Title
		}
	}
	return ui.Text{JA: house, EN: house}
}

// followingWords are for a process whose clock has not been moved yet.
var followingWords = ui.Text{JA: "時計の移動を待っています", EN: "Its clock is being moved"}

// sweeping says what each process still has to do, and what it did since the marks. One that
// does not answer has nothing to show.
func (l *lobby) sweeping(ctx context.Context, marks stage.Marks) (lines []sweepLine, deeds []deedLine, frozen bool) {
	clock, err := l.cfg.Stage.Since(ctx, marks)
	if err != nil {
		return nil, nil, false
	}
	for _, d := range clock.Did {
		deeds = append(deeds, deedLine{l.title(d.House), ui.Text{JA: d.JA, EN: d.EN}})
	}
	for _, w := range clock.Sweeps {
		line := sweepLine{House: l.title(w.House), What: l.cfg.Sweeps[w.House][w.Name], Sweep: w}
		if w.Name == stage.Following {
			line.What = followingWords
		}
		line.What = cmp.Or(line.What, ui.Text{JA: w.Name, EN: w.Name})
		lines = append(lines, line)
	}
	return lines, deeds, clock.Frozen
}
