package archtest

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Sizes are what a reader takes in at a time, counted without tests: the lines of
// a function from func to its brace, those of a package and of the package at a
// house's root, and the characters of a line of a template. Zero is no limit.
type Sizes struct {
	Function, Package, Root, TemplateLine int
	// Larger lists what is still too large, by rule: packages, folders of
	// templates, and functions as "folder.name". What is no longer too large is a violation, so
	// that the list only shrinks.
	Larger map[Rule][]string
}

// sizes finds what is larger than the plan allows. all holds every file.
func (p Plan) sizes(root string, all []*source) ([]Violation, error) {
	m := measure{Sizes: p.Sizes, seen: map[string]bool{}}
	lines := map[string]int{}
	first := map[string]string{}
	for _, s := range all {
		if s.test {
			continue
		}
		lines[s.dir] += s.fset.File(s.ast.FileStart).LineCount()
		first[s.dir] = cmp.Or(first[s.dir], s.file)
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				n := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line + 1
				m.holds(s.at(f.Pos(), RuleFunction, "%s has %d lines: at most %d", f.Name.Name, n, p.Sizes.Function), s.dir+"."+f.Name.Name, n, p.Sizes.Function)
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(lines)) {
		n := lines[dir]
		m.holds(Violation{first[dir], 1, RulePackage, fmt.Sprintf("package %s has %d lines: at most %d", dir, n, p.Sizes.Package)}, dir, n, p.Sizes.Package)
		if slices.ContainsFunc(p.Houses, func(h House) bool { return h.Root == dir }) {
			m.holds(Violation{first[dir], 1, RuleRoot, fmt.Sprintf("the root %s has %d lines: at most %d", dir, n, p.Sizes.Root)}, dir, n, p.Sizes.Root)
		}
	}
	if err := m.templates(root); err != nil {
		return nil, err
	}
	return append(m.found, m.struck()...), nil
}

// measure collects what is too large.
type measure struct {
	Sizes
	found []Violation
	seen  map[string]bool // rule and name, of what is listed and too large
}

// holds holds the size n of something to a limit.
func (m *measure) holds(v Violation, name string, n, limit int) {
	switch {
	case limit == 0 || n <= limit:
	case slices.Contains(m.Larger[v.Rule], name):
		m.seen[string(v.Rule)+" "+name] = true
	default:
		m.found = append(m.found, v)
	}
}

// struck finds what is listed as too large and is not.
func (m *measure) struck() []Violation {
	var found []Violation
	for _, rule := range slices.Sorted(maps.Keys(m.Larger)) {
		for _, name := range m.Larger[rule] {
			if !m.seen[string(rule)+" "+name] {
				found = append(found, Violation{"internal/archtest/table.go", 1, rule, name + " is within the limit: strike it from the list"})
			}
		}
	}
	return found
}

// templates holds the lines of every template to their limit.
func (m *measure) templates(root string) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != root && d.Name() != "templates" && skipped(d.Name()) || d.Name() == "out" {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".html" || filepath.Base(filepath.Dir(name)) != "templates" && !strings.Contains(filepath.ToSlash(name), "/templates/") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		for i, line := range bytes.Split(text, []byte("\n")) {
			n := utf8.RuneCount(line)
			m.holds(Violation{rel, i + 1, RuleTemplate, fmt.Sprintf("a line of %d characters: at most %d", n, m.TemplateLine)}, path.Dir(rel), n, m.TemplateLine)
		}
		return nil
	})
}

// skipped reports whether the go command would not look into a folder.
func skipped(folder string) bool {
	return folder == "testdata" || folder == "vendor" || folder[0] == '.' || folder[0] == '_'
}
