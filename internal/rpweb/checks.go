package rpweb

import (
	"strconv"
	"strings"
	"time"

	"example.jp/jpkimock/authority/jpki"
	"example.jp/jpkimock/internal/ui"
	"example.jp/jpkimock/internal/words"
	"example.jp/jpkimock/rp"
)

// CheckLine is one check of a verification record, in words, with all that it
// looked at.
type CheckLine struct {
	Name     ui.Text
	Check    rp.Check
	Findings []Finding
}

// Finding is what a check required and found: in words, and as the record has
// it.
type Finding struct {
	Required, Found ui.Text
	Entry           rp.CheckedEntry
}

// CheckLines gathers the entries of a record by check, in the order of the
// checks.
func CheckLines(r rp.Record) []CheckLine {
	var lines []CheckLine
	at := map[rp.Check]int{}
	for _, entry := range r.Checks {
		i, ok := at[entry.Check]
		if !ok {
			name, known := checkNames[entry.Check]
			if !known {
				name = ui.Text{JA: string(entry.Check), EN: string(entry.Check)}
			}
			i, at[entry.Check] = len(lines), len(lines)
			lines = append(lines, CheckLine{Name: name, Check: entry.Check})
		}
		lines[i].Findings = append(lines[i].Findings, Finding{SayFact(entry.Expected), SayFact(entry.Found), entry})
	}
	return lines
}

// SayFact puts what a check expected or found into words. What has none is a
// detail for developers, and is said in English.
func SayFact(f rp.Fact) ui.Text {
	if (f.Code == "kind" || f.Code == "state") && len(f.Args) == 1 {
		if kind, err := jpki.ParseKind(f.Args[0]); err == nil {
			return words.Kind(kind)
		}
	}
	say, known := factWords[f.Code]
	if !known {
		return ui.Text{JA: f.String(), EN: f.String()}
	}
	b := ui.Blanks{}
	for i, arg := range f.Args {
		said := ui.Text{JA: short(arg)}
		if t, err := time.Parse(time.RFC3339, arg); err == nil {
			said = ui.Minute(t)
		}
		b["{"+strconv.Itoa(i)+"}"] = said
	}
	return b.Fill(say)
}

// short cuts a digest, a key identifier or a nonce to its first digits.
func short(arg string) string {
	if len(arg) >= 32 && strings.Trim(arg, "0123456789abcdef") == "" {
		return arg[:8] + "…"
	}
	return arg
}
