package medical

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed formulary.txt
var formularyText string

// Drug is a medicine of the formulary (医薬品). None of them exists.
type Drug struct {
	Code, Name, NameEN, Unit, UnitEN string
	// Class is what it is for (薬効): two medicines of one class are a duplicate.
	Class, ClassName, ClassNameEN string
	Against                       []string // classes with which it must not be given (併用禁忌)
	Max                           int      // units a day
}

var formulary = sync.OnceValue(func() (all []Drug) {
	for line := range strings.Lines(formularyText) {
		f := strings.Split(strings.TrimSpace(line), "|")
		if len(f) != 10 {
			continue // a comment
		}
		most, _ := strconv.Atoi(f[9]) // 0, which no dose is within, if it is no number
		all = append(all, Drug{f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], strings.Fields(f[8]), most})
	}
	return all
})

// Formulary lists the medicines, by code.
func Formulary() []Drug { return formulary() }

// DrugByCode gives a medicine; false for a code that none has.
func DrugByCode(code string) (Drug, bool) {
	for _, d := range formulary() {
		if d.Code == code {
			return d, true
		}
	}
	return Drug{}, false
}
