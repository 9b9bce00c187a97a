package web

import (
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
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
		lines[i].Findings = append(lines[i].Findings, finding{sayFact(entry.Expected), sayFact(entry.Found), entry})
	}
	return lines
}

// sayFact puts one side of an entry into words; what has none is said in English.
func sayFact(f rp.Fact) ui.Text {
	switch f.Code {
	case "kind", "state":
		if kind, err := jpki.ParseKind(f.Args[0]); err == nil {
			return ui.Text{JA: kind.Japanese(), EN: kindEN(kind)}
		}
	}
	words, known := factWords[f.Code]
	if !known {
		return ui.Text{JA: f.String(), EN: f.String()}
	}
	var ja, en []string
	for i, arg := range f.Args {
		place, j, e := "{"+strconv.Itoa(i)+"}", short(arg), short(arg)
		if t, err := time.Parse(time.RFC3339, arg); err == nil {
			j, e = momentJA(t), momentEN(t)
		}
		ja, en = append(ja, place, j), append(en, place, e)
	}
	return ui.Text{JA: strings.NewReplacer(ja...).Replace(words.JA), EN: strings.NewReplacer(en...).Replace(words.EN)}
}

// short cuts a digest, a key identifier or a nonce to its first digits.
func short(arg string) string {
	if len(arg) >= 32 && strings.Trim(arg, "0123456789abcdef") == "" {
		return arg[:8] + "…"
	}
	return arg
}
