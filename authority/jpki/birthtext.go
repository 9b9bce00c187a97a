package jpki

import (
	"fmt"
	"regexp"
	"strconv"
)

// japaneseDate has era and year, month, day; each may be 不明.
var japaneseDate = regexp.MustCompile(`^(?:(\pL{2})?(元|[0-9]{1,4})年|年不明)(?:([0-9]{1,2})月|月不明)(?:([0-9]{1,2})日|日不明)$`)

// ParseJapaneseDateOfBirth reads what DateOfBirth.Japanese writes, and nothing else.
// The era of an unknown year is unknown.
func ParseJapaneseDateOfBirth(s string) (DateOfBirth, error) {
	fail := fmt.Errorf("jpki: %q is not a date of birth as an office writes it", s)
	parts := japaneseDate.FindStringSubmatch(s)
	if parts == nil {
		return DateOfBirth{}, fail
	}
	number := func(text string) int { n, _ := strconv.Atoi(text); return n } // "" is unknown
	d := DateOfBirth{Year: number(parts[2]), Month: number(parts[3]), Day: number(parts[4])}
	if parts[2] == "元" {
		d.Year = 1
	}
	for e, era := range eras {
		if era.name == parts[1] {
			d.Era, d.Year = e, d.Year+number(era.first[:4])-1
		}
	}
	if d, err := ParseDateOfBirth(d.String()); err == nil && d.Japanese() == s {
		return d, nil
	}
	return DateOfBirth{}, fail
}
