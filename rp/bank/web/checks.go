package web

import (
	"regexp"
	"time"

	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/rp"
)

// checkLine is one check of the verification record, in words, with all that
// it looked at.
type checkLine struct {
	Name     ui.Text
	Check    rp.Check
	Findings []finding
}

// finding is what a check wanted and found: in a bank's words, and as the record
// has it.
type finding struct {
	Wanted, Found ui.Text
	Entry         rp.CheckedEntry
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
		lines[i].Findings = append(lines[i].Findings, finding{sayFinding(wanted, entry.Expected), sayFinding(found, entry.Found), entry})
	}
	return lines
}

// sayFinding puts one side of an entry into words; what has none stays as it is.
func sayFinding(all []findingWords, raw string) ui.Text {
	for _, w := range all {
		if at := w.is.FindStringSubmatchIndex(raw); at != nil {
			say := func(template string) string { return string(w.is.ExpandString(nil, template, raw, at)) }
			return ui.Text{JA: inJST(say(w.say.JA), momentJA), EN: inJST(say(w.say.EN), momentEN)}
		}
	}
	return ui.Text{JA: raw, EN: raw}
}

var instant = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)

// inJST writes the instants in a text (RFC 3339, UTC) as people read them.
func inJST(s string, moment func(time.Time) string) string {
	return instant.ReplaceAllStringFunc(s, func(text string) string {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return text
		}
		return moment(t)
	})
}
