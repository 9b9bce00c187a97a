package medical

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"text/template"
	"time"

	"example.jp/jpkimock/authority/jpki"
)

// Bounds of a prescription.
const (
	MaxLines = 5
	MaxDays  = 90
	MaxTimes = 3 // リフィル処方箋の総使用回数
)

// Line is a medicine of a prescription.
type Line struct {
	Drug    string `json:"drug"` // its code
	Dose    int    `json:"dose"` // units a day
	Days    int    `json:"days"`
	Generic bool   `json:"generic"` // 後発医薬品への変更可
}

// Order is what a doctor writes. Whose it is says the inquiry of the visit; the names are
// for the pharmacist to read.
type Order struct {
	Number      string     `json:"number"` // of the document that is signed
	WrittenAt   time.Time  `json:"writtenAt"`
	Institution string     `json:"institution"` // its name
	Inquiry     string     `json:"inquiry"`
	Patient     string     `json:"patient"`
	Birth       Date       `json:"birth"`
	Member      Member     `json:"member"`
	Share       int        `json:"share"`
	Lines       []Line     `json:"lines"`
	Times       int        `json:"times"` // how often it may be dispensed in all
	Answered    []Answered `json:"answered,omitempty"`
}

// FindingKind is what a check of a prescription found.
type FindingKind string

// The kinds.
const (
	Duplicate       FindingKind = "duplicate"       // 重複投薬: two medicines of one class
	Contraindicated FindingKind = "contraindicated" // 併用禁忌
	Overdose        FindingKind = "overdose"        // more a day than the formulary has
)

// Finding is something that the doctor must change, or answer with a reason.
type Finding struct {
	Kind  FindingKind `json:"kind"`
	Drug  string      `json:"drug"`  // of this prescription
	Class string      `json:"class"` // of the other medicine
	// With is the other medicine, if it stands in this prescription or the patient has
	// agreed that doctors may see medicines; otherwise "".
	With      string `json:"with,omitempty"`
	Elsewhere bool   `json:"elsewhere,omitempty"` // the other one was prescribed before
}

// Answered is a finding with the doctor's reason to prescribe nevertheless.
type Answered struct {
	Finding
	Reason string `json:"reason"`
}

// Check reports ErrOrder for what is no prescription.
func (o Order) Check() error {
	ok := len(o.Lines) > 0 && len(o.Lines) <= MaxLines && o.Times >= 1 && o.Times <= MaxTimes && o.Birth.Valid()
	ok = ok && jpki.CheckLine(o.Patient, 60) == nil && jpki.CheckLine(o.Institution, 60) == nil && len(o.Answered) <= 50
	drugs := map[string]bool{}
	for _, l := range o.Lines {
		_, known := DrugByCode(l.Drug)
		ok = ok && known && !drugs[l.Drug] && l.Dose >= 1 && l.Dose <= 20 && l.Days >= 1 && l.Days <= MaxDays
		drugs[l.Drug] = true
	}
	for _, a := range o.Answered {
		ok = ok && jpki.CheckLine(a.Reason, 100) == nil
	}
	if !ok {
		return ErrOrder
	}
	return nil
}

// Findings checks an order against itself and the medicines that the patient has from
// elsewhere, whose names it tells if told.
func (o Order) Findings(elsewhere []string, told bool) (all []Finding) {
	for i, l := range o.Lines {
		d, _ := DrugByCode(l.Drug)
		if l.Dose > d.Max {
			all = append(all, Finding{Kind: Overdose, Drug: d.Code, Class: d.Class})
		}
		for _, other := range o.Lines[:i] {
			all = append(all, between(d, other.Drug, false, true)...)
		}
		for _, other := range elsewhere {
			for _, f := range between(d, other, true, told) {
				if !slices.Contains(all, f) {
					all = append(all, f)
				}
			}
		}
	}
	return all
}

func between(d Drug, code string, elsewhere, told bool) (all []Finding) {
	other, ok := DrugByCode(code)
	f := Finding{Drug: d.Code, Class: other.Class, Elsewhere: elsewhere}
	if told {
		f.With = code
	}
	if f.Kind = Duplicate; ok && other.Class == d.Class {
		all = append(all, f)
	}
	if f.Kind = Contraindicated; slices.Contains(d.Against, other.Class) || slices.Contains(other.Against, d.Class) {
		all = append(all, f)
	}
	return all
}

// Unanswered gives the findings for which the order has no reason.
func (o Order) Unanswered(all []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(all), func(f Finding) bool {
		return slices.ContainsFunc(o.Answered, func(a Answered) bool { return a.Finding == f })
	})
}

//go:embed prescription.txt
var orderText string

// Text is the order as the doctor signs it.
func (o Order) Text() (string, error) {
	t, err := template.New("order").Funcs(template.FuncMap{
		"drug":   func(code string) Drug { d, _ := DrugByCode(code); return d },
		"inc":    func(n int) int { return n + 1 },
		"moment": func(t time.Time) string { return jpki.JapaneseDay(t) + " " + jpki.JapaneseTime(t) }, "day": func(d Date) string { return jpki.JapaneseDay(d.Time()) },
	}).Parse(orderText)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{"Order": o})
	return b.String(), err
}

// Key names a finding.
func (f Finding) Key() string {
	return fmt.Sprintf("%s-%s-%s-%s-%t", f.Kind, f.Drug, f.Class, f.With, f.Elsewhere)
}

// Of is the medicine of this prescription.
func (f Finding) Of() Drug {
	d, _ := DrugByCode(f.Drug)
	return d
}

// Other is the other medicine, by its class's name alone if it may not be told.
func (f Finding) Other() Drug {
	if d, ok := DrugByCode(f.With); ok {
		return d
	}
	i := slices.IndexFunc(Formulary(), func(d Drug) bool { return d.Class == f.Class })
	if i < 0 {
		return Drug{}
	}
	d := Formulary()[i]
	return Drug{Class: d.Class, Name: d.ClassName, NameEN: d.ClassNameEN}
}
