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

// sweeping says what each process still has to do. One that does not answer has nothing to
// show.
func (l *lobby) sweeping(ctx context.Context) (lines []sweepLine, frozen bool) {
	clock, err := l.cfg.Stage.Clock(ctx)
	if err != nil {
		return nil, false
	}
	for _, w := range clock.Sweeps {
		line := sweepLine{House: ui.Text{JA: w.House, EN: w.House}, What: l.cfg.Sweeps[w.House][w.Name], Sweep: w}
		line.What = cmp.Or(line.What, ui.Text{JA: w.Name, EN: w.Name})
		for _, d := range l.cfg.Doors {
			if d.House == w.House {
				line.House = d.Title
			}
		}
		lines = append(lines, line)
	}
	return lines, clock.Frozen
}
