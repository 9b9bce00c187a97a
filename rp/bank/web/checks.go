package web

import (
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// checkLine is one line of the verification record, in words.
type checkLine struct {
	Name            ui.Text
	Check           rp.Check
	Expected, Found string
}

func checkLines(r rp.Record) []checkLine {
	lines := make([]checkLine, len(r.Checks))
	for i, c := range r.Checks {
		name, ok := checkNames[c.Check]
		if !ok {
			name = ui.Text{JA: string(c.Check), EN: string(c.Check)}
		}
		lines[i] = checkLine{Name: name, Check: c.Check, Expected: c.Expected, Found: c.Found}
	}
	return lines
}
