package conform

import (
	"embed"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"time"

	"example.jp/jpkimock/internal/ui"
)

// WriteJSON writes a report for programs. The sentences are in a language.
func (r Report) WriteJSON(w io.Writer, in ui.Lang) error {
	type one struct {
		ID       string      `json:"id"`
		Title    string      `json:"title"`
		Outcome  Outcome     `json:"outcome"`
		Sent     string      `json:"sent"`
		Expected Expectation `json:"expected"`
		Reason   string      `json:"reason,omitempty"`
		Came     string      `json:"came,omitempty"`
		Mend     string      `json:"mend,omitempty"` // of one that failed
		Doc      string      `json:"doc,omitempty"`
		Seconds  float64     `json:"seconds"`
	}
	all := struct {
		Profile string    `json:"profile"`
		Target  string    `json:"target"`
		At      time.Time `json:"at"`
		Sound   bool      `json:"sound"`
		Cases   []one     `json:"cases"`
	}{r.Profile, r.Target, r.At, r.Sound(), []one{}}
	for _, c := range r.Results {
		o := one{
			ID: c.ID, Title: c.Title.In(in), Outcome: c.Outcome, Sent: c.Sent.In(in), Expected: c.Expected, Reason: c.Reason, Came: c.Came,
			Seconds: c.Took.Round(time.Millisecond).Seconds(),
		}
		if c.Outcome == Failed {
			o.Mend, o.Doc = c.Mend.In(in), c.Doc
		}
		all.Cases = append(all.Cases, o)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(all)
}

// junitCase is a testcase of JUnit's XML, as build servers read it.
type junitCase struct {
	Class   string    `xml:"classname,attr"`
	Name    string    `xml:"name,attr"`
	Time    string    `xml:"time,attr"`
	Failure *junitWhy `xml:"failure"`
	Skipped *junitWhy `xml:"skipped"`
}

type junitWhy struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes a report as JUnit's XML: one testsuite, a testcase for each case.
func (r Report) WriteJUnit(w io.Writer, in ui.Lang) error {
	suite := struct {
		XMLName  xml.Name    `xml:"testsuite"`
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		At       string      `xml:"timestamp,attr"`
		Cases    []junitCase `xml:"testcase"`
	}{
		Name: "jpkimock conform " + r.Profile, Tests: len(r.Results), Failures: r.Count(Failed, NotTried), Skipped: r.Count(Skipped),
		At: r.At.UTC().Format("2006-01-02T15:04:05"),
	}
	for _, c := range r.Results {
		one := junitCase{Class: "jpkimock." + r.Profile, Name: c.ID + " " + c.Title.In(in), Time: fmt.Sprintf("%.3f", c.Took.Seconds())}
		switch c.Outcome {
		case Failed, NotTried:
			one.Failure = &junitWhy{c.Came, fmt.Sprintf("%s\n%s\n%s: %s\n%s\n%s\n", c.Sent.In(in), c.Expected, c.Outcome, c.Came, c.Mend.In(in), c.Doc)}
		case Skipped:
			one.Skipped = &junitWhy{Message: c.Reason}
		}
		suite.Cases = append(suite.Cases, one)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(suite); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

//go:embed templates/report.html
var pages embed.FS

// WriteHTML writes a report as one page, without anything beside it.
func (r Report) WriteHTML(w io.Writer, in ui.Lang) error {
	t, err := template.New("report.html").Funcs(template.FuncMap{
		"in":   func(t ui.Text) string { return t.In(in) },
		"say":  func(name string) string { return say[name].In(in) },
		"word": func(name any) string { return say[fmt.Sprint(name)].In(in) },
	}).ParseFS(pages, "templates/report.html")
	if err != nil {
		return err
	}
	failed := []Result{}
	for _, c := range r.Results {
		if c.Outcome == Failed {
			failed = append(failed, c)
		}
	}
	return t.Execute(w, struct {
		Report
		Lang                         ui.Lang
		Second                       string
		Failures                     []Result
		Passed, Failed, Skipped, Not int
	}{r, in, ui.Second(r.At).In(in), failed, r.Count(Passed), r.Count(Failed), r.Count(Skipped), r.Count(NotTried)})
}
