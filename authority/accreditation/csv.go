package accreditation

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
)

// CSV gives statements as a table that spreadsheets open: UTF-8 with a byte order
// mark, one row for each line. A text that could be taken for a formula is
// quoted.
func CSV(all []Statement) ([]byte, error) {
	b := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(b)
	w.UseCRLF = true
	rows := [][]string{{"month", "verifier", "name", "day", "kind", "purpose", "count", "yen", "amount"}}
	for _, s := range all {
		for _, l := range s.Lines {
			rows = append(rows, []string{
				s.Month, s.VerifierID, harmless(s.Name), l.Day, l.Kind.String(), l.Purpose.String(),
				strconv.FormatInt(l.N, 10), strconv.FormatInt(l.Yen, 10), strconv.FormatInt(l.Amount, 10),
			})
		}
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// harmless keeps a spreadsheet from running a text as a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
