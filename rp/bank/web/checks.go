package web

import (
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// checkLine is one check of the verification record, in words, with all that
// it looked at.
type checkLine struct {
	Name     ui.Text
	Check    rp.Check
	Findings []rp.CheckedEntry
}

// checkLines gathers a record's entries by check, in the order of the checks.
func checkLines(r rp.Record) []checkLine {
	var lines []checkLine
	at := map[rp.Check]int{}
	for _, entry := range r.Checks {
		i, ok := at[entry.Check]
		if !ok {
			name, known := checkNames[entry.Check]
			if !known {
				name = ui.Text{JA: string(entry.Check), EN: string(entry.Check)}
			}
			i, at[entry.Check] = len(lines), len(lines)
			lines = append(lines, checkLine{Name: name, Check: entry.Check})
		}
		lines[i].Findings = append(lines[i].Findings, entry)
	}
	return lines
}
