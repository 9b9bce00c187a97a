package easy

import (
	"go/scanner"
	"go/token"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// said are the sentences that the program says: the strings of its code, what its templates
// say, and the lines of its word lists. A blank is {} in them.
type said map[string]bool

func (s said) add(text string) {
	s[normal(text)] = true
	for sentence := range strings.SplitAfterSeq(text, stop) {
		s[normal(sentence)] = true
	}
}

// normal is a text with its blanks alike, and without those at its ends: the code may put it
// together with others there.
func normal(text string) string {
	return strings.TrimSuffix(strings.TrimPrefix(blank.ReplaceAllString(spaced(text), "{}"), "{}"), "{}")
}

var (
	action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	markup = regexp.MustCompile(`(?s)<[^>]*>`)
	quoted = regexp.MustCompile("(?s)\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")
	branch = regexp.MustCompile(`(?s)\{\{-?\s*(?:if|else|end|with|range|template|block|define)\b.*?\}\}`)
)

// template takes in what a template says: the strings of its actions, and what stands between
// its tags.
func (s said) template(text string) {
	for _, a := range action.FindAllString(text, -1) {
		for _, q := range quoted.FindAllString(a, -1) {
			if u, err := strconv.Unquote(q); err == nil {
				s.add(u)
			}
		}
	}
	for _, part := range markup.Split(branch.ReplaceAllString(text, "<>"), -1) {
		s.add(html.UnescapeString(action.ReplaceAllString(part, "{x}")))
	}
}

// program takes in the strings of a Go file.
func (s said) program(name string, text []byte) {
	var scan scanner.Scanner
	files := token.NewFileSet()
	scan.Init(files.AddFile(name, -1, len(text)), text, nil, 0)
	for {
		_, kind, literal := scan.Scan()
		if kind == token.EOF {
			return
		}
		if u, err := strconv.Unquote(literal); kind == token.STRING && err == nil {
			s.add(u)
		}
	}
}

// list takes in a list of words: "key | Japanese | English", or a member of YAML.
func (s said) list(text string) {
	for line := range strings.Lines(text) {
		for _, part := range strings.Split(line, " | ") {
			s.add(part)
		}
		if _, value, ok := strings.Cut(line, ": "); ok {
			s.add(strings.Trim(strings.TrimSpace(value), `"'`))
		}
	}
}

func everythingSaid(t *testing.T) said {
	t.Helper()
	all := said{}
	err := filepath.WalkDir("../../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "easy") {
			return fs.SkipDir
		}
		if d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		read := map[string]func(text []byte){
			".go":   func(text []byte) { all.program(path, text) },
			".html": func(text []byte) { all.template(string(text)) },
			".txt":  func(text []byte) { all.list(string(text)) },
			".yaml": func(text []byte) { all.list(string(text)) },
			".json": func(text []byte) { all.template("{{" + string(text) + "}}") },
		}[filepath.Ext(path)]
		if read == nil {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil {
			read(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// An easy sentence for what is no longer said is of no use: change it with the ordinary one.
func TestEveryOrdinarySentenceIsStillSaid(t *testing.T) {
	all := everythingSaid(t)
	for ordinary := range Ordinary() {
		if !all[normal(ordinary)] {
			t.Errorf("%s: nothing says it", ordinary)
		}
	}
}
