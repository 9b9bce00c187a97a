//go:build unix

package deployment

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.jp/jpkimock/internal/ecosystem"
)

const errorsFile = "../../docs/errors.md"

// told is a code as a house's document has it.
type told struct {
	Code, Means, JA, EN string
	Status              int
	Common              bool
}

// codesOf gives the codes of a house's document.
func codesOf(c *contract) (all []told) {
	for _, one := range c.document["x-codes"].([]any) {
		o := one.(object)
		line := told{Code: o["code"].(string), Means: o["means"].(string), Status: int(o["status"].(float64)), Common: o["common"] == true}
		if say, ok := o["say"].(object); ok {
			line.JA, line.EN = say["ja"].(string), say["en"].(string)
		}
		all = append(all, line)
	}
	slices.SortStableFunc(all, func(a, b told) int { return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Status, b.Status)) })
	return slices.CompactFunc(all, func(a, b told) bool { return a.Code == b.Code && a.Status == b.Status })
}

// docs/errors.md is what the documents of the houses say.
func errorsAreWritten(t *testing.T, town *ecosystem.Ecosystem) {
	var text strings.Builder
	text.WriteString(errorsBegin)
	for i, house := range documented {
		c := contractOf(t, house, doorOf(town, house))
		all := codesOf(c)
		if i == 0 {
			text.WriteString("\n## Every house\n\n")
			writeCodes(&text, all, true)
		}
		fmt.Fprintf(&text, "\n## %s\n\n", c.document["info"].(object)["title"])
		writeCodes(&text, all, false)
	}
	if *update {
		if err := os.WriteFile(errorsFile, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(errorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != text.String() {
		t.Error("docs/errors.md is not what the houses say: go test ./internal/deployment -run Interfaces -update")
	}
}

const errorsBegin = `# Error codes

Made by ` + "`go test ./internal/deployment -run Interfaces -update`" + ` from the documents that houses give out at
` + "`/openapi.json`" + `. A refusal leaves as ` + "`application/problem+json`" + ` (RFC 9457) with its ` + "`code`" + `, which is stable; ` + "`detail`" + ` may change. What
stands in braces is filled in. Where the last column is empty the fault is the program's, and there is nothing to tell anybody.

Of a 503 and of a code that begins with ` + "`status_`" + ` nothing follows about the holder: ask again. All other refusals stay what they are
until somebody does something: the holder, as the sentence says, or whoever wrote the program.
`

// writeCodes writes the codes of all doors, or those of one house.
func writeCodes(to *strings.Builder, all []told, common bool) {
	to.WriteString("| code | status | what happened | what to tell people |\n| --- | --- | --- | --- |\n")
	cell := strings.NewReplacer("|", "\\|", "\n", " ")
	for _, c := range all {
		if c.Common != common {
			continue
		}
		people := ""
		if c.JA != "" {
			people = cell.Replace(c.JA) + "<br>" + cell.Replace(c.EN)
		}
		fmt.Fprintf(to, "| `%s` | %d | %s | %s |\n", c.Code, c.Status, cell.Replace(c.Means), people)
	}
}

// literal is a code where a house refuses something.
var literal = regexp.MustCompile(`(?:Status|Err|Is|Title): .*Code: +"([a-z_]+)"|Code: +"([a-z_]+)".*(?:Status|Title): `)

// Every code that stands in the source of a house which has a document stands in
// docs/errors.md.
func TestNoCodeIsMissingFromThePage(t *testing.T) {
	page, err := os.ReadFile(errorsFile)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, folder := range []string{"authority", "virtualcard", "rp/bank", "rp/platform", "portal/web", "portal/utility", "catv", "medical", "internal/stage/web", "internal/door", "internal/fault", "internal/staffroom"} {
		err := filepath.WalkDir("../../"+folder, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := os.ReadFile(path)
			for _, m := range literal.FindAllStringSubmatch(string(source), -1) {
				found++
				if code := m[1] + m[2]; !strings.Contains(string(page), "`"+code+"`") {
					t.Errorf("%s: %s is not in docs/errors.md", path, code)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 100 {
		t.Errorf("only %d codes were found in the source", found)
	}
}
