package lobby

import (
	"context"
	"net/http"

	"example.jp/jpkimock/internal/ui"
)

// sweepLine is a sweep that runs now, because the clock was moved.
type sweepLine struct {
	House, What ui.Text
	Place, Of   int // the third of four
	// ItemsDone of Items, as customers, are done; 0 where the house does not say.
	ItemsDone, Items int
}

// clockState is what GET /clock of a house says.
type clockState struct {
	Sweeps struct {
		Settled  bool
		House    string
		Sweep    string
		Done, Of int
		Items    struct{ Done, Of int }
	}
}

// sweeping asks each process what it still has to do. One that does not answer has
// nothing to show.
func (l *lobby) sweeping(ctx context.Context) []sweepLine {
	var lines []sweepLine
	for _, url := range l.cfg.Clocks {
		var s clockState
		if err := l.ask(ctx, http.MethodGet, url+"/clock", nil, &s); err != nil || s.Sweeps.Settled {
			continue
		}
		w := s.Sweeps
		line := sweepLine{House: ui.Text{JA: w.House, EN: w.House}, What: l.cfg.Sweeps[w.House][w.Sweep], Place: w.Done + 1, Of: w.Of, ItemsDone: w.Items.Done, Items: w.Items.Of}
		for _, d := range l.cfg.Doors {
			if d.House == w.House {
				line.House = d.Title
			}
		}
		lines = append(lines, line)
	}
	return lines
}
