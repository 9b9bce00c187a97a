package deployment

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// link is a link in a text: what it is called and where it leads.
var link = regexp.MustCompile(`\[([^\]]*)\]\(([^)\s]+)\)`)

var (
	anyHeading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
	notInAnchors = regexp.MustCompile(`[^\p{L}\p{N}_-]`)
)

// Every relative link in the documents leads to a file and to a heading in it, and one
// whose text is an identifier leads to a file that declares it.
func TestTheLinksInTheDocumentsWork(t *testing.T) {
	const root = "../.."
	found := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "out" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, l := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(l[2], "://") {
				continue
			}
			found++
			to := l[2]
			if strings.HasPrefix(to, "#") {
				to = filepath.Base(path) + to
			}
			if wrong := follow(filepath.Dir(path), l[1], to); wrong != "" {
				t.Errorf("%s: [%s](%s): %s", strings.TrimPrefix(path, root+"/"), l[1], l[2], wrong)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 40 {
		t.Errorf("only %d links were found", found)
	}
}

// follow returns what is wrong with a link, or nothing.
func follow(dir, name, to string) string {
	file, fragment, _ := strings.Cut(to, "#")
	path := filepath.Join(dir, file)
	info, err := os.Stat(path)
	if err != nil {
		return "no such file"
	}
	if filepath.Ext(path) == ".md" && fragment != "" {
		return followHeading(path, fragment)
	}
	code := strings.Trim(name, "`")
	if code == name || info.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(code, ".go") {
		return ""
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	last := code[strings.LastIndex(code, ".")+1:]
	if !regexp.MustCompile(`(?m)^(func (\([^)]*\) )?|type |\t|const |var )` + regexp.QuoteMeta(last) + `\b`).Match(text) {
		return "the file does not declare " + last
	}
	return ""
}

// followHeading returns what is wrong with a link to a heading: the platforms that show
// documents make its address of the lower-case letters, digits and hyphens of its words.
func followHeading(path, fragment string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	for _, h := range anyHeading.FindAllStringSubmatch(string(text), -1) {
		if notInAnchors.ReplaceAllString(strings.ReplaceAll(strings.ToLower(h[1]), " ", "-"), "") == fragment {
			return ""
		}
	}
	return "the document has no heading #" + fragment
}

// Every row of docs/divergences.md says what it means for production code.
func TestEveryDivergenceSaysWhatItMeans(t *testing.T) {
	page, err := os.ReadFile("../../docs/divergences.md")
	if err != nil {
		t.Fatal(err)
	}
	rows, columns := 0, 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.TrimSuffix(strings.TrimSpace(line), "|"), "|")
		switch {
		case strings.HasPrefix(line, "| subject "):
			if columns = len(cells); strings.TrimSpace(cells[columns-1]) != "in production code" {
				t.Errorf("a table without what it means: %s", line)
			}
		case strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| ---"):
			if rows++; len(cells) != columns || strings.TrimSpace(cells[columns-1]) == "" {
				t.Errorf("a row without what it means: %s", line)
			}
		}
	}
	if rows < 80 {
		t.Errorf("%d rows", rows)
	}
}
